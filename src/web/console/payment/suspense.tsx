// 挂账: words of banks that fit nothing of ours, each ended by a person who found out whose they are.
import { Segmented } from 'antd';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { figure, momentText } from '../words.ts';

const ask = (query: { settled?: '1'; cursor?: string | undefined }) => read(api.suspense.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

export const Suspense = () => {
  const [{ settled }, filter] = useFilters<'settled'>();
  const checks = useHolds('finance-checker');
  const done = settled === '1';
  return (
    <>
      <PageHead title="挂账" note="银行的回音里对不上任何一笔付款的。查清是谁的，写明后办结；不会因此动任何一笔钱。" />
      <div className="filters">
        <Segmented
          value={done ? '1' : '0'}
          onChange={(value) => filter({ settled: value === '1' ? '1' : undefined })}
          options={[
            { value: '0', label: '待办结' },
            { value: '1', label: '已办结' },
          ]}
        />
      </div>
      <ListTable<Row>
        label="挂账"
        queryKey={['suspense', done]}
        ask={(cursor) => ask({ ...(done ? { settled: '1' } : {}), cursor })}
        idOf={(row) => row.id}
        empty={done ? '还没有办结过的。' : '没有对不上的回音。'}
        columns={[
          { title: '来自文件', width: 320, cell: (row) => `${row.file} 第 ${row.position} 行` },
          { title: '流水号', width: 270, cell: (row) => row.reference },
          { title: '金额（元）', width: 150, figure: true, cell: (row) => (row.amountFen === null ? '没有写' : figure(row.amountFen)) },
          { title: '为什么对不上', long: true, cell: (row) => row.why },
          { title: done ? '办结' : '收到', width: 150, cell: (row) => momentText(row.settledAt ?? row.at) },
          {
            title: done ? '查清的情况' : '',
            width: done ? 260 : 90,
            long: done,
            cell: (row) =>
              done ? (
                row.reason
              ) : checks ? (
                <ReasonButton
                  text="办结"
                  hint="查清的情况：是哪家的款，怎样处理的"
                  act={({ reason }) => read(api.suspense[':id'].settle.$post({ param: { id: row.id }, json: { reason } }))}
                  said={() => '已办结。'}
                />
              ) : null,
          },
        ]}
      />
    </>
  );
};
