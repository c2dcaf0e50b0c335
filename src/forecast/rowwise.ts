// What 试算 works out row by row and keeps for the next question: what a computed fact is worth, whether a condition no column can answer holds, what an
// eligible row is awarded. A figure that is moved asks again for what was known already; each is kept by everything it depends on.
import { hash } from 'node:crypto';
import { canonicalJson } from '../base/canonical.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { isList, isUnknown, unknown as unknownOf, type Value } from '../feel/value.ts';
import { columnSource } from '../match/source.ts';
import { computeAward } from '../policy/award.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { decide } from '../policy/decide.ts';
import { decideCondition } from '../rule/decide.ts';
import type { DecisionPeriod, Truth } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import type { ReadyLeaf } from '../rule/ready.ts';
import { openSession, type Session } from '../rule/session.ts';
import { type Bitmap, emptyBitmap, setBit } from '../snapshot/bitmap.ts';
import type { Pair } from '../snapshot/bits.ts';
import { endCell, firstCell, rowState, rowStateAt } from '../snapshot/columns.ts';
import { type Computed, computedFrom } from '../snapshot/computed.ts';
import { valueAt } from '../snapshot/feel.ts';
import type { Hot, Place } from '../snapshot/hot.ts';
import type { KernelItem } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { requiredOf } from '../snapshot/question.ts';
import { state } from '../snapshot/vector.ts';

/** One rule and period asked of everybody. */
export interface Asking {
  readonly compiled: CompiledItem;
  readonly period: DecisionPeriod;
  readonly catalogue: Catalogue;
  readonly kernel: KernelItem;
  /** Of all that the award of a row depends on beside its data. */
  readonly awardHash: string;
  readonly factsHash: string;
}

const hashOf = (value: unknown): string => hash('sha256', canonicalJson(value));

export const askingOf = (compiled: CompiledItem, period: DecisionPeriod, catalogue: Catalogue, kernel: KernelItem): Asking => {
  const { id, facts, region, award, rounding, instalments, each, limits } = compiled.item as typeof compiled.item & Record<string, unknown>;
  // Purposes are granted by item and mode: what one may read another may not.
  const of = { id, region, facts: facts ?? null, mode: compiled.item.mode, period };
  const awarded = {
    ...of,
    award,
    rounding: rounding ?? null,
    instalments: instalments ?? null,
    each: each ?? null,
    limits: limits ?? null,
  };
  return { compiled, period, catalogue, kernel, factsHash: hashOf(of), awardHash: hashOf(JSON.parse(JSON.stringify(awarded))) };
};

/** A verdict with its 分, of a row whose conditions hold (`true`) or are open (`null`). */
export interface Outcome {
  readonly verdict: 'eligible' | 'undetermined' | 'ineligible';
  /** null: not eligible, or not known exactly. */
  readonly fen: bigint | null;
}

/** By row: 0 not asked yet, 1 eligible with this amount, 2 eligible with an open one, 3 undetermined, 4 ineligible. */
interface Outcomes {
  readonly states: Uint8Array;
  readonly fen: BigInt64Array;
}

/** Values of one computed fact by row: the place of the value in `values`, 0 where it was not asked yet. */
interface Worth {
  readonly ids: Uint32Array;
  readonly values: Value[];
  readonly byName: Map<string, number>;
}

/** More values than that in one block are not kept apart. */
const mostValues = 20_000;
const decided = { eligible: 1, undetermined: 3, ineligible: 4 } as const;
const largest = 2n ** 62n;

export interface Rowwise {
  /** Of these rows, where a condition holds and where it may; exact, for whoever died within the period too. */
  truths(leaf: ReadyLeaf, rows: readonly number[]): Pair<Bitmap>;
  truth(row: number): Truth;
  /** Verdict and award of a row, given what its conditions say. */
  outcome(row: number, truth: true | null): Outcome;
}

