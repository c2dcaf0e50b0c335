// One queue: what waits, the first due first; rows are picked, each gets its decision and its own reason, a trial says what would come of each, and only then
// it counts. The same rows leave as a table for Excel and come back. A row somebody else has acted on since is refused and says so.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { type QueueName, queueTitles } from '../../queue-titles.ts';
import { useAct } from '../act.tsx';
import { api, read, takeFile } from '../client.ts';
import { type Column, RowTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText } from '../words.ts';
import { DecideWindow } from './decide.tsx';
import { SheetBack } from './sheet-back.tsx';

const ask = (queue: QueueName) => read(api.desk.rows.$get({ query: { queue } }));
export type Queue = Awaited<ReturnType<typeof ask>>;
export type QueueRow = Queue['rows'][number];

/** Records have a page of their own; objections and tickets are shown whole here. */
const hasPage: readonly QueueName[] = ['reviews', 'asks', 'returned', 'withheld', 'held'];

const columnsFor = (queue: QueueName, today: string, dated: boolean): readonly Column<QueueRow>[] => [
  {
    title: '编号',
    width: 90,
    cell: (row) => (hasPage.includes(queue) ? <a href={`/staff/disbursements/${row.id}`}>{row.id.slice(0, 8)}</a> : row.id.slice(0, 8)),
  },
  ...(queue === 'corrections'
    ? []
    : [
        { title: '收款人', width: 180, cell: (row: QueueRow) => row.payee ?? '姓名缺' },
        { title: '事项', width: 230, cell: (row: QueueRow) => row.item },
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
  { title: '情况', long: true, cell: (row) => row.why },
];

export const QueuePage = () => {
  const given = useParams({ strict: false }).queue ?? '';
  const { today } = useStaff();
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [deciding, setDeciding] = useState(false);
  const queue = (Object.hasOwn(queueTitles, given) ? given : 'reviews') as QueueName;
  const { data, error, refetch } = useQuery({ queryKey: ['desk', queue], queryFn: () => ask(queue) });
  const take = useAct({ act: (_: null) => takeFile(`/api/desk/file?queue=${queue}`) });
  const title = queueTitles[queue];
  const chosen = data?.rows.filter((row) => picked.includes(row.id)) ?? [];
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
          </>
        }
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {take.error === null ? null : <Trouble error={take.error} />}
      {data === undefined ? null : (
        <RowTable<QueueRow>
          label={title}
          rows={data.rows}
          idOf={(row) => row.id}
          empty="这里没有等着办的。新的一批匹配、补充、异议到了会列出来。"
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
