// Remarks on a rule on its way over the API: what the reviewer says of one place of it, what its writer answers.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { readItem } from '../../policy/read.ts';
import { sayItem } from '../../policy/say.ts';
import { remarkReview, remarksOn } from '../../review/remark.ts';
import type { Said } from '../../rule/explain.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, valid } from './answer.ts';
import { seenReview } from './reviews.ts';

const id = z.object({ id: z.uuid() });
const place = z
  .string()
  .regex(/^(\/[^/]+)+$/)
  .max(300);
const remark = z.object({
  id: z.string(),
  at: z.string(),
  by: z.string(),
  text: z.string(),
  place: z.string().nullable().describe('批注时说的是规则的哪一处，JSON 指针；空：说的是整份'),
  about: z.string().describe('那一处当时怎么读'),
  was: z.unknown().optional().describe('那一处当时的内容；太长的不留'),
  answers: z.string().nullable().describe('答复的是哪一条批注'),
});

/** The sentence that reads the place aloud, or the nearest around it. */
const sentenceAt = (said: Said, at: string): string => {
  let best = { at: '', text: '' };
  const walk = (one: Said): void => {
    const here = one.at;
    if (here !== undefined && here.length > best.at.length && (here === at || at.startsWith(`${here}/`)))
      best = { at: here, text: one.text };
    one.children.forEach(walk);
  };
  walk(said);
  return best.text.slice(0, 300);
};

export const remarkApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/reviews/:id/remarks',
      access(...businessRoles),
      describeRoute(answers('一份送审的批注', listOf(remark), { one: true })),
      valid('param', id),
      async (c) => {
        const review = await seenReview(web, staffOf(c), c.req.valid('param').id);
        const rows = await remarksOn(web.db, review.id);
        return c.json({
          rows: rows.map(({ pin, at, ...one }) => ({
            ...{ ...one, at: at.toISOString() },
            ...{ place: pin?.place ?? null, about: pin?.about ?? '', was: pin?.was },
          })),
          next: null,
        });
      },
    )
    .post(
      '/reviews/:id/remarks',
      access('officer', 'reviewer'),
      describeRoute(answers('批注一份送审，或者其中一处；答复一条批注', z.object({ remarked: z.literal(true) }), { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ text: z.string().max(500), place: place.optional(), answers: z.string().max(30).optional() })),
      async (c) => {
        const staff = staffOf(c);
        const review = await seenReview(web, staff, c.req.valid('param').id);
        const { text, place: at, answers: answered } = c.req.valid('json');
        const catalogue = at === undefined ? null : await web.catalogue();
        const read = catalogue === null ? null : readItem(review.content, catalogue);
        const about = at === undefined || catalogue === null || read?.ok !== true ? '' : sentenceAt(sayItem(read.compiled, catalogue), at);
        await remarkReview(web.db, {
          ...{
            id: review.id,
            by: staff.username,
            role: staff.roles.includes('officer') ? ('officer' as const) : ('reviewer' as const),
            at: c.get('now'),
            text,
            answers: answered,
          },
          pin: at === undefined ? undefined : { place: at, about },
        });
        return c.json({ remarked: true as const });
      },
    );
