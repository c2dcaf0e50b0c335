// What API routes share: the problem format as schema, described answers, validation that answers with problems.
import { resolver, validator } from 'hono-openapi';
import { z } from 'zod';
import { ProblemError, problem } from '../../base/problem.ts';

// Findings are shown to people: zod says them in Chinese.
z.config(z.locales.zhCN());

export const problemSchema = z.object({
  problems: z.array(z.object({ code: z.string(), at: z.string(), message: z.string(), hint: z.string() })),
});

const refusals = {
  400: { description: '输入有误', content: { 'application/problem+json': { schema: resolver(problemSchema) } } },
  401: { description: '未登录', content: { 'application/problem+json': { schema: resolver(problemSchema) } } },
  403: { description: '没有权限', content: { 'application/problem+json': { schema: resolver(problemSchema) } } },
} as const;
const missing = {
  404: { description: '没有或不在您的范围内', content: { 'application/problem+json': { schema: resolver(problemSchema) } } },
} as const;

/** An operation that answers `schema` with 200 and problems otherwise. */
export const answers = <S extends z.ZodType>(summary: string, schema: S, options: { readonly one?: boolean } = {}) => ({
  summary,
  responses: {
    200: { description: summary, content: { 'application/json': { schema: resolver(schema) } } },
    ...refusals,
    ...(options.one ? missing : {}),
  },
});

/** An operation that answers a file of these media types with 200 and problems otherwise. */
export const answersFile = (summary: string, types: readonly string[], options: { readonly one?: boolean } = {}) => ({
  summary,
  responses: {
    200: {
      description: summary,
      content: Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' as const, format: 'binary' } }])),
    },
    ...refusals,
    ...(options.one ? missing : {}),
  },
});

type Target = 'query' | 'param' | 'json';

/** Validates a part of the request; every finding becomes a problem with its place. */
export const valid = <T extends Target, S extends z.ZodType>(target: T, schema: S) =>
  validator(target, schema, (result) => {
    if (result.success) return;
    throw new ProblemError(
      result.error.map((issue) =>
        problem(
          'input.value',
          `/${(issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('/')}`,
          `${target === 'query' ? '查询条件' : '输入'}不对：${issue.message}`,
          '请按接口说明填写。',
        ),
      ),
    );
  });

/** A name nobody knows is refused, not ignored: a mistyped filter must not show everything. */
export const strictQuery = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape);

/** Lists are read by cursor: at most 200 rows, and the text that asks for the next ones. */
export const listQuery = strictQuery({
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});
export const listOf = <S extends z.ZodType>(row: S) => z.object({ rows: z.array(row), next: z.string().nullable() });

export const notFound = (what: string): never => {
  throw new ProblemError([problem('missing.object', '', `没有这条${what}，或者不在您的范围内。`, '请核对编号，或请系统管理员调整范围。')]);
};
