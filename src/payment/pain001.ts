// ISO 20022 pain.001.001.09, Customer Credit Transfer Initiation: one group, one payment information block, a transaction per line. Written as a stream,
// valid against the XSD; read back with a streaming parser that knows nothing of the writer. https://www.iso20022.org

import { parseYuan, yuanText } from '../base/amount.ts';
import { hasInvisible } from '../base/invisible.ts';
import { fail } from '../base/problem.ts';
import type { Format, PaymentHead, PaymentOrder } from './format.ts';
import { type Fields, xmlRecords } from './xml-records.ts';

const namespace = 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09';
const pieceSize = 1 << 15;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

// biome-ignore lint/suspicious/noControlCharactersInRegex: characters XML cannot carry are looked for
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

const check = (order: PaymentOrder): readonly string[] => {
  const problems: string[] = [];
  if (unfit.test(order.payeeName) || unfit.test(order.statementText)) problems.push('户名或附言里有不能写入报文的字符');
  if (hasInvisible(order.payeeName) || hasInvisible(order.statementText)) problems.push('户名或附言里有看不见的字符');
  if (order.payeeName !== order.payeeName.trim() || order.statementText !== order.statementText.trim())
    problems.push('户名或附言前后有空格');
  if ([...order.payeeName].length > 140) problems.push('户名超过 140 字');
  if ([...order.statementText].length > 140) problems.push('附言超过 140 字');
  if (!/^[0-9A-Za-z-]{1,34}$/.test(order.account)) problems.push('账号超过 34 位或有别的字符');
  if (!/^\d{12}$/.test(order.bankCode)) problems.push('缺 12 位联行号');
  return problems;
};

/** Time without zone, Asia/Shanghai: eight hours ahead of UTC since 1991. */
const localTime = (at: Date): string => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 19);

const agent = (tag: string, code: string, name: string): string =>
  `<${tag}><FinInstnId><ClrSysMmbId><ClrSysId><Cd>CNAPS</Cd></ClrSysId><MmbId>${escaped(code)}</MmbId></ClrSysMmbId>${name === '' ? '' : `<Nm>${escaped(name)}</Nm>`}</FinInstnId></${tag}>`;
const account = (tag: string, number: string): string => `<${tag}><Id><Othr><Id>${escaped(number)}</Id></Othr></Id><Ccy>CNY</Ccy></${tag}>`;

const headXml = (head: PaymentHead): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="${namespace}"><CstmrCdtTrfInitn>` +
  `<GrpHdr><MsgId>${escaped(head.number)}</MsgId><CreDtTm>${localTime(head.createdAt)}</CreDtTm><NbOfTxs>${head.lines}</NbOfTxs>` +
  `<CtrlSum>${yuanText(head.totalFen)}</CtrlSum><InitgPty><Nm>${escaped(head.payerName)}</Nm></InitgPty></GrpHdr>` +
  `<PmtInf><PmtInfId>${escaped(head.number)}-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>false</BtchBookg><NbOfTxs>${head.lines}</NbOfTxs>` +
  `<CtrlSum>${yuanText(head.totalFen)}</CtrlSum><ReqdExctnDt><Dt>${head.payOn}</Dt></ReqdExctnDt>` +
  `<Dbtr><Nm>${escaped(head.payerName)}</Nm></Dbtr>${account('DbtrAcct', head.payerAccount)}${agent('DbtrAgt', head.payerBankCode, head.payerBank)}` +
  `<InstrForDbtrAgt>${escaped([...`${head.document} ${head.projectCode} ${head.subjectCode}`].slice(0, 140).join(''))}</InstrForDbtrAgt>`;

const orderXml = (order: PaymentOrder): string =>
  `\n<CdtTrfTxInf><PmtId><EndToEndId>${order.endToEndId}</EndToEndId></PmtId><Amt><InstdAmt Ccy="CNY">${yuanText(order.amountFen)}</InstdAmt></Amt>` +
  `${agent('CdtrAgt', order.bankCode, order.bank)}<Cdtr><Nm>${escaped(order.payeeName)}</Nm></Cdtr>${account('CdtrAcct', order.account)}` +
  `<RmtInf><Ustrd>${escaped(order.statementText)}</Ustrd></RmtInf></CdtTrfTxInf>`;

async function* write(head: PaymentHead, orders: AsyncIterable<PaymentOrder> | Iterable<PaymentOrder>): AsyncGenerator<Uint8Array> {
  let text = headXml(head);
  for await (const order of orders) {
    text += orderXml(order);
    if (text.length < pieceSize) continue;
    yield Buffer.from(text);
    text = '';
  }
  yield Buffer.from(`${text}\n</PmtInf></CstmrCdtTrfInitn></Document>\n`);
}

const wrong = (message: string): never => fail('input.payment-file', '', message, '不要改动系统生成的报盘文件；请重新生成。');

const orderOf = (fields: Fields): PaymentOrder => {
  const text = (name: string): string => fields.get(name) ?? '';
  return {
    endToEndId: text('PmtId/EndToEndId'),
    payeeName: text('Cdtr/Nm'),
    account: text('CdtrAcct/Id/Othr/Id'),
    bank: text('CdtrAgt/FinInstnId/Nm'),
    bankCode: text('CdtrAgt/FinInstnId/ClrSysMmbId/MmbId'),
    amountFen: parseYuan(text('Amt/InstdAmt')) ?? wrong('金额读不懂。'),
    statementText: text('RmtInf/Ustrd'),
  };
};

const read: Format['read'] = async (bytes, visit) => {
  const head = await xmlRecords(bytes, 'CdtTrfTxInf', (fields) => visit(orderOf(fields)));
  const lines = Number(head.get('GrpHdr/NbOfTxs') ?? wrong('报文没有写笔数。'));
  const totalFen = parseYuan(head.get('GrpHdr/CtrlSum') ?? '') ?? wrong('报文没有写合计。');
  return { lines, totalFen };
};

export const pain001: Format = {
  id: 'pain.001',
  title: 'ISO 20022 付款指令（pain.001.001.09）',
  extension: 'xml',
  maxLines: 100_000,
  check,
  write,
  read,
};
