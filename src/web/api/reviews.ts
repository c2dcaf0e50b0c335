// Versions on their way over the API: drafts, review, release with the effect accepted by name, retiring; what tells two versions apart.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { ProblemError, problem } from '../../base/problem.ts';
import { coversItem } from '../../base/scope.ts';
import { diffItems } from '../../policy/diff.ts';
import { saveDraft } from '../../review/draft.ts';
import { type Review, type ReviewState, reviewStates } from '../../review/review.ts';
import { gateLimit, listReviews, personDifferences, readReview } from '../../review/store.ts';
import { publishReview, reopenReview, retireVersion, returnReview, setGate, submitReview, withdrawReview } from '../../review/work.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { ruleNow, versionsFor } from '../items.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';

const states = Object.keys(reviewStates) as [ReviewState, ...ReviewState[]];

const row = z.object({
  id: z.string(),
  item: z.string(),
  title: z.string(),
  authority: z.string(),
  state: z.enum(states),
  maker: z.string(),
  createdAt: z.string(),
  submittedAt: z.string().nullable(),
  checker: z.string().nullable(),
  decidedAt: z.string().nullable(),
  reason: z.string().nullable(),
  version: z.number().nullable(),
  acceptedBy: z.string().nullable(),
  document: z.object({ sha256: z.string(), name: z.string() }).nullable(),
  exceeds: z.boolean().nullable().describe('影响超出界限，须复核人具名确认；没有数据快照时为空'),
});
export const reviewShape = row.extend({
  hash: z.string().describe('内容的指纹；改草稿时带上改之前的'),
  content: z.unknown().describe('事项，与规则文件同形'),
  warnings: z.array(z.unknown()),
  effect: z.unknown().describe('匡算：现行期、将重算的已结束所属期、补差与多发'),
});
export const difference = z.object({
  kind: z.enum(['added', 'removed', 'changed']),
  part: z.string(),
  at: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  text: z.string(),
});

const toRow = (r: Review): z.infer<typeof row> => ({
  id: r.id,
  item: r.itemId,
  title: r.title,
  authority: r.authority,
  state: r.state,
  maker: r.maker,
  createdAt: r.createdAt.toISOString(),
  submittedAt: r.submittedAt?.toISOString() ?? null,
  checker: r.checker,
  decidedAt: r.decidedAt?.toISOString() ?? null,
  reason: r.reason,
  version: r.version,
  acceptedBy: r.acceptedBy,
  document: r.document,
  exceeds: r.effect?.exceeds ?? null,
});
/** The effect counts people of every division: whoever sees only some of them sees that there is one, not what it says. */
export const toOne = (r: Review, { scope }: Pick<Staff, 'scope'>) => ({
  ...toRow(r),
  hash: r.hash,
  content: r.content,
  warnings: [...r.warnings],
  effect: scope.divisions === null ? r.effect : null,
});

const id = z.object({ id: z.uuid() });
const reason = z.object({ reason: z.string().max(500) });
const ofVersion = z.object({ id: z.string().max(100), version: z.coerce.number().int().min(1) });

/** A draft names its own authority: nobody writes or decides for one outside the scope. */
export const withinScope = (staff: Staff, json: unknown): unknown => {
  const { id: itemId, authority } = (json ?? {}) as { readonly id?: unknown; readonly authority?: unknown };
  if (coversItem(staff.scope, { id: String(itemId), authority: String(authority) })) return json;
  throw new ProblemError([problem('scope.item', '/authority', '这个事项不在您的范围内。', '请由主管部门的人编制和复核。')]);
};

export const seenReview = async (web: WebContext, staff: Staff, reviewId: string): Promise<Review> => {
  const review = await readReview(web.db, reviewId);
  if (review === null || !coversItem(staff.scope, { id: review.itemId, authority: review.authority })) return notFound('送审');
  return review;
};
const after = async (web: WebContext, staff: Staff, reviewId: string) => toOne((await readReview(web.db, reviewId)) as Review, staff);

