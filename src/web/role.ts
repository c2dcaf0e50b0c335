// Who works here, in one table: roles, their Chinese names and what none of them may be together (三权分立, DOMAIN §1).
// `public` marks routes that need no account at all; every route declares one or more of these (access.ts).

import { fail } from '../base/problem.ts';

export const roles = {
  officer: '政策管理员',
  steward: '数据管理员',
  reviewer: '部门审核',
  'finance-maker': '财政经办',
  'finance-checker': '财政复核',
  'finance-head': '财政负责人',
  'finance-issuer': '财政签发',
  auditor: '审计',
  admin: '系统管理员',
} as const;

export type Role = keyof typeof roles;
export const allRoles = Object.keys(roles) as readonly Role[];
export const isRole = (text: string): text is Role => Object.hasOwn(roles, text);

/** Those who work on items, records and money; the administrator has no business rights. */
export const businessRoles: readonly Role[] = [
  'officer',
  'steward',
  'reviewer',
  'finance-maker',
  'finance-checker',
  'finance-head',
  'finance-issuer',
  'auditor',
];

/** Pairs one person may not hold at once: who administers may not act, who oversees may not act, and money needs three people. */
const incompatible: readonly (readonly [Role, Role])[] = [
  ...businessRoles.map((role) => ['admin', role] as const),
  ...businessRoles.filter((role) => role !== 'auditor').map((role) => ['auditor', role] as const),
  ['finance-maker', 'finance-checker'],
  ['finance-maker', 'finance-issuer'],
  ['finance-checker', 'finance-issuer'],
  ['finance-maker', 'finance-head'],
  ['finance-checker', 'finance-head'],
  ['finance-issuer', 'finance-head'],
  ['reviewer', 'finance-checker'],
  ['reviewer', 'finance-head'],
  ['reviewer', 'finance-issuer'],
];

/** `scope.incompatible` for an account that holds two roles it may not: nothing is done in its name, however it came to them. */
export const mustBeCompatible = (held: readonly Role[]): void => {
  const pair = clash(held);
  if (pair !== null)
    fail(
      'scope.incompatible',
      '',
      `这个账号同时是“${roles[pair[0]]}”和“${roles[pair[1]]}”，两者不能由一人担任，已停止办理。`,
      '请系统管理员停用这个账号，分给两个人。',
    );
};

/** The first pair of the given roles that may not be held together, or null. */
export const clash = (held: readonly Role[]): readonly [Role, Role] | null =>
  incompatible.find(([a, b]) => held.includes(a) && held.includes(b)) ?? null;
