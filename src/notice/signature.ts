// What passes between us and the gateway is signed both ways with a shared secret: HMAC-SHA256 over moment and body, so nobody in between can write a message
// or a receipt, nor send an old one again later. Pure.
import { createHmac, timingSafeEqual } from 'node:crypto';

export const signatureHeader = 'x-zhixiang-signature';
export const momentHeader = 'x-zhixiang-moment';

/** `v1=` and 64 hexadecimal digits over `<moment>.<body>`; the moment in whole seconds since 1970. */
export const signatureOf = (secret: string, moment: string, body: string): string =>
  `v1=${createHmac('sha256', secret).update(`${moment}.`).update(body).digest('hex')}`;

/** Clocks may differ so much; what is older is no receipt any more. */
export const toleranceSeconds = 300;

export const isSigned = (
  secret: string,
  given: { readonly moment: string | undefined; readonly signature: string | undefined; readonly body: string },
  now: Date,
): boolean => {
  const { moment = '', signature = '', body } = given;
  if (!/^\d{1,12}$/.test(moment) || Math.abs(now.getTime() / 1000 - Number(moment)) > toleranceSeconds) return false;
  const wanted = Buffer.from(signatureOf(secret, moment, body));
  const found = Buffer.from(signature);
  return found.length === wanted.length && timingSafeEqual(found, wanted);
};
