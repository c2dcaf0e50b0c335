// Who is undetermined, and for want of what: recomputed on demand from the bitmaps of the last run and its snapshot, because rows are only kept where a
// person must act. Limited by the reader's scope like everything else.
import { coversDivision, coversItem, type Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type ClosedTable, withClosed } from '../policy/closed.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { decide, eventPeriods } from '../policy/decide.ts';
import type { DecisionPeriod, Missing } from '../rule/facts.ts';
import { bitmapFromBytes, rowsOf } from '../snapshot/bitmap.ts';
import { type OpenBlock, openSnapshot } from '../snapshot/open.ts';
import type { SealedSubject } from '../snapshot/subjects.ts';
import { tablesOf } from './closing-store.ts';
import { periodsIn } from './events.ts';
import { type Frame, openFrame } from './frame.ts';
import { type Longer, longerFor } from './longer.ts';
import type { ItemVersion } from './match.ts';
import { readRunItems } from './plan-store.ts';
import { readContinuing } from './run-store.ts';
import { columnSource, type Place } from './source.ts';
import { type Page, runById, undeterminedBlocks } from './store.ts';

export interface UndeterminedSubject {
  readonly register: string;
  readonly subjectId: string;
  readonly name: string | null;
  readonly division: string | null;
  readonly missing: readonly Missing[];
}

export interface UndeterminedQuestion {
  readonly version: ItemVersion;
  readonly catalogue: Catalogue;
  readonly periodKey: string;
  readonly scope: Scope;
  /** Only those who lack this fact (and, where given, from this dataset). */
  readonly fact?: string;
  readonly dataset?: string;
  readonly cursor?: string | null;
  readonly limit?: number;
}

interface Visit {
  readonly place: string;
  readonly subject: UndeterminedSubject;
}

/** A page of undetermined subjects in the order of the register. */
export const undeterminedSubjects = async (db: Db, question: UndeterminedQuestion): Promise<Page<UndeterminedSubject>> => {
  const limit = Math.min(Math.max(question.limit ?? 50, 1), 200);
  const rows: UndeterminedSubject[] = [];
  let last = '';
  for await (const { place, subject } of walk(db, question)) {
    if (rows.length === limit) return { rows, cursor: last };
    rows.push(subject);
    last = place;
  }
  return { rows, cursor: null };
};

export interface MissingInScope {
  readonly fact: string;
  readonly dataset: string;
  readonly reason: string;
  readonly subjects: number;
}

/** Counts per missing fact and dataset for readers of some divisions only; readers of all have them written down (`undeterminedByMissing`). */
export const missingInScope = async (
  db: Db,
  question: Omit<UndeterminedQuestion, 'cursor' | 'limit'>,
): Promise<readonly MissingInScope[]> => {
  const counts = new Map<string, { fact: string; dataset: string; reason: string; subjects: number }>();
  for await (const { subject } of walk(db, question)) {
    for (const { fact, dataset, reason } of subject.missing) {
      const name = `${fact}\n${dataset ?? ''}\n${reason}`;
      const entry = counts.get(name) ?? { fact, dataset: dataset ?? '', reason, subjects: 0 };
      entry.subjects++;
      counts.set(name, entry);
    }
  }
  return [...counts.values()].sort((a, b) => b.subjects - a.subjects || (a.fact < b.fact ? -1 : 1));
};

