// From the stage into the records: what only shows when the whole file is there (subjects in pieces, unknown, elsewhere, overtaken), then the writing.

import { maskId } from '../base/codes.ts';
import { divisionPrefix } from '../base/scope.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import * as absence from './absence-store.ts';
import type { Fault } from './cell.ts';
import { codesBeyondPrefix, coverageLookup } from './coverage.ts';
import { readCsv } from './csv.ts';
import * as store from './delivery-store.ts';
import { type Group, joinGroups, readRow } from './group.ts';
import type { Plan } from './import.ts';
import type { DivisionFilter, Landing } from './landing-store.ts';
import * as landing from './landing-store.ts';
import type { Layout } from './layout.ts';
import { treeOf } from './lookup.ts';
import { changeCells, replaceCells } from './merge.ts';
import { type ProblemRow, rowFaults, toRow } from './problem.ts';
import { copyLine, finishGroup, type Staged } from './stage.ts';

/** Line → why it is refused after all; its delivered row is fetched in a second reading of the file. */
type LateRefusals = Map<
  number,
  { readonly column: string; readonly fault: Fault /** Its numbers are in the totals. */; readonly counted: boolean }
>;

const pageSize = 2000;

export interface Landed {
  readonly bad: number;
  /** False: not one row was good, and then nothing is concluded from the file. */
  readonly landed: boolean;
  /** What the delivery row keeps. */
  readonly totals: store.DeliveryTotals;
}

/** Problems found on the way are written as well. */
export const landStaged = async (tx: Tx, plan: Plan, deliveryId: string, layout: Layout, staged: Staged): Promise<Landed> => {
  const sql = rawSql(tx);
  const refusals: LateRefusals = new Map();
  await rejoinScattered(tx, layout, refusals);
  const l: Landing = {
    sql,
    deliveryId,
    dataset: plan.dataset.id,
    register: plan.dataset.register,
    asOf: plan.delivery.asOf,
    revision: await landing.lockLanding(sql),
    first: !(await store.hasLanded(sql, plan.dataset.id)),
  };
  const newer = await newerDivisions(tx, plan);
  const late = await refuseStaged(l, plan, layout, newer, refusals);
  await store.insertStagedProblems(sql, deliveryId);
  await fetchRefused(l, plan, layout, staged, refusals);
  const bad = await store.badLines(sql, deliveryId);
  const kept = { header: layout.header, corrects: plan.request.corrects ?? null };
  if (bad > 0 && bad === staged.read) {
    return { bad, landed: false, totals: { ...kept, sums: {}, written: 0, introduced: 0, dropped: 0, kept: 0 } };
  }
  await plan.at('import.beforeLand');
  const written = await write(tx, l, plan, layout, newer, { nameless: staged.nameless > 0, late });
  await plan.at('import.written');
  return { bad, landed: true, totals: { ...kept, sums: staged.totals.sums(), ...written } };
};

