// The sealed records themselves, a line of JSON per subject in deflated pages: what the second opinion and the replay read, so that they share
// nothing with the columns. Pages keep memory small: one is inflated at a time.
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { pack, unpack } from './pack.ts';

/** A page of ordinary records is about 200 KB of text: small enough to inflate for one subject, large enough to deflate well. */
export const pageRows = 128;

interface Packed {
  readonly rows: number;
  readonly pageRows: number;
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

export interface PagesBuilder {
  rows: number;
  lines: string[];
  readonly pages: Uint8Array[];
  readonly hash: ReturnType<typeof createHash>;
}

export const pagesBuilder = (): PagesBuilder => ({ rows: 0, lines: [], pages: [], hash: createHash('sha256') });

/** '' where the block has no subject at this row. */
export const pushLine = (builder: PagesBuilder, line: string): void => {
  builder.rows++;
  builder.lines.push(line);
  if (builder.lines.length === pageRows) flush(builder);
};

const flush = (builder: PagesBuilder): void => {
  const text = builder.lines.join('\n');
  builder.hash.update(text).update('\n');
  builder.pages.push(deflateRawSync(text, { level: 1 }));
  builder.lines = [];
};

/** The hash is over the lines, not over the deflated bytes: these differ from one zlib to another. */
export const finishPages = (builder: PagesBuilder): { readonly hash: string; readonly bytes: Uint8Array } => {
  if (builder.lines.length > 0) flush(builder);
  const offsets = new Uint32Array(builder.pages.length + 1);
  builder.pages.forEach((page, i) => {
    offsets[i + 1] = (offsets[i] as number) + page.length;
  });
  const bytes = pack({ rows: builder.rows, pageRows, offsets, bytes: new Uint8Array(Buffer.concat(builder.pages)) });
  return { hash: builder.hash.digest('hex'), bytes };
};

export interface Pages {
  readonly rows: number;
  /** The line of one row; '' when the block has no subject there. */
  line(row: number): string;
}

/** Keeps up to `cachedBytes` of inflated text; beyond that a page is inflated each time, which is better than evicting in a scan. */
export const openPages = (segment: Uint8Array, cachedBytes = 0): Pages => {
  const packed = unpack<Packed>(segment);
  const cache = new Map<number, readonly string[]>();
  let cached = 0;
  let last: { readonly page: number; readonly lines: readonly string[] } | null = null;
  const linesOf = (page: number): readonly string[] => {
    if (last?.page === page) return last.lines;
    let lines = cache.get(page);
    if (lines === undefined) {
      const text = inflateRawSync(packed.bytes.subarray(packed.offsets[page], packed.offsets[page + 1])).toString('utf8');
      lines = text.split('\n');
      if (cached + text.length <= cachedBytes) {
        cached += text.length;
        cache.set(page, lines);
      }
    }
    last = { page, lines };
    return lines;
  };
  return {
    rows: packed.rows,
    line: (row) => (row < packed.rows ? (linesOf(Math.floor(row / packed.pageRows))[row % packed.pageRows] ?? '') : ''),
  };
};
