// 资格认证 over the API: who is due and where it stands, the visit list as a file, visits written down one by one or as the filled-in list.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import { certificationStates } from '../../certification/certification.ts';
import type { Listed } from '../../certification/store.ts';
import { importVisits } from '../../certification/visit-list.ts';
import { divisionName } from '../../record/lookup.ts';
import { bytesContent } from '../../sheet/content.ts';
import { access, type Env, staffOf } from '../access.ts';
import { certificationKinds, doVisit, takeVisitList, turnsFor, visitBody, visitRoles, visitStates } from '../certify.ts';
import type { WebContext } from '../context.ts';
import { actOf } from '../life.ts';
import { businessRoles } from '../role.ts';
import { shownNames } from '../shown-names.ts';
import { answers, answersFile, listOf, strictQuery, valid } from './answer.ts';
import { sheetsAnswer } from './sheet.ts';

const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const filter = {
  item: z.string().max(100).optional(),
  village: z
    .string()
    .regex(/^\d{2,12}$/)
    .optional(),
};
const row = z.object({
  id: z.string(),
  subjectId: z.string(),
  itemId: z.string(),
  title: z.string(),
  division: z.string().nullable(),
  place: z.string().describe('区划的名称'),
  state: z.enum(certificationKinds as [string]),
  text: z.string(),
  anchorOn: z.string().describe('从哪一天算起：上一次认证，或首次发放'),
  openedOn: z.string(),
  dueOn: z.string(),
  certifiedOn: z.string().nullable(),
  how: z.string().nullable(),
  subjectName: z.string().nullable().describe('姓名，按岗位遮蔽'),
  pausedFen: z.string(),
  pausedCount: z.number(),
});
const report = z.object({ certification: z.string(), state: z.string(), news: z.boolean(), resumed: z.number() });
const imported = z.object({ rows: z.number(), news: z.number(), certified: z.number(), deceased: z.number(), resumed: z.number() });

const toRow =
  (catalogue: Catalogue) =>
  ({ id, subjectId, itemId, title, division, state, anchorOn, openedOn, dueOn, certifiedOn, how, pausedFen, pausedCount }: Listed) => ({
    ...{ id, subjectId, itemId, title, division, state, anchorOn, openedOn, dueOn, certifiedOn, how, pausedCount },
    place: division === null ? '' : divisionName(catalogue, division),
    text: certificationStates[state].text,
    pausedFen: String(pausedFen),
  });

export const certificationApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/certifications',
      access(...businessRoles),
      describeRoute(answers('资格认证：到期、入户核查、逾期暂停；不含证件号码', listOf(row))),
      valid('query', strictQuery({ ...filter, state: z.enum(certificationKinds as [(typeof certificationKinds)[number]]).optional() })),
      async (c) => {
        const { state, ...wanted } = c.req.valid('query');
        const states = state === undefined ? certificationKinds.filter((one) => certificationStates[one].live) : [state];
        const rows = await turnsFor(web.db, { scope: staffOf(c).scope, states, ...wanted, limit: 1_000 });
        const nameOf = await shownNames(
          web.db,
          staffOf(c),
          rows.map((one) => one.subjectId),
        );
        const toShown = toRow(await web.catalogue());
        return c.json({ rows: rows.map((one) => ({ ...toShown(one), subjectName: nameOf(one.subjectId) })), next: null });
      },
    )
    .get(
      '/certification-list',
      access(...visitRoles),
      describeRoute(answersFile('入户核查名单（表格），按村排列，每行一个核查码；取用留痕', [sheetType])),
      valid('query', strictQuery(filter)),
      async (c) => {
        const { scope, userId } = staffOf(c);
        const asked = { catalogue: await web.catalogue(), actor: { id: userId, role: 'reviewer' }, at: c.get('now') };
        const { sheet } = await takeVisitList(web.db, { scope, states: visitStates, ...c.req.valid('query'), ...asked });
        return await sheetsAnswer(c, [sheet], 'xlsx', 'visits');
      },
    )
    .post(
      '/certification-visits',
      access(...visitRoles),
      describeRoute(answers('登记一次核查：谁、哪天、怎样见到；见到本人即认证，暂停的各期补发', report)),
      valid('json', visitBody),
      async (c) => {
        const context = { db: web.db, catalogue: await web.catalogue(), at: c.get('now') };
        return c.json(await doVisit(context, staffOf(c), c.req.valid('json')));
      },
    )
    .post(
      '/certification-visits/import',
      access(...visitRoles),
      describeRoute(answers('读入填好的核查名单（application/octet-stream，20 MB 以内）；有一行不对就都不写', imported)),
      valid(
        'query',
        strictQuery({
          document: z
            .string()
            .regex(/^[0-9a-f]{64}$/)
            .optional(),
        }),
      ),
      async (c) => {
        const content = bytesContent(new Uint8Array(await c.req.arrayBuffer()));
        const act = await actOf({ db: web.db, catalogue: await web.catalogue(), at: c.get('now') }, staffOf(c), visitRoles);
        return c.json(await importVisits(web.db, content, { ...act, ...c.req.valid('query') }));
      },
    );
