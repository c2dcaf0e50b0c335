// What is inside a backup: frames of a kind, a length and a content, in this order: the head; per table its name, its rows as COPY writes them, its end with
// count and hash; the end of all. Written and read as streams.
import { createHash } from 'node:crypto';
import { fail } from '../base/problem.ts';

export interface BackupHead {
  readonly format: 1;
  readonly madeAt: string;
  /** The numbered migrations the data was written under. */
  readonly migrations: readonly { readonly name: string; readonly sha256: string }[];
  /** In the order in which foreign keys let them be filled. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
}

export interface BackupEnd {
  readonly rows: number;
  readonly sequences: readonly { readonly name: string; readonly last: string }[];
}

/** What a reader is handed, in order; `rows` pieces belong to the table before them. */
export type Part =
  | { readonly kind: 'head'; readonly head: BackupHead }
  | { readonly kind: 'table'; readonly name: string }
  | { readonly kind: 'rows'; readonly bytes: Uint8Array }
  | { readonly kind: 'table-end'; readonly rows: number }
  | { readonly kind: 'end'; readonly end: BackupEnd };

const codes = { head: 1, table: 2, rows: 3, tableEnd: 4, end: 5 } as const;

const frame = (code: number, content: Uint8Array): Uint8Array => {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(code);
  prefix.writeUInt32BE(content.length, 1);
  return Buffer.concat([prefix, content]);
};
const json = (code: number, value: unknown): Uint8Array => frame(code, Buffer.from(JSON.stringify(value)));

/** COPY's text format writes one line feed per row and never one inside. */
const rowsIn = (bytes: Uint8Array): number => {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
  return count;
};

class TableSum {
  rows = 0;
  readonly #hash = createHash('sha256');
  add(bytes: Uint8Array): void {
    this.rows += rowsIn(bytes);
    this.#hash.update(bytes);
  }
  end(): { readonly rows: number; readonly sha256: string } {
    return { rows: this.rows, sha256: this.#hash.digest('hex') };
  }
}

export interface TableSource {
  readonly name: string;
  readonly rows: AsyncIterable<Uint8Array>;
}

/** `finish` is asked once all tables are read. */
export async function* writeFrames(
  head: BackupHead,
  tables: AsyncIterable<TableSource>,
  finish: () => Promise<BackupEnd['sequences']>,
): AsyncGenerator<Uint8Array> {
  yield json(codes.head, head);
  let rows = 0;
  for await (const table of tables) {
    yield json(codes.table, { name: table.name });
    const sum = new TableSum();
    for await (const bytes of table.rows) {
      sum.add(bytes);
      yield frame(codes.rows, bytes);
    }
    rows += sum.rows;
    yield json(codes.tableEnd, sum.end());
  }
  yield json(codes.end, { rows, sequences: await finish() } satisfies BackupEnd);
}

const broken = (what: string): never => fail('input.backup', '', `这不是完好的备份：${what}。`, '请用另一份备份；没有任何数据被改动。');

const mostFrameBytes = 64 << 20;

/** Whole frames out of a stream of bytes. */
async function* framesOf(content: AsyncIterable<Uint8Array>): AsyncGenerator<{ readonly code: number; readonly content: Uint8Array }> {
  let held = Buffer.alloc(0);
  for await (const bytes of content) {
    held = held.length === 0 ? Buffer.from(bytes) : Buffer.concat([held, bytes]);
    let at = 0;
    while (held.length - at >= 5) {
      const length = held.readUInt32BE(at + 1);
      if (length > mostFrameBytes) broken('一段太长');
      if (held.length - at < 5 + length) break;
      yield { code: held.readUInt8(at), content: held.subarray(at + 5, at + 5 + length) };
      at += 5 + length;
    }
    held = held.subarray(at);
  }
  if (held.length > 0) broken('最后一段不完整');
}

/** Checks counts, hashes and order as it goes; ends only after the end of all. Throws `input.backup`. */
export async function* readFrames(content: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  let head: BackupHead | null = null;
  let table: { readonly name: string; readonly sum: TableSum } | null = null;
  let done = 0;
  let rows = 0;
  let ended = false;
  for await (const { code, content: bytes } of framesOf(content)) {
    const value = () => JSON.parse(Buffer.from(bytes).toString()) as Record<string, unknown>;
    if (ended || (head === null) !== (code === codes.head)) broken('段的次序不对');
    if (code === codes.head) {
      head = value() as unknown as BackupHead;
      if (head.format !== 1) broken('不认得的版本');
      yield { kind: 'head', head };
    } else if (code === codes.table && table === null) {
      const name = String(value().name);
      if (head?.tables[done]?.name !== name) broken(`表 ${name} 的次序不对`);
      table = { name, sum: new TableSum() };
      yield { kind: 'table', name };
    } else if (code === codes.rows && table !== null) {
      table.sum.add(bytes);
      yield { kind: 'rows', bytes };
    } else if (code === codes.tableEnd && table !== null) {
      const sum = table.sum.end();
      const told = value();
      if (told.rows !== sum.rows || told.sha256 !== sum.sha256) broken(`表 ${table.name} 的内容和它的指纹不符`);
      table = null;
      done++;
      rows += sum.rows;
      yield { kind: 'table-end', rows: sum.rows };
    } else if (code === codes.end && table === null) {
      const end = value() as unknown as BackupEnd;
      if (done !== head?.tables.length || end.rows !== rows) broken('少了表或行');
      ended = true;
      yield { kind: 'end', end };
    } else broken('段的次序不对');
  }
  if (!ended) broken('没有结尾');
}
