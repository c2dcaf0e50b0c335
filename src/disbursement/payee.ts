// Who is paid, on which account, and what is missing for it: read from what the departments delivered about the payee. Pure.
import { isAccount } from '../base/codes.ts';
import type { Tx } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { contactText, type LinkNames, type SubjectReader } from '../record/contact-store.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import type { Payee } from './disbursement.ts';

/** 缺 …, or too old to be used, with the day it was last told. */
const gapOf = (record: ResolvedRecord, fact: string, what: string): string => {
  const missing = record.facts[fact]?.missing;
  return missing?.reason === 'stale' && missing.asOf ? `${what}已过期（${missing.asOf} 的数据）` : `缺${what}`;
};

/** A firm's or a resident's account as delivered. A name on the account that is not the payee's is the commonest reason for a returned payment: ask first. */
export const payeeOf = (record: ResolvedRecord): Payee => {
  const name = record.name;
  const account = contactText(record, 'account');
  const bank = contactText(record, 'bankName');
  const bankCode = contactText(record, 'bankCode');
  const accountName = contactText(record, 'accountName');
  const gaps: string[] = [];
  if (name === null) gaps.push('缺收款人姓名');
  if (account === null) gaps.push(gapOf(record, 'account', '收款账户'));
  else if (!isAccount(account)) gaps.push('收款账户格式不对');
  if (account !== null && bank === null && bankCode === null) gaps.push(gapOf(record, 'bankName', '开户银行'));
  if (account !== null && accountName !== null && name !== null && accountName !== name) gaps.push('户名与收款人不一致');
  return { name, subjectId: record.subjectId, account, bank, bankCode, gaps };
};

/** Nobody to pay: the link to the payee (guardian) is not known, or leads to somebody no register has. */
export const nobody = (what: string): Payee => ({
  name: null,
  subjectId: null,
  account: null,
  bank: null,
  bankCode: null,
  gaps: [`缺${what}信息`],
});

interface Asking {
  readonly id: string;
  readonly subjectId: string;
  readonly register: string;
  readonly itemId: string;
  readonly version: number;
}

/** Payees by the id of what asks (a line, a record): the subject itself, or whom the item's link leads to. */
export const payeesOf = async (
  tx: Tx,
  asks: readonly Asking[],
  items: ReadonlyMap<string, Pick<Item, 'payee'>>,
  options: { readonly read: SubjectReader; readonly link: LinkNames },
): Promise<ReadonlyMap<string, Payee>> => {
  const payees = new Map<string, Payee>();
  const linked: { readonly id: string; readonly fact: string; readonly key: string }[] = [];
  for (const [register, own] of Map.groupBy(asks, (ask) => ask.register)) {
    const found = await options.read(tx, register, { ids: [...new Set(own.map((ask) => ask.subjectId))] });
    const records = new Map(found.map((record) => [record.subjectId, record]));
    for (const ask of own) {
      const record = records.get(ask.subjectId);
      const fact = items.get(`${ask.itemId}@${ask.version}`)?.payee?.fact;
      const key = record === undefined || fact === undefined ? null : contactText(record, fact);
      if (record === undefined) payees.set(ask.id, nobody('收款人'));
      else if (fact === undefined) payees.set(ask.id, payeeOf(record));
      else if (key === null) payees.set(ask.id, nobody(options.link(fact).label));
      else linked.push({ id: ask.id, fact, key });
    }
  }
  for (const [fact, group] of Map.groupBy(linked, (link) => link.fact)) {
    const { label, register } = options.link(fact);
    const found = await options.read(tx, register, { keys: [...new Set(group.map((link) => link.key))] });
    const records = new Map(found.map((record) => [record.key, record]));
    for (const { id, key } of group) {
      const record = records.get(key);
      payees.set(id, record === undefined ? nobody(label) : payeeOf(record));
    }
  }
  return payees;
};
