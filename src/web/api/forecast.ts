// 试算 over the API: a draft or a swept figure against the newest seal, counts and amounts alone, fast enough to move a slider. Writes nothing.
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { fail, ProblemError, problem } from '../../base/problem.ts';
import { coversItem } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import { parseSweep } from '../../forecast/sweep.ts';
import { whatIf } from '../../forecast/what-if.ts';
import { ledgerCut } from '../../ledger/store.ts';
import { readItem } from '../../policy/read.ts';
import { liveItems } from '../../policy/store.ts';
import { latestSnapshot } from '../../snapshot/store.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { answers, answersFile, valid } from './answer.ts';

const point = z.object({
  value: z.string().nullable().describe('位置上取的值；空：草案原样'),
  subjects: z.number(),
  eligible: z.number(),
  undetermined: z.number(),
  ineligible: z.number(),
  amountFen: z.string().nullable().describe('结算前的金额（分）；没有问金额的为空'),
  open: z.number().nullable().describe('金额未定的笔数'),
});
const reason = z.object({ at: z.string().describe('条件在规则里的位置'), text: z.string(), subjects: z.number() });
const group = z.object({ key: z.string(), label: z.string(), subjects: z.number(), totalFen: z.string(), open: z.number() });
const side = z.object({
  subjects: z.number(),
  undetermined: z.number().describe('其中另一版判为待核的；其余按第一条不满足的条件计入 reasons'),
  reasons: z.array(reason).readonly(),
});
const fen = z.string().nullable();
const spread = z.object({
  count: z.number(),
  totalFen: z.string(),
  minFen: fen,
  p10Fen: fen,
  p25Fen: fen,
  medianFen: fen,
  p75Fen: fen,
  p90Fen: fen,
  maxFen: fen,
  bounded: z.object({ count: z.number(), fromFen: z.string(), toFen: z.string() }),
  unknown: z.number(),
  commonest: z.array(z.object({ fen: z.string(), count: z.number() })).readonly(),
});
const breakdown = z.object({
  failing: z.array(reason).readonly().describe('不符合的人按第一条不满足的条件计；要看清单的条件只问按列还没有排除的人'),
  nearMiss: z.object({
    subjects: z.number().describe('只差一条、其余确定满足的人'),
    exact: z.boolean().describe('否：有条件要逐人看清单，只问了没被排除的人，实际可能更多'),
    conditions: z.array(reason).readonly(),
  }),
  byDivision: z.array(group).readonly(),
  amounts: spread.nullable().describe('金额的分布；没有问金额的为空'),
  bands: z
    .array(z.object({ fromFen: z.string(), toFen: z.string(), count: z.number(), totalFen: z.string() }))
    .readonly()
    .nullable()
    .describe('直方图，最多十二段，两端都含；没有问金额的为空'),
});

const told = z.object({
  format: z.literal('zhixiang-what-if-1'),
  item: z.string(),
  snapshot: z.object({ id: z.string(), knownAt: z.string() }),
  periodKey: z.string(),
  asIf: z.boolean().describe('草案此时尚未施行或已失效，按施行估算'),
  way: z.enum(['columns', 'full']).describe('columns：按内存里的列计数；full：规则读关联、事件、排名、已付金额或前一版，按匡算逐人判定'),
  sweepAt: z.string().nullable(),
  points: z.array(point).readonly(),
  draft: breakdown.nullable().describe('草案原样的细目；没有问、或按匡算做的为空'),
  against: z
    .object({ version: z.number(), hash: z.string(), periodKey: z.string(), gained: side, lost: side, deltaFen: fen })
    .nullable()
    .describe('与现行版相比：新纳入、不再纳入；没有现行版、或现行版按列数不出来的为空'),
});

const asked = z.strictObject({
  item: z.unknown().describe('事项，与规则文件同形'),
  period: z.string().max(20).optional(),
  sweep: z.string().max(2000).optional().describe('例如 /conditions/all/1/value=75..90:5'),
  amounts: z.boolean().optional().describe('也算金额；只要人数时快十倍'),
  details: z.boolean().optional().describe('也说差在哪一条、只差一条的人、各地区、与现行版相比'),
  columnsOnly: z.boolean().optional().describe('按列数不出来时不做匡算，答 state.needs-forecast（409）；边改边看时用'),
  stream: z
    .string()
    .max(64)
    .optional()
    .describe('边改边看的一个窗口：同一次登录、同一窗口新的一问到了，旧的一问就停下，答 state.superseded（409）'),
});

