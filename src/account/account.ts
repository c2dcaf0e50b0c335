// Which account a payee is paid on: the departments' accounts in the order of the item, each as it stands on a day, with the reason for the choice. Pure.
import { isAccount } from '../base/codes.ts';
import { type Day, dayText } from '../base/day.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { holdsOn } from '../record/timeline.ts';

/** card: 社会保障卡. public: 对公账户. insurance: the account that pays social insurance. guardian: the guardian's, by his own sources. */
export const accountSources = ['card', 'public', 'insurance', 'guardian'] as const;
export type AccountSource = (typeof accountSources)[number];
export const accountSourceNames: Readonly<Record<AccountSource, string>> = {
  card: '社会保障卡账户',
  public: '对公账户',
  insurance: '缴纳社会保险的账户',
  guardian: '监护人账户',
};

/** Where an item says nothing. */
export const usualSources = (register: string): readonly AccountSource[] => (register === 'enterprise' ? ['public'] : ['card']);

interface Facts {
  readonly account: string;
  readonly bank: string;
  readonly bankCode: string;
  readonly holder: string;
}
const ordinary: Facts = { account: 'account', bank: 'bankName', bankCode: 'bankCode', holder: 'accountName' };
const insured: Facts = {
  account: 'insuranceAccount',
  bank: 'insuranceBankName',
  bankCode: 'insuranceBankCode',
  holder: 'insuranceAccountName',
};

/** Whose facts a source reads, and which; null where the register has no such account. */
const factsOf = (source: AccountSource, register: string): Facts | null => {
  if (source === 'insurance') return insured;
  if (source === 'guardian') return ordinary;
  return (source === 'public') === (register === 'enterprise') ? ordinary : null;
};

export interface ChosenAccount {
  readonly source: AccountSource;
  /** Whose account it is: the payee's own subject, or the guardian's. */
  readonly holderSubjectId: string;
  readonly account: string;
  readonly bank: string | null;
  readonly bankCode: string | null;
  /** The name on the account; null: not told. */
  readonly holder: string | null;
  readonly dataset: string;
  readonly asOf: Day;
}

export interface AccountAnswer {
  readonly chosen: ChosenAccount | null;
  /** One Chinese line per source asked, in order: chosen, or why not. No number stands in it. */
  readonly why: readonly string[];
}

interface Told {
  readonly text: string | null;
  readonly dataset: string;
  readonly asOf: Day;
}

/** `day` null: as it stands last. */
const toldOf = (record: ResolvedRecord, fact: string, day: Day | null): Told | null => {
  const cells = record.facts[fact]?.cells ?? [];
  const cell = day === null ? cells.at(-1) : cells.find((c) => holdsOn(c, day));
  if (cell === undefined) return null;
  return { text: typeof cell.v === 'string' && cell.v.trim() !== '' ? cell.v.trim() : null, dataset: cell.dataset, asOf: cell.asOf };
};

const unheard = (record: ResolvedRecord, fact: string): string => {
  const missing = record.facts[fact]?.missing;
  if (missing?.reason === 'stale') return `已过期（${missing.asOf ?? ''} 的数据）`;
  return missing?.reason === 'conflict' ? '来源不一致，待核' : '没有报送';
};

/**
 * The first source in order that tells a usable account on that day. A source that is silent or stale is passed over and says so; what is passed over
 * stands in `why`, so that nobody is paid on a lesser account unseen. `guardian` is the guardian's record, read by whoever asks.
 */
export const accountFor = (
  record: ResolvedRecord,
  sources: readonly AccountSource[],
  day: Day | null,
  guardian: ResolvedRecord | null = null,
): AccountAnswer => {
  const why: string[] = [];
  for (const source of sources) {
    const label = accountSourceNames[source];
    const owner = source === 'guardian' ? guardian : record;
    const facts = factsOf(source, record.register);
    if (owner === null || facts === null) {
      why.push(`${label}：${owner === null ? '没有监护人信息' : '这类对象没有'}`);
      continue;
    }
    const told = toldOf(owner, facts.account, day);
    if (told === null || told.text === null) {
      why.push(`${label}：${told === null ? unheard(owner, facts.account) : '无'}`);
      continue;
    }
    if (!isAccount(told.text)) {
      why.push(`${label}：账号格式不对`);
      continue;
    }
    why.push(`${label}：采用，数据日期${dayText(told.asOf)}`);
    const text = (fact: string): string | null => toldOf(owner, fact, day)?.text ?? null;
    const [bank, bankCode, holder] = [text(facts.bank), text(facts.bankCode), text(facts.holder)];
    const { dataset, asOf } = told;
    return { chosen: { source, holderSubjectId: owner.subjectId, account: told.text, bank, bankCode, holder, dataset, asOf }, why };
  }
  return { chosen: null, why };
};

/** One beneficiary on an account. */
export interface AccountUse {
  readonly subjectId: string;
  /** Whose account it is. */
  readonly holderSubjectId: string;
}

export interface SharedAccount {
  /** How many beneficiaries the account has. */
  readonly beneficiaries: number;
  /** True: they are the holder and those he is guardian of, which is allowed (DOMAIN §8, case 9). */
  readonly allowed: boolean;
}

/**
 * Several beneficiaries on one account; null for one. Allowed only where everybody is paid on it as the same holder's own or as his ward:
 * two people who both call the account their own share a card, and somebody must look before either is paid.
 */
export const sharedAccount = (uses: readonly AccountUse[]): SharedAccount | null => {
  const beneficiaries = new Set(uses.map((use) => use.subjectId)).size;
  if (beneficiaries < 2) return null;
  return { beneficiaries, allowed: new Set(uses.map((use) => use.holderSubjectId)).size === 1 };
};
