// The bank's answers about a list of accounts: read from the file as it comes back, every row held against the list before anything is written; or told by
// hand for one account. All of a file or nothing; the same answer again is no news, and of several the worst counts, so order does not matter.
import { audit } from '../audit/audit.ts';
import { parseYuan } from '../base/amount.ts';
import { maskText, plainCode } from '../base/codes.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { openBook } from '../sheet/book.ts';
import type { Content } from '../sheet/content.ts';
import { accountIndex } from '../vault/account.ts';
import { keepFile } from '../vault/kept.ts';
import {
  type Answer,
  type CheckList,
  type CheckRow,
  endOf,
  isOfList,
  listStates,
  movedBy,
  type RowAnswer,
  readReference,
} from './check.ts';
import { type CheckActor, lockedList } from './check-make.ts';
import * as store from './check-store.ts';
import { moveChecks } from './verify.ts';

export interface AnswerReport {
  readonly checkId: string;
  readonly fileSha256: string | null;
  /** Rows the file answers. */
  readonly answered: number;
  /** Of these, told for the first time. */
  readonly news: number;
  /** Accounts that moved. */
  readonly moved: number;
  readonly ends: Readonly<Partial<Record<Answer, number>>>;
  /** Rows of the list nobody has answered yet. */
  readonly open: number;
}

const labels = {
  reference: ['编号', '验证编号', '流水号'],
  account: ['账号', '账户', '银行账号', '卡号'],
  result: ['结果', '验证结果', '核验结果', '核对结果', '处理结果'],
  amount: ['到账金额', '收到金额'],
  reason: ['原因', '失败原因', '备注', '返回信息'],
} as const;
type Field = keyof typeof labels;

const plainLabel = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/\s/g, '')
    .replaceAll(/\(.*\)/g, '');

/** Negatives first: 不一致 holds 一致. */
const words: readonly (readonly [RegExp, Answer])[] = [
  [/户名.*(不符|不一致|不匹配|有误)|(不符|不一致|不匹配)$|姓名不符/, 'name-differs'],
  [/销户|不存在|无此|冻结|止付|挂失|停用|久悬|睡眠|未激活|账号有误|失败|不成功|退汇|未通过|异常/, 'closed'],
  [/未知|不明|没有结果|无结果|处理中|超时|待核/, 'unknown'],
  [/^(一致|相符|符合|正常|通过|成功|户名一致|户名相符|验证通过|核对一致|已到账|打款成功)$/, 'ok'],
];
const answerOf = (text: string): Answer | null => words.find(([pattern]) => pattern.test(text))?.[1] ?? null;

/** 户名不符 told as the reason of a 失败 is what it was. */
const resultOf = (result: string, reason: string): Answer | null => {
  const said = answerOf(result.normalize('NFKC').replaceAll(/\s/g, ''));
  return said === 'closed' && answerOf(reason) === 'name-differs' ? 'name-differs' : said;
};

interface Found {
  readonly line: number;
  readonly cell: (field: Field) => string;
}

const mostLines = 100_000;

/** Rows below the header that names a reference and a result. */
const rowsOf = async (content: Content): Promise<readonly Found[]> => {
  for (const table of await openBook(content)) {
    let columns: Readonly<Record<Field, number>> | null = null;
    const rows: Found[] = [];
    for await (const batch of table.rows())
      for (const { line, cells } of batch) {
        if (columns === null) {
          const plain = cells.map(plainLabel);
          const at = (field: Field): number => plain.findIndex((text) => (labels[field] as readonly string[]).includes(text));
          const found = {
            reference: at('reference'),
            account: at('account'),
            result: at('result'),
            amount: at('amount'),
            reason: at('reason'),
          };
          if (found.reference >= 0 && found.result >= 0) columns = found;
          continue;
        }
        const own = columns;
        const cell = (field: Field): string => (own[field] < 0 ? '' : (cells[own[field]] ?? '')).trim();
        if (
          cells.every((text) => text.trim() === '') ||
          (readReference(cell('reference')) === null && /合计|总计|共计/.test(cells.join('')))
        )
          continue;
        if (rows.push({ line, cell }) > mostLines) fail('limit.rows', '', `超过 ${mostLines} 行。`, '请按名单分开回。');
      }
    if (columns !== null) return rows;
  }
  return fail('input.check-file', '', '没有找到账户验证的表头。', `要有“编号”和“结果”两列；编号是名单里的，以 YZ 开头。`);
};

