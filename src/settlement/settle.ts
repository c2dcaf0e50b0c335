// The step that settles: live matches of ended runs become settled lines, lane by lane, in bounded chunks, each chunk one transaction.
// It may run twice, be killed anywhere and run in several processes: a lane is locked per chunk, and what is settled has its line.
import { randomUUID } from 'node:crypto';
import { civilDay, type Day } from '../base/day.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { loadChoices, loadSettled } from './choice-store.ts';
import { holdersOf, loadHolders } from './displace-store.ts';
import { loadDrafts, withLines } from './draft-store.ts';
import { type Lane, lanesOf } from './lane.ts';
import { lockLines, tryLane } from './lock-store.ts';
import {
  itemsToReconsider,
  type Looking,
  openRuns,
  payingVersions,
  type QueueEntry,
  queue,
  type RunPair,
  type SettledItem,
  type Span,
} from './queue-store.ts';
import { type Resolved, resolve } from './resolve.ts';
import type { LineState, Unit } from './settlement.ts';
import { carryOver, closedBudgets, shareBudgets } from './share-store.ts';
import { closeRuns, loadBooked, loadBudgets, loadClaims, writeOutcomes } from './store.ts';
import type { World } from './world.ts';

export interface SettleOptions {
  /** The moment written into lines and postings. */
  readonly now: Date;
  /** The civil day that cut-offs and choices are held against; default: Asia/Shanghai's at `now`. */
  readonly today?: Day;
  /** Key of the hash that orders claimants without an event day; the same everywhere, or the order differs. Default `zhixiang`. */
  readonly orderSalt?: string;
  /** Units per transaction (default 500) and per look at the queue (default 50,000). */
  readonly chunk?: number;
  readonly look?: number;
  readonly at?: Failpoint;
}

export interface SettleReport {
  readonly lines: Readonly<Partial<Record<LineState, number>>>;
  readonly grantedFen: bigint;
  readonly recoverFen: bigint;
  /** Lanes that another process was settling: their work is being done, or is done at the next tick. */
  readonly busy: number;
}

interface Job {
  readonly lane: Lane;
  readonly runs: readonly RunPair[];
  readonly versions: ReadonlyMap<string, SettledItem>;
  readonly items: ReadonlyMap<string, Item>;
  readonly looking: Looking;
  readonly options: Required<SettleOptions>;
}

type Tally = { lines: Partial<Record<LineState, number>>; grantedFen: bigint; recoverFen: bigint; busy: number };

/** Settles everything there is to settle now. Problems of one chunk (a lost race) leave that chunk unwritten and are thrown. */
export const settle = async (db: Db, options: SettleOptions): Promise<SettleReport> => {
  const tally: Tally = { lines: {}, grantedFen: 0n, recoverFen: 0n, busy: 0 };
  const full = { orderSalt: 'zhixiang', chunk: 500, look: 50_000, at: nowhere, today: civilDay(options.now), ...options };
  const versions = await transaction(db, (tx) => payingVersions(tx));
  const lanes = lanesOf(versions);
  const items = new Map(versions.map((version) => [version.item.id, version.item]));
  const sharing = { lanes, items, today: full.today, now: full.now };
  await carryOver(db, sharing);
  await settleLanes(db, { lanes, items, versions, options: full }, tally);
  // Shares are made when everybody who is known waits for them; then they are settled like everything else.
  if ((await shareBudgets(db, sharing)).size > 0) await settleLanes(db, { lanes, items, versions, options: full }, tally);
  return tally;
};

interface Turn {
  readonly lanes: readonly Lane[];
  readonly items: ReadonlyMap<string, Item>;
  readonly versions: readonly SettledItem[];
  readonly options: Required<SettleOptions>;
}

const settleLanes = async (db: Db, { lanes, items, versions, options }: Turn, tally: Tally): Promise<void> => {
  const { runs, again, looking } = await transaction(db, async (tx) => {
    const looking = { today: options.today, closed: await closedBudgets(tx, items, options.today) };
    return { looking, runs: await openRuns(tx), again: await itemsToReconsider(tx, looking) };
  });
  const wanted = new Set([...runs.map((pair) => pair.itemId), ...again]);
  const byVersion = new Map(versions.map((version) => [`${version.item.id}@${version.version}`, version]));
  for (const lane of lanes) {
    if (!lane.items.some((id) => wanted.has(id))) continue;
    const own = runs.filter((pair) => lane.items.includes(pair.itemId));
    await settleLane(db, { lane, runs: own, versions: byVersion, items, looking, options }, tally);
  }
};

