// What runs the house over the API: jobs with their runs, run now, how long runs are kept; channels, a test to oneself, notices sent again.
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { audit } from '../../audit/audit.ts';
import { isPhone, maskEmail, maskId } from '../../base/codes.ts';
import { fail, ProblemError } from '../../base/problem.ts';
import { openChannels } from '../../channels.ts';
import { transaction } from '../../db/handle.ts';
import { keepingOf, setKeeping } from '../../job/keep.ts';
import { type JobRun, type Outcome, outcomes, standingOf } from '../../job/run.ts';
import { askToStop, isRunning, listRuns } from '../../job/store.ts';
import { jobTitle } from '../../job-titles.ts';
import { jobs } from '../../jobs.ts';
import { countLost, sendAgain } from '../../notice/channel-store.ts';
import { isMailable } from '../../notice/notice.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { numberCursor, readNumber } from '../cursor.ts';
import { channelKeys, channelViews, type JobView, jobViews, mayRun, namesOf } from '../operations.ts';
import { openPace } from '../pace.ts';
import type { Role } from '../role.ts';
import { answers, listOf, listQuery, notFound, valid } from './answer.ts';

/** Who looks after the running of the house; who may run which job stands with the jobs. */
export const operators: readonly Role[] = ['admin', 'steward', 'officer', 'auditor'];
const keepers: readonly Role[] = ['steward', 'reviewer'];

const ends = Object.keys(outcomes) as [Outcome, ...Outcome[]];
const run = z.object({
  id: z.string(),
  name: z.string(),
  title: z.string(),
  by: z.string().nullable().describe('谁要求的；空：按时间表'),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  outcome: z.enum(ends),
  line: z.string().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  hint: z.string().nullable(),
  share: z.number().nullable().describe('办了多少，0 到 1；空：没有说'),
  doing: z.string().nullable(),
  ranMs: z.number().describe('到现在，或到办完，用了多久'),
  silentMs: z.number().describe('在运行的多久没有回音'),
  stopAskedBy: z.string().nullable().describe('谁要求停下'),
});
const job = z.object({
  ...{ name: z.string(), title: z.string(), what: z.string(), cron: z.string(), when: z.string() },
  nextAt: z.string().nullable(),
  last: run.nullable(),
  telling: run.nullable().describe('最近一次办了事或没有办成的'),
  mayRun: z.boolean().describe('您可以现在就运行'),
  stoppable: z.boolean().describe('运行中您可以让它停下'),
});
const keeping = z.strictObject({ days: z.number().int(), idleDays: z.number().int() });
const reason = z.string().trim().min(2).max(300);
type NameOf = (id: string | null) => string | null;
const toRun = ({ askedBy, startedAt, endedAt, seenAt, stopAskedBy, ...rest }: JobRun, nameOf: NameOf, now: Date) => ({
  ...{ ...rest, title: jobTitle(rest.name), by: nameOf(askedBy), stopAskedBy: nameOf(stopAskedBy) },
  ...{ startedAt: startedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null },
  ranMs: Math.max(0, (endedAt ?? now).getTime() - startedAt.getTime()),
  silentMs: endedAt === null ? Math.max(0, now.getTime() - seenAt.getTime()) : 0,
  // Whoever killed it could not say so.
  outcome: standingOf({ outcome: rest.outcome, seenAt }, now),
});
const toJob = ({ nextAt, last, telling, ...rest }: JobView, nameOf: NameOf, now: Date) => ({
  ...{ ...rest, nextAt: nextAt?.toISOString() ?? null },
  last: last === null ? null : toRun(last, nameOf, now),
  telling: telling === null ? null : toRun(telling, nameOf, now),
});
const named = z.object({ name: z.string().max(60) });
const roleOf = (staff: Staff): string => staff.roles.join(',');

