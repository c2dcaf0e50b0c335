// 年终结转: what would be carried on or given back, what stays promised in the old year, what becomes of those who still wait; tried first, then ordered by who
// may, with the document it rests on.
import { useQuery } from '@tanstack/react-query';
import { Alert, Segmented } from 'antd';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { Facts, Nothing } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, momentText, money } from '../words.ts';
import type { BudgetWhole } from './budget.tsx';

const ways = { carry: '结转到下一年', release: '收回' } as const;
type Way = keyof typeof ways;

const tryOut = (budget: BudgetWhole, way: Way) =>
  read(api.budgets[':item'][':year'].close.$get({ param: { item: budget.itemId, year: String(budget.year) }, query: { way } }));
type Tried = Awaited<ReturnType<typeof tryOut>>;

const Effects = ({ budget, way, tried }: { readonly budget: BudgetWhole; readonly way: Way; readonly tried: Tried }) => (
  <Facts
    pairs={[
      [way === 'carry' ? `转入 ${budget.year + 1} 年` : '收回', money(tried.movedFen)],
      ['留在原年度（已答应未到账）', money(tried.openFen)],
      ['排队转入下一年', tried.carried === 0 ? '没有' : `${countText(tried.carried)} 笔，排在最前`],
      ['不再等候', tried.refused === 0 ? '没有' : `${countText(tried.refused)} 笔，会写明理由`],
    ]}
  />
);

const Done = ({ budget }: { readonly budget: BudgetWhole }) =>
  budget.closed === null ? null : (
    <Alert
      type="success"
      showIcon
      role="status"
      title={`${budget.year} 年已${ways[budget.closed.way]}：${money(budget.closed.movedFen)}`}
      description={`${budget.closed.name} ${momentText(budget.closed.at)}，依据：${budget.closed.reason}。以后退回来的钱仍记在原年度。`}
    />
  );

export const YearClose = ({ budget }: { readonly budget: BudgetWhole }) => {
  const [{ way: given }, filter] = useFilters<'way'>();
  const issues = useHolds('finance-issuer');
  const way: Way = given === 'release' ? 'release' : 'carry';
  const open = budget.closed === null;
  const { data, error, refetch } = useQuery({
    queryKey: ['year-close', budget.id, way],
    queryFn: () => tryOut(budget, way),
    enabled: open,
  });
  return (
    <section className="part" aria-label="年终结转">
      <h2>年终结转</h2>
      <Done budget={budget} />
      {open ? (
        <>
          <div className="filters">
            <Segmented
              value={way}
              onChange={(next) => filter({ way: next === 'carry' ? undefined : next })}
              options={Object.entries(ways).map(([value, label]) => ({ value, label }))}
            />
            <span className="hint">下面是试算：照办一遍再撤回，什么也没有改。</span>
          </div>
          {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
          {data === undefined ? error === null ? <Nothing>正在试算…</Nothing> : null : <Effects budget={budget} way={way} tried={data} />}
          {data === undefined ? null : issues ? (
            <ReasonButton
              text={ways[way]}
              primary
              about={
                <p>
                  {money(data.movedFen)}
                  {way === 'carry' ? `转入 ${budget.year + 1} 年` : '收回'}，一个年度只办一次，办了不能改。
                </p>
              }
              hint="文号或依据，例如：云财预〔2027〕3号"
              act={({ reason }) =>
                read(
                  api.budgets[':item'][':year'].close.$post({
                    param: { item: budget.itemId, year: String(budget.year) },
                    json: { way, reason },
                  }),
                )
              }
              said={() => `已${ways[way]}。`}
            />
          ) : (
            <p className="hint">由财政签发办理。</p>
          )}
        </>
      ) : null}
    </section>
  );
};
