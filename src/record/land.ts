// From the stage into the records: what only shows when the whole file is there (subjects in pieces, unknown, elsewhere, overtaken), then the writing.

import { maskId } from '../base/codes.ts';
import { divisionPrefix } from '../base/scope.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import * as absence from './absence-store.ts';
import type { Fault } from './cell.ts';
import { codesBeyondPrefix, coverageLookup } from './coverage.ts';
import * as store from './delivery-store.ts';
import { type Group, joinGroups, readRow } from './group.ts';
import { type Diff, type Held, type HoldReason, holdLimits, reasonDigest, shareReasons } from './hold.ts';
import { countUnnamed, measure, namelessRows } from './hold-store.ts';
import type { Plan } from './import.ts';
import type { DivisionFilter, Landing } from './landing-store.ts';
import * as landing from './landing-store.ts';
import type { Layout } from './layout.ts';
import * as listed from './listed-store.ts';
import { treeOf } from './lookup.ts';
import { changeCells, replaceCells } from './merge.ts';
import { rowFaults, type StoredProblem, toRow } from './problem.ts';
import { copyLine, finishGroup, type Staged, sealed } from './stage.ts';
import { copyIntoStage, takeScattered } from './stage-store.ts';
import { insertStated } from './stated.ts';

/** Line → why it is refused after all; its delivered row is fetched in a second reading of the file. */
type LateRefusals = Map<
  number,
  { readonly column: string; readonly fault: Fault /** Its numbers are in the totals. */; readonly counted: boolean }
>;

const pageSize = 2000;

export interface Landed {
  readonly bad: number;
  /** `refused`: not one row was good, and then nothing is concluded from the file. `held`: `held` says why and what came in all the same. */
  readonly state: 'landed' | 'refused' | 'held';
  readonly held: Held | null;
  /** What the delivery row keeps. */
  readonly totals: store.DeliveryTotals;
}

/** A delivery's row as far as it is opened: its id, and which reasons for holding it somebody has accepted. */
export interface Opened {
  readonly deliveryId: string;
  readonly accepted: readonly string[];
}

/** Problems found on the way are written as well. */
export const landStaged = async (tx: Tx, plan: Plan, opened: Opened, layout: Layout, staged: Staged): Promise<Landed> => {
  const sql = rawSql(tx);
  const { deliveryId } = opened;
  const refusals: LateRefusals = new Map();
  await rejoinScattered(tx, plan, layout, refusals);
  const l: Landing = {
    sql,
    deliveryId,
    dataset: plan.dataset.id,
    register: plan.dataset.register,
    sealer: plan.sealer,
    asOf: plan.delivery.asOf,
    revision: await landing.lockLanding(sql),
    first: !(await store.hasLanded(sql, plan.dataset.id)),
    corrections: await store.correctionsOf(sql, deliveryId),
  };
  await listed.listStaged(l);
  const newer = await newerDivisions(tx, plan);
  const late = await refuseStaged(l, plan, layout, newer, refusals);
  await store.insertStagedProblems(sql, deliveryId);
  await fetchRefused(l, plan, layout, staged, refusals);
  const bad = await store.badLines(sql, deliveryId);
  const kept = { header: layout.header, corrects: plan.request.corrects ?? null };
  const nothing = { written: 0, introduced: 0, dropped: 0, kept: 0 };
  if (bad > 0 && bad === staged.read) return { bad, state: 'refused', held: null, totals: { ...kept, sums: {}, ...nothing } };
  const weighed = await weigh(l, plan, layout, { newer, nameless: staged.nameless, late, accepted: opened.accepted });
  const sums = staged.totals.sums();
  await insertStated(sql, plan, { deliveryId, layout, stated: staged.stated, read: staged.read, bad, sums });
  if (weighed.held?.rowsLanded === false) return { bad, state: 'held', held: weighed.held, totals: { ...kept, sums, ...nothing } };
  await plan.at('import.beforeLand');
  const written = await write(tx, l, plan, layout, { ...weighed, bad });
  await plan.at('import.written');
  return { bad, state: weighed.held === null ? 'landed' : 'held', held: weighed.held, totals: { ...kept, sums, ...written } };
};

/** Divisions as a query tests them; null among them is everybody. */
export const filterOf = (plan: Plan, scopes: readonly (string | null)[]): DivisionFilter => {
  const divisions = treeOf(plan.catalogue, 'division');
  return {
    prefixes: scopes.map((s) => (s === null ? '%' : `${divisionPrefix(s)}%`)),
    codes: scopes.flatMap((s) => (s === null ? [] : codesBeyondPrefix(divisions, s))),
  };
};

/** Divisions for which this dataset has already spoken of a later day; null: none. */
const newerDivisions = async (tx: Tx, plan: Plan): Promise<DivisionFilter | null> => {
  const newer = (await store.coverages(tx)).filter((c) => c.dataset === plan.dataset.id && c.asOf > plan.delivery.asOf);
  return newer.length === 0
    ? null
    : filterOf(
        plan,
        newer.map((c) => c.division),
      );
};

