// 入户核查名单: out as a sheet by village, to print or to fill in, with a code per row; and the filled-in sheet back. All of a sheet or nothing: every row is
// held against its certification before anything is written, and the same sheet again is no news.
import { yuanText } from '../base/amount.ts';
import { maskId, maskText } from '../base/codes.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import { type Db, transaction } from '../db/handle.ts';
import { openBook } from '../sheet/book.ts';
import type { Content } from '../sheet/content.ts';
import type { Sheet } from '../sheet/xlsx-write.ts';
import { certificationStates, type VisitResult, type VisitWay, visitResults, visitWays } from './certification.ts';
import type { Listed } from './store.ts';
import { recordVisit, type VisitAsk } from './visit.ts';

/** Columns of the sheet; those after `paused` are left for whoever goes and looks. */
const labels = {
  code: '核查码',
  village: '村（社区）',
  name: '姓名',
  number: '证件号码',
  item: '事项',
  due: '期限',
  state: '现在',
  paused: '暂停金额（元）',
  result: '核查结果',
  on: '核查日期',
  visitor: '核查人',
  way: '方式',
  note: '核查情况',
  died: '去世日期',
} as const;
type Field = keyof typeof labels;

/** One row per certification, villages together. Numbers show their last four: enough to tell two of a name apart at the door. */
export const visitSheet = (rows: readonly Listed[], place: (division: string | null) => string): Sheet => ({
  name: '入户核查',
  header: Object.values(labels),
  widths: [18, 24, 12, 12, 20, 12, 10, 14, 12, 12, 12, 8, 36, 12],
  rows: rows.map((row) => [
    row.code,
    place(row.division),
    row.name ?? '',
    maskId(row.key),
    row.title,
    { day: row.dueOn },
    certificationStates[row.state].text,
    row.pausedFen === 0n ? null : { number: yuanText(row.pausedFen) },
    ...['', '', '', '', '', ''],
  ]),
});

const plain = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '');
const labelAt = new Map(Object.entries(labels).map(([field, label]) => [plain(label), field as Field]));

const mostRows = 20_000;

interface Row {
  readonly line: number;
  readonly cell: (field: Field) => string;
}

/** Rows below the header that names the code and the result. */
const rowsOf = async (content: Content): Promise<readonly Row[]> => {
  for (const table of await openBook(content)) {
    let columns: ReadonlyMap<Field, number> | null = null;
    const rows: Row[] = [];
    for await (const batch of table.rows())
      for (const { line, cells } of batch) {
        if (columns === null) {
          const found = new Map<Field, number>();
          for (const [at, text] of cells.entries()) {
            const field = labelAt.get(plain(text));
            if (field !== undefined && !found.has(field)) found.set(field, at);
          }
          if (found.has('code') && found.has('result')) columns = found;
          continue;
        }
        const own = columns;
        const cell = (field: Field): string => (cells[own.get(field) ?? -1] ?? '').trim().replace(/^'/, '');
        // Rows nobody filled in come back as they left.
        if (cell('result') === '') continue;
        if (rows.push({ line, cell }) > mostRows) fail('limit.rows', '', `超过 ${mostRows} 行。`, '请按村分开读入。');
      }
    if (columns !== null) return rows;
  }
  return fail('input.visit-list', '', '没有找到核查名单的表头。', `要有“${labels.code}”和“${labels.result}”两列，照导出的名单填。`);
};

const resultWords: readonly (readonly [RegExp, VisitResult])[] = [
  [/没有?见到|未见到?|不在家|无人/, 'not-met'],
  [/见到|健在|在世|正常|通过/, 'met'],
  [/去世|死亡|亡故|已故/, 'deceased'],
  [/迁走|迁出|搬走|失联|外出不明|下落不明/, 'moved'],
];
const resultOf = (text: string): VisitResult | null => resultWords.find(([pattern]) => pattern.test(plain(text)))?.[1] ?? null;
const wayOf = (text: string): VisitWay | null =>
  text === '' ? 'home' : ((Object.keys(visitWays) as VisitWay[]).find((way) => visitWays[way] === plain(text)) ?? null);

/** `2026-05-01`, `2026/5/1`, `2026年5月1日`. */
const dayOf = (text: string): Day | null => {
  const parts = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain(text));
  return parts === null ? null : parseDay(`${parts[1]}-${parts[2]?.padStart(2, '0')}-${parts[3]?.padStart(2, '0')}`);
};

