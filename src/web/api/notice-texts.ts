// The authorities' own texts over the API: checked, drafted by one officer, published by another.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { ProblemError } from '../../base/problem.ts';
import { transaction } from '../../db/handle.ts';
import { officesOf } from '../../notice/around-store.ts';
import { lintWording } from '../../notice/lint.ts';
import { type TemplateName, templates, type Wording } from '../../notice/template-table.ts';
import { wordingShape } from '../../notice/wording.ts';
import { insertWording, listWordings, publishWording, wordingById } from '../../notice/wording-store.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor } from '../items.ts';
import { speaksFor, tellOffice, textFor } from '../notice-texts.ts';
import { answers, listOf, notFound, strictQuery, valid } from './answer.ts';

const names = Object.keys(templates) as [TemplateName, ...TemplateName[]];
const row = z.object({
  id: z.string(),
  template: z.enum(names),
  authority: z.string(),
  itemId: z.string(),
  version: z.number(),
  content: wordingShape,
  maker: z.string(),
  checker: z.string().nullable(),
  publishedAt: z.string().nullable(),
});
const office = z.strictObject({
  name: z.string().max(100),
  phone: z.string().max(30),
  address: z.string().max(200),
  hours: z.string().max(100),
});
const draft = z.strictObject({
  template: z.enum(names),
  authority: z.string().min(1).max(100),
  itemId: z.string().max(100).default(''),
  content: wordingShape,
});
const officer = (staff: Staff) => ({ id: staff.userId, role: 'officer' });

const textRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/notice-texts',
      access('officer', 'auditor'),
      describeRoute(answers('告知文本', listOf(row))),
      valid('query', strictQuery({})),
      async (c) => {
        const found = (await listWordings(web.db, null)).filter((one) => speaksFor(staffOf(c), one.authority));
        return c.json({
          rows: found.map(({ madeAt: _, ...one }) => ({ ...one, publishedAt: one.publishedAt?.toISOString() ?? null })),
          next: null,
        });
      },
    )
    .get(
      '/notice-texts/preview',
      access('officer'),
      describeRoute(
        answers('告知文本按真实对象预览，姓名遮去', z.object({ subject: z.string(), body: z.string(), short: z.string() }), { one: true }),
      ),
      valid('query', strictQuery({ kind: z.enum(names), item: z.string().max(100) })),
      async (c) => {
        const { kind, item } = c.req.valid('query');
        const { subject, body, short } = await textFor(web, c, kind, item);
        return c.json({ subject, body, short });
      },
    )
    .post(
      '/notice-texts',
      access('officer'),
      describeRoute(answers('起草告知文本', z.object({ id: z.string() }))),
      valid('json', draft),
      async (c) => {
        const staff = staffOf(c);
        const { template, authority, itemId, content } = c.req.valid('json');
        if (!speaksFor(staff, authority)) return notFound('主管部门');
        const problems = lintWording(template, content as Wording, (await officesOf(web.db, [authority])).has(authority));
        if (problems.length > 0) throw new ProblemError(problems);
        const made = { template, authority, itemId, content: content as Wording };
        return c.json({ id: await transaction(web.db, (tx) => insertWording(tx, made, officer(staff), c.get('now'))) });
      },
    )
    .post(
      '/notice-texts/:id/publish',
      access('officer'),
      describeRoute(answers('发布告知文本', z.object({ published: z.boolean() }), { one: true })),
      valid('param', z.object({ id: z.uuid() })),
      async (c) => {
        const staff = staffOf(c);
        const { id } = c.req.valid('param');
        const found = await wordingById(web.db, id);
        if (found === null || !speaksFor(staff, found.authority)) return notFound('告知文本');
        await transaction(web.db, (tx) => publishWording(tx, id, officer(staff), c.get('now')));
        return c.json({ published: true });
      },
    );

const officeRoutes = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/offices',
      access('officer', 'auditor'),
      describeRoute(answers('告知里的单位名称和联系方式', listOf(office.extend({ authority: z.string() })))),
      valid('query', strictQuery({})),
      async (c) => {
        const { scope } = staffOf(c);
        const authorities = new Set((await itemsFor(web, scope)).map(({ item }) => item.authority));
        const told = await officesOf(web.db, [...authorities]);
        return c.json({ rows: [...told].map(([authority, one]) => ({ authority, ...one })), next: null });
      },
    )
    .post(
      '/offices',
      access('officer'),
      describeRoute(answers('登记单位的名称和联系方式', z.object({ told: z.boolean() }))),
      valid('json', office.extend({ authority: z.string().min(1).max(100) })),
      async (c) => {
        const staff = staffOf(c);
        const { authority, ...told } = c.req.valid('json');
        const known = (await itemsFor(web, staff.scope)).some(({ item }) => item.authority === authority);
        if (!known || !speaksFor(staff, authority)) return notFound('主管部门');
        await tellOffice(web, staff, authority, told, c.get('now'));
        return c.json({ told: true });
      },
    );

export const noticeTextApi = (web: WebContext) => new Hono<Env>().route('/', textRoutes(web)).route('/', officeRoutes(web));
