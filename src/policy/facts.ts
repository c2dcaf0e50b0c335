// Facts of one item: names, order, types. Compiled twice: once to learn who reads whom, once in that order with real types.
import type { Catalogue } from '../catalogue/catalogue.ts';
import { factsOf } from '../catalogue/env.ts';
import { compileFeel, type Expression } from '../feel/feel.ts';
import { anyType, type FeelType } from '../feel/type.ts';
import { pointer } from '../rule/check.ts';
import { isObject } from '../rule/literal.ts';
import { clip, type Report } from '../rule/operand.ts';
import { feelAt, type Json, onlyKeys } from './checker.ts';
import { type CheckedClosing, closingAt, closingReads } from './closing-check.ts';
import { namesOf, type OwnName } from './vocabulary.ts';

export interface CompiledFacts {
  readonly names: readonly OwnName[];
  /** In an order in which each reads only earlier ones. */
  readonly expressions: ReadonlyMap<string, Expression>;
  /** Ranks and pools, in an order in which each reads only earlier ones. */
  readonly closings: readonly CheckedClosing[];
}

interface Declared {
  readonly name: string;
  readonly label: string;
  readonly feel: unknown;
  /** A rank or a pool instead of a formula. */
  readonly closing: Json | null;
  readonly unit: string | null;
  readonly at: string;
}

const reserved = new Set(['period', 'each', 'event', 'item', 'parameter', 'paid', 'external', 'subject']);
const useful: readonly FeelType['kind'][] = [
  'number',
  'boolean',
  'string',
  'code',
  'date',
  'list',
  'series',
  'record',
  'ymDuration',
  'dtDuration',
  'null',
];
const most = 60;

export const compileFacts = (
  raw: unknown,
  catalogue: Catalogue,
  register: string,
  around: readonly OwnName[],
  hasStart: boolean,
  report: Report,
  conditions: unknown,
): CompiledFacts => {
  const declared = declaredIn(raw, new Set(factsOf(catalogue, register).keys()), report);
  const loose = declared.map((d): OwnName => ({ name: d.name, label: d.label, type: anyType, kind: 'item' }));
  const first = namesOf(catalogue, register, [...around, ...loose]);
  const reads = new Map(
    declared.map((d) => [d.name, d.closing === null ? readsOf(d.feel, first.env) : closingReads(d.closing, conditions)]),
  );
  const order = orderOf(declared, reads, report);
  const names = new Map(loose.map((n) => [n.name, n]));
  const expressions = new Map<string, Expression>();
  const closings: CheckedClosing[] = [];
  let known = first;
  let typedSince = new Set<string>();
  for (const d of order) {
    // An environment costs more than most formulas: a new one only where the formula reads a fact that was typed since.
    const uses = reads.get(d.name)?.map((name) => name.split('.')[0] ?? name);
    if (d.closing !== null || uses === undefined || uses.some((name) => typedSince.has(name))) {
      known = namesOf(catalogue, register, [...around, ...names.values()]);
      typedSince = new Set();
    }
    typedSince.add(d.name);
    if (d.closing !== null) {
      const closing = closingAt(d.name, d.closing, d.at, { ...known, report, hasStart });
      if (closing !== null) closings.push(closing);
      const type: FeelType = d.closing.rank === undefined ? { kind: 'number', unit: '元' } : { kind: 'number' };
      names.set(d.name, { name: d.name, label: d.label, type, kind: 'item' });
      continue;
    }
    const expression = feelAt(d.feel, `${d.at}/feel`, { ...known, report, hasStart }, useful);
    if (expression === null) continue;
    expressions.set(d.name, expression);
    names.set(d.name, { name: d.name, label: d.label, type: typed(d, expression.type, report), kind: 'item' });
  }
  return { names: [...names.values()], expressions, closings };
};

