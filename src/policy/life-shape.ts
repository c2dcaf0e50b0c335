// The written form of what an item says of the life of a disbursement: zod schemas, and what must go together.
import { z } from 'zod';
import { parseYuan } from '../base/amount.ts';
import { type Problem, problem } from '../base/problem.ts';
import { isObject, numberFrom } from '../rule/literal.ts';
import { certifyProblems, certifyShape } from './certify.ts';
import type { Json } from './checker.ts';
import { modesIn } from './flow.ts';

const text = z.string().min(1).max(2000);
const name = z.string().min(1).max(40);
const id = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, { message: '编号用小写字母、数字和连字符' });
const days = z.int().min(1).max(365);
const workingDays = z.int().min(1).max(120);
const yuan = z
  .union([z.number(), z.string()])
  .refine((v) => (parseYuan(String(v)) ?? 0n) > 0n, { message: '须是大于 0 的金额（元），最多两位小数' });
const share = z.union([z.number(), z.string()]).refine(
  (v) => {
    const part = numberFrom(v);
    return part !== null && part.num > 0n && part.num < part.den;
  },
  { message: '抵扣的比例要大于 0、小于 1：每一笔都要留下一部分' },
);

export const lifeShapes = {
  ask: z
    .strictObject({
      fields: z
        .array(
          z.strictObject({
            id,
            label: name,
            kind: z.enum(['choice', 'document']),
            options: z.array(name).min(2).max(30).optional(),
            fact: text.optional(),
          }),
        )
        .max(20)
        .optional(),
      days: days.optional(),
      workingDays: workingDays.optional(),
      late: z.enum(['wait', 'waive']).optional(),
      named: z.strictObject({ workingDays }).optional(),
      clause: text.optional(),
    })
    .optional(),
  review: z
    .strictObject({
      levels: z
        .array(
          z.strictObject({
            name,
            division: z.enum(['town', 'county', 'city', 'province']).optional(),
            need: z.union([z.enum(['any', 'all']), z.int().min(1).max(20)]).optional(),
            workingDays: workingDays.optional(),
          }),
        )
        .max(2),
    })
    .optional(),
  apply: z
    .strictObject({
      attachments: z.array(z.strictObject({ id, title: name, required: z.boolean().optional() })).max(30),
      days: days.optional(),
      reviewWorkingDays: workingDays,
    })
    .optional(),
  objection: z.strictObject({ workingDays, withinDays: days.optional() }).optional(),
  waived: z.strictObject({ days }).optional(),
  rating: z.strictObject({ answerWorkingDays: workingDays }).optional(),
  overpaid: z
    .strictObject({
      tellWorkingDays: workingDays,
      dueMonths: z.int().min(1).max(60),
      clause: text,
      offset: z.strictObject({ share: share.optional(), yuan: yuan.optional(), keepYuan: yuan.optional(), clause: text }).optional(),
    })
    .optional(),
  certify: certifyShape,
  stop: z.strictObject({ people: z.union([z.literal(1), z.literal(2)]), clause: text.optional() }).optional(),
  livelihood: z.literal(true).optional(),
} as const;

const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

const repeated = (rows: readonly Json[], at: string): readonly Problem[] =>
  rows.flatMap((row, i) =>
    rows.findIndex((other) => other.id === row.id) < i ? [problem('rule.life', `${at}/${i}/id`, '编号重复', '每一项用自己的编号')] : [],
  );

const askProblems = (raw: Json): readonly Problem[] => {
  if (!isObject(raw.ask)) return [];
  const { ask } = raw;
  const out: Problem[] = [...repeated(listOf(ask.fields), '/ask/fields')];
  listOf(ask.fields).forEach((field, i) => {
    if ((field.kind === 'choice') !== Array.isArray(field.options))
      out.push(
        problem(
          'rule.life',
          `/ask/fields/${i}/options`,
          '选择项要写出可选的内容，材料不写',
          '如 "options": ["大型", "中型", "小型", "微型"]',
        ),
      );
  });
  if (ask.days !== undefined && ask.workingDays !== undefined)
    out.push(problem('rule.life', '/ask', '补充期限写了两个', 'days 和 workingDays 留一个'));
  const term = ask.days ?? ask.workingDays;
  if (ask.late === 'waive' && (term === undefined || ask.clause === undefined))
    out.push(
      problem('rule.life', '/ask/late', '逾期视同放弃，但没有写期限或依据的条款', '写明 days 或 workingDays，并在 clause 写明文件哪一条'),
    );
  if (ask.named !== undefined && ask.late !== 'waive')
    out.push(problem('rule.life', '/ask/named', '只有逾期视同放弃的才先公示催告', '补上 "late": "waive"，或删去 named'));
  return out;
};

/** Every payment leaves something, and what a person lives on leaves what the document says. */
const offsetProblems = (raw: Json): readonly Problem[] => {
  const offset = isObject(raw.overpaid) && isObject(raw.overpaid.offset) ? raw.overpaid.offset : null;
  if (offset === null) return [];
  const out: Problem[] = [];
  if (offset.share === undefined && offset.keepYuan === undefined)
    out.push(
      problem(
        'rule.life',
        '/overpaid/offset',
        '抵扣没有写每笔最多抵多少、至少留多少',
        '写 share（每笔最多的比例）或 keepYuan（每笔至少留下的元）',
      ),
    );
  if (raw.livelihood === true && offset.keepYuan === undefined)
    out.push(
      problem(
        'rule.life',
        '/overpaid/offset/keepYuan',
        '基本生活类的钱抵扣，没有写至少留下多少',
        '照文件写 keepYuan；文件没有规定抵扣的，删去 offset',
      ),
    );
  return out;
};

/** What the schemas cannot say: parts that need each other. Facts are held against the catalogue by the linter. */
export const lifeProblems = (raw: Json): readonly Problem[] => {
  const out: Problem[] = [...askProblems(raw), ...certifyProblems(raw), ...offsetProblems(raw)];
  const first = isObject(raw.flow) && Array.isArray(raw.flow.first) ? (raw.flow.first as readonly unknown[]) : [];
  const modes = modesIn(raw.mode);
  if (raw.mode === 'apply') {
    if (raw.apply === undefined)
      out.push(
        problem(
          'rule.life',
          '/apply',
          '限时兑现的事项没有写申请要交什么、多久审完',
          '如 "apply": {"attachments": [], "reviewWorkingDays": 5}',
        ),
      );
    if (!first.includes('apply'))
      out.push(problem('rule.flow', '/flow/first', '限时兑现的事项首次兑现须有 apply', '补上 apply，或把 mode 改为 auto'));
  } else if (modes.length > 0 && !modes.includes('apply') && raw.apply !== undefined)
    out.push(problem('rule.life', '/apply', '只有限时兑现（apply）的事项有申请', '删去 apply，或改 mode'));
  if (isObject(raw.apply)) out.push(...repeated(listOf(raw.apply.attachments), '/apply/attachments'));
  return out;
};
