// The shape of an item around its conditions and award: zod schemas, and zod's findings in our words. Meaning is checked elsewhere.
import { z } from 'zod';
import { parseDay } from '../base/day.ts';
import { type Problem, problem } from '../base/problem.ts';
import { numberFrom } from '../rule/literal.ts';
import { suggest } from '../rule/vocabulary.ts';
import { lifeShapes } from './life-shape.ts';

const text = z.string().min(1).max(2000);
const nullableText = z.string().min(1).max(2000).nullable();
const day = z.string().refine((s) => parseDay(s) !== null, { message: '不是存在的日期，写成 2026-01-31' });
const covers = z.array(z.string().startsWith('/')).optional();
const yuan = z.union([z.number(), z.string()]).refine((v) => (numberFrom(v)?.num ?? -1n) >= 0n, { message: '须是不小于 0 的金额（元）' });
const step = z.enum(['guard', 'apply', 'ask', 'review', 'notice', 'confirm', 'publicity', 'pay']);
const per = z.enum(['period', 'year', 'ever']);

const expectation = z.strictObject({
  verdict: z.enum(['eligible', 'ineligible', 'undetermined']),
  amount: z
    .string()
    .regex(/^\d+\.\d\d$/, { message: '金额写成两位小数的文字，如 "120.00"' })
    .optional(),
  missing: z.array(text).optional(),
  mode: z.enum(['auto', 'confirm', 'apply']).optional(),
});

const example = z.strictObject({
  name: text,
  period: text,
  knownAt: day.optional(),
  facts: z.record(z.string(), z.unknown()),
  population: z
    .array(z.strictObject({ times: z.int().min(1).max(500).optional(), facts: z.record(z.string(), z.unknown()) }))
    .max(60)
    .optional(),
  paid: z
    .array(z.strictObject({ item: text, period: text.optional(), amount: z.string().regex(/^\d+(\.\d{1,2})?$/), key: text.optional() }))
    .optional(),
  expect: expectation,
});

const claim = z.strictObject({ kind: text, object: z.unknown(), group: text, per, orderBy: z.unknown().optional() });
const about = { covers, text: text.optional() };

/** A limit has exactly one of these keys; each alternative is checked alone so that its problems keep their place. */
export const limitShapes = {
  once: z.strictObject({ ...about, once: z.enum(['period', 'ever']) }),
  times: z.strictObject({ ...about, times: z.strictObject({ count: z.int().min(1).max(1000), per: z.enum(['year', 'ever']) }) }),
  cap: z.strictObject({
    ...about,
    cap: z.strictObject({ yuan: z.unknown(), per: z.enum(['payment', 'subject-year', 'subject']), group: text.optional() }),
  }),
  claim: z.strictObject({ ...about, claim }),
  exclusive: z.strictObject({
    ...about,
    exclusive: z.strictObject({
      group: text,
      per,
      priority: z.int().optional(),
      choose: z.strictObject({ days: z.int().min(1).max(365) }).optional(),
    }),
  }),
  unsupported: z.strictObject({ ...about, unsupported: z.strictObject({ reason: text }) }),
} as const;