async function* walk(db: Db, question: UndeterminedQuestion): AsyncGenerator<Visit> {
  const { version, catalogue, periodKey, scope } = question;
  if (!coversItem(scope, version.item)) return;
  const compiled = compileItem(version.item, catalogue);
  const from = question.cursor == null ? null : readPlace(question.cursor);
  let opened: Awaited<ReturnType<typeof openRun>> = null;
  for (const { block, register, runId, undetermined } of await undeterminedBlocks(db, version.item.id, periodKey)) {
    if (from !== null && block < from.block) continue;
    if (opened?.runId !== runId) opened = await openRun(db, runId, compiled, question);
    if (opened === null) continue;
    const { frame, period, closed, longer } = opened;
    const sealed = (await frame.block(register, block)).block;
    await frame.prepareLinks(compiled);
    const open = rowsOf(bitmapFromBytes(undetermined, sealed.rows));
    const carried = longer === null ? nobody : await continuingIn(db, question, sealed, open);
    for (const row of open) {
      if (from !== null && block === from.block && row <= from.row) continue;
      const who = sealed.subjects.at(row);
      if (who === null || !coversDivision(scope, who.division)) continue;
      const sealedAs = carried.has(who.subjectId) ? longer?.sealedAs : undefined;
      const missing = missingOf(compiled, frame, { block: sealed, row }, period, closed, sealedAs);
      if (asked(question, missing)) yield { place: `${block}.${row}`, subject: subjectOf(register, who, missing) };
    }
  }
}

const subjectOf = (register: string, who: SealedSubject, missing: readonly Missing[]): UndeterminedSubject => ({
  register,
  subjectId: who.subjectId,
  name: who.name,
  division: who.division,
  missing,
});

const readPlace = (cursor: string): { readonly block: number; readonly row: number } | null => {
  const m = /^(\d{1,6})\.(\d{1,5})$/.exec(cursor);
  return m === null ? null : { block: Number(m[1]), row: Number(m[2]) };
};

const asked = (question: UndeterminedQuestion, missing: readonly Missing[]): boolean =>
  question.fact === undefined ||
  missing.some((m) => m.fact === question.fact && (question.dataset === undefined || (m.dataset ?? '') === question.dataset));

/** The snapshot the bitmaps are of; null when it has been thrown away since. */
const openRun = async (db: Db, runId: string, compiled: CompiledItem, question: UndeterminedQuestion) => {
  const run = await runById(db, runId);
  const snapshot = run === null ? null : await openSnapshot(db, run.snapshotId);
  const row = (await readRunItems(db, runId)).find((r) => r.itemId === question.version.item.id && r.periodKey === question.periodKey);
  if (run === null || snapshot === null || row === undefined) return null;
  const { periodKey: key, periodStart: start, periodEnd: end } = row;
  const period: DecisionPeriod = { kind: question.version.item.period, key, start, end, knownAt: run.knownAt };
  const closed = await tablesOf(db, compiled, key, null);
  const longer = row.terms === null ? null : longerFor(row.terms, question.catalogue, run.knownAt);
  const keep = { records: false, ...(longer === null ? {} : { columns: longer.columns }) };
  return { runId, closed, longer, frame: openFrame(db, snapshot, question.catalogue, [compiled], keep), period };
};

const nobody: ReadonlySet<string> = new Set();

/** Whom of these rows the item paid before: a longer limit reads their facts, and nobody else's. */
const continuingIn = async (
  db: Db,
  { version, periodKey }: UndeterminedQuestion,
  block: OpenBlock,
  rows: readonly number[],
): Promise<ReadonlySet<string>> => {
  const ids = rows.flatMap((row) => block.subjects.id(row) ?? []);
  return transaction(db, (tx) => readContinuing(tx, { itemId: version.item.id, periodKey }, ids));
};

const missingOf = (
  compiled: CompiledItem,
  frame: Frame,
  place: Place,
  period: DecisionPeriod,
  closed: readonly ClosedTable[],
  sealedAs: Longer['sealedAs'] | undefined,
): readonly Missing[] => {
  const columns = columnSource(place, { catalogue: frame.catalogue, link: frame.link, paid: [], purpose: compiled.item, sealedAs });
  const source = withClosed(columns, closed, place.block.subjects.id(place.row) ?? '', period.knownAt);
  if (compiled.event === null) return decide(compiled, source, period).missing;
  const events = eventPeriods(compiled, source, period.knownAt);
  const decided = periodsIn(period, events.periods, []).map((p) => decide(compiled, source, p));
  return [...events.missing, ...decided.flatMap((d) => (d.verdict === 'undetermined' ? d.missing : []))];
};
