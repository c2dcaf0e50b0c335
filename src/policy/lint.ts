// Warnings beyond errors: an item that runs, but that an officer should look at again. Each has a place, a reason and a way out.
import type { Day } from '../base/day.ts';
import { type Problem, problem } from '../base/problem.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { factsOf } from '../catalogue/env.ts';
import { unknown } from '../feel/value.ts';
import type { FactSource } from '../rule/facts.ts';
import { leavesOf, type ReadyLeaf } from '../rule/ready.ts';
import { openSession } from '../rule/session.ts';
import { computeAward } from './award.ts';
import type { CompiledItem } from './compile.ts';
import { branchCoverage, type Coverage } from './coverage.ts';
import { type LogicFinding, logicFindings } from './lint-logic.ts';

const warn = (code: string, at: string, message: string, hint: string): Problem => problem(`rule.lint-${code}`, at, message, hint);

interface Looked {
  readonly compiled: CompiledItem;
  readonly catalogue: Catalogue;
  readonly leaves: readonly ReadyLeaf[];
  /** Facts the item reads, with where a condition names them. */
  readonly facts: readonly { readonly fact: Fact; readonly at: string }[];
}

const look = (compiled: CompiledItem, catalogue: Catalogue): Looked => {
  const leaves = [compiled.match, ...(compiled.payment === null ? [] : [compiled.payment])].flatMap(leavesOf);
  const facts = compiled.reads.flatMap((r) => {
    const fact = factsOf(catalogue, r.register).get(r.fact);
    const leaf = leaves.find((l) => l.fact === r.path);
    return fact === undefined ? [] : [{ fact, at: leaf?.at ?? '' }];
  });
  return { compiled, catalogue, leaves, facts };
};

/** Facts that every citizen item reads without saying so do not count as a choice of the officer. */
const chosen = (l: Looked): Looked['facts'] => l.facts.filter(({ fact, at }) => fact.key !== 'deathDate' || at !== '');

const legalUse = (l: Looked): readonly Problem[] =>
  l.compiled.item.mode !== 'auto'
    ? []
    : chosen(l)
        .filter(({ fact }) => fact.legalUse === 'precompute')
        .map(({ fact, at }) =>
          warn('precompute', at, `免申即享不能以“${fact.label}”定金额：这项数据依法只能用于预填`, '改为 confirm（一键确认），或换一项依据'),
        );

const purpose = (l: Looked): readonly Problem[] =>
  chosen(l)
    .filter(({ fact }) => !fact.purposes.includes('*') && !fact.purposes.includes(l.compiled.item.id))
    .map(({ fact, at }) => warn('purpose', at, `“${fact.label}”没有授权用于本事项`, '先与数源部门商定用途，写入指标目录的 purposes'));

const supplied = (l: Looked): readonly Problem[] => {
  const known = new Set(l.catalogue.datasets.map((d) => d.id));
  return chosen(l)
    .filter(({ fact }) => !fact.datasets.some((d) => known.has(d)))
    .map(({ fact, at }) => warn('unsupplied', at, `没有数据集报送“${fact.label}”，所有人都会待核`, '在目录中登记报送它的数据集'));
};

const taxWords = /纳税额|纳税总额|税收贡献|缴税额|财政贡献/;
const tax = (l: Looked): readonly Problem[] =>
  l.leaves
    .filter((leaf) => taxWords.test(leaf.label))
    .map((leaf) => warn('tax', leaf.at, `以“${leaf.label}”为条件，可能违反公平竞争审查条例`, '请法规部门确认，或改用与税收无关的条件'));

const logicTexts: Readonly<Record<LogicFinding['kind'], readonly [string, string]>> = {
  contradiction: ['条件互相矛盾，没有人能同时满足', '核对各个界限和取值'],
  tautology: ['条件总是成立，等于没有条件', '核对各个界限和取值，或删去'],
  duplicate: ['条件重复', '删去一个'],
  subsumed: ['条件已被同组另一个包含，不起作用', '删去，或核对界限'],
};

