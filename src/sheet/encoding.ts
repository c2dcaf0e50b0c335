// Which encoding a text file is in, checked to its last byte: a file is UTF-8 or GB18030 as a whole, or it is refused with the place where it stops being so.
import { isAscii, isUtf8 } from 'node:buffer';
import { fail } from '../base/problem.ts';
import type { Content } from './content.ts';
import { maxRowLength, tooLong } from './row.ts';

export type Encoding = 'utf-8' | 'gb18030';

/** Whole lines of bytes; in both encodings a line feed byte is a line feed and nothing else. */
async function* blocksOf(content: Content): AsyncGenerator<Buffer> {
  let carried: Uint8Array[] = [];
  let size = 0;
  let line = 1;
  for await (const piece of content.open()) {
    const end = piece.lastIndexOf(10) + 1;
    if (end > 0) {
      yield Buffer.concat([...carried, piece.subarray(0, end)]);
      carried = [];
      size = 0;
    }
    if (end < piece.length) carried.push(piece.subarray(end));
    size += piece.length - end;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) line++;
    // No character takes more than four bytes, so the reader of rows would refuse it as well.
    if (size > 4 * maxRowLength) tooLong(line);
  }
  if (carried.length > 0) yield Buffer.concat(carried);
}

function* linesOf(block: Buffer): Generator<Buffer> {
  for (let at = 0; at < block.length; ) {
    const end = block.indexOf(10, at);
    yield block.subarray(at, end < 0 ? block.length : end);
    if (end < 0) return;
    at = end + 1;
  }
}

const decodes = (bytes: Buffer): boolean => {
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** Every two-byte pair lies in GB 2312, the everyday part of GB18030; UTF-8 read as GB18030 soon leaves it. */
const isEveryday = (line: Buffer): boolean => {
  for (let at = 0; at < line.length; at++) {
    const first = line[at] as number;
    if (first < 0x80) continue;
    const second = line[++at] ?? 0;
    if (first < 0xa1 || first > 0xf7 || (first > 0xa9 && first < 0xb0) || second < 0xa1) return false;
  }
  return true;
};

/** A line that is surely UTF-8: valid as such, two or more Chinese characters, and not everyday text when read as GB18030. */
const surelyUtf8 = (line: Buffer): boolean => {
  if (isAscii(line) || !isUtf8(line)) return false;
  let three = 0;
  for (const byte of line) if (byte >= 0xe0 && byte < 0xf0) three++;
  return three >= 2 && !isEveryday(line);
};

const mixed = (line: number, what: string): never =>
  fail(
    'import.encoding',
    `${line}`,
    `第 ${line} 行${what}，整份文件没有导入。`,
    '请用表格软件打开核对这一行，再另存为“CSV UTF-8（逗号分隔）”后重新导入。',
  );

/**
 * UTF-8 (with or without BOM) or GB18030. Refuses (`import.encoding`, with the line) a file that is neither, or partly the one and partly the other: a name
 * read in the wrong encoding is another person's name.
 */
export const encodingOf = async (content: Content): Promise<Encoding> => {
  let line = 1;
  let encoding: Encoding = 'utf-8';
  let sureUtf8 = false;
  for await (const block of blocksOf(content)) {
    if (line === 1 && block[0] === 0xef && block[1] === 0xbb && block[2] === 0xbf) sureUtf8 = true;
    if (encoding === 'utf-8' && isUtf8(block)) {
      if (!sureUtf8 && !isAscii(block)) for (const one of linesOf(block)) sureUtf8 ||= surelyUtf8(one);
    } else {
      const wholeInGb = decodes(block);
      let number = line;
      for (const one of linesOf(block)) {
        if (!isAscii(one)) {
          if (!isUtf8(one)) {
            if (sureUtf8) mixed(number, '不是 UTF-8 编码，而前面的行是（编码混杂，或文件损坏）');
            if (!wholeInGb && !decodes(one)) mixed(number, '既不是 UTF-8 也不是 GB18030（GBK）编码（文件损坏，或不是文本）');
            encoding = 'gb18030';
          } else if (surelyUtf8(one)) {
            if (encoding === 'gb18030') mixed(number, '是 UTF-8 编码，而前面的行是 GB18030（GBK）（编码混杂）');
            sureUtf8 = true;
          }
        }
        number++;
      }
    }
    for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) line++;
  }
  return encoding;
};
