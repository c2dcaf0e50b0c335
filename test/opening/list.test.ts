// Payee lists as counties keep them, and the report that answers them, read back as a spreadsheet.
import { describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { readPast, readPayees } from '../../src/opening/list.ts';
import type { Compared, ComparedRow } from '../../src/opening/opening.ts';
import { reportSheets } from '../../src/opening/report.ts';
import { openBook } from '../../src/sheet/book.ts';
import { bytesContent } from '../../src/sheet/content.ts';
import { type Sheet, writeXlsx } from '../../src/sheet/xlsx-write.ts';

const bytesOf = async (sheets: readonly Sheet[]): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeXlsx(sheets)) pieces.push(piece);
  return Buffer.concat(pieces);
};
const text = (csv: string) => bytesContent(Buffer.from(csv));

describe('a payee list', () => {
  it('is found under its title and read to its total, whatever the columns are called', async () => {
    const sheet: Sheet = {
      name: '三月',
      header: ['云溪县2026年3月高龄津贴发放名册'],
      rows: [
        ['序号', '村（社区）', '姓 名', '身份证号码', '银行卡号', '发放金额（元）'],
        [{ number: '1' }, '上坝村', '张三', '11010519491231002X', '6222020000000001', { number: '60.00' }],
        [{ number: '2' }, '上坝村', '李四', '110105194912310038', '6222020000000002', '120'],
        ['合计', null, null, null, null, { number: '180' }],
        ['制表人：王五'],
      ],
    };
    expect(await readPayees(bytesContent(await bytesOf([sheet])))).toEqual([
      { line: 3, key: '11010519491231002X', name: '张三', amountFen: 6_000n, account: '6222020000000001', village: '上坝村' },
      { line: 4, key: '110105194912310038', name: '李四', amountFen: 12_000n, account: '6222020000000002', village: '上坝村' },
    ]);
  });

  it('may be plain text without amounts', async () => {
    expect(await readPayees(text('统一社会信用代码\t单位名称\n91350100M000100Y43\t云溪甲厂\n'))).toMatchObject([
      { key: '91350100M000100Y43', amountFen: null },
    ]);
  });

  it.each([
    ['a number a spreadsheet has broken', '身份证号,金额\n1.10105E+17,60\n', 'import.scientific'],
    ['an amount that is none', '身份证号,金额\n11010519491231002X,六十\n', 'import.amount'],
    ['amounts in 万元', '身份证号,金额（万元）\n11010519491231002X,1\n', 'import.unit'],
    ['no number column', '姓名,金额\n张三,60\n', 'import.header'],
    ['nobody', '身份证号,金额\n', 'import.empty'],
  ])('is refused for %s', async (_what, csv, code) => {
    await expect(readPayees(text(csv))).rejects.toThrow(code);
  });

  it('tells every bad line at once', async () => {
    const error = await readPayees(text('身份证号,金额\n,60\n1.10105E+17,x\n')).catch((one: unknown) => one);
    expect((error as { problems: readonly { at: string; code: string }[] }).problems.map((one) => `${one.at} ${one.code}`)).toEqual([
      '第 2 行 import.key',
      '第 3 行 import.scientific',
      '第 3 行 import.amount',
    ]);
  });
});

describe('past payments', () => {
  it('are read with period or day', async () => {
    expect(await readPast(text('证件号码,所属月份,金额,发放日期\n11010519491231002X,2025-12,60,2025-12-20\n'))).toEqual([
      { line: 2, key: '11010519491231002X', period: '2025-12', amountFen: 6_000n, paidOn: '2025-12-20', objectKey: '' },
    ]);
  });
});

describe('the report', () => {
  const row = (line: number, more: Partial<ComparedRow>): ComparedRow => ({
    line,
    subjectId: null,
    ordinal: null,
    name: '张三',
    key: '11010519491231002X',
    division: null,
    village: '上坝村',
    standing: 'both',
    verdict: 'eligible',
    listedFen: 6_000n,
    ourFen: 6_000n,
    flags: [],
    reasons: [],
    digest: null,
    lines: null,
    ...more,
  });
  const compared: Compared = {
    itemId: 'a',
    version: 1,
    itemHash: 'h',
    register: 'citizen',
    period: { kind: 'monthly', key: '2026-04', start: day('2026-04-01'), end: day('2026-04-30'), knownAt: day('2026-04-15') },
    snapshotId: 's',
    knownAt: day('2026-04-15'),
    ledgerCut: 0n,
    rows: [
      row(2, {}),
      row(3, { standing: 'listed', verdict: 'ineligible', ourFen: null, flags: ['dead'], reasons: ['=HYPERLINK("x")'] }),
      row(-1, { standing: 'entitled', listedFen: null, village: null }),
    ],
  };

  it('sums by village and masks numbers unless asked not to; nothing in it is a formula', async () => {
    const read = async (whole: boolean) => {
      const book = await openBook(bytesContent(await bytesOf(reportSheets(compared, { divisionName: () => null, whole }))));
      const sheets: Record<string, (readonly string[])[]> = {};
      for (const table of book) {
        const rows: (readonly string[])[] = [];
        for await (const batch of table.rows()) for (const one of batch) rows.push(one.cells);
        sheets[table.format.kind === 'xlsx' ? table.format.sheet : ''] = rows;
      }
      return sheets;
    };
    const masked = await read(false);
    expect(masked.各村汇总?.slice(1)).toEqual([
      ['上坝村', '1', '0', '1', '0', '0', '1', '120', '60'],
      ['（未登记区划）', '0', '0', '0', '1', '0', '0', '0', '60'],
      ['合计', '1', '0', '1', '1', '0', '1', '120', '120'],
    ]);
    expect(JSON.stringify(masked)).not.toContain('11010519491231002X');
    expect(masked.只在名单上?.[1]).toContain('=HYPERLINK("x")');
    expect(JSON.stringify(await read(true))).toContain('11010519491231002X');
  });
});
