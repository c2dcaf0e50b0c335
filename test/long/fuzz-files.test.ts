// A hundred thousand spoilt files per reader, fixed seed: whatever is done to a real file, the answer is rows or a refusal with a code, soon and in bounded
// memory. Text is spoilt as bytes; workbooks as bytes, and part by part in an archive that is itself in order, so that the damage is met further in.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ProblemError } from '../../src/base/problem.ts';
import { openDelivered } from '../../src/record/delivered.ts';
import { readRow } from '../../src/record/group.ts';
import { toRow } from '../../src/record/problem.ts';
import { bytesContent } from '../../src/sheet/content.ts';
import { readDirectory, readEntry } from '../../src/sheet/zip-read.ts';
import { county } from '../record/county.ts';
import { collected, type Entry, workbookOf, zipOf } from '../sheet/made.ts';

const files = 100_000;
const folder = join(import.meta.dirname, '../data/ugly');
const ugly = (pattern: RegExp) =>
  readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => ({ dataset: name.split('-')[0] ?? '', bytes: readFileSync(join(folder, name)) }));

/** Numerical Recipes' generator: the same files on every machine. */
const chanceOf = (seed: number) => {
  let state = seed >>> 0;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  return { below, pick: <T>(from: readonly T[]): T => from[below(from.length)] as T };
};
type Chance = ReturnType<typeof chanceOf>;

/** Pieces that mean something to one reader or another. */
const telling = [
  '"',
  '""',
  ',',
  '\t',
  ';',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\ufeff',
  '\ufffd',
  '=1+1',
  '1E+17',
  '合计',
  '身份证号',
  '<',
  '>',
  '</c>',
  '<c>',
  '<row r="2">',
  '</row>',
  '<v>',
  '&#0;',
  '&amp;',
  '&x;',
  ']]>',
  '<!--',
  '<!DOCTYPE a>',
  't="s"',
  'r="ZZZ9"',
  'xml:space',
  '99999999999999999999',
  '-',
  '1e999',
  '<f>',
  '<is>',
  '<t>',
  'PK\x03\x04',
  '\u{20000}',
].map((text) => Buffer.from(text));
const raw = [
  Buffer.from([0xff]),
  Buffer.from([0x80]),
  Buffer.from([0xd5, 0xc5]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0x81, 0x30, 0x81, 0x30]),
  Buffer.from([0, 0, 0, 0]),
];

const spoilt = (given: Buffer, chance: Chance): Buffer => {
  let bytes = given;
  for (let n = 1 + chance.below(4); n > 0; n--) {
    const at = chance.below(bytes.length + 1);
    const to = Math.min(bytes.length, at + 1 + chance.below(chance.below(4) === 0 ? 400 : 8));
    const piece = chance.pick(chance.below(3) === 0 ? raw : telling);
    switch (chance.below(7)) {
      case 0:
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);
        break;
      case 1:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(at, to), bytes.subarray(to)]);
        break;
      case 3:
        bytes = bytes.subarray(0, at);
        break;
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(to)]);
        break;
      case 5: {
        const from = chance.below(bytes.length + 1);
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + 64), bytes.subarray(at)]);
        break;
      }
      default: {
        bytes = Buffer.from(bytes);
        if (at < bytes.length) bytes[at] = chance.below(256);
      }
    }
  }
  return bytes;
};

/** The code of the refusal, or `rows`; anything else thrown fails the test with the file's number. */
const outcome = async (bytes: Buffer, dataset: string): Promise<string> => {
  const found = county.datasets.find((d) => d.id === dataset);
  if (found === undefined) throw new Error(dataset);
  try {
    const { layout, data } = await openDelivered(bytesContent(bytes), found, county, null);
    for await (const batch of data.rows()) {
      for (const row of batch) {
        const group = readRow(layout, row);
        for (const p of group.problems) toRow(layout, p);
      }
    }
    return 'rows';
  } catch (error) {
    if (error instanceof ProblemError) return error.problems[0]?.code ?? '';
    throw error;
  }
};

const run = async (name: string, next: (chance: Chance) => { readonly bytes: Buffer; readonly dataset: string }): Promise<void> => {
  const chance = chanceOf(20_260_415);
  const counts = new Map<string, number>();
  const before = process.memoryUsage().rss;
  let [highest, slowest] = [0, 0];
  for (let n = 0; n < files; n++) {
    const { bytes, dataset } = next(chance);
    const began = process.cpuUsage();
    const answer = await outcome(bytes, dataset).catch((error: unknown) => {
      throw new Error(`file ${n} of ${name}: ${bytes.toString('base64').slice(0, 4000)}`, { cause: error });
    });
    const used = process.cpuUsage(began);
    slowest = Math.max(slowest, (used.user + used.system) / 1e6);
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
    if (n % 100 === 0) highest = Math.max(highest, process.memoryUsage().rss);
  }
  const told = [...counts].toSorted((a, b) => b[1] - a[1]).map(([code, n]) => `${code} ${n}`);
  console.info(
    `${name}: ${files} files, slowest ${slowest.toFixed(2)} s of processor, RSS +${((highest - before) / 1e6).toFixed(0)} MB: ${told.join(', ')}`,
  );
  expect([...counts.keys()].filter((code) => code !== 'rows' && !code.startsWith('import.'))).toEqual([]);
  // Both ways must have been gone, or the fuzzing would prove nothing.
  expect(counts.get('rows')).toBeGreaterThan(files / 100);
  expect(counts.size).toBeGreaterThan(5);
  expect((highest - before) / 1e6).toBeLessThan(300);
};

test('text', async () => {
  const seeds = ugly(/\.(?:csv|txt)$/);
  await run('text', (chance) => {
    const seed = chance.pick(seeds);
    return { bytes: spoilt(seed.bytes, chance), dataset: seed.dataset };
  });
}, 7_200_000);

test('workbooks', async () => {
  const seeds: { readonly dataset: string; readonly bytes: Buffer; readonly parts: readonly Entry[] }[] = [];
  for (const { dataset, bytes } of ugly(/\.xlsx$/)) {
    const content = bytesContent(bytes);
    const parts: Entry[] = [];
    for (const entry of await readDirectory(content))
      parts.push({ name: entry.name, data: await collected(readEntry(content, entry, 1 << 20)) });
    seeds.push({ dataset, bytes, parts });
  }
  await run('workbooks', (chance) => {
    const { dataset, bytes, parts } = chance.pick(seeds);
    if (chance.below(4) === 0) return { bytes: spoilt(bytes, chance), dataset };
    const at = chance.below(parts.length);
    // Stored, not packed: a hundred thousand archives are made here.
    const stored = parts.map((part, i) => {
      const data = i === at ? spoilt(part.data, chance) : part.data;
      return { name: part.name, data, packed: data, method: 0 };
    });
    return { bytes: zipOf(stored), dataset };
  });
}, 7_200_000);

test('a sheet formatted to its millionth row is refused without reading it to the end', async () => {
  function* rows(): Generator<string> {
    yield '<worksheet><sheetData><row r="1"><c><v>1</v></c></row>';
    for (let r = 2; r < 1_000_000; r++)
      yield `<row r="${r}" spans="1:4"><c r="A${r}" s="1"/><c r="B${r}" s="1"/><c r="C${r}" s="1"/><c r="D${r}" s="${r % 997}"/></row>`;
    yield '</sheetData></worksheet>';
  }
  const bytes = await workbookOf({ sheets: { 一: '' }, parts: { 'xl/worksheets/sheet1.xml': rows() } });
  expect(await outcome(bytes, 'people')).toBe('import.blank-rows');
}, 600_000);
