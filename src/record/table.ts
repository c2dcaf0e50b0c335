// Where in a delivered file the table is: which sheet, which row is its header (or which two), and what around it is no data. What is passed over is
// listed with its reason; what is doubtful refuses the file.
import { fail, ProblemError, problem } from '../base/problem.ts';
import type { Column } from '../catalogue/catalogue.ts';
import type { Table } from '../sheet/book.ts';
import type { Row } from '../sheet/row.ts';
import type { Binder } from './binding.ts';
import { unitOf } from './label.ts';
import { makeStated, totalWords } from './stated.ts';

/** Rows above the data: titles, 填报单位, a header of two lines; and how many sheets are looked into. */
const lookahead = 40;
const maxSheets = 60;

export interface Header {
  /** Its first and last row in the file; the same but for a header of two lines. */
  readonly first: number;
  readonly line: number;
  /** A label per column; '' where the column has none. */
  readonly labels: readonly string[];
  /** The rows as they stand, to know them when they come again. */
  readonly rows: readonly (readonly string[])[];
}

export interface Found {
  readonly table: Table;
  readonly header: Header;
  /** Rows above the header. */
  readonly above: readonly Skipped[];
  /** The unit those rows state for the whole table (`单位：万元`). */
  readonly unit: string | null;
}

export type SkipReason = 'title' | 'total' | 'note' | 'header';

/** A row that is no data, with as much of its text as may be shown. */
export interface Skipped {
  readonly line: number;
  readonly why: SkipReason;
  readonly text: string;
}

const firstText = (cells: readonly string[]): string => cells.find((c) => c.trim() !== '')?.trim() ?? '';

/** What follows a colon may be a name, and long numbers may be a person's. */
export const skippedRow = (row: Row, why: SkipReason): Skipped => {
  const text = firstText(row.cells).replace(/\s+/g, ' ');
  const bare = why === 'note' ? text.replace(/([:：]).*$/, '$1…') : text;
  return { line: row.line, why, text: [...bare.replace(/\d{5,}/g, '…')].slice(0, 40).join('').toWellFormed().replaceAll('\0', '') };
};

interface Candidate extends Found {
  readonly score: number;
}

const rowsAhead = async (table: Table): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for await (const batch of table.rows()) {
    for (const row of batch) if (row.cells.some((c) => c.trim() !== '')) rows.push(row);
    if (rows.length >= lookahead) break;
  }
  return rows.slice(0, lookahead);
};

/** Two lines as one header: the lower label where there is one, else the upper; a group's name goes in front where labels would be equal. */
export const joinedLabels = (upper: readonly string[], lower: readonly string[]): readonly string[] => {
  const width = Math.max(upper.length, lower.length);
  let group = '';
  const pairs = Array.from({ length: width }, (_, i) => {
    const [above, below] = [(upper[i] ?? '').trim(), (lower[i] ?? '').trim()];
    // A merged cell has its text in the first of its columns only.
    group = above !== '' ? above : below === '' ? '' : group;
    return { group, label: below === '' ? above : below, below };
  });
  const counts = new Map<string, number>();
  for (const { label } of pairs) counts.set(label, (counts.get(label) ?? 0) + 1);
  return pairs.map(({ group: of, label, below }) => (below !== '' && of !== '' && (counts.get(label) ?? 0) > 1 ? `${of}/${below}` : label));
};

/** One line is preferred: two are a header only where they say more than either alone. */
const bestIn = (table: Table, rows: readonly Row[], binder: Pick<Binder, 'score'>): Candidate | null => {
  let best: Candidate | null = null;
  const offer = (header: Header, i: number, below: number): void => {
    const score = binder.score(header.labels);
    if (score > (best?.score ?? 0)) best = { table, header, ...titlesOf(rows.slice(0, i), rows.slice(i, below)), score };
  };
  rows.forEach((row, i) => {
    offer(oneLine(row), i, i + 1);
  });
  rows.forEach((row, i) => {
    const next = rows[i + 1];
    if (next === undefined || next.line !== row.line + 1) return;
    offer({ first: row.line, line: next.line, labels: joinedLabels(row.cells, next.cells), rows: [row.cells, next.cells] }, i, i + 2);
  });
  return best;
};

const oneLine = (row: Row): Header => ({ first: row.line, line: row.line, labels: row.cells.map((c) => c.trim()), rows: [row.cells] });

const titlesOf = (rows: readonly Row[], header: readonly Row[]): Pick<Found, 'above' | 'unit'> => {
  const stated = [...rows, ...header].flatMap((r) => r.cells).map((c) => /单\s*位\s*[:：]\s*([^\s,，、;；)）]{1,6})/.exec(c)?.[1] ?? '');
  return {
    above: rows.map((r) => skippedRow(r, 'title')),
    unit: stated.find((text) => unitOf(text) !== undefined) ?? null,
  };
};

