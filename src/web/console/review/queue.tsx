// One queue: what waits, the first due first; rows are picked, each gets its decision and its own reason, a trial says what would come of each, and only then
// it counts. The same rows leave as a table for Excel and come back. A row somebody else has acted on since is refused and says so.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { useState } from 'react';
import { type QueueName, queueTitles } from '../../queue-titles.ts';
import { useAct } from '../act.tsx';
import { api, read, takeFile } from '../client.ts';
import { type Column, RowTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText } from '../words.ts';
import { AssignButtons } from './assign.tsx';
import { DecideWindow } from './decide.tsx';
import { SheetBack } from './sheet-back.tsx';

const ask = (queue: QueueName) => read(api.desk.rows.$get({ query: { queue } }));
export type Queue = Awaited<ReturnType<typeof ask>>;
export type QueueRow = Queue['rows'][number];

/** Whoever works on a row may look at the person it is about: the row is the work order. */
const personOf = (queue: QueueName, row: QueueRow) => (
  <Link to="/people/$id" params={{ id: row.subjectId }} search={{ reason: 'handle', order: `${queue}-${row.id.slice(0, 8)}` }}>
    {row.payee ?? '看这个人'}
  </Link>
);

const whoses = { all: '全部', mine: '我领的', free: '没人领的' } as const;

const columnsFor = (queue: QueueName, today: string, dated: boolean): readonly Column<QueueRow>[] => [
  {
    title: '收款人',
    width: 160,
    cell: (row) => personOf(queue, row),
  },
  ...(queue === 'corrections'
    ? []
    : [
        { title: '事项', width: 210, cell: (row: QueueRow) => row.item },
        { title: '期别', width: 120, cell: (row: QueueRow) => row.period },
        { title: '金额（元）', width: 150, figure: true, cell: (row: QueueRow) => row.yuan?.replace(/\B(?=(\d{3})+\.)/g, ',') },
      ]),
  { title: '区划', width: 120, cell: (row) => row.division },
  ...(dated
    ? [
        {
          title: '期限',
          width: 170,
          cell: (row: QueueRow) =>
            row.dueOn === null ? '' : row.dueOn < today ? <Mark tone="bad">{dayText(row.dueOn)} 已过</Mark> : dayText(row.dueOn),
        },
      ]
    : []),
  {
    title: '谁在办',
    width: 150,
    long: true,
    cell: (row) =>
      row.taken === null ? (
        <span className="hint">没人领</span>
      ) : (
        <>
          {row.taken.mine ? <Mark tone="now">我</Mark> : row.taken.name}
          {row.taken.dueOn === null ? '' : ` ${dayText(row.taken.dueOn)}前`}
        </>
      ),
  },
  { title: '情况', long: true, cell: (row) => row.why },
];

export const QueuePage = () => {
  const given = useParams({ strict: false }).queue ?? '';
  const { today } = useStaff();
  const [{ whose = 'all' }, filter] = useFilters<'whose'>();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [deciding, setDeciding] = useState(false);
  const queue = (Object.hasOwn(queueTitles, given) ? given : 'reviews') as QueueName;
  const { data, error, refetch } = useQuery({ queryKey: ['desk', queue], queryFn: () => ask(queue) });
  const take = useAct({ act: (_: null) => takeFile(`/api/desk/file?queue=${queue}`) });
  const title = queueTitles[queue];
  const shown =
    data?.rows.filter((row) => (whose === 'mine' ? row.taken?.mine === true : whose === 'free' ? row.taken === null : true)) ?? [];
  const chosen = shown.filter((row) => picked.includes(row.id));
  const late = data?.rows.filter((row) => row.dueOn !== null && row.dueOn < today).length ?? 0;
  const mayDecide = (data?.choices.length ?? 0) > 0;
  return (
    <>
      <PageHead
        title={title}
        state={late > 0 ? <Mark tone="bad">{countText(late)} 件已过期限</Mark> : undefined}
        note={data === undefined ? '正在读取…' : `${countText(data.rows.length)} 件${data.more ? '以上' : ''}，先到期的在前。`}
        acts={
          <>
            {mayDecide ? (
              <Button type="primary" disabled={chosen.length === 0} onClick={() => setDeciding(true)}>
                {chosen.length === 0 ? '先选要办的' : `办理选中的 ${countText(chosen.length)} 件`}
              </Button>
            ) : null}
            <Button loading={take.isPending} onClick={() => take.mutate(null)}>
              导出表格
            </Button>
            {mayDecide ? <SheetBack queue={queue} /> : null}
            {mayDecide ? <AssignButtons queue={queue} rows={chosen} done={() => setPicked([])} /> : null}
          </>
        }
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {take.error === null ? null : <Trouble error={take.error} />}
      <div className="filters">
        <Segmented
          value={Object.hasOwn(whoses, whose) ? whose : 'all'}
          onChange={(next) => filter({ whose: next === 'all' ? undefined : next })}
          options={Object.entries(whoses).map(([value, label]) => ({ value, label }))}
        />
      </div>
      {data === undefined ? null : (
        <RowTable<QueueRow>
          label={title}
          rows={shown}
          idOf={(row) => row.id}
          empty={data.rows.length > 0 ? '这样筛选没有。换成“全部”看其余的。' : '这里没有等着办的。新的一批匹配、补充、异议到了会列出来。'}
          columns={columnsFor(
            queue,
            today,
            data.rows.some((row) => row.dueOn !== null),
          )}
          picking={mayDecide ? { picked, onPick: setPicked } : undefined}
        />
      )}
      {data !== undefined && deciding ? (
        <DecideWindow
          queue={queue}
          columns={data.columns}
          choices={data.choices}
          rows={chosen}
          close={() => {
            setDeciding(false);
            setPicked([]);
          }}
        />
      ) : null}
    </>
  );
};
