// A list of accounts to be tried as the file a bank gets: its columns are data, a new bank is a new entry. The bytes are the same for the same rows.
import { yuanText } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import { encodeGb18030 } from '../sheet/gb18030.ts';
import { writeXlsx } from '../sheet/xlsx-write.ts';
import type { ListMethod } from './check.ts';

export interface OutRow {
  readonly reference: string;
  readonly name: string;
  readonly account: string;
  readonly bank: string;
  readonly bankCode: string;
  readonly amountFen: bigint | null;
}

interface Column {
  readonly header: string;
  readonly text: (row: OutRow) => string;
}

interface Template {
  readonly title: string;
  readonly kind: 'xlsx' | 'csv';
  readonly encoding: 'utf-8' | 'gbk';
  readonly columns: readonly Column[];
}

const reference: Column = { header: '编号', text: (row) => row.reference };
const name: Column = { header: '户名', text: (row) => row.name };
const account: Column = { header: '账号', text: (row) => row.account };
const bank: Column = { header: '开户行', text: (row) => row.bank };
const bankCode: Column = { header: '联行号', text: (row) => row.bankCode };

export const checkTemplates: Readonly<Record<string, Template>> = {
  xlsx: { title: '表格（XLSX）', kind: 'xlsx', encoding: 'utf-8', columns: [reference, name, account, bank, bankCode] },
  csv: { title: '文本（CSV，UTF-8）', kind: 'csv', encoding: 'utf-8', columns: [reference, name, account, bank, bankCode] },
  'csv-gbk': { title: '文本（CSV，GBK）', kind: 'csv', encoding: 'gbk', columns: [reference, account, name, bank, bankCode] },
};

/** For the bank to fill in. */
const answerColumns = ['结果', '原因'];

const columnsFor = (template: Template, method: ListMethod): readonly Column[] =>
  method === 'bank-file'
    ? template.columns
    : [...template.columns, { header: '打款金额', text: (row) => (row.amountFen === null ? '' : yuanText(row.amountFen)) }];

/** Quoted where needed; what a spreadsheet would run as a formula is kept from it. */
const csvCell = (text: string): string => {
  const safe = /^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Throws `input.template` for a template nobody knows, `input.encoding` where a name has characters the code page lacks. */
export const checkFile = async (templateId: string, method: ListMethod, rows: readonly OutRow[]): Promise<Uint8Array> => {
  const template = checkTemplates[templateId];
  if (template === undefined || !Object.hasOwn(checkTemplates, templateId))
    return fail('input.template', '/template', '没有这种名单格式。', `可用：${Object.keys(checkTemplates).join('、')}。`);
  const columns = columnsFor(template, method);
  const header = [...columns.map((column) => column.header), ...(method === 'small-amount' ? ['到账金额'] : []), ...answerColumns];
  const cells = rows.map((row) => header.map((_, i) => columns[i]?.text(row) ?? ''));
  if (template.kind === 'xlsx') {
    const pieces: Uint8Array[] = [];
    for await (const piece of writeXlsx([{ name: '账户验证', header, rows: cells }])) pieces.push(piece);
    return Buffer.concat(pieces);
  }
  const text = [header, ...cells].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
  if (template.encoding === 'utf-8') return Buffer.from(`\ufeff${text}`);
  try {
    return encodeGb18030(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return fail('input.encoding', '/template', '有的户名含 GBK 写不了的生僻字。', '改用 xlsx 或 csv 格式；生僻字不能换成别的字。');
  }
};