const filterOf = (plan: Plan, scopes: readonly (string | null)[]): DivisionFilter => {
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
const rejoinScattered = async (tx: Tx, layout: Layout, refusals: LateRefusals): Promise<void> => {
  const sql = rawSql(tx);
  for await (const page of landing.takeScattered(sql, pageSize)) {
    let text = '';
    for (const pieces of page) {
      const kept: ProblemRow[] = pieces.flatMap((p) => p.problems ?? []);
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
      text += copyLine({ ...whole, bad, problems: [] }, kept);
    }
    await landing.copyIntoStage(sql, (sink) => sink(text));
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
  const note = (taken: readonly landing.Taken[], fault: Fault): void => {
    for (const { rows, key } of taken) {
      for (const [line] of rows) refusals.set(line, { column: layout.key.header, fault: { ...fault, masked: maskId(key) }, counted: true });
    }
  };
  if (plan.dataset.introduces !== true) note(await landing.takeUnknownSubjects(l), rowFaults.unknownSubject);
  if (plan.request.division !== null && layout.division === null) {
    note(await landing.takeOutOfScope(l, filterOf(plan, [plan.request.division])), rowFaults.outOfScope);
  }
  // Changes to dated values and series may fill what is empty however late they come; everything else must not go back in time.
  const mayFill =
    plan.request.kind === 'changes' && plan.request.corrects === undefined && ['timed', 'series'].includes(plan.dataset.shape);
  const late = mayFill || l.first ? [] : await landing.takeLate(l, newer);
  note(late, rowFaults.late);
  return late.length > 0;
};

/** Reads the file once more for the rows refused above: their text goes into the report, their numbers out of the totals. */
const fetchRefused = async (l: Landing, plan: Plan, layout: Layout, staged: Staged, refusals: LateRefusals): Promise<void> => {
  if (refusals.size === 0) return;
  let found: ProblemRow[] = [];
  for await (const rows of readCsv(plan.request.content.open())) {
    for (const row of rows) {
      const refusal = refusals.get(row.line);
      if (refusal === undefined) continue;
      const { column, fault, counted } = refusal;
      found.push(toRow({ line: row.line, column, fault, row: row.cells }));
      for (const [header, number] of counted ? readRow(layout, row).numbers : []) staged.totals.add(header, number, -1n);
    }
    if (found.length >= pageSize) {
      await store.insertProblems(l.sql, l.deliveryId, found);
      found = [];
    }
  }
  await store.insertProblems(l.sql, l.deliveryId, found);
};

type Written = Pick<store.DeliveryTotals, 'written' | 'introduced' | 'dropped' | 'kept'>;

/** What keeps a full delivery from saying "none" of whom it does not list: rows of nobody knows whom, rows left out as overtaken. */
interface Doubts {
  readonly nameless: boolean;
  readonly late: boolean;
}

const write = async (tx: Tx, l: Landing, plan: Plan, layout: Layout, newer: DivisionFilter | null, doubts: Doubts): Promise<Written> => {
  const { kind, division, corrects } = plan.request;
  const speaksForAll = kind !== 'changes' && corrects === undefined;
  const series = plan.dataset.shape === 'series';
  const periods = series && speaksForAll && !doubts.nameless && !doubts.late ? await absence.stagedPeriods(l) : [];
  // A withdrawal of what never was must not be written as a value, so changes are merged even the first time.
  if (!l.first || kind === 'changes') await merge(l, plan, layout, newer, periods);
  const introduced = plan.dataset.introduces === true ? await landing.insertSubjects(l) : 0;
  if (!l.first && layout.division !== null) await keepMoversFresh(tx, l, plan);
  if (layout.name !== null || layout.division !== null) await landing.updateEnvelopes(l);
  const written = await landing.writeParts(l, !speaksForAll);
  await absence.markRefused(l, series ? layout.values.map((c) => c.to) : []);
  let dropped = l.first ? 0 : await landing.removeWithdrawn(l);
  let kept = 0;
  if (speaksForAll) {
    const scope = division === null ? null : filterOf(plan, [division]);
    // The first time there is nobody to miss.
    if (l.first) kept = 0;
    else if (doubts.nameless) kept = await absence.countUnlisted(l, scope, newer);
    else if (series) dropped += await absence.cutUnlisted(l, scope, newer, periods);
    else dropped += await absence.removeUnlisted(l, scope, newer);
    await store.writeCoverage(l.sql, { dataset: l.dataset, register: l.register, division, asOf: l.asOf, delivery: l.deliveryId, periods });
  }
  return { written, introduced, dropped, kept };
};

/** Whoever moves leaves the coverage of the old division behind; what it said of the day his facts were confirmed must not be lost with it. */
const keepMoversFresh = async (tx: Tx, l: Landing, plan: Plan): Promise<void> => {
  const movers = await landing.readMovers(l);
  if (movers.length === 0) return;
  const covered = coverageLookup(await store.coverages(tx), plan.catalogue);
  for (let at = 0; at < movers.length; at += pageSize) {
    const known = movers
      .slice(at, at + pageSize)
      .flatMap(({ subjectId, division }) =>
        [...covered(l.register, division)].map(([dataset, { asOf }]) => ({ subjectId, dataset, asOf })),
      );
    await landing.keepFreshness(l, known);
  }
};

/** Only where something else stood before; a row per subject, or a list in a full delivery, is simply replaced and needs none of it. */
const merge = async (l: Landing, plan: Plan, layout: Layout, newer: DivisionFilter | null, periods: readonly string[]): Promise<void> => {
  const asChanges = plan.request.kind === 'changes' && plan.request.corrects === undefined;
  const { shape } = plan.dataset;
  if (!asChanges && shape !== 'timed' && shape !== 'series') return;
  for await (const page of landing.readToMerge(l, newer, pageSize)) {
    const merged = page.map((m) => ({
      key: m.key,
      cells: asChanges ? changeCells(layout, m.old, m, m.late) : replaceCells(layout, m.old, m.cells, periods),
    }));
    await landing.writeMerged(l, merged);
  }
};
