// 审计底稿: one payment on one printed page, from the clause to the bank's answer; chosen from what was paid.
import { Link } from '@tanstack/react-router';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { ItemChoice, useTitle } from '../titles.tsx';
import { figure, periodText } from '../words.ts';

type Ask = Parameters<typeof api.disbursements.$get>[0]['query'];
const ask = (query: Ask) => read(api.disbursements.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

export const Papers = () => {
  const [{ item }, filter] = useFilters<'item'>();
  const title = useTitle();
  return (
    <>
      <PageHead
        title="审计底稿"
        note="一笔支付一页：条款、依据、判定、金额怎么来、谁审核谁签发、银行怎么说、账怎么记。每页带指纹，可重新生成比对。"
      />
      <div className="filters">
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
      </div>
      <ListTable<Row>
        label="已到账的"
        queryKey={['papers', item]}
        ask={(cursor) => ask({ state: 'paid', cursor, ...(item === undefined ? {} : { item }) } as Ask)}
        idOf={(row) => row.id}
        empty="还没有到账的支付。银行回盘导入以后会列在这里。"
        columns={[
          {
            title: '兑付记录',
            cell: (row) => (
              <Link to="/payment/records/$id" params={{ id: row.id }}>
                {title(row.itemId)}
              </Link>
            ),
          },
          { title: '收款人', width: 220, cell: (row) => row.payeeName },
          { title: '期别', width: 130, cell: (row) => periodText(row.periodKey) },
          { title: '金额（元）', width: 170, figure: true, cell: (row) => figure(row.amountFen) },
          {
            title: '底稿',
            width: 120,
            cell: (row) => (
              <a href={`/api/disbursements/${row.id}/workpaper`} target="_blank" rel="noreferrer">
                打开，可打印
              </a>
            ),
          },
        ]}
      />
    </>
  );
};
