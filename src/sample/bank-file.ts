// The answers of the made-up bank as the files real ones send back: ISO 20022 messages, tables with a header in UTF-8, GBK or a spreadsheet, lines with
// bars, lines of fixed width. Written from the banks' side: whoever reads them shares no code with this.
import { yuanText } from '../base/amount.ts';
import { encodeGb18030 } from '../sheet/gb18030.ts';
import { writeXlsx } from '../sheet/xlsx-write.ts';
import type { BankLine, BankSays } from './bank.ts';

export const answerKinds = ['pain.002', 'camt.053', 'camt.054', 'csv', 'gbk-csv', 'xlsx', 'bars', 'fixed'] as const;
export type AnswerKind = (typeof answerKinds)[number];

export interface AnswerFile {
  readonly extension: string;
  open(): AsyncIterable<Uint8Array>;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const statuses: Readonly<Record<BankSays, string>> = { accepted: 'ACSP', paid: 'ACSC', returned: 'RJCT', unknown: 'PDNG' };

const pain002 = (lines: readonly BankLine[], about: string): string => {
  const transaction = ({ endToEndId, says, amountFen, reason }: BankLine): string =>
    `<TxInfAndSts><OrgnlEndToEndId>${escaped(endToEndId)}</OrgnlEndToEndId><TxSts>${statuses[says]}</TxSts>${
      reason === null ? '' : `<StsRsnInf><Rsn><Cd>${reason.iso}</Cd></Rsn><AddtlInf>${escaped(reason.text)}</AddtlInf></StsRsnInf>`
    }<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">${yuanText(amountFen)}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`;
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>' +
    `<GrpHdr><MsgId>${escaped(about)}</MsgId><CreDtTm>2026-01-01T00:00:00</CreDtTm></GrpHdr>` +
    `<OrgnlGrpInfAndSts><OrgnlMsgId>${escaped(about)}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>` +
    `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${escaped(about)}-1</OrgnlPmtInfId>\n${lines.map(transaction).join('\n')}\n</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>\n`
  );
};

/** Money that left is a debit, money that came back a credit with its reason; what is open is not booked, and what was only taken is on no account. */
const camt = (lines: readonly BankLine[], about: string, kind: 'camt.053' | 'camt.054'): string => {
  const entry = ({ endToEndId, says, amountFen, reason }: BankLine): string => {
    const side = says === 'returned' ? 'CRDT' : 'DBIT';
    const amount = `<Amt Ccy="CNY">${yuanText(amountFen)}</Amt><CdtDbtInd>${side}</CdtDbtInd>`;
    const back = reason === null ? '' : `<RtrInf><Rsn><Cd>${reason.iso}</Cd></Rsn><AddtlInf>${escaped(reason.text)}</AddtlInf></RtrInf>`;
    return (
      `<Ntry>${amount}<Sts><Cd>${says === 'unknown' ? 'PDNG' : 'BOOK'}</Cd></Sts><BkTxCd/><NtryDtls><TxDtls>` +
      `<Refs><EndToEndId>${escaped(endToEndId)}</EndToEndId></Refs>${amount}${back}</TxDtls></NtryDtls></Ntry>`
    );
  };
  const [message, report] = kind === 'camt.053' ? ['BkToCstmrStmt', 'Stmt'] : ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'];
  const balance =
    kind === 'camt.053'
      ? '<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-01-01</Dt></Dt></Bal>'
      : '';
  const entries = lines.filter((one) => one.says !== 'accepted').map(entry);
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:${kind}.001.08"><${message}>` +
    `<GrpHdr><MsgId>${escaped(about)}</MsgId><CreDtTm>2026-01-01T00:00:00</CreDtTm></GrpHdr>` +
    `<${report}><Id>${escaped(about)}</Id><Acct><Id><Othr><Id>1</Id></Othr></Id></Acct>${balance}\n${entries.join('\n')}\n</${report}></${message}></Document>\n`
  );
};

const header = ['流水号', '处理结果', '金额', '失败原因'];
const words: Readonly<Record<BankSays, string>> = { accepted: '已受理', paid: '成功', returned: '退汇', unknown: '处理中' };
const cells = ({ endToEndId, says, amountFen, reason }: BankLine): string[] => [
  endToEndId,
  words[says],
  yuanText(amountFen),
  reason?.text ?? '',
];
const csv = (lines: readonly BankLine[]): string => [header, ...lines.map(cells)].map((row) => `${row.join(',')}\r\n`).join('');

const letters: Readonly<Record<BankSays, string>> = { accepted: 'A', paid: 'S', returned: 'F', unknown: 'P' };
const bars = (lines: readonly BankLine[], about: string): string =>
  `HZ|${about}|${lines.length}\r\n${lines.map((one) => `${one.endToEndId}|${letters[one.says]}|${one.amountFen}|${one.reason?.text ?? ''}\r\n`).join('')}`;

const codes: Readonly<Record<BankSays, string>> = { accepted: '0001', paid: '0000', returned: '3008', unknown: '9999' };
/** Of fixed width in bytes of GBK: 35 the reference, 4 the code, 15 the amount in 分 to the right, 40 the reason. */
const fixed = (lines: readonly BankLine[], about: string): string => {
  const padded = (text: string): string => text + ' '.repeat(Math.max(0, 40 - encodeGb18030(text).length));
  return `HZ${about}\r\n${lines
    .map(
      (one) => `${one.endToEndId.padEnd(35)}${codes[one.says]}${String(one.amountFen).padStart(15)}${padded(one.reason?.text ?? '')}\r\n`,
    )
    .join('')}`;
};

const bytes = (extension: string, content: Uint8Array): AnswerFile => ({
  extension,
  open: async function* () {
    yield content;
  },
});

/** `about`: the payment file's number. */
export const answerFile = (kind: AnswerKind, lines: readonly BankLine[], about: string): AnswerFile => {
  switch (kind) {
    case 'pain.002':
      return bytes('xml', Buffer.from(pain002(lines, about)));
    case 'camt.053':
    case 'camt.054':
      return bytes('xml', Buffer.from(camt(lines, about, kind)));
    case 'csv':
      return bytes('csv', Buffer.from(csv(lines)));
    case 'gbk-csv':
      return bytes('csv', encodeGb18030(csv(lines)));
    case 'bars':
      return bytes('txt', Buffer.from(bars(lines, about)));
    case 'fixed':
      return bytes('txt', encodeGb18030(fixed(lines, about)));
    case 'xlsx':
      return { extension: 'xlsx', open: () => writeXlsx([{ name: '回盘', header, rows: lines.map(cells) }]) };
  }
};
