// Bank and treasury templates as data: columns, encoding, order, separators or fixed widths, a head line. A new bank is a new entry here, no code.
// Names are made up; layouts are the kinds that agent banks and treasuries hand out.

export type Field = 'position' | 'endToEndId' | 'payeeName' | 'account' | 'bank' | 'bankCode' | 'yuan' | 'fen' | 'statementText';
export type HeadField =
  | 'number'
  | 'payOn'
  | 'payerName'
  | 'payerAccount'
  | 'lines'
  | 'totalYuan'
  | 'totalFen'
  | 'document'
  | 'projectCode'
  | 'subjectCode';

interface Column {
  readonly header: string;
  readonly field: Field;
  /** Most characters; of fixed-width files the bytes the column takes. */
  readonly width: number;
  readonly right?: boolean;
}

export interface Template {
  readonly id: string;
  readonly title: string;
  readonly encoding: 'utf-8' | 'gbk';
  readonly extension: 'csv' | 'txt';
  /** null: fixed width. */
  readonly separator: ',' | '|' | '\t' | null;
  /** First line, fields joined by the separator (fixed width: by `|`). Every template tells how many lines and how much. */
  readonly head: readonly HeadField[];
  readonly headerRow: boolean;
  readonly columns: readonly Column[];
  readonly maxLines: number;
}

export const bankTemplates: readonly Template[] = [
  {
    id: 'agent-csv',
    title: '代理银行批量代发（CSV，UTF-8）',
    encoding: 'utf-8',
    extension: 'csv',
    separator: ',',
    head: ['number', 'payOn', 'payerAccount', 'lines', 'totalYuan'],
    headerRow: true,
    columns: [
      { header: '序号', field: 'position', width: 8 },
      { header: '户名', field: 'payeeName', width: 60 },
      { header: '账号', field: 'account', width: 34 },
      { header: '开户行', field: 'bank', width: 60 },
      { header: '联行号', field: 'bankCode', width: 12 },
      { header: '金额', field: 'yuan', width: 18 },
      { header: '摘要', field: 'statementText', width: 20 },
      { header: '流水号', field: 'endToEndId', width: 35 },
    ],
    maxLines: 100_000,
  },
  {
    id: 'rural-gbk-csv',
    title: '农村商业银行代发（CSV，GBK）',
    encoding: 'gbk',
    extension: 'csv',
    separator: ',',
    head: ['payOn', 'lines', 'totalYuan', 'number'],
    headerRow: false,
    columns: [
      { header: '账号', field: 'account', width: 32 },
      { header: '户名', field: 'payeeName', width: 30 },
      { header: '金额', field: 'yuan', width: 15 },
      { header: '开户行', field: 'bank', width: 60 },
      { header: '联行号', field: 'bankCode', width: 12 },
      { header: '用途', field: 'statementText', width: 20 },
      { header: '流水号', field: 'endToEndId', width: 35 },
    ],
    maxLines: 20_000,
  },
  {
    id: 'treasury-pipe',
    title: '国库直接支付明细（竖线分隔，UTF-8）',
    encoding: 'utf-8',
    extension: 'txt',
    separator: '|',
    head: ['number', 'document', 'projectCode', 'subjectCode', 'payerAccount', 'payOn', 'lines', 'totalFen'],
    headerRow: false,
    columns: [
      { header: '流水号', field: 'endToEndId', width: 35 },
      { header: '收款人', field: 'payeeName', width: 60 },
      { header: '账号', field: 'account', width: 34 },
      { header: '联行号', field: 'bankCode', width: 12 },
      { header: '开户行', field: 'bank', width: 60 },
      { header: '金额（分）', field: 'fen', width: 18 },
      { header: '附言', field: 'statementText', width: 20 },
    ],
    maxLines: 100_000,
  },
  {
    id: 'city-fixed',
    title: '城市商业银行代发（定长，GBK）',
    encoding: 'gbk',
    extension: 'txt',
    separator: null,
    head: ['number', 'payOn', 'lines', 'totalFen'],
    headerRow: false,
    columns: [
      { header: '流水号', field: 'endToEndId', width: 35 },
      { header: '账号', field: 'account', width: 32 },
      { header: '户名', field: 'payeeName', width: 60 },
      { header: '联行号', field: 'bankCode', width: 12 },
      { header: '开户行', field: 'bank', width: 60 },
      { header: '金额（分）', field: 'fen', width: 15, right: true },
      { header: '附言', field: 'statementText', width: 40 },
    ],
    maxLines: 50_000,
  },
];

/** How a bank answers by a template of its own; banks that send a table with a header need none (`result-file.ts` knows the words). */
export interface AnswerTemplate {
  readonly id: string;
  readonly title: string;
  readonly encoding: 'utf-8' | 'gbk';
  /** null: fixed width, in bytes. */
  readonly separator: '|' | null;
  /** What the first line begins with; it is no payment. */
  readonly head: string;
  readonly columns: readonly { readonly field: 'endToEndId' | 'status' | 'fen' | 'reason'; readonly width: number }[];
  /** The bank's codes; any other is not known, and nobody pays it again. */
  readonly statuses: Readonly<Record<string, 'accepted' | 'paid' | 'returned' | 'unknown'>>;
}

const failures = Array.from({ length: 1_000 }, (_, i) => String(3_000 + i));

export const answerTemplates: readonly AnswerTemplate[] = [
  {
    id: 'treasury-pipe',
    title: '国库直接支付回单（竖线分隔，UTF-8）',
    encoding: 'utf-8',
    separator: '|',
    head: 'HZ|',
    columns: [
      { field: 'endToEndId', width: 35 },
      { field: 'status', width: 1 },
      { field: 'fen', width: 18 },
      { field: 'reason', width: 100 },
    ],
    statuses: { A: 'accepted', S: 'paid', F: 'returned', P: 'unknown' },
  },
  {
    id: 'city-fixed',
    title: '城市商业银行代发回盘（定长，GBK）',
    encoding: 'gbk',
    separator: null,
    head: 'HZPB',
    columns: [
      { field: 'endToEndId', width: 35 },
      { field: 'status', width: 4 },
      { field: 'fen', width: 15 },
      { field: 'reason', width: 40 },
    ],
    // Codes of the 3000s are failures, the reason in words beside them.
    statuses: {
      '0000': 'paid',
      '0001': 'accepted',
      '9999': 'unknown',
      ...Object.fromEntries(failures.map((code) => [code, 'returned' as const])),
    },
  },
];