/** Reading what is on its way, and the gate. */
export const reviewApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/reviews',
      access(...businessRoles),
      describeRoute(answers('送审的版本', listOf(row))),
      valid('query', strictQuery({ item: z.string().max(100).optional(), state: z.enum(states).optional() })),
      async (c) => {
        const { item, state } = c.req.valid('query');
        const rows = await listReviews(web.db, {
          scope: staffOf(c).scope,
          ...(item === undefined ? {} : { itemId: item }),
          ...(state === undefined ? {} : { states: [state] }),
        });
        return c.json({ rows: rows.map(toRow), next: null });
      },
    )
    .get(
      '/reviews/:id',
      access(...businessRoles),
      describeRoute(answers('一份送审', reviewShape, { one: true })),
      valid('param', id),
      async (c) => c.json(toOne(await seenReview(web, staffOf(c), c.req.valid('param').id), staffOf(c))),
    )
    .get('/release-gate', access(...businessRoles), describeRoute(answers('发布的影响界限', z.object({ gate: z.number() }))), async (c) =>
      c.json({ gate: await gateLimit(web.db) }),
    )
    .put(
      '/release-gate',
      access('officer'),
      describeRoute(answers('改影响界限', z.object({ gate: z.number() }))),
      valid('json', z.strictObject({ gate: z.number().min(0).max(1) })),
      async (c) => {
        const { gate } = c.req.valid('json');
        await setGate(web.db, gate, staffOf(c).username, c.get('now'));
        return c.json({ gate });
      },
    );

/** What its writer does. */
export const draftingApi = (web: WebContext) =>
  new Hono<Env>()
    .post('/drafts', access('officer'), describeRoute(answers('存草稿', reviewShape)), valid('json', z.unknown()), async (c) => {
      const staff = staffOf(c);
      const json = withinScope(staff, c.req.valid('json'));
      return c.json(toOne(await saveDraft(web.db, { json, maker: staff.username, at: c.get('now') }), staff));
    })
    .post(
      '/reviews',
      access('officer'),
      describeRoute(answers('送审', reviewShape)),
      valid(
        'json',
        z.strictObject({
          item: z.unknown(),
          draft: z.uuid().optional(),
          document: z.strictObject({ name: z.string().max(200), base64: z.base64().max(28_000_000) }).optional(),
        }),
      ),
      async (c) => {
        const staff = staffOf(c);
        const { item, draft, document } = c.req.valid('json');
        if (draft !== undefined) await seenReview(web, staff, draft);
        const review = await submitReview(web.db, {
          json: withinScope(staff, item),
          catalogue: await web.catalogue(),
          maker: staff.username,
          at: c.get('now'),
          ...(draft === undefined ? {} : { draft }),
          ...(document === undefined ? {} : { document: { name: document.name, bytes: Buffer.from(document.base64, 'base64') } }),
        });
        return c.json(toOne(review, staff));
      },
    );

/** What becomes of it. */
export const reviewingApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/reviews/:id/publish',
      access('officer'),
      describeRoute(answers('复核发布', reviewShape, { one: true })),
      valid('param', id),
      valid('json', z.strictObject({ accept: z.string().max(100).optional() })),
      async (c) => {
        const staff = staffOf(c);
        const review = await seenReview(web, staff, c.req.valid('param').id);
        const accept = c.req.valid('json').accept ?? null;
        await publishReview(web.db, { id: review.id, catalogue: await web.catalogue(), checker: staff.username, accept, at: c.get('now') });
        return c.json(await after(web, staff, review.id));
      },
    )
    .post(
      '/reviews/:id/return',
      access('officer'),
      describeRoute(answers('退回', reviewShape, { one: true })),
      valid('param', id),
      valid('json', reason),
      async (c) => {
        const staff = staffOf(c);
        const review = await seenReview(web, staff, c.req.valid('param').id);
        await returnReview(web.db, review.id, staff.username, c.req.valid('json').reason, c.get('now'));
        return c.json(await after(web, staff, review.id));
      },
    )
    .post(
      '/reviews/:id/withdraw',
      access('officer'),
      describeRoute(answers('撤回', reviewShape, { one: true })),
      valid('param', id),
      async (c) => {
        const staff = staffOf(c);
        const review = await seenReview(web, staff, c.req.valid('param').id);
        await withdrawReview(web.db, review.id, staff.username, c.get('now'));
        return c.json(await after(web, staff, review.id));
      },
    );

