// The number and check code of a 拨付通知单. The code is an HMAC of the payment order under a key of ours, so nothing is kept for it, and whoever holds the slip
// can ask whether it is genuine.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Db } from '../db/handle.ts';
import { newCheckCode, readCheckCode } from '../notice/check-code.ts';
import { type OwnPayment, paidOrder } from '../payment/own-store.ts';
import { vaultOf } from '../vault/hold.ts';

export const voucherNumber = (one: Pick<OwnPayment, 'batchNumber' | 'position'>): string => `${one.batchNumber}-${one.position}`;

/** `ABCD-EFGH-JKMN`, the same each time. */
export const voucherCode = (db: Db, one: Pick<OwnPayment, 'id'>): string => {
  let chance = BigInt(`0x${createHmac('sha256', vaultOf(db).derive('voucher')).update(one.id).digest('hex')}`);
  return newCheckCode((below) => {
    const drawn = Number(chance % BigInt(below));
    chance /= BigInt(below);
    return drawn;
  });
};

/** What a slip of this number says; null where the code is not its own, or there is none. */
export const checkedVoucher = async (db: Db, number: string, code: string): Promise<OwnPayment | null> => {
  const [, batchNumber = '', position = ''] = /^([\w-]{1,40})-(\d{1,7})$/.exec(number.normalize('NFKC').trim()) ?? [];
  const typed = readCheckCode(code);
  if (batchNumber === '' || typed === null) return null;
  const found = await paidOrder(db, { batchNumber, position: Number(position) });
  return found !== null && timingSafeEqual(Buffer.from(voucherCode(db, found)), Buffer.from(typed)) ? found : null;
};
