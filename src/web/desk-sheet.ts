// A queue as a workbook, and the workbook as decisions: which columns it has, and where they are when it comes back.
import { fail } from '../base/problem.ts';
import { openBook, type Table } from '../sheet/book.ts';
import type { Content } from '../sheet/content.ts';
import type { Sheet, SheetCell } from '../sheet/xlsx-write.ts';
import { extraColumns, type QueueName, queues } from './desk-queues.ts';
import { most, rowHeader } from './desk-rows.ts';

/** What a queue asks beside decision and reason. */
export const extrasOf = (queue: QueueName): readonly string[] =>
  Object.hasOwn(extraColumns, queue) ? extraColumns[queue as keyof typeof extraColumns] : [];

const widths: Readonly<Record<string, number>> = { 编号: 38, 校验: 26, 事项: 22, 收款人: 16, 金额: 14, 情况: 50, 意见: 12, 理由: 40 };

/** The table to fill in first, then how. A CSV has the first alone. */
export const queueSheets = (queue: QueueName, rows: readonly { readonly cells: readonly SheetCell[] }[]): readonly [Sheet, Sheet] => {
  const { title, choices } = queues[queue];
  const header = [...rowHeader, '意见', '理由', ...extrasOf(queue)];
  const lines = [
    '每一行写明意见和理由；没有定的留空，不会办理。',
    `意见写：${Object.keys(choices).join('、')}。`,
    '“编号”和“校验”两列不要改：导出之后别人办过的，这一行不会办理，会说明。',
    '先用“试办”看结果，再正式导入；同一份表导入两次，不会办两次。',
    ...(queue === 'asks'
      ? ['补充：填账号、开户行、联行号，或“补充内容”（编号=内容；编号=内容），或“已补正”（照“情况”里的字写，分号隔开）。']
      : []),
    ...(queue === 'attestations' ? ['看过材料、值和材料一致的才写“复核通过”；录入的人不能自己复核。'] : []),
    ...(queue === 'certifications' ? ['理由写在哪里、怎样见到的；“核查人”要写，“核查日期”不写是今天，“去世日期”只有已去世才写。'] : []),
    ...(queue === 'ratings' ? ['理由就是答复，会原样告知本人。'] : []),
    ...(queue === 'returned' ? ['更正：填新的账号、户名、开户行、联行号中变了的；账户没有变的，意见写“原账户重发”。'] : []),
  ];
  return [
    {
      name: title,
      header,
      widths: header.map((label) => widths[label] ?? 14),
      rows: rows.map(({ cells }) => [...cells, null, null, ...extrasOf(queue).map(() => null)]),
    },
    { name: '说明', header: ['怎样填写'], widths: [90], rows: lines.map((line) => [line]) },
  ];
};

/** A row that came back. */
export interface Returned {
  readonly line: number;
  readonly id: string;
  readonly mark: string;
  readonly decision: string;
  readonly reason: string;
  /** Further columns, trimmed. */
  readonly more: ReadonlyMap<string, string>;
}

const needed = ['编号', '校验', '意见', '理由'] as const;

/** A CSV puts text that looks like a formula behind an apostrophe; spreadsheets show it. */
const plain = (cell: string | undefined): string => (cell ?? '').trim().replace(/^'(?=\s*[=+\-@＝＋－＠])/, '');

/** Throws `input.sheet` for a table that is not of this queue, `limit.rows`, and what src/sheet refuses of broken files. */
export const readDecisions = async (content: Content, queue: QueueName): Promise<readonly Returned[]> => {
  const tables = await openBook(content);
  const { title } = queues[queue];
  const own = tables[0]?.format.kind === 'xlsx' ? tables.filter((one) => one.format.kind === 'xlsx' && one.format.sheet === title) : tables;
  for (const table of own) {
    const rows = await decisionsIn(table);
    if (rows !== null) return rows;
  }
  return fail(
    'input.sheet',
    '',
    `这份文件里没有“${title}”的表，或者少了${needed.map((one) => `“${one}”`).join('、')}这几列。`,
    '请用导出的表填写，不要改表名和表头。',
  );
};

/** null: no such table. */
const decisionsIn = async (table: Table): Promise<readonly Returned[] | null> => {
  const found: Returned[] = [];
  let at: ReadonlyMap<string, number> | null = null;
  for await (const batch of table.rows())
    for (const { cells, line } of batch) {
      if (cells.every((cell) => cell.trim() === '')) continue;
      if (at === null) {
        const labels = new Map(cells.map((cell, i) => [cell.trim(), i]));
        if (!needed.every((label) => labels.has(label))) return null;
        at = labels;
        continue;
      }
      if (found.length >= most) fail('limit.rows', `${line}`, `一次最多 ${most} 行。`, '请分几份导入。');
      const cell = (label: string): string => plain(cells[at?.get(label) ?? -1]);
      const more = new Map(
        Object.values(extraColumns)
          .flat()
          .map((label) => [label, cell(label)]),
      );
      found.push({ line, id: cell('编号').toLowerCase(), mark: cell('校验'), decision: cell('意见'), reason: cell('理由'), more });
    }
  return at === null ? null : found;
};
