// Writes and reads files by a bank's template (`bank-templates.ts`): separated or of fixed width, in UTF-8 or the bank's code page.

import { parseYuan, yuanText } from '../base/amount.ts';
import { hasInvisible } from '../base/invisible.ts';
import { fail } from '../base/problem.ts';
import { bankTemplates, type Field, type HeadField, type Template } from './bank-templates.ts';
import { gbkLength, lackingInGbk, toGbk } from './codepage.ts';
import type { Format, PaymentHead, PaymentOrder } from './format.ts';

const pieceSize = 1 << 15;
const lineEnd = '\r\n';
const longestLine = 1 << 16;

const fieldText = (order: PaymentOrder, position: number, field: Field): string => {
  switch (field) {
    case 'position':
      return String(position);
    case 'yuan':
      return yuanText(order.amountFen);
    case 'fen':
      return String(order.amountFen);
    default:
      return order[field];
  }
};

const headText = (head: PaymentHead, field: HeadField): string => {
  switch (field) {
    case 'lines':
      return String(head.lines);
    case 'totalYuan':
      return yuanText(head.totalFen);
    case 'totalFen':
      return String(head.totalFen);
    default:
      return head[field];
  }
};

const encode = (template: Template, text: string): Uint8Array => (template.encoding === 'gbk' ? toGbk(text) : Buffer.from(text));

const quoted = (text: string, separator: string): string =>
  /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;

const lineText = (template: Template, order: PaymentOrder, position: number): string => {
  const { separator, columns } = template;
  const texts = columns.map((column) => fieldText(order, position, column.field));
  if (separator === ',') return texts.map((text) => quoted(text, separator)).join(separator);
  if (separator !== null) return texts.join(separator);
  return columns
    .map(({ width, right }, i) => {
      const text = texts[i] ?? '';
      const blanks = ' '.repeat(Math.max(0, width - gbkLength(text)));
      return right === true ? blanks + text : text + blanks;
    })
    .join('');
};

const sizeOf = (template: Template, text: string): number => (template.separator === null ? gbkLength(text) : [...text].length);

const check = (template: Template, order: PaymentOrder): readonly string[] => {
  const problems: string[] = [];
  for (const column of template.columns) {
    const text = fieldText(order, 1, column.field);
    if (sizeOf(template, text) > column.width)
      problems.push(`${column.header}超过 ${column.width} ${template.separator === null ? '字节' : '字'}`);
    if (text !== text.trim()) problems.push(`${column.header}前后有空格`);
    if (hasInvisible(text)) problems.push(`${column.header}里有看不见的字符`);
    if (/^[=+\-@]/.test(text)) problems.push(`${column.header}以“${text.charAt(0)}”开头，表格软件会当成公式`);
    if (template.separator !== null && template.separator !== ',' && text.includes(template.separator))
      problems.push(`${column.header}里有“${template.separator}”`);
    const lacking = template.encoding === 'gbk' ? lackingInGbk(text) : [];
    if (lacking.length > 0) problems.push(`${column.header}里的“${lacking.join('')}”不在银行的字库里`);
  }
  if (order.account === '' || order.payeeName === '') problems.push('缺户名或账号');
  return problems;
};

async function* write(
  template: Template,
  head: PaymentHead,
  orders: AsyncIterable<PaymentOrder> | Iterable<PaymentOrder>,
): AsyncGenerator<Uint8Array> {
  const join = template.separator ?? '|';
  let text = `${template.head.map((field) => headText(head, field)).join(join)}${lineEnd}`;
  if (template.headerRow) text += `${template.columns.map((column) => column.header).join(join)}${lineEnd}`;
  let position = 0;
  for await (const order of orders) {
    text += `${lineText(template, order, ++position)}${lineEnd}`;
    if (text.length < pieceSize) continue;
    yield encode(template, text);
    text = '';
  }
  if (text !== '') yield encode(template, text);
}

const fails = (error: unknown): never => {
  throw error;
};
const wrong = (message: string, at = ''): never => fail('input.payment-file', at, message, '不要改动系统生成的报盘文件；请重新生成。');