export const jobApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/jobs', access(...operators), describeRoute(answers('定时任务：什么时候、上一次怎样、下一次何时', listOf(job))), async (c) => {
      const now = c.get('now');
      const [views, nameOf] = await Promise.all([jobViews(web, staffOf(c).roles, now), namesOf(web.db)]);
      return c.json({ rows: views.map((one) => toJob(one, nameOf, now)), next: null });
    })
    .get(
      '/jobs/:name',
      access(...operators),
      describeRoute(answers('一个任务：在运行的办了多少', job, { one: true })),
      valid('param', named),
      async (c) => {
        const now = c.get('now');
        const [view] = await jobViews(web, staffOf(c).roles, now, [c.req.valid('param').name]);
        return view === undefined ? notFound('任务') : c.json(toJob(view, await namesOf(web.db), now));
      },
    )
    .get(
      '/job-runs',
      access(...operators),
      describeRoute(answers('任务的历次运行，新的在前；没有要办的只在点名要看时列出', listOf(run))),
      valid('query', listQuery.extend({ name: z.string().max(60).optional(), outcome: z.enum(ends).optional() })),
      async (c) => {
        const { name, outcome, cursor, limit = 50 } = c.req.valid('query');
        const wanted: readonly Outcome[] = outcome === undefined ? ends.filter((one) => one !== 'idle') : [outcome];
        const ask = { name, outcomes: wanted, before: readNumber(cursor), limit };
        const [rows, nameOf] = await Promise.all([listRuns(web.db, ask), namesOf(web.db)]);
        const page = rows.slice(0, limit);
        const last = page.at(-1);
        return c.json({
          rows: page.map((one) => toRun(one, nameOf, c.get('now'))),
          next: rows.length > limit && last !== undefined ? numberCursor(BigInt(last.id)) : null,
        });
      },
    )
    .get('/job-retention', access(...operators), describeRoute(answers('任务记录保存几天', keeping)), async (c) =>
      c.json({ ...(await keepingOf(web.db)) }),
    )
    .post(
      '/job-retention',
      access('admin'),
      describeRoute(answers('改任务记录的保存天数', keeping)),
      valid('json', keeping.extend({ reason })),
      async (c) => {
        const { days, idleDays, reason: why } = c.req.valid('json');
        const by = { actor: staffOf(c).userId, role: 'admin', reason: why, at: c.get('now') };
        await setKeeping(web.db, { days, idleDays }, by);
        return c.json({ days, idleDays });
      },
    );

/** Run out of its time, and stopped, by whoever answers for what it does. */
export const jobActingApi = (web: WebContext) =>
  new Hono<Env>()
    .post(
      '/jobs/:name/run',
      access('admin', 'steward', 'officer', 'auditor'),
      describeRoute(answers('现在就运行一次，不等它办完', z.object({ run: z.string() }), { one: true })),
      valid('param', named),
      async (c) => {
        const { name } = c.req.valid('param');
        const staff = staffOf(c);
        const now = c.get('now');
        const wanted = jobs.find((one) => one.name === name);
        if (wanted === undefined) return notFound('任务');
        if (!mayRun(name, staff.roles))
          return fail('scope.role', name, '这个任务不由您的岗位运行。', '能运行的岗位见任务列表；请他们来办。');
        if (web.runner === undefined)
          return fail('state.no-runner', name, '这个程序不运行任务。', '到运行时间表的那一台上办，或等到下一次。');
        if (await isRunning(web.db, name, now)) return fail('conflict.job', name, '这个任务正在运行。', '等它办完再看；办完的会列在下面。');
        const entry = { actor: staff.userId, role: roleOf(staff), action: 'job.run', objectKind: 'job', objectId: name, at: now };
        await transaction(web.db, (tx) => audit(tx, entry));
        return c.json({ run: (await web.runner.start(wanted, staff.userId)).id });
      },
    )
    .post(
      '/jobs/:name/stop',
      access(...operators),
      describeRoute(answers('让在运行的停下：停在没有办了一半的地方', z.object({ run: z.string() }), { one: true })),
      valid('param', named),
      async (c) => {
        const { name } = c.req.valid('param');
        const staff = staffOf(c);
        const now = c.get('now');
        const wanted = jobs.find((one) => one.name === name);
        if (wanted === undefined) return notFound('任务');
        if (!mayRun(name, staff.roles)) return fail('scope.role', name, '这个任务不由您的岗位运行。', '请能运行它的岗位来停。');
        if (wanted.stoppable !== true) return fail('state.job', name, '这个任务停不下来，它很快就办完。', '等它办完。');
        const run = await transaction(web.db, async (tx) => {
          const asked = await askToStop(tx, name, staff.userId, now);
          if (asked === null) return null;
          await audit(tx, { actor: staff.userId, role: roleOf(staff), action: 'job.stop', objectKind: 'job', objectId: name, at: now });
          return asked;
        });
        return run === null ? fail('state.job', name, '它没有在运行，已经办完或停下了。', '刷新看结果。') : c.json({ run });
      },
    );