export const envelope = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{1,63}$/, { message: '编号用小写字母、数字和连字符，2 至 64 个字符' }),
  title: text,
  authority: text,
  region: z.string().nullable(),
  basis: z.strictObject({ document: text, number: nullableText, clause: nullableText, url: nullableText }),
  audience: z.enum(['citizen', 'enterprise']),
  mode: z.unknown().optional(),
  period: z.enum(['monthly', 'quarterly', 'yearly', 'per-event', 'once']),
  event: z.unknown().optional(),
  effective: z.strictObject({ from: day.nullable(), to: day.nullable() }),
  selectedBy: z.enum(['period-start', 'period-end', 'event', 'application', 'payment']).optional(),
  applicationDay: z.unknown().optional(),
  transition: z.enum(['old', 'new', 'better']).optional(),
  recovery: z.strictObject({ clause: text }).optional(),
  closing: z.strictObject({ days: z.int().min(0).max(3660) }).optional(),
  lookback: z.int().min(0).max(120).optional(),
  facts: z.unknown().optional(),
  conditions: z.unknown(),
  each: z.unknown().optional(),
  award: z.unknown(),
  instalments: z.unknown().optional(),
  flow: z.strictObject({
    first: z.array(step).min(1),
    changed: z.array(step).optional(),
    continuing: z.array(step),
    resumed: z.array(step).optional(),
    suspended: z.array(step).optional(),
    ended: z.array(step).optional(),
  }),
  publicity: z
    .strictObject({ days: z.int().min(1).max(90).optional(), workingDays: z.int().min(1).max(60).optional(), none: text.optional() })
    .optional(),
  confirm: z.strictObject({ days: z.int().min(1).max(365), clause: text.optional() }).optional(),
  ...lifeShapes,
  limits: z.array(z.unknown()),
  budget: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('entitlement') }),
    z
      .strictObject({
        kind: z.literal('limited'),
        yuan,
        order: z.unknown(),
        give: z.enum(['first', 'prorata', 'ranked']).optional(),
        cutoff: z
          .string()
          .regex(/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, { message: '截止日写月-日，例如 11-30' })
          .optional(),
        carry: z.boolean().optional(),
      })
      .refine((b) => b.cutoff !== undefined || b.give === undefined || b.give === 'first', {
        path: ['cutoff'],
        message: '按比例或按名次发放的，要写截止日 cutoff：到那天才知道一共有多少',
      })
      .refine((b) => b.give !== 'prorata' || b.carry !== true, { path: ['carry'], message: '按比例发放的不结转：每人已按同一比例发完' }),
  ]),
  notice: z.strictObject({ text: z.string().min(1).max(300) }).optional(),
  statement: z.string().min(1).max(20, { message: '附言不超过 20 个字符' }).optional(),
  payee: z.unknown().optional(),
  payees: z.unknown().optional(),
  accounts: z
    .array(z.enum(['card', 'public', 'insurance', 'guardian']))
    .min(1)
    .optional(),
  notes: z.array(z.strictObject({ covers: z.union([z.string().startsWith('/'), z.array(z.string().startsWith('/'))]), text })),
  examples: z.array(example),
});

export const envelopeKeys = Object.keys(envelope.shape);

const part = (p: PropertyKey): string => String(p).slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1');

const kindNames: Readonly<Record<string, string>> = {
  string: '文字',
  number: '数字',
  int: '整数',
  boolean: 'true 或 false',
  object: '对象',
  array: '列表',
  record: '对象',
  null: 'null',
};

const say = (issue: z.core.$ZodIssue, place: string): readonly Problem[] => {
  const at = `${place}${issue.path.map((p) => `/${part(p)}`).join('')}`;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((k) =>
        problem('rule.unknown-key', `${at}/${part(k)}`, `不认识的键 ${k.slice(0, 40)}`, suggest(k, envelopeKeys, '删去，或改成已有的键')),
      );
    case 'invalid_type':
      return issue.input === undefined
        ? [
            problem(
              'rule.shape',
              at,
              `缺少 ${issue.path.map(String).at(-1) ?? '内容'}`,
              `补上，应为${kindNames[issue.expected] ?? issue.expected}`,
            ),
          ]
        : [problem('rule.shape', at, `类型不对，应为${kindNames[issue.expected] ?? issue.expected}`, '改成应有的类型')];
    case 'invalid_value':
      return [problem('rule.shape', at, `只能是 ${issue.values.map(String).join('、')}`, '从中选一个')];
    case 'invalid_union':
      return [problem('rule.shape', at, '写法不对', '参照说明改正')];
    case 'too_small':
      return [problem('rule.shape', at, '太短、太小或为空', '至少写一项；数字须在允许的范围内')];
    case 'too_big':
      return [problem('rule.shape', at, issue.message.startsWith('附言') ? issue.message : '太长或太大', '缩短，或改小')];
    default:
      return [problem('rule.shape', at, /[\u4e00-\u9fff]/.test(issue.message) ? issue.message : '写法不对', '按说明改正')];
  }
};

/** Every finding of a schema, each with its pointer. */
export const shapeProblems = (schema: z.ZodType, value: unknown, place: string): readonly Problem[] => {
  const parsed = schema.safeParse(value, { reportInput: true });
  return parsed.success ? [] : parsed.error.issues.flatMap((i) => say(i, place));
};
