// What a survey adds up to, block by block: counts, amounts, groups, what changes against the version in force, the last run, the next period, and each
// swept point. Nothing of a person stays in it but sums.
import { ageAt, type Day, parseDay } from '../base/day.ts';
import type { Tx } from '../db/handle.ts';
import { lackingOf } from '../match/examine.ts';
import { amountsOf } from '../match/verdict-store.ts';
import type { MatchKind } from '../policy/item.ts';
import { countBits } from '../snapshot/bitmap.ts';
import { factAt } from '../snapshot/columns.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { type Near, openNear, takeNear } from './near.ts';
import { addShift, knownFen, openShift, type Shift } from './shift.ts';
import { addWorth, Groups, openSpread, type Spread } from './spread.ts';
import type { Award, BlockView, Outcome } from './survey.ts';

export type MissingCounts = Map<string, { readonly fact: string; readonly dataset: string; readonly reason: string; subjects: number }>;
type Paid = Extract<MatchKind, 'first' | 'changed' | 'continuing' | 'resumed'>;
type CashCounts = Map<Paid, { awards: number; fen: bigint }>;

export interface Point {
  eligible: number;
  undetermined: number;
  readonly spread: Spread;
  readonly shift: Shift;
}

export interface Findings {
  counts: { subjects: number; eligible: number; undetermined: number; ineligible: number };
  amountFen: bigint;
  readonly missing: MissingCounts;
  readonly spread: Spread;
  readonly amountsMissing: MissingCounts;
  readonly byDivision: Groups;
  /** Matches by the mode they come to, and how many of them for want of data. */
  readonly modes: Map<string, { matches: number; open: number }>;
  bySize: Groups | null;
  byAge: Groups | null;
  readonly againstInForce: Shift;
  readonly againstLastRun: Shift;
  everRun: boolean;
  /** What a run would write, by kind: the money that would newly be promised. */
  readonly cash: CashCounts;
  readonly next: { readonly shift: Shift; eligible: number; amountFen: bigint; readonly cash: CashCounts } | null;
  readonly swept: readonly Point[];
  readonly near: Near;
}

export const openFindings = (next: boolean, points: number): Findings => ({
  counts: { subjects: 0, eligible: 0, undetermined: 0, ineligible: 0 },
  amountFen: 0n,
  missing: new Map(),
  spread: openSpread(),
  amountsMissing: new Map(),
  byDivision: new Groups(),
  modes: new Map(),
  bySize: null,
  byAge: null,
  againstInForce: openShift(),
  againstLastRun: openShift(),
  everRun: false,
  cash: new Map(),
  next: next ? { shift: openShift(), eligible: 0, amountFen: 0n, cash: new Map() } : null,
  swept: Array.from({ length: points }, () => ({ eligible: 0, undetermined: 0, spread: openSpread(), shift: openShift() })),
  near: openNear(),
});

export interface Taking {
  readonly inForce: boolean;
  readonly next: boolean;
  readonly ageOn: Day;
  /** Loaded columns beyond what the items read. */
  readonly also: readonly string[];
  /** Rows asked for near misses in a block; 0: none. */
  readonly nearRows: number;
}

/** `views`: the draft's, then those `taking` names, then one per swept point. */
export const takeBlock = async (f: Findings, block: OpenBlock, views: readonly BlockView[], tx: Tx, taking: Taking): Promise<void> => {
  const [draft, ...others] = views;
  if (draft === undefined) return;
  takeCounts(f, block, draft, taking);
  await takeLastRun(f, draft, tx);
  await takeNear(f.near, block, draft, taking.nearRows);
  let place = 0;
  if (taking.inForce) await compareViews(f.againstInForce, others[place++], draft);
  const next = taking.next ? others[place++] : undefined;
  if (next !== undefined && f.next !== null) {
    await compareViews(f.next.shift, draft, next);
    f.next.eligible += next.counts.eligible;
    f.next.amountFen += next.counts.amountFen;
    for (const [row, outcome] of next.outcomes) takeNextCash(f.next.cash, draft.outcomes.get(row), outcome);
  }
  for (const [i, point] of f.swept.entries()) {
    const view = others[place + i];
    if (view === undefined) continue;
    await compareViews(point.shift, draft, view);
    point.eligible += view.counts.eligible;
    point.undetermined += view.counts.undetermined;
    for (const outcome of view.outcomes.values()) for (const { worth } of outcome.awards) if (worth !== null) addWorth(point.spread, worth);
  }
};

const takeCounts = (f: Findings, block: OpenBlock, draft: BlockView, taking: Taking): void => {
  const { counts } = draft;
  f.counts = {
    subjects: f.counts.subjects + countBits(block.present),
    eligible: f.counts.eligible + counts.eligible,
    undetermined: f.counts.undetermined + counts.undetermined,
    ineligible: f.counts.ineligible + counts.ineligible,
  };
  f.amountFen += counts.amountFen;
  for (const one of lackingOf(draft.tally)) {
    const name = `${one.fact}\n${one.dataset}\n${one.reason}`;
    const known = f.missing.get(name);
    if (known === undefined) f.missing.set(name, { ...one });
    else known.subjects += one.subjects;
  }
  for (const outcome of draft.outcomes.values()) if (outcome.verdict === 'eligible') takeEligible(f, block, outcome, taking);
};

