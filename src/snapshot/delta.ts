// Rows sealed since their block's base: whole rows, every column of them, in one segment. A block is its base with its deltas over it, the later one last;
// whoever reads it sees one block.
import { createHash } from 'node:crypto';
import type { Fact, Field } from '../catalogue/catalogue.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { blockBuilder, pushRecord } from './block.ts';
import { type Column, finishColumn } from './columns.ts';
import { finishPages } from './fill-pages.ts';
import { gatherColumn, type Stretch } from './gather.ts';
import { type Packable, pack, unpack } from './pack.ts';
import { openPages, type Pages } from './pages.ts';
import { deltaColumn } from './snapshot.ts';
import type { Segment } from './store.ts';
import { finishSubjects, openSubjects, type Subjects } from './subjects.ts';
import type { Shape } from './values.ts';

interface Packed {
  /** Rows of the block from here on. */
  readonly total: number;
  /** Their numbers in the block, ascending; entry i of everything below is row `rows[i]`. */
  readonly rows: Uint32Array;
  readonly subjects: Uint8Array;
  readonly record: Uint8Array;
  /** Of every column the register was sealed with. */
  readonly shapes: { readonly [fact: string]: Shape };
  readonly columns: { readonly [fact: string]: Column };
}

export interface MadeDelta extends Segment {
  /** Facts somebody among these rows was told anything about. */
  readonly facts: readonly string[];
}

/** `records` in the order of their rows. */
export const makeDelta = (
  place: { readonly register: string; readonly block: number; readonly total: number },
  facts: readonly Fact[],
  records: readonly { readonly row: number; readonly record: ResolvedRecord }[],
): MadeDelta => {
  const builder = blockBuilder(place.register, place.block, facts, Number.POSITIVE_INFINITY);
  records.forEach(({ record }, i) => {
    pushRecord(builder, { ...record, ordinal: i });
  });
  const told = [...builder.columns].filter(([, column]) => column.told > 0);
  const columns = Object.fromEntries(told.map(([fact, column]) => [fact, finishColumn(column)]));
  const rows = Uint32Array.from(records, ({ row }) => row);
  const [subjects, record] = [finishSubjects(builder.who), finishPages(builder.pages)];
  const shapes = Object.fromEntries(
    facts.map(({ key, type, fields }) => [key, fields === undefined ? { type } : { type, fields: fields.map(fieldShape) }]),
  );
  const head = { total: place.total, rows, shapes };
  const content = pack({ ...head, subjects: subjects.hash, record: record.hash, columns } as unknown as Packable);
  return {
    column: deltaColumn,
    // The database's own ids stay out of it, as everywhere.
    hash: createHash('sha256').update(content).digest('hex'),
    bytes: pack({ ...head, subjects: subjects.bytes, record: record.bytes, columns } as unknown as Packable),
    facts: told.map(([fact]) => fact),
  };
};

const fieldShape = ({ key, label, type }: Field): Field => ({ key, label, type });

export interface Delta {
  readonly total: number;
  readonly rows: Uint32Array;
  readonly subjects: Subjects;
  readonly pages: Pages;
  readonly shapes: Packed['shapes'];
  readonly columns: Packed['columns'];
}

export const openDelta = (segment: Uint8Array): Delta => {
  const { total, rows, subjects, record, shapes, columns } = unpack<Packed>(segment);
  return { total, rows, subjects: openSubjects(subjects), pages: openPages(record), shapes, columns };
};

/** How a block is put together: for every row the source that speaks of it, 0 for the base, i + 1 for the i-th delta. */
export interface Overlay {
  readonly rows: number;
  /** Rows that are not the base's own. */
  readonly over: ReadonlyMap<number, { readonly delta: number; readonly at: number }>;
  column(fact: string, base: Column | null): Column | null;
}

export const overlayOf = (baseRows: number, deltas: readonly Delta[]): Overlay => {
  const over = new Map<number, { readonly delta: number; readonly at: number }>();
  deltas.forEach(({ rows }, delta) => {
    rows.forEach((row, at) => {
      over.set(row, { delta, at });
    });
  });
  const rows = Math.max(baseRows, ...deltas.map((d) => d.total));
  const stretches = stretchesOf(baseRows, rows, over);
  return {
    rows,
    over,
    column: (fact, base) => {
      // A fact no delta knows of is none of this catalogue's, and nobody was told anything of it.
      const shape = deltas.findLast((d) => d.shapes[fact] !== undefined)?.shapes[fact];
      return shape === undefined ? null : gatherColumn(shape, [base, ...deltas.map((d) => d.columns[fact] ?? null)], stretches);
    },
  };
};

const stretchesOf = (baseRows: number, rows: number, over: Overlay['over']): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  let from = 0;
  const upTo = (row: number): void => {
    if (from < Math.min(row, baseRows)) stretches.push({ source: 0, from, count: Math.min(row, baseRows) - from });
    from = Math.max(from, Math.min(row, baseRows));
    // A row of nobody: a source that is not there.
    if (from < row) stretches.push({ source: -1, from: 0, count: row - from });
    from = row;
  };
  for (const [row, { delta, at }] of [...over].sort(([a], [b]) => a - b)) {
    upTo(row);
    stretches.push({ source: delta + 1, from: at, count: 1 });
    from = row + 1;
  }
  upTo(rows);
  return stretches;
};

/** Who stands where, base and deltas as one. */
export const subjectsOver = (base: Subjects, deltas: readonly Delta[], { rows, over }: Overlay): Subjects => {
  const read = <T>(row: number, ask: (subjects: Subjects, at: number) => T | null): T | null => {
    const found = over.get(row);
    if (found !== undefined) return ask((deltas[found.delta] as Delta).subjects, found.at);
    return row < base.rows ? ask(base, row) : null;
  };
  return {
    rows,
    at: (row) => read(row, (subjects, at) => subjects.at(at)),
    key: (row) => read(row, (subjects, at) => subjects.key(at)),
    id: (row) => read(row, (subjects, at) => subjects.id(at)),
    division: (row) => read(row, (subjects, at) => subjects.division(at)),
  };
};

/** `baseRows`: rows the base has. */
export const pagesOver = (base: Pages, baseRows: number, deltas: readonly Delta[], { over }: Overlay): Pages => ({
  facts: (row) => {
    const found = over.get(row);
    if (found !== undefined) return (deltas[found.delta] as Delta).pages.facts(found.at);
    return row < baseRows ? base.facts(row) : null;
  },
});