const mostProblems = 50;

/** Every row against the list: unknown and repeated references, another list's file, an account that is not the row's, words nobody knows. */
const readAnswers = (tx: Tx, list: CheckList, rows: readonly CheckRow[], found: readonly Found[]): readonly RowAnswer[] => {
  const problems: Problem[] = [];
  const wrong = (code: `input.${string}`, line: number, message: string, hint: string): void => {
    if (problems.length < mostProblems) problems.push(problem(code, `/${line}`, `第 ${line} 行：${message}`, hint));
  };
  const seen = new Map<number, number>();
  const said: RowAnswer[] = [];
  for (const { line, cell } of found) {
    const given = cell('reference');
    const reference = readReference(given);
    const row = reference === null || !isOfList(list.id, given) ? undefined : rows[reference.position - 1];
    if (row === undefined) {
      const known = reference !== null && !isOfList(list.id, given);
      wrong(
        known ? 'input.other-list' : 'input.reference',
        line,
        known ? '这个编号是另一份名单的。' : `名单里没有编号“${maskText(given, 24)}”。`,
        known ? '请选对名单再读入。' : '编号请照名单原样填，不能改动。',
      );
      continue;
    }
    const before = seen.get(row.position);
    if (before !== undefined) {
      wrong('input.repeat', line, `和第 ${before} 行是同一个编号。`, '每个账户只留一行结果。');
      continue;
    }
    seen.set(row.position, line);
    const number = plainCode(cell('account'));
    if (number !== '' && accountIndex(tx, number) !== row.accountIndex) {
      wrong('input.account-differs', line, '账号与名单里这个编号的不一致。', '可能错行了；请核对整份文件。');
      continue;
    }
    // Sent back as it left: nobody has answered yet.
    if (cell('result') === '') continue;
    const one = answerFor(list, row, line, cell);
    if ('code' in one) {
      if (problems.length < mostProblems) problems.push(one);
    } else said.push(one);
  }
  if (problems.length > 0) throw new ProblemError(problems);
  if (said.length === 0) fail('input.check-file', '', '文件里没有一行结果。', '在“结果”列填好后再读入。');
  return said;
};

const answerFor = (list: CheckList, row: CheckRow, line: number, cell: Found['cell']): RowAnswer | Problem => {
  const [result, reason, amount] = [cell('result'), cell('reason'), cell('amount')];
  const answer = resultOf(result, reason);
  const at = `/${line}`;
  if (answer === null)
    return problem(
      'input.answer',
      at,
      `第 ${line} 行：读不懂结果“${maskText(result, 20)}”。`,
      '写“一致”“户名不符”“账户不能用”这样的话，例如“已销户”“处理中”。',
    );
  const amountFen = amount === '' ? null : parseYuan(amount);
  if (amount !== '' && amountFen === null) return problem('input.amount', at, `第 ${line} 行：到账金额读不懂。`, '写作 0.37，单位元。');
  return judged(list, row, { answer, amountFen, line, words: [result, reason].filter((text) => text !== '').join('，') });
};

/** A small amount is verified by the amount itself. */
const judged = (
  list: CheckList,
  row: CheckRow,
  told: { readonly answer: Answer; readonly amountFen: bigint | null; readonly line: number | null; readonly words: string },
): RowAnswer | Problem => {
  const { answer, amountFen, line } = told;
  const said = { position: row.position, words: told.words === '' ? null : maskText(told.words, 100), amountFen, line };
  if (answer !== 'ok' || list.method === 'bank-file') return { ...said, answer };
  if (amountFen === null)
    return problem('input.amount', line === null ? '/got' : `/${line}`, '小额打款没有写到账金额。', '写收款人看到的金额，例如 0.37。');
  return { ...said, answer: amountFen === row.amountFen ? 'ok' : 'amount-differs' };
};