/** Rows of one subject that stood apart in the file come together; in a row per subject that is a duplicate. */
const rejoinScattered = async (tx: Tx, plan: Plan, layout: Layout, refusals: LateRefusals): Promise<void> => {
  const sql = rawSql(tx);
  for await (const page of takeScattered(sql, plan.sealer, pageSize)) {
    let text = '';
    for (const pieces of page) {
      const kept: StoredProblem[] = pieces.flatMap((p) => p.problems ?? []);
      const told = new Set(kept.filter((p) => p.row !== null).map((p) => p.line));
      const groups = pieces.map((p): Group => ({ ...p, problems: [], numbers: [] }));
      const whole = finishGroup(
        layout,
        groups.reduce((a, b) => joinGroups(layout, a, b)),
        () => null,
      );
      const bad = whole.bad || told.size > 0;
      const counted = new Map(pieces.flatMap((p) => p.rows.map(([line]) => [line, !p.bad] as const)));
      const refuse = (line: number, column: string, fault: Fault): void => {
        refusals.set(line, { column, fault, counted: counted.get(line) === true });
      };
      for (const { line, column, fault } of whole.problems)
        if (fault !== rowFaults.companion || !told.has(line)) refuse(line, column, fault);
      for (const [line] of bad ? whole.rows : []) if (!told.has(line) && !refusals.has(line)) refuse(line, '', rowFaults.companion);
      text += copyLine({ ...whole, bad }, plan.sealer, kept);
    }
    await copyIntoStage(sql, (sink) => sink(text));
  }
};

/** Whether something newer has overtaken rows of this file. */
const refuseStaged = async (
  l: Landing,
  plan: Plan,
  layout: Layout,
  newer: DivisionFilter | null,
  refusals: LateRefusals,
): Promise<boolean> => {
  const note = (taken: readonly listed.Taken[], fault: Fault): void => {
    for (const { rows, key } of taken) {
      for (const [line] of rows) refusals.set(line, { column: layout.key.header, fault: { ...fault, masked: maskId(key) }, counted: true });
    }
  };
  if (plan.dataset.introduces !== true) note(await listed.takeUnknownSubjects(l), rowFaults.unknownSubject);
  if (plan.request.division !== null && layout.division === null) {
    note(await listed.takeOutOfScope(l, filterOf(plan, [plan.request.division])), rowFaults.outOfScope);
  }
  // Changes to dated values and series may fill what is empty however late they come; everything else must not go back in time.
  const mayFill =
    plan.request.kind === 'changes' && plan.request.corrects === undefined && ['timed', 'series'].includes(plan.dataset.shape);
  const late = mayFill || l.first ? [] : await listed.takeLate(l, newer);
  note(late, rowFaults.late);
  return late.length > 0;
};

/** Reads the file once more for the rows refused above: their text goes into the report, their numbers out of the totals. */
const fetchRefused = async (l: Landing, plan: Plan, layout: Layout, staged: Staged, refusals: LateRefusals): Promise<void> => {
  if (refusals.size === 0) return;
  let found: StoredProblem[] = [];
  for await (const rows of staged.again()) {
    for (const row of rows) {
      const refusal = refusals.get(row.line);
      if (refusal === undefined) continue;
      const { column, fault, counted } = refusal;
      found.push(sealed(toRow(layout, { line: row.line, column, fault, row: row.cells }), plan.sealer));
      for (const [header, number] of counted ? readRow(layout, row).numbers : []) staged.totals.add(header, number, -1n);
    }
    if (found.length >= pageSize) {
      await store.insertProblems(l.sql, l.deliveryId, found);
      found = [];
    }
  }
  await store.insertProblems(l.sql, l.deliveryId, found);
};

interface Weighed {
  /** null: nothing keeps it from landing. */
  readonly held: Held | null;
  /** Whoever is not listed has none. */
  readonly closes: boolean;
  /** Series: the periods it speaks of. */
  readonly periods: readonly string[];
}

interface Doubts {
  readonly newer: DivisionFilter | null;
  /** Rows that nobody can be named for. */
  readonly nameless: number;
  /** Rows left out as overtaken. */
  readonly late: boolean;
  readonly accepted: readonly string[];
}

const speaksForAll = ({ kind, corrects }: Plan['request']): boolean => kind !== 'changes' && corrects === undefined;
const scopeOf = (plan: Plan): DivisionFilter | null => (plan.request.division === null ? null : filterOf(plan, [plan.request.division]));

