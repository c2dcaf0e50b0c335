// The portal's pages of what is asked of people and what they ask: 资格认证, and the requests they have made, filled in as a hand would.
import type { Page } from 'playwright-core';
import { addDays } from '../base/day.ts';
import { insertTurns } from '../certification/due-store.ts';
import { moveTurn } from '../certification/store.ts';
import { transaction } from '../db/handle.ts';
import type { Certify } from '../policy/certify.ts';
import type { Scene } from './shots-draw.ts';
import { dueOf, letCertify, type Shown, shownIn, subjectByKey } from './shots-store.ts';
import { type Ground, press, visitOf } from './shots-visit.ts';

const terms: Certify = {
  everyMonths: 12,
  windowDays: 30,
  visitAfterDays: 15,
  how: '带身份证到村（居）委会，或打电话约上门',
  late: 'suspend',
  clause: '领取人每年认证一次（样例）',
};

/** A turn for a record: just opened, on the list of visits, or over and the payments kept back. Returns its id. */
export const turnFor = async ({ db, steps }: Ground, one: Shown, end: 'open' | 'visiting' | 'suspended'): Promise<string | null> => {
  const { authority, ...due } = await dueOf(db, one.id);
  const dueOn = addDays(steps.today, { open: 25, visiting: 10, suspended: -5 }[end]);
  const turn = { ...due, itemId: one.itemId, authority, code: one.id.slice(0, 8), openedOn: addDays(dueOn, -30), dueOn, seen: null };
  return await transaction(db, async (tx) => {
    const [made] = await insertTurns(tx, [turn], 'system', steps.now());
    const by = { id: 'system', role: 'system', mover: 'machine' } as const;
    if (made !== undefined && end === 'visiting')
      await moveTurn(tx, { turn: made, to: end, verb: 'visit-list', change: { visitFrom: steps.today } }, by, steps.now());
    if (made !== undefined && end === 'suspended') {
      await moveTurn(tx, { turn: made, to: 'suspended', verb: 'suspend', change: { suspendedOn: addDays(dueOn, 1) } }, by, steps.now());
    }
    return made?.id ?? null;
  });
};

const certifyScenes = async (ground: Ground): Promise<readonly Scene[]> => {
  const { db, owner } = ground;
  const [kept] = await shownIn(db, 'paused', 'citizen');
  const [open] = (await shownIn(db, 'ready', 'citizen')).filter((one) => one.subjectId !== kept?.subjectId);
  const scenes: Scene[] = [];
  for (const [one, late, self] of [
    [kept, true, true],
    [open, false, false],
  ] as const) {
    const id = one === undefined ? null : await turnFor(ground, one, late ? 'suspended' : 'open');
    if (one === undefined || id === null) continue;
    const asked: Certify = self ? { ...terms, self: true } : terms;
    const around = {
      before: () => letCertify(owner, one.itemId, asked),
      after: () => letCertify(owner, one.itemId, null),
      cookies: await visitOf(ground, one),
    };
    const name = self ? 'certify' : 'certify-how';
    scenes.push({ ...around, name, title: self ? '资格认证，可以在网上办' : '资格认证，怎么办', path: '/my/certify' });
    scenes.push({ ...around, name: `${name}-one`, title: '确认本人情况', path: `/my/certify/${id}` });
  }
  return scenes;
};

/** Hands in both kinds of request once, then reads them. */
const handIn = (itemId: string) => {
  let done = false;
  return async (page: Page): Promise<number | undefined> => {
    const to = (path: string) => page.goto(new URL(path, page.url()).href);
    if (!done) {
      await to(`/my/items/${itemId}/wrong`);
      await page.locator('input[name=which]').first().check();
      await page.fill('#wanted', '1936年4月2日');
      await page.fill('#phone', '13800000000');
      await press(page, '提交');
      await to(`/my/items/${itemId}/human`);
      await page.fill('#text', '户口本上写的是1936年，登记成了1963年。');
      await page.fill('#phone', '13800000000');
      await press(page, '提交');
      done = true;
    }
    return (await to('/my/requests'))?.status();
  };
};

/** What is asked of people and what they ask. */
export const askedScenes = async (ground: Ground): Promise<readonly Scene[]> => {
  const scenes = [...(await certifyScenes(ground))];
  const one = ground.planted.find(({ item, expect }) => item === 'luquan-gaoling' && expect.verdict === 'ineligible');
  const subjectId = one === undefined ? null : await subjectByKey(ground.db, one.register, one.key);
  if (one === undefined || subjectId === null) return scenes;
  const cookies = await visitOf(ground, { register: one.register, subjectId });
  const at = `/my/items/${one.item}`;
  scenes.push({ name: 'near-planted', title: '只差一点', cookies, path: '/my/near' });
  scenes.push({ name: 'wrong-ineligible', title: '不符合的，数据不对', cookies, path: `${at}/wrong` });
  scenes.push({ name: 'requests', title: '我提的事', cookies, path: '/my/requests', act: handIn(one.item), latin: /^[A-F]+$/ });
  scenes.push({ name: 'human-asked', title: '已经请人重新看', cookies, path: `${at}/human` });
  return scenes;
};
