// Who objects, in a real name, and in words of their own: what every kind of objection checks alike.
import { isCitizenId, isEmail, isPhone, isUscc, plainCode } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import type { Objector } from '../vault/objector.ts';

export const words = (text: string, at: string, what: string): string => {
  const own = text.trim();
  if (own.length < 2 || own.length > 1_000) fail('input.reason', at, `请写明${what}。`, '2 到 1000 个字。');
  return own;
};

export const realName = (raw: {
  readonly name: string;
  readonly number: string;
  readonly phone?: string;
  readonly email?: string;
}): Objector => {
  const [name, number] = [raw.name.trim(), plainCode(raw.number)];
  if (name.length < 2 || name.length > 60) fail('input.value', '/name', '要实名：姓名或单位名称不对。', '照证件填写。');
  if (!isCitizenId(number) && !isUscc(number)) fail('input.value', '/number', '要实名：证件号码的位数或校验位不对。', '照证件核对后重填。');
  const [phone, email] = [raw.phone?.trim() || null, raw.email?.trim() || null];
  if (phone !== null && !isPhone(phone)) fail('input.value', '/phone', '联系电话不对。', '手机或带区号的固定电话。');
  if (email !== null && !isEmail(email)) fail('input.value', '/email', '电子邮件不对。', '不用邮件的可以不填，答复改为书面。');
  if (phone === null && email === null) fail('input.value', '/phone', '没有联系方式，答复送不到。', '填联系电话或电子邮件。');
  return { name, number, phone, email };
};
