// Payment file formats 报盘格式: what a bank or treasury takes. Each writes lines as a stream and reads its own files back by other code, so that nothing
// leaves that says something else than what was approved.
import { pain001 } from './pain001.ts';
import { templates } from './template.ts';

export interface PaymentHead {
  /** The batch's number: the file's and the message's name. */
  readonly number: string;
  readonly payOn: string;
  readonly createdAt: Date;
  readonly payerName: string;
  readonly payerAccount: string;
  readonly payerBank: string;
  readonly payerBankCode: string;
  /** 指标文号, project and subject codes, as the treasury asks for them. */
  readonly document: string;
  readonly projectCode: string;
  readonly subjectCode: string;
  readonly lines: number;
  readonly totalFen: bigint;
}

/** What a bank is told of one payment. */
export interface PaymentOrder {
  readonly endToEndId: string;
  readonly payeeName: string;
  readonly account: string;
  readonly bank: string;
  readonly bankCode: string;
  readonly amountFen: bigint;
  readonly statementText: string;
}

/** What a file says, read back. */
export interface ReadBack {
  readonly lines: number;
  readonly totalFen: bigint;
}

export interface Format {
  readonly id: string;
  /** Chinese. */
  readonly title: string;
  readonly extension: string;
  /** A batch with more is sealed in several. */
  readonly maxLines: number;
  /** What a line must be changed in before this format can say it (a character the bank's code page lacks, a name too long); empty: fine. */
  check(order: PaymentOrder): readonly string[];
  write(head: PaymentHead, orders: AsyncIterable<PaymentOrder> | Iterable<PaymentOrder>): AsyncGenerator<Uint8Array>;
  /** Calls `visit` per order and returns what the file says of itself. Throws ProblemError (`input.payment-file`) for anything it did not write. */
  read(bytes: AsyncIterable<Uint8Array>, visit: (order: PaymentOrder) => void): Promise<ReadBack>;
}

export const formats: ReadonlyMap<string, Format> = new Map([pain001, ...templates].map((format) => [format.id, format]));