type Told = Pick<VisitAsk, 'code' | 'result' | 'way' | 'visitedOn' | 'visitor' | 'note' | 'diedOn'> & { readonly line: number };

const mostProblems = 50;

const read = (rows: readonly Row[]): readonly Told[] => {
  const problems: Problem[] = [];
  const wrong = (line: number, field: Field, message: string, hint: string): void => {
    if (problems.length < mostProblems)
      problems.push(problem('input.visit-list', `/${line}`, `第 ${line} 行“${labels[field]}”：${message}`, hint));
  };
  const told = rows.flatMap(({ line, cell }): Told[] => {
    const before = problems.length;
    const result = resultOf(cell('result'));
    const way = wayOf(cell('way'));
    const visitedOn = dayOf(cell('on'));
    const died = cell('died');
    const diedOn = died === '' ? undefined : dayOf(died);
    if (result === null)
      wrong(line, 'result', `读不懂“${maskText(cell('result'), 20)}”。`, `写：${Object.values(visitResults).join('、')}。`);
    if (way === null)
      wrong(line, 'way', `读不懂“${maskText(cell('way'), 20)}”。`, `写：${Object.values(visitWays).join('、')}；不写就是上门。`);
    if (visitedOn === null) wrong(line, 'on', '不是日期。', '写作 2026-05-01。');
    if (diedOn === null) wrong(line, 'died', '不是日期。', '写作 2026-05-01。');
    if (problems.length > before || result === null || way === null || visitedOn === null || diedOn === null) return [];
    const note = cell('note');
    return [
      {
        ...{ line, code: cell('code'), result, way, visitedOn, visitor: cell('visitor') },
        ...(note === '' ? {} : { note }),
        ...(diedOn === undefined ? {} : { diedOn }),
      },
    ];
  });
  if (problems.length > 0) throw new ProblemError(problems);
  if (told.length === 0) fail('input.visit-list', '', '名单里没有一行核查结果。', `在“${labels.result}”列填好后再读入。`);
  return told;
};

export interface ImportReport {
  readonly rows: number;
  /** Of these, not written down before. */
  readonly news: number;
  readonly certified: number;
  readonly deceased: number;
  /** Payments let go again. */
  readonly resumed: number;
}

/** A filled-in list, by one member of staff; `document`: the scan of the signed paper, for every row. Throws every finding of the sheet at once. */
export const importVisits = async (db: Db, content: Content, by: Omit<VisitAsk, keyof Told>): Promise<ImportReport> => {
  const told = read(await rowsOf(content));
  return transaction(db, async (tx) => {
    const problems: Problem[] = [];
    const report = { rows: told.length, news: 0, certified: 0, deceased: 0, resumed: 0 };
    // In one order whatever the sheet's: two sheets with the same people wait for each other and never lock each other out.
    for (const { line, ...visit } of [...told].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : a.line - b.line))) {
      try {
        const done = await recordVisit(tx, { ...by, ...visit });
        if (!done.news) continue;
        report.news += 1;
        report.certified += done.state === 'certified' ? 1 : 0;
        report.deceased += done.state === 'deceased' ? 1 : 0;
        report.resumed += done.resumed;
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        for (const one of error.problems)
          if (problems.length < mostProblems) problems.push({ ...one, at: `/${line}`, message: `第 ${line} 行：${one.message}` });
      }
    }
    if (problems.length > 0) throw new ProblemError([...problems].sort((a, b) => Number(a.at.slice(1)) - Number(b.at.slice(1))));
    return report;
  });
};
