// The sums of the money's way as a document, and the equations that hold between them in 分 whatever happened on the way (docs/money.md). Pure.
import type { MoneySums } from './money-store.ts';

/** Amounts are text in 分. */
export type MoneyDocument = Readonly<
  Record<
    | 'eligibleFen'
    | 'unsettledFen'
    | 'settledFen'
    | 'reservedFen'
    | 'sealedFen'
    | 'cancelledFen'
    | 'withheldFen'
    | 'paidFen'
    | 'returnedFen'
    | 'reissuedFen'
    | 'unknownFen'
    | 'pendingFen'
    | 'suspenseFen',
    string
  >
> & { readonly invariantViolations: number };

export const moneyDocument = (sums: MoneySums, invariantViolations: number): MoneyDocument => ({
  eligibleFen: String(sums.eligibleFen),
  unsettledFen: String(sums.unsettledFen),
  settledFen: String(sums.settledFen),
  reservedFen: String(sums.reservedFen),
  sealedFen: String(sums.sealedFen),
  cancelledFen: String(sums.cancelledFen),
  withheldFen: String(sums.withheldFen),
  paidFen: String(sums.paidFen),
  returnedFen: String(sums.returnedFen),
  reissuedFen: String(sums.reissuedFen),
  unknownFen: String(sums.unknownFen),
  pendingFen: String(sums.pendingFen),
  suspenseFen: String(sums.suspenseFen),
  invariantViolations,
});

type Equation = readonly [what: string, left: (s: MoneySums) => bigint, right: (s: MoneySums) => bigint];

const equations: readonly Equation[] = [
  ['符合 = 核定 + 未核定', (s) => s.eligibleFen, (s) => s.settledFen + s.unsettledFen],
  [
    '核定 = 预留 + 在批次或银行 + 到账 + 已追回',
    (s) => s.settledFen,
    (s) => s.reservedFen + s.committedFen + s.bookedPaidFen + s.recoveredFen,
  ],
  [
    '封批 = 退回批次 + 签发时扣下 + 退汇 + 到账 + 不明 + 未回音',
    (s) => s.sealedFen,
    (s) => s.cancelledFen + s.withheldFen + s.returnedFen + s.paidFen + s.unknownFen + s.pendingFen,
  ],
  ['报盘 = 封批 - 退回批次 - 签发时扣下', (s) => s.filesFen, (s) => s.sealedFen - s.cancelledFen - s.withheldFen],
  ['到账：回盘 + 抵扣 = 记账 + 已追回', (s) => s.paidFen + s.offsetFen, (s) => s.bookedPaidFen + s.recoveredFen],
  ['在银行：不明 + 未回音 = 记账', (s) => s.unknownFen + s.pendingFen, (s) => s.committedFen],
  ['资金来源支出 + 已追回 = 到账 + 抵扣', (s) => s.sourcesSpentFen + s.recoveredFen, (s) => s.paidFen + s.offsetFen],
  ['资金来源占用 = 在批次或银行', (s) => s.sourcesSealedFen, (s) => s.committedFen],
  ['退汇 = 重发 + 未重发', (s) => s.returnedFen, (s) => s.reissuedFen + s.notReissuedFen],
];

/** The equations that do not hold, with both sides in 分; empty while every 分 is accounted for. Batches that wait for release count as 未回音, so the files' equation holds once none does. */
export const wrongSums = (sums: MoneySums): readonly string[] =>
  equations.flatMap(([what, left, right]) => (left(sums) === right(sums) ? [] : [`${what}：${left(sums)} ≠ ${right(sums)}`]));
