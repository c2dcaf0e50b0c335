// 资金来源: where each item's money of a year comes from, what is left of it and what stands on it. Registered and ended, never changed: a batch keeps pointing
// at what it was paid from; whoever wants another starts from the old one's words.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Checkbox } from 'antd';
import { fundingLevels, fundingNatures } from '../../../payment/states.ts';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts, Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { figure, momentText, money } from '../words.ts';
import { NewSource } from './source-form.tsx';

type Ask = Parameters<(typeof api)['funding-sources']['$get']>[0]['query'];
const ask = (query: Ask) => read(api['funding-sources'].$get({ query }));
export type Sources = Awaited<ReturnType<typeof ask>>;
export type Source = Sources['rows'][number];

/** Those that pay one line together: of one item, year and payer's account. */
const groupOf = (one: Source): string => [one.itemId, one.year, one.payerAccount, one.payerBankCode].join(' ');
const togetherWith = (one: Source, rows: readonly Source[]): readonly Source[] =>
  rows.filter((row) => row.endedAt === null && groupOf(row) === groupOf(one));

const usage = ({ shareBp, rank }: Source): string => (shareBp === null ? `先后次序 ${rank}` : `份额 ${shareBp / 100}%`);
const alone = (one: Source, rows: readonly Source[]): boolean => one.shareBp === null && togetherWith(one, rows).length < 2;

/** What keeps the sources of a group from paying, in words; null: nothing. */
const wrongShares = (group: readonly Source[]): string | null => {
  const shared = group.filter((row) => row.shareBp !== null);
  const sum = shared.reduce((total, row) => total + (row.shareBp ?? 0), 0);
  if (shared.length === 0 || (shared.length === group.length && sum === 10_000)) return null;
  return shared.length === group.length ? `份额合计 ${sum / 100}%，不能封批` : '有的写了份额，有的没有，不能封批';
};

/** What no longer goes once it is ended. */
const Ending = ({ one, rows }: { readonly one: Source; readonly rows: readonly Source[] }) => {
  const rest = togetherWith(one, rows).filter((row) => row.id !== one.id);
  const others = rows.filter((row) => row.endedAt === null && row.itemId === one.itemId && row.year === one.year && row.id !== one.id);
  return (
    <>
      <p>
        余额 {money(one.openFen)}不再据此封批；在批次里的 {money(one.sealedFen)}照常办完，退回来的仍回到它。
      </p>
      {others.length === 0 ? <p>这个事项 {one.year} 年没有别的来源：停用以后封不了批，要先登记新的。</p> : null}
      {wrongShares(rest) === null ? null : <p>其余来源{wrongShares(rest)}，要补登记。</p>}
    </>
  );
};

interface WholeAsked {
  readonly one: Source;
  readonly rows: readonly Source[];
  readonly formats: Sources['formats'];
}

const Whole = ({ one, rows, formats }: WholeAsked) => (
  <Facts
    pairs={[
      ['项目编码', one.projectCode],
      ['科目编码', one.subjectCode],
      ['付款户名', one.payerName],
      ['付款账户', `${one.payerBank} 尾号 ${one.payerAccount.slice(-4)}`],
      ['报盘格式', formats.find((format) => format.id === one.format)?.title ?? one.format],
      [
        '一起付的',
        togetherWith(one, rows)
          .filter((row) => row.id !== one.id)
          .map((row) => `${row.document}（${usage(row)}）`)
          .join('、') || '没有，单独付',
      ],
      [
        '据此封的批',
        <Link key="batches" to="/payment/batches" search={{ item: one.itemId }}>
          看这个事项的批次
        </Link>,
      ],
      ['登记', momentText(one.createdAt)],
    ]}
  />
);

const end = (id: string, reason: string) => read(api['funding-sources'][':id'].end.$post({ param: { id }, json: { reason } }));

const Standing = ({ one, rows }: { readonly one: Source; readonly rows: readonly Source[] }) => {
  if (one.endedAt !== null) return <Mark tone="plain">已停用</Mark>;
  const wrong = wrongShares(togetherWith(one, rows));
  return wrong === null ? <Mark tone="good">在用</Mark> : <Mark tone="bad">{wrong}</Mark>;
};

export const FundingSources = () => {
  const [{ item, year, ended, act }, filter] = useFilters<'item' | 'year' | 'ended' | 'act'>();
  const makes = useHolds('finance-maker');
  const title = useTitle();
  const query: Ask = {
    ...(item === undefined ? {} : { item }),
    ...(year === undefined ? {} : { year }),
    ...(ended === '1' ? { ended: '1' as const } : {}),
  };
  const { data, error, refetch } = useQuery({ queryKey: ['funding-sources', query], queryFn: () => ask(query) });
  const rows = data?.rows ?? [];
  return (
    <>
      <PageHead
        title="资金来源"
        note="每个事项每年的钱从哪个指标来，还剩多少。同一付款账户的几个来源一起付一笔：都写份额的按份额拆分，都不写的按先后。"
        acts={
          makes && data !== undefined ? (
            <NewSource
              formats={data.formats}
              wanted={{ itemId: item, year: year === undefined ? undefined : Number(year) }}
              start={act === 'new'}
              closed={() => filter({ act: undefined, year: undefined })}
            />
          ) : undefined
        }
      />
      <div className="filters">
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
        <Checkbox checked={ended === '1'} onChange={(event) => filter({ ended: event.target.checked ? '1' : undefined })}>
          也看停用的
        </Checkbox>
      </div>
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <RowTable<Source>
          label="资金来源"
          rows={rows}
          idOf={(row) => row.id}
          empty="还没有登记。没有资金来源的事项封不了批，由财政经办照指标文件登记。"
          open={(row) => <Whole one={row} rows={rows} formats={data.formats} />}
          columns={[
            { title: '事项', long: true, cell: (row) => title(row.itemId) },
            { title: '年度', width: 64, cell: (row) => row.year },
            { title: '指标文号', width: 180, cell: (row) => row.document },
            {
              title: '性质、用法',
              width: 130,
              long: true,
              cell: (row) => (
                <>
                  {fundingLevels[row.level]}
                  {fundingNatures[row.nature]}
                  {alone(row, rows) ? null : <div className="hint">{usage(row)}</div>}
                </>
              ),
            },
            { title: '指标（元）', width: 130, figure: true, cell: (row) => figure(row.amountFen) },
            { title: '余额（元）', width: 120, figure: true, cell: (row) => figure(row.openFen) },
            { title: '在批次（元）', width: 110, figure: true, cell: (row) => figure(row.sealedFen) },
            { title: '已支出（元）', width: 120, figure: true, cell: (row) => figure(row.spentFen) },
            {
              title: '状态',
              width: 80,
              long: true,
              cell: (row) => <Standing one={row} rows={rows} />,
            },
            ...(makes
              ? [
                  {
                    title: '',
                    width: 165,
                    long: true,
                    cell: (row: Source) => (
                      <div className="acts">
                        <NewSource formats={data.formats} like={row} />
                        {row.endedAt === null ? (
                          <ReasonButton
                            text="停用"
                            about={<Ending one={row} rows={rows} />}
                            act={({ reason }) => end(row.id, reason)}
                            said={() => '已停用：不再据此封批，已在途的照常办完。'}
                          />
                        ) : null}
                      </div>
                    ),
                  },
                ]
              : []),
          ]}
        />
      )}
    </>
  );
};
