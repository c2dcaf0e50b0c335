// What a run will decide, written down before anything is decided: so that a killed run can be taken up by anybody, with the same ledger cut.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Failpoint } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { type Opening, openings } from '../policy/opening-store.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import type { ItemVersion } from './match.ts';
import { closedPeriods, duePeriod, inForce, owedBefore } from './period.ts';
import {
  decidedPeriods,
  endRun,
  insertRun,
  insertRunItems,
  latestKnownAt,
  lockPlanning,
  owedPeriods,
  type RunItemRow,
  type RunRow,
  readRunItems,
  recentRuns,
  untriggeredPeriods,
} from './plan-store.ts';
import { ordinary, sameTerms, storedTerms, type Terms } from './terms.ts';

export interface PlannedItem {
  readonly version: ItemVersion;
  readonly period: DecisionPeriod;
  readonly terms: Terms;
}

type Wanted = Omit<PlannedItem, 'terms'>;

export interface Planned {
  readonly runId: string;
  readonly snapshotId: string;
  readonly ledgerCut: bigint;
  readonly items: readonly PlannedItem[];
  /** Everything asked for is part of this run. */
  readonly complete: boolean;
  readonly already: boolean;
}

export interface PlanOptions {
  readonly snapshotId: string;
  readonly knownAt: Day;
  readonly items: readonly ItemVersion[];
  readonly ledgerCut: bigint;
  readonly at: Date;
  readonly actor: string;
  readonly failpoint: Failpoint;
  /** On what terms each is decided; writes down what has changed about it. */
  readonly terms: (tx: Tx, asked: readonly Wanted[]) => Promise<readonly PlannedItem[]>;
}

const nameOf = (p: { readonly itemId: string; readonly version: number; readonly periodKey: string }): string =>
  `${p.itemId}\n${p.version}\n${p.periodKey}`;
const keyOf = ({ version, period }: Wanted): string => nameOf({ itemId: version.item.id, version: version.version, periodKey: period.key });

/** The period as far as the item's opening lets it be decided; null: not at all. Of events only those since; a `once` item is decided as soon as it is live. */
const opened = (period: DecisionPeriod, opening: Opening | undefined): DecisionPeriod | null => {
  if (opening === undefined) return period;
  if (opening.state === 'shadow' || opening.from === null || period.end < opening.from) return null;
  if (period.kind === 'once' || period.start === null || period.start >= opening.from) return period;
  return period.kind === 'per-event' ? { ...period, start: opening.from } : null;
};

export interface PastPeriods {
  /** Decided before, or found not triggered: `item\nperiod`. */
  readonly decided: ReadonlySet<string>;
  /** Closed, yet owed a decision whatever the look-back says. */
  readonly owed: ReadonlySet<string>;
  /** Items that are not live yet, or only from a period on. */
  readonly opening?: ReadonlyMap<string, Opening>;
}

/** What planning must know of periods before the one that is due. */
export const pastPeriods = async (tx: Tx, ids: readonly string[]): Promise<PastPeriods> => ({
  decided: new Set([...(await decidedPeriods(tx, ids)), ...(await untriggeredPeriods(tx, ids))]),
  owed: await owedPeriods(tx, ids),
  opening: await openings(tx),
});

/** Per item the due period by the newest version in force, the closed periods of its look-back that were decided before, and those still owed. */
export const wanted = (versions: readonly ItemVersion[], knownAt: Day, past: PastPeriods): readonly Wanted[] => {
  const out: Wanted[] = [];
  for (const [id, own] of Map.groupBy(versions, (v) => v.item.id)) {
    const may = (period: DecisionPeriod): DecisionPeriod | null => opened(period, past.opening?.get(id));
    const newest = [...own].sort((a, b) => b.version - a.version);
    const speaks = (period: DecisionPeriod): ItemVersion | undefined => newest.find((v) => inForce(v.item, period));
    const due = newest.flatMap((v) => duePeriod(v.item, knownAt) ?? []).find((p) => speaks(p) !== undefined);
    const version = due === undefined ? undefined : speaks(due);
    const open = due === undefined || version === undefined ? null : may(windowOf(version.item, due, knownAt));
    if (due === undefined || version === undefined || open === null) continue;
    out.push({ version, period: open });
    const owed = [...past.owed].filter((name) => name.startsWith(`${id}\n`)).map((name) => name.slice(id.length + 1));
    const again = closedPeriods(version.item, due).filter((period) => past.decided.has(`${id}\n${period.key}`));
    for (const period of new Map([...again, ...owedBefore(owed, due)].map((p) => [p.key, p])).values()) {
      const then = speaks(period);
      if (then !== undefined && may(period) !== null && then.item.period === version.item.period) out.push({ version: then, period });
    }
  }
  return out;
};

