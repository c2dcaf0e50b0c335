// Building one block of one register: records go in by ordinal, segments come out. Holds one block in memory and nothing else.
import { createHash } from 'node:crypto';
import type { Fact } from '../catalogue/catalogue.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import type { Told } from '../record/resolve-sheaf.ts';
import { blockRows } from './bitmap.ts';
import { type ColumnBuilder, columnBuilder, finishColumn, pushRow, pushRows } from './columns.ts';
import { finishPages, type PagesBuilder, pagesBuilder, pushLine } from './fill-pages.ts';
import { type Packable, pack } from './pack.ts';
import { recordColumn, subjectColumn } from './snapshot.ts';
import type { Segment } from './store.ts';
import { finishSubjects, pushSubject, type SubjectsBuilder, subjectsBuilder } from './subjects.ts';

export interface BlockBuilder {
  readonly register: string;
  readonly block: number;
  rows: number;
  subjects: number;
  readonly columns: ReadonlyMap<string, ColumnBuilder>;
  readonly pages: PagesBuilder;
  readonly who: SubjectsBuilder;
}

export const blockOf = (ordinal: number): number => Math.floor(ordinal / blockRows);
export const rowOf = (ordinal: number): number => ordinal % blockRows;

export const blockBuilder = (register: string, block: number, facts: readonly Fact[]): BlockBuilder => ({
  register,
  block,
  rows: 0,
  subjects: 0,
  columns: new Map(facts.map((fact) => [fact.key, columnBuilder(fact)])),
  pages: pagesBuilder(facts.map((fact) => fact.key)),
  who: subjectsBuilder(),
});

/** Records come in the order of their ordinals; a gap is a row without a subject. */
export const pushRecord = (builder: BlockBuilder, record: ResolvedRecord): void => {
  const row = rowOf(record.ordinal);
  while (builder.rows < row) pushEmpty(builder);
  const { subjectId, key, name, division, facts } = record;
  pushSubject(builder.who, { subjectId, key, name, division });
  // Who it is stands in $subject: repeating the database's own ids here would make equal data unequal.
  pushLine(
    builder.pages,
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
    pushLine(builder.pages, subject === undefined ? null : line);
    if (subject !== undefined) builder.subjects++;
  });
  let i = 0;
  for (const column of builder.columns.values()) pushRows(column, facts[i++] ?? []);
  builder.rows += subjects.length;
};

const pushEmpty = (builder: BlockBuilder): void => {
  pushSubject(builder.who, undefined);
  pushLine(builder.pages, null);
  for (const column of builder.columns.values()) pushRow(column, undefined);
  builder.rows++;
};

/** A fact nobody in the block was told anything about has no segment. */
export function* finishBlock(builder: BlockBuilder): Generator<Segment> {
  yield { column: subjectColumn, ...finishSubjects(builder.who) };
  yield { column: recordColumn, ...finishPages(builder.pages) };
  for (const [fact, column] of builder.columns) {
    if (column.told === 0) continue;
    const bytes = pack(finishColumn(column) as unknown as Packable);
    yield { column: fact, hash: createHash('sha256').update(bytes).digest('hex'), bytes };
  }
}
