// One queue: what waits, the first due first; rows are picked, each gets its decision and its own reason, a trial says what would come of each, and only then
// it counts. The same rows leave as a table for Excel and come back. A row somebody else has acted on since is refused and says so.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Checkbox, Segmented, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { type QueueName, queueTitles } from '../../queue-titles.ts';
import { useAct } from '../act.tsx';
import { api, read, takeFile } from '../client.ts';
import { type Column, RowTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, grouped } from '../words.ts';
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

/** What a queue has no use for. */
const without: Partial<Record<QueueName, readonly ('item' | 'period' | 'fen')[]>> = {
  corrections: ['item', 'period', 'fen'],
  attestations: ['item', 'period', 'fen'],
  ratings: ['period', 'fen'],
  certifications: ['period'],
};

const columnsFor = (queue: QueueName, today: string, dated: boolean, own: readonly Column<QueueRow>[]): readonly Column<QueueRow>[] => [
  {
    title: beside.has(queue) ? '姓名或单位' : '收款人',
    width: dated ? 150 : 180,
    long: true,
    cell: (row) => personOf(queue, row),
  },
  ...(
    [
      ['item', { title: '事项', width: dated ? 200 : 260, long: true, cell: (row: QueueRow) => row.item }],
      ['period', { title: '期别', width: 120, cell: (row: QueueRow) => row.period }],
      [
        'fen',
        {
          title: queue === 'certifications' ? '已暂停（元）' : '金额（元）',
          width: 120,
          figure: true,
          cell: (row: QueueRow) => (row.yuan === null ? '' : grouped(row.yuan)),
        },
      ],
    ] as const
  ).flatMap(([name, column]) => (without[queue]?.includes(name) === true ? [] : [column])),
  { title: '区划', width: dated ? 110 : 150, long: true, cell: (row) => row.place },
  ...(dated
    ? [
        {
          title: '期限',
          width: 150,
          cell: (row: QueueRow) =>
            row.dueOn === null ? '' : row.dueOn < today ? <Mark tone="bad">{dayText(row.dueOn)} 已过</Mark> : dayText(row.dueOn),
        },
      ]
    : []),
  {
    title: '谁在办',
    width: 110,
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
  ...own,
];

/** Why it is empty, and what comes next. */
const empties: Partial<Record<QueueName, string>> = {
  attestations: '没有待复核的核定。从“查一人”里凭材料录入的会列在这里。',
  certifications: '没有等核查的。事项规则要求定期认证的，快到期时每夜自动列入。',
  ratings: '没有等答复的评价。到账以后本人不满意的会列在这里。',
};

const notes: Partial<Record<QueueName, string>> = {
  attestations: '一人凭材料录入，另一人看过材料后复核才算数。',
  certifications: '到期没有认证的先看部门数据，再告知本人，再上门。见到本人即恢复、补发；停发要由人决定。',
  ratings: '不满意的，期限内写明答复，会原样告知本人。',
};

const beside: ReadonlySet<QueueName> = new Set(['corrections', 'attestations', 'ratings', 'certifications']);

export const QueuePage = () => {
  const given = useParams({ strict: false }).queue ?? '';
  const queue = (Object.hasOwn(queueTitles, given) ? given : 'reviews') as QueueName;
  // One queue's rows and windows are none of another's.
  return <QueueView key={queue} queue={queue} />;
};

interface View {
  readonly queue: QueueName;
  /** Of this queue alone: columns at the end, further filters and acts. */
  readonly own?: readonly Column<QueueRow>[];
  readonly filters?: ReactNode;
}

/** In the address: whose, which item, only what is late. */
const Filters = ({ items, late, children }: { readonly items: readonly string[]; readonly late: number; readonly children: ReactNode }) => {
  const [{ whose = 'all', item, late: lateOnly }, filter] = useFilters<'whose' | 'item' | 'late'>();
  return (
    <div className="filters">
      <Segmented
        value={Object.hasOwn(whoses, whose) ? whose : 'all'}
        onChange={(next) => filter({ whose: next === 'all' ? undefined : next })}
        options={Object.entries(whoses).map(([value, label]) => ({ value, label }))}
      />
      {items.length > 1 || item !== undefined ? (
        <Select
          aria-label="事项"
          placeholder="全部事项"
          allowClear
          style={{ width: 260 }}
          value={item}
          onChange={(next?: string) => filter({ item: next })}
          options={items.map((value) => ({ value, label: value }))}
        />
      ) : null}
      {late > 0 || lateOnly !== undefined ? (
        <Checkbox checked={lateOnly !== undefined} onChange={(event) => filter({ late: event.target.checked ? '1' : undefined })}>
          只看过期限的
        </Checkbox>
      ) : null}
      {children}
    </div>
  );
};

export const QueueView = ({ queue, own = [], filters }: View) => {
  const { today } = useStaff();
  const [{ whose = 'all', item, late: lateOnly }] = useFilters<'whose' | 'item' | 'late'>();
  const [picked, setPicked] = useState<readonly string[]>([]);
  // As they stood when the window was opened: what is decided is what was seen, whatever the list behind it has learnt since.
  const [deciding, setDeciding] = useState<readonly QueueRow[] | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['desk', queue], queryFn: () => ask(queue) });
  const take = useAct({ act: (_: null) => takeFile(`/api/desk/file?queue=${queue}`) });
  const title = queueTitles[queue];
  const isLate = (row: QueueRow) => row.dueOn !== null && row.dueOn < today;
  const shown =
    data?.rows.filter(
      (row) =>
        (whose === 'mine' ? row.taken?.mine === true : whose === 'free' ? row.taken === null : true) &&
        (item === undefined || row.item === item) &&
        (lateOnly === undefined || isLate(row)),
    ) ?? [];
  const items = [...new Set(data?.rows.flatMap((row) => row.item ?? []) ?? [])].toSorted();
  const chosen = shown.filter((row) => picked.includes(row.id));
  const late = data?.rows.filter(isLate).length ?? 0;
  const mayDecide = (data?.choices.length ?? 0) > 0;
  return (
    <>
      <PageHead
        title={title}
        state={late > 0 ? <Mark tone="bad">{countText(late)} 件已过期限</Mark> : undefined}
        note={
          data === undefined
            ? '正在读取…'
            : `${shown.length < data.rows.length ? `${countText(shown.length)} 件，全部 ` : ''}${countText(data.rows.length)} 件${data.more ? '以上' : ''}，先到期的在前。${notes[queue] ?? ''}`
        }
        acts={
          <>
            {mayDecide ? (
              <Button type="primary" disabled={chosen.length === 0} onClick={() => setDeciding(chosen)}>
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
      <Filters items={items} late={late}>
        {filters}
      </Filters>
      {data === undefined ? null : (
        <RowTable<QueueRow>
          label={title}
          rows={shown}
          idOf={(row) => row.id}
          empty={
            data.rows.length > 0
              ? '这样筛选没有。换成“全部”看其余的。'
              : (empties[queue] ?? '这里没有等着办的。新的一批匹配、补充、异议到了会列出来。')
          }
          columns={columnsFor(
            queue,
            today,
            data.rows.some((row) => row.dueOn !== null),
            own,
          )}
          picking={mayDecide ? { picked, onPick: setPicked } : undefined}
          further={data.more}
        />
      )}
      {data !== undefined && deciding !== null ? (
        <DecideWindow
          queue={queue}
          columns={data.columns}
          choices={data.choices}
          rows={deciding}
          close={() => {
            setDeciding(null);
            setPicked([]);
          }}
        />
      ) : null}
    </>
  );
};
