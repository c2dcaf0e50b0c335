// The sealed records themselves as JSON, in squeezed pages: what the second opinion and the replay read, so that they share nothing with the columns.
// A line is an array over the block's facts; what many subjects have alike (none, unknown, yes, no) stands once in the segment's head and is named by
// number: nine tenths of a record are such, and it is a tenth of the text.
import type { Day } from '../base/day.ts';
import type { CellValue } from '../record/record.ts';
import type { ResolvedCell, ResolvedFact, ResolvedRecord } from '../record/resolve.ts';
import { unpack } from './pack.ts';
import { unsqueezed } from './squeeze.ts';

/** A page is some 35 KB of text, of firms 150: small enough to be read for one subject, large enough to be squeezed well (pages of 256 are a fifth smaller). */
export const pageRows = 32;

interface Packed {
  readonly rows: number;
  readonly pageRows: number;
  readonly facts: readonly string[];
  /** JSON texts. */
  readonly shared: readonly string[];
  /** Dataset and asOf of the cells written out, by number. */
  readonly sources: readonly (readonly [dataset: string, asOf: Day])[];
  readonly offsets: Uint32Array;
  readonly bytes: Uint8Array;
}

type OwnCell = readonly [source: number, v: CellValue, from?: Day | null, to?: Day | null];
type Entry = null | number | readonly OwnCell[] | ResolvedFact;

const isOwn = (entry: Entry): entry is readonly OwnCell[] => Array.isArray(entry);

const factOf = (
  packed: Pick<Packed, 'sources'>,
  shared: readonly ResolvedFact[],
  entry: number | readonly OwnCell[] | ResolvedFact,
): ResolvedFact => {
  if (typeof entry === 'number') return shared[entry] as ResolvedFact;
  if (!isOwn(entry)) return entry;
  const cells = entry.map(([source, v, from, to]): ResolvedCell => {
    const [dataset, asOf] = packed.sources[source] as readonly [string, Day];
    return from === undefined ? { v, dataset, asOf } : { v, from, to: to ?? null, dataset, asOf };
  });
  return { cells };
};

export interface Pages {
  /** The facts of one row as they were resolved; null when the block has no subject there. Shared parts are one object: do not write into them. */
  facts(row: number): ResolvedRecord['facts'] | null;
}

/** A page as inflated: bytes, because text with one Chinese letter takes two bytes for every other, and where its lines end. */
interface Page {
  readonly bytes: Buffer;
  readonly ends: Uint32Array;
}

const inflated = (squeezed: Uint8Array, lines: number, usual: number): Page => {
  const bytes = unsqueezed(squeezed, usual);
  const ends = new Uint32Array(lines).fill(bytes.length);
  for (let line = 0, at = 0; line < lines - 1; line++) {
    const end = bytes.indexOf(10, at);
    if (end < 0) break;
    ends[line] = end;
    at = end + 1;
  }
  return { bytes, ends };
};

/** One letter for each byte: a text of its own that does not keep the page. */
const lineIn = ({ bytes, ends }: Page, line: number): string =>
  bytes.toString('latin1', line === 0 ? 0 : (ends[line - 1] as number) + 1, ends[line]);

const [quote, backslash, comma, opening, closing] = ['"', '\\', ',', '[', ']'].map((sign) => sign.charCodeAt(0));
const [openingBrace, closingBrace] = ['{', '}'].map((sign) => sign.charCodeAt(0));

/** Where the entries of a line begin, and behind the last where it would; a line is `[entry,entry,…]`, as `pushLine` writes it. */
const startsIn = (line: string, most: number): Uint32Array => {
  const starts = new Uint32Array(most + 1);
  starts[0] = 1;
  let [count, depth] = [0, 0];
  for (let i = 0; i < line.length; i++) {
    const letter = line.charCodeAt(i);
    if (letter === quote) {
      for (i++; line.charCodeAt(i) !== quote; i++) if (line.charCodeAt(i) === backslash) i++;
    } else if (letter === opening || letter === openingBrace) depth++;
    else if (letter === closing || letter === closingBrace) depth--;
    else if (letter === comma && depth === 1) starts[++count] = i + 1;
  }
  starts[count + 1] = line.length;
  return starts;
};

/** Most readers ask a record for few of its facts: each is read and made when it is asked for. */
const lazily = (line: string, places: ReadonlyMap<string, number>, made: (entry: Entry) => ResolvedFact | undefined) => {
  let starts: Uint32Array | null = null;
  const entryAt = (place: number): Entry => {
    starts ??= startsIn(line, places.size);
    const text = line.slice(starts[place], (starts[place + 1] as number) - 1);
    if (text === '') return null;
    return JSON.parse(/[\u0080-\u00ff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text) as Entry;
  };
  const facts: Record<string, ResolvedFact> = {};
  const get = (name: string | symbol): ResolvedFact | undefined => {
    if (typeof name === 'symbol') return undefined;
    if (Object.hasOwn(facts, name)) return facts[name];
    const place = places.get(name);
    const fact = place === undefined ? undefined : made(entryAt(place));
    if (fact !== undefined) facts[name] = fact;
    return fact;
  };
  const whole = (): Record<string, ResolvedFact> => {
    const all: Record<string, ResolvedFact> = {};
    for (const name of places.keys()) {
      const fact = get(name);
      if (fact !== undefined) all[name] = fact;
    }
    return all;
  };
  return new Proxy(facts, {
    get: (_, name) => get(name),
    has: (_, name) => get(name) !== undefined,
    ownKeys: () => Object.keys(whole()),
    getOwnPropertyDescriptor: (_, name) => {
      const value = get(name);
      return value === undefined ? undefined : { value, enumerable: true, configurable: true, writable: true };
    },
  });
};

/** Bytes of inflated text that may still be kept; several segments may share one. */
export interface Room {
  left: number;
}

/** Keeps inflated text as long as there is room; beyond that a page is inflated each time, which is better than evicting in a scan. */
export const openPages = (segment: Uint8Array, room: Room = { left: 0 }): Pages => {
  // The texts are not kept beside what they say.
  const { shared: texts, ...packed } = unpack<Packed>(segment);
  const shared = texts.map((text) => JSON.parse(text) as ResolvedFact);
  const places = new Map(packed.facts.map((name, i) => [name, i]));
  const cache = new Map<number, Page>();
  // What a page comes to, guessed from the last one and a little more: put together of small pieces it costs a third more, and a piece is kept whole.
  let usual = 128 * 1024;
  let last: { readonly number: number; readonly page: Page } | null = null;
  const pageAt = (number: number): Page => {
    if (last?.number === number) return last.page;
    let page = cache.get(number);
    if (page === undefined) {
      const lines = Math.min(packed.pageRows, packed.rows - number * packed.pageRows);
      page = inflated(packed.bytes.subarray(packed.offsets[number], packed.offsets[number + 1]), lines, usual);
      usual = Math.max(4096, Math.ceil(page.bytes.length * 1.1));
      if (page.bytes.length <= room.left) {
        room.left -= page.bytes.length;
        cache.set(number, page);
      }
    }
    last = { number, page };
    return page;
  };
  const made = (entry: Entry): ResolvedFact | undefined => (entry === null ? undefined : factOf(packed, shared, entry));
  return {
    facts: (row) => {
      const line = row < packed.rows ? lineIn(pageAt(Math.floor(row / packed.pageRows)), row % packed.pageRows) : '';
      return line === '' ? null : lazily(line, places, made);
    },
  };
};
