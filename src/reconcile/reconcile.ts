// Reconciliation 对账: matches = settled = sealed = file = bank = postings, by count and sum in 分, per batch, month, item and source; whatever does not agree
// is named with its line. It reads everything anew, the stored bytes of the files included, and believes no running balance.
import type { Db } from '../db/handle.ts';
import { states } from '../disbursement/states.ts';
import { formats } from '../payment/format.ts';
import { lineEventNames } from '../payment/states.ts';
import { openKept } from '../vault/kept.ts';
import {
  type Ask,
  type By,
  type FiledBatch,
  filedBatches,
  type OddLine,
  oddMatches,
  oddPayments,
  oddPromises,
  openSuspense,
  type PaymentSums,
  type PromiseSums,
  paymentSums,
  promiseSums,
  toldTo,
} from './store.ts';

export const bys = ['batch', 'month', 'item', 'source'] as const satisfies readonly By[];

export interface Difference extends Omit<OddLine, 'kind'> {
  readonly kind: OddLine['kind'] | 'file' | 'sums';
  readonly message: string;
}

export interface Reconciliation {
  readonly promises: readonly PromiseSums[];
  readonly payments: readonly PaymentSums[];
  readonly differences: readonly Difference[];
  /** Of a kind there are more than are listed. */
  readonly more: boolean;
}

const listed = 200;

const words: Readonly<Record<Difference['kind'], string>> = {
  settled: '匹配与结算不符',
  promise: '结算、兑付记录与记账不符',
  record: '支付与兑付记录不符',
  file: '报盘文件与批次不符',
  postings: '支付与记账不符',
  funding: '支付与资金来源的记账不符',
  suspense: '银行回音挂账未处理',
  sums: '合计不符',
};

const endText = (end: string): string => lineEventNames[end as keyof typeof lineEventNames] ?? '在批次里，还没有签发';
const recordText = (state: string): string => states[state as keyof typeof states]?.text ?? '没有记录';

const saysText = ({ kind, says }: Pick<Difference, 'kind' | 'says'>): string => {
  if (kind === 'postings' || kind === 'funding') return `这一笔：${endText(says)}`;
  if (kind !== 'record') return says;
  const [end = '', record = ''] = says.split('/');
  return `这一笔：${endText(end)}；兑付记录：${recordText(record)}`;
};

const told = (odd: Omit<OddLine, 'kind'> & { readonly kind: Difference['kind'] }): Difference => ({
  ...odd,
  message: words[odd.kind],
  says: saysText(odd),
});

/** The bytes that left, read by the format's own reader and held against the lines that were told to the bank. */
const oddFile = async (db: Db, batch: FiledBatch): Promise<readonly Difference[]> => {
  const expected = await toldTo(db, batch.id);
  const odd: Difference[] = [];
  const note = (at: string, expectedFen: bigint, actualFen: bigint, says: string): void => {
    odd.push(told({ kind: 'file', at, itemId: batch.itemId, place: batch.number, expectedFen, actualFen, says }));
  };
  try {
    await formats.get(batch.format)?.read(openKept(db, batch.sha256), ({ endToEndId, amountFen }) => {
      const fen = expected.get(endToEndId);
      if (fen === undefined) note(endToEndId, 0n, amountFen, '文件里有，批次里没有（或重复）');
      else if (fen !== amountFen) note(endToEndId, fen, amountFen, '金额不同');
      expected.delete(endToEndId);
    });
    for (const [at, fen] of expected) note(at, fen, 0n, '批次报了，文件里没有');
  } catch {
    note(batch.sha256.slice(0, 12), 0n, 0n, '存下的文件读不出来');
  }
  return odd;
};

/** The columns of one row of payments against each other; they cannot differ unless lines were added or lost behind the program's back. */
const oddSums = (row: PaymentSums): readonly Difference[] => {
  const check = (expectedFen: bigint, actualFen: bigint, says: string) =>
    expectedFen === actualFen ? [] : [told({ kind: 'sums', at: row.place, itemId: null, place: row.place, expectedFen, actualFen, says })];
  const sealedOnly = row.sealedFen - row.withheldFen - row.fileFen;
  return [
    ...check(row.fileFen, row.paidFen + row.returnedFen + row.openFen, '报盘 ≠ 到账 + 退汇 + 在途'),
    ...check(row.paidFen, row.bookedPaidFen, '到账 ≠ 记账到账'),
    ...check(row.openFen + sealedOnly, row.bookedOpenFen, '在途 ≠ 记账占用'),
  ];
};

/** Everything within the scope; a scope with divisions sees its own lines of a batch. */
export const reconcile = async (db: Db, by: By, ask: Ask): Promise<Reconciliation> => {
  const payments = await paymentSums(db, by, ask);
  const lines = [
    await oddMatches(db, ask, listed + 1),
    await oddPromises(db, ask, listed + 1),
    await oddPayments(db, ask, listed + 1),
    // What fits no line belongs to no item and no division: whoever sees everything sees it.
    ask.scope.divisions === null && ask.scope.items === null && ask.scope.authorities === null ? await openSuspense(db, listed + 1) : [],
  ];
  const files: Difference[] = [];
  // A scope with divisions does not see whole batches; whole files are for those who do.
  if (ask.scope.divisions === null) for (const batch of await filedBatches(db, ask)) files.push(...(await oddFile(db, batch)));
  return {
    promises: await promiseSums(db, ask),
    payments,
    differences: [...lines.flatMap((list) => list.slice(0, listed)).map(told), ...files, ...payments.flatMap(oddSums)],
    more: lines.some((list) => list.length > listed),
  };
};
