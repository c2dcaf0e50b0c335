// What FEEL's surroundings answer during a decision: trees, dated parameters, external series, the ledger. Every answer is evidence.
import type { Day } from '../base/day.ts';
import { ratio } from '../base/rational.ts';
import { dayFromDate, isContext, isList, isNumber, isUnknown, missingOf, unknown, type Value } from '../feel/value.ts';
import type { DecisionPeriod, FactSource, Reading } from './facts.ts';
import { numberText } from './literal.ts';

export interface Surroundings {
  readonly source: FactSource;
  readonly period: DecisionPeriod;
  readonly region: string | null;
  readonly day: Day;
  readonly ledger: { once(fact: string, day: Day | undefined, read: () => Reading): Reading };
}

/** undefined: not a call we know; FEEL then answers unknown. */
export const answer = (name: string, args: readonly Value[], s: Surroundings): Value | undefined => {
  const open = args.filter(isUnknown);
  if (open.length > 0) return unknown(...missingOf(...open));
  switch (name) {
    case 'within':
      return within(args, s);
    case 'parameter':
      return parameter(args, s);
    case 'external':
      return external(args, s);
    case 'paid':
      return paid(args, s);
    default:
      return undefined;
  }
};

const textAt = (args: readonly Value[], i: number): string | null => {
  const v = args[i];
  return typeof v === 'string' ? v : null;
};

const dayAmong = (args: readonly Value[]): Day | null => {
  for (const v of args) if (v !== null && typeof v === 'object' && !isList(v) && v.kind === 'date') return dayFromDate(v);
  return null;
};

/** within(tree, code, ancestor): false for a known none; unknown when the tree does not know a code. */
const within = (args: readonly Value[], s: Surroundings): Value => {
  const [tree, code, ancestor] = [textAt(args, 0), textAt(args, 1), textAt(args, 2)];
  if (tree === null || code === null || ancestor === null) return false;
  const asked = `within:${tree}:${code}:${ancestor}`;
  return s.ledger.once(asked, s.day, () => {
    const found = s.source.within(tree, code, ancestor, s.day);
    return found === null
      ? { value: unknown(asked), source: null, missing: { fact: asked, dataset: null, reason: 'conflict' } }
      : { value: found, source: null };
  }).value;
};

/** parameter(key, region?, date?): the item's region and the day of the condition unless given. */
const parameter = (args: readonly Value[], s: Surroundings): Value => {
  const key = textAt(args, 0);
  if (key === null) return null;
  const region = textAt(args, 1) ?? s.region;
  const day = dayAmong(args) ?? s.day;
  return s.ledger.once(`parameter:${key}${region === null ? '' : `:${region}`}`, day, () => s.source.parameter(key, region, day)).value;
};

const isPeriodKey = (text: string): boolean => /^\d{4}(-\d{2}|Q[1-4])?$/.test(text);

/** external(key, period?, region?) in any order after the key: `2025-12` is a period, `530000` a region. */
const external = (args: readonly Value[], s: Surroundings): Value => {
  const key = textAt(args, 0);
  if (key === null) return null;
  const texts = args.slice(1).map((v) => (isNumber(v) ? numberText(v) : v));
  const given = texts.filter((v): v is string => typeof v === 'string');
  const period = given.find(isPeriodKey) ?? s.period.key;
  const region = given.find((t) => !isPeriodKey(t)) ?? s.region;
  const asked = `external:${key}:${period}${region === null ? '' : `:${region}`}`;
  return s.ledger.once(asked, undefined, () => s.source.external(key, region, period)).value;
};

interface PaidQuestion {
  readonly items: readonly string[];
  readonly year?: string;
  readonly period?: string;
  readonly key?: string;
}

/** paid(items…, "2025" or "2025-03" …): what was paid, in yuan; nothing paid is 0. A context may say `{ year, period, key }`. */
const paid = (args: readonly Value[], s: Surroundings): Value => {
  const { items, ...options } = paidQuestion(args.flatMap((a) => (isList(a) ? a : [a])));
  const asked = `paid:${items.join('+')}${(['year', 'period', 'key'] as const).map((k) => (options[k] === undefined ? '' : `:${k}=${options[k]}`)).join('')}`;
  return s.ledger.once(asked, undefined, () => {
    const fen = s.source.paid(items, options).reduce((sum, row) => sum + row.amountFen, 0n);
    return { value: ratio(fen, 100n), source: null };
  }).value;
};

const paidQuestion = (args: readonly Value[]): PaidQuestion => {
  const items: string[] = [];
  const out: { year?: string; period?: string; key?: string } = {};
  for (const v of args) {
    const text = isNumber(v) ? numberText(v) : v;
    if (typeof text === 'string') {
      if (/^\d{4}$/.test(text)) out.year = text;
      else if (isPeriodKey(text)) out.period = text;
      else items.push(text);
    } else if (isContext(v)) {
      for (const key of ['year', 'period', 'key'] as const) {
        const e = v.entries.get(key);
        if (typeof e === 'string') out[key] = e;
        else if (e !== undefined && isNumber(e)) out[key] = numberText(e);
      }
    }
  }
  return { items, ...out };
};