/** The question a window waits for; a newer one ends it. */
const openStreams = () => {
  const waiting = new Map<string, AbortController>();
  return async <T>(name: string | null, gone: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    if (name === null) return await work(gone);
    const own = new AbortController();
    waiting.get(name)?.abort();
    waiting.set(name, own);
    try {
      return await work(AbortSignal.any([own.signal, gone]));
    } finally {
      if (waiting.get(name) === own) waiting.delete(name);
    }
  };
};

/** Counts are of every division: they are for whoever may see every division, of the authorities they work for. */
const within = ({ scope }: Staff, json: unknown): unknown => {
  if (scope.divisions !== null)
    throw new ProblemError([problem('scope.division', '', '试算数的是全部地区的人，您只能看部分地区。', '请由能看全部地区的经办人试算。')]);
  const { id, authority } = (json ?? {}) as { readonly id?: unknown; readonly authority?: unknown };
  if (coversItem(scope, { id: String(id), authority: String(authority) })) return json;
  throw new ProblemError([problem('scope.item', '/authority', '这个事项不在您的范围内。', '请由主管部门的人试算。')]);
};

/** The question checked and put against the newest seal. */
const posed = async (web: WebContext, staff: Staff, question: z.infer<typeof asked>) => {
  const { item: json, period, sweep, amounts, details, columnsOnly } = question;
  const catalogue = await web.catalogue();
  const read = readItem(within(staff, json), catalogue);
  if (!read.ok) throw new ProblemError([...read.problems]);
  const snapshot = await latestSnapshot(web.db);
  if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照。', '请先封存数据，再做试算。');
  return {
    snapshotId: snapshot.id,
    catalogue,
    draft: read.item,
    published: (await liveItems(web.db)).filter((one) => one.item.id === read.item.id),
    ledgerCut: await transaction(web.db, ledgerCut),
    amounts: amounts === true,
    details: details === true,
    columnsOnly: columnsOnly === true,
    ...(period === undefined ? {} : { periodKey: period }),
    ...(sweep === undefined ? {} : { sweep: parseSweep(sweep) }),
  };
};

/** Often enough for a bar that moves, seldom enough for the wire. */
const tellEveryMs = 300;

export const forecastApi = (web: WebContext) => {
  const latest = openStreams();
  return new Hono<Env>()
    .post(
      '/forecast/what-if',
      access('officer', 'reviewer'),
      describeRoute(answers('试算：一份草案，或其中一个数换成别的值，会有多少人、多少钱', told)),
      valid('json', asked),
      async (c) => {
        const staff = staffOf(c);
        const question = c.req.valid('json');
        const ready = await posed(web, staff, question);
        const name = question.stream === undefined ? null : `${staff.sessionId}\n${question.stream}`;
        return c.json(await latest(name, c.req.raw.signal, (signal) => whatIf(web.db, web.hot, { ...ready, signal })));
      },
    )
    .post(
      '/forecast/whole',
      access('officer', 'reviewer'),
      describeRoute(
        answersFile('匡算：同试算，要逐人判定的也算；一行一个 JSON，先是 {"share": 0 到 1}，最后是 {"answer"} 或 {"problems"}；断开就停', [
          'application/x-ndjson',
        ]),
      ),
      valid('json', asked),
      async (c) => {
        const ready = await posed(web, staffOf(c), c.req.valid('json'));
        const gone = new AbortController();
        c.header('content-type', 'application/x-ndjson; charset=utf-8');
        return stream(c, async (out) => {
          out.onAbort(() => gone.abort());
          const signal = AbortSignal.any([gone.signal, c.req.raw.signal]);
          let share = 0;
          const told = setInterval(() => void out.write(`${JSON.stringify({ share })}\n`), tellEveryMs);
          try {
            const answer = await whatIf(web.db, web.hot, { ...ready, signal, far: (now) => (share = now) });
            clearInterval(told);
            await out.write(`${JSON.stringify({ answer })}\n`);
          } catch (error) {
            clearInterval(told);
            if (!(error instanceof ProblemError)) throw error;
            await out.write(`${JSON.stringify({ problems: error.problems })}\n`);
          } finally {
            clearInterval(told);
          }
        });
      },
    );
};
