// Result files into words: ISO messages that are valid against their schemas, tables as banks hand them back, and files that are none of it.
import { existsSync, readFileSync } from 'node:fs';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { returnReasonOf } from '../../src/payment/reason.ts';
import { readResultFile } from '../../src/payment/result-file.ts';
import { bytesContent } from '../../src/sheet/content.ts';
import { writeXlsx } from '../../src/sheet/xlsx-write.ts';

const read = (text: string | Uint8Array) => readResultFile(bytesContent(typeof text === 'string' ? Buffer.from(text) : text));
const schemaOf = (name: string) => new URL(`../../../shared/iso20022/${name}.xsd`, import.meta.url);
const there = existsSync(schemaOf('pain.002.001.10'));
if (!there && process.env.CI) throw new Error('iso20022 schemas are missing under CI');

const mustBeValid = (name: string, text: string): void => {
  if (!there) return;
  const schema = XmlDocument.fromBuffer(readFileSync(schemaOf(name)));
  const validator = XsdValidator.fromDoc(schema);
  const document = XmlDocument.fromString(text);
  try {
    validator.validate(document);
  } finally {
    document.dispose();
    validator.dispose();
    schema.dispose();
  }
};

const transaction = (id: string, status: string, reason = '') =>
  `<TxInfAndSts><OrgnlEndToEndId>${id}</OrgnlEndToEndId><TxSts>${status}</TxSts>${reason}<OrgnlTxRef><Amt><InstdAmt Ccy="CNY">60.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`;
const pain002 = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-04-20T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>PB1</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>PB1-1</OrgnlPmtInfId>${body}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;

describe('pain.002', () => {
  it('says of each order what became of it', async () => {
    const text = pain002(
      transaction('E1', 'ACCC') +
        transaction('E2', 'RJCT', '<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>已销户</AddtlInf></StsRsnInf>') +
        transaction('E3', 'PDNG') +
        transaction('E4', 'ACSP'),
    );
    mustBeValid('pain.002.001.10', text);
    const { format, words } = await read(text);
    expect(format).toBe('pain.002');
    expect(words.map((w) => [w.position, w.endToEndId, w.kind, w.amountFen, w.code])).toEqual([
      [1, 'E1', 'paid', 6_000n, null],
      [2, 'E2', 'returned', 6_000n, 'AC04'],
      [3, 'E3', 'unknown', 6_000n, null],
      [4, 'E4', 'accepted', 6_000n, null],
    ]);
  });

  it('never takes a status nobody knows for paid', async () => {
    expect((await read(pain002(transaction('E1', 'XYZ1')))).words[0]?.kind).toBe('unknown');
  });
});

const entry = (side: string, status: string, details: string) =>
  `<Ntry><Amt Ccy="CNY">60.00</Amt><CdtDbtInd>${side}</CdtDbtInd><Sts><Cd>${status}</Cd></Sts><BkTxCd/><NtryDtls>${details}</NtryDtls></Ntry>`;
const details = (id: string, more = '') => `<TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs><Amt Ccy="CNY">60.00</Amt>${more}</TxDtls>`;
const camt054 = (body: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>N1</MsgId><CreDtTm>2026-04-20T10:00:00</CreDtTm></GrpHdr><Ntfctn><Id>N1</Id><Acct><Id><Othr><Id>6200000000000001</Id></Othr></Id></Acct>${body}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>`;

describe('camt.054', () => {
  it('knows what has left, what has come back, and what is not booked yet', async () => {
    const text = camt054(
      entry('DBIT', 'BOOK', details('E1')) +
        entry('CRDT', 'BOOK', details('E2', '<RtrInf><Rsn><Cd>BE01</Cd></Rsn><AddtlInf>户名不符</AddtlInf></RtrInf>')) +
        entry('DBIT', 'PDNG', details('E3')) +
        entry('DBIT', 'BOOK', details('E4')),
    );
    mustBeValid('camt.054.001.08', text);
    const { format, words } = await read(text);
    expect(format).toBe('camt.054');
    expect(words.map((w) => [w.endToEndId, w.kind, w.code])).toEqual([
      ['E1', 'paid', null],
      ['E2', 'returned', 'BE01'],
      ['E3', 'unknown', null],
      ['E4', 'paid', null],
    ]);
  });
});

describe("a bank's table", () => {
  const rows = [
    ['E1', '60.00', '成功', ''],
    ['E2', '60.00', '退汇', '户名不符'],
    ['E3', '60.00', '处理中', ''],
    ['E4', '60.00', '莫名', ''],
  ];
  const expected = ['E1 paid', 'E2 returned', 'E3 unknown', 'E4 unknown'];

  it('is read from text and from a workbook, under titles and above totals', async () => {
    const csv = `批量代发回盘\n流水号,金额,处理结果,失败原因\n${rows.map((row) => row.join(',')).join('\n')}\n合计,240.00,,\n`;
    expect((await read(csv)).words.map((w) => `${w.endToEndId} ${w.kind}`)).toEqual(expected);
    const pieces: Uint8Array[] = [];
    const sheets = [{ name: '回盘', header: ['流水号', '金额', '处理结果', '失败原因'], rows }];
    for await (const piece of writeXlsx(sheets)) pieces.push(piece);
    expect((await read(Buffer.concat(pieces))).words.map((w) => `${w.endToEndId} ${w.kind}`)).toEqual(expected);
  });
});

describe('files that are none', () => {
  it.each([
    ['a document type', pain002('').replace('?><Document', '?><!DOCTYPE x [<!ENTITY a "aaaa">]><Document')],
    ['a cut message', pain002(transaction('E1', 'ACCC')).slice(0, 400)],
    ['another message', '<?xml version="1.0"?><Document xmlns="urn:other"><a/></Document>'],
    ['a table without references', '姓名,金额\n张三,60\n'],
    ['a picture', '\u0089PNG\r\n'],
    ['nothing', ''],
  ])('%s', async (_what, text) => {
    await expect(read(text)).rejects.toThrow(/^(?:import|input)\./);
  });
});

describe('reasons', () => {
  it('are known by code or by words, and what nobody knows is kept as other', () => {
    expect(returnReasonOf('AC04', null).code).toBe('closed');
    expect(returnReasonOf(null, '社保卡金融功能未激活').code).toBe('not-active');
    expect(returnReasonOf('ZZ99', '天知道').code).toBe('other');
  });
});