/** `keep` false: nothing outlives the question, as for a swept award. */
export const rowwise = (hot: Hot, place: Place, block: OpenBlock, asking: Asking, keep: boolean): Rowwise => {
  const { compiled, period, catalogue } = asking;
  const memo = <T>(name: string, bytes: number, make: () => T): T => (keep ? hot.memo(place, name, bytes, make) : make());
  const sourceOf = (row: number) => columnSource({ block, row }, { catalogue, link: () => undefined, paid: [], purpose: compiled.item });
  const sessionOf = (row: number): Session => openSession(compiled.plan, sourceOf(row), period);

  /** How one row answers a condition. */
  const testOf = (leaf: ReadyLeaf): ((row: number) => Truth) => {
    const required = leaf.on === 'any' || leaf.on === 'every' || leaf.tree !== null ? undefined : requiredOf(leaf, period);
    if (required === undefined || !compiled.plan.itemFacts.has(leaf.fact))
      return rememberedIn(
        memo(`truth ${asking.factsHash} ${leafName(leaf)}`, block.rows, () => new Uint8Array(block.rows)),
        (row) => decideCondition(leaf, sessionOf(row)).truth,
      );
    const context = { tree: null, within: () => null };
    const answers: (Truth | undefined)[] = [];
    const worth = worthOf(leaf, { block, asking, sessionOf, memo });
    return (row) => {
      const { value, id } = worth(row);
      if (id === 0) return leaf.operator.evaluate(value, required, context);
      let answer = answers[id];
      if (answer === undefined) {
        answer = leaf.operator.evaluate(value, required, context);
        answers[id] = answer;
      }
      return answer;
    };
  };

  const outcomesOf = (truth: true | null): Outcomes =>
    memo<Outcomes>(`outcome ${asking.awardHash} ${truth}`, block.rows * 9, () => ({
      states: new Uint8Array(block.rows),
      fen: new BigInt64Array(block.rows),
    }));
  const kept = new Map<true | null, Outcomes>();

  const decideRow = (row: number, truth: true | null): Outcome => {
    if (settledBy(compiled)) {
      if (truth === null) return { verdict: 'undetermined', fen: null };
      const award = computeAward(compiled.award, compiled.instalments, sessionOf(row), null);
      return { verdict: 'eligible', fen: award.state === 'known' ? award.amountFen : null };
    }
    const { verdict, amountFen } = decide(compiled, sourceOf(row), period);
    return { verdict, fen: verdict === 'eligible' ? amountFen : null };
  };

  return {
    truths: (leaf, rows) => {
      const pair = { surely: emptyBitmap(block.rows), possibly: block.present.slice() };
      const test = testOf(leaf);
      for (const row of rows) {
        const truth = test(row);
        if (truth === true) setBit(pair.surely, row);
        else if (truth === false) pair.possibly[row >>> 5] = (pair.possibly[row >>> 5] as number) & ~(1 << (row & 31));
      }
      return pair;
    },
    truth: (row) => decideCondition(compiled.match, sessionOf(row)).truth,
    outcome: (row, truth) => {
      let outcomes = kept.get(truth);
      if (outcomes === undefined) {
        outcomes = outcomesOf(truth);
        kept.set(truth, outcomes);
      }
      const known = outcomes.states[row] as number;
      if (known === 1) return { verdict: 'eligible', fen: outcomes.fen[row] as bigint };
      if (known > 1) return { verdict: known === 2 ? 'eligible' : known === 3 ? 'undetermined' : 'ineligible', fen: null };
      const found = decideRow(row, truth);
      // An amount no column of whole numbers holds is worked out each time.
      if (found.fen !== null && (found.fen > largest || found.fen < -largest)) return found;
      outcomes.states[row] = found.verdict === 'eligible' && found.fen === null ? 2 : decided[found.verdict];
      outcomes.fen[row] = found.fen ?? 0n;
      return found;
    },
  };
};

/** All that tells one condition from another beside the rule's own facts. */
const leafName = ({ fact, operator, operand, tree, on, checkAt }: ReadyLeaf): string =>
  JSON.stringify([fact, operator.name, operand, tree, on, checkAt], (_, v) => (typeof v === 'bigint' ? String(v) : v));