const apply = async (
  tx: Tx,
  list: CheckList,
  rows: readonly CheckRow[],
  said: readonly RowAnswer[],
  from: { readonly fileSha256: string | null; readonly actor: CheckActor; readonly at: Date },
): Promise<AnswerReport> => {
  const { actor, at, fileSha256 } = from;
  const news = await store.insertAnswers(tx, list.id, said, { fileSha256, by: actor.id, at });
  const ever = Map.groupBy(await store.answersOf(tx, list.id), (one) => one.position);
  const end = (position: number): Answer | null => endOf((ever.get(position) ?? []).map((one) => one.answer));
  const told = new Map(said.map((one) => [one.position, one]));
  const before = (position: number): Answer | null =>
    endOf((ever.get(position) ?? []).flatMap(({ answer }) => (answer === told.get(position)?.answer ? [] : [answer])));
  const moved = await moveChecks(
    tx,
    [...news].flatMap((position) => {
      const row = rows[position - 1];
      const final = end(position);
      // What was known to be no stays what it was: a yes after it is no new no about what was put right since.
      if (row === undefined || final === null || final === before(position)) return [];
      const line = told.get(position)?.line ?? null;
      const evidence = {
        list: list.id,
        row: String(position),
        answer: final,
        ...(fileSha256 === null ? { told: 'by-hand' } : { file: fileSha256, line: String(line ?? 0) }),
        ...(row.amountFen === null ? {} : { sentFen: String(row.amountFen) }),
      };
      const { accountIndex: index, subjectId } = row;
      return [{ accountIndex: index, subjectId, method: list.method, evidence, to: (use) => movedBy(final, use, list.id) }];
    }),
    { actor: actor.id, role: actor.role, at },
  );
  const ends: Partial<Record<Answer, number>> = {};
  let open = 0;
  for (const { position } of rows) {
    const final = end(position);
    if (final === null) open++;
    else ends[final] = (ends[final] ?? 0) + 1;
  }
  const report = { checkId: list.id, fileSha256, answered: said.length, news: news.size, moved, ends, open };
  if (news.size > 0)
    await audit(tx, {
      ...{ actor: actor.id, role: actor.role, action: 'account-check.answer', objectKind: 'account_check', objectId: list.id },
      ...{ after: { file: fileSha256, answered: said.length, news: news.size, moved, ends }, at },
    });
  return report;
};

const requireReleased = (list: CheckList): void => {
  if (list.state !== 'released')
    fail('state.check', list.id, `这份名单${listStates[list.state]}，还不会有结果。`, '放行并交给银行以后才有结果。');
};

/** Throws every finding of the file at once (`input.…`), or `state.check`, `missing.check`; then nothing is written. */
export const answerCheck = async (db: Db, id: string, content: Content, actor: CheckActor, at: Date): Promise<AnswerReport> => {
  const found = await rowsOf(content);
  const kept = await keepFile(db, content, at);
  return transaction(db, async (tx) => {
    const list = await lockedList(tx, id, actor.scope);
    requireReleased(list);
    const rows = await store.checkRows(tx, id);
    return apply(tx, list, rows, readAnswers(tx, list, rows, found), { fileSha256: kept.sha256, actor, at });
  });
};

export interface Told {
  readonly reference: string;
  /** small-amount: what the holder says arrived. */
  readonly gotFen: bigint | null;
  readonly answer: Exclude<Answer, 'amount-differs'>;
  readonly reason: string;
}

/** One account by hand, told by somebody who did not make the list. */
export const tellCheck = async (db: Db, told: Told, actor: CheckActor, at: Date): Promise<AnswerReport> => {
  const reference = readReference(told.reference);
  const id = reference === null ? null : await store.listNamed(db, reference.list);
  if (reference === null || id === null) return fail('input.reference', '/reference', '没有这个编号。', '编号在名单里，以 YZ 开头。');
  if (told.reason.trim().length < 2) fail('input.reason', '/reason', '没有写依据。', '例如：本人来电，报出的金额。');
  return transaction(db, async (tx) => {
    const list = await lockedList(tx, id, actor.scope);
    requireReleased(list);
    if (list.madeBy === actor.id)
      fail('scope.two-people', '', '名单是您做的，结果不能由您登记。', '请另一位财政人员登记，或读入银行的回单。');
    const rows = await store.checkRows(tx, id);
    const row = rows[reference.position - 1];
    if (row === undefined) return fail('input.reference', '/reference', '名单里没有这个编号。', '编号在名单里，以 YZ 开头。');
    const one = judged(list, row, { answer: told.answer, amountFen: told.gotFen, line: null, words: told.reason });
    if ('code' in one) throw new ProblemError([one]);
    return apply(tx, list, rows, [one], { fileSha256: null, actor, at });
  });
};
