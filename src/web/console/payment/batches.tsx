// The batches there are, newest first.
import { Select } from 'antd';
import { type BatchState, batchStates } from '../../../payment/states.ts';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { countText, dayText, figure, periodText } from '../words.ts';

export const batchTones: Readonly<Record<BatchState, Tone>> = {
  sealed: 'now',
  approved: 'now',
  released: 'warn',
  cancelled: 'plain',
  closed: 'good',
};

type Ask = Parameters<typeof api.batches.$get>[0]['query'];
const ask = (query: Ask) => read(api.batches.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

export const Batches = () => {
  const [search, filter] = useFilters<'state' | 'item'>();
  return (
    <>
      <PageHead title="批次" />
      <div className="filters">
        <Select
          aria-label="状态"
          placeholder="状态"
          allowClear
          style={{ width: 140 }}
          value={search.state}
          onChange={(state?: string) => filter({ state })}
          options={Object.entries(batchStates).map(([value, { text }]) => ({ value, label: text }))}
        />
      </div>
      <ListTable<Row>
        label="批次"
        queryKey={['batches', search]}
        ask={(cursor) => ask({ ...(search as Ask), cursor })}
        idOf={(row) => row.id}
        empty="还没有批次。可以付的记录够了，财政经办在“可以封批”里封批。"
        columns={[
          { title: '批次', width: 200, cell: (row) => row.number },
          { title: '事项', cell: (row) => row.itemId },
          { title: '期别', width: 110, cell: (row) => periodText(row.periodKey) },
          { title: '付款日', width: 130, cell: (row) => dayText(row.payOn) },
          { title: '笔数', width: 90, figure: true, cell: (row) => countText(row.lines) },
          { title: '金额（元）', width: 150, figure: true, cell: (row) => figure(row.totalFen) },
          { title: '状态', width: 110, cell: (row) => <Mark tone={batchTones[row.state]}>{batchStates[row.state].text}</Mark> },
        ]}
      />
    </>
  );
};