const typed = (d: Declared, type: FeelType, report: Report): FeelType => {
  if (type.kind === 'any' || type.kind === 'null')
    report('rule.type', `${d.at}/feel`, '看不出公式的结果是什么类型', '改写公式，使各个分支得到同一类型的值');
  if (d.unit === null || type.kind !== 'number') return type;
  if (type.unit === undefined) return { kind: 'number', unit: d.unit };
  if (type.unit !== d.unit) report('rule.unit', `${d.at}/unit`, `公式的结果以${type.unit}计，与写明的单位${d.unit}不同`, '改正单位或公式');
  return type;
};

/** undefined: it does not compile, and may read anything. */
const readsOf = (feel: unknown, env: Parameters<typeof compileFeel>[1]): readonly string[] | undefined => {
  if (typeof feel !== 'string') return [];
  const compiled = compileFeel(feel, env);
  return compiled.ok ? compiled.reads : undefined;
};

const declaredIn = (raw: unknown, taken: ReadonlySet<string>, report: Report): readonly Declared[] => {
  if (raw === undefined) return [];
  if (!isObject(raw) || Object.keys(raw).length > most) {
    report('rule.shape', '/facts', `facts 须是对象，最多 ${most} 项`, '如 {"ageThisMonth": {"text": "当月周岁", "feel": "…"}}');
    return [];
  }
  return Object.entries(raw).flatMap(([name, f]) => {
    const at = `/facts/${pointer(name)}`;
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || name.length > 60 || reserved.has(name)) {
      report(
        'rule.name',
        at,
        `${clip(name)} 不能用作指标名`,
        '用字母、汉字、数字或下划线，不以数字开头，不用 period、each、event 等保留名',
      );
      return [];
    }
    if (taken.has(name)) {
      report('rule.name', at, `${name} 与指标目录中的指标同名`, '换一个名字，以免读错');
      return [];
    }
    return declaredOf(name, f, at, report);
  });
};

const declaredOf = (name: string, f: unknown, at: string, report: Report): readonly Declared[] => {
  if (!isObject(f)) {
    report('rule.shape', at, '指标须写 text 和 feel', '如 {"text": "当月周岁", "feel": "…"}');
    return [];
  }
  const raw: Json = f;
  const how = ['rank', 'pool'].find((k) => Object.hasOwn(raw, k));
  const keysFine = onlyKeys(raw, how === undefined ? ['text', 'feel', 'unit', 'covers'] : ['text', how, 'covers'], at, report);
  if (typeof raw.text !== 'string' || raw.text === '') report('rule.shape', `${at}/text`, '指标缺少中文名', '写 text，如“当月周岁”');
  const unit = typeof raw.unit === 'string' ? raw.unit : null;
  const label = typeof raw.text === 'string' ? raw.text : name;
  return keysFine ? [{ name, label, feel: raw.feel, closing: how === undefined ? null : raw, unit, at }] : [];
};

/** Depth first; whoever stands on a cycle is reported once and left out of the order. */
const orderOf = (
  declared: readonly Declared[],
  reads: ReadonlyMap<string, readonly string[] | undefined>,
  report: Report,
): readonly Declared[] => {
  const byName = new Map(declared.map((d) => [d.name, d]));
  const state = new Map<string, 'open' | 'done'>();
  const order: Declared[] = [];
  const visit = (d: Declared, path: readonly string[]): void => {
    if (state.get(d.name) === 'done') return;
    if (state.get(d.name) === 'open') {
      const loop = [...path.slice(path.indexOf(d.name)), d.name].join(' → ');
      report('rule.cycle', `${d.at}/feel`, `指标互相引用，成了循环：${loop}`, '改写其中一个公式，不再引用后面的指标');
      return;
    }
    state.set(d.name, 'open');
    for (const name of reads.get(d.name) ?? []) {
      const other = byName.get(name.split('.')[0] ?? name);
      if (other !== undefined) visit(other, [...path, d.name]);
    }
    state.set(d.name, 'done');
    order.push(d);
  };
  for (const d of declared) visit(d, []);
  return order;
};
