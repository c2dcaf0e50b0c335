// The portal's pages as data: each state a person meets, on the sample city as people find it after they were told, and once more after the money moved.
import type { Page } from 'playwright-core';
import { everything } from '../base/scope.ts';
import { transaction } from '../db/handle.ts';
import { decline, hold, stay } from '../disbursement/act.ts';
import { aboutAccount } from '../disbursement/disbursement.ts';
import { fileObjection } from '../disbursement/objection.ts';
import { review } from '../disbursement/review.ts';
import type { State } from '../disbursement/states.ts';
import { disbursementById, moveAll } from '../disbursement/store.ts';
import { noticeById } from '../notice/store.ts';
import { paymentsOf } from '../payment/own-store.ts';
import { advanceStep, tellStep } from '../steps.ts';
import { mintLinks } from '../visitor/link.ts';
import { sizeCookie } from '../web/portal/frame.ts';
import { askedScenes } from './shots-asked.ts';
import type { Scene, Size } from './shots-draw.ts';
import { edgeScenes } from './shots-edges.ts';
import { choosers, firstNotice, type Shown, shownIn, subjectByKey, withMost, withNone } from './shots-store.ts';
import { actOf, type Ground, press, visitOf } from './shots-visit.ts';

const large = { [sizeCookie]: 'large' };
export const portalSizes: readonly Size[] = [
  { name: '360', width: 360, height: 740, axe: true },
  { name: '360-large', width: 360, height: 740, cookies: large },
  { name: '1280', width: 1280, height: 800 },
  { name: '1280-large', width: 1280, height: 800, cookies: large, axe: true },
  // A window of 1280 px at 400 %, and letters twice as large in one of 640: looked at for what sticks out, not drawn.
  { name: '320', width: 320, height: 640, unseen: true },
  { name: '640-zoom', width: 640, height: 800, zoom: 2, unseen: true },
];

/** Of the route table, what is a page of the portal: not staff's, not for programs, and no door that only leads on. */
export const isPortalPage = (path: string): boolean =>
  !/^\/(?:staff|console|api|assets|hooks|healthz|openapi|size|sign-in\/)/.test(path) && !path.includes('*');

/** The states that need somebody's act or another day, each made of a record on its way. */
const arrange = async (ground: Ground): Promise<void> => {
  const { db } = ground;
  const reviewing = [...(await shownIn(db, 'reviewing', 'citizen')), ...(await shownIn(db, 'reviewing', 'enterprise'))];
  const [refused, back, applying, ...passed] = reviewing.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const decide = (one: Shown | undefined, decision: 'pass' | 'return' | 'refuse', reason?: string) =>
    one &&
    transaction(db, (tx) => review(tx, { ...actOf(ground, one.id), roster: [], decision, ...(reason === undefined ? {} : { reason }) }));
  await decide(refused, 'refuse', '户籍地没有登记在本县，见公安部门的回函。');
  await decide(back, 'return', '请补一份身份证复印件。');
  const asked = applying === undefined ? null : await disbursementById(db, applying.id, everything);
  if (asked !== null) {
    const move = { record: asked.record, place: stay(asked.record, 'applying'), by: 'reviewer', proof: { decision: 'pass' } } as const;
    await transaction(db, (tx) => moveAll(tx, [move], { id: 'reviewer', role: 'reviewer' }, ground.steps.now()));
  }
  for (const one of passed) await decide(one, 'pass');
  await advanceStep(ground.steps);
  await tellStep(ground.steps);
  await advanceStep(ground.steps);
  const [toHold] = await shownIn(db, 'ready', 'citizen');
  if (toHold) await transaction(db, (tx) => hold(tx, { ...actOf(ground, toHold.id), reason: '户籍地正在核对登记信息' }));
  const machine = async (one: Shown | undefined, state: State, reason: string | null, proof: Record<string, string>) => {
    const found = one === undefined ? null : await disbursementById(db, one.id, everything);
    if (found === null) return;
    const move = { record: found.record, place: stay(found.record, state), by: 'machine', reason, proof } as const;
    await transaction(db, (tx) => moveAll(tx, [move], { id: 'system', role: 'system' }, ground.steps.now()));
  };
  const ready = await shownIn(db, 'ready', 'citizen');
  await machine(ready[1], 'paused', '资格认证到期没有完成。', { certification: ready[1]?.id ?? '' });
  await machine(ready[2], 'deceased', '卫健委报告已去世。', { death: ready[2]?.id ?? '' });
  const [toDecline] = (await shownIn(db, 'confirming')).slice(-1);
  if (toDecline) await transaction(db, (tx) => decline(tx, actOf(ground, toDecline.id)));
  const [toObject] = (await shownIn(db, 'publicity')).slice(-1);
  if (toObject) {
    const told = { kind: 'public', name: '王举', number: '11010519491231002X', phone: '13800000000', text: '他家已经搬走了。' } as const;
    await transaction(db, (tx) => fileObjection(tx, { ...actOf(ground, toObject.id), ...told }));
  }
};