/** Brings the stage together with what stands, and says whether it may land: nothing outside the stage is written. */
const weigh = async (l: Landing, plan: Plan, layout: Layout, doubts: Doubts): Promise<Weighed> => {
  const { shape } = plan.dataset;
  const all = speaksForAll(plan.request);
  const isOpen = (reason: HoldReason, diff: Diff | null): boolean => !doubts.accepted.includes(reasonDigest(reason, diff));
  const nameless = all && doubts.nameless > 0 ? await namelessReason(l, scopeOf(plan), doubts.nameless) : null;
  const closes = all && (nameless === null || !isOpen(nameless, null));
  const told = shape === 'series' && all && !doubts.late ? await absence.stagedPeriods(l) : [];
  const periods = closes ? told : [];
  // A withdrawal of what never was must not be written as a value, so changes are merged even the first time.
  if (!l.first || plan.request.kind === 'changes') await merge(l, plan, layout, doubts.newer, { periods, adds: all && !closes });
  const extent = { scope: scopeOf(plan), newer: doubts.newer, periods: shape === 'series' ? told : null };
  // The first time there is nobody to miss.
  if (all && !l.first) await absence.listUnlisted(l, extent);
  const diff = all && !l.first ? await measure(l, extent) : null;
  const reasons = [...(nameless === null ? [] : [nameless]), ...(diff === null ? [] : shareReasons(diff, holdLimits(plan.dataset)))];
  const open = reasons.filter((reason) => isOpen(reason, diff));
  if (open.length === 0) return { held: null, closes, periods };
  // One row more may belong to any list in the file, and no list is counted with an element missing.
  const rowsLanded = shape !== 'list' && open.every((reason) => reason.kind === 'nameless');
  const { content: _, ...request } = plan.request;
  const digests = reasons.map((reason) => reasonDigest(reason, diff));
  return { held: { reasons: open, diff, rowsLanded, digests, request }, closes: false, periods: [] };
};

/** null: there is nobody else in the scope whom such a row could mean. */
const namelessReason = async (l: Landing, scope: DivisionFilter | null, count: number): Promise<HoldReason | null> => {
  const unlisted = await countUnnamed(l, scope);
  return unlisted === 0 ? null : { kind: 'nameless', count, rows: await namelessRows(l, scope, 50), unlisted };
};

type Written = Pick<store.DeliveryTotals, 'written' | 'introduced' | 'dropped' | 'kept'>;

const write = async (
  tx: Tx,
  l: Landing,
  plan: Plan,
  layout: Layout,
  { closes, periods, bad }: Weighed & { readonly bad: number },
): Promise<Written> => {
  const series = plan.dataset.shape === 'series';
  const introduced = plan.dataset.introduces === true ? await landing.insertSubjects(l, await listedDivisions(tx, plan)) : 0;
  if (!l.first && layout.division !== null) await keepMoversFresh(tx, l, plan);
  await landing.updateEnvelopes(l);
  const written = await landing.writeParts(l, !closes);
  if (bad > 0) await absence.markRefused(l, series ? layout.values.map((c) => c.to) : []);
  let dropped = l.first ? 0 : await landing.removeWithdrawn(l);
  let kept = 0;
  if (closes) {
    if (!l.first) dropped += await (series ? absence.cutUnlisted(l, periods) : absence.removeUnlisted(l));
    const { division } = plan.request;
    await store.writeCoverage(l.sql, { dataset: l.dataset, register: l.register, division, asOf: l.asOf, delivery: l.deliveryId, periods });
  } else if (speaksForAll(plan.request) && !l.first) kept = await absence.countUnlisted(l);
  return { written, introduced, dropped, kept };
};

/** Divisions that this dataset has listed before; null: none. */
const listedDivisions = async (tx: Tx, plan: Plan): Promise<DivisionFilter | null> => {
  const before = (await store.coverages(tx)).filter((c) => c.dataset === plan.dataset.id);
  return before.length === 0
    ? null
    : filterOf(
        plan,
        before.map((c) => c.division),
      );
};

/** Whoever moves leaves the coverage of the old division behind; what it said of the day his facts were confirmed must not be lost with it. */
const keepMoversFresh = async (tx: Tx, l: Landing, plan: Plan): Promise<void> => {
  const movers = await landing.readMovers(l);
  if (movers.length === 0) return;
  const covered = coverageLookup(await store.coverages(tx), plan.catalogue);
  for (let at = 0; at < movers.length; at += pageSize) {
    const known = movers
      .slice(at, at + pageSize)
      .flatMap(({ subjectId, division, moves }) =>
        [...covered(l.register, division, moves ?? undefined)].map(([dataset, { asOf }]) => ({ subjectId, dataset, asOf })),
      );
    await landing.keepFreshness(l, known);
  }
};

/** Only where something else stood before; a row per subject, or a list in a full delivery, is simply replaced and needs none of it. */
const merge = async (
  l: Landing,
  plan: Plan,
  layout: Layout,
  newer: DivisionFilter | null,
  /** `adds`: rows may be missing, so nothing is taken away. */
  { periods, adds }: { readonly periods: readonly string[]; readonly adds: boolean },
): Promise<void> => {
  const asChanges = adds || (plan.request.kind === 'changes' && plan.request.corrects === undefined);
  const { shape } = plan.dataset;
  if (!asChanges && shape !== 'timed' && shape !== 'series') return;
  for await (const page of landing.readToMerge(l, newer, pageSize)) {
    const merged = page.map((m) => ({
      ...m,
      cells: asChanges ? changeCells(layout, m.old, m, m.late) : replaceCells(layout, m.old, m.cells, periods),
    }));
    await landing.writeMerged(l, merged);
  }
};
