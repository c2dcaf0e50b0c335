// The door for rule files: plain JSON in, an item or every problem at once out. Shape (envelope.ts), meaning (compile.ts), and how the parts fit.
import { type Day, parseDay } from '../base/day.ts';
import { type Problem, problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { factsOf, factType } from '../catalogue/env.ts';
import { isObject, valueFrom } from '../rule/literal.ts';
import { clip } from '../rule/operand.ts';
import { suggest } from '../rule/vocabulary.ts';
import type { Json } from './checker.ts';
import { build, type CompiledItem } from './compile.ts';
import { envelope, limitShapes, shapeProblems } from './envelope.ts';
import { periodFor } from './example-period.ts';
import { flowProblems } from './flow.ts';
import { guard } from './guard.ts';
import type { Example, Item } from './item.ts';
import { lifeProblems } from './life-shape.ts';
import { noticeProblems } from './notice-text.ts';
import { reductionProblems } from './reduction.ts';
import { isTimedValue } from './timed.ts';
import { transitionProblems } from './transition.ts';
import { namesOf, registerOf, treesOf } from './vocabulary.ts';

export type ReadItem =
  | { readonly ok: true; readonly item: Item; readonly compiled: CompiledItem }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Never throws. `at` goes in front of every pointer (a file name). */
export const readItem = (json: unknown, catalogue: Catalogue, at = ''): ReadItem => {
  const placed = (problems: readonly Problem[]): ReadItem => ({ ok: false, problems: problems.map((p) => ({ ...p, at: `${at}${p.at}` })) });
  const hostile = guard(json);
  if (hostile.length > 0) return placed(hostile);
  const raw = json as Json;
  const built = build(raw, catalogue);
  const problems = [
    ...shapeProblems(envelope, raw, ''),
    ...limitProblems(raw.limits),
    ...(built.ok ? [] : built.problems),
    ...fitProblems(raw, catalogue),
    ...exampleProblems(raw, catalogue),
  ];
  if (problems.length > 0 || !built.ok) return placed(sorted(problems));
  const item = raw as unknown as Item;
  return { ok: true, item, compiled: { item, ...built.compiled } };
};

const sorted = (problems: readonly Problem[]): readonly Problem[] => {
  const seen = new Set<string>();
  return problems.filter((p) => {
    const key = `${p.code} ${p.at} ${p.message}`;
    return seen.has(key) ? false : seen.add(key) !== undefined;
  });
};

const limitProblems = (raw: unknown): readonly Problem[] => {
  if (!Array.isArray(raw)) return [];
  const kinds = Object.keys(limitShapes) as (keyof typeof limitShapes)[];
  return raw.flatMap((limit, i): readonly Problem[] => {
    const at = `/limits/${i}`;
    const given = isObject(limit) ? kinds.filter((k) => Object.hasOwn(limit, k)) : [];
    const [kind] = given;
    if (kind === undefined || given.length > 1) {
      const near = isObject(limit) ? Object.keys(limit).find((k) => k !== 'covers' && k !== 'text') : undefined;
      const hint = near === undefined ? `写一种：${kinds.join('、')}` : suggest(near, kinds, `写一种：${kinds.join('、')}`);
      return [problem('rule.shape', at, '一条限制须是且只能是一种', hint)];
    }
    return shapeProblems(limitShapes[kind], limit, at);
  });
};

const dayIn = (raw: unknown): Day | null => (typeof raw === 'string' ? parseDay(raw) : null);

/** How the parts of the envelope fit each other and the catalogue. */
const fitProblems = (raw: Json, catalogue: Catalogue): readonly Problem[] => {
  const out: Problem[] = [];
  const effective = isObject(raw.effective) ? raw.effective : {};
  const [from, to] = [dayIn(effective.from), dayIn(effective.to)];
  if (from !== null && to !== null && from > to) out.push(problem('rule.dates', '/effective', '生效日晚于失效日', '对调或改正两个日期'));
  if (typeof raw.region === 'string' && !(treesOf(catalogue).get('division')?.has(raw.region) ?? false))
    out.push(problem('rule.value', '/region', `行政区划中没有代码 ${clip(raw.region)}`, '核对代码；全国性事项写 null'));
  if (raw.period === 'per-event' && raw.event === undefined)
    out.push(problem('rule.shape', '/event', '按事件兑现的事项没有写 event', '写明事件清单、日期字段和编号字段'));
  if (raw.period !== 'per-event' && raw.event !== undefined)
    out.push(problem('rule.shape', '/event', '只有 period 为 per-event 的事项才有 event', '删去 event，或改 period'));
  out.push(...flowProblems(raw), ...lifeProblems(raw), ...reductionProblems(raw));
  if (isObject(raw.notice) && typeof raw.notice.text === 'string') out.push(...noticeProblems(raw.notice.text, '/notice/text'));
  out.push(...transitionProblems(raw, catalogue));
  return out;
};

const exampleProblems = (raw: Json, catalogue: Catalogue): readonly Problem[] => {
  if (!Array.isArray(raw.examples)) return [];
  const names = new Set<string>();
  return raw.examples.flatMap((e, i): readonly Problem[] => {
    const at = `/examples/${i}`;
    if (!isObject(e)) return [];
    const out: Problem[] = [];
    if (typeof e.name === 'string' && names.has(e.name))
      out.push(problem('rule.example', `${at}/name`, `例子重名：${clip(e.name)}`, '每个例子一个名字'));
    if (typeof e.name === 'string') names.add(e.name);
    const period = periodFor(raw as unknown as Item, e as unknown as Pick<Example, 'period' | 'knownAt'>);
    if (period === null) out.push(problem('rule.example', `${at}/period`, '例子的期别写法不对', periodHint(raw.period)));
    const expect = isObject(e.expect) ? e.expect : {};
    if (expect.amount !== undefined && expect.verdict !== 'eligible')
      out.push(problem('rule.example', `${at}/expect/amount`, '只有符合的例子才有金额', '删去 amount'));
    if (expect.mode !== undefined && (expect.verdict !== 'eligible' || !Array.isArray(raw.mode)))
      out.push(problem('rule.example', `${at}/expect/mode`, '方式依条件而定的事项、符合的例子才写 mode', '删去 mode'));
    if (isObject(e.facts)) out.push(...factProblems(e.facts, raw, catalogue, `${at}/facts`));
    for (const [n, other] of (Array.isArray(e.population) ? e.population : []).entries())
      if (isObject(other) && isObject(other.facts)) out.push(...factProblems(other.facts, raw, catalogue, `${at}/population/${n}/facts`));
    return out;
  });
};

const periodHint = (kind: unknown): string => {
  switch (kind) {
    case 'monthly':
      return '按月写 "2026-01"';
    case 'quarterly':
      return '按季写 "2026Q1"';
    case 'yearly':
      return '按年写 "2026"';
    default:
      return '写日期 "2026-01-31"';
  }
};

const factProblems = (facts: Json, raw: Json, catalogue: Catalogue, at: string): readonly Problem[] => {
  const register = registerOf(raw.audience);
  const own = factsOf(catalogue, register);
  const { vocabulary } = namesOf(catalogue, register, []);
  const out: Problem[] = [];
  for (const [key, value] of Object.entries(facts)) {
    const here = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (key === 'subject.key') {
      if (typeof value !== 'string' || value === '')
        out.push(problem('rule.example', here, '证件号码须是文字', '写一个编造的号码，或不写'));
      continue;
    }
    if (key.startsWith('parameter:') || key.startsWith('external:')) {
      const list = key.startsWith('parameter:') ? catalogue.parameters : catalogue.external;
      const name = key.slice(key.indexOf(':') + 1).split(':')[0];
      if (!list.some((p) => p.key === name))
        out.push(
          problem(
            'rule.example',
            here,
            `没有名为 ${clip(name ?? '')} 的参数`,
            suggest(
              name ?? '',
              list.map((p) => p.key),
              '先在目录中登记',
            ),
          ),
        );
      continue;
    }
    const fact = own.get(key);
    if (fact === undefined) {
      out.push(
        problem(
          'rule.unknown-fact',
          here,
          `没有名为 ${clip(key)} 的指标`,
          suggest(key, own.keys(), '例子只写目录中的指标，不写事项自己的指标'),
        ),
      );
      continue;
    }
    if (fact.type === 'link' && isObject(value)) {
      for (const [k, v] of Object.entries(value)) {
        const shape = vocabulary.find(`${key}.${k}`);
        const wrong = shape === undefined || (!isTimedValue(v) && valueFrom(v, shape.type, k) === undefined);
        if (wrong && k !== 'key')
          out.push(problem('rule.example', `${here}/${k}`, `${fact.label}的 ${clip(k)} 写法不对，或没有这个指标`, '核对指标名和类型'));
      }
      continue;
    }
    const type = factType(catalogue, fact);
    const fits = (v: unknown): boolean =>
      fact.type === 'link' ? v === null || typeof v === 'string' : valueFrom(v, type, key) !== undefined;
    const fine = (fact.timed ?? false) && isTimedValue(value) ? value.every((s) => fits(s.value)) : fits(value);
    if (!fine)
      out.push(problem('rule.example', here, `${fact.label}的值不合其类型`, '数字、日期（"2026-01-31"）、文字、列表须与目录中的类型一致'));
  }
  return out;
};