/** Settling may free what lets others improve, so looks repeat; what is not quiet after this many goes on at the next tick. */
const looks = 200;

/** A look at the queue, then its chunks, until a look finds nothing. */
const settleLane = async (db: Db, job: Job, tally: Tally): Promise<void> => {
  const { lane, runs, options } = job;
  for (let n = 0; n < looks; n++) {
    const entries = await transaction(db, (tx) =>
      queue(tx, { of: 'lane', items: lane.items, runs, looking: job.looking }, options.orderSalt, options.look),
    );
    if (entries.length === 0) {
      // Ended runs get no more matches, and what others are settling would have been seen: nothing is left of them for good.
      if (runs.length > 0) await transaction(db, (tx) => closeRuns(tx, runs, options.now));
      return;
    }
    let moved = 0;
    for (let at = 0; at < entries.length; at += options.chunk) {
      const done = await settleChunk(db, job, entries.slice(at, at + options.chunk), tally);
      if (done === null) {
        tally.busy += 1;
        return;
      }
      moved += done;
    }
    if (moved === 0) return;
  }
};

/** One transaction; null when another process holds the lane. The queue is read again for these matches: somebody may have settled them since. */
const settleChunk = async (db: Db, job: Job, entries: readonly QueueEntry[], tally: Tally): Promise<number | null> => {
  const { lane, options } = job;
  const resolved = await transaction(db, async (tx): Promise<Resolved | null> => {
    if (!(await tryLane(tx, lane.items))) return null;
    const read = await readChunk(tx, job, entries);
    if (read === null) return { outcomes: [], unchanged: [], freed: new Set(), replaced: new Map() };
    const result = resolve(read.units, read.world);
    await options.at('settle.before-write');
    await writeOutcomes(tx, result, options.now);
    await options.at('settle.before-commit');
    return result;
  });
  if (resolved === null) return null;
  await job.options.at('settle.after-commit');
  for (const outcome of resolved.outcomes) {
    tally.lines[outcome.state] = (tally.lines[outcome.state] ?? 0) + 1;
    tally.grantedFen += outcome.grantedFen;
    tally.recoverFen += outcome.recoverFen;
  }
  return resolved.outcomes.length;
};

/** The units of a chunk and the world they are settled in, everything that could change locked; null: nothing of it is left to settle. */
const readChunk = async (tx: Tx, job: Job, entries: readonly QueueEntry[]): Promise<{ units: readonly Unit[]; world: World } | null> => {
  const { lane, options, versions } = job;
  const span = { items: lane.items, runs: job.runs, looking: job.looking };
  const draft = (of: Span) => loadDrafts(tx, of, options.orderSalt, versions);
  const asked = new Set(entries.map(entryKey));
  const drafts = (await draft({ ...span, of: 'entries', entries })).filter((unit) => asked.has(entryKey(unit)));
  if (drafts.length === 0) return null;
  const subjects = [...new Set(drafts.map((one) => one.subjectId))];
  const rivalDrafts = lane.exclusive ? await draft({ ...span, of: 'subjects', subjects }) : [];
  const holding = await holdersOf(tx, [...drafts, ...rivalDrafts]);
  await lockLines(tx, { subjects, items: lane.items, holders: holding });
  const booked = await loadBooked(tx, [...new Set([...subjects, ...holding.subjects])], lane.items);
  const units = await withLines(tx, drafts, lane.items, booked.byLine);
  const rivals = await withLines(tx, rivalDrafts, lane.items, booked.byLine);
  const world: World = {
    promised: booked.promised,
    claims: await loadClaims(tx, [...units, ...rivals], holding.lines),
    holders: await loadHolders(tx, holding, versions, booked.byLine),
    displaced: new Map(),
    budgets: await loadBudgets(tx, units, { items: job.items, today: options.today }, options.now),
    rivals: Map.groupBy(
      rivals.filter((unit) => !unit.again && unit.asks === 'due'),
      (unit) => unit.subjectId,
    ),
    settled: lane.exclusive ? await loadSettled(tx, subjects, lane.items, versions) : new Map(),
    choices: lane.exclusive ? await loadChoices(tx, subjects) : new Map(),
    capGroups: lane.capGroups,
    items: job.items,
    today: options.today,
    newId: randomUUID,
  };
  return { units, world };
};

const entryKey = (entry: Pick<Unit, 'subjectId' | 'matchId' | 'key'>): string =>
  JSON.stringify([entry.subjectId, entry.matchId, entry.key]);
