// Who is paid, on which account, and what is missing for it: read from what the departments delivered about the payee. Pure.

import { type AccountSource, accountFor, usualSources } from '../account/account.ts';
import { compareHolder } from '../account/holder.ts';
import { dayText } from '../base/day.ts';
import type { Tx } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { payeeLink } from '../policy/payees.ts';
import { contactText, type LinkNames, type SubjectReader } from '../record/contact-store.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import type { Payee } from './disbursement.ts';

/** 缺 …, or too old to be used, with the day it was last told. */
const gapOf = (record: ResolvedRecord, fact: string, what: string): string => {
  const missing = record.facts[fact]?.missing;
  return missing?.reason === 'stale' && missing.asOf ? `${what}已过期（${dayText(missing.asOf)}的数据）` : `缺${what}`;
};

export interface ChosenPayee extends Payee {
  /** Which of the accounts, and whose it is; null: none. */
  readonly source: AccountSource | null;
}

/**
 * The payee on the first usable account of the item's order (a guardian's only where the item names that source). A name on the account that is not its
 * owner's is the commonest reason for a returned payment: ask first. Width, blanks, `·` and other shapes of a character are one name.
 */
export const payeeOf = (record: ResolvedRecord, sources: readonly AccountSource[], guardian: ResolvedRecord | null = null): ChosenPayee => {
  const { chosen } = accountFor(record, sources, null, guardian);
  const owner = chosen?.source === 'guardian' && guardian !== null ? guardian : record;
  const { name } = owner;
  const gaps: string[] = [];
  if (name === null) gaps.push('缺收款人姓名');
  if (chosen === null) gaps.push(...accountGaps(record, sources));
  else {
    if (chosen.bank === null && chosen.bankCode === null) gaps.push(gapOf(owner, 'bankName', '开户银行'));
    if (chosen.holder !== null && name !== null && compareHolder(name, chosen.holder) === 'different') gaps.push('户名与收款人不一致');
  }
  const { account = null, bank = null, bankCode = null, source = null } = chosen ?? {};
  return { name, subjectId: owner.subjectId, account, bank, bankCode, gaps, source };
};

/** Told but no account number, or nothing usable told at all. */
const accountGaps = (record: ResolvedRecord, sources: readonly AccountSource[]): readonly string[] => {
  const usual = sources.includes('card') || sources.includes('public') || !sources.includes('insurance');
  const own = (fact: string): string => (usual ? fact : `insurance${fact.charAt(0).toUpperCase()}${fact.slice(1)}`);
  const [account, bank, bankCode] = [own('account'), own('bankName'), own('bankCode')];
  if (contactText(record, account) === null) return [gapOf(record, account, '收款账户')];
  const noBank = contactText(record, bank) === null && contactText(record, bankCode) === null;
  return ['收款账户格式不对', ...(noBank ? [gapOf(record, bank, '开户银行')] : [])];
};

/** Nobody to pay: the link to the payee (guardian) is not known, or leads to somebody no register has. */
export const nobody = (what: string): ChosenPayee => ({
  source: null,
  name: null,
  subjectId: null,
  account: null,
  bank: null,
  bankCode: null,
  gaps: [`缺${what}信息`],
});

/** What of an item says who is paid and on which account. */
type Paying = Pick<Item, 'payee' | 'payees' | 'accounts'>;

interface Asking {
  readonly id: string;
  readonly subjectId: string;
  readonly register: string;
  readonly itemId: string;
  readonly version: number;
  /** Which of the item's payees. */
  readonly part: number;
}

/** The item's own order of accounts, or the usual one of the payee's register. */
const orderOf = (item: Paying | undefined, register: string): readonly AccountSource[] => item?.accounts ?? usualSources(register);

interface Waiting {
  readonly id: string;
  readonly fact: string;
  readonly key: string;
  readonly item: Paying | undefined;
  /** The subject itself, where only its guardian's account is asked for. */
  readonly ward: ResolvedRecord | null;
}

/** Payees by the id of what asks (a line, a record): the subject itself, or whom the item's link leads to. */
export const payeesOf = async (
  tx: Tx,
  asks: readonly Asking[],
  items: ReadonlyMap<string, Paying>,
  options: { readonly read: SubjectReader; readonly link: LinkNames },
): Promise<ReadonlyMap<string, ChosenPayee>> => {
  const payees = new Map<string, ChosenPayee>();
  const linked: Waiting[] = [];
  for (const [register, own] of Map.groupBy(asks, (ask) => ask.register)) {
    const found = await options.read(tx, register, { ids: [...new Set(own.map((ask) => ask.subjectId))] });
    const records = new Map(found.map((record) => [record.subjectId, record]));
    for (const { id, subjectId, itemId, version, part } of own) {
      const record = records.get(subjectId);
      const item = items.get(`${itemId}@${version}`);
      const sources = orderOf(item, register);
      const other = payeeLink(item, part);
      const fact = other ?? (sources.includes('guardian') ? 'guardian' : undefined);
      const key = record === undefined || fact === undefined ? null : contactText(record, fact);
      if (record === undefined) payees.set(id, nobody('收款人'));
      else if (fact === undefined || (key === null && other === undefined)) payees.set(id, payeeOf(record, sources));
      else if (key === null) payees.set(id, nobody(options.link(fact).label));
      else linked.push({ id, fact, key, item, ward: other === undefined ? record : null });
    }
  }
  for (const [fact, group] of Map.groupBy(linked, (link) => link.fact)) {
    const { label, register } = options.link(fact);
    const found = await options.read(tx, register, { keys: [...new Set(group.map((link) => link.key))] });
    const records = new Map(found.map((record) => [record.key, record]));
    for (const { id, key, item, ward } of group) {
      const other = records.get(key);
      if (ward !== null) payees.set(id, payeeOf(ward, orderOf(item, ward.register), other ?? null));
      else
        payees.set(
          id,
          other === undefined ? nobody(label) : payeeOf(other, orderOf(item?.payees === undefined ? item : undefined, register)),
        );
    }
  }
  return payees;
};