/** What stands below a record, for its own subject: the page of every state, and the pages its next action leads to. */
const below: Readonly<Partial<Record<State, readonly (readonly [page: string, title: string])[]>>> = {
  applying: [['apply', '提交申请']],
  asking: [['answer', '补充信息']],
  confirming: [
    ['confirm', '确认领取'],
    ['decline', '暂不领取'],
  ],
  waived: [['come-back', '撤回放弃']],
  returned: [['account', '更正账户']],
  closed: [['appeal', '请人工复核']],
  paid: [
    ['why', '为什么符合'],
    ['rate', '评价'],
  ],
};

const picture = { name: '身份证正面.png', mimeType: 'image/png', buffer: Buffer.from('89504e470d0a1a0a00', 'hex') };

/** Everything a form asks for, and on to the page where it is read again. */
const fillIn = async (page: Page): Promise<number | undefined> => {
  for (const [name, value] of [
    ['account', '6222020000000088'],
    ['bank', '云溪农商银行'],
  ] as const)
    for (const input of await page.locator(`main input[name="${name}"]`).all()) await input.fill(value);
  for (const input of await page.locator('main input[type="file"]').all()) await input.setInputFiles(picture);
  for (const group of await page.locator('main fieldset').all()) await group.locator('input[type="radio"]').first().check();
  return press(page, '下一步，核对');
};

/** One who is asked for what can be given here: the form, and what it says before it counts. */
const completing = async (ground: Ground): Promise<readonly Scene[]> => {
  for (const one of await shownIn(ground.db, 'asking')) {
    const found = await disbursementById(ground.db, one.id, everything);
    if (found === null || !found.record.gaps.some(aboutAccount)) continue;
    const at = { cookies: await visitOf(ground, one), path: `/my/benefits/${one.id}/answer` };
    return [
      { ...at, name: 'complete-account', title: '补充收款账户' },
      { ...at, name: 'complete-account-read', title: '核对补充的信息', act: fillIn },
    ];
  }
  return [];
};

const benefits = async (ground: Ground, states: readonly State[]): Promise<readonly Scene[]> => {
  const scenes: Scene[] = [];
  for (const state of states)
    for (const register of ['citizen', 'enterprise']) {
      const [one] = await shownIn(ground.db, state, register);
      if (one === undefined) continue;
      const cookies = await visitOf(ground, one);
      const at = { cookies, path: `/my/benefits/${one.id}` };
      const name = `benefit-${state}-${register === 'citizen' ? 'person' : 'firm'}`;
      scenes.push({ ...at, name, title: `一项：${state}`, print: state === 'paid' });
      for (const [page, title] of below[state] ?? [])
        scenes.push({ ...at, name: `${name}-${page}`, title, path: `${at.path}/${page}`, print: page === 'why' });
      if (state === 'applying')
        scenes.push({ ...at, name: `${name}-apply-read`, title: '核对申请', path: `${at.path}/apply`, act: fillIn });
    }
  return scenes;
};

