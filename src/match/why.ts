// Why now: one subject decided from the last snapshot with the whole trace, also when the answer is no or not yet. Writes nothing.
import { coversDivision, coversItem, type Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { paidHistory } from '../ledger/store.ts';
import { withClosed } from '../policy/closed.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { decide, eventPeriods } from '../policy/decide.ts';
import { type NearMiss, nearMisses } from '../policy/near-miss.ts';
import { factOf } from '../record/lookup.ts';
import type { Decision, DecisionPeriod, Missing } from '../rule/facts.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import { factAt } from '../snapshot/columns.ts';
import type { OpenBlock, OpenSnapshot } from '../snapshot/open.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import type { SealedSubject } from '../snapshot/subjects.ts';
import { paidBesides, paidRowsOf, readsLedger } from './batch.ts';
import { type Blocks, readAnew } from './blocks.ts';
import { tablesOf } from './closing-store.ts';
import { periodsIn } from './events.ts';
import { longerOf } from './longer.ts';
import type { ItemVersion } from './match.ts';
import { duePeriod } from './period.ts';
import { readStandings } from './run-store.ts';
import { veilOf } from './sealed.ts';
import { type ColumnContext, columnSource, type Place } from './source.ts';
import { lastRun, ordinalOf, ordinalsOfKeys } from './store.ts';

export interface WhyQuestion {
  readonly version: ItemVersion;
  readonly catalogue: Catalogue;
  /** Of that very version and catalogue, where the reader keeps it: compiling costs more than deciding. */
  readonly compiled?: CompiledItem;
  readonly subjectId: string;
  readonly scope: Scope;
  /** Default: what a run would decide now. */
  readonly period?: DecisionPeriod;
  /** What was known then; default: the newest snapshot and the ledger as the last run saw it. */
  readonly at?: { readonly snapshotId: string; readonly ledgerCut: bigint };
  /** Also what would have to be otherwise, where the answer is no. */
  readonly near?: boolean;
  /** Default: read anew. */
  readonly blocks?: Blocks;
}

export interface WhyNow {
  readonly snapshotId: string;
  readonly subject: SealedSubject;
  readonly register: string;
  readonly compiled: CompiledItem;
  /** One, or one per event; none when nothing is due. */
  readonly decisions: readonly { readonly period: DecisionPeriod; readonly decision: Decision; readonly near: readonly NearMiss[] }[];
  /** per-event: why there may be more events. */
  readonly missing: readonly Missing[];
}

/** How far ahead a near miss looks. */
const nearMonths = 36;

/** null: no snapshot yet, nobody of that id in it, or outside the reader's scope; which of them is not told. */
export const whyNow = async (db: Db, question: WhyQuestion): Promise<WhyNow | null> => {
  const { version, catalogue, subjectId, scope, blocks = readAnew } = question;
  const id = question.at?.snapshotId ?? (await latestSnapshot(db))?.id ?? null;
  const snapshot = id === null || !coversItem(scope, version.item) ? null : await blocks.snapshot(db, id);
  if (snapshot === null) return null;
  const compiled = question.compiled ?? compileItem(version.item, catalogue);
  const due = question.period ?? duePeriod(version.item, snapshot.snapshot.knownAt);
  const longer = due === null ? null : await longerOf(db, snapshot, catalogue, { itemId: version.item.id, periodKey: due.key, subjectId });
  const more = longer?.columns ?? [];
  const found = await placeOf({ db, blocks, snapshot }, compiled, subjectId, more);
  if (found === null) return null;
  const { place, subject } = found;
  if (subject === null || subject.subjectId !== subjectId || !coversDivision(scope, subject.division)) return null;
  const links = await linksFrom({ db, blocks, snapshot }, compiled, catalogue, place, more);
  const told = { snapshotId: snapshot.snapshot.id, subject, register: compiled.register, compiled };
  if (due === null) return { ...told, decisions: [], missing: [] };
  return {
    ...told,
    ...(await decideOne(db, compiled, place, { catalogue, link: links, sealedAs: longer?.sealedAs }, due, subject, question)),
  };
};

interface Sealed {
  readonly db: Db;
  readonly blocks: Blocks;
  readonly snapshot: OpenSnapshot;
}

const placeOf = async (
  { db, blocks, snapshot }: Sealed,
  compiled: CompiledItem,
  subjectId: string,
  more: readonly string[],
): Promise<{ readonly place: Place; readonly subject: SealedSubject | null } | null> => {
  const ordinal = await ordinalOf(db, compiled.register, subjectId);
  if (ordinal === null || !snapshot.blocks(compiled.register).includes(blockOf(ordinal))) return null;
  const facts = [...compiled.reads.filter((r) => r.link === null).map((r) => r.fact), ...more];
  const [at, row] = [blockOf(ordinal), rowOf(ordinal)];
  const block = await blocks.block(db, snapshot, compiled.register, at, facts);
  // What is kept of columns does not say who stands in them.
  const who = blocks === readAnew ? block : await blocks.records(db, snapshot, compiled.register, at);
  return { place: { block, row }, subject: who.subjects.at(row) };
};

/** Only the blocks this one subject's links lead to, found by key in the records: an index over everybody would cost more than the answer. */
const linksFrom = async (
  { db, blocks: from, snapshot }: Sealed,
  compiled: CompiledItem,
  catalogue: Catalogue,
  place: Place,
  more: readonly string[],
): Promise<ColumnContext['link']> => {
  const found = new Map<string, Place>();
  const blocks = new Map<string, OpenBlock>();
  for (const link of new Set(compiled.reads.flatMap((r) => (r.link === null ? [] : [r.link])))) {
    const register = factOf(catalogue, compiled.register, link)?.to;
    const column = place.block.column(link);
    if (register === undefined || column === null) continue;
    const keys = (factAt(column, place.row)?.cells ?? []).flatMap((c) => (typeof c.v === 'string' ? [c.v] : []));
    const facts = [...new Set(compiled.reads.filter((r) => r.link !== null && r.register === register).map((r) => r.fact)), ...more];
    for (const [key, ordinal] of await ordinalsOfKeys(db, register, keys)) {
      const name = `${register}/${blockOf(ordinal)}`;
      if (!blocks.has(name) && snapshot.blocks(register).includes(blockOf(ordinal)))
        blocks.set(name, await from.block(db, snapshot, register, blockOf(ordinal), facts));
      const block = blocks.get(name);
      if (block !== undefined && block.subjects.key(rowOf(ordinal)) === key)
        found.set(`${register}\n${key}`, { block, row: rowOf(ordinal) });
    }
  }
  return (register, key) => found.get(`${register}\n${key}`);
};

const decideOne = async (
  db: Db,
  compiled: CompiledItem,
  place: Place,
  context: Omit<ColumnContext, 'paid' | 'purpose'>,
  due: DecisionPeriod,
  subject: SealedSubject,
  { catalogue, near, at: then }: WhyQuestion,
): Promise<Pick<WhyNow, 'decisions' | 'missing'>> => {
  const { id: itemId } = compiled.item;
  const ids = [subject.subjectId];
  const cut = then?.ledgerCut ?? (await lastRun(db))?.ledgerCut ?? null;
  const { history, standing } = await transaction(db, async (tx) => ({
    history: readsLedger(compiled) ? await paidHistory(tx, { subjectIds: ids, ...(cut === null ? {} : { cut }) }) : [],
    standing: (await readStandings(tx, { itemId, periodKey: due.key }, ids)).get(subject.subjectId),
  }));
  const paid = new Map([[subject.subjectId, paidRowsOf(history, veilOf(db))]]);
  const closed = await tablesOf(db, compiled, due.key, subject.subjectId);
  const at = (period: DecisionPeriod): WhyNow['decisions'][number] => {
    const columns = columnSource(place, {
      ...context,
      paid: paidBesides({ paid }, subject.subjectId, itemId, period),
      purpose: compiled.item,
    });
    const source = withClosed(columns, closed, subject.subjectId, due.knownAt);
    const decision = decide(compiled, source, period);
    return {
      period,
      decision,
      near: near === true ? nearMisses({ compiled, catalogue, source, period, decision, months: nearMonths }) : [],
    };
  };
  if (compiled.event !== null) {
    const events = eventPeriods(compiled, columnSource(place, { ...context, paid: [], purpose: compiled.item }), due.knownAt);
    const periods = due.key === 'events' ? periodsIn(due, events.periods, []) : [due];
    return { decisions: periods.map(at), missing: events.missing };
  }
  // `once` stays with the period of the match that stands, here as in a run.
  const frozen = due.kind === 'once' && standing !== undefined && standing.verdict !== 'ineligible';
  return { decisions: [at(frozen ? { ...due, end: standing.periodEnd } : due)], missing: [] };
};
