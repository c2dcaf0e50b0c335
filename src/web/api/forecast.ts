// 试算 over the API: a draft or a swept figure against the newest seal, counts and amounts alone, fast enough to move a slider. Writes nothing.
import { Hono } from 'hono';
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
import { answers, valid } from './answer.ts';

const point = z.object({
  value: z.string().nullable().describe('位置上取的值；空：草案原样'),
  subjects: z.number(),
  eligible: z.number(),
  undetermined: z.number(),
  ineligible: z.number(),
  amountFen: z.string().nullable().describe('结算前的金额（分）；没有问金额的为空'),
  open: z.number().nullable().describe('金额未定的笔数'),
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
});

const asked = z.strictObject({
  item: z.unknown().describe('事项，与规则文件同形'),
  period: z.string().max(20).optional(),
  sweep: z.string().max(2000).optional().describe('例如 /conditions/all/1/value=75..90:5'),
  amounts: z.boolean().optional().describe('也算金额；只要人数时快十倍'),
});

/** Counts are of every division: they are for whoever may see every division, of the authorities they work for. */
const within = ({ scope }: Staff, json: unknown): unknown => {
  if (scope.divisions !== null)
    throw new ProblemError([problem('scope.division', '', '试算数的是全部地区的人，您只能看部分地区。', '请由能看全部地区的经办人试算。')]);
  const { id, authority } = (json ?? {}) as { readonly id?: unknown; readonly authority?: unknown };
  if (coversItem(scope, { id: String(id), authority: String(authority) })) return json;
  throw new ProblemError([problem('scope.item', '/authority', '这个事项不在您的范围内。', '请由主管部门的人试算。')]);
};

export const forecastApi = (web: WebContext) =>
  new Hono<Env>().post(
    '/forecast/what-if',
    access('officer', 'reviewer'),
    describeRoute(answers('试算：一份草案，或其中一个数换成别的值，会有多少人、多少钱', told)),
    valid('json', asked),
    async (c) => {
      const { item: json, period, sweep, amounts } = c.req.valid('json');
      const catalogue = await web.catalogue();
      const read = readItem(within(staffOf(c), json), catalogue);
      if (!read.ok) throw new ProblemError([...read.problems]);
      const snapshot = await latestSnapshot(web.db);
      if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照。', '请先封存数据，再做试算。');
      const published = (await liveItems(web.db)).filter((one) => one.item.id === read.item.id);
      return c.json(
        await whatIf(web.db, web.hot, {
          snapshotId: snapshot.id,
          catalogue,
          draft: read.item,
          published,
          ledgerCut: await transaction(web.db, ledgerCut),
          amounts: amounts === true,
          ...(period === undefined ? {} : { periodKey: period }),
          ...(sweep === undefined ? {} : { sweep: parseSweep(sweep) }),
        }),
      );
    },
  );