/** What its maker withdrew, taken up again. */
export const reopenApi = (web: WebContext) =>
  new Hono<Env>().post(
    '/reviews/:id/reopen',
    access('officer'),
    describeRoute(answers('把撤回的改回草稿', reviewShape, { one: true })),
    valid('param', id),
    async (c) => {
      const staff = staffOf(c);
      const review = await seenReview(web, staff, c.req.valid('param').id);
      await reopenReview(web.db, review.id, staff.username, c.get('now'));
      return c.json(await after(web, staff, review.id));
    },
  );

/** Published versions: retiring one, and what tells two apart. */
export const versionApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/items/:id/versions/:version/retire',
      access('officer'),
      describeRoute(answers('废止一个版本', z.object({ retired: z.literal(true) }), { one: true })),
      valid('param', ofVersion),
      valid('json', reason),
      async (c) => {
        const staff = staffOf(c);
        const { id: itemId, version } = c.req.valid('param');
        const known = (await versionsFor(web, staff.scope, itemId)).find((v) => v.version === version);
        if (known === undefined) return notFound('版本');
        if (known.maker === staff.username)
          throw new ProblemError([problem('state.same-person', '', '废止由编制人以外的人办理。', '请另一位政策管理员办理。')]);
        await retireVersion(web.db, { itemId, version, by: staff.username, reason: c.req.valid('json').reason, at: c.get('now') });
        return c.json({ retired: true as const });
      },
    )
    .get(
      '/items/:id/versions/:version/diff',
      access(...businessRoles),
      describeRoute(answers('与另一版本的差别', z.object({ differences: z.array(difference) }), { one: true })),
      valid('param', ofVersion),
      valid('query', strictQuery({ from: z.coerce.number().int().min(1) })),
      async (c) => {
        const { id: itemId, version } = c.req.valid('param');
        const versions = await versionsFor(web, staffOf(c).scope, itemId);
        const [before, now] = [c.req.valid('query').from, version].map((n) => versions.find((v) => v.version === n));
        if (before === undefined || now === undefined) return notFound('版本');
        const [a, b] = [await ruleNow(web, before), await ruleNow(web, now)];
        return c.json({ differences: [...diffItems(a.compiled, b.compiled, b.catalogue)] });
      },
    )
    .get(
      '/items/:id/versions/:version/differences',
      access(...businessRoles),
      describeRoute(
        answers(
          '溯及既往：每人一条补差',
          listOf(z.object({ subjectId: z.string(), periods: z.array(z.string()), topUpFen: z.string(), recoverFen: z.string() })),
          { one: true },
        ),
      ),
      valid('param', ofVersion),
      async (c) => {
        const { scope } = staffOf(c);
        const { id: itemId, version } = c.req.valid('param');
        if (!(await versionsFor(web, scope, itemId)).some((v) => v.version === version)) return notFound('版本');
        const rows = await personDifferences(web.db, itemId, version, 200, scope);
        return c.json({
          rows: rows.map(({ subjectId, periods, topUpFen, recoverFen }) => ({
            subjectId,
            periods: [...periods],
            topUpFen: String(topUpFen),
            recoverFen: String(recoverFen),
          })),
          next: null,
        });
      },
    );
