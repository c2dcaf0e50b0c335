// The second opinion on 新老划断, written apart from `govern.ts`: by plain text comparison of days, and amounts summed anew.
import { isList, isUnknown } from '../feel/value.ts';
import type { DecisionPeriod, FactSource } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import type { CompiledItem } from './compile.ts';
import type { SecondOpinion } from './second.ts';

interface Sides {
  readonly mine: () => Promise<SecondOpinion>;
  readonly theirs: () => Promise<SecondOpinion>;
}

/** The selecting day as text, `unknown` when nobody can tell. */
const daySelecting = ({ item }: CompiledItem, period: DecisionPeriod, source: FactSource): string => {
  if (item.selectedBy === 'application') {
    const { value } = source.read(item.applicationDay?.fact ?? '', period.knownAt);
    if (isUnknown(value)) return 'unknown';
    const text = value === null || isList(value) ? null : plain(value);
    return typeof text === 'string' ? text : period.knownAt;
  }
  if (item.selectedBy === 'payment') return period.knownAt;
  const byStart = item.selectedBy === 'period-start' || (item.selectedBy === undefined && item.period !== 'per-event');
  return byStart && period.start !== null ? period.start : period.end;
};

/** Ended by the day of publication, within the earlier version's own days. */
const alreadyOver = ({ item }: CompiledItem, period: DecisionPeriod): boolean => {
  const until = item.before?.until ?? '';
  const own = item.before?.item.effective;
  return until !== '' && period.end < until && (own?.from ?? '') <= period.end && (own?.to ?? '9999-12-31') >= (period.start ?? '');
};

const sumOf = (o: SecondOpinion): bigint | null => {
  let sum = 0n;
  for (const line of o.lines) {
    if (line.verdict !== 'eligible') continue;
    if (line.amountFen === null) return null;
    sum += line.amountFen;
  }
  return sum;
};

const open = (o: SecondOpinion): SecondOpinion => ({
  verdict: 'undetermined',
  lines: o.lines.map((l) => ({ key: l.key, verdict: 'undetermined', amountFen: null })),
});

const higher = (mine: SecondOpinion, theirs: SecondOpinion): SecondOpinion => {
  const out = [mine, theirs].filter((o) => o.verdict !== 'ineligible');
  const [only] = out;
  if (only === undefined) return mine;
  if (out.length === 1) return only;
  const doubtful = out.find((o) => o.verdict === 'undetermined' || sumOf(o) === null);
  if (doubtful !== undefined) return open(doubtful);
  return (sumOf(theirs) as bigint) > (sumOf(mine) as bigint) ? theirs : mine;
};

const shown = (o: SecondOpinion): string =>
  `${o.verdict} ${o.lines.flatMap((l) => (l.verdict === 'eligible' ? [`${l.key}=${l.amountFen}`] : [])).join(' ')}`;

export const secondChoice = async (
  item: CompiledItem,
  period: DecisionPeriod,
  source: FactSource,
  sides: Sides,
): Promise<SecondOpinion> => {
  const { from } = item.item.effective;
  if (alreadyOver(item, period)) return higher(await sides.mine(), await sides.theirs());
  if (item.item.transition === undefined && item.item.selectedBy !== 'application' && item.item.period !== 'per-event')
    return await sides.mine();
  const day = daySelecting(item, period, source);
  if (from === null || item.item.transition === 'new' || (day !== 'unknown' && day >= from)) return await sides.mine();
  const theirs = await sides.theirs();
  const earlier = item.item.transition === 'better' ? higher(await sides.mine(), theirs) : theirs;
  if (day !== 'unknown') return earlier;
  const mine = await sides.mine();
  return shown(mine) === shown(earlier) ? { verdict: mine.verdict, lines: mine.lines } : open(mine);
};
