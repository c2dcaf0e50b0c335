// A match 匹配结果: what a run found about one subject, item and period, how that differs from before, and the evidence it stands on.
// Shapes and pure functions; `run.ts` is the step, `decide-chunk.ts` its work, the stores hold the SQL.
import { createHash } from 'node:crypto';
import type { Day } from '../base/day.ts';
import type { ClosedRow } from '../policy/closed.ts';
import type { Item, MatchKind } from '../policy/item.ts';
import type { ReadyOrder } from '../policy/order.ts';
import type { Extension } from '../readiness/late.ts';
import type { Decision, DecisionLine, DecisionPeriod, Governed, Missing, ModeChosen, ReadEntry, Trace, Verdict } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';

/** Named in every evidence: a later evaluator that decides otherwise must say so. */
export const evaluator = 'zhixiang-1';

/** A published version as a run needs it. */
export interface ItemVersion {
  readonly item: Item;
  readonly version: number;
  readonly hash: string;
}

/** The last match of a subject, item and period (or of the nearest period before). */
export interface Standing {
  readonly id: string;
  readonly periodKey: string;
  readonly sequence: number;
  readonly verdict: Verdict;
  readonly digest: string;
  /** End of the period it was decided for; a `once` item stays with it. */
  readonly periodEnd: Day;
}

type Before = 'none' | 'eligible' | 'suspended' | 'ended';

/** What is written when a subject that stood like this is now found like that; null: nothing. `same` is within one period, `next` against an earlier one. */
const transitions = {
  none: {
    same: { eligible: 'first', undetermined: null, ineligible: null },
    next: { eligible: 'first', undetermined: null, ineligible: null },
  },
  eligible: {
    same: { eligible: null, undetermined: 'suspended', ineligible: 'ended' },
    next: { eligible: 'continuing', undetermined: 'suspended', ineligible: 'ended' },
  },
  suspended: {
    same: { eligible: 'resumed', undetermined: null, ineligible: 'ended' },
    next: { eligible: 'resumed', undetermined: null, ineligible: 'ended' },
  },
  ended: {
    same: { eligible: 'resumed', undetermined: null, ineligible: null },
    next: { eligible: 'first', undetermined: null, ineligible: null },
  },
} as const satisfies Record<Before, Record<'same' | 'next', Record<Verdict, MatchKind | null>>>;

const beforeOf: Record<Verdict, Before> = { eligible: 'eligible', undetermined: 'suspended', ineligible: 'ended' };

/** `changed` is eligible before and now with another amount or other lines; everything else is the table. */
export const kindOf = (
  standing: Standing | null,
  periodKey: string,
  now: { readonly verdict: Verdict; readonly digest: string },
): MatchKind | null => {
  const before = standing === null ? 'none' : beforeOf[standing.verdict];
  if (before === 'eligible' && now.verdict === 'eligible' && standing?.digest !== now.digest) return 'changed';
  return transitions[before][standing?.periodKey === periodKey ? 'same' : 'next'][now.verdict];
};

/** What stands for an element's key or a claimed object wherever it rests in clear: equal ones stay equal, and nobody reads an identity number. */
export type Veil = (key: string) => string;

const lineDigest = (line: Pick<DecisionLine, 'key' | 'award' | 'claims'>, veil: Veil): unknown => {
  const { key, award, claims } = line;
  const worth =
    award === null
      ? null
      : award.state === 'known'
        ? String(award.amountFen)
        : award.state === 'bounded'
          ? [`${award.fromFen}`, `${award.toFen}`]
          : '?';
  return [key === null ? null : veil(key), worth, claims.map((c) => [c.kind, veil(c.object), c.group, c.per, c.orderDay])];
};

/**
 * Over what money and claims depend on, and nothing that may be worded otherwise tomorrow. A mode that depends is part of it: whoever was paid without a
 * word and now has to confirm is `changed`, and goes through the first steps again.
 */
export const digestOf = (decision: Pick<Decision, 'verdict' | 'lines' | 'mode'>, veil: Veil): string => {
  const lines = decision.lines.filter((l) => l.verdict === 'eligible').map((l) => lineDigest(l, veil));
  return createHash('sha256')
    .update(JSON.stringify([decision.verdict, lines, ...(decision.mode === undefined ? [] : [decision.mode.mode])]))
    .digest('hex')
    .slice(0, 32);
};

/** A trace node as stored: texts and clauses stand in the version at `at`, sources among what was read. */
export interface CompactTrace {
  readonly k: Trace['kind'];
  readonly t: boolean | null;
  readonly at: string;
  readonly f?: string;
  readonly op?: string;
  /** Required value, plain; `rf` where it is another fact. */
  readonly r?: unknown;
  readonly rf?: string;
  /** Actual value, plain; left out where it is long, it stands among what was read. */
  readonly a?: unknown;
  readonly m?: readonly string[];
  readonly c?: readonly CompactTrace[];
}

const longest = 200;