const logic = (l: Looked): readonly Problem[] =>
  [l.compiled.match, ...(l.compiled.payment === null ? [] : [l.compiled.payment])]
    .flatMap((c) => logicFindings(c, l.catalogue))
    .map((f) =>
      warn(f.kind, f.at, `${f.label}：${logicTexts[f.kind][0]}${f.other === null ? '' : `（见 ${f.other}）`}`, logicTexts[f.kind][1]),
    );

const exposing = /孤儿|未成年|儿童|婴|计生|特扶|失独|大病|疾病|罕见病|精神|艾滋/;
const publicity = (l: Looked): readonly Problem[] => {
  const { item } = l.compiled;
  const flows = Object.values(item.flow).some((steps) => steps?.includes('publicity'));
  if (!flows || item.audience !== 'citizen') return [];
  const values = l.leaves.flatMap((leaf) => (leaf.operand.kind === 'literal' ? [JSON.stringify(leaf.operand.value, textOnly)] : []));
  const found = [item.title, ...l.leaves.map((leaf) => leaf.label), ...values].find((text) => exposing.test(text));
  if (found === undefined) return [];
  return [
    warn(
      'publicity',
      '/publicity',
      '公示名单会暴露未成年人、孤儿、计生特殊家庭或患病者',
      '删去 publicity，并写 "publicity": {"none": "原因"}',
    ),
  ];
};
/** bigint has no JSON; nothing but texts matters here. */
const textOnly = (_: string, v: unknown): unknown => (typeof v === 'bigint' ? Number(v) : v);

const death = (l: Looked): readonly Problem[] => {
  const { item } = l.compiled;
  const paid = item.audience === 'citizen' && item.mode !== 'push' && l.compiled.plan.deathFact !== null;
  if (!paid || l.leaves.some((leaf) => leaf.fact === 'deathDate')) return [];
  return [warn('death', '/conditions', '没有判断是否已去世，可能发给已去世的人', '加上：没有死亡日期，或死亡日期不早于期初')];
};

/** Everything unknown: what the award can be at most. */
const nothingKnown: FactSource = {
  read: (fact) => ({ value: unknown(fact), source: null }),
  readAll: (fact) => [{ value: unknown(fact), source: null }],
  parameter: (key) => ({ value: unknown(`parameter:${key}`), source: null }),
  external: (key) => ({ value: unknown(`external:${key}`), source: null }),
  paid: () => [],
  within: () => null,
};

const bounded = (l: Looked): readonly Problem[] => {
  const { compiled } = l;
  const day = '2026-01-31' as Day;
  const session = openSession(compiled.plan, nothingKnown, { kind: 'once', key: 'once', start: day, end: day, knownAt: day });
  const capped = compiled.item.limits.some((limit) => 'cap' in limit);
  if (capped || computeAward(compiled.award, compiled.instalments, session, null).state !== 'unknown') return [];
  return [
    warn(
      'unbounded',
      '/award',
      '金额没有上限，一个错误的数据可能付出任意大的数',
      '写 cap，或在 limits 中写 cap；文件确无上限的，写一个合理的核查线',
    ),
  ];
};

const fewest = 3;
const examples = (l: Looked, coverage: Coverage): readonly Problem[] => {
  const count = l.compiled.item.examples.length;
  const few =
    count >= fewest ? [] : [warn('few-examples', '/examples', `只有 ${count} 个例子`, `至少写 ${fewest} 个：符合、不符合、缺数据`)];
  const words: Readonly<Record<string, string>> = { true: '满足', false: '不满足', unknown: '缺数据' };
  const open = coverage.open.map((o) => {
    const [at = '', outcome] = o.split(' ');
    const what = outcome === undefined ? '没有例子用到这一档或这一部分' : `没有例子试过这个条件“${words[outcome]}”`;
    return warn('untried', at, what, '补一个例子');
  });
  return [...few, ...open];
};

export interface Lint {
  readonly warnings: readonly Problem[];
  readonly coverage: Coverage;
}

/** Every warning of a compiled item. */
export const lintItem = (compiled: CompiledItem, catalogue: Catalogue): Lint => {
  const l = look(compiled, catalogue);
  const coverage = branchCoverage(compiled, catalogue);
  const rules = [legalUse, purpose, supplied, tax, logic, publicity, death, bounded];
  return { warnings: [...rules.flatMap((rule) => rule(l)), ...examples(l, coverage)], coverage };
};
