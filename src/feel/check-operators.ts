// Which types an operator takes and what comes out; what does not fit is told to the author.

import type { BinaryOperator, ComparisonOperator } from './ast.ts';
import { anyType, dtDurationType, type FeelType, listOf, numberType, typeName } from './type.ts';
import { clash, number, productUnit, quotientUnit, unitOf } from './units.ts';

/** A finding without a place; the checker adds where. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export type Typed = { readonly type: FeelType; readonly finding?: Finding };

const is = (t: FeelType, ...kinds: readonly FeelType['kind'][]): boolean => kinds.includes(t.kind);
const isDuration = (t: FeelType): boolean => is(t, 'ymDuration', 'dtDuration');
const isMoment = (t: FeelType): boolean => is(t, 'date', 'dateTime');

const operatorNames: Readonly<Record<BinaryOperator, string>> = { '+': '相加', '-': '相减', '*': '相乘', '/': '相除', '**': '求乘方' };

const unitFinding = (a: FeelType, b: FeelType, what: string): Finding => ({
  code: 'unit',
  message: `单位不同，不能${what}：${unitOf(a)} 与 ${unitOf(b)}`,
  hint: `先用 convert(数值, "${unitOf(a)}", "${unitOf(b)}") 换算成同一单位`,
});

const plusKinds = (a: FeelType, b: FeelType): FeelType | undefined => {
  if (is(a, 'number') && is(b, 'number')) return number(unitOf(a) ?? unitOf(b));
  if (is(a, 'string', 'code') && is(b, 'string', 'code')) return { kind: 'string' };
  if (isMoment(a) && isDuration(b)) return a;
  if (isDuration(a) && isMoment(b)) return b;
  if (is(a, 'time') && is(b, 'dtDuration')) return a;
  if (is(a, 'dtDuration') && is(b, 'time')) return b;
  return isDuration(a) && a.kind === b.kind ? a : undefined;
};

const minusKinds = (a: FeelType, b: FeelType): FeelType | undefined => {
  if (is(a, 'number') && is(b, 'number')) return number(unitOf(a) ?? unitOf(b));
  if (isMoment(a) && isMoment(b)) return dtDurationType;
  if (is(a, 'time') && is(b, 'time')) return dtDurationType;
  if (isMoment(a) && isDuration(b)) return a;
  if (is(a, 'time') && is(b, 'dtDuration')) return a;
  return isDuration(a) && a.kind === b.kind ? a : undefined;
};

const timesKinds = (a: FeelType, b: FeelType): FeelType | undefined => {
  if (is(a, 'number') && is(b, 'number')) return number(productUnit(unitOf(a), unitOf(b)));
  if (is(a, 'number') && isDuration(b)) return b;
  return isDuration(a) && is(b, 'number') ? a : undefined;
};

const overKinds = (a: FeelType, b: FeelType): FeelType | undefined => {
  if (is(a, 'number') && is(b, 'number')) return number(quotientUnit(unitOf(a), unitOf(b)));
  if (isDuration(a) && is(b, 'number')) return a;
  return isDuration(a) && a.kind === b.kind ? numberType : undefined;
};

const kindsOf: Readonly<Record<BinaryOperator, (a: FeelType, b: FeelType) => FeelType | undefined>> = {
  '+': plusKinds,
  '-': minusKinds,
  '*': timesKinds,
  '/': overKinds,
  '**': (a, b) => (is(a, 'number') && is(b, 'number') ? numberType : undefined),
};

const arithmeticHint = (a: FeelType, b: FeelType): string => {
  if ((isMoment(a) && is(b, 'number')) || (is(a, 'number') && isMoment(b))) return '日期加减用时长，例如 duration("P3M")、duration("P10D")';
  if (is(a, 'list') || is(b, 'list')) return '先用 sum、count 等把清单变成一个数';
  if (is(a, 'series') || is(b, 'series')) return '先用 value at(序列, 期间) 取出一个数';
  return '检查两边的指标是否选对';
};

/** Any operand of a type nobody knows passes; what it makes of the other side is a guess kept to `any`. */
export const arithmeticType = (operator: BinaryOperator, a: FeelType, b: FeelType, units: boolean): Typed => {
  if (is(a, 'null') || is(b, 'null')) {
    return {
      type: anyType,
      finding: { code: 'null', message: `与空值${operatorNames[operator]}，结果总是空`, hint: '去掉 null，或用 if 说明空值怎么办' },
    };
  }
  if (is(a, 'any') || is(b, 'any')) return { type: is(a, 'number') && is(b, 'any') && operator === '**' ? numberType : anyType };
  const type = kindsOf[operator](a, b);
  if (type === undefined) {
    const message = `${typeName(a)}与${typeName(b)}不能${operatorNames[operator]}`;
    return { type: anyType, finding: { code: 'operand', message, hint: arithmeticHint(a, b) } };
  }
  const additive = operator === '+' || operator === '-';
  if (units && additive && clash(unitOf(a), unitOf(b))) return { type, finding: unitFinding(a, b, operatorNames[operator]) };
  return { type };
};

