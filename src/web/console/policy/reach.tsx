// The population's answer: how many the rule as it now stands would reach, what it would cost, where people fail, by division, in bands of money, and who
// comes in or drops out against the version in force. Counted on the sealed data of everybody; nobody is named.
import { Button, Progress } from 'antd';
import { useEffect, useId, useState } from 'react';
import { Refusal } from '../client.ts';
import { Mark } from '../page.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure, money, periodText } from '../words.ts';
import { type Reach, useReach, useWhole, type Whole } from './ask.ts';
import { isJson, type Json } from './document.ts';
import { Years } from './years.tsx';

type Draft = NonNullable<Reach['draft']>;
type Against = NonNullable<Reach['against']>;

/** One bar per row, its figure written beside it. */
export const Bars = ({
  rows,
  label,
}: {
  readonly label: string;
  readonly rows: readonly { readonly name: string; readonly value: number; readonly text: string }[];
}) => {
  const most = Math.max(1, ...rows.map((row) => row.value));
  return (
    <table className="bars" aria-label={label}>
      <tbody>
        {rows.map((row) => (
          <tr key={row.name}>
            <th scope="row" title={row.name}>
              {row.name}
            </th>
            <td className="bar">
              <span style={{ width: `${Math.max(1, (row.value / most) * 100)}%` }} />
            </td>
            <td className="figure">{row.text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};

const whole = (fen: string): string => figure(fen).replace(/\.00$/, '');
const band = (from: string, to: string): string => (from === to ? whole(from) : `${whole(from)}–${whole(to)}`);
const unitOf = (item: Json): string => (item.audience === 'enterprise' ? '户' : '人');

const Reasons = ({
  title,
  rows,
  unit,
}: {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly { readonly text: string; readonly subjects: number; readonly at: string }[];
}) =>
  rows.length === 0 ? null : (
    <>
      <h3>{title}</h3>
      <ul className="reasons">
        {rows.slice(0, 6).map((row) => (
          <li key={row.at}>
            <span className="figure">{`${countText(row.subjects)} ${unit}`}</span>
            {row.text}
          </li>
        ))}
      </ul>
    </>
  );

const Shift = ({ against, unit }: { readonly against: Against; readonly unit: string }) => {
  const { gained, lost, deltaFen, version } = against;
  const delta = deltaFen === null ? null : BigInt(deltaFen);
  return (
    <>
      <h3>与现行第 {version} 版比</h3>
      <p className="shift">
        <Mark tone={gained.subjects > 0 ? 'good' : 'plain'}>
          新纳入 {countText(gained.subjects)} {unit}
        </Mark>
        <Mark tone={lost.subjects > 0 ? 'bad' : 'plain'}>
          不再纳入 {countText(lost.subjects)} {unit}
        </Mark>
        {delta === null ? null : (
          <span>{delta === 0n ? '金额不变' : delta > 0n ? `多 ${money(String(delta))}` : `少 ${money(String(-delta))}`}</span>
        )}
      </p>
      <Reasons title="现行版为什么没有纳入" rows={gained.reasons} unit={unit} />
      <Reasons title="按这一版为什么不再纳入" rows={lost.reasons} unit={unit} />
    </>
  );
};

const Figures = ({ reach, unit }: { readonly reach: Reach; readonly unit: string }) => {
  const [point] = reach.points;
  if (point === undefined) return null;
  const near = reach.draft?.nearMiss;
  return (
    <dl className="counts">
      <div>
        <dt>符合</dt>
        <dd className="figure" data-count="eligible">{`${countText(point.eligible)} ${unit}`}</dd>
      </div>
      <div>
        <dt>待核</dt>
        <dd className="figure">{`${countText(point.undetermined)} ${unit}`}</dd>
      </div>
      <div>
        <dt>只差一条</dt>
        <dd className="figure">{near === undefined ? '—' : `${near.exact ? '' : '至少 '}${countText(near.subjects)} ${unit}`}</dd>
      </div>
      <div className="cost">
        <dt>{periodText(reach.periodKey)}要发</dt>
        <dd className="figure" data-count="cost">
          {point.amountFen === null ? '—' : money(point.amountFen)}
        </dd>
        {point.open !== null && point.open > 0 ? <dd className="hint">另有 {countText(point.open)} 笔金额未定</dd> : null}
      </div>
    </dl>
  );
};

const Details = ({ draft, unit }: { readonly draft: Draft; readonly unit: string }) => (
  <>
    {draft.bands === null || draft.bands.length === 0 ? null : (
      <>
        <h3>金额分布（元）</h3>
        <Bars
          label="金额分布"
          rows={draft.bands.map((one) => ({
            name: band(one.fromFen, one.toFen),
            value: one.count,
            text: `${countText(one.count)} ${unit}`,
          }))}
        />
      </>
    )}
    {draft.byDivision.length === 0 ? null : (
      <>
        <h3>按地区</h3>
        <Bars
          label="按地区"
          rows={draft.byDivision
            .toSorted((a, b) => b.subjects - a.subjects)
            .slice(0, 8)
            .map((one) => ({ name: one.label, value: one.subjects, text: `${countText(one.subjects)} ${unit}` }))}
        />
        {draft.byDivision.length > 8 ? <p className="hint">另有 {draft.byDivision.length - 8} 个地区</p> : null}
      </>
    )}
    <Reasons title="不符合的，卡在哪一条" rows={draft.failing} unit={unit} />
    <Reasons title="只差这一条的" rows={draft.nearMiss.conditions} unit={unit} />
  </>
);

const said: Readonly<Record<string, string>> = {
  'scope.division': '您只能看部分地区，影响由能看全部地区的经办人试算。',
  'state.no-snapshot': '还没有封存过数据，封存后这里会数出影响。',
  'state.other-catalogue': '指标目录改过之后还没有重新封存数据，封存后再看。',
};

/** How far it is, and about how long it still takes; it may be stopped at any time, and nothing is lost by it. */
const Going = ({ whole, stop }: { readonly whole: Whole; readonly stop: () => void }) => {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const share = whole.share ?? 0;
  const seconds = (performance.now() - whole.since) / 1000;
  const left = share < 0.02 || seconds < 3 ? null : Math.ceil((seconds / share) * (1 - share));
  return (
    <div role="status" className="going">
      <Progress size="small" percent={Math.floor(share * 100)} aria-label="匡算到哪里了" />
      <p className="hint">
        正在逐人判定，已用 {Math.floor(seconds)} 秒
        {left === null ? '' : left > 90 ? `，大约还要 ${Math.ceil(left / 60)} 分钟` : `，大约还要 ${left} 秒`}
        。可以接着改规则，改了的要重新算。
      </p>
      <Button size="small" onClick={stop}>
        停下
      </Button>
    </div>
  );
};

interface SilenceGiven {
  readonly error: unknown;
  readonly item: Json;
  readonly unit: string;
}

/** What columns cannot say is decided one by one when somebody asks for it. */
const OneByOne = ({ item, unit }: Omit<SilenceGiven, 'error'>) => {
  const { state, start, stop } = useWhole();
  const mine = state?.item === item;
  return (
    <>
      <p className="hint">这条规则要看关联的人、每次发生的事、名次或已发的金额，不能边改边数。</p>
      {state === null || (state.share === null && !mine) ? (
        <Button onClick={() => start(item)}>{state === null ? '逐人匡算（要等几分钟）' : '规则改过了，再匡算一次'}</Button>
      ) : state.share === null ? null : (
        <Going whole={state} stop={stop} />
      )}
      {state?.error == null ? null : <Trouble error={state.error} again={() => start(item)} />}
      {state?.answer == null ? null : (
        <div className={mine ? '' : 'stale'}>
          <Figures reach={state.answer} unit={unit} />
          <p className="hint">
            按 {dayText(state.answer.snapshot.knownAt)} 封存的数据逐人判定{mine ? '' : '（改之前的规则）'}
          </p>
        </div>
      )}
    </>
  );
};

const Silence = ({ error, item, unit }: SilenceGiven) => {
  if (!(error instanceof Refusal)) return <Trouble error={error} />;
  if (error.code === 'state.needs-forecast') return <OneByOne item={item} unit={unit} />;
  if (error.status === 422 || error.status === 400) return <p className="hint">规则还读不通，改好左边标出的地方就会数出来。</p>;
  return said[error.code] === undefined ? <Trouble error={error} /> : <p className="hint">{said[error.code]}</p>;
};

interface PaneGiven {
  readonly item: Json;
  readonly note?: string;
  readonly children?: React.ReactNode;
}

export const ReachPane = ({ item, note, children }: PaneGiven) => {
  const stream = useId();
  const { data, error, isFetching } = useReach(item, stream);
  const unit = unitOf(isJson(item) ? item : {});
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard
      tabIndex={0}
      className="pane"
      aria-label="人群的回答"
      aria-busy={isFetching}
    >
      <h2>人群的回答 {isFetching ? <span className="hint">正在数…</span> : note === undefined ? null : <Mark tone="now">{note}</Mark>}</h2>
      {error !== null ? (
        <Silence error={error} item={item} unit={unit} />
      ) : data === undefined ? (
        <p className="hint">正在数…</p>
      ) : (
        <div className={isFetching ? 'stale' : ''}>
          <Figures reach={data} unit={unit} />
          <p className="hint">
            按 {dayText(data.snapshot.knownAt)} 封存的数据{data.asIf ? '，按施行估算' : ''}，{countText(data.points[0]?.subjects ?? 0)}{' '}
            {unit}
          </p>
          <Years item={item} periodKey={data.periodKey} unit={unit} />
          {children}
          {data.against === null ? null : <Shift against={data.against} unit={unit} />}
          {data.draft === null ? null : <Details draft={data.draft} unit={unit} />}
        </div>
      )}
    </section>
  );
};
