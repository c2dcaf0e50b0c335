// Decides one item for one subject and period: verdict, lines, claims, award, what is missing, and everything that was read.
import { type Day, toEpochDay } from '../base/day.ts';
import { floorToBigint, fromInt, mul } from '../base/rational.ts';
import { dayFromDate, isContext, isList, isUnknown, missingOf, type Value } from '../feel/value.ts';
import { decideCondition, settling } from '../rule/decide.ts';
import type {
  AwardResult,
  Decision,
  DecisionLine,
  DecisionPeriod,
  FactSource,
  Missing,
  ReadEntry,
  Source,
  Trace,
  Truth,
  Verdict,
} from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import type { Ready } from '../rule/ready.ts';
import { elementsOf, keyOf, type Local, openSession, type Session } from '../rule/session.ts';
import { computeAward } from './award.ts';
import type { CompiledItem, ReadyEach } from './compile.ts';
import { openFigures, readFigure } from './figure.ts';
import { govern } from './govern.ts';
import { chooseMode } from './mode.ts';
import { orderKeyFor } from './order.ts';
import { isKnown } from './quantity.ts';

const verdictOf = (t: Truth): Verdict => (t === null ? 'undetermined' : t ? 'eligible' : 'ineligible');
const and = (a: Truth, b: Truth): Truth => (a === false || b === false ? false : a === null || b === null ? null : true);

const distinct = (missing: readonly Missing[]): readonly Missing[] => [...new Map(missing.map((m) => [m.fact, m])).values()];

/**
 * Never throws for what data may hold. `lines`: without `each` exactly one (key null); with `each` one per element that is or may be
 * meant, none when the subject's own conditions fail.
 */
export const decide = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod): Decision =>
  compiled.before === undefined ? decideAlone(compiled, source, period) : govern(compiled, source, period, decide, decideAlone);

/** By this version alone. */
const decideAlone = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod): Decision => {
  const session = openSession(compiled.plan, source, period);
  const trace = decideCondition(compiled.match, session);
  const open = settling(trace);
  const { each } = compiled;
  const lines =
    each === null ? [lineOf(compiled, session, null, null, trace.truth, open)] : eachLines(compiled, each, session, trace.truth, open);
  const verdict = each === null ? (lines[0]?.verdict ?? 'undetermined') : eachVerdict(trace.truth, lines);
  const shown = lines.filter((l) => l.key !== lackingList);
  const missing = distinct([...open, ...lines.flatMap((l) => [...l.missing, ...awardMissing(l.award)])]);
  const chosen = verdict === 'eligible' ? chooseMode(compiled.modes, session) : undefined;
  const orderKey = verdict === 'eligible' ? orderKeyFor(compiled.order, session) : null;
  let read: readonly ReadEntry[] | null = null;
  return {
    verdict,
    trace,
    missing: verdict === 'ineligible' ? [] : missing,
    lines: shown,
    amountFen: verdict === 'eligible' ? amountOf(shown) : null,
    ...(orderKey === null ? {} : { orderKey }),
    ...(chosen === undefined ? {} : { mode: { mode: chosen.mode, at: chosen.at, missing: chosen.missing } }),
    ...(compiled.caps.length === 0 ? {} : { capsFen: capsOf(compiled, session) }),
    // The session reads nothing more: what it has read may be written out when it is asked for.
    get read() {
      read ??= session.log();
      return read;
    },
  };
};

const awardMissing = (award: AwardResult | null): readonly Missing[] => (award === null || award.state === 'known' ? [] : award.missing);

const amountOf = (lines: readonly DecisionLine[]): bigint | null => {
  let sum = 0n;
  for (const line of lines) {
    if (line.verdict !== 'eligible') continue;
    if (line.award?.state !== 'known') return null;
    sum += line.award.amountFen;
  }
  return sum;
};

/** A claim on an object nobody can name cannot be taken: the line waits. */
const lineOf = (
  compiled: CompiledItem,
  session: Session,
  key: string | null,
  local: Local | null,
  truth: Truth,
  open: readonly Missing[],
): DecisionLine => {
  if (truth !== true) return { key, verdict: verdictOf(truth), award: null, claims: [], missing: truth === null ? open : [] };
  const claims: DecisionLine['claims'][number][] = [];
  const missing: Missing[] = [];
  for (const c of compiled.claims) {
    const object = session.compute(c.object, session.endDay, local);
    const text = object === null || isUnknown(object) ? null : plain(object);
    if (typeof text === 'string' && text !== '')
      claims.push({ kind: c.kind, object: text, group: c.group, per: c.per, orderDay: orderDay(c.orderBy, session, local) });
    else missing.push(...lacking(object, `limits/${c.limit}/claim/object`, session));
  }
  if (missing.length > 0) return { key, verdict: 'undetermined', award: null, claims: [], missing: distinct(missing) };
  const award = computeAward(compiled.award, compiled.instalments, session, local);
  return { key, verdict: 'eligible', award, claims, missing: [] };
};

const lacking = (v: Value, what: string, session: Session): readonly Missing[] => {
  const names = missingOf(v);
  return names.length > 0 ? session.explain(names) : [{ fact: what, dataset: null, reason: 'empty' }];
};

const orderDay = (expression: CompiledItem['claims'][number]['orderBy'], session: Session, local: Local | null): Day | null => {
  const v = expression === null ? null : session.compute(expression, session.endDay, local);
  return v !== null && typeof v === 'object' && !isList(v) && v.kind === 'date' ? dayFromDate(v) : null;
};

// ── each ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Stands for the whole list while nobody knows its elements; never leaves `decide`. */
const lackingList = ' list';

