// The made-up bank's answers read back by the program: every kind of file says what the bank said, ISO messages are valid, and what became of each order
// follows from the words whatever order they come in.
import { existsSync, readFileSync } from 'node:fs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { returnReasonOf } from '../../src/payment/reason.ts';
import { endOf } from '../../src/payment/result.ts';
import { readResultFile } from '../../src/payment/result-file.ts';
import { type BankLine, type BankOrder, bankAnswer } from '../../src/sample/bank.ts';
import { type AnswerKind, answerFile, answerKinds } from '../../src/sample/bank-file.ts';
import { bytesContent } from '../../src/sheet/content.ts';

const orders = Array.from(
  { length: 400 },
  (_, i): BankOrder => ({
    endToEndId: `ZX${String(i).padStart(32, '0')}1`,
    payeeName: `样例${i % 50}`,
    account: `6222${i % 60}`,
    amountFen: BigInt(6_000 + (i % 7)),
    statementText: '高龄津贴',
  }),
);
const about = 'PB20260427AAAABBBBCCCC';

const bytesOf = async (kind: AnswerKind, lines: readonly BankLine[]): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of answerFile(kind, lines, about).open()) pieces.push(piece);
  return Buffer.concat(pieces);
};

const { files } = bankAnswer(orders, { seed: 7, kind: false, disorder: false });
const everything = files.flat();

describe.each(answerKinds)('%s', (kind) => {
  it('is read as the bank meant it', async () => {
    const bytes = await bytesOf(kind, everything);
    const told = kind.startsWith('camt') ? everything.filter((one) => one.says !== 'accepted') : everything;
    const { words } = await readResultFile(bytesContent(bytes));
    expect(words.map((w) => [w.endToEndId, w.kind, w.amountFen])).toEqual(told.map((one) => [one.endToEndId, one.says, one.amountFen]));
    const codes = (rows: readonly { readonly code: string | null; readonly text: string | null }[]) =>
      rows.map((row) => returnReasonOf(row.code, row.text).code);
    expect(codes(words.filter((w) => w.kind === 'returned'))).toEqual(
      codes(told.flatMap(({ reason }) => (reason === null ? [] : [{ code: reason.iso, text: reason.text }]))),
    );
  });

  it('is refused with its line or place when it is cut off or turned into something else', async () => {
    const bytes = await bytesOf(kind, everything);
    const whole = (await readResultFile(bytesContent(bytes))).words.length;
    for (const cut of [0.3, 0.6, 0.9]) {
      const read = readResultFile(bytesContent(bytes.subarray(0, Math.floor(bytes.length * cut))));
      // Of a table cut between lines, or inside its last cell, nobody can tell: it says less, never something else.
      if (kind === 'csv' || kind === 'gbk-csv') expect((await read).words.length).toBeLessThan(whole);
      else await expect(read).rejects.toThrow(/^(input|import)\./);
    }
  });
});

const schema = (name: string) => new URL(`../../../shared/iso20022/${name}.xsd`, import.meta.url);

it.runIf(existsSync(schema('pain.002.001.10')))('sends ISO messages that are valid', async () => {
  for (const [kind, name] of [
    ['pain.002', 'pain.002.001.10'],
    ['camt.053', 'camt.053.001.08'],
    ['camt.054', 'camt.054.001.08'],
  ] as const) {
    const xsd = XmlDocument.fromBuffer(readFileSync(schema(name)));
    const validator = XsdValidator.fromDoc(xsd);
    const document = XmlDocument.fromBuffer(await bytesOf(kind, everything));
    validator.validate(document);
    for (const one of [document, validator, xsd]) one.dispose();
  }
});

describe('the bank', () => {
  it('answers alike for the same orders and seed, and meets every course in a small file', () => {
    const small = orders.slice(0, 8);
    const ask = { seed: 7, kind: false, disorder: false };
    expect(bankAnswer(small, ask)).toEqual(bankAnswer(small, ask));
    const { ends, stray } = bankAnswer(small, ask);
    expect([...new Set(ends.values())].sort()).toEqual(['paid', 'returned', 'unknown']);
    expect(stray.words).toBeGreaterThanOrEqual(4);
  });

  it.each([false, true])('ends where its words end, out of order (%s) or not', (disorder) => {
    const { files: said, ends } = bankAnswer(orders, { seed: 7, kind: false, disorder });
    const kinds = new Map<string, Set<string>>();
    const ordered = new Map(orders.map((order) => [order.endToEndId, order.amountFen]));
    for (const line of said.flat())
      if (ordered.get(line.endToEndId) === line.amountFen)
        kinds.set(line.endToEndId, (kinds.get(line.endToEndId) ?? new Set()).add(line.says));
    for (const [id, end] of ends) expect([id, endOf(kinds.get(id) ?? new Set())]).toEqual([id, end]);
  });
});