/** Cells of one line of a separated file; quotes as RFC 4180. */
const cellsOf = (line: string, separator: string): readonly string[] => {
  if (separator !== ',' || !line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let cell = '';
  let inside = false;
  for (let i = 0; i < line.length; i++) {
    const c = line[i] as string;
    if (inside) {
      if (c !== '"') cell += c;
      else if (line[i + 1] === '"') {
        cell += c;
        i++;
      } else inside = false;
    } else if (c === '"') inside = true;
    else if (c === separator) {
      cells.push(cell);
      cell = '';
    } else cell += c;
  }
  return [...cells, cell];
};

/** Bytes are cut, then decoded: a column's width is in bytes. */
export const fixedCells = (columns: readonly { readonly width: number }[], line: Uint8Array): readonly string[] => {
  const decoder = new TextDecoder('gbk', { fatal: true });
  let at = 0;
  return columns.map(({ width }) => {
    const text = decoder.decode(line.subarray(at, at + width)).trim();
    at += width;
    return text;
  });
};

const orderFrom = (template: Template, cells: readonly string[], at: string): PaymentOrder => {
  if (cells.length !== template.columns.length) wrong('这一行的列数不对。', at);
  const text = (field: Field): string => cells[template.columns.findIndex((column) => column.field === field)] ?? '';
  const amountFen = template.columns.some((column) => column.field === 'fen')
    ? /^\d+$/.test(text('fen'))
      ? BigInt(text('fen'))
      : null
    : parseYuan(text('yuan'));
  return {
    endToEndId: text('endToEndId'),
    payeeName: text('payeeName'),
    account: text('account'),
    bank: text('bank'),
    bankCode: text('bankCode'),
    amountFen: amountFen ?? wrong('金额读不懂。', at),
    statementText: text('statementText'),
  };
};

/** Lines as bytes, ends cut off; one longer than a bank's longest is no line of theirs. */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of bytes) {
    const all = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    // A byte 0x0a is a line end in GBK too: no trail byte lies below 0x40.
    for (let end = all.indexOf(10, from); end >= 0; end = all.indexOf(10, from)) {
      yield all.subarray(from, all[end - 1] === 13 ? end - 1 : end);
      from = end + 1;
    }
    rest = all.subarray(from);
    if (rest.length > longestLine) wrong('有一行太长，不是报盘或回盘文件。');
  }
  if (rest.length > 0) yield rest;
}

const readTemplate = async (template: Template, bytes: AsyncIterable<Uint8Array>, visit: (order: PaymentOrder) => void) => {
  const decoded = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      // The decoder's own complaint about bytes that are no text of this encoding.
      return error instanceof TypeError ? wrong('编码不对。', `第 ${number} 行`) : fails(error);
    }
  };
  const decode = (line: Uint8Array): string => decoded(() => new TextDecoder(template.encoding, { fatal: true }).decode(line));
  let number = 0;
  let head: readonly string[] | null = null;
  for await (const line of linesOf(bytes)) {
    number++;
    if (head === null) {
      head = decode(line).split(template.separator ?? '|');
      continue;
    }
    if (template.headerRow && number === 2) continue;
    const cells =
      template.separator === null ? decoded(() => fixedCells(template.columns, line)) : cellsOf(decode(line), template.separator);
    visit(orderFrom(template, cells, `第 ${number} 行`));
  }
  const told = (field: HeadField): string => head?.[template.head.indexOf(field)] ?? '';
  const totalFen = template.head.includes('totalFen')
    ? /^\d+$/.test(told('totalFen'))
      ? BigInt(told('totalFen'))
      : null
    : parseYuan(told('totalYuan'));
  if (!/^\d+$/.test(told('lines')) || totalFen === null) return wrong('文件没有写笔数和合计。');
  return { lines: Number(told('lines')), totalFen };
};

export const templates: readonly Format[] = bankTemplates.map((template) => ({
  id: template.id,
  title: template.title,
  extension: template.extension,
  maxLines: template.maxLines,
  check: (order) => check(template, order),
  write: (head, orders) => write(template, head, orders),
  read: (bytes, visit) => readTemplate(template, bytes, visit),
}));