const nameOf = ({ format }: Table): string => (format.kind === 'xlsx' ? `“${format.sheet}”` : '');

/**
 * The table that fits the dataset. `sheet` names one; else it is the only visible sheet whose header has the dataset's key and half of its columns.
 * Refuses (`import.sheet`, `import.ambiguous`, `import.empty`); a header that does not fit well is returned all the same where there is only one
 * table, so that the refusal can say what is missing.
 */
export const findTable = async (
  tables: readonly Table[],
  dataset: { readonly columns: readonly Pick<Column, 'header'>[] },
  binder: Pick<Binder, 'score'>,
  sheet: string | null,
): Promise<Found> => {
  const asked =
    sheet === null ? tables.filter((t) => !t.hidden) : tables.filter((t) => t.format.kind === 'xlsx' && t.format.sheet === sheet);
  const names = tables.map((t) => `${nameOf(t)}${t.hidden ? '（隐藏）' : ''}`).join('、');
  if (asked.length === 0 && sheet !== null) {
    const others = tables[0]?.format.kind === 'xlsx' ? `文件里有：${names}。` : '这是文本文件，没有工作表。';
    return fail('import.sheet', sheet.slice(0, 31), '文件里没有这张工作表。', others);
  }
  const looked: Looked[] = [];
  let failure: unknown = null;
  for (const table of asked.slice(0, maxSheets)) {
    try {
      const rows = await rowsAhead(table);
      looked.push({ table, rows, best: bestIn(table, rows, binder) });
    } catch (error) {
      // Text that cannot be cut at one separator may well be cut at another.
      if (table.format.kind !== 'csv' || !(error instanceof ProblemError)) throw error;
      failure ??= error;
    }
  }
  const needed = Math.max(1, Math.ceil(new Set(dataset.columns.map((c) => c.header)).size / 2));
  const fitting = looked.flatMap((l) => (l.best !== null && l.best.score >= needed ? [l.best] : []));
  if (fitting.length === 0 && failure !== null) throw failure;
  const found = fitting.length > 1 ? chosen(fitting, names) : fitting[0];
  return found ?? closest(looked, tables, names);
};

interface Looked {
  readonly table: Table;
  readonly rows: readonly Row[];
  readonly best: Candidate | null;
}

/** Text is one table under several separators, so the best is it; sheets are several, so none is. */
const chosen = (fitting: readonly Candidate[], names: string): Candidate => {
  const [first] = fitting;
  if (first?.table.format.kind === 'csv') return fitting.reduce((a, b) => (b.score > a.score ? b : a));
  const fit = fitting.map((f) => nameOf(f.table)).join('、');
  return fail(
    'import.ambiguous',
    '',
    `有不止一张工作表像是这个数据集：${fit}，没有替您选。`,
    `请指明工作表（文件里有：${names}），或把要导入的另存为一份文件。`,
  );
};

/** No header fits: the nearest thing to one, so that what is missing can be named; with several sheets, their names. */
const closest = (looked: readonly Looked[], tables: readonly Table[], names: string): Found => {
  const withRows = looked.filter((l) => l.rows.length > 0);
  const best = withRows.toSorted((a, b) => (b.best?.score ?? 0) - (a.best?.score ?? 0))[0];
  if (best === undefined) {
    const hidden = tables.some((t) => t.hidden) ? '隐藏的工作表要指明名称才会读取。' : '请检查是不是选错了文件。';
    return fail('import.empty', '1', '文件是空的，连表头也没有。', hidden);
  }
  if (withRows.length > 1 && best.table.format.kind === 'xlsx') {
    throw new ProblemError([
      problem(
        'import.sheet',
        '',
        `没有一张工作表的表头与这个数据集相符。文件里有：${names}。`,
        '请核对是不是选错了数据集；表头不同的，请指明工作表后核对列的对应关系。',
      ),
    ]);
  }
  if (best.best !== null) return best.best;
  const [row = { line: 1, cells: [] }] = best.rows;
  return { table: best.table, header: oneLine(row), above: [], unit: null };
};

