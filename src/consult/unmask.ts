// Seeing whole what is otherwise masked: which role may see which part of a person for which reason, as one table. Whoever is not in it sees masked values.
import type { LookReason } from './consult.ts';

/** number 证件号码 · name 姓名 · contact 电话、邮箱 · account 收款账号. */
export type Part = 'number' | 'name' | 'contact' | 'account';

export const partNames: Readonly<Record<Part, string>> = { number: '证件号码', name: '姓名', contact: '联系方式', account: '账号' };

/** By role. Officers write rules and administrators run the system: neither needs to know anybody. Finance sees what it pays, the auditor what he audits. */
const allowed: Readonly<Record<string, Partial<Record<LookReason, readonly Part[]>>>> = {
  reviewer: {
    review: ['number', 'name'],
    handle: ['number', 'name', 'contact'],
    call: ['number', 'name', 'contact'],
    objection: ['number', 'name', 'contact', 'account'],
    rights: ['number', 'name', 'contact', 'account'],
  },
  steward: { correct: ['number', 'name'] },
  'finance-maker': { handle: ['number', 'name', 'account'] },
  'finance-checker': { review: ['number', 'name', 'account'] },
  'finance-head': { review: ['number', 'name', 'account'] },
  'finance-issuer': { review: ['number', 'name', 'account'] },
  auditor: { audit: ['number', 'name', 'contact', 'account'] },
};

/** What somebody of these roles may see for this reason; empty: nothing. */
export const partsFor = (roles: readonly string[], reason: LookReason): readonly Part[] => {
  const parts = new Set(roles.flatMap((role) => allowed[role]?.[reason] ?? []));
  return (Object.keys(partNames) as Part[]).filter((part) => parts.has(part));
};

/** Reasons for which these roles may see anything. */
export const reasonsFor = (roles: readonly string[]): readonly LookReason[] => [
  ...new Set(roles.flatMap((role) => Object.keys(allowed[role] ?? {}) as LookReason[])),
];