const publicScenes = async (ground: Ground): Promise<readonly Scene[]> => {
  const { db, steps } = ground;
  const [told] = await shownIn(db, 'confirming', 'citizen');
  const notice = told === undefined ? null : await firstNotice(db, told.subjectId);
  const links =
    told === undefined || notice === null
      ? null
      : await transaction(db, (tx) => mintLinks(tx, [{ id: notice, subjectId: told.subjectId }], steps.now()));
  const link = links?.get(notice ?? '')?.path ?? null;
  const body = notice === null ? '' : ((await noticeById(db, notice, everything))?.body ?? '');
  const [, code = ''] = /查验码：?\s*([2-9A-HJ-NP-Z][2-9A-HJ-NP-Z -]{10,20})/.exec(body) ?? [];
  const check = (typed: string) => async (page: Page) => {
    await page.fill('#code', typed);
    return press(page, '查验');
  };
  const [named] = await shownIn(db, 'publicity');
  const reader = await withNone(db, 'citizen');
  const objecting = named === undefined || reader === null ? null : await visitOf(ground, { register: 'citizen', subjectId: reader });
  return [
    ...(named === undefined ? [] : [{ name: 'publicity-item', title: '一项的公示', path: `/publicity/${named.itemId}` }]),
    ...(named === undefined || objecting === null
      ? []
      : [{ name: 'object', title: '提出异议', path: `/my/object/${named.id}`, cookies: objecting }]),
    { name: 'publicity', title: '公示', path: '/publicity' },
    { name: 'welcome', title: '首页', path: '/' },
    { name: 'items', title: '查政策', path: '/items' },
    { name: 'items-found', title: '两个字查到', path: `/items?q=${encodeURIComponent('高龄')}` },
    { name: 'items-none', title: '没有查到', path: `/items?q=${encodeURIComponent('没有')}` },
    { name: 'items-event', title: '按遇到的事', path: '/items?event=work&for=citizen' },
    { name: 'item', title: '一项政策', path: '/items/luquan-gaoling', print: true },
    { name: 'item-firm', title: '一项企业政策', path: '/items/zhengzhou-yanfa-2019' },
    { name: 'help', title: '怎么办理', path: '/help' },
    { name: 'sign-in', title: '登录', path: '/sign-in' },
    { name: 'check', title: '查验告知', path: '/check' },
    { name: 'check-voucher', title: '查验拨付通知单', path: '/check/voucher' },
    { name: 'check-good', title: '查验：是真的', path: '/check', act: check(code), latin: /^[2-9A-HJ-NP-Z-]+$/ },
    { name: 'check-unknown', title: '查验：没有发过', path: '/check', act: check('2345-6789-ABCD'), latin: /^[A-Z-]+$/ },
    ...(link === null
      ? []
      : [
          { name: 'link', title: '打开告知里的链接', path: link },
          {
            name: 'link-wrong',
            title: '后四位不对',
            path: link,
            status: 401,
            act: async (page: Page) => {
              await page.fill('#lastFour', '0000');
              return press(page, '打开');
            },
          },
        ]),
    { name: 'link-gone', title: '链接用过或过期', path: `/l/${'a'.repeat(32)}`, status: 404 },
  ];
};