const takeEligible = (f: Findings, block: OpenBlock, outcome: Outcome, taking: Taking): void => {
  const worths = outcome.awards.flatMap((a) => (a.worth === null ? [] : [a.worth]));
  for (const worth of worths) addWorth(f.spread, worth);
  f.byDivision.add(block.subjects.at(outcome.row)?.division?.slice(0, 6) ?? '', worths);
  if (taking.also.includes('enterpriseScale')) {
    f.bySize ??= new Groups();
    f.bySize.add(textAt(block, 'enterpriseScale', outcome.row) ?? '', worths);
  }
  if (taking.also.includes('birthDate')) {
    f.byAge ??= new Groups();
    const birth = parseDay(textAt(block, 'birthDate', outcome.row) ?? '');
    f.byAge.add(birth === null ? '' : ageBand(ageAt(birth, taking.ageOn)), worths);
  }
  for (const award of outcome.awards) {
    if (award.mode !== null) takeMode(f, award.mode);
    if (isPaid(award.kind) && award.worth?.state === 'known') addCash(f.cash, award.kind, award.worth.fen);
    const seen = new Set<string>();
    for (const { fact, dataset, reason } of award.missing) {
      const name = `${fact}\n${dataset ?? ''}\n${reason}`;
      if (seen.has(name)) continue;
      seen.add(name);
      const known = f.amountsMissing.get(name) ?? { fact, dataset: dataset ?? '', reason, subjects: 0 };
      known.subjects++;
      f.amountsMissing.set(name, known);
    }
  }
};

const takeMode = (f: Findings, { mode, open }: NonNullable<Award['mode']>): void => {
  const one = f.modes.get(mode) ?? { matches: 0, open: 0 };
  f.modes.set(mode, { matches: one.matches + 1, open: one.open + (open ? 1 : 0) });
};

const bands = [0, 3, 6, 18, 30, 45, 60, 70, 80, 90, 100];

const ageBand = (age: number): string => {
  const i = bands.findLastIndex((from) => age >= from);
  const [from, next] = [bands[Math.max(0, i)] ?? 0, bands[i + 1]];
  // Padded, so that the order of names is the order of ages.
  return next === undefined ? `${from}+` : `${String(from).padStart(3, '0')}-${String(next - 1).padStart(3, '0')}`;
};

const textAt = (block: OpenBlock, fact: string, row: number): string | null => {
  const column = block.column(fact);
  const v = column === null ? undefined : factAt(column, row)?.cells?.at(-1)?.v;
  return typeof v === 'string' ? v : null;
};

const isPaid = (kind: MatchKind | null): kind is Paid =>
  kind === 'first' || kind === 'changed' || kind === 'continuing' || kind === 'resumed';

const addCash = (cash: CashCounts, kind: Paid, fen: bigint): void => {
  const one = cash.get(kind) ?? { awards: 0, fen: 0n };
  cash.set(kind, { awards: one.awards + 1, fen: one.fen + fen });
};

const takeNextCash = (cash: CashCounts, now: Outcome | undefined, next: Outcome): void => {
  const fen = knownFen(next);
  if (next.verdict !== 'eligible' || fen === null) return;
  const before = now?.verdict === 'eligible' ? knownFen(now) : undefined;
  addCash(cash, before === undefined ? 'first' : before === fen ? 'continuing' : 'changed', fen);
};

/** Match by match, as the run tells `first`, `changed`, `ended` apart. */
const takeLastRun = async (f: Findings, draft: BlockView, tx: Tx): Promise<void> => {
  const standing = [...draft.outcomes.values()].flatMap((o) => o.awards.map((award) => ({ award, outcome: o })));
  const ids = standing.flatMap(({ award }) => (award.standing === null ? [] : [award.standing.id]));
  if (ids.length > 0) f.everRun = true;
  const amounts = await amountsOf(tx, ids);
  for (const { award, outcome } of standing) {
    const now: Outcome = { row: outcome.row, verdict: award.verdict, awards: [award], blocked: outcome.blocked };
    const { standing: was } = award;
    const fen = was === null ? null : (amounts.get(was.id) ?? null);
    const before: Outcome | undefined =
      was === null
        ? undefined
        : { row: outcome.row, verdict: was.verdict, awards: [{ ...award, worth: worthOf(was.verdict, fen) }], blocked: [] };
    addShift(f.againstLastRun, before, now, outcome.blocked);
  }
};

const worthOf = (verdict: string, fen: bigint | null): Award['worth'] =>
  verdict !== 'eligible' ? null : fen === null ? { state: 'unknown' } : { state: 'known', fen };

/** Every row that is eligible in one of the two; rows the kernel ruled out are decided to learn why. */
const compareViews = async (shift: Shift, before: BlockView | undefined, now: BlockView): Promise<void> => {
  if (before === undefined) return;
  const rows = new Set<number>();
  for (const view of [before, now]) for (const [row, o] of view.outcomes) if (o.verdict === 'eligible') rows.add(row);
  const one = (view: BlockView, other: BlockView): readonly number[] =>
    [...rows].filter((row) => !view.outcomes.has(row) && other.outcomes.get(row)?.verdict === 'eligible');
  const [whyBefore, whyNow] = [await before.why(one(before, now)), await now.why(one(now, before))];
  for (const row of [...rows].sort((a, b) => a - b)) {
    const [was, is] = [before.outcomes.get(row) ?? whyBefore.get(row), now.outcomes.get(row) ?? whyNow.get(row)];
    const blocked = is?.verdict === 'eligible' ? (was?.blocked ?? []) : (is?.blocked ?? []);
    addShift(shift, was, is, was?.verdict === 'eligible' && is?.verdict === 'eligible' ? [] : blocked);
  }
};
