// Conditions in and out as plain json-rules-engine JSON. What the engine has no word for travels in `params` and `name`, both its own; operators beyond
// its own are listed so that another reader can register them. What cannot be taken over is refused with its place, never guessed.
import { type Problem, problem } from '../base/problem.ts';
import { pointer } from '../rule/check.ts';
import type { Condition } from '../rule/condition.ts';
import { isObject } from '../rule/literal.ts';
import { clip } from '../rule/operand.ts';
import { operators } from '../rule/operators.ts';
import { suggest } from '../rule/vocabulary.ts';
import { guard } from './guard.ts';

/** Operators json-rules-engine brings along, under the same names here. */
export const standardOperators: ReadonlySet<string> = new Set([
  'equal',
  'notEqual',
  'lessThan',
  'lessThanInclusive',
  'greaterThan',
  'greaterThanInclusive',
  'in',
  'notIn',
  'contains',
  'doesNotContain',
]);

type Json = Readonly<Record<string, unknown>>;

export interface Exported {
  /** What `new Engine().addRule({ conditions, event })` takes. */
  readonly conditions: Json;
  /** Operators the other side must register (`engine.addOperator`), with what they mean. */
  readonly customOperators: readonly { readonly name: string; readonly reading: string }[];
}

/** Where the reading of the table leaves the saying to the value. */
const readings: Readonly<Record<string, string>> = {
  between: '{fact}在{value}的范围内',
  absent: '{value} 为 true：已查明没有{fact}；为 false：有{fact}',
};

const kept = ['on', 'checkAt', 'clause', 'covers'] as const;

const outward = (c: Json, used: Set<string>): Json => {
  const params = Object.fromEntries(kept.flatMap((k) => (c[k] === undefined ? [] : [[k, c[k]]])));
  const own = {
    ...(c.text === undefined ? {} : { name: c.text }),
    ...(Object.keys(params).length === 0 ? {} : { params }),
  };
  if (Array.isArray(c.all)) return { all: c.all.map((x: Json) => outward(x, used)), ...own };
  if (Array.isArray(c.any)) return { any: c.any.map((x: Json) => outward(x, used)), ...own };
  if (isObject(c.not)) return { not: outward(c.not, used), ...own };
  used.add(String(c.operator));
  return { fact: c.fact, operator: c.operator, value: c.value, ...own };
};

/** A lone condition becomes an `all` of one: the engine wants a group at the top. */
export const exportConditions = (conditions: Condition): Exported => {
  const used = new Set<string>();
  const out = outward(conditions as unknown as Json, used);
  const custom = [...used].filter((name) => !standardOperators.has(name)).sort();
  return {
    conditions: 'fact' in out ? { all: [out] } : out,
    customOperators: custom.map((name) => ({ name, reading: readings[name] ?? operators.get(name)?.reading ?? name })),
  };
};