export const negateType = (t: FeelType): Typed => {
  if (is(t, 'number', 'any') || isDuration(t)) return { type: t };
  return { type: anyType, finding: { code: 'operand', message: `${typeName(t)}前面不能加负号`, hint: '负号只用于数值和时长' } };
};

const family = (t: FeelType): string => (t.kind === 'code' ? 'string' : t.kind === 'series' ? 'record' : t.kind);

const comparable = (a: FeelType, b: FeelType): boolean => {
  if (is(a, 'any') || is(b, 'any')) return true;
  if (is(a, 'list') && is(b, 'list')) return comparable((a as { element: FeelType }).element, (b as { element: FeelType }).element);
  return family(a) === family(b);
};

const ordered: ReadonlySet<string> = new Set(['any', 'number', 'string', 'code', 'date', 'time', 'dateTime', 'ymDuration', 'dtDuration']);

const outsideEnumeration = (category: FeelType, other: FeelType): Finding | undefined => {
  if (category.kind !== 'string' || other.kind !== 'string' || category.values === undefined || other.values === undefined)
    return undefined;
  const { values } = category;
  const wrong = other.values.filter((v) => !values.includes(v));
  if (wrong.length === 0 || wrong.length < other.values.length) return undefined;
  return {
    code: 'category',
    message: `“${wrong[0]}”不是这个分类的取值，比较永远不成立`,
    hint: `可选：${values.slice(0, 12).join('、')}${values.length > 12 ? ' 等' : ''}`,
  };
};

/** Comparing what can never be equal or ordered is a mistake, not false. Equality with null is a question and allowed. */
export const compareFinding = (operator: ComparisonOperator | 'between', a: FeelType, b: FeelType, units: boolean): Finding | undefined => {
  const equality = operator === '=' || operator === '!=';
  if (is(a, 'null') || is(b, 'null')) {
    return equality ? undefined : { code: 'null', message: '空值没有大小，比较结果总是空', hint: '判断有没有用 = null' };
  }
  if (!comparable(a, b)) {
    return {
      code: 'operand',
      message: `${typeName(a)}与${typeName(b)}不能比较`,
      hint: '两边要是同一类；文字加引号，日期写成 @"2026-01-31"',
    };
  }
  if (!equality && !(ordered.has(a.kind) && ordered.has(b.kind))) {
    return { code: 'operand', message: `${typeName(ordered.has(a.kind) ? b : a)}没有大小之分`, hint: '只能判断相等，或先取出其中的数值' };
  }
  if (units && clash(unitOf(a), unitOf(b))) return unitFinding(a, b, '比较');
  return outsideEnumeration(a, b) ?? outsideEnumeration(b, a);
};

/** `x in test`: the test is a value, a list of values or ranges, or a range. */
export const memberFinding = (x: FeelType, test: FeelType, units: boolean): Finding | undefined => {
  if (x.kind === 'any' || test.kind === 'any') return undefined;
  if (test.kind === 'range') return memberFinding(x, test.element, units);
  if (test.kind === 'list' && x.kind !== 'list') return memberFinding(x, test.element, units);
  return compareFinding('=', x, test, units);
};

/** The type that holds both; units and enumerations survive only where they agree or one side has none. */
export const unify = (a: FeelType, b: FeelType): FeelType => {
  if (a === b || is(b, 'null')) return a;
  if (is(a, 'null')) return b;
  if (a.kind === 'number' && b.kind === 'number')
    return number(a.unit === b.unit || b.unit === undefined ? a.unit : a.unit === undefined ? b.unit : undefined);
  if (a.kind === 'string' && b.kind === 'string') {
    return a.values === undefined || b.values === undefined
      ? { kind: 'string' }
      : { kind: 'string', values: [...new Set([...a.values, ...b.values])] };
  }
  if (a.kind === 'list' && b.kind === 'list') return listOf(unify(a.element, b.element));
  if (a.kind === 'record' && b.kind === 'record') {
    // A field only one of them has may be there: at run time it is null where it is not.
    const both = Object.keys(b.fields).map((k) => [
      k,
      Object.hasOwn(a.fields, k) ? unify(a.fields[k] as FeelType, b.fields[k] as FeelType) : b.fields[k],
    ]);
    return { kind: 'record', fields: { ...a.fields, ...Object.fromEntries(both) } };
  }
  return a.kind === b.kind && !is(a, 'range', 'function') ? a : is(a, 'range') && is(b, 'range') ? a : anyType;
};

/** Two branches of one value in different units would make a number of no unit at all. */
export const unifyFinding = (a: FeelType, b: FeelType, units: boolean): Finding | undefined =>
  units && a.kind === 'number' && b.kind === 'number' && clash(a.unit, b.unit) ? unitFinding(a, b, '放在同一处') : undefined;
