// One year's budget month by month: what was promised, what arrived, where it goes, as a chart with its table beside it; and once the year is over, its end.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts, Nothing, PageHead } from '../page.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { figure, money, periodText } from '../words.ts';
import { BudgetMark } from './budgets.tsx';
import { YearClose } from './year-close.tsx';

const Chart = lazy(() => import('../chart.tsx').then(({ Chart: one }) => ({ default: one })));

const ask = (item: string, year: string) => read(api.budgets[':item'][':year'].$get({ param: { item, year } }));
export type BudgetWhole = Awaited<ReturnType<typeof ask>>;
type Month = BudgetWhole['months'][number];

/** 万元, for the eye; the table has the 分. */
const tenThousand = (fen: string): number => Math.round(Number(BigInt(fen) / 10_000n)) / 100;

const Drawn = ({ budget }: { readonly budget: BudgetWhole }) => {
  const { months } = budget;
  const names = useMemo(() => months.map((one) => periodText(one.month).replace(/^\d+年/, '')), [months]);
  const series = useMemo(() => {
    const last = months.findLastIndex((one) => one.standing !== null);
    return [
      { name: '累计到账', values: months.map((one) => (one.standing === null ? null : tenThousand(one.standing.paidFen))) },
      { name: '累计核定', values: months.map((one) => (one.standing === null ? null : tenThousand(one.standing.usedFen))) },
      {
        name: '预计核定',
        dashed: true,
        // It sets out from where things stood at the end of the month before.
        values: months.map((one, i) =>
          one.expectedFen !== null
            ? tenThousand(one.expectedFen)
            : i === last - 1 && one.standing !== null
              ? tenThousand(one.standing.usedFen)
              : null,
        ),
      },
      ...(budget.kind === 'limited' ? [{ name: '下达', values: given(budget).map(tenThousand) }] : []),
    ];
  }, [months, budget]);
  return <Chart label="额度逐月（万元）" kind="line" names={names} series={series} named />;
};

/** What was given by the end of each month. */
const given = ({ months }: BudgetWhole): readonly string[] => {
  let sum = 0n;
  return months.map((one) => {
    sum += BigInt(one.givenFen);
    return String(sum);
  });
};

export const BudgetPage = () => {
  const { item, year } = useParams({ from: '/payment/budgets/$item/$year' });
  const title = useTitle();
  const { data: budget, error, refetch } = useQuery({ queryKey: ['budget', item, year], queryFn: () => ask(item, year) });
  if (error !== null)
    return (
      <>
        <PageHead title="额度进度" />
        <Trouble error={error} again={() => void refetch()} />
        <Link to="/payment/budgets">回到额度进度</Link>
      </>
    );
  if (budget === undefined) return <PageHead title="额度进度" note="正在读取…" />;
  const cell = (pick: (one: Month) => string | null | undefined) => (one: Month) => {
    const fen = pick(one);
    return fen === null || fen === undefined ? '' : figure(fen);
  };
  return (
    <>
      <PageHead
        title={`${title(item)} ${year} 年额度`}
        state={<BudgetMark row={budget} />}
        amount={budget.kind === 'limited' ? `${money(budget.availableFen)} 可用` : `${money(budget.paidFen)} 已到账`}
        note={budget.text}
      />
      <Facts
        pairs={[
          ['下达', budget.kind === 'limited' ? money(budget.appropriatedFen) : '据实保障，不封顶'],
          ['已到账', money(budget.paidFen)],
          ['在批次里或在银行', money(budget.committedFen)],
          ['已核定，没有进批次', money(budget.reservedFen)],
          ['每月约', money(budget.perMonthFen)],
          ['到年底预计共', budget.expectedFen === null ? '年度已结束' : money(budget.expectedFen)],
        ]}
      />
      {budget.kind === 'limited' && (budget.over || budget.closed !== null) ? <YearClose budget={budget} /> : null}
      <section className="part">
        <h2>
          逐月 <span className="hint">图上单位万元，表里是元</span>
        </h2>
        <Suspense fallback={<Nothing>正在画图…</Nothing>}>
          <Drawn budget={budget} />
        </Suspense>
        <RowTable<Month>
          label="额度逐月"
          rows={budget.months}
          idOf={(row) => row.month}
          empty=""
          columns={[
            { title: '月份', width: 120, cell: (row) => periodText(row.month) },
            { title: '当月核定（元）', figure: true, cell: cell((row) => (row.standing === null ? null : row.promisedFen)) },
            { title: '当月到账（元）', figure: true, cell: cell((row) => (row.standing === null ? null : row.paidFen)) },
            { title: '累计到账（元）', figure: true, cell: cell((row) => row.standing?.paidFen) },
            { title: '在批次或银行（元）', figure: true, cell: cell((row) => row.standing?.committedFen) },
            { title: '核定未进批次（元）', figure: true, cell: cell((row) => row.standing?.reservedFen) },
            { title: '累计核定（元）', figure: true, cell: cell((row) => row.standing?.usedFen) },
            { title: '预计到月底（元）', figure: true, cell: cell((row) => row.expectedFen) },
          ]}
        />
      </section>
    </>
  );
};
