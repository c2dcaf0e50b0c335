// The second opinion on one item, subject and period: what the run's answer is held against before anything is pre-filled (DESIGN 11a).
import type { Value } from '../feel/value.ts';
import { isContext, isList, isUncertain, isUnknown } from '../feel/value.ts';
import type { DecisionPeriod, FactSource, Truth, Verdict } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { type SecondConditions, secondConditions } from '../rule/second.ts';
import { type Locals, nobody, openReader, type Reader } from '../rule/second-reader.ts';
import { awardReads } from './award-reads.ts';
import type { CompiledItem } from './compile.ts';
import type { Each } from './item.ts';
import { type Looking, secondAmount } from './second-award.ts';
import { secondChoice } from './second-govern.ts';
import { secondMode } from './second-mode.ts';

export interface SecondLine {
  readonly key: string | null;
  readonly verdict: Verdict;
  /** null: not eligible, or not known exactly. */
  readonly amountFen: bigint | null;
}

export interface SecondOpinion {
  readonly verdict: Verdict;
  readonly lines: readonly SecondLine[];
  /** Only with `eligible`, of an item whose mode depends on conditions. */
  readonly mode?: string;
}

interface Prepared {
  readonly conditions: SecondConditions;
  readonly formulas: Looking['formulas'];
}

const prepared = new WeakMap<CompiledItem, Prepared>();

const prepare = (item: CompiledItem): Prepared => {
  const before = prepared.get(item);
  if (before !== undefined) return before;
  const { expressions } = awardReads(item.award, item.instalments);
  const made: Prepared = {
    conditions: secondConditions(item.item.conditions, item.plan),
    formulas: new Map(expressions.map((e) => [e.text, e])),
  };
  prepared.set(item, made);
  return made;
};

const named: Readonly<Record<string, Verdict>> = { true: 'eligible', false: 'ineligible', null: 'undetermined' };
const and = (a: Truth, b: Truth): Truth => (a === false || b === false ? false : a === null || b === null ? null : true);

/** Lines as `decide` gives them. Engines are cached per compiled item. */
export const secondOpinion = async (item: CompiledItem, source: FactSource, period: DecisionPeriod): Promise<SecondOpinion> =>
  item.before === undefined
    ? await opinionAlone(item, source, period)
    : await secondChoice(item, period, source, {
        mine: () => opinionAlone(item, source, period),
        theirs: () => secondOpinion(item.before as CompiledItem, source, period),
      });

const opinionAlone = async (item: CompiledItem, source: FactSource, period: DecisionPeriod): Promise<SecondOpinion> => {
  const reader = openReader(item.plan, source, period);
  const opinion = await withoutMode(item, reader);
  const mode = opinion.verdict === 'eligible' ? secondMode(item.item, item.plan, reader) : null;
  return mode === null ? opinion : { ...opinion, mode };
};

const withoutMode = async (item: CompiledItem, reader: Reader): Promise<SecondOpinion> => {
  const { conditions, formulas } = prepare(item);
  const truth = await conditions.decide(reader);
  const looking = (locals: Locals): Looking => ({ plan: item.plan, reader, locals, formulas });
  const line = (key: string | null, t: Truth, locals: Locals): SecondLine => {
    const sure = t === true && !claimsNamed(item, reader, locals) ? null : t;
    return {
      key,
      verdict: named[String(sure)] ?? 'undetermined',
      amountFen: sure === true ? secondAmount(item.item, looking(locals)) : null,
    };
  };
  const { each } = item.item;
  if (each === undefined) {
    const only = line(null, truth, nobody);
    return { verdict: only.verdict, lines: [only] };
  }
  return eachOpinion(item, each, truth, reader, line);
};

const claimsNamed = (item: CompiledItem, reader: Reader, locals: Locals): boolean =>
  item.claims.every((c) => {
    const object = reader.run(c.object, reader.endDay, locals);
    const text = object === null || isUnknown(object) ? '' : plain(object);
    return typeof text === 'string' && text !== '';
  });

const eachOpinion = (
  item: CompiledItem,
  each: Each,
  truth: Truth,
  reader: Reader,
  line: (key: string | null, t: Truth, locals: Locals) => SecondLine,
): SecondOpinion => {
  if (truth === false) return { verdict: 'ineligible', lines: [] };
  const list = reader.value(each.list, reader.endDay, nobody);
  if (isUnknown(list)) return { verdict: 'undetermined', lines: [] };
  const elements: readonly { readonly value: Value; readonly sure: boolean }[] = isUncertain(list)
    ? list.elements
    : isList(list)
      ? list.map((value) => ({ value, sure: true }))
      : [];
  const seen = new Set<string>();
  const lines: SecondLine[] = [];
  for (const [i, { value, sure }] of elements.entries()) {
    const fields: readonly (readonly [string, Value])[] = isContext(value) ? [...value.entries] : [];
    const locals: Locals = new Map([...fields, ['each', value] as const, [each.as, value] as const]);
    const where = isUnknown(value) || item.each === null ? null : reader.run(item.each.where, reader.endDay, locals);
    const meant: Truth = isUnknown(value) || isUnknown(where) ? null : where !== true ? false : sure ? true : null;
    if (meant === false) continue;
    const field = isContext(value) ? (value.entries.get(each.key) ?? null) : null;
    const key = field === null || isUnknown(field) ? null : String(plain(field));
    if (key === null || seen.has(key)) lines.push({ key: `#${i + 1}`, verdict: 'undetermined', amountFen: null });
    else {
      seen.add(key);
      lines.push(line(key, and(truth, meant), locals));
    }
  }
  const has = (v: Verdict): boolean => lines.some((l) => l.verdict === v);
  return { verdict: has('eligible') ? 'eligible' : has('undetermined') ? 'undetermined' : 'ineligible', lines };
};
