// Building one block of one register: records go in by ordinal, segments come out. Holds one block in memory and nothing else.
import { createHash } from 'node:crypto';
import type { Fact } from '../catalogue/catalogue.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import type { Told } from '../record/resolve-sheaf.ts';
import { blockRows } from './bitmap.ts';
import { type ColumnBuilder, columnBuilder, finishColumn, pushRow, pushRows } from './columns.ts';
import { finishPages, type PagesBuilder, pagesBuilder, pushLine } from './fill-pages.ts';
import { type Packable, pack } from './pack.ts';
import { bookColumn, subjectColumn } from './snapshot.ts';
import type { Segment } from './store.ts';
import { finishSubjects, pushSubject, type SubjectsBuilder, subjectsBuilder } from './subjects.ts';

export interface BlockBuilder {
  readonly register: string;
  readonly block: number;
  rows: number;
  subjects: number;
  readonly columns: ReadonlyMap<string, ColumnBuilder>;
  /** Books that are full, and the one that is being written. */
  readonly books: { readonly hash: string; readonly bytes: Uint8Array }[];
  readonly bookRows: number;
  pages: PagesBuilder;
  readonly who: SubjectsBuilder;
}

export const blockOf = (ordinal: number): number => Math.floor(ordinal / blockRows);
export const rowOf = (ordinal: number): number => ordinal % blockRows;

/** Half a megabyte as it rests: little to read for one person, and a block's heads, one per book, come to a fiftieth of its records. */
const usualBook = 2048;

/** `bookRows`: how many records a book takes; a delta keeps all of its in one. */
export const blockBuilder = (register: string, block: number, facts: readonly Fact[], bookRows = usualBook): BlockBuilder => ({
  register,
  block,
  rows: 0,
  subjects: 0,
  columns: new Map(facts.map((fact) => [fact.key, columnBuilder(fact)])),
  books: [],
  bookRows,
  pages: pagesBuilder(facts.map((fact) => fact.key)),
  who: subjectsBuilder(),
});

/** By place, as the builder's columns are; null where the block has no subject at this row. */
const pushFacts = (builder: BlockBuilder, facts: Parameters<typeof pushLine>[1]): void => {
  pushLine(builder.pages, facts);
  if (builder.pages.rows === builder.bookRows) endBook(builder);
};

const endBook = (builder: BlockBuilder): void => {
  builder.books.push(finishPages(builder.pages));
  builder.pages = pagesBuilder(builder.pages.facts);
};

/** Records come in the order of their ordinals; a gap is a row without a subject. */
export const pushRecord = (builder: BlockBuilder, record: ResolvedRecord): void => {
  const row = rowOf(record.ordinal);
  while (builder.rows < row) pushEmpty(builder);
  const { subjectId, key, name, division, facts } = record;
  pushSubject(builder.who, { subjectId, key, name, division });
  // Who it is stands in $subject: repeating the database's own ids here would make equal data unequal.
  pushFacts(
    builder,
    builder.pages.facts.map((fact) => facts[fact]),
  );
  for (const [fact, column] of builder.columns) pushRow(column, facts[fact]);
  builder.rows++;
  builder.subjects++;
};

/** Many records of the block, beyond those it has; the facts in the order of its columns. */
export const pushTold = (builder: BlockBuilder, { first, subjects, facts }: Told): void => {
  while (builder.rows < rowOf(first)) pushEmpty(builder);
  const line = new Array<Told['facts'][number][number]>(facts.length);
  subjects.forEach((subject, row) => {
    pushSubject(builder.who, subject);
    for (let i = 0; i < facts.length; i++) line[i] = facts[i]?.[row];
    pushFacts(builder, subject === undefined ? null : line);
    if (subject !== undefined) builder.subjects++;
  });
  let i = 0;
  for (const column of builder.columns.values()) pushRows(column, facts[i++] ?? []);
  builder.rows += subjects.length;
};

const pushEmpty = (builder: BlockBuilder): void => {
  pushSubject(builder.who, undefined);
  pushFacts(builder, null);
  for (const column of builder.columns.values()) pushRow(column, undefined);
  builder.rows++;
};

/** A fact nobody in the block was told anything about has no segment. */
export function* finishBlock(builder: BlockBuilder): Generator<Segment> {
  yield { column: subjectColumn, ...finishSubjects(builder.who) };
  if (builder.pages.rows > 0) endBook(builder);
  for (const [i, book] of builder.books.entries()) yield { column: bookColumn(i * builder.bookRows), ...book };
  for (const [fact, column] of builder.columns) {
    if (column.told === 0) continue;
    const bytes = pack(finishColumn(column) as unknown as Packable);
    yield { column: fact, hash: createHash('sha256').update(bytes).digest('hex'), bytes };
  }
}
