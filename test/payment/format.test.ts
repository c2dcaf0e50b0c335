// Every payment format: what is written is read back the same, by other code; what a bank could not read is refused before; ISO files are valid.
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';
import { describe, expect, it } from 'vitest';
import { gbkLength, lackingInGbk, toGbk } from '../../src/payment/codepage.ts';
import { formats, type PaymentHead, type PaymentOrder } from '../../src/payment/format.ts';

const head = (orders: readonly PaymentOrder[]): PaymentHead => ({
  number: 'PB20260415-0001',
  payOn: '2026-04-20',
  createdAt: new Date('2026-04-18T16:30:00Z'),
  payerName: '云溪县财政局<国库>',
  payerAccount: '6200000000000001',
  payerBank: '云溪农商银行',
  payerBankCode: '313651027012',
  document: '云财预〔2026〕12号',
  projectCode: 'P2026001',
  subjectCode: '2081002',
  lines: orders.length,
  totalFen: orders.reduce((sum, order) => sum + order.amountFen, 0n),
});

const names = fc.oneof(
  fc.constantFrom('张三', '阿卜杜拉·买买提', '云溪县"甲"贸易, 有限公司', '李四|王五', '李<四>&', '欧阳 修', "O'Neil;DROP"),
  fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'赵钱孙李周吴郑王冯陈·ABC123"&<>,'.split('')) }),
);
const order = (n: number): fc.Arbitrary<PaymentOrder> =>
  fc.record({
    endToEndId: fc.constant(`ZX${String(n).padStart(30, '0')}1`),
    payeeName: names,
    account: fc.stringMatching(/^\d{8,19}$/),
    bank: fc.constantFrom('云溪农商银行', '中国银行云溪支行', ''),
    bankCode: fc.constant('313651027012'),
    amountFen: fc.bigInt(1n, 99_999_999_999n),
    statementText: fc.constantFrom('高龄津贴26年4月', '稳岗返还', '"补贴"'),
  });
const orders = fc.integer({ min: 0, max: 30 }).chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => order(i))));

const bytesOf = async (pieces: AsyncGenerator<Uint8Array>): Promise<Buffer> => {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
};
/** In pieces of odd sizes, as a disk or a network gives them. */
async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe.each([...formats.values()])('$id', (format) => {
  it('is read back as it was written', async () => {
    await fc.assert(
      fc.asyncProperty(orders, fc.integer({ min: 1, max: 700 }), async (all, size) => {
        const fit = all.filter((one) => format.check(one).length === 0);
        const bytes = await bytesOf(format.write(head(fit), fit));
        const back: PaymentOrder[] = [];
        const told = await format.read(cut(bytes, size), (one) => back.push(one));
        expect(told).toEqual({ lines: fit.length, totalFen: head(fit).totalFen });
        const bank = (one: PaymentOrder): PaymentOrder => one;
        expect(back).toEqual(fit.map(bank));
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what it could not say', () => {
    const good: PaymentOrder = {
      endToEndId: 'ZX1',
      payeeName: '张三',
      account: '6222020000000001',
      bank: '云溪农商银行',
      bankCode: '313651027012',
      amountFen: 100n,
      statementText: '补贴',
    };
    expect(format.check(good)).toEqual([]);
    expect(format.check({ ...good, payeeName: '张'.repeat(200) })).not.toEqual([]);
    expect(format.check({ ...good, payeeName: '张\u0000三' })).not.toEqual([]);
    expect(format.check({ ...good, account: '' })).not.toEqual([]);
  });
});

describe('the code page', () => {
  it('names what it lacks and is what the runtime reads', () => {
    expect(lackingInGbk('张䶮𠮷三')).toEqual(['䶮', '𠮷']);
    const text = '镕·张三（ABC）1,23。';
    expect(new TextDecoder('gbk', { fatal: true }).decode(toGbk(text))).toBe(text);
    expect(toGbk(text)).toHaveLength(gbkLength(text));
    expect(() => toGbk('𠮷')).toThrow(RangeError);
  });
});

const schema = new URL('../../../shared/iso20022/pain.001.001.09.xsd', import.meta.url);
const there = existsSync(schema);
if (!there && process.env.CI) throw new Error('iso20022 schemas are missing under CI');

describe.skipIf(!there)('pain.001.001.09', () => {
  it('is valid against its schema, whatever names hold', async () => {
    const format = formats.get('pain.001');
    const document = XmlDocument.fromBuffer(readFileSync(schema));
    const validator = XsdValidator.fromDoc(document);
    await fc.assert(
      fc.asyncProperty(orders, async (all) => {
        const fit = all.filter((one) => format?.check(one).length === 0 && one.bank !== '');
        if (format === undefined || fit.length === 0) return;
        const made = XmlDocument.fromBuffer(await bytesOf(format.write(head(fit), fit)));
        validator.validate(made);
        made.dispose();
      }),
      { numRuns: 20 },
    );
    validator.dispose();
    document.dispose();
  });

  it.each([
    ['a DOCTYPE', '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><Document/>'],
    ['a cut file', '<?xml version="1.0"?><Document><CstmrCdtTrfInitn><GrpHdr>'],
    ['another file', 'a,b,c\n1,2,3'],
  ])('refuses %s', async (_what, text) => {
    await expect(formats.get('pain.001')?.read(cut(Buffer.from(text), 7), () => undefined)).rejects.toThrow(/^(?:import|input)\./);
  });
});
