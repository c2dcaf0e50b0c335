// 好差评: what people said after they were paid; whoever was not content is answered within the item's term, in words that reach them.
import { Segmented } from 'antd';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds, useStaff } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { dayText, momentText } from '../words.ts';
import { QueueView } from './queue.tsx';

type Ask = Parameters<typeof api.ratings.$get>[0]['query'];
const ask = (query: Ask) => read(api.ratings.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

const stars = ['', '非常不满意', '不满意', '基本满意', '满意', '非常满意'] as const;

const Due = ({ row, today }: { readonly row: Row; readonly today: string }) =>
  row.dueOn === null || row.answer !== null ? null : row.dueOn < today ? (
    <Mark tone="bad">{dayText(row.dueOn)} 已过</Mark>
  ) : (
    dayText(row.dueOn)
  );

export const Ratings = () => {
  const [{ all }, filter] = useFilters<'all'>();
  const { today } = useStaff();
  const answers = useHolds('reviewer');
  const title = useTitle();
  const choice = (
    <Segmented
      value={all === '1' ? 'all' : 'open'}
      onChange={(next) => filter({ all: next === 'all' ? '1' : undefined })}
      options={[
        { value: 'open', label: '等答复的' },
        { value: 'all', label: '全部评价' },
      ]}
    />
  );
  // What waits is a queue like every other; all there are is a list.
  if (all !== '1') return <QueueView queue="ratings" filters={choice} />;
  return (
    <>
      <PageHead title="评价" note="到账以后本人的评价。不满意的，期限内写明答复，会告知本人。" />
      <div className="filters">{choice}</div>
      <ListTable<Row>
        label="评价"
        queryKey={['ratings', all]}
        ask={(cursor) => ask({ cursor })}
        idOf={(row) => row.id}
        empty="还没有人评价过。到账以后本人可以评价一次。"
        columns={[
          { title: '评价时间', width: 170, cell: (row) => momentText(row.ratedAt) },
          { title: '事项', width: 220, long: true, cell: (row) => title(row.itemId) },
          { title: '评价', width: 110, cell: (row) => <Mark tone={row.stars <= 2 ? 'bad' : 'good'}>{stars[row.stars]}</Mark> },
          { title: '说了什么', long: true, cell: (row) => row.reason },
          { title: '答复期限', width: 170, cell: (row) => <Due row={row} today={today} /> },
          { title: '答复', long: true, cell: (row) => row.answer },
          {
            title: '',
            width: 80,
            cell: (row) =>
              answers && row.stars <= 2 && row.answer === null ? (
                <ReasonButton
                  text="答复"
                  about={<p>{row.reason}</p>}
                  hint="会原样告知本人"
                  act={({ reason }) => read(api.ratings[':id'].answer.$post({ param: { id: row.id }, json: { answer: reason } }))}
                  said={() => '已答复，会告知本人。'}
                />
              ) : null,
          },
        ]}
      />
    </>
  );
};
