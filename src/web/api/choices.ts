// Choices between matters that exclude each other, over the API: who may still choose, and what they said where a clerk heard it.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { coversDivision, coversItem } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { chooseItem, type Offer, offersFor } from '../../settlement/choice.ts';
import { listChoosing } from '../../settlement/choice-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { answers, listOf, strictQuery, valid } from './answer.ts';

const row = z.object({
  lineId: z.string(),
  subjectId: z.string(),
  itemId: z.string(),
  periodKey: z.string(),
  fen: z.string(),
  until: z.string(),
  text: z.string(),
});
const offer = z.object({
  key: z.string(),
  until: z.string().nullable().describe('选择期限；已经定下的为空'),
  chosen: z.string().nullable().describe('本人选的事项'),
  options: z.array(
    z.object({
      itemId: z.string(),
      title: z.string(),
      periodKey: z.string(),
      fen: z.string(),
      highest: z.boolean().describe('没有人选时发的一项'),
      lineId: z.string(),
      changeable: z.boolean().describe('还没有进入封批，可以改选'),
    }),
  ),
});

/** As people see it: an option is picked by one of its lines. */
export const toOffer = ({ key, until, chosen, options }: Offer) => ({
  ...{ key, until, chosen },
  options: options.map(({ itemId, title, periodKey, fen, highest, lines }) => ({
    ...{ itemId, title, periodKey, highest },
    fen: String(fen),
    lineId: lines[0]?.lineId ?? '',
    changeable: lines.every((line) => line.open),
  })),
});

const body = z.strictObject({ lineId: z.uuid(), reason: z.string().min(1).max(500) });

export const choicesApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/exclusive-choices',
      access(...businessRoles),
      describeRoute(answers('等本人在互斥事项中选择的', listOf(row))),
      valid('query', strictQuery({ subject: z.uuid().optional() })),
      async (c) => {
        const { subject } = c.req.valid('query');
        const scope = staffOf(c).scope;
        const rows = await listChoosing(web.db, { scope, limit: 1_000, ...(subject === undefined ? {} : { subjectId: subject }) });
        return c.json({ rows: rows.map((one) => ({ ...one, fen: String(one.fen) })), next: null });
      },
    )
    .get(
      '/choice-offers',
      access(...businessRoles),
      describeRoute(answers('一个人在互斥事项中的选择：有哪几项、多少钱、到哪天、选了哪一项、还能不能改', listOf(offer))),
      valid('query', strictQuery({ subject: z.uuid() })),
      async (c) => {
        const { subject } = c.req.valid('query');
        const { scope } = staffOf(c);
        const offers = await offersFor(web.db, subject);
        // Whoever may not see one of the matters sees none of the choice.
        const within = offers.filter(({ options }) =>
          options.every(({ lines }) => lines.every((line) => coversItem(scope, line.item) && coversDivision(scope, line.division))),
        );
        return c.json({ rows: within.map(toOffer), next: null });
      },
    )
    .post(
      '/exclusive-choices',
      access('reviewer'),
      describeRoute(answers('登记本人的选择', z.object({ chosen: z.string() }))),
      valid('json', body),
      async (c) => {
        const staff = staffOf(c);
        const { lineId, reason } = c.req.valid('json');
        const by = { scope: staff.scope, at: c.get('now'), actor: staff.username, role: 'reviewer' };
        await transaction(web.db, (tx) => chooseItem(tx, { lineId, reason, ...by }));
        return c.json({ chosen: lineId });
      },
    );
