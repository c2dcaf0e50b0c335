// House built-ins whose answer comes from outside the expression (trees, parameters, external series, the ledger), and units.

import { mul, type Rational, ratio } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { formatValue } from './format.ts';
import type { Frame } from './frame.ts';
import { row } from './row.ts';
import type { FeelType } from './type.ts';
import { conversion, number, unitOf } from './units.ts';
import { isList, unknown, type Value } from './value.ts';

/** Asks the scope; one that does not answer leaves the call unknown, named by what was asked. */
const ask =
  (name: string) =>
  (f: Frame, ...args: readonly (Value | undefined)[]): Value => {
    const given = args.flatMap((a) => (a === undefined ? [] : [a]));
    const last = given[given.length - 1];
    const flat = spreads.has(name) && last !== undefined && isList(last) ? [...given.slice(0, -1), ...last] : given;
    return f.scope.call?.(name, flat) ?? unknown([name, ...flat.map(formatValue)].join(':'));
  };

const spreads: ReadonlySet<string> = new Set(['parameter', 'external', 'paid']);

const treeOf = (t: FeelType | undefined): string | null => (t?.kind === 'code' ? t.tree : null);

const convert = (x: Rational, from: string, to: string): Value => {
  const factor = conversion(from, to);
  return factor === undefined ? null : mul(x, ratio(factor[0], factor[1]));
};

const convertType = ([x]: readonly FeelType[], [, from, to]: readonly (Value | undefined)[]): FeelType | string => {
  if (typeof from !== 'string' || typeof to !== 'string') return '换算的两个单位要直接写成文字，例如 "万元"、"元"';
  if (conversion(from, to) === undefined) return `没有从${from}到${to}的固定换算`;
  const own = x === undefined ? undefined : unitOf(x);
  return own !== undefined && own !== from ? `这个数的单位是${own}，不是${from}` : number(to);
};

export const surroundingBuiltins: readonly Builtin[] = [
  row(
    'within(tree: string, code: string?, ancestor: string): boolean',
    '属于',
    '{2} 属于 {3}',
    '代码在树上位于该节点或其下；第一个参数由代码的类型带出，写 within(代码, 上级)。',
    null,
    [
      ['within(region, "530000")', 'true', { region: '"530128"' }],
      ['within(region, "530128")', 'true', { region: '"530128"' }],
      ['within(region, "110000")', 'false', { region: '"530128"' }],
    ],
    {
      runIn: ask('within'),
      extra: (args) => [treeOf(args[0]) ?? ''],
      type: ([, code]) =>
        code === undefined || code.kind === 'any' || code.kind === 'code' || code.kind === 'null'
          ? { kind: 'boolean' }
          : '第一个参数要是分类代码（如户籍地、行业）',
    },
  ),
  row(
    'parameter(name: string, *keys: any): number',
    '参数',
    '参数 {1}[（{2}）]',
    '按地区、日期取参数表的数；没有登记则未知。',
    null,
    [
      ['parameter("minWage", "530000", @"2026-01-31")', '1990'],
      ['parameter("minWage", "110000", @"2026-01-31")', '2540'],
      ['parameter("minWage", "530000", @"2026-01-31") * 2', '3980'],
    ],
    { runIn: ask('parameter') },
  ),
  row(
    'parameter(name: string): number',
    '参数',
    '参数 {1}',
    '地区取事项所在地，日期取判定日。',
    null,
    [
      ['parameter("minWage")', '1990'],
      ['parameter("minWage") * 0.5', '995'],
      ['parameter("minWage") > 1000', 'true'],
    ],
    { runIn: ask('parameter') },
  ),
  row(
    'external(name: string, *keys: any): number',
    '外部指标',
    '外部指标 {1}[（{2}）]',
    '如居民消费价格指数，按期间取数。',
    null,
    [
      ['external("cpi", "2025-12")', '103.5'],
      ['external("cpi", "2025-12") >= 103.5', 'true'],
      ['external("cpi", "2025-12") - 100', '3.5'],
    ],
    { runIn: ask('external') },
  ),
  row(
    'paid(*items: any): number<元>',
    '已兑付',
    '已兑付（{1}）',
    '台账中已兑付的金额（元），本次匹配除外；没有为 0。',
    null,
    [
      ['paid("luquan-gaoling")', '1200'],
      ['paid("luquan-gaoling", "2025")', '720'],
      ['max(0, 2000 - paid("luquan-gaoling"))', '800'],
    ],
    { runIn: ask('paid') },
  ),
  row(
    'convert(x: number, from: string, to: string): number',
    '换算',
    '{1} 由{2}换算为{3}',
    '单位换算，如万元到元；没有固定换算关系的不可用。',
    convert,
    [
      ['convert(12.5, "万元", "元")', '125000'],
      ['convert(18, "月", "年")', '1.5'],
      ['convert(2, "年", "月")', '24'],
    ],
    { type: convertType },
  ),
];
