// Writes 100,000 payment lines in one format and reads them back, both as streams, and says what it took: for payment-files.test.ts.
import { formats, type PaymentOrder } from '../../src/payment/format.ts';

const lines = 100_000;
const format = formats.get(process.argv[2] ?? '');
if (format === undefined) throw new Error('no such format');

const orderAt = (i: number): PaymentOrder => ({
  endToEndId: `ZX${String(i).padStart(32, '0')}1`,
  payeeName: `样例收款人${i % 997}`,
  account: `6222020${String(i).padStart(9, '0')}`,
  bank: '云溪农商银行',
  bankCode: '313651027012',
  amountFen: BigInt(6_000 + (i % 1_000)),
  statementText: '高龄津贴26年4月',
});
function* orders(): Generator<PaymentOrder> {
  for (let i = 0; i < lines; i++) yield orderAt(i);
}
let totalFen = 0n;
for (let i = 0; i < lines; i++) totalFen += orderAt(i).amountFen;
const payer = { payerName: '云溪县财政局', payerAccount: '6200000000000001', payerBank: '云溪农商银行', payerBankCode: '313651027012' };
const head = {
  ...{ number: 'PB20260427AAAABBBBCCCC', payOn: '2026-04-27', createdAt: new Date(0), document: '云财预〔2026〕1号' },
  ...{ ...payer, projectCode: 'P1', subjectCode: '2081002', lines, totalFen },
};
let read = 0;
let same = true;
const told = await format.read(format.write(head, orders()), (order) => {
  const wanted = orderAt(read++);
  if ((Object.keys(wanted) as (keyof PaymentOrder)[]).some((key) => wanted[key] !== order[key])) same = false;
});
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const agree = same && read === lines && told.lines === lines && told.totalFen === totalFen;
process.stdout.write(JSON.stringify({ agree, cpuMs: Math.round((userCPUTime + systemCPUTime) / 1000), rssMb: Math.round(maxRSS / 1024) }));
