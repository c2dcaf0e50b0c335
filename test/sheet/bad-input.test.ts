// Files made to harm or by mistake: each is refused with a code of its own, soon, and in bounded memory.
import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { ProblemError } from '../../src/base/problem.ts';
import { openBook } from '../../src/sheet/book.ts';
import { bytesContent, type Content } from '../../src/sheet/content.ts';
import { encodeGb18030 } from '../../src/sheet/gb18030.ts';
import { writeXlsx } from '../../src/sheet/xlsx-write.ts';
import { collected, type Entry, workbookOf, zipOf } from './made.ts';

/** Reads everything there is; the code of the refusal, or the number of rows. */
const outcome = async (given: Uint8Array | string | Content): Promise<string | number> => {
  const content = typeof given === 'string' ? bytesContent(Buffer.from(given)) : given instanceof Uint8Array ? bytesContent(given) : given;
  try {
    let rows = 0;
    for (const table of await openBook(content)) for await (const batch of table.rows()) rows += batch.length;
    return rows;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const [first] = error.problems;
    expect(first?.hint).not.toBe('');
    return first?.code ?? '';
  }
};

const rels = (target: string, kind: string, id = 'r1') =>
  `<Relationships><Relationship Id="${id}" Type="x/${kind}" Target="${target}"/></Relationships>`;
const bookParts = (sheet: Partial<Entry> & { readonly data: Buffer }): Entry[] => [
  { name: '_rels/.rels', data: Buffer.from(rels('xl/workbook.xml', 'officeDocument')) },
  { name: 'xl/workbook.xml', data: Buffer.from('<workbook><sheets><sheet name="一" r:id="r1"/></sheets></workbook>') },
  { name: 'xl/_rels/workbook.xml.rels', data: Buffer.from(rels('s.xml', 'worksheet')) },
  { name: 'xl/s.xml', ...sheet },
];
const sheetXml = (rows: string) => Buffer.from(`<worksheet><sheetData>${rows}</sheetData></worksheet>`);
const oneRow = '<row r="1"><c r="A1"><v>1</v></c></row>';

describe('archives that lie', () => {
  test('the honest one is read', async () => {
    expect(await outcome(zipOf(bookParts({ data: sheetXml(oneRow) })))).toBe(1);
  });

  test.each([
    ['a bomb by its directory', bookParts({ data: Buffer.alloc(64 << 20, ' ') }), 'import.bomb'],
    ['a bomb that says it is small', bookParts({ data: Buffer.alloc(64 << 20, ' '), size: 1000 }), 'import.damaged'],
    ['more than a sheet may have', bookParts({ data: Buffer.alloc(0), size: 0xfffffff0 }), 'import.bomb'],
    ['a wrong checksum', bookParts({ data: sheetXml(oneRow), crc: 1 }), 'import.damaged'],
    ['smaller than it says', bookParts({ data: sheetXml(oneRow), size: 9999 }), 'import.damaged'],
    ['stored, of another size', bookParts({ data: sheetXml(oneRow), packed: sheetXml(oneRow), method: 0, size: 3 }), 'import.damaged'],
    ['an unknown method', bookParts({ data: sheetXml(oneRow), method: 12 }), 'import.damaged'],
    ['encrypted', bookParts({ data: sheetXml(oneRow), flags: 1 }), 'import.file-kind'],
    ['no deflate at all', bookParts({ data: sheetXml(oneRow), packed: Buffer.alloc(50, 0xff) }), 'import.damaged'],
    ['entries that overlap', bookParts({ data: sheetXml(oneRow), offset: 0 }), 'import.damaged'],
    ['an entry beyond the file', bookParts({ data: sheetXml(oneRow), offset: 0x7fffffff }), 'import.damaged'],
    ['an entry twice', [...bookParts({ data: sheetXml(oneRow) }), { name: 'xl/s.xml', data: sheetXml('') }], 'import.damaged'],
    ['no workbook', [{ name: 'a.csv', data: Buffer.from('a,b') }], 'import.file-kind'],
    ['a document', [{ name: 'word/document.xml', data: Buffer.from('<a/>') }], 'import.file-kind'],
    ['a thousand entries too many', Array.from({ length: 6000 }, (_, i) => ({ name: `${i}`, data: Buffer.alloc(0) })), 'import.bomb'],
  ] as const)('%s', async (_, entries, code) => {
    expect(await outcome(zipOf(entries))).toBe(code);
  });

  test('many entries over one kernel of zeros are seen before anything is inflated', async () => {
    const zeros = Buffer.alloc(1 << 20);
    const packed = deflateRawSync(zeros);
    const entries = Array.from({ length: 200 }, (_, i) => ({
      name: `xl/${i}.xml`,
      data: zeros,
      packed,
      ...(i === 0 ? {} : { offset: 0 }),
    }));
    expect(await outcome(zipOf(entries))).toBe('import.damaged');
  });

  test('cut off anywhere, or with bytes behind', async () => {
    const whole = await workbookOf({ sheets: { 一: oneRow } });
    for (let at = 4; at < whole.length; at += 61) expect(await outcome(whole.subarray(0, at))).toBe('import.damaged');
    expect(await outcome(Buffer.concat([whole, Buffer.from('x')]))).toBe('import.damaged');
    expect(await outcome(zipOf(bookParts({ data: sheetXml(oneRow) }), 'a comment'))).toBe(1);
  });
});