/** Words that begin a note under, or a signature beside, a table. */
const noteWords =
  /^(?:[(（]?(?:备\s*注|说\s*明|填\s*表\s*说\s*明|附\s*注|注)[)）]?(?:[:：\d.、\s]|$)|(?:填\s*表\s*人|制\s*表\s*人?|填\s*报\s*人|经\s*办\s*人|审\s*核\s*人?|复\s*核\s*人?|负\s*责\s*人|单位负责人|分管领导|填报单位|报送单位|制表单位|单位(?:名称)?[(（]?盖章|填报日期|填表日期|制表日期|打印日期|打印时间|导出时间|联系人|联系电话)\s*(?:[:：(（]|$)|第\s*\d+\s*页|共\s*\d+\s*[页条行])/;

export interface DataRows {
  /** From the first row under the header, once more each time it is called. */
  rows(): AsyncGenerator<readonly Row[]>;
  /** What the last complete reading passed over. */
  readonly skipped: { readonly list: readonly Skipped[]; readonly count: number };
  /** And the rows of totals among it that speak of the whole table. */
  readonly stated: () => readonly Row[];
}

export interface DataRowsOptions {
  /** Position of the key's column. */
  readonly key: number;
  readonly days: ReadonlySet<number>;
  readonly score: (labels: readonly string[]) => number;
}

const listedSkips = 200;

/** The rows under the header, widened to its width, without totals, notes and repetitions of the header. Refuses a second header (`import.two-headers`). */
export const dataRows = ({ table, header, above }: Pick<Found, 'table' | 'header' | 'above'>, options: DataRowsOptions): DataRows => {
  const skipped = { list: [] as Skipped[], count: 0 };
  const stated = makeStated();
  const width = header.labels.length;
  const isSheet = table.format.kind === 'xlsx';
  const skip = (row: Row, why: SkipReason): null => {
    skipped.count++;
    if (skipped.list.length < listedSkips) skipped.list.push(skippedRow(row, why));
    return null;
  };
  const judged = (row: Row): Row | null => {
    const whole = isSheet ? widened(row, width) : row;
    const key = (whole.cells[options.key] ?? '').trim();
    // Keys have digits; whatever has none is looked at more closely.
    if (/\d/.test(key) && !totalWords.test(key) && !noteWords.test(key)) return whole;
    const why = reasonToSkip(whole, key, header, options);
    if (why === 'total') stated.total(whole);
    return why === null ? whole : skip(whole, why);
  };
  return {
    skipped,
    stated: stated.rows,
    async *rows() {
      stated.reset();
      skipped.list = [...above];
      skipped.count = above.length;
      for await (const batch of table.rows({ days: options.days })) {
        const rows: Row[] = [];
        for (const row of batch) {
          if (row.line <= header.line) continue;
          const kept = judged(row);
          if (kept === null) continue;
          rows.push(kept);
          stated.row();
        }
        if (rows.length > 0) yield rows;
      }
    },
  };
};

/** A sheet leaves out empty cells at a row's end; a cell beyond the header's last column stays, for the row to be refused. */
const widened = (row: Row, width: number): Row => {
  if (row.cells.length === width) return row;
  const cells = row.cells.slice();
  while (cells.length < width) cells.push('');
  while (cells.length > width && cells.at(-1)?.trim() === '') cells.pop();
  return { line: row.line, cells };
};

const reasonToSkip = (row: Row, key: string, header: Header, options: DataRowsOptions): SkipReason | null => {
  const text = firstText(row.cells);
  if (key !== '' && text !== key && !totalWords.test(text)) return again(row, header, options);
  if (totalWords.test(text) && (key === '' || key === text)) return 'total';
  const filled = row.cells.filter((c) => c.trim() !== '').length;
  if (noteWords.test(text) && (key === '' || key === text) && filled <= Math.max(2, Math.floor(row.cells.length / 2))) return 'note';
  return again(row, header, options);
};

/** The header once more, as printed pages have it; another header than the first means another table, whose columns may mean something else. */
const again = (row: Row, header: Header, options: DataRowsOptions): SkipReason | null => {
  const isAgain = (given: readonly string[]): boolean =>
    Array.from({ length: Math.max(given.length, row.cells.length) }).every(
      (_, i) => (row.cells[i] ?? '').trim() === (given[i] ?? '').trim(),
    );
  if (header.rows.some(isAgain)) return 'header';
  // Labels have no numbers, rows of data do; asking every one of a million rows would take longer than reading them.
  if (row.cells.some((c) => /\d{2}/.test(c))) return null;
  const score = options.score(row.cells);
  if (score < 2 || score * 2 < options.score(header.labels)) return null;
  return fail(
    'import.two-headers',
    `${row.line}`,
    `第 ${row.line} 行又是一个表头，与第 ${header.line} 行的不一样，后面的列可能是别的意思，整份文件没有导入。`,
    '请把两张表分成两份文件（或两张工作表）后分别导入。',
  );
};

export const skipWords: Readonly<Record<SkipReason, string>> = {
  title: '表头上面的标题',
  total: '合计行',
  note: '备注或签字行',
  header: '重复的表头',
};
