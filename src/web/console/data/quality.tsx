// 数据体检: what is late with who waits for it, then every finding by kind: contradictory, out of range, doubled, drifting, missing; each with what to do.
import { Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { RowTable } from '../list-table.tsx';
import { LongWork } from '../long-work.tsx';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { Trouble } from '../trouble.tsx';
import { countText, dayText } from '../words.ts';
import { type Late, waitingText } from './datasets.tsx';
import { madeText, type Report, useQuality } from './quality-asked.ts';

type Finding = Report['findings'][number];
type Measure = Finding['measure'];

const measures: Readonly<Record<Measure, string>> = {
  late: '迟报',
  stale: '过期',
  conflict: '来源不一致',
  range: '超出范围',
  duplicate: '一人多号',
  drift: '变化过大',
  missing: '缺失',
};
const order = Object.keys(measures) as readonly Measure[];

const howLate = (one: Late) =>
  one.overdueDays > 0 ? (
    <Mark tone="bad">迟 {countText(one.overdueDays)} 天</Mark>
  ) : (
    <Mark tone="warn">{one.stale.length > 0 ? '已过有效期' : one.silent.length > 0 ? '部分区划没报' : '没有报送'}</Mark>
  );

const LateTable = ({ report }: { readonly report: Report }) => (
  <RowTable<Late>
    label="迟报的数据"
    rows={report.late.toSorted((a, b) => (b.waiting?.subjects ?? 0) - (a.waiting?.subjects ?? 0))}
    idOf={(row) => row.dataset}
    empty="没有迟报的数据，没有人在等。"
    columns={[
      {
        title: '数据集',
        width: 230,
        cell: (row) => (
          <Link to="/data/datasets/$id" params={{ id: row.dataset }}>
            {row.title}
          </Link>
        ),
      },
      { title: '部门', width: 180, cell: (row) => row.department },
      { title: '数据日期', width: 130, cell: (row) => (row.asOf === null ? '从未报送' : dayText(row.asOf)) },
      { title: '情况', width: 130, cell: howLate },
      { title: '在等的人和钱', long: true, cell: (row) => waitingText(row) || '没有人在等' },
    ]}
  />
);

export const Quality = () => {
  const [{ measure, dataset }, filter] = useFilters<'measure' | 'dataset'>();
  const { data, error, refetch } = useQuality();
  const rows = (data?.findings ?? [])
    .filter((one) => (measure === undefined || one.measure === measure) && (dataset === undefined || one.dataset === dataset))
    .toSorted((a, b) => order.indexOf(a.measure) - order.indexOf(b.measure) || b.count - a.count);
  const titles = new Map(data?.datasets.map((one) => [one.dataset, one.title]));
  const count = (which: Measure) => data?.findings.filter((one) => one.measure === which).length ?? 0;
  return (
    <>
      <PageHead
        title="数据体检"
        note={
          data === undefined
            ? '正在读取…'
            : data === null
              ? '逐份核对全部档案，人多时要几分钟；做好一份留着看，有新的交付会自动重做。'
              : `${countText(data.subjects)} 份档案、${countText(data.datasets.length)} 个数据集。${madeText(data)}上线前先看这一页：每一条写着怎么办。`
        }
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? null : (
        <LongWork name="quality.report" start={data === null ? '现在核对' : '重新核对'} primary={data === null || !data.current} />
      )}
      {data === null ? <Nothing>还没有为您的范围核对过。按时间表一分钟内会开始；做好以后列在这里。</Nothing> : null}
      {data === undefined || data === null ? null : (
        <>
          <section className="part">
            <h2>迟报的数据，和在等的人</h2>
            <LateTable report={data} />
          </section>
          <section className="part">
            <h2>数据里的问题</h2>
            <div className="filters">
              <Select
                aria-label="问题"
                placeholder="全部问题"
                allowClear
                style={{ width: 160 }}
                value={measure}
                onChange={(next?: string) => filter({ measure: next })}
                options={order.map((value) => ({ value, label: `${measures[value]} ${count(value)}` }))}
              />
              <Select
                aria-label="数据集"
                placeholder="全部数据集"
                allowClear
                showSearch={{ optionFilterProp: 'label' }}
                style={{ width: 260 }}
                value={dataset}
                onChange={(next?: string) => filter({ dataset: next })}
                options={data.datasets.map((one) => ({ value: one.dataset, label: one.title }))}
              />
            </div>
            {rows.length === 0 ? (
              <Nothing>{data.findings.length === 0 ? '没有发现问题。' : '没有这样的问题。清除上面的条件看全部。'}</Nothing>
            ) : (
              <RowTable<Finding>
                label="数据里的问题"
                rows={rows}
                idOf={(row) => `${row.measure} ${row.kind} ${row.dataset} ${row.fact} ${row.division} ${row.message}`}
                empty=""
                columns={[
                  { title: '问题', width: 110, cell: (row) => measures[row.measure] },
                  { title: '数据集', width: 200, cell: (row) => (row.dataset === null ? '' : (titles.get(row.dataset) ?? row.dataset)) },
                  { title: '区划', width: 130, long: true, cell: (row) => row.place ?? '全部' },
                  { title: '个数', width: 90, figure: true, cell: (row) => countText(row.count) },
                  { title: '是什么', long: true, cell: (row) => row.message },
                  { title: '怎么办', long: true, cell: (row) => row.hint },
                ]}
              />
            )}
          </section>
        </>
      )}
    </>
  );
};
