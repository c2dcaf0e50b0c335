// One person's facts as they may be shown: by whom, with what hidden. Numbers of people, accounts and phones to their last four; what may come as a band only
// without its figure; sensitive facts to those who judge or keep them.
import { maskText } from '../base/codes.ts';
import { parseDay } from '../base/day.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { CellValue } from '../record/record.ts';

/** Why nothing is shown of a value that is there. */
export type Hidden = 'banded' | 'sensitive' | null;

const keepers: readonly string[] = ['reviewer', 'steward', 'auditor'];

/** Texts and links may hold accounts and other people's numbers: their last four at most, in lists as well. */
const masked = (value: unknown): unknown =>
  typeof value === 'string'
    ? parseDay(value) === null && /\d{7}/.test(value)
      ? maskText(value)
      : value
    : Array.isArray(value)
      ? value.map(masked)
      : value;

const isFigure = (value: CellValue): boolean =>
  (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value)) || (typeof value === 'object' && value !== null);

/** `roles` null: at the machine itself. */
export const shownFact = (
  fact: Fact | undefined,
  value: CellValue,
  roles: readonly string[] | null,
): { readonly value: CellValue; readonly hidden: Hidden } => {
  if (value === null || fact === undefined) return { value, hidden: null };
  if (fact.legalUse === 'banded' && isFigure(value)) return { value: null, hidden: 'banded' };
  if (fact.sensitivity === 'sensitive' && roles !== null && !roles.some((role) => keepers.includes(role)))
    return { value: null, hidden: 'sensitive' };
  if (fact.type === 'text' || fact.type === 'link') return { value: masked(value) as CellValue, hidden: null };
  if (fact.type !== 'list' || !Array.isArray(value)) return { value, hidden: null };
  const element = (e: unknown) =>
    typeof e === 'object' && e !== null ? Object.fromEntries(Object.entries(e).map(([key, v]) => [key, masked(v)])) : masked(e);
  return { value: value.map(element), hidden: null };
};

export const hiddenNames: Readonly<Record<Exclude<Hidden, null>, string>> = {
  banded: '依法只看区间，不显示数值',
  sensitive: '敏感信息，只给部门审核、数据管理员和审计看',
};

/** By key or label; undefined: none of that register. */
export const factNamed = (catalogue: Catalogue, register: string, name: string): Fact | undefined =>
  catalogue.facts.find((fact) => fact.register === register && (fact.key === name || fact.label === name));
