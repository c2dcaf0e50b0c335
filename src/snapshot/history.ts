// How what is known of one fact of one subject changed: every value it was sealed with, its validity, source, delivery, and from when to when that was the
// knowledge. Read from what was sealed; days between two seals belong to the earlier one, as far as anybody can tell.
import type { Day } from '../base/day.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Db, Tx } from '../db/handle.ts';
import { covers } from '../record/coverage.ts';
import { arrivals } from '../record/delivery-store.ts';
import { treeOf } from '../record/lookup.ts';
import type { CellValue } from '../record/record.ts';
import type { ResolvedFact } from '../record/resolve.ts';
import type { MissingReason } from '../rule/facts.ts';
import { blockOf, rowOf } from './block.ts';
import { factAt } from './columns.ts';
import { columnsThrough, type SealedColumn } from './history-store.ts';
import { loadBlock } from './open.ts';
import { countRemoved, readLeaves } from './store.ts';

export interface PastValue {
  /** null: checked, none. */
  readonly value: CellValue;
  readonly from: Day | null;
  readonly to: Day | null;
  readonly dataset: string;
  readonly asOf: Day;
  /** The delivery that brought it, and when it came in; null: it was no delivery. */
  readonly delivery: string | null;
  readonly arrived: Date | null;
}

/** One state of knowledge. */
export interface PastState {
  readonly snapshotId: string;
  /** Sealed like this first and last; `replacedOn` is the day of the first seal that says otherwise, null: it still stands. */
  readonly knownFrom: Day;
  readonly knownTo: Day;
  readonly replacedOn: Day | null;
  /** One of an untimed fact; of a dated one in order of validity. */
  readonly values: readonly PastValue[];
  /** Why there is none: unknown. */
  readonly missing: { readonly reason: MissingReason; readonly dataset: string | null; readonly asOf: Day | null } | null;
}

export interface FactHistory {
  /** Newest first. */
  readonly states: readonly PastState[];
  readonly snapshots: number;
  /** False: there are older snapshots that were not looked into, or are past their term. */
  readonly complete: boolean;
}

/** Two years of nightly seals; of columns that differ fewer are read, and each is read once. */
const mostSnapshots = 750;
const mostColumns = 120;

interface Group {
  readonly hash: string | null;
  first: SealedColumn;
  readonly last: SealedColumn;
  /** The first seal after it. */
  readonly next: SealedColumn | null;
}

/** Neighbouring snapshots with the same bytes as one, newest first. */
const grouped = (sealed: readonly SealedColumn[]): readonly Group[] => {
  const groups: Group[] = [];
  for (const one of sealed) {
    const open = groups.at(-1);
    if (open !== undefined && open.hash === one.hash) open.first = one;
    else groups.push({ hash: one.hash, first: one, last: one, next: open?.first ?? null });
  }
  return groups;
};

export const factHistory = async (
  reader: Db | Tx,
  catalogue: Catalogue,
  asked: { readonly register: string; readonly ordinal: number; readonly division: string | null; readonly fact: Fact },
): Promise<FactHistory> => {
  const { register, ordinal, fact } = asked;
  const block = blockOf(ordinal);
  const sealed = await columnsThrough(reader, { register, block, column: fact.key, limit: mostSnapshots + 1 });
  const groups = grouped(sealed.slice(0, mostSnapshots));
  const came = await arrivals(reader);
  const divisions = treeOf(catalogue, 'division');
  const arrival = (dataset: string, asOf: Day, before: Date) =>
    came
      .filter((a) => a.dataset === dataset && a.asOf === asOf && a.landedAt <= before && covers(divisions, a.division, asked.division))
      .reduce<(typeof came)[number] | null>((last, a) => (last === null || a.landedAt > last.landedAt ? a : last), null);
  const states: PastState[] = [];
  for (const group of groups.slice(0, mostColumns)) {
    const leaves = group.hash === null ? [] : await readLeaves(reader, group.first.snapshotId, { register, block });
    const column = leaves.length === 0 ? null : (await loadBlock(reader, leaves, { register, block, facts: [fact.key] })).column(fact.key);
    const told = column === null ? undefined : factAt(column, rowOf(ordinal));
    const state = stateOf(group, told, (dataset, asOf) => arrival(dataset, asOf, group.first.sealedAt));
    const newer = states.at(-1);
    // Other subjects of the block change the bytes too: the same word is one state.
    if (newer !== undefined && wordOf(newer) === wordOf(state))
      states[states.length - 1] = { ...newer, knownFrom: state.knownFrom, snapshotId: state.snapshotId };
    else states.push(state);
  }
  const all = sealed.length <= mostSnapshots && groups.length <= mostColumns;
  return { states, snapshots: sealed.length, complete: all && (await countRemoved(reader)) === 0 };
};

const wordOf = ({ values, missing }: PastState): string =>
  JSON.stringify([values.map(({ value, from, to, dataset, asOf }) => [value, from, to, dataset, asOf]), missing]);

const stateOf = (
  { first, last, next }: Group,
  told: ResolvedFact | undefined,
  arrival: (dataset: string, asOf: Day) => { readonly id: string; readonly landedAt: Date } | null,
): PastState => {
  const values = (told?.cells ?? []).map(({ v, from = null, to = null, dataset, asOf }): PastValue => {
    const came = arrival(dataset, asOf);
    return { value: v, from, to, dataset, asOf, delivery: came?.id ?? null, arrived: came?.landedAt ?? null };
  });
  const why = told?.missing;
  const missing =
    values.length > 0 ? null : { reason: why?.reason ?? ('undelivered' as const), dataset: why?.dataset ?? null, asOf: why?.asOf ?? null };
  return {
    snapshotId: first.snapshotId,
    knownFrom: first.knownAt,
    knownTo: last.knownAt,
    replacedOn: next?.knownAt ?? null,
    values,
    missing,
  };
};
