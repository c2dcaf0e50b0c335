// Payment files of a hundred thousand lines in every format, written and read back as streams by a child of its own: every line is the line, in bounded
// memory and processor time. And what no bank should send: refused by name, early, without filling memory.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formats } from '../../src/payment/format.ts';
import { readResultFile } from '../../src/payment/result-file.ts';

it.each([...formats.keys()])('%s: 100,000 lines out and back', (format) => {
  const done = spawnSync(process.execPath, [join(import.meta.dirname, 'payment-files-child.ts'), format], { encoding: 'utf8' });
  expect([done.status, done.stderr]).toEqual([0, '']);
  const { agree, cpuMs, rssMb } = JSON.parse(done.stdout) as { agree: boolean; cpuMs: number; rssMb: number };
  process.stdout.write(`    ${format}: ${cpuMs} ms of processor time, ${rssMb} MB\n`);
  expect(agree).toBe(true);
  expect(cpuMs).toBeLessThan(30_000);
  expect(rssMb).toBeLessThanOrEqual(256);
});

const gigabyte = 1 << 30;

/** `head`, then `piece` again and again until a gigabyte is through; counts what was taken. */
const endless = (head: string, piece: string) => {
  const block = Buffer.from(piece.repeat(Math.ceil((1 << 16) / piece.length)));
  const taken = { bytes: 0 };
  return {
    taken,
    open: async function* () {
      yield Buffer.from(head);
      for (let sent = 0; sent < gigabyte; sent += block.length) {
        taken.bytes += block.length;
        yield block;
      }
    },
  };
};

describe('a gigabyte that is no answer', () => {
  const xml = (tag: string) => `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:${tag}">`;
  it.each([
    ['one cell without end', '流水号,处理结果\n', 'x'],
    ['one fixed line without end', 'HZPB1\r\n', 'x'],
    ['one line with bars without end', 'HZ|1|1\r\n', 'x'],
    ['lines without end', '流水号,处理结果\n', 'ZX1,成功\n'],
    ['elements without end', `${xml('pain.002.001.10')}<CstmrPmtStsRpt>`, '<a>'],
    ['one name without end', `${xml('pain.002.001.10')}<`, 'a'],
    [
      'payments without end',
      `${xml('pain.002.001.10')}<CstmrPmtStsRpt><OrgnlPmtInfAndSts>`,
      '<TxInfAndSts><OrgnlEndToEndId>A</OrgnlEndToEndId></TxInfAndSts>',
    ],
    ['a document type', '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]><Document xmlns="pain.002">', '&lol;'],
  ])('%s is refused by name, within memory', async (_what, head, piece) => {
    const file = endless(head, piece);
    const before = process.memoryUsage().rss;
    await expect(readResultFile(file)).rejects.toThrow(/^(input|import|limit)\./);
    expect((process.memoryUsage().rss - before) / (1 << 20)).toBeLessThan(600);
  });
});
