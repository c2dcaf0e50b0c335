// Long lists as tables to keep: the same rows by the same filters, page after page as they are read. Every one is noted in the trail.
import type { Context } from 'hono';
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { audit } from '../../audit/audit.ts';
import { trailEntries } from '../../audit/store.ts';
import { yuanText } from '../../base/amount.ts';
import { maskAccount, maskName } from '../../base/codes.ts';
import type { Day } from '../../base/day.ts';
import { transaction } from '../../db/handle.ts';
import { allStates, type State, states } from '../../disbursement/states.ts';
import { listDisbursements } from '../../disbursement/store.ts';
import { linesView } from '../../payment/list-store.ts';
import { lineEventNames } from '../../payment/states.ts';
import type { Sheet, SheetCell } from '../../sheet/xlsx-write.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { itemsFor, titlesIn } from '../items.ts';
import { businessRoles } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { momentText, periodKeyText, shown } from '../words.ts';
import { answersFile, strictQuery, valid } from './answer.ts';
import { requireAll, trailAsk, trailFilter } from './audit.ts';
import { found } from './batches.ts';
import { financeReaders, id } from './funding.ts';
import { pagedCells, sheetsAnswer, sheetTypes } from './sheet.ts';

const format = z.enum(['xlsx', 'csv']).default('xlsx');
/** Rows in memory at once. */
const pageRows = 1_000;

const yuan = (fen: bigint): SheetCell => ({ number: yuanText(fen) });

const noted = async (web: WebContext, c: Context<Env>, list: string, after: object): Promise<void> => {
  const staff = staffOf(c);
  const entry = { actor: staff.userId, role: staff.roles.join(','), action: 'list.export', objectKind: 'list', objectId: list };
  await transaction(web.db, (tx) => audit(tx, { ...entry, after, at: c.get('now') }));
};

export const listFileApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/disbursement-file',
      access(...businessRoles),
      describeRoute(answersFile('兑付记录（表格），和列表同样的条件；每次导出留痕', sheetTypes)),
      valid(
        'query',
        strictQuery({ item: z.string().max(100).optional(), state: z.enum(allStates as [State, ...State[]]).optional(), format }),
      ),
      async (c) => {
        const { item, state, format: wanted } = c.req.valid('query');
        const { scope } = staffOf(c);
        const titles = titlesIn(await itemsFor(web, scope));
        const filter = { ...(item === undefined ? {} : { itemId: item }), ...(state === undefined ? {} : { state }) };
        await noted(web, c, 'disbursements', { item, state });
        const sheet: Sheet = {
          name: '兑付记录',
          header: ['收款人', '事项', '期别', '区划', '金额（元）', '状态', '账户尾号', '开户行', '还缺', '期限', '编号'],
          rows: pagedCells(
            (after) => listDisbursements(web.db, { scope, filter, after, limit: pageRows }),
            (one) => [
              one.payeeName === null ? null : shown(one.payeeName),
              ...[titles.get(one.itemId) ?? one.itemId, periodKeyText(one.periodKey), one.division],
              ...[one.lineId === null ? null : yuan(one.amountFen), states[one.state].text],
              ...[one.account === null ? null : maskAccount(one.account).slice(-4), one.bank, one.gaps.join('；')],
              ...[one.dueOn === null ? null : { day: one.dueOn as Day }, one.id],
            ],
          ),
        };
        return await sheetsAnswer(c, [sheet], wanted, 'disbursements');
      },
    )
    .get(
      '/batches/:id/lines-file',
      access(...financeReaders),
      describeRoute(answersFile('一个批次的各笔（表格）：姓名遮去，账户只有后四位；每次导出留痕', sheetTypes, { one: true })),
      valid('param', id),
      valid('query', strictQuery({ format })),
      async (c) => {
        const batch = await found(web, c, c.req.valid('param').id);
        await noted(web, c, 'batch-lines', { batch: batch.id });
        const sheet: Sheet = {
          name: '各笔',
          header: ['序号', '收款人', '账户尾号', '开户行', '期别', '金额（元）', '流水号', '银行怎么说', '兑付记录'],
          rows: pagedCells(
            async (after) => {
              const rows = await linesView(web.db, { batchId: batch.id, after: Number(after ?? 0), limit: pageRows });
              return { rows, next: rows.length === pageRows ? String(rows.at(-1)?.position) : null };
            },
            (one) => [
              ...[{ number: String(one.position) }, maskName(shown(one.payeeName)), maskAccount(one.account).slice(-4), one.bank],
              ...[periodKeyText(one.periodKey), yuan(one.amountFen), one.endToEndId],
              one.said
                .map(({ kind, text }) => (text === null ? lineEventNames[kind] : `${lineEventNames[kind]}：${shown(text)}`))
                .join('；'),
              one.disbursementId,
            ],
          ),
        };
        return await sheetsAnswer(c, [sheet], c.req.valid('query').format, `batch-${batch.number}`);
      },
    );

/** The trail is of everybody and everything: for the auditor alone. */
export const trailFileApi = (web: WebContext) =>
  new Hono<Env>().get(
    '/audit-file',
    access('auditor'),
    describeRoute(answersFile('审计留痕（表格），和列表同样的条件，新的在前；导出本身也留痕', sheetTypes)),
    valid('query', strictQuery({ ...trailFilter, format })),
    async (c) => {
      requireAll(staffOf(c).scope);
      const { format: wanted, ...given } = c.req.valid('query');
      const accounts = await staffAccounts(web.db);
      const names = new Map(accounts.map(({ userId, name }) => [userId, name]));
      const asked = trailAsk(given, accounts);
      await noted(web, c, 'audit-entries', given);
      const sheet: Sheet = {
        name: '审计留痕',
        header: ['序号', '时间', '谁', '姓名', '岗位', '做什么', '对象', '对象编号', '理由', '前后', '链上'],
        rows: pagedCells(
          async (before) => {
            const rows = await trailEntries(web.db, { ...asked, before: before === null ? null : BigInt(before), limit: pageRows });
            return { rows, next: rows.length === pageRows ? String(rows.at(-1)?.id) : null };
          },
          (one) => [
            ...[{ number: String(one.id) }, momentText(one.at), one.actor, names.get(one.actor) ?? null, one.role, one.action],
            ...[one.objectKind, one.objectId, one.reason, JSON.stringify(one.detail)],
            one.position === null ? null : { number: String(one.position) },
          ],
        ),
      };
      return await sheetsAnswer(c, [sheet], wanted, 'audit');
    },
  );
