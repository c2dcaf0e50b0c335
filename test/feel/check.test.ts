// What is told before anything runs: names, types, units, punctuation; and that hostile text is refused in good time.

import { describe, expect, it } from 'vitest';
import { compileFeel, evaluate, outOfSteps } from '../../src/feel/feel.ts';
import { say } from '../../src/feel/say.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { booleanType, categoryOf, codeIn, dateType, listOf, numberIn, recordOf, typeEnv, typeName } from '../../src/feel/type.ts';
import { isUnknown } from '../../src/feel/value.ts';

const env = typeEnv({
  birthDate: dateType,
  'period.start': dateType,
  'period.end': dateType,
  revenue: { kind: 'series', unit: '万元' },
  营收: numberIn('万元'),
  补贴: numberIn('元'),
  人数: numberIn('人'),
  状态: categoryOf('在营', '注销'),
  hukouRegion: codeIn('division'),
  alive: booleanType,
  'gross output': numberIn('元'),
  用工: listOf(recordOf({ 类别: categoryOf('毕业生', '其他'), 参保月数: numberIn('月'), 入职日期: dateType })),
});

/** The codes found, or the type when all is well. */
const check = (text: string): string => {
  const c = compileFeel(text, env);
  return c.ok ? typeName(c.type) : c.problems.map((p) => `${p.code}@${p.at}`).join(' ');
};

describe('what is right has a type', () => {
  it.each([
    ['count(用工[类别 = "毕业生" and 参保月数 >= 3]) * 1500', '数值'],
    ['营收 * 0.05', '数值（万元）'],
    ['convert(营收, "万元", "元") + 补贴', '数值（元）'],
    ['人数 * 1500 + 补贴', '数值（元）'],
    ['补贴 / 补贴', '数值'],
    ['age at(birthDate, period.end) >= 80', '是否'],
    ['value at(revenue, "2025")', '数值（万元）'],
    ['gross output + 1', '数值（元）'],
    ['用工[1].入职日期 + duration("P3M")', '日期'],
    ['birthDate + duration("P80Y") <= period.end', '是否'],
    ['within(hukouRegion, "530000") and alive', '是否'],
    ['状态 in ("在营", "注销")', '是否'],
    ['if 状态 = "在营" then 补贴 else 0', '数值（元）'],
    ['用工.参保月数', '清单（数值（月））'],
    ['birthDate = null', '是否'],
    ['count（用工［参保月数 ＞ ３］） ＋ 1', '数值'],
  ])('%s: %s', (text, type) => expect(check(text)).toBe(type));
});

describe('what is wrong is told with its place', () => {
  it.each([
    ['营收 + 补贴', 'feel.unit@1:1'],
    ['营收 > 补贴', 'feel.unit@1:1'],
    ['min(营收, 补贴)', 'feel.unit@1:1'],
    ['补贴 + 人数', 'feel.unit@1:1'],
    ['if alive then 营收 else 补贴', 'feel.unit@1:23'],
    ['convert(营收, "元", "万元")', 'feel.argument@1:1'],
    ['birthdate', 'feel.name@1:1'],
    ['1 + 不存在', 'feel.name@1:5'],
    ['状态 = "吊销"', 'feel.category@1:1'],
    ['状态 in ("在营", "停业")', 'feel.category@1:14'],
    ['birthDate + 3', 'feel.operand@1:1'],
    ['birthDate > 3', 'feel.operand@1:1'],
    ['if 人数 then 1 else 2', 'feel.condition@1:4'],
    ['alive and 人数', 'feel.condition@1:11'],
    ['用工.工资', 'feel.field@1:1'],
    ['用工["x"]', 'feel.filter@1:4'],
    ['foo(1)', 'feel.function@1:1'],
    ['count(1, 2)', 'feel.arity@1:1'],
    ['count(人数)', 'feel.argument@1:1'],
    ['within(状态, "530000")', 'feel.argument@1:1'],
    ['人数 + null', 'feel.null@1:1'],
    ['revenue + 1', 'feel.operand@1:1'],
    ['营收≥3', 'feel.punctuation@1:3'],
    ['上年营收，本年营收', 'feel.syntax@1:5'],
    ['"没有结束', 'feel.quote@1:1'],
    ['人数 +', 'feel.syntax@1:5'],
    ['', 'feel.empty@1:1'],
    ['1 +\n  不存在', 'feel.name@2:3'],
    ['不存在 + 也没有', 'feel.name@1:1 feel.name@1:7'],
  ])('%j: %s', (text, found) => expect(check(text)).toBe(found));

  it('with the nearest names', () => {
    const c = compileFeel('birthdate', env);
    expect(!c.ok && c.problems[0]?.hint).toContain('birthDate');
  });
});