const personScenes = async (ground: Ground): Promise<readonly Scene[]> => {
  const { db } = ground;
  const scenes: Scene[] = [];
  const add = (name: string, title: string, cookies: Readonly<Record<string, string>>, path: string, more: Partial<Scene> = {}) =>
    scenes.push({ name, title, cookies, path, ...more });
  for (const [register, who] of [
    ['citizen', 'person'],
    ['enterprise', 'firm'],
  ] as const) {
    const most = await withMost(db, register);
    const none = await withNone(db, register);
    if (most !== null) {
      const cookies = await visitOf(ground, { register, subjectId: most });
      add(`home-several-${who}`, '有几项', cookies, '/my');
      add(`notices-${who}`, '收到的告知', cookies, '/my/notices');
      add(`mandates-${who}`, '委托', cookies, '/my/mandates');
      add(`wishes-${who}`, '告知方式', cookies, '/my/wishes');
      add(`near-${who}`, '我还可能享受', cookies, '/my/near');
      add(`requests-none-${who}`, '还没有提过', cookies, '/my/requests');
      const notice = await firstNotice(db, most);
      if (notice !== null) add(`notice-${who}`, '一份告知', cookies, `/my/notices/${notice}`, { print: true, latin: /^[2-9A-HJ-NP-Z-]+$/ });
    }
    if (none !== null) {
      const cookies = await visitOf(ground, { register, subjectId: none });
      add(`home-none-${who}`, '没有可享的', cookies, '/my');
      add(`notices-none-${who}`, '没有告知', cookies, '/my/notices');
      add(`near-none-${who}`, '没有享受的，还可能享受', cookies, '/my/near');
      add(`certify-none-${who}`, '没有要认证的', cookies, '/my/certify');
      add(`choices-none-${who}`, '没有要选的', cookies, '/my/choices');
    }
  }
  const [chooser] = await choosers(db);
  if (chooser !== undefined) add('choices', '选择一项', await visitOf(ground, { register: 'citizen', subjectId: chooser }), '/my/choices');
  for (const verdict of ['eligible', 'ineligible', 'undetermined'] as const) {
    const one = ground.planted.find((planted) => planted.item === 'luquan-gaoling' && planted.expect.verdict === verdict);
    const subjectId = one === undefined ? null : await subjectByKey(db, one.register, one.key);
    if (one !== undefined && subjectId !== null)
      add(
        `whether-${verdict}`,
        `为什么有，或者没有：${verdict}`,
        await visitOf(ground, { register: one.register, subjectId }),
        `/my/items/${one.item}`,
      );
  }
  return scenes;
};

/** After people were told. */
export const toldScenes = async (ground: Ground): Promise<readonly Scene[]> => {
  await arrange(ground);
  return [
    ...(await publicScenes(ground)),
    ...(await personScenes(ground)),
    ...(await completing(ground)),
    ...(await benefits(ground, [
      'applying',
      'asking',
      'named',
      'reviewing',
      'confirming',
      'publicity',
      'objected',
      'ready',
      'held',
      'paused',
      'deceased',
      'waived',
      'closed',
    ])),
    ...(await edgeScenes(ground)),
    ...(await askedScenes(ground)),
  ];
};

/** After the money moved. */
export const paidScenes = async (ground: Ground): Promise<readonly Scene[]> => {
  const money: Scene[] = [];
  for (const register of ['citizen', 'enterprise']) {
    const [paid] = await shownIn(ground.db, 'paid', register);
    if (paid === undefined) continue;
    const who = register === 'citizen' ? 'person' : 'firm';
    const cookies = await visitOf(ground, paid);
    money.push({ name: `home-paid-${who}`, title: '已经到账', cookies, path: '/my' });
    money.push({ name: `payments-${who}`, title: '发放记录', cookies, path: '/my/payments' });
    const [order] = await paymentsOf(ground.db, paid.subjectId, 1);
    if (order !== undefined)
      money.push({
        name: `voucher-${who}`,
        title: '拨付通知单',
        cookies,
        path: `/my/payments/${order.id}`,
        print: true,
        latin: /^(?:[A-Z0-9-]+|check|voucher)$/,
      });
  }
  return [...(await benefits(ground, ['sealed', 'sent', 'paid', 'returned', 'unknown'])), ...money];
};