export type Imported =
  | {
      readonly ok: true;
      readonly conditions: Condition /** Chinese: what was left behind because it means nothing here. */;
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

interface Reading {
  readonly problems: Problem[];
  readonly notes: Set<string>;
}

/** Conditions, or a whole rule with `conditions` in it. Names and types are for the reader of rules to check. */
export const importConditions = (json: unknown): Imported => {
  const hostile = guard(json);
  if (hostile.length > 0) return { ok: false, problems: hostile };
  const reading: Reading = { problems: [], notes: new Set() };
  const whole = isObject(json) && isObject(json.conditions);
  const raw = whole ? (json.conditions as unknown) : json;
  if (whole)
    for (const key of Object.keys(json).filter((k) => k !== 'conditions')) reading.notes.add(`${clip(key)} 不属于条件，没有带入。`);
  const conditions = inward(raw, whole ? '/conditions' : '', reading);
  return conditions === null || reading.problems.length > 0
    ? { ok: false, problems: reading.problems }
    : { ok: true, conditions, notes: [...reading.notes] };
};

const refuse = (r: Reading, at: string, message: string, hint: string): null => {
  r.problems.push(problem('rule.exchange', at, message, hint));
  return null;
};

const groups = ['all', 'any', 'not'] as const;

const inward = (raw: unknown, at: string, r: Reading): Condition | null => {
  if (!isObject(raw)) return refuse(r, at, '条件须是一个对象。', '写 {"fact": …, "operator": …, "value": …}，或 all / any / not。');
  if (raw.condition !== undefined) return refuse(r, `${at}/condition`, '引用别处的条件带不过来。', '把被引用的条件写在这里，再导入。');
  const own = extras(raw, at, r);
  const given = groups.filter((k) => Object.hasOwn(raw, k));
  const [group] = given;
  if (group === undefined) return leaf(raw, at, own, r);
  if (given.length > 1 || Object.hasOwn(raw, 'fact'))
    return refuse(r, at, '一个条件只能是 all、any、not 或单项中的一种。', '拆成几个条件。');
  strangers(raw, [group, ...common], at, r);
  if (group === 'not') {
    const child = inward(raw.not, `${at}/not`, r);
    return child === null ? null : { not: child, ...own };
  }
  const list = raw[group];
  if (!Array.isArray(list) || list.length === 0)
    return refuse(r, `${at}/${group}`, '空的条件组会让所有人都符合，不带入。', '补上条件，或删去这一组。');
  const children = list.map((c, i) => inward(c, `${at}/${group}/${i}`, r));
  if (!children.every((c): c is Condition => c !== null)) return null;
  return group === 'all' ? { all: children, ...own } : { any: children, ...own };
};

const common = ['name', 'params', 'priority'];

const strangers = (raw: Json, known: readonly string[], at: string, r: Reading): void => {
  if (raw.priority !== undefined) r.notes.add('priority 只影响判断次序，这里全部判断，没有带入。');
  for (const key of Object.keys(raw))
    if (!known.includes(key))
      refuse(r, `${at}/${pointer(key)}`, `不认识的键 ${clip(key)}。`, suggest(key, known, `可用：${known.join('、')}`));
};

/** `name` is the remark; `params` carries only what was put there on the way out. */
const extras = (raw: Json, at: string, r: Reading): Json => {
  const out: Record<string, unknown> = {};
  if (raw.name !== undefined) out.text = raw.name;
  if (raw.params === undefined) return out;
  if (!isObject(raw.params)) {
    refuse(r, `${at}/params`, 'params 须是一个对象。', '改成对象或删去。');
    return out;
  }
  for (const [key, value] of Object.entries(raw.params)) {
    if ((kept as readonly string[]).includes(key)) out[key] = value;
    else
      refuse(
        r,
        `${at}/params/${pointer(key)}`,
        `参数 ${clip(key)} 在这里没有意义。`,
        '把带参数的计算写成事项的指标（facts），条件只比较指标。',
      );
  }
  return out;
};

const leaf = (raw: Json, at: string, own: Json, r: Reading): Condition | null => {
  strangers(raw, ['fact', 'operator', 'value', 'path', ...common], at, r);
  const fact = factOf(raw, at, r);
  const { operator: named } = raw;
  if (!Object.hasOwn(raw, 'value')) return refuse(r, at, '条件缺少 value。', '补上要比较的值。');
  if (typeof named !== 'string') return refuse(r, `${at}/operator`, '条件缺少 operator。', '补上运算符名。');
  const negated = named.startsWith('not:');
  const operator = negated ? named.slice(4) : named;
  if (operator.includes(':'))
    return refuse(r, `${at}/operator`, `运算符前缀 ${clip(named)} 带不过来。`, '集合的判断用 intersects、disjoint，或写成指标。');
  if (!operators.has(operator))
    return refuse(
      r,
      `${at}/operator`,
      `没有名为 ${clip(operator)} 的运算符。`,
      suggest(operator, operators.keys(), '改成已有的运算符，或写成指标。'),
    );
  if (fact === null) return null;
  const value = valueIn(raw.value, `${at}/value`, r);
  if (value === undefined) return null;
  const plain = { fact, operator, value };
  return negated ? { not: plain, ...own } : { ...plain, ...own };
};

/** `$.region.code` of a fact becomes `fact.region.code` where it is a plain path. */
const factOf = (raw: Json, at: string, r: Reading): string | null => {
  if (typeof raw.fact !== 'string' || raw.fact === '') return refuse(r, `${at}/fact`, '条件缺少 fact。', '写指标名。');
  if (raw.path === undefined) return raw.fact;
  const path = typeof raw.path === 'string' ? /^\$?\.?([\p{L}\p{N}_]+)$/u.exec(raw.path)?.[1] : undefined;
  return path === undefined
    ? refuse(r, `${at}/path`, '这个路径带不过来：只认一层字段。', '写成事项的指标（facts），条件只比较指标。')
    : `${raw.fact}.${path}`;
};

const valueIn = (raw: unknown, at: string, r: Reading): unknown => {
  if (!isObject(raw) || raw.fact === undefined) return raw;
  const other = Object.keys(raw).filter((k) => k !== 'fact' && k !== 'path');
  if (other.length > 0) {
    refuse(r, `${at}/${pointer(other[0] ?? '')}`, '被比较的指标不能带参数。', '写成事项的指标（facts）。');
    return undefined;
  }
  const fact = factOf(raw, at, r);
  return fact === null ? undefined : { fact };
};
