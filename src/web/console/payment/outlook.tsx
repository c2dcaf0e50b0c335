// What finance must see coming: money due that has not arrived, budgets that will not last, many payments in one place; and the page for the head of the bureau.
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Amount, PageHead } from '../page.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure, periodText } from '../words.ts';

const askDue = () => read(api.arrears.$get());
const askBudgets = () => read(api['budget-warnings'].$get());
const askCrowded = () => read(api.concentrations.$get({ query: {} }));
type Due = Awaited<ReturnType<typeof askDue>>['rows'][number];
type Budget = Awaited<ReturnType<typeof askBudgets>>['rows'][number];
type Crowded = Awaited<ReturnType<typeof askCrowded>>['rows'][number];

const places: Readonly<Record<Crowded['kind'], string>> = { account: '同一账户', household: '同一家庭户', unit: '同一单位' };

const Arrears = () => {
  const title = useTitle();
  const { data, error } = useQuery({ queryKey: ['arrears'], queryFn: askDue });
  if (error !== null) return <Trouble error={error} />;
  return (
    <RowTable<Due>
      label="已核定没有到账的"
      rows={data?.rows ?? []}
      idOf={(row) => `${row.itemId} ${row.year} ${row.since}`}
      empty={data === undefined ? '正在读取…' : '没有拖着没有到账的。'}
      columns={[
        { title: '事项', long: true, cell: (row) => title(row.itemId) },
        { title: '年度', width: 80, figure: true, cell: (row) => row.year },
        { title: '人数', width: 90, figure: true, cell: (row) => countText(row.people) },
        { title: '金额（元）', width: 160, figure: true, cell: (row) => figure(row.fen) },
        { title: '最早从', width: 140, cell: (row) => dayText(row.since) },
        { title: '等了', width: 90, figure: true, cell: (row) => `${countText(row.days)} 天` },
      ]}
    />
  );
};

const Budgets = () => {
  const title = useTitle();
  const { data, error } = useQuery({ queryKey: ['budgets'], queryFn: askBudgets });
  if (error !== null) return <Trouble error={error} />;
  return (
    <RowTable<Budget>
      label="三个月内用完的额度"
      rows={data?.rows ?? []}
      idOf={(row) => `${row.itemId} ${row.year}`}
      empty={data === undefined ? '正在读取…' : '照近 90 天的速度，三个月内没有用完的额度。'}
      columns={[
        { title: '事项', width: 260, long: true, cell: (row) => title(row.itemId) },
        { title: '年度', width: 80, figure: true, cell: (row) => row.year },
        { title: '可用（元）', width: 150, figure: true, cell: (row) => figure(row.leftFen) },
        { title: '用完', width: 130, cell: (row) => dayText(row.goneOn) },
        { title: '到年底差（元）', width: 150, figure: true, cell: (row) => figure(row.lackFen) },
        { title: '说明', long: true, cell: (row) => row.text },
      ]}
    />
  );
};

const Concentrations = () => {
  const title = useTitle();
  const { data, error } = useQuery({ queryKey: ['crowded'], queryFn: askCrowded });
  if (error !== null) return <Trouble error={error} />;
  return (
    <RowTable<Crowded>
      label="集中的支付"
      rows={data?.rows ?? []}
      idOf={(row) => `${row.kind} ${row.place} ${row.itemId} ${row.periodKey}`}
      empty={data === undefined ? '正在读取…' : '没有集中到同一账户、同一户、同一单位的。'}
      columns={[
        { title: '集中在', width: 120, cell: (row) => places[row.kind] },
        { title: '事项', long: true, cell: (row) => title(row.itemId) },
        { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
        { title: '笔数', width: 80, figure: true, cell: (row) => countText(row.records) },
        { title: '人数', width: 80, figure: true, cell: (row) => countText(row.people) },
        { title: '金额（元）', width: 150, figure: true, cell: (row) => figure(row.fen) },
      ]}
    />
  );
};

export const Outlook = () => {
  const { data } = useQuery({ queryKey: ['arrears'], queryFn: askDue });
  const owed = data?.rows.reduce((sum, row) => sum + BigInt(row.fen), 0n);
  return (
    <>
      <PageHead
        title="预警"
        amount={owed === undefined ? undefined : <Amount fen={String(owed)} what="已核定没有到账" />}
        acts={
          <Button href="/api/reports/chief" target="_blank">
            局长一页纸
          </Button>
        }
      />
      <section className="part">
        <h2>已核定没有到账</h2>
        <Arrears />
      </section>
      <section className="part">
        <h2>快用完的额度</h2>
        <Budgets />
      </section>
      <section className="part">
        <h2>集中的支付</h2>
        <Concentrations />
      </section>
    </>
  );
};