/** per-event: events from before this version's first day are still decided, by the version before. */
const windowOf = (item: Item, due: DecisionPeriod, knownAt: Day): DecisionPeriod => {
  if (due.kind !== 'per-event' || item.before === undefined) return due;
  const earlier = duePeriod({ ...item.before.item, effective: { ...item.before.item.effective, to: item.effective.to } }, knownAt);
  return earlier?.start != null && due.start !== null && earlier.start < due.start ? { ...due, start: earlier.start } : due;
};

/** Takes up the open run of this snapshot, finds that it has ended already, or writes down a new one. An open run of another snapshot is given up. */
export const planRun = async (db: Db, options: PlanOptions): Promise<Planned> =>
  await transaction(db, async (tx) => {
    await lockPlanning(tx);
    const ids = [...new Set(options.items.map((v) => v.item.id))];
    const asked = await options.terms(tx, wanted(options.items, options.knownAt, await pastPeriods(tx, ids)));
    const { open, last } = await recentRuns(tx);
    for (const run of open) if (run.snapshotId !== options.snapshotId) await giveUp(tx, run, options);
    const mine = open.find((run) => run.snapshotId === options.snapshotId);
    if (mine !== undefined) return await takeUp(tx, mine, asked, options);
    if (last !== null && last.snapshotId === options.snapshotId && last.ledgerCut === options.ledgerCut) {
      const rows = await readRunItems(tx, last.id);
      const done = new Map(rows.filter((row) => row.stopped === null).map((row) => [nameOf(row), row.terms]));
      const same = (p: PlannedItem): boolean => done.has(keyOf(p)) && sameTerms(done.get(keyOf(p)) ?? null, storedTerms(p.terms));
      if (asked.every(same)) return { ...planned(last, asked), complete: true, already: true };
    }
    return await begin(tx, asked, options);
  });

const planned = (run: Pick<RunRow, 'id' | 'snapshotId' | 'ledgerCut'>, items: readonly PlannedItem[]) => ({
  runId: run.id,
  snapshotId: run.snapshotId,
  ledgerCut: run.ledgerCut,
  items,
});

const begin = async (tx: Tx, asked: readonly PlannedItem[], options: PlanOptions): Promise<Planned> => {
  const latest = await latestKnownAt(tx);
  if (latest !== null && options.knownAt < latest)
    fail('state.old-snapshot', 'snapshotId', `已有按 ${latest} 的数据运行过的匹配，不能再用更早的快照。`, '请重新封存最新数据后运行。');
  const { snapshotId, knownAt, ledgerCut, at, actor } = options;
  const id = await insertRun(tx, { snapshotId, knownAt, ledgerCut }, at);
  await insertRunItems(
    tx,
    id,
    asked.map(({ version, period, terms }) => ({
      itemId: version.item.id,
      version: version.version,
      period,
      terms: storedTerms(terms),
    })),
  );
  const after = { snapshot: snapshotId, knownAt, ledgerCut, items: asked.length };
  await audit(tx, { actor, role: 'system', action: 'run.start', objectKind: 'run', objectId: id, after, at });
  await options.failpoint('match.before-plan-commit');
  return { ...planned({ id, snapshotId, ledgerCut }, asked), complete: true, already: false };
};

/** What it was planned with, in the versions the caller brings; a version that is not brought any more cannot be decided and is left out. */
const takeUp = async (tx: Tx, run: RunRow, asked: readonly PlannedItem[], options: PlanOptions): Promise<Planned> => {
  const rows = await readRunItems(tx, run.id);
  const known = new Map(asked.map((p) => [keyOf(p), p]));
  const items = rows.flatMap((row) => {
    const one = known.get(nameOf(row)) ?? fromRow(row, options);
    return one === undefined ? [] : [{ ...one, terms: row.terms ?? ordinary }];
  });
  const covered = new Set(rows.map(nameOf));
  return { ...planned(run, items), complete: asked.every((p) => covered.has(keyOf(p))), already: false };
};

const fromRow = (row: RunItemRow, options: PlanOptions): Wanted | undefined => {
  const version = options.items.find((v) => v.item.id === row.itemId && v.version === row.version);
  if (version === undefined) return undefined;
  const { periodKey: key, periodStart: start, periodEnd: end } = row;
  return { version, period: { kind: version.item.period, key, start, end, knownAt: options.knownAt } };
};

/** Its chunks are whole and count; what it did not reach, the newer run decides. */
const giveUp = async (tx: Tx, run: RunRow, options: PlanOptions): Promise<void> => {
  if (!(await endRun(tx, run.id, 'abandoned', options.at))) return;
  const reason = '有更新的数据快照，由新的匹配批次接替。';
  await audit(tx, {
    actor: options.actor,
    role: 'system',
    action: 'run.abandon',
    objectKind: 'run',
    objectId: run.id,
    after: {},
    reason,
    at: options.at,
  });
};
