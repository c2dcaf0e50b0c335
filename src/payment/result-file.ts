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

const titles: Readonly<Record<string, string>> = {
  table: '银行的回盘表格',
  'pain.002': '付款回执（pain.002）',
  'camt.053': '账户对账单（camt.053）',
  'camt.054': '收付通知（camt.054）',
};
/** How a person calls the format of a result file. */
export const resultTitle = (format: string): string => titles[format] ?? answerTemplates.find((one) => one.id === format)?.title ?? format;

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

/** An amount that is told and cannot be read, or is not our money, says so: it is never taken for none told. */
const amountOf = (text: string | undefined, currency?: string): { readonly amountFen: bigint | null; readonly odd?: string } => {
  const told = (text ?? '').normalize('NFKC').replaceAll(/\s|^[¥]|元$/g, '');
  if (currency !== undefined && currency !== 'CNY') return { amountFen: null, odd: `币种是 ${currency.slice(0, 8)}，不是人民币。` };
  if (told === '') return { amountFen: null };
  const amountFen = parseYuan(told);
  return amountFen === null ? { amountFen, odd: '金额读不懂。' } : { amountFen };
};

/** The first of these fields that is told, as an amount. */
const amountIn = (fields: Fields, ...names: readonly string[]) => {
  const name = names.find((one) => fields.has(one));
  return name === undefined ? { amountFen: null } : amountOf(fields.get(name), fields.get(`${name}@Ccy`));
};

const paidWord = (fields: Fields, position: number, group: string | undefined): BankWord => ({
  position,
  endToEndId: fields.get('OrgnlEndToEndId') ?? '',
  kind: statuses[fields.get('TxSts') ?? group ?? ''] ?? 'unknown',
  ...amountIn(fields, 'OrgnlTxRef/Amt/InstdAmt', 'OrgnlTxRef/IntrBkSttlmAmt'),
  code: fields.get('StsRsnInf/Rsn/Cd') ?? fields.get('StsRsnInf/Rsn/Prtry') ?? null,
  text: fields.get('StsRsnInf/AddtlInf') ?? null,
});

/** A status of a whole order or message without its payments: which of them it means, a person must find out. */
const wholeWord = (reference: string | undefined, status: string, position: number): BankWord => ({
  position,
  endToEndId: reference ?? '',
  kind: statuses[status] ?? 'unknown',
  amountFen: null,
  code: null,
  text: null,
  odd: '银行只答复了整批，没有逐笔的结果。',
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
    ...amountIn(fields, 'Amt', 'AmtDtls/TxAmt/Amt'),
    code: reason,
    text: own('RtrInf/AddtlInf') ?? own('AddtlTxInf') ?? null,
  };
};

/** An entry of the account that names no payment. */
const entryWord = (around: Fields, position: number, entry: string): BankWord => ({
  ...bookedWord(new Map(), around, position, entry),
  endToEndId: around.get(`${entry}/AcctSvcrRef`) ?? around.get(`${entry}/NtryRef`) ?? '',
  amountFen: amountIn(around, `${entry}/Amt`).amountFen,
  odd: '这一条进出账没有付款明细。',
});

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
    const told = await xmlRecords(
      content.open(),
      'TxInfAndSts',
      (fields, around) =>
        add(paidWord(fields, words.length + 1, around.get('OrgnlPmtInfAndSts/PmtInfSts') ?? around.get('OrgnlGrpInfAndSts/GrpSts'))),
      {
        tag: 'OrgnlPmtInfAndSts',
        visit: (around) => {
          const status = around.get('OrgnlPmtInfAndSts/PmtInfSts');
          if (status !== undefined) add(wholeWord(around.get('OrgnlPmtInfAndSts/OrgnlPmtInfId'), status, words.length + 1));
        },
      },
    );
    const status = told.get('OrgnlGrpInfAndSts/GrpSts');
    if (words.length === 0 && status !== undefined) add(wholeWord(told.get('OrgnlGrpInfAndSts/OrgnlMsgId'), status, 1));
    return { format: 'pain.002', words };
  }
  for (const [format, root] of [
    ['camt.053', 'Stmt'],
    ['camt.054', 'Ntfctn'],
  ] as const) {
    if (!head.includes(format)) continue;
    await xmlRecords(content.open(), 'TxDtls', (fields, around) => add(bookedWord(fields, around, words.length + 1, `${root}/Ntry`)), {
      tag: 'Ntry',
      visit: (around) => add(entryWord(around, words.length + 1, `${root}/Ntry`)),
    });
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

/** Words of doubt: whoever writes one of them beside a result has not said that it is one. */
const doubt = /[未没尚待疑?？]|部分|退汇(?:失败|不成功)|(?:付款|支付|交易|退汇|处理)中/;

/** What a table's status means. Paid and returned move money, so each must be said plainly; everything else is unknown, which nobody pays again. */
const kindSaid = (status: string): BankWord['kind'] => {
  const text = status.normalize('NFKC').replaceAll(/\s/g, '');
  if (doubt.test(text)) return 'unknown';
  if (/退汇|失败|拒绝|不成功|已退/.test(text)) return 'returned';
  if (/处理中|未知|不明|可疑|超时/.test(text)) return 'unknown';
  if (/受理|已接收|已提交/.test(text)) return 'accepted';
  return /成功|已到账|已入账|已付/.test(text) && !/[不无非否冲撤止停误]/.test(text) ? 'paid' : 'unknown';
};

const columnOf = (header: readonly string[], names: readonly string[]): number =>
  header.findIndex((text) => names.includes(text.normalize('NFKC').replaceAll(/\s/g, '').replaceAll('(', '（').replaceAll(')', '）')));

const tableWords = async (content: Content): Promise<readonly BankWord[]> => {
  // Banks put what went through on one sheet and what did not on the next: every sheet with such a header is read, its lines counted on from the last's.
  const words: BankWord[] = [];
  let headers = 0;
  for (const table of await openBook(content)) {
    const before = words.at(-1)?.position ?? 0;
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
          if (found.reference >= 0 && found.status >= 0) {
            columns = found;
            headers += 1;
          }
          continue;
        }
        const cell = (index: number): string => (cells[index] ?? '').trim();
        const reference = cell(columns.reference);
        if (isNoWord(cells, reference)) continue;
        if (words.push(tableWord(before + line, reference, cell(columns.status), cell(columns.amount), cell(columns.reason))) > mostWords)
          tooMany();
      }
  }
  if (headers > 0) return words;
  return fail('input.result-file', '', '没有找到回盘的表头。', `要有“${labels.reference[0]}”和“${labels.status[0]}”两列。`);
};

/** A blank row, or one that adds up: the row of a sum begins with its name, whatever the columns. A reason that speaks of sums does not. */
const isNoWord = (cells: readonly string[], reference: string): boolean => {
  const first = cells.find((cell) => cell.trim() !== '')?.trim();
  return first === undefined || (/^(?:合计|总计|小计|共计)/.test(first) && (reference === '' || reference === first));
};

const tableWord = (position: number, endToEndId: string, status: string, amount: string, reason: string): BankWord => ({
  position,
  endToEndId,
  kind: kindSaid(status),
  ...amountOf(amount),
  ...(endToEndId === '' ? { odd: '这一行没有流水号。' } : {}),
  code: null,
  text: reason === '' ? (status === '' ? null : status) : reason,
});