const eachLines = (
  compiled: CompiledItem,
  each: ReadyEach,
  session: Session,
  truth: Truth,
  open: readonly Missing[],
): readonly DecisionLine[] => {
  if (truth === false) return [];
  const reading = session.read(each.list, session.endDay, null);
  const elements = elementsOf(reading.value);
  if (elements === null)
    return [{ key: lackingList, verdict: 'undetermined', award: null, claims: [], missing: lacking(reading.value, each.list, session) }];
  const seen = new Set<string>();
  return elements.flatMap(({ value, sure }, i) => {
    const local = localOf(value, each, reading.source);
    const where = isUnknown(value) ? value : session.compute(each.where, session.endDay, local);
    const meant: Truth = where === true ? (sure ? true : null) : isUnknown(where) ? null : false;
    if (meant === false) return [];
    const key = keyOf(value, each.key);
    const missing = meant === null ? lacking(sure ? where : reading.value, each.list, session) : [];
    if (key === null || seen.has(key)) return [doubtful(key, i, each, value, session, missing)];
    seen.add(key);
    return [lineOf(compiled, session, key, local, and(truth, meant), distinct([...open, ...missing]))];
  });
};

/** An element without a key, or with one that another has already: which of them is meant nobody can tell. */
const doubtful = (
  key: string | null,
  i: number,
  each: ReadyEach,
  value: Value,
  session: Session,
  missing: readonly Missing[],
): DecisionLine => {
  const field = `${each.list}.${each.key}`;
  const own: readonly Missing[] =
    key === null
      ? lacking(isContext(value) ? (value.entries.get(each.key) ?? null) : null, field, session)
      : [{ fact: field, dataset: null, reason: 'conflict' }];
  return { key: `#${i + 1}`, verdict: 'undetermined', award: null, claims: [], missing: distinct([...missing, ...own]) };
};

const localOf = (value: Value, each: ReadyEach, source: Source | null): Local => ({
  values: new Map<string, Value>([...(isContext(value) ? value.entries : []), ['each', value], [each.as, value]]),
  source,
});

const eachVerdict = (truth: Truth, lines: readonly DecisionLine[]): Verdict => {
  if (truth === false || lines.length === 0) return 'ineligible';
  if (lines.some((l) => l.verdict === 'eligible')) return 'eligible';
  return lines.some((l) => l.verdict === 'undetermined') ? 'undetermined' : 'ineligible';
};

// ── limits, payment, events ──────────────────────────────────────────────────────────────────────────────────────────

const capsOf = (compiled: CompiledItem, session: Session): Readonly<Record<string, bigint | null>> => {
  const f = openFigures(session, null);
  const hundred = fromInt(100);
  const fen = (figure: CompiledItem['caps'][number]['figure']): bigint | null => {
    const q = readFigure(figure, f, 'none');
    return q !== null && isKnown(q) ? floorToBigint(mul(q.low, hundred)) : null;
  };
  return Object.fromEntries(compiled.caps.map((c) => [`limits/${c.limit}/cap`, fen(c.figure)]));
};

/** Conditions that wait for seal and release; null: the item has none. */
export const paymentConditions = (compiled: CompiledItem): Ready | null => compiled.payment;

export interface PaymentDecision {
  /** False or null withholds the line. */
  readonly truth: Truth;
  readonly trace: Trace | null;
  readonly missing: readonly Missing[];
  readonly read: readonly ReadEntry[];
}

/** Decides the payment conditions on the newest record; `period.knownAt` is the day of sealing or release. */
export const decidePayment = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod): PaymentDecision => {
  if (compiled.payment === null) return { truth: true, trace: null, missing: [], read: [] };
  const session = openSession(compiled.plan, source, period);
  const trace = decideCondition(compiled.payment, session);
  return { truth: trace.truth, trace, missing: settling(trace), read: session.log() };
};

export interface EventPeriods {
  /** One period per element of the event list whose day and key are known, earliest first. */
  readonly periods: readonly DecisionPeriod[];
  /** Why there may be more. */
  readonly missing: readonly Missing[];
}

/** per-event: the periods a subject's events make. Empty for other items. */
export const eventPeriods = (compiled: CompiledItem, source: FactSource, knownAt: Day): EventPeriods => {
  const { event } = compiled;
  if (event === null) return { periods: [], missing: [] };
  const session = openSession({ ...compiled.plan, event: null, deathFact: null }, source, {
    kind: 'per-event',
    key: '',
    start: knownAt,
    end: knownAt,
    knownAt,
  });
  const list = session.read(event.list, knownAt, null).value;
  const elements = elementsOf(list);
  if (elements === null) return { periods: [], missing: lacking(list, event.list, session) };
  const missing: Missing[] = [];
  const seen = new Set<string>();
  const periods = elements.flatMap(({ value }): readonly DecisionPeriod[] => {
    if (isUnknown(value)) missing.push(...lacking(value, event.list, session));
    if (!isContext(value)) return [];
    const key = keyOf(value, event.key);
    const at = value.entries.get(event.day) ?? null;
    if (isUnknown(at)) missing.push(...lacking(at, event.day, session));
    // A day checked and none: the event has not come about.
    if (at === null || typeof at !== 'object' || isList(at) || at.kind !== 'date') return [];
    const field = `${event.list}.${event.key}`;
    if (key === null) missing.push(...lacking(value.entries.get(event.key) ?? null, field, session));
    else if (seen.has(key)) missing.push({ fact: field, dataset: null, reason: 'conflict' });
    if (key === null || seen.has(key)) return [];
    seen.add(key);
    const day = dayFromDate(at);
    return [{ kind: 'per-event', key, start: day, end: day, knownAt }];
  });
  return { periods: periods.sort((a, b) => toEpochDay(a.end) - toEpochDay(b.end)), missing: distinct(missing) };
};
