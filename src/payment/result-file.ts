// Result files 回盘 into words: pain.002 (what became of orders), camt.053 and camt.054 (what moved on the account), and the tables banks hand back. The kind
// is seen from the content; what a status means is one table; anything unclear becomes `unknown`, which nobody pays again.
import { parseYuan } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import { openBook } from '../sheet/book.ts';
import { type Content, headOf } from '../sheet/content.ts';
import { answerWords, tooManyWords } from './answer.ts';
import { answerTemplates } from './bank-templates.ts';
import type { BankWord } from './result.ts';
import { type Fields, xmlRecords } from './xml-records.ts';

export interface ReadResult {
  /** `table`, an ISO message, or the id of a bank's own template. */
  readonly format: string;
  readonly words: readonly BankWord[];
}

const mostWords = 500_000;

/** ExternalPaymentTransactionStatus1Code → what we make of it; whatever else a bank says is unknown, never paid. */
const statuses: Readonly<Record<string, BankWord['kind']>> = {
  ACCC: 'paid',
  ACSC: 'paid',
  ACCP: 'accepted',
  ACSP: 'accepted',
  ACTC: 'accepted',
  ACWC: 'accepted',
  PART: 'unknown',
  PDNG: 'unknown',
  RCVD: 'accepted',
  RJCT: 'returned',
};

const fenOf = (text: string | undefined): bigint | null => (text === undefined ? null : parseYuan(text));

const paidWord = (fields: Fields, position: number, group: string | undefined): BankWord => ({
  position,
  endToEndId: fields.get('OrgnlEndToEndId') ?? '',
  kind: statuses[fields.get('TxSts') ?? group ?? ''] ?? 'unknown',
  amountFen: fenOf(fields.get('OrgnlTxRef/Amt/InstdAmt') ?? fields.get('OrgnlTxRef/IntrBkSttlmAmt')),
  code: fields.get('StsRsnInf/Rsn/Cd') ?? fields.get('StsRsnInf/Rsn/Prtry') ?? null,
  text: fields.get('StsRsnInf/AddtlInf') ?? null,
});

/** A debit of the payer's account has left; a credit with a return reason, or a reversal, has come back. An entry not booked yet says nothing sure. */
const bookedWord = (fields: Fields, around: Fields, position: number, entry: string): BankWord => {
  const own = (name: string): string | undefined => fields.get(name);
  const outer = (name: string): string | undefined => around.get(`${entry}/${name}`);
  const side = own('CdtDbtInd') ?? outer('CdtDbtInd');
  const reason = own('RtrInf/Rsn/Cd') ?? own('RtrInf/Rsn/Prtry') ?? null;
  const booked = (outer('Sts/Cd') ?? outer('Sts')) === 'BOOK';
  const back = side === 'CRDT' || reason !== null || outer('RvslInd') === 'true';
  return {
    position,
    endToEndId: own('Refs/EndToEndId') ?? '',
    kind: !booked ? 'unknown' : back ? 'returned' : 'paid',
    amountFen: fenOf(own('Amt') ?? own('AmtDtls/TxAmt/Amt')),
    code: reason,
    text: own('RtrInf/AddtlInf') ?? own('AddtlTxInf') ?? null,
  };
};

const tooMany = (): never => tooManyWords(mostWords);

/** Reads the file by what it is. Throws ProblemError (`import.…`, `input.result-file`) for what is none, broken, or too large. */
export const readResultFile = async (content: Content): Promise<ReadResult> => {
  const head = (await headOf(content, 4_096)).toString('latin1').replace(/^\xef\xbb\xbf/, '');
  const template = answerTemplates.find((one) => head.startsWith(one.head));
  if (template !== undefined) return { format: template.id, words: await answerWords(template, content, mostWords) };
  if (!head.trimStart().startsWith('<')) return { format: 'table', words: await tableWords(content) };
  const words: BankWord[] = [];
  const add = (word: BankWord): void => {
    if (words.push(word) > mostWords) tooMany();
  };
  if (head.includes('pain.002')) {
    await xmlRecords(content.open(), 'TxInfAndSts', (fields, around) =>
      add(paidWord(fields, words.length + 1, around.get('OrgnlPmtInfAndSts/PmtInfSts') ?? around.get('OrgnlGrpInfAndSts/GrpSts'))),
    );
    return { format: 'pain.002', words };
  }
  for (const [format, root] of [
    ['camt.053', 'Stmt'],
    ['camt.054', 'Ntfctn'],
  ] as const) {
    if (!head.includes(format)) continue;
    await xmlRecords(content.open(), 'TxDtls', (fields, around) => add(bookedWord(fields, around, words.length + 1, `${root}/Ntry`)));
    return { format, words };
  }
  return fail('input.result-file', '', '这份 XML 不是认得的回盘报文。', '认得 pain.002、camt.053、camt.054 和银行的回盘表格。');
};

/** What tables call their columns. */
const labels = {
  reference: ['流水号', '端到端流水号', '业务流水号', '交易流水号', '客户流水号'],
  status: ['处理结果', '处理状态', '状态', '结果', '交易状态'],
  amount: ['金额', '交易金额', '发放金额', '金额（元）'],
  reason: ['失败原因', '退汇原因', '原因', '备注', '返回信息'],
} as const;

const said: readonly (readonly [RegExp, BankWord['kind']])[] = [
  [/退汇|失败|拒绝|不成功|已退/, 'returned'],
  [/处理中|未知|不明|待处理|可疑|超时/, 'unknown'],
  [/受理|已接收|已提交/, 'accepted'],
  [/成功|已到账|已入账|已付/, 'paid'],
];

const columnOf = (header: readonly string[], names: readonly string[]): number =>
  header.findIndex((text) => names.includes(text.normalize('NFKC').replaceAll(/\s/g, '').replaceAll('(', '（').replaceAll(')', '）')));

const tableWords = async (content: Content): Promise<readonly BankWord[]> => {
  for (const table of await openBook(content)) {
    const words: BankWord[] = [];
    let columns: Readonly<Record<keyof typeof labels, number>> | null = null;
    for await (const batch of table.rows())
      for (const { line, cells } of batch) {
        if (columns === null) {
          const found = {
            reference: columnOf(cells, labels.reference),
            status: columnOf(cells, labels.status),
            amount: columnOf(cells, labels.amount),
            reason: columnOf(cells, labels.reason),
          };
          if (found.reference >= 0 && found.status >= 0) columns = found;
          continue;
        }
        const cell = (index: number): string => (cells[index] ?? '').trim();
        const reference = cell(columns.reference);
        if (reference === '' || /合计|总计/.test(cells.join(''))) continue;
        if (words.push(tableWord(line, reference, cell(columns.status), cell(columns.amount), cell(columns.reason))) > mostWords) tooMany();
      }
    if (columns !== null) return words;
  }
  return fail('input.result-file', '', '没有找到回盘的表头。', `要有“${labels.reference[0]}”和“${labels.status[0]}”两列。`);
};

const tableWord = (position: number, endToEndId: string, status: string, amount: string, reason: string): BankWord => ({
  position,
  endToEndId,
  kind: said.find(([words]) => words.test(status))?.[1] ?? 'unknown',
  amountFen: amount === '' ? null : parseYuan(amount),
  code: null,
  text: reason === '' ? (status === '' ? null : status) : reason,
});
