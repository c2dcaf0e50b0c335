// Staff accounts over the API, for the administrator alone: who works here, in which roles and scope; new, reset, left. A password is said once.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { everything } from '../../base/scope.ts';
import { itemsWithin } from '../../policy/view-store.ts';
import { access, type Env, staffOf } from '../access.ts';
import { changeAccount, createAccount, endAccount, resetAccount } from '../account.ts';
import type { WebContext } from '../context.ts';
import { titlesIn } from '../items.ts';
import { allRoles, clash, type Role } from '../role.ts';
import { staffAccounts } from '../store.ts';
import { answers, listOf, valid } from './answer.ts';

const role = z.enum(allRoles as readonly [Role, ...Role[]]);
const part = z.array(z.string().min(1).max(100)).max(200).nullable().describe('空：全部');
const scope = z.strictObject({ authorities: part, divisions: part, items: part });
const row = z.object({
  username: z.string(),
  name: z.string(),
  roles: z.array(role),
  scope,
  twoFactor: z.boolean(),
  demo: z.boolean(),
  leftAt: z.string().nullable(),
  clash: z.array(role).describe('同时持有而不能兼任的岗位；有就什么也办不了'),
});
const choice = z.object({ value: z.string(), label: z.string() });
const choices = z.object({ authorities: z.array(choice), divisions: z.array(choice), items: z.array(choice) });
const secret = z.object({ username: z.string(), password: z.string().describe('只说这一次') });
const named = z.object({ username: z.string().max(40) });
const word = z.strictObject({ reason: z.string().trim().min(2).max(300) });

export const accountApi = (web: WebContext) =>
  new Hono<Env>()
    .get('/accounts', access('admin'), describeRoute(answers('工作人员账号', listOf(row))), async (c) => {
      const rows = (await staffAccounts(web.db)).map(({ username, name, roles, scope: own, twoFactor, demo, leftAt }) => ({
        ...{ username, name, roles: [...roles], twoFactor, demo, leftAt: leftAt?.toISOString() ?? null, clash: [...(clash(roles) ?? [])] },
        scope: {
          authorities: own.authorities === null ? null : [...own.authorities],
          divisions: own.divisions === null ? null : [...own.divisions],
          items: own.items === null ? null : [...own.items],
        },
      }));
      return c.json({ rows, next: null });
    })
    .get('/account-scopes', access('admin'), describeRoute(answers('写范围时可选的部门、区划和事项', choices)), async (c) => {
      const [items, catalogue] = await Promise.all([itemsWithin(web.db, everything), web.catalogue()]);
      const titles = titlesIn(items);
      const nodes = catalogue.trees.find(({ id }) => id === 'division')?.nodes ?? [];
      const names = new Map(nodes.map((one) => [one.code, one.name]));
      return c.json({
        authorities: [...new Set(items.map(({ item }) => item.authority))].toSorted().map((value) => ({ value, label: value })),
        divisions: nodes.map(({ code, name, parent }) => ({
          value: code,
          label: parent === null ? `${name} ${code}` : `${names.get(parent) ?? ''}${name} ${code}`,
        })),
        items: items.map(({ itemId, item }) => ({ value: itemId, label: titles.get(itemId) ?? item.title })),
      });
    })
    .post(
      '/accounts',
      access('admin'),
      describeRoute(answers('新账号；不能兼任的岗位不会建', secret)),
      valid(
        'json',
        z.strictObject({ username: z.string().max(40), name: z.string().trim().min(1).max(60), roles: z.array(role).max(9), scope }),
      ),
      async (c) => {
        const wanted = c.req.valid('json');
        const username = wanted.username.trim().toLowerCase();
        const { password } = await createAccount(web.auth, web.db, { ...wanted, username }, staffOf(c).username, c.get('now'));
        return c.json({ username, password });
      },
    )
    .post(
      '/accounts/:username/reset',
      access('admin'),
      describeRoute(answers('重置密码和动态口令，所有会话结束', secret, { one: true })),
      valid('param', named),
      valid('json', word),
      async (c) => {
        const { username } = c.req.valid('param');
        const password = await resetAccount(web.auth, web.db, username, staffOf(c).username, c.req.valid('json').reason, c.get('now'));
        return c.json({ username, password });
      },
    )
    .post(
      '/accounts/:username/change',
      access('admin'),
      describeRoute(answers('调整岗位和范围：原来的会话结束', z.object({ changed: z.literal(true) }), { one: true })),
      valid('param', named),
      valid('json', word.extend({ roles: z.array(role).max(9), scope, was: z.array(role).max(9).describe('您看到的岗位') })),
      async (c) => {
        const { userId, username } = staffOf(c);
        const { reason, ...wanted } = c.req.valid('json');
        const ask = { ...wanted, username: c.req.valid('param').username };
        await changeAccount(web.db, ask, { userId, username, reason, at: c.get('now') });
        return c.json({ changed: true as const });
      },
    )
    .post(
      '/accounts/:username/end',
      access('admin'),
      describeRoute(answers('离岗：立即退出，再也登录不了，留痕还在', z.object({ ended: z.literal(true) }), { one: true })),
      valid('param', named),
      valid('json', word),
      async (c) => {
        await endAccount(web.db, c.req.valid('param').username, staffOf(c).username, c.req.valid('json').reason, c.get('now'));
        return c.json({ ended: true as const });
      },
    );
