// The batches there are, newest first.
import { Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { type BatchState, batchStates } from '../../../payment/states.ts';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { ItemChoice, useTitle } from '../titles.tsx';
import { countText, dayText, figure, periodText } from '../words.ts';
import { ApprovalBands } from './bands.tsx';

const tones: Readonly<Record<BatchState, Tone>> = { sealed: 'now', approved: 'now', released: 'warn', cancelled: 'plain', closed: 'good' };

export const BatchMark = ({ state }: { readonly state: BatchState }) => <Mark tone={tones[state]}>{batchStates[state].text}</Mark>;

type Ask = Parameters<typeof api.batches.$get>[0]['query'];
const ask = (query: Ask) => read(api.batches.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

export const Batches = () => {
  const [search, filter] = useFilters<'state' | 'item'>();
  const title = useTitle();
  return (
    <>
      <PageHead title="批次" note="封批、复核、签发、报盘、回盘，一批一批地走；点批次号看明细和办理。" />
      <ApprovalBands />
      <div className="filters">
        <Select
          aria-label="状态"
          placeholder="全部状态"
          allowClear
          style={{ width: 140 }}
          value={search.state}
          onChange={(state?: string) => filter({ state })}
          options={Object.entries(batchStates).map(([value, { text }]) => ({ value, label: text }))}
        />
        <ItemChoice value={search.item} onChange={(item) => filter({ item })} />
      </div>
      <ListTable<Row>
        label="批次"
        queryKey={['batches', search]}
        ask={(cursor) => ask({ ...(search as Ask), cursor })}
        idOf={(row) => row.id}
        empty={
          search.state === undefined && search.item === undefined
            ? '还没有批次。兑付记录走到“待拨付”之后，财政经办在“可以封批”里封批。'
            : '没有符合这些条件的批次。清除上面的条件看全部。'
        }
        columns={[
          {
            title: '批次',
            width: 220,
            cell: (row) => (
              <Link to="/payment/batches/$id" params={{ id: row.id }}>
                {row.number}
              </Link>
            ),
          },
          { title: '事项', long: true, cell: (row) => title(row.itemId) },
          { title: '期别', width: 110, cell: (row) => periodText(row.periodKey) },
          { title: '付款日', width: 130, cell: (row) => dayText(row.payOn) },
          { title: '笔数', width: 80, figure: true, cell: (row) => countText(row.lines) },
          { title: '金额（元）', width: 150, figure: true, cell: (row) => figure(row.totalFen) },
          { title: '状态', width: 100, cell: (row) => <BatchMark state={row.state} /> },
        ]}
      />
    </>
  );
};
