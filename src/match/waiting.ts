// Who waits for a late dataset, and for how much: everybody a last run left 待核 for want of it, looked at again in its snapshot. The amount is what the
// award comes to from what is known of each, known or bounded; where it cannot be told, what the person was last paid by the item.
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { computeAward } from '../policy/award.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { decide } from '../policy/decide.ts';
import type { Decision, DecisionPeriod, FactSource } from '../rule/facts.ts';
import { openSession } from '../rule/session.ts';
import { bitmapFromBytes, rowsOf } from '../snapshot/bitmap.ts';
import { openSnapshot } from '../snapshot/open.ts';
import { type Frame, openFrame } from './frame.ts';
import type { ItemVersion } from './match.ts';
import { readRunItems } from './plan-store.ts';
import { columnSource } from './source.ts';
import { lastRun, undeterminedBlocks } from './store.ts';
import { type LastPaid, lastAmounts, undeterminedOf } from './waiting-store.ts';

export interface WaitingSum {
  readonly dataset: string;
  /** Distinct people or firms. */
  readonly subjects: number;
  /** Subjects and items: one may wait in several. */
  readonly claims: number;
  readonly items: readonly string[];
  /** Sum of the amounts that are known but for the verdict, and of lower and upper bounds of the others. */
  readonly knownFen: bigint;
  readonly fromFen: bigint;
  readonly toFen: bigint;
  /** Of claims whose amount cannot be told: what the same subjects were last found entitled to by the item. */
  readonly lastFen: bigint;
  /** Claims of which nothing can be said. */
  readonly untold: number;
  /** False: there were more than were looked at. */
  readonly complete: boolean;
}

/** Looked at per item; beyond it the sums are of the first so many. */
const mostPerItem = 20_000;

interface Open {
  readonly subjects: Set<string>;
  readonly items: Set<string>;
  claims: number;
  knownFen: bigint;
  fromFen: bigint;
  toFen: bigint;
  lastFen: bigint;
  untold: number;
  complete: boolean;
}

const openSum = (): Open => ({
  subjects: new Set(),
  items: new Set(),
  claims: 0,
  knownFen: 0n,
  fromFen: 0n,
  toFen: 0n,
  lastFen: 0n,
  untold: 0,
  complete: true,
});

interface Claim {
  readonly subjectId: string;
  readonly datasets: readonly string[];
  readonly worth: { readonly fromFen: bigint; readonly toFen: bigint } | null;
}

/** Sums per dataset for the last run that ended; datasets nobody waits for are absent. `items`: the live versions. */
export const waitingFor = async (
  db: Db,
  ask: { readonly catalogue: Catalogue; readonly items: readonly ItemVersion[]; readonly datasets: ReadonlySet<string> },
): Promise<readonly WaitingSum[]> => {
  const { catalogue, items, datasets } = ask;
  const run = await lastRun(db);
  const snapshot = run === null || datasets.size === 0 ? null : await openSnapshot(db, run.snapshotId);
  if (run === null || snapshot === null || snapshot.snapshot.catalogueHash !== catalogue.hash) return [];
  const asked = await undeterminedOf(db, run.id, [...datasets]);
  const periods = await readRunItems(db, run.id);
  const wanted = asked.flatMap(({ itemId, periodKey }) => {
    const row = periods.find((p) => p.itemId === itemId && p.periodKey === periodKey);
    const version = items.find((v) => v.item.id === itemId && v.version === row?.version);
    if (row === undefined || version === undefined) return [];
    const period: DecisionPeriod = {
      kind: version.item.period,
      key: periodKey,
      start: row.periodStart,
      end: row.periodEnd,
      knownAt: run.knownAt,
    };
    return [{ compiled: compileItem(version.item, catalogue), period }];
  });
  const frame = openFrame(
    db,
    snapshot,
    catalogue,
    wanted.map((one) => one.compiled),
    { records: false },
  );
  const sums = new Map<string, Open>();
  for (const { compiled, period } of wanted) await addItem(db, frame, compiled, period, datasets, sums);
  return [...sums]
    .map(
      ([dataset, { subjects, items: own, ...sum }]): WaitingSum => ({ dataset, subjects: subjects.size, items: [...own].sort(), ...sum }),
    )
    .sort((a, b) => b.subjects - a.subjects || (a.dataset < b.dataset ? -1 : 1));
};

const addItem = async (
  db: Db,
  frame: Frame,
  compiled: CompiledItem,
  period: DecisionPeriod,
  datasets: ReadonlySet<string>,
  sums: Map<string, Open>,
): Promise<void> => {
  const { id: itemId } = compiled.item;
  const claims: Claim[] = [];
  let complete = true;
  for (const { register, block, undetermined } of await undeterminedBlocks(db, itemId, period.key)) {
    const sealed = (await frame.block(register, block)).block;
    await frame.prepareLinks(compiled);
    for (const row of rowsOf(bitmapFromBytes(undetermined, sealed.rows))) {
      if (claims.length >= mostPerItem) {
        complete = false;
        break;
      }
      const subjectId = sealed.subjects.id(row);
      if (subjectId === null) continue;
      const source = columnSource(
        { block: sealed, row },
        { catalogue: frame.catalogue, link: frame.link, paid: [], purpose: compiled.item },
      );
      const decision = decide(compiled, source, period);
      const own = [...new Set(decision.missing.flatMap((m) => (m.dataset !== null && datasets.has(m.dataset) ? [m.dataset] : [])))];
      if (own.length > 0) claims.push({ subjectId, datasets: own, worth: worthOf(compiled, source, period, decision) });
    }
  }
  const unknown = claims.filter((c) => c.worth === null).map((c) => c.subjectId);
  const last =
    unknown.length === 0 ? new Map<string, LastPaid>() : await transaction(db, (tx) => lastAmounts(tx, itemId, period.key, unknown));
  for (const claim of claims)
    for (const dataset of claim.datasets) addClaim(sums, dataset, itemId, claim, last.get(claim.subjectId), complete);
};

const addClaim = (
  sums: Map<string, Open>,
  dataset: string,
  itemId: string,
  claim: Claim,
  last: LastPaid | undefined,
  complete: boolean,
): void => {
  const sum = sums.get(dataset) ?? openSum();
  sums.set(dataset, sum);
  sum.subjects.add(claim.subjectId);
  sum.items.add(itemId);
  sum.claims++;
  if (!complete) sum.complete = false;
  const { worth } = claim;
  if (worth === null) {
    if (last === undefined) sum.untold++;
    else sum.lastFen += last.amountFen;
  } else if (worth.fromFen === worth.toFen) sum.knownFen += worth.fromFen;
  else {
    sum.fromFen += worth.fromFen;
    sum.toFen += worth.toFen;
  }
};

/** What the subject would be due if the open conditions held; null where that is not one amount of the whole subject, or cannot be bounded. */
const worthOf = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod, decision: Decision): Claim['worth'] => {
  const due = decision.lines.flatMap((line) => (line.award?.state === 'known' ? [line.award.amountFen] : []));
  if (due.length > 0 && due.length === decision.lines.length) {
    const sum = due.reduce((a, b) => a + b, 0n);
    return { fromFen: sum, toFen: sum };
  }
  if (compiled.each !== null || compiled.event !== null || compiled.before !== undefined) return null;
  const award = computeAward(compiled.award, compiled.instalments, openSession(compiled.plan, source, period), null);
  if (award.state === 'known') return { fromFen: award.amountFen, toFen: award.amountFen };
  return award.state === 'bounded' ? { fromFen: award.fromFen, toFen: award.toFen } : null;
};
