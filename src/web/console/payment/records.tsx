// 兑付记录: everything that is or was to be paid, by item and state; one found by the number it bears at the bank.
import { Link, useNavigate } from '@tanstack/react-router';
import { Input, Select } from 'antd';
import { states } from '../../../disbursement/states.ts';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { TakeFile } from '../take-file.tsx';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, figure, momentText, periodText } from '../words.ts';
import { RecordMark } from './record-words.tsx';

type Ask = Parameters<typeof api.disbursements.$get>[0]['query'];
const ask = (query: Ask) => read(api.disbursements.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

const ByReference = () => {
  const navigate = useNavigate();
  const find = useAct({
    act: (reference: string) => read(api['disbursement-named'].$get({ query: { reference } })),
    after: ({ id }) => void navigate({ to: '/payment/records/$id', params: { id } }),
  });
  return (
    <>
      <Input.Search
        aria-label="银行流水号"
        placeholder="银行流水号，整个填"
        style={{ width: 330 }}
        maxLength={60}
        loading={find.isPending}
        onSearch={(text) => text.trim() !== '' && find.mutate(text.trim())}
      />
      {find.error === null ? null : <Trouble error={find.error} />}
    </>
  );
};

export const Records = () => {
  const [{ item, state }, filter] = useFilters<'item' | 'state'>();
  const title = useTitle();
  const known = state !== undefined && Object.hasOwn(states, state) ? state : undefined;
  return (
    <>
      <PageHead title="兑付记录" note="结算以后自动预填，一人一事一期一条。缺什么写在“还缺”里，补齐之前不进批次。" />
      <div className="filters">
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
        <Select
          aria-label="状态"
          placeholder="全部状态"
          allowClear
          style={{ width: 160 }}
          value={known}
          onChange={(next?: string) => filter({ state: next })}
          options={Object.entries(states).map(([value, { text }]) => ({ value, label: text }))}
        />
        <ByReference />
        <TakeFile
          path={`/api/disbursement-file?${new URLSearchParams({ ...(item === undefined ? {} : { item }), ...(known === undefined ? {} : { state: known }) })}`}
          text="导出这些"
        />
      </div>
      <ListTable<Row>
        label="兑付记录"
        queryKey={['disbursements', item, known]}
        ask={(cursor) =>
          ask({ cursor, limit: '200', ...(item === undefined ? {} : { item }), ...(known === undefined ? {} : { state: known }) } as Ask)
        }
        idOf={(row) => row.id}
        empty={
          item === undefined && known === undefined
            ? '还没有兑付记录。结算产生应发金额以后会自动出现。'
            : '没有这样的兑付记录。清除上面的条件看全部。'
        }
        columns={[
          {
            title: '收款人',
            width: 140,
            cell: (row) => (
              <Link to="/payment/records/$id" params={{ id: row.id }}>
                {row.payeeName ?? '还没有收款人'}
              </Link>
            ),
          },
          { title: '事项', width: 230, long: true, cell: (row) => title(row.itemId) },
          { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
          { title: '金额（元）', width: 150, figure: true, cell: (row) => (row.stops ? '停发处理' : figure(row.amountFen)) },
          { title: '状态', width: 120, cell: (row) => <RecordMark state={row.state} /> },
          { title: '账户', width: 100, cell: (row) => (row.account === null ? '缺' : `尾号 ${row.account.slice(-4)}`) },
          { title: '还缺', long: true, cell: (row) => row.gaps.join('；') },
          { title: '期限', width: 130, cell: (row) => (row.dueOn === null ? '' : dayText(row.dueOn)) },
          { title: '预填', width: 160, cell: (row) => momentText(row.createdAt) },
        ]}
      />
    </>
  );
};