export const compactTrace = (trace: Trace): CompactTrace => {
  const actual = trace.actual === undefined ? undefined : plain(trace.actual);
  return {
    k: trace.kind,
    t: trace.truth,
    at: trace.at,
    ...(trace.fact === undefined ? {} : { f: trace.fact }),
    ...(trace.operator === undefined ? {} : { op: trace.operator }),
    ...(trace.required === undefined ? {} : { r: plain(trace.required) }),
    ...(trace.requiredFact === undefined ? {} : { rf: trace.requiredFact }),
    ...(actual === undefined || JSON.stringify(actual).length > longest ? {} : { a: actual }),
    ...(trace.missing === undefined ? {} : { m: trace.missing.map((x) => x.fact) }),
    ...(trace.children === undefined ? {} : { c: trace.children.map(compactTrace) }),
  };
};

/** What a match stands on; enough to decide again without the snapshot. Amounts as text. */
export interface Evidence {
  readonly period: DecisionPeriod;
  readonly snapshot: string;
  readonly itemHash: string;
  readonly catalogueHash: string;
  readonly evaluator: string;
  readonly ledgerCut: string;
  readonly read: readonly ReadEntry[];
  readonly trace: CompactTrace;
  readonly missing: readonly Missing[];
  readonly digest: string;
  readonly capsFen?: Readonly<Record<string, string | null>>;
  /** 兑现方式 where it depends on conditions; names of what is missing, no values. */
  readonly mode?: ModeChosen;
  /** 新老划断: which of two versions decided. */
  readonly governed?: Governed;
  /** Ranks and pools: the frozen table's hash and the subject's own row. */
  readonly closing?: readonly { readonly fact: string; readonly id: string; readonly hash: string; readonly row: ClosedRow | null }[];
  /** By which limited budgets are ordered: an event's own day, else the day of the fact that the budget names. */
  readonly orderDay?: Day;
  /** By which a ranked budget is ordered: the number of the fact that the budget names, as decimal text. */
  readonly orderValue?: string;
  /** The same where a number says who goes first, or the latest day does: a text that sorts (policy/order.ts). */
  readonly orderKey?: string;
  /** What stood before the item went live: nobody decided it, an accepted list said so. */
  readonly opening?: { readonly comparison: string; readonly line: number };
  /** Late datasets that were trusted beyond their limit by a person's decision, where a value read rests on that. */
  readonly extensions?: readonly Extension[];
}

export interface EvidenceContext {
  readonly snapshot: string;
  readonly itemHash: string;
  readonly catalogueHash: string;
  readonly ledgerCut: bigint;
  /** By what a limited budget is ordered. */
  readonly order: ReadyOrder | null;
  readonly extensions?: readonly Extension[];
  readonly closing?: Evidence['closing'];
}

/** An event's own day, else that of the named fact; by a number, or from late to early, a key that sorts so. Empty: nobody knows. */
const orderOf = ({ orderKey }: Decision, period: DecisionPeriod, order: ReadyOrder | null): Pick<Evidence, 'orderDay' | 'orderKey'> => {
  if (order === null || (order.kind === 'date' && order.direction === 'asc')) {
    const day = period.kind === 'per-event' ? period.end : orderKey;
    return day === undefined ? {} : { orderDay: day as Day };
  }
  return orderKey === undefined ? {} : { orderKey };
};

/** The number a ranked budget is ordered by; null: it is no number. */
const orderValueOf = (decision: Decision, fact: string | null): string | null => {
  const value = fact === null ? null : decision.read.find((entry) => entry.fact === fact)?.value;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^-?\d{1,12}(\.\d{1,6})?$/.test(text) ? text : null;
};

export const evidenceOf = (decision: Decision, period: DecisionPeriod, context: EvidenceContext, digest: string): Evidence => {
  const orderValue = orderValueOf(decision, context.order?.fact ?? null);
  return {
    period,
    snapshot: context.snapshot,
    itemHash: context.itemHash,
    catalogueHash: context.catalogueHash,
    evaluator,
    ledgerCut: String(context.ledgerCut),
    read: decision.read,
    trace: compactTrace(decision.trace),
    missing: decision.missing,
    digest,
    ...(decision.capsFen === undefined
      ? {}
      : { capsFen: Object.fromEntries(Object.entries(decision.capsFen).map(([name, fen]) => [name, fen === null ? null : String(fen)])) }),
    ...(decision.mode === undefined ? {} : { mode: decision.mode }),
    ...(decision.governed === undefined ? {} : { governed: decision.governed }),
    ...(context.closing === undefined || context.closing.length === 0 ? {} : { closing: context.closing }),
    ...orderOf(decision, period, context.order),
    ...(orderValue === null ? {} : { orderValue }),
    ...(context.extensions === undefined || context.extensions.length === 0 ? {} : { extensions: context.extensions }),
  };
};

/** Lines as stored: amounts are digits in text. */
export type StoredLine = Omit<DecisionLine, 'award'> & {
  readonly award:
    | {
        readonly state: 'known';
        readonly amountFen: string;
        readonly steps: readonly { readonly text: string; readonly kind: string; readonly yuan: string }[];
      }
    | { readonly state: 'bounded'; readonly fromFen: string; readonly toFen: string; readonly missing: DecisionLine['missing'] }
    | { readonly state: 'unknown'; readonly missing: DecisionLine['missing'] }
    | null;
};

/** JSON text with bigint as digits. Asking for each value whether it is one takes several times as long as writing it: what has none is written at once. */
export const jsonText = (value: unknown): string => {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? String(v) : v));
  }
};
