// What the catalogue's files must look like: one strict zod shape per file; every mismatch becomes a Problem with a pointer into that file.
// Whether the parts fit together is `check.ts`.
import { z } from 'zod';
import { type Day, parseDay } from '../base/day.ts';
import { type Problem, problem } from '../base/problem.ts';

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, '须为英文驼峰名');
const id = z.string().regex(/^[a-z][a-z0-9-]*$/, '须为小写英文、数字和连字符');
const text = z.string().min(1);
const day = z
  .string()
  .refine((d) => parseDay(d) !== null, '须为存在的日期，写作 2026-01-31')
  .transform((d) => d as Day);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/, '须为十进制数，写成文字，如 "1750"');

const scalarType = z.enum(['number', 'boolean', 'category', 'date', 'code', 'text']);
const every = z.enum(['year', 'quarter', 'month']);
const values = z.array(text).min(1);

const field = z.strictObject({
  key: name,
  label: text,
  type: z.enum([...scalarType.options, 'set', 'series']),
  unit: text.optional(),
  values: values.optional(),
  tree: text.optional(),
});

const fact = z.strictObject({
  key: name,
  label: text,
  register: id,
  type: z.enum([...scalarType.options, 'set', 'series', 'list', 'link']),
  immutable: z.boolean().optional(),
  timed: z.boolean().optional(),
  unit: text.optional(),
  values: values.optional(),
  tree: text.optional(),
  every: every.optional(),
  fields: z.array(field).min(1).optional(),
  elementKey: name.optional(),
  to: id.optional(),
  datasets: z.array(id).min(1),
  combine: z.enum(['first', 'earliest', 'latest', 'union']).optional(),
  sensitivity: z.enum(['public', 'internal', 'personal', 'sensitive']),
  // None: delivered and kept, but no item may read it yet.
  purposes: z.array(text),
  legalUse: z.enum(['decide', 'banded', 'precompute']),
});

const column = z.strictObject({
  header: text,
  to: z
    .string()
    .regex(/^(\$(key|name|division|from|to|period)|[A-Za-z][A-Za-z0-9]*)$/, '须为指标名，或 $key $name $division $from $to $period'),
  empty: z.enum(['unknown', 'null']).optional(),
  required: z.boolean().optional(),
  format: z.enum(['citizen-id', 'uscc', 'account', 'phone', 'email']).optional(),
  separator: z.string().length(1).optional(),
});

const dataset = z.strictObject({
  id,
  title: text,
  department: text,
  register: id,
  shape: z.enum(['record', 'timed', 'list', 'series']),
  fact: name.optional(),
  kinds: z.array(z.enum(['full', 'changes', 'list'])).min(1),
  freshnessDays: z.int().positive(),
  retainDays: z.int().positive().max(36_500).optional(),
  keyedBy: z.literal('name').optional(),
  introduces: z.boolean().optional(),
  hold: z
    .strictObject({
      droppedPercent: z.number().min(0).max(100).optional(),
      changedPercent: z.number().min(0).max(100).optional(),
      atLeast: z.int().positive().optional(),
    })
    .optional(),
  columns: z.array(column).min(2),
});

const tree = z.strictObject({
  id,
  label: text,
  nodes: z
    .array(
      z.strictObject({
        code: z.string().regex(/^[A-Z0-9]+$/, '须为数字或大写字母'),
        name: text,
        parent: z.string().nullable(),
        from: day.nullable().optional(),
        to: day.nullable().optional(),
        kind: text.optional(),
      }),
    )
    .min(1),
});

const parameter = z.strictObject({
  key: name,
  label: text,
  unit: text,
  values: z.array(
    z.strictObject({ region: z.string().nullable(), from: day, to: day.nullable(), value: decimal, document: text.optional() }),
  ),
});

const externalSeries = z.strictObject({
  key: name,
  label: text,
  unit: text,
  every,
  values: z.array(z.strictObject({ region: z.string().nullable(), period: text, value: decimal, asOf: day })),
});

const calendar = z.strictObject({
  documents: z.array(text).optional(),
  knownFrom: day,
  knownTo: day,
  holidays: z.array(day),
  workdays: z.array(day),
});

const contact = z.strictObject({ role: text, mail: z.email().optional() });

const deliveryTerm = z.strictObject({
  dataset: id,
  every: z.enum(['day', 'week', 'month', 'quarter', 'year']),
  by: z.union([
    z.strictObject({ workingDay: z.int().min(1).max(60) }),
    z.strictObject({ day: z.int().min(1).max(366) }),
    z.strictObject({ month: z.int().min(1).max(12), day: z.int().min(1).max(31) }),
  ]),
  contact,
  chief: contact.optional(),
  guard: z.boolean().optional(),
});

const register = z.strictObject({ id, label: text, key: z.enum(['citizen-id', 'uscc', 'text']) });

/** The parts as they stand in files: `facts` of all registers together, one tree per file. */
export const partShapes = {
  registers: z.array(register).min(1),
  facts: z.array(fact),
  datasets: z.array(dataset),
  trees: z.array(tree),
  parameters: z.array(parameter),
  external: z.array(externalSeries),
  deliveries: z.array(deliveryTerm).optional(),
  calendar,
} as const;

export type Parts = { readonly [K in keyof typeof partShapes]: z.infer<(typeof partShapes)[K]> };

const pointerPart = (part: PropertyKey): string => String(part).replaceAll('~', '~0').replaceAll('/', '~1');

/** A JSON pointer; `[]` is the whole. */
export const pointer = (path: readonly PropertyKey[]): string => path.map((p) => `/${pointerPart(p)}`).join('');

const say = (issue: z.core.$ZodIssue): { readonly message: string; readonly hint: string } => {
  switch (issue.code) {
    case 'unrecognized_keys':
      return { message: `不认识的字段：${issue.keys.join('、')}`, hint: '删去，或改成已有的字段名' };
    case 'invalid_value':
      return { message: `取值须为 ${issue.values.map(String).join('、')} 之一`, hint: '从列出的取值中选一个' };
    case 'invalid_type':
      return { message: '缺少此项，或类型不对', hint: `应为 ${issue.expected}` };
    case 'too_small':
      return { message: '不能为空', hint: '至少写一项' };
    default:
      return { message: issue.message, hint: '请按说明改正' };
  }
};

/** All mismatches of one part; `place` says where its pointer starts (a file name, or a key of the whole). */
export const shapeProblems = (error: z.ZodError, place: string): readonly Problem[] =>
  error.issues.map((issue) => {
    const { message, hint } = say(issue);
    return problem('catalogue.shape', `${place}${pointer(issue.path)}`, message, hint);
  });