/** By row: 0 not asked yet. */
const truths: readonly Truth[] = [null, true, false, null];

/** A condition that compares two computed facts costs as much as reading both, and stays what it was while another figure is moved. */
const rememberedIn =
  (known: Uint8Array, ask: (row: number) => Truth): ((row: number) => Truth) =>
  (row) => {
    if (known[row] === 0) known[row] = truths.indexOf(ask(row), 1);
    return truths[known[row] as number] as Truth;
  };

/** What a computed fact is worth, by row. */
const worthOf = (
  leaf: ReadyLeaf,
  {
    block,
    asking,
    sessionOf,
    memo,
  }: {
    readonly block: OpenBlock;
    readonly asking: Asking;
    readonly sessionOf: (row: number) => Session;
    readonly memo: <T>(name: string, bytes: number, make: () => T) => T;
  },
): ((row: number) => { readonly value: Value; readonly id: number }) => {
  const when = `${leaf.checkAt} ${leaf.on}`;
  const worth = memo<Worth>(`worth ${asking.factsHash} ${leaf.fact} ${when}`, block.rows * 4 + 100_000, () => ({
    ids: new Uint32Array(block.rows),
    values: [null],
    byName: new Map(),
  }));
  const own = computedFrom(leaf.fact, asking.kernel, asking.period, 'any');
  const compute = own === null || own.fact.timed === true ? (row: number) => inSession(sessionOf(row), leaf) : inColumn(block, own);
  return (row) => {
    const known = worth.ids[row] as number;
    if (known > 0) return { value: worth.values[known] as Value, id: known };
    const value = compute(row);
    const name = nameOf(value);
    if (name === null) return { value, id: 0 };
    let id = worth.byName.get(name);
    if (id === undefined) {
      if (worth.values.length > mostValues) return { value, id: 0 };
      id = worth.values.length;
      worth.values.push(value);
      worth.byName.set(name, id);
    }
    worth.ids[row] = id;
    return { value, id };
  };
};

/** The conditions alone say who is eligible: nothing beyond them can say no. Everybody has a key of their own. */
export const settledBy = (compiled: CompiledItem): boolean =>
  compiled.each === null && compiled.claims.every(({ object }) => object.text.trim() === 'subject.key');

const inSession = (session: Session, leaf: ReadyLeaf): Value => {
  const day = leaf.checkAt !== 'period' ? session.period.knownAt : leaf.on === 'start' ? session.startDay : session.endDay;
  return session.read(leaf.fact, day, null).value;
};

/** A fact that holds at all times, read where it stands; lists of nothing are worth the same everywhere. */
const inColumn = (block: OpenBlock, computed: Computed): ((row: number) => Value) => {
  const { fact } = computed;
  const column = block.column(fact.key);
  let [unknown, empty, none]: (Value | undefined)[] = [];
  return (row) => {
    const told = column !== null && rowStateAt(column, row) === rowState.told;
    const cell = told ? firstCell(column, row) : -1;
    if (column === null || !told || cell >= endCell(column, row)) {
      unknown ??= computed.of(unknownOf(fact.key));
      return unknown;
    }
    const { values } = column;
    if (values.shape !== 'scalar' && values.odd === undefined) {
      const standing = values.states[cell];
      if (standing === state.null) {
        none = none === undefined ? computed.of(null) : none;
        return none;
      }
      if (values.shape !== 'series' && standing === state.value && values.offsets[cell] === values.offsets[cell + 1]) {
        empty = empty === undefined ? computed.of([]) : empty;
        return empty;
      }
    }
    return computed.of(valueAt(values, cell, fact, fact.key));
  };
};

/** By what a condition can tell apart; null: not worth keeping. */
const nameOf = (value: Value): string | null => {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isUnknown(value)) return `?${JSON.stringify([value.low, value.high], (_, v) => (typeof v === 'bigint' ? String(v) : v))}`;
  if (isList(value) || (value.kind !== 'number' && value.kind !== 'date')) return null;
  return `${value.kind} ${JSON.stringify(plain(value))}`;
};
