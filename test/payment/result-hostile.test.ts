// What banks write and what somebody writes in a bank's name: whatever does not plainly say that this payment of ours, in yuan, has arrived or come back
// moves no money, and nothing that was said is dropped.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { applyResults } from '../../src/payment/result.ts';
import { readResultFile } from '../../src/payment/result-file.ts';
import { bytesContent } from '../../src/sheet/content.ts';
import { encodeGb18030 } from '../../src/sheet/gb18030.ts';
import { writeXlsx } from '../../src/sheet/xlsx-write.ts';
import { testDatabase } from '../database.ts';
import { broken, empty } from '../settlement/ground.ts';
import { workbookOf } from '../sheet/made.ts';
import { actor, person, ready, steps } from './ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, word } from './way.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const read = async (text: string | Uint8Array) => (await readResultFile(bytesContent(Buffer.from(text)))).words;
const table = (...rows: readonly string[]) => `流水号,金额,处理结果,失败原因\n${rows.join('\n')}\n`;

describe('a status', () => {
  it.each(['成功', '交易成功', '成功入账', '已到账', '已付', '处理成功（0000）', '代发 成功'])('%s is arrived', async (status) => {
    expect((await read(table(`E1,60.00,${status},`)))[0]?.kind).toBe('paid');
  });
  it.each([
    '未成功',
    '未到账',
    '部分成功',
    '尚未入账',
    '待确认已付',
    '没有成功',
    '成功？',
    '成功已冲正',
    '已付撤销',
    '不知道是否成功',
    '未退汇',
    '退汇中',
    '退汇失败',
    '疑似失败',
  ])('%s is not known', async (status) => {
    expect((await read(table(`E1,60.00,${status},`)))[0]?.kind).toBe('unknown');
  });
  it.each(['退汇', '失败', '交易失败', '不成功', '已退', '付款失败，已退汇', '失败：账号不存在'])('%s has come back', async (status) => {
    expect((await read(table(`E1,60.00,"${status}",`)))[0]?.kind).toBe('returned');
  });
});

