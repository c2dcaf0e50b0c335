// What an item rests on: may these data be used for it, does anybody deliver them, is there a number for every day.
import { addDays, type Day, latest } from '../base/day.ts';
import type { Parameter } from '../catalogue/catalogue.ts';
import { parameterAt } from '../catalogue/parameter.ts';
import type { TreeIndex } from '../catalogue/tree.ts';
import { type Finding, finding, type Looked } from './lint-look.ts';
import { modesOf } from './mode.ts';
import { treesOf } from './vocabulary.ts';

/** Facts that every citizen item reads without saying so do not count as a choice of the officer. */
const chosen = (l: Looked): Looked['facts'] => l.facts.filter(({ fact, at }) => fact.key !== 'deathDate' || at !== '');

export const legalUse = (l: Looked): readonly Finding[] =>
  !modesOf(l.compiled.item).includes('auto')
    ? []
    : chosen(l)
        .filter(({ fact }) => fact.legalUse === 'precompute')
        .map(({ fact, at }) =>
          finding(
            'precompute',
            at,
            `免申即享不能以“${fact.label}”定金额：这项数据依法只能用于预填`,
            '改为 confirm（一键确认），或换一项依据',
          ),
        );

export const purpose = (l: Looked): readonly Finding[] =>
  chosen(l)
    .filter(({ fact }) => !fact.purposes.includes('*') && !fact.purposes.includes(l.compiled.item.id))
    .map(({ fact, at }) => finding('purpose', at, `“${fact.label}”没有授权用于本事项`, '先与数源部门商定用途，写入指标目录的 purposes'));

export const supplied = (l: Looked): readonly Finding[] => {
  const known = new Set(l.catalogue.datasets.map((d) => d.id));
  return chosen(l)
    .filter(({ fact }) => !fact.datasets.some((d) => known.has(d)))
    .map(({ fact, at }) => finding('unsupplied', at, `没有数据集报送“${fact.label}”，所有人都会待核`, '在目录中登记报送它的数据集'));
};

const words = /[\p{L}\p{N}_]+/gu;

/** Every name that stands anywhere in the item but where facts are defined. */
const namesIn = (value: unknown, into: Set<string>): void => {
  if (typeof value === 'string') for (const word of value.match(words) ?? []) into.add(word);
  else if (Array.isArray(value)) for (const one of value) namesIn(one, into);
  else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) namesIn(one, into);
};

/** An own fact that nothing reads: often a slip of a name. A name that merely stands in a text counts as read: better silent than wrong. */
export const unused = (l: Looked): readonly Finding[] => {
  const { facts, ...rest } = l.compiled.item;
  return Object.entries(facts ?? {}).flatMap(([name, own]) => {
    const used = new Set<string>();
    namesIn(rest, used);
    for (const [other, { text: _, ...how }] of Object.entries(facts ?? {})) if (other !== name) namesIn(how, used);
    const parts = name.match(words) ?? [];
    if (parts.some((part) => used.has(part))) return [];
    return [finding('unused-fact', `/facts/${name}`, `“${own.text}”定义了却没有用到`, '删去，或核对条件和金额里的名称')];
  });
};

const called = /parameter\(\s*"([^"]+)"/g;

const formulas = (value: unknown, at: string): readonly { readonly at: string; readonly text: string }[] => {
  if (typeof value === 'string') return value.includes('parameter(') ? [{ at, text: value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => formulas(one, `${at}/${key}`));
};

/** Regions for which the parameter may be asked: the item's own where a value reaches it, else those below that have one. */
const regionsAsked = (parameter: Parameter, region: string | null, divisions: TreeIndex): readonly (string | null)[] => {
  const told = parameter.values.map((v) => v.region);
  if (region === null) return told.includes(null) ? [null] : [...new Set(told)];
  if (told.some((r) => r === null || divisions.within(region, r) === true)) return [region];
  return [...new Set(told.filter((r): r is string => r !== null && divisions.within(r, region) === true))];
};

/** The first day of the validity without a value; null: none. Only days on which something changes need asking. */
const firstGap = (parameter: Parameter, region: string | null, from: Day, to: Day | null, divisions: TreeIndex): Day | null => {
  const turns = parameter.values.flatMap((v) => [v.from, ...(v.to === null ? [] : [v.to])]);
  const days = [from, ...turns.filter((d) => d > from && (to === null || d <= to))].sort();
  return days.find((d) => parameterAt(parameter, region, d, divisions) === null) ?? null;
};

export const parameters = (l: Looked): readonly Finding[] => {
  const { item } = l.compiled;
  const divisions = treesOf(l.catalogue).get('division');
  if (divisions === undefined) return [];
  const asked = [...formulas(item.facts ?? {}, '/facts'), ...formulas(item.award, '/award')].flatMap(({ at, text }) =>
    [...text.matchAll(called)].map((m) => ({ at, key: m[1] ?? '' })),
  );
  return asked.flatMap(({ at, key }): readonly Finding[] => {
    const parameter = l.catalogue.parameters.find((p) => p.key === key);
    if (parameter === undefined)
      return [finding('no-parameter', at, `目录中没有参数“${key.slice(0, 40)}”，用到它的人都会待核`, '在目录的参数表中登记，或改正名称')];
    const regions = regionsAsked(parameter, item.region, divisions);
    if (regions.length === 0)
      return [finding('no-parameter', at, `“${parameter.label}”在本事项的地区没有数值，所有人都会待核`, '在参数表中录入本地区的数值')];
    const begin = item.effective.from ?? parameter.values.map((v) => v.from).sort()[0];
    if (begin === undefined) return [];
    const gaps = regions.flatMap((r) => firstGap(parameter, r, latest(begin, earliestOf(parameter)), item.effective.to, divisions) ?? []);
    const [first] = gaps.sort();
    const early = item.effective.from !== null && item.effective.from < earliestOf(parameter);
    if (early)
      return [
        finding(
          'parameter-gap',
          at,
          `“${parameter.label}”从 ${earliestOf(parameter)} 起才有数值，本事项从 ${item.effective.from} 起执行`,
          `补录此前的数值；${addDays(earliestOf(parameter), -1)} 及以前的所属期会待核`,
        ),
      ];
    return first === undefined
      ? []
      : [finding('parameter-gap', at, `“${parameter.label}”自 ${first} 起没有数值`, '补录这一天起的数值，否则届时会待核')];
  });
};

const earliestOf = (parameter: Parameter): Day => parameter.values.map((v) => v.from).sort()[0] ?? ('0001-01-01' as Day);
