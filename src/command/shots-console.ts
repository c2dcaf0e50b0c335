// The console's pages as data: each signed in to as somebody of the role whose work it is, on the sample city after people were told and after the money moved.
import type { Page } from 'playwright-core';
import { everything } from '../base/scope.ts';
import type { Database } from '../db/handle.ts';
import { listBatches } from '../payment/list-store.ts';
import { createAccount } from '../web/account.ts';
import { openAuth, randomToken } from '../web/auth.ts';
import { buildBundle, freshBundle } from '../web/bundle.ts';
import { type Role, roles } from '../web/role.ts';
import type { Scene, Size } from './shots-draw.ts';
import type { Ground } from './shots-visit.ts';

export const consoleSizes: readonly Size[] = [{ name: '1440', width: 1440, height: 900 }];

/** Who sits before the pictures; by role, made once per city. */
const seats = new WeakMap<object, Map<Role, string>>();

const seatOf = async ({ db, steps }: Ground, role: Role): Promise<{ readonly username: string; readonly password: string }> => {
  const username = `picture.${role.replace('-', '.')}`;
  const known = seats.get(db) ?? new Map<Role, string>();
  seats.set(db, known);
  const kept = known.get(role);
  if (kept !== undefined) return { username, password: kept };
  const auth = openAuth(db as Database['db'], { secret: randomToken(), baseUrl: 'http://localhost' });
  const who = { username, name: `${roles[role]}（样例）`, roles: [role], scope: everything, demo: true };
  const { password } = await createAccount(auth, db, who, 'start', steps.now());
  known.set(role, password);
  return { username, password };
};

/** Signs in on the page itself, which then shows what was asked for. */
const seated =
  (seat: { readonly username: string; readonly password: string }, then?: (page: Page) => Promise<unknown>) =>
  async (page: Page): Promise<undefined> => {
    await page.getByLabel('用户名').fill(seat.username);
    await page.getByLabel('密码', { exact: true }).fill(seat.password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.locator('.page-head').waitFor();
    await page.waitForLoadState('networkidle');
    await page.waitForFunction("!document.body.innerText.includes('正在读取')");
    await then?.(page);
  };

/**
 * Rules for a thumb and for people who read no Latin letters do not hold at a desk: numbers of batches and files are letters. What a table's cell cuts off
 * stands whole when it is pointed at.
 */
const fine = /^(?:small target|amount smaller|more than one next action|not Chinese|cut off: (?:td|th|span|input)\b)/;

type Told = readonly [name: string, title: string, role: Role, path: string, then?: (page: Page) => Promise<unknown>];

const scenesOf = async (ground: Ground, told: readonly Told[]): Promise<readonly Scene[]> => {
  const scenes: Scene[] = [];
  for (const [name, title, role, path, then] of told) {
    const act = seated(await seatOf(ground, role), then);
    scenes.push({ name, title, path: `/console${path}`, act, fine });
  }
  return scenes;
};

export const consoleTold = async (ground: Ground): Promise<readonly Scene[]> => {
  if (freshBundle() === null) await buildBundle();
  const pick = async (page: Page) => {
    for (const box of (await page.getByRole('checkbox', { name: '选这一行' }).all()).slice(0, 4)) await box.check();
    await page.getByRole('button', { name: /^办理选中的/ }).click();
    await page.getByLabel('填入每一件的理由').fill('材料齐全，同意');
    await page.getByRole('button', { name: '先试办' }).click();
    await page.getByRole('status').waitFor();
  };
  return [
    { name: 'sign-in', title: '登录', path: '/console', fine, act: async (page) => void (await page.getByLabel('用户名').waitFor()) },
    ...(await scenesOf(ground, [
      ['inbox-reviewer', '部门审核的待办', 'reviewer', '/'],
      ['queue-reviews', '待审核', 'reviewer', '/review/reviews'],
      ['queue-decide', '成批办理，先试办', 'reviewer', '/review/reviews', pick],
      ['queue-asks', '待补充', 'reviewer', '/review/asks'],
      ['queue-held', '暂缓中', 'reviewer', '/review/held'],
      ['batches-none', '还没有批次', 'finance-maker', '/payment/batches'],
      ['openings', '可以封批', 'finance-maker', '/payment/openings'],
      ['queue-objections', '异议', 'reviewer', '/review/objections'],
    ])),
  ];
};

export const consolePaid = async (ground: Ground): Promise<readonly Scene[]> => {
  const { rows } = await listBatches(ground.db, { scope: everything, limit: 200 });
  const largest = rows.toSorted((a, b) => b.lines - a.lines)[0];
  const batch = `/payment/batches/${largest?.id ?? ''}`;
  return await scenesOf(ground, [
    ['inbox-maker', '财政经办的待办', 'finance-maker', '/'],
    ['inbox-auditor', '审计看到的待办', 'auditor', '/'],
    ['batches', '批次', 'finance-maker', '/payment/batches'],
    ['batch', '一个批次', 'finance-maker', batch],
    ['batch-left-out', '没有进批次的', 'finance-checker', `${batch}?tab=out`],
    ['batch-sums', '批次的合计', 'finance-checker', `${batch}?tab=sums`],
    ['batch-timeline', '批次的经过', 'finance-issuer', `${batch}?tab=time`],
    ['results', '导入回盘', 'finance-maker', '/payment/results'],
    ['suspense', '挂账', 'finance-checker', '/payment/suspense'],
    ['returned', '退汇', 'finance-maker', '/payment/returned'],
    ['recoveries', '追回', 'reviewer', '/payment/recoveries'],
    ['statement', '对账', 'finance-head', '/payment/statement'],
    ['statement-items', '按事项对账', 'finance-head', '/payment/statement?by=item'],
    ['outlook', '预警', 'finance-head', '/payment/outlook'],
    ['queue-withheld', '扣下待处理', 'finance-maker', '/review/withheld'],
  ]);
};