describe('an amount', () => {
  it.each(['60', '60.00', '60.000', '６０．００', '¥60.00', '60.00元', ' 60.00 '])('%s is sixty yuan', async (amount) => {
    expect((await read(table(`E1,${amount},成功,`)))[0]).toMatchObject({ amountFen: 6_000n });
  });
  it.each(['60.001', 'USD 60', '六十', '6e1', '--60', '60,00'])('%s cannot be read, which is not the same as none told', async (amount) => {
    expect((await read(table(`E1,"${amount}",成功,`)))[0]).toMatchObject({ amountFen: null, odd: '金额读不懂。' });
  });

  it('in another currency is not ours', async () => {
    const text = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><R><TxInfAndSts><OrgnlEndToEndId>E1</OrgnlEndToEndId><TxSts>ACCC</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy="USD">60.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></R></Document>`;
    expect(await read(text)).toMatchObject([{ kind: 'paid', amountFen: null, odd: '币种是 USD，不是人民币。' }]);
  });
});

describe('nothing is dropped', () => {
  it('a row whose reason speaks of sums, or that has no reference; sums themselves are no words', async () => {
    const words = await read(table('E1,60.00,失败,户名与合计表不符', ',60.00,成功,', '合计,120.00,,', ',合计,,', '小计：2 笔,120.00,,'));
    expect(words.map((one) => [one.endToEndId, one.kind, one.odd ?? null])).toEqual([
      ['E1', 'returned', null],
      ['', 'paid', '这一行没有流水号。'],
    ]);
  });

  it('what stands on another sheet, each line with a number of its own', async () => {
    const sheet = (name: string, ...body: readonly (readonly string[])[]) => ({ name, header: ['流水号', '处理结果'], rows: body });
    const sheets = [
      sheet('成功', ['E1', '成功'], ['E2', '成功']),
      { name: '说明', header: ['注'], rows: [] },
      sheet('失败', ['E3', '失败']),
    ];
    const pieces: Uint8Array[] = [];
    for await (const piece of writeXlsx(sheets)) pieces.push(piece);
    const words = await read(Buffer.concat(pieces));
    expect(words.map((one) => `${one.endToEndId} ${one.kind}`)).toEqual(['E1 paid', 'E2 paid', 'E3 returned']);
    expect(new Set(words.map((one) => one.position)).size).toBe(3);
  });

  it('a formula says what the file holds for it; one that was never worked out says nothing', async () => {
    const cell = (ref: string, text: string) => `<c r="${ref}" t="str"><v>${text}</v></c>`;
    const formula = (ref: string, value: string) => `<c r="${ref}" t="str"><f>IF(1,"成功")</f>${value}</c>`;
    const rows = [
      `<row r="1">${cell('A1', '流水号')}${cell('B1', '处理结果')}${cell('C1', '金额')}</row>`,
      `<row r="2">${cell('A2', 'E1')}${formula('B2', '<v>成功</v>')}${cell('C2', '60.00')}</row>`,
      `<row r="3">${cell('A3', 'E2')}<c r="B3"><f>1+1</f></c><c r="C3"><f>60</f></c></row>`,
    ];
    const words = await read(await workbookOf({ sheets: { 回盘: rows.join('') } }));
    expect(words.map((one) => [one.endToEndId, one.kind, one.amountFen, one.odd ?? null])).toEqual([
      ['E1', 'paid', 6_000n, null],
      ['E2', 'unknown', null, '金额读不懂。'],
    ]);
  });

  it('an entry of the account without its payments, each by its own', async () => {
    const entry = (amount: string, inside: string) =>
      `<Ntry><NtryRef>N${amount}</NtryRef><Amt Ccy="CNY">${amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>${inside}</Ntry>`;
    const one = '<NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs><Amt Ccy="CNY">60.00</Amt></TxDtls></NtryDtls>';
    const text = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><B><Stmt>${entry('60.00', one)}${entry('70.00', '')}${entry('80.00', one)}</Stmt></B></Document>`;
    expect((await read(text)).map((w) => [w.endToEndId, w.amountFen, w.odd ?? null])).toEqual([
      ['E1', 6_000n, null],
      ['N70.00', 7_000n, '这一条进出账没有付款明细。'],
      ['E1', 6_000n, null],
    ]);
  });

  it('what stood in one entry says nothing of the next, text between elements or not', async () => {
    const details = (id: string) => `<NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs></TxDtls></NtryDtls>`;
    const text = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><B><Stmt><Ntry><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>${details('E1')}loose</Ntry><Ntry>${details('E2')}</Ntry></Stmt></B></Document>`;
    expect((await read(text)).map((w) => `${w.endToEndId} ${w.kind}`)).toEqual(['E1 paid', 'E2 unknown']);
  });

  it.each([
    ['an order', '<OrgnlPmtInfAndSts><OrgnlPmtInfId>PB1-1</OrgnlPmtInfId><PmtInfSts>RJCT</PmtInfSts></OrgnlPmtInfAndSts>', 'PB1-1'],
    ['a message', '<OrgnlGrpInfAndSts><OrgnlMsgId>PB1</OrgnlMsgId><GrpSts>RJCT</GrpSts></OrgnlGrpInfAndSts>', 'PB1'],
  ])('%s that is answered as a whole', async (_what, inside, reference) => {
    const text = `<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>${inside}</CstmrPmtStsRpt></Document>`;
    expect(await read(text)).toMatchObject([{ endToEndId: reference, kind: 'returned', odd: '银行只答复了整批，没有逐笔的结果。' }]);
  });
});

const sent = async (n = 3): Promise<readonly string[]> => {
  const people = Object.fromEntries(Array.from({ length: n }, (_, i) => [`P${i}`, person(`人${i}`, i + 1)]));
  const batch = await sealOf(database, await ready(database, people));
  await sendOut(database, batch);
  return referencesOf(database, batch.id);
};
const bring = async (text: string) => {
  const content = bytesContent(Buffer.from(text));
  return applyResults(database.db, { name: 'x.csv', ...(await readResultFile(content)), content }, actor('clerk'), steps().now);
};
const standing = async () => {
  const rows = await database.sql<{ state: string; n: number }[]>`select state, count(*)::int as n from disbursement group by 1 order by 1`;
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};

describe('a file in the bank’s name', () => {
  it('moves nothing that is not plainly about a payment of ours in this amount', async () => {
    const [a = ''] = await sent();
    const report = await bring(
      table(
        `${a},100.001,成功,`,
        `${a},-100.00,成功,`,
        `${a},100.01,成功,`,
        `${a},99999999999999999999999.00,成功,`,
        `${a.toLowerCase()},100.00,成功,`,
        `${a} x,100.00,成功,`,
        `${a},USD100,退汇,`,
      ),
    );
    expect([report.suspense, report.moved]).toEqual([7, []]);
    expect(await standing()).toEqual({ sent: 3 });
    expect(await broken(database)).toEqual([]);
  });

  it('may begin with a mark, end lines as Windows does and write digits wide; it is the same word', async () => {
    const [a = '', b = ''] = await sent();
    await bring(`\ufeff${table(`${a},１００．００,成功,`, `${b},"100.00",退汇,账号不存在`)}`.replaceAll('\n', '\r\n'));
    expect(await standing()).toEqual({ paid: 1, returned: 1, sent: 1 });
  });

  it('holds whatever bytes it likes in its texts: kept or refused by name, never a failure of the database', async () => {
    const [a = ''] = await sent(1);
    let file = 0;
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, text, fc.option(fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n })), async (reference, reason, amountFen) => {
        const words = [
          word(reference === a ? 'x' : reference, 'paid', { amountFen, text: reason, code: reason }),
          word(a, 'unknown', { text: `${reason}\u0000\ud800`, code: reason }),
        ];
        const report = await bankSays(database, words, `fuzz ${file++}`);
        expect(report.suspense).toBe(1);
      }),
      { numRuns: 60, seed: 6 },
    );
    expect(await standing()).toEqual({ unknown: 1 });
    expect(await broken(database)).toEqual([]);
  });

  it('of a batch that was sealed and never sent is no answer', async () => {
    const source = await ready(database, { P: person('人', 1), Q: person('另', 2) });
    const batch = await sealOf(database, source);
    const references = await referencesOf(database, batch.id);
    expect(
      (
        await bankSays(
          database,
          references.map((one) => word(one, 'paid')),
          'early',
        )
      ).suspense,
    ).toBe(2);
    expect(await standing()).toEqual({ sealed: 2 });
    await sendOut(database, batch);
    expect(await standing()).toEqual({ sent: 2 });
    expect(await broken(database)).toEqual([]);
  });

  it('twice for one return, or paid after it: the quota comes back once', async () => {
    const [a = ''] = await sent(1);
    await bankSays(database, [word(a, 'returned', { code: 'AC04' })], 'first');
    await bankSays(database, [word(a, 'returned', { code: 'AC01' }), word(a, 'returned', { code: 'AC01' })], 'second');
    await bankSays(database, [word(a, 'paid')], 'third');
    expect(await standing()).toEqual({ returned: 1 });
    const restored = await database.sql`select from posting where kind = 'restore' and account like 'budget:%:reserved'`;
    expect(restored).toHaveLength(1);
    expect(await broken(database)).toEqual([]);
  });
});

describe('a file that is none', () => {
  const rows = [
    ['流水号', '处理结果'],
    ['E1', '成功'],
  ] as const;
  const book = async (cells: readonly (readonly string[])[]): Promise<Buffer> => {
    const pieces: Uint8Array[] = [];
    const [header = [], ...body] = cells;
    for await (const piece of writeXlsx([{ name: '回盘', header: [...header], rows: body.map((row) => [...row]) }])) pieces.push(piece);
    return Buffer.concat(pieces);
  };

  it('cut off anywhere is refused by name', async () => {
    const bytes = await book(rows);
    expect(await read(bytes)).toHaveLength(1);
    for (let end = 1; end < bytes.length; end += Math.ceil(bytes.length / 40))
      await expect(read(bytes.subarray(0, end)), String(end)).rejects.toThrow(/^(?:import|input|limit)\./);
  });

  it('in an encoding of its own is read rightly or refused, never half understood', async () => {
    const text = '流水号,处理结果\nE1,退汇\n';
    for (const bytes of [encodeGb18030(text), Buffer.from(`\ufeff${text}`)])
      expect(await read(bytes)).toMatchObject([{ endToEndId: 'E1', kind: 'returned' }]);
    for (const bytes of [
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from([...Buffer.from(text), 0xff, 0xc0, 0x0a]),
    ]) {
      const words = await read(bytes).catch((error: Error) => error);
      if (words instanceof Error) expect(words.message).toMatch(/^(?:import|input|limit)\./);
      else expect(words).toMatchObject([{ endToEndId: 'E1', kind: 'returned' }]);
    }
  });

  it('without end is refused after a bounded piece of it', async () => {
    let taken = 0;
    const content = {
      open: async function* () {
        yield Buffer.from('<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><A>');
        for (; taken < 1 << 30; taken += 1 << 16) yield Buffer.alloc(1 << 16, '<a>');
      },
    };
    await expect(readResultFile(content)).rejects.toThrow(/^(?:import|input|limit)\./);
    expect(taken).toBeLessThan(1 << 24);
  });
});