const channel = z.object({
  ...{ key: z.enum(channelKeys), title: z.string(), set: z.boolean(), detail: z.string(), hint: z.string().nullable() },
  standing: z
    .object({
      lastSentAt: z.string().nullable(),
      lastFailedAt: z.string().nullable(),
      due: z.number().describe('到点还没发的'),
      later: z.number(),
      sending: z.number(),
    })
    .nullable(),
  mayTest: z.boolean(),
});
const desk = z.object({ rows: z.array(channel), known: z.boolean().describe('假：这个程序不知道设置'), lost: z.number().nullable() });
const test = z.object({ sent: z.boolean(), why: z.string().nullable() });
const again = z.object({
  rows: z.array(z.object({ id: z.string(), done: z.boolean(), why: z.string().nullable() })),
});

/** A test is no way to write to strangers. */
const mostTests = 5;

export const channelApi = (web: WebContext) => {
  const pace = openPace(mostTests, mostTests * 4);
  return new Hono<Env>()
    .get(
      '/channels',
      access(...operators, 'reviewer'),
      describeRoute(answers('各条渠道：设了没有、上一次送出、还在等的', desk)),
      async (c) => {
        const staff = staffOf(c);
        const views = await channelViews(web, c.get('now'));
        const rows = (views ?? []).map(({ standing, ...one }) => ({
          ...one,
          standing:
            standing === null
              ? null
              : {
                  ...{ due: standing.due, later: standing.later, sending: standing.sending },
                  lastSentAt: standing.lastSentAt?.toISOString() ?? null,
                  lastFailedAt: standing.lastFailedAt?.toISOString() ?? null,
                },
        }));
        const sees = staff.roles.some((role) => role !== 'admin');
        return c.json({ rows, known: views !== null, lost: sees ? await countLost(web.db, staff.scope) : null });
      },
    )
    .post(
      '/channels/:key/test',
      access('admin', 'steward'),
      describeRoute(answers('试发一条给自己：只说这是试发', test, { one: true })),
      valid('param', z.object({ key: z.enum(['mail', 'sms']) })),
      valid('json', z.strictObject({ to: z.string().trim().max(120).describe('自己的邮箱或手机号') })),
      async (c) => {
        const { key } = c.req.valid('param');
        const { to } = c.req.valid('json');
        const staff = staffOf(c);
        const now = c.get('now');
        if (key === 'mail' ? !isMailable(to) : !isPhone(to))
          return fail('input.address', '/to', key === 'mail' ? '这不是一个邮箱地址。' : '这不是一个手机号。', '写您自己的。');
        if (web.runner === undefined) return fail('state.no-runner', key, '这个程序不知道渠道的设置。', '到运行时间表的那一台上试。');
        pace.ask(staff.userId, now);
        const { lanes, close } = openChannels(web.runner.context().config, () => now);
        try {
          const lane = lanes[key] ?? fail('state.channel', key, '这条渠道没有设置。', '先设置，再重新启动。');
          const text = `这是直享的试发，由${staff.name}发给自己，没有任何业务内容。收到就说明这条渠道通了。`;
          const answer = await lane.channel.send({
            ...{ messageId: `test.${randomUUID()}@zhixiang.invalid`, to, subject: '直享渠道试发', text, short: text },
          });
          const told = { to: key === 'mail' ? maskEmail(to) : maskId(to), answer: answer.kind };
          const entry = { actor: staff.userId, role: roleOf(staff), action: 'channel.test', objectKind: 'channel', objectId: key };
          await transaction(web.db, (tx) => audit(tx, { ...entry, after: told, at: now }));
          return c.json({ sent: answer.kind === 'sent', why: answer.kind === 'sent' ? null : answer.why });
        } finally {
          close();
        }
      },
    )
    .post(
      '/notices/again',
      access(...keepers),
      describeRoute(answers('没有送到的再发：从第一种方式起，逐封给结果', again)),
      valid('json', z.strictObject({ ids: z.array(z.uuid()).min(1).max(200), reason })),
      async (c) => {
        const { ids, reason: why } = c.req.valid('json');
        const staff = staffOf(c);
        const actor = { id: staff.userId, role: roleOf(staff) };
        const rows: z.infer<typeof again>['rows'] = [];
        for (const id of ids) {
          try {
            await transaction(web.db, (tx) => sendAgain(tx, { id, scope: staff.scope, reason: why }, actor, c.get('now')));
            rows.push({ id, done: true, why: null });
          } catch (error) {
            if (!(error instanceof ProblemError)) throw error;
            rows.push({ id, done: false, why: error.problems[0]?.message ?? null });
          }
        }
        return c.json({ rows });
      },
    );
};