describe('workbooks that no spreadsheet wrote', () => {
  const cell = (reference: string) => `<row r="1"><c r="${reference}"><v>1</v></c></row>`;
  test.each([
    ['a column beyond all', cell('XFE1'), 'import.too-wide'],
    ['a million columns', `<row r="1">${'<c><v>1</v></c>'.repeat(70_000)}</row>`, 'import.too-wide'],
    ['a column that is none', cell('AAAA1'), 'import.damaged'],
    ['a row beyond all', '<row r="9999999"><c><v>1</v></c></row>', 'import.damaged'],
    ['a row twice', `${oneRow}${oneRow}`, 'import.damaged'],
    ['a cell twice', '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>', 'import.damaged'],
    ['a cell of another row', '<row r="1"><c r="A2"><v>1</v></c></row>', 'import.damaged'],
    ['a text that is not in the table', '<row r="1"><c t="s"><v>7</v></c></row>', 'import.damaged'],
    ['a number that is none', '<row r="1"><c><v>Infinity</v></c></row>', 'import.damaged'],
    ['an unknown type', '<row r="1"><c t="zz"><v>1</v></c></row>', 'import.damaged'],
    ['nesting without an end', `<row r="1">${'<x>'.repeat(1000)}`, 'import.damaged'],
    ['tags that do not close', '<row r="1"><c>', 'import.damaged'],
    ['an entity of its own', '<row r="1"><c t="str"><v>&boom;</v></c></row>', 'import.damaged'],
    ['a row without an end', `<row r="1">${'<x/>'.repeat(2_000_000)}<c><v>1</v></c></row>`, 'import.damaged'],
  ])('%s', async (_, rows, code) => {
    // A little noise keeps these below the ratio at which any growth is refused.
    const noise = `<!--${Array.from({ length: 2000 }, (__, i) => createHash('sha256').update(`${i}`).digest('hex')).join('')}-->`;
    const parts = { 'xl/worksheets/sheet1.xml': [`<worksheet>${noise}<sheetData>`, rows, '</sheetData></worksheet>'] };
    expect(await outcome(await workbookOf({ parts }))).toBe(code);
  });

  test('a document type, and entities within entities', async () => {
    const sheet = `<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet><sheetData>${oneRow}</sheetData></worksheet>`;
    expect(await outcome(await workbookOf({ parts: { 'xl/worksheets/sheet1.xml': sheet } }))).toBe('import.damaged');
  });

  test('bytes that are no UTF-8 inside', async () => {
    const data = Buffer.concat([
      Buffer.from('<worksheet><sheetData><row r="1"><c t="str"><v>'),
      Buffer.from([0xd5, 0xc5]),
      Buffer.from('</v></c></row></sheetData></worksheet>'),
    ]);
    expect(await outcome(zipOf(bookParts({ data })))).toBe('import.damaged');
  });
});

describe('what is no table', () => {
  let book: Buffer;
  beforeAll(async () => {
    book = await collected(writeXlsx([{ name: '一', header: ['a'], rows: [['x']] }]));
  });

  test.each([
    ['xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]), 'import.file-kind'],
    ['pdf', Buffer.from('%PDF-1.7\n'), 'import.file-kind'],
    ['png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), 'import.file-kind'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0]), 'import.file-kind'],
    ['a web page', Buffer.from('\ufeff <!DOCTYPE html><table>'), 'import.file-kind'],
    ['old XML', Buffer.from('<?xml version="1.0"?><?mso-application?>'), 'import.file-kind'],
    ['UTF-16', Buffer.from('\ufeffa,b', 'utf16le'), 'import.encoding'],
  ])('%s', async (_, bytes, code) => {
    expect(await outcome(bytes)).toBe(code);
  });

  test('a name tells nothing: the bytes do', async () => {
    expect(await outcome(book)).toBe(2);
    expect(await outcome('BM,MZ\n1,2\n')).toBe(2);
  });
});

describe('text', () => {
  test.each([
    ['a million columns', `a,b\n${','.repeat(1_000_000)}\n`, 'import.too-wide'],
    ['a million quoted columns', `a,b\n"x"${',y'.repeat(500_000)}\n`, 'import.too-wide'],
    ['a line without an end', `a,b\n${'x'.repeat(6 << 20)}`, 'import.too-long'],
    ['a quote that never closes', `a,b\n"${'x\n'.repeat(3 << 20)}`, 'import.too-long'],
    ['UTF-8, then GB18030', Buffer.concat([Buffer.from('姓名,性别\n'), encodeGb18030('张三,男\n')]), 'import.encoding'],
    ['GB18030, then UTF-8', Buffer.concat([encodeGb18030('姓名,性别\n'), Buffer.from('欧阳小四,男性\n')]), 'import.encoding'],
    ['neither', Buffer.concat([Buffer.from('a,b\n'), Buffer.from([0xff, 0xff, 10])]), 'import.encoding'],
    ['cut in a character', Buffer.from('姓名,性别\n张三').subarray(0, -1), 'import.encoding'],
  ])('%s', async (_, file, code) => {
    expect(await outcome(file)).toBe(code);
  });

  test('the place of a wrong byte is told', async () => {
    const bytes = Buffer.concat([Buffer.from('姓名,性别\n张三,男\n李'), Buffer.from([0x80]), Buffer.from('四,女\n')]);
    await expect(openBook(bytesContent(bytes))).rejects.toMatchObject({ problems: [{ at: '3' }] });
  });

  test('GB18030 of four bytes, rare characters, and a lucky name are no mixture', async () => {
    const rare = Buffer.concat([encodeGb18030('姓名\n'), Buffer.from([0x98, 0x39, 0xf7, 0x34]), encodeGb18030('\n朱镕基\n联通\n')]);
    const [table] = await openBook(bytesContent(rare));
    const rows: string[] = [];
    for await (const batch of table?.rows() ?? []) rows.push(...batch.map((r) => r.cells.join()));
    expect(rows).toEqual(['姓名', '𫪬', '朱镕基', '联通']);
  });
});