describe('what is read', () => {
  it.each([
    ['count(用工[参保月数 > 3])', ['用工', '用工.参保月数']],
    ['for w in 用工 return w.入职日期.year', ['用工', '用工.入职日期']],
    ['age at(birthDate, period.end)', ['birthDate', 'period.end']],
    ['1 + 1', []],
  ])('%s', (text, reads) => {
    const c = compileFeel(text, env);
    expect(c.ok && c.reads).toEqual(reads);
  });
});

describe('hostile text', () => {
  const calm = (text: string, ms: number): string => {
    // Processor time: a busy machine must not fail what is quick. A quadratic or exponential reading takes minutes.
    const before = process.cpuUsage();
    const c = compileFeel(text, env);
    const result = c.ok ? evaluate(c.expression, scopeOf({})) : null;
    const took = process.cpuUsage(before);
    expect((took.user + took.system) / 1000, text.slice(0, 40)).toBeLessThan(ms);
    return c.ok ? (isUnknown(result) ? result.missing.join() : 'value') : (c.problems[0]?.code ?? '');
  };

  it.each([
    [`${'('.repeat(5000)}1${')'.repeat(5000)}`, 'feel.deep'],
    [`${'-'.repeat(9000)}1`, 'feel.long'],
    [`${'1+'.repeat(9000)}1`, 'feel.long'],
    [`${'not('.repeat(400)}true${')'.repeat(400)}`, 'feel.deep'],
    ['a '.repeat(9000), 'feel.syntax'],
    ['x'.repeat(30_000), 'feel.long'],
    ['"'.repeat(9001), 'feel.quote'],
    ['10 ** (10 ** 10)', 'value'],
    ['10 ** 10 ** 10', 'value'],
    ['for i in 1..1000000000000 return i', outOfSteps],
    ['count(for i in 1..1000, j in 1..1000, k in 1..1000 return 1)', outOfSteps],
    ['for i in 1..60 return if count(partial) = 0 then [1, 1] else concatenate(partial[-1], partial[-1])', outOfSteps],
    ['for i in 1..60 return if count(partial) = 0 then [1, 1] else [partial[-1], partial[-1]]', outOfSteps],
    ['{w: function(f) f(f)}.w(function(f) f(f))', outOfSteps],
    [`matches("${'a'.repeat(5000)}!", "(a+)+$")`, 'value'],
  ])('%.30j…: %s', (text, answer) => expect(calm(text, 1500)).toBe(answer));
});

describe('the Chinese reading', () => {
  const labels: Readonly<Record<string, string>> = { birthDate: '出生日期', 用工: '用工', 'period.end': '期末', hukouRegion: '户籍地' };
  it.each([
    ['age at(birthDate, period.end)', '期末的周岁（按出生日期）'],
    ['count(用工[类别 = "毕业生" and 参保月数 >= 3]) * 1500', '用工中类别为“毕业生”，且参保月数不小于 3 的项的个数 × 1500'],
    ['if 状态 = "在营" then 1 else 2', '若状态为“在营”，则 1；否则 2'],
    ['within(hukouRegion, "530000")', '户籍地属于“530000”'],
    ['(人数 + 1) * 2', '（人数 + 1） × 2'],
    ['birthDate + duration("P3Y")', '出生日期 + 3年'],
    ['at most(人数 * 100, 500)', '人数 × 100，最高 500'],
  ])('%s', (text, reading) => {
    const c = compileFeel(text, env);
    expect(c.ok && say(c.expression, (name) => labels[name])).toBe(reading);
  });
});
