// 额度: each item's budget of a year, how much of it stands where, how fast it goes and until when it lasts; those that end first are on top.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { api, read } from '../client.ts';
import { type Column, RowTable } from '../list-table.tsx';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useStaff } from '../session.tsx';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure, money } from '../words.ts';

const ask = () => read(api.budgets.$get({ query: {} }));
export type Budget = Awaited<ReturnType<typeof ask>>['rows'][number];

/** How a budget stands, in a word. */
export const BudgetMark = ({ row }: { readonly row: Budget }) =>
  row.closed !== null ? (
    <Mark tone="plain">{row.closed.way === 'carry' ? '已结转' : '已收回'}</Mark>
  ) : row.kind === 'entitlement' ? (
    <Mark tone="plain">据实保障</Mark>
  ) : row.over ? (
    <Mark tone="warn">待结转</Mark>
  ) : BigInt(row.availableFen) <= 0n ? (
    <Mark tone="bad">已用完</Mark>
  ) : row.goneOn === null ? (
    <Mark tone="good">够用</Mark>
  ) : (
    <Mark tone="warn">不够</Mark>
  );

/** Gone first, then those whose day comes first, then the rest. */
const urgency = (row: Budget): string =>
  row.kind === 'limited' && row.closed === null
    ? row.over
      ? '1'
      : BigInt(row.availableFen) <= 0n
        ? '0'
        : row.goneOn === null
          ? '4'
          : `3 ${row.goneOn}`
    : '5';

/** What only a budget that will not do has: nothing of it, no column. */
const shortColumns = (rows: readonly Budget[]): readonly Column<Budget>[] => [
  ...(rows.some((row) => row.goneOn !== null)
    ? [{ title: '用完', width: 108, cell: (row: Budget) => (row.goneOn === null ? '' : dayText(row.goneOn)) }]
    : []),
  ...(rows.some((row) => BigInt(row.lackFen ?? '0') > 0n)
    ? [
        {
          title: '到年底差（元）',
          width: 122,
          figure: true,
          cell: (row: Budget) => (BigInt(row.lackFen ?? '0') > 0n ? figure(row.lackFen ?? '0') : ''),
        },
      ]
    : []),
  ...(rows.some((row) => row.waiting > 0)
    ? [{ title: '排队', width: 76, figure: true, cell: (row: Budget) => (row.waiting === 0 ? '' : `${countText(row.waiting)} 笔`) }]
    : []),
];

export const Budgets = () => {
  const { today } = useStaff();
  const [{ item, year }, filter] = useFilters<'item' | 'year'>();
  const title = useTitle();
  const { data, error, refetch } = useQuery({ queryKey: ['budgets-burn'], queryFn: ask });
  const years = [...new Set([Number(today.slice(0, 4)), ...(data?.rows.map((row) => row.year) ?? [])])].toSorted((a, b) => b - a);
  const wanted = year === 'all' ? null : Number(year ?? today.slice(0, 4));
  const rows = (data?.rows ?? [])
    .filter((row) => (wanted === null || row.year === wanted) && (item === undefined || row.itemId === item))
    .toSorted((a, b) => (urgency(a) < urgency(b) ? -1 : urgency(a) > urgency(b) ? 1 : 0));
  const short = rows.filter(
    (row) => row.closed === null && row.kind === 'limited' && (row.goneOn !== null || BigInt(row.availableFen) <= 0n),
  );
  const arrived = rows.reduce((sum, row) => sum + BigInt(row.paidFen), 0n);
  return (
    <>
      <PageHead
        title="额度进度"
        state={short.length > 0 ? <Mark tone="warn">{countText(short.length)} 个到年底不够</Mark> : undefined}
        amount={data === undefined ? undefined : `${money(String(arrived))} 已到账`}
        note="下达的额度用到了哪里，照近 90 天的速度到哪一天用完。点事项看逐月的，过了年在那里办结转。"
        acts={
          <Button href="/api/reports/chief" target="_blank">
            局长一页纸
          </Button>
        }
      />
      <div className="filters">
        <Select
          aria-label="年度"
          style={{ width: 120 }}
          value={wanted === null ? 'all' : String(wanted)}
          onChange={(next: string) => filter({ year: next === today.slice(0, 4) ? undefined : next })}
          options={[...years.map((one) => ({ value: String(one), label: `${one} 年` })), { value: 'all', label: '全部年度' }]}
        />
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
      </div>
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <RowTable<Budget>
          label="额度进度"
          rows={rows}
          idOf={(row) => row.id}
          empty="这个范围里还没有额度。规则公布并结算以后，额度会自动立账。"
          columns={[
            {
              title: '事项',
              long: true,
              cell: (row) => (
                <Link to="/payment/budgets/$item/$year" params={{ item: row.itemId, year: String(row.year) }}>
                  {title(row.itemId)}
                </Link>
              ),
            },
            ...(wanted === null ? [{ title: '年度', width: 64, figure: true, cell: (row: Budget) => row.year }] : []),
            { title: '', width: 84, cell: (row) => <BudgetMark row={row} /> },
            {
              title: '下达（元）',
              width: 122,
              figure: true,
              cell: (row) => (row.kind === 'limited' ? figure(row.appropriatedFen) : '不封顶'),
            },
            { title: '已到账（元）', width: 122, figure: true, cell: (row) => figure(row.paidFen) },
            {
              title: '已答应未到（元）',
              width: 136,
              figure: true,
              cell: (row) => figure(String(BigInt(row.reservedFen) + BigInt(row.committedFen))),
            },
            { title: '可用（元）', width: 122, figure: true, cell: (row) => (row.kind === 'limited' ? figure(row.availableFen) : '') },
            { title: '每月约（元）', width: 116, figure: true, cell: (row) => figure(row.perMonthFen) },
            ...shortColumns(rows),
          ]}
        />
      )}
    </>
  );
};
