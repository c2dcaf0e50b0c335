// The table of texts that the cells of a workbook point into. A million rows may have millions of texts, so they lie in plain bytes, not as objects.
import { fail } from '../base/problem.ts';
import { readXml } from './xml.ts';

/** 3 million texts, 64 MiB of them: about 100 MB of memory at the very most. */
const maxStrings = 3_000_000;
const maxBytes = 64 << 20;
const blockSize = 1 << 20;
/** A cell holds 32,767 characters; some programs write more. */
const maxText = 1 << 18;

export interface SharedStrings {
  readonly count: number;
  /** undefined where the table has no such place. */
  at(index: number): string | undefined;
}

export const noStrings: SharedStrings = { count: 0, at: () => undefined };

interface Store extends SharedStrings {
  add(text: string): void;
}

const tooMany = (): never =>
  fail(
    'import.too-large',
    '',
    `工作簿里的文字超过 ${maxStrings / 10_000} 万条或 ${maxBytes >> 20} MB，没有导入。`,
    '请另存为“CSV UTF-8（逗号分隔）”后导入，或分成几份。',
  );

const makeStore = (): Store => {
  const blocks: Buffer[] = [];
  let starts = new Float64Array(1 << 12);
  let lengths = new Uint32Array(1 << 12);
  let used = 0;
  let total = 0;
  let count = 0;
  return {
    get count() {
      return count;
    },
    add: (text) => {
      const length = Buffer.byteLength(text);
      total += length;
      if (count >= maxStrings || total > maxBytes) tooMany();
      if (count === starts.length) {
        const [moreStarts, moreLengths] = [new Float64Array(count * 2), new Uint32Array(count * 2)];
        moreStarts.set(starts);
        moreLengths.set(lengths);
        [starts, lengths] = [moreStarts, moreLengths];
      }
      if (blocks.length === 0 || used + length > blockSize) {
        blocks.push(Buffer.allocUnsafe(Math.max(blockSize, length)));
        used = 0;
      }
      (blocks.at(-1) as Buffer).write(text, used);
      starts[count] = (blocks.length - 1) * blockSize + used;
      lengths[count] = length;
      used += length;
      count++;
    },
    at: (index) => {
      if (!(index >= 0 && index < count)) return undefined;
      const start = starts[index] as number;
      const from = start % blockSize;
      return blocks[Math.floor(start / blockSize)]?.toString('utf8', from, from + (lengths[index] as number));
    },
  };
};

/** `_x000D_` is how the format writes what XML cannot hold. */
export const plainText = (text: string): string =>
  text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))).toWellFormed()
    : text;

/** Reads `sharedStrings.xml`; readings of Chinese characters (`rPh`) are no part of the text. Refuses `import.too-large`. */
export const readSharedStrings = async (pieces: AsyncIterable<Uint8Array>): Promise<SharedStrings> => {
  const store = makeStore();
  let text = '';
  let inText = false;
  let inReading = false;
  const parts = readXml(pieces, {
    open: (name) => {
      if (name === 'si') text = '';
      else if (name === 'rPh') inReading = true;
      else if (name === 't') inText = !inReading;
    },
    close: (name) => {
      if (name === 'si') store.add(plainText(text));
      else if (name === 'rPh') inReading = false;
      else if (name === 't') inText = false;
    },
    text: (piece) => {
      if (!inText) return;
      text += piece;
      if (text.length > maxText) tooMany();
    },
  });
  for await (const _ of parts);
  return store;
};
