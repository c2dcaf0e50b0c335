// Making pages of sealed records (`pages.ts` says what they are, and reads them): every line once, in the order of the rows, with what many subjects have
// alike written as a number.
import { createHash } from 'node:crypto';
import type { Day } from '../base/day.ts';
import type { ResolvedCell, ResolvedFact } from '../record/resolve.ts';
import { pack } from './pack.ts';
import { pageRows } from './pages.ts';
import { squeezed } from './squeeze.ts';

interface Said {
  readonly fact: ResolvedFact;
  readonly text: string;
}

export interface PagesBuilder {
  readonly facts: readonly string[];
  readonly codes: Map<string, number>;
  readonly shared: string[];
  readonly sources: (readonly [dataset: string, asOf: Day])[];
  readonly sourceCodes: Map<string, number>;
  /** What the row before said, by place. */
  readonly last: Said[];
  /** And what was said last that was something else: of two answers most people give one or the other. */
  readonly before: Said[];
  /** By place: neighbours mostly come from one delivery. */
  readonly lastSource: { readonly dataset: string; readonly asOf: Day; readonly code: number }[];
  rows: number;
  lines: string[];
  readonly pages: Uint8Array[];
  readonly hash: ReturnType<typeof createHash>;
}

export const pagesBuilder = (facts: readonly string[]): PagesBuilder => ({
  facts,
  codes: new Map(),
  shared: [],
  sources: [],
  sourceCodes: new Map(),
  last: [],
  before: [],
  lastSource: [],
  rows: 0,
  lines: [],
  pages: [],
  hash: createHash('sha256'),
});

/** Beyond this many the rest is written out: a head must stay a head. */
const mostShared = 50_000;

/** What many subjects have alike, as one text to look it up by; null for what is somebody's own. */
const likeness = (fact: ResolvedFact): string | null => {
  const { cells, missing } = fact;
  if (cells === null) return missing === undefined ? '-' : `${missing.reason}\n${missing.dataset}\n${missing.asOf ?? ''}`;
  const [cell] = cells;
  if (cell === undefined || cells.length > 1 || missing !== undefined) return null;
  const { v, dataset, asOf, from, to } = cell;
  if (v !== null && typeof v !== 'boolean' && !(Array.isArray(v) && v.length === 0)) return null;
  return `${v === null ? 'null' : typeof v === 'boolean' ? v : '[]'}\n${dataset}\n${asOf}\n${from === undefined ? '-' : from}\n${to === undefined ? '-' : to}`;
};

/** What neighbours say alike. */
const sameFact = (a: ResolvedFact, b: ResolvedFact): boolean => {
  if (a === b) return true;
  const x = a.cells?.[0];
  const y = b.cells?.[0];
  if (x === undefined || y === undefined || a.cells?.length !== 1 || b.cells?.length !== 1) return false;
  if (a.missing !== undefined || b.missing !== undefined || (x.v !== null && typeof x.v !== 'boolean')) return false;
  return x.v === y.v && x.dataset === y.dataset && x.asOf === y.asOf && x.from === y.from && x.to === y.to;
};

/** `place` is the fact's place in the line. Neighbours mostly say the same: a few comparisons before any text is made. */
const written = (builder: PagesBuilder, fact: ResolvedFact | undefined, place: number): string => {
  if (fact === undefined) return 'null';
  const last = builder.last[place];
  if (last !== undefined) {
    if (sameFact(fact, last.fact)) return last.text;
    const before = builder.before[place];
    builder.before[place] = last;
    if (before !== undefined && sameFact(fact, before.fact)) {
      builder.last[place] = before;
      return before.text;
    }
  }
  const text = asText(builder, fact, place);
  builder.last[place] = { fact, text };
  return text;
};

const asText = (builder: PagesBuilder, fact: ResolvedFact, place: number): string => {
  const like = likeness(fact);
  if (like === null) return ownText(builder, fact, place);
  let code = builder.codes.get(like);
  if (code === undefined) {
    if (builder.shared.length >= mostShared) return ownText(builder, fact, place);
    code = builder.shared.length;
    builder.codes.set(like, code);
    builder.shared.push(JSON.stringify(fact));
  }
  return String(code);
};

const dayText = (day: Day | null | undefined): string => (day == null ? 'null' : `"${day}"`);

/** Cells as `[source, value]` or, timed, `[source, value, from, to]`; a fact of any other shape as the object it is. */
const ownText = (builder: PagesBuilder, fact: ResolvedFact, place: number): string => {
  const { cells } = fact;
  if (cells === null || fact.missing !== undefined) return JSON.stringify(fact);
  let text = '';
  for (const cell of cells) {
    const { v, from, to } = cell;
    if ((from === undefined) !== (to === undefined)) return JSON.stringify(fact);
    text += `${text === '' ? '' : ','}[${sourceCode(builder, cell, place)},${JSON.stringify(v)}${from === undefined ? '' : `,${dayText(from)},${dayText(to)}`}]`;
  }
  return `[${text}]`;
};

const sourceCode = (builder: PagesBuilder, { dataset, asOf }: ResolvedCell, place: number): number => {
  const last = builder.lastSource[place];
  if (last !== undefined && last.dataset === dataset && last.asOf === asOf) return last.code;
  const key = `${dataset}\n${asOf}`;
  let code = builder.sourceCodes.get(key);
  if (code === undefined) {
    code = builder.sources.length;
    builder.sourceCodes.set(key, code);
    builder.sources.push([dataset, asOf]);
  }
  builder.lastSource[place] = { dataset, asOf, code };
  return code;
};

/** One row's facts by place, as `builder.facts` names them; null where the block has no subject at this row. */
export const pushLine = (builder: PagesBuilder, facts: readonly (ResolvedFact | undefined)[] | null): void => {
  builder.rows++;
  let line = '';
  if (facts !== null) {
    for (let i = 0; i < facts.length; i++) line += (i === 0 ? '[' : ',') + written(builder, facts[i], i);
    line = line === '' ? '[]' : `${line}]`;
  }
  builder.lines.push(line);
  if (builder.lines.length === pageRows) flush(builder);
};

const flush = (builder: PagesBuilder): void => {
  const text = builder.lines.join('\n');
  builder.hash.update(text).update('\n');
  builder.pages.push(squeezed(text));
  builder.lines = [];
};

/** The hash is over the lines and what they name, not over the squeezed bytes: these differ from one library to another. */
export const finishPages = (builder: PagesBuilder): { readonly hash: string; readonly bytes: Uint8Array } => {
  if (builder.lines.length > 0) flush(builder);
  const { facts, shared, sources, rows } = builder;
  const offsets = new Uint32Array(builder.pages.length + 1);
  builder.pages.forEach((page, i) => {
    offsets[i + 1] = (offsets[i] as number) + page.length;
  });
  const bytes = pack({ rows, pageRows, facts, shared, sources, offsets, bytes: new Uint8Array(Buffer.concat(builder.pages)) });
  return { hash: builder.hash.update(JSON.stringify([facts, shared, sources])).digest('hex'), bytes };
};
