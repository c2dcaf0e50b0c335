// The portal's pages at its edges: who acts for somebody else, who is in no register, and everything that goes wrong.
import type { Acting, As } from '../visitor/visitor.ts';
import { allPowers } from '../visitor/visitor.ts';
import type { Scene } from './shots-draw.ts';
import { hideNotices, type Shown, shownIn, withNone } from './shots-store.ts';
import { type Ground, press, visitAs, visitOf } from './shots-visit.ts';

/** Who acts for somebody else, who is in no register, and what goes wrong. */
export const edgeScenes = async (ground: Ground): Promise<readonly Scene[]> => {
  const { db, owner } = ground;
  const [person] = await shownIn(db, 'confirming', 'citizen');
  const [firm] = await shownIn(db, 'confirming', 'enterprise');
  const scenes: Scene[] = [];
  const nobody = await visitAs(ground, null, null);
  scenes.push({ name: 'home-unregistered', title: '名册里没有', cookies: nobody, path: '/my' });
  if (person === undefined) return scenes;
  const other = await withNone(db, 'citizen');
  const acting = (subject: Shown, as: As): Acting => ({ register: subject.register, subjectId: subject.subjectId, as, powers: allPowers });
  const agent = firm === undefined ? null : await visitAs(ground, acting(firm, 'handler'), other);
  if (agent !== null) scenes.push({ name: 'home-agent', title: '替单位办理', cookies: agent, path: '/my' });
  const ward = await visitAs(ground, acting(person, 'guardian'), other);
  scenes.push({ name: 'home-ward', title: '监护人', cookies: ward, path: '/my' });
  scenes.push({
    name: 'benefit-delegate',
    title: '代办',
    cookies: await visitAs(ground, acting(person, 'delegate'), other),
    path: `/my/benefits/${person.id}`,
  });
  const human = { cookies: await visitOf(ground, person), path: `/my/items/${person.itemId}/human` };
  scenes.push({ ...human, name: 'human', title: '请工作人员重新看' });
  scenes.push({ ...human, path: human.path.replace('human', 'wrong'), name: 'wrong', title: '数据不对' });
  scenes.push({ name: 'for', title: '替谁办理', cookies: ward, path: '/my/for' });
  const byLink = await visitOf(ground, person, 'link');
  scenes.push({ name: 'home-link', title: '从链接进来', cookies: byLink, path: '/my' });
  scenes.push({ name: 'error-403', title: '没有权限', cookies: byLink, path: '/my/mandates', status: 403 });
  scenes.push({ name: 'error-404', title: '没有这个页面', path: '/nothing', status: 404 });
  scenes.push({ name: 'error-404-own', title: '没有这一项', cookies: ward, path: `/my/benefits/${crypto.randomUUID()}`, status: 404 });
  const cookies = await visitOf(ground, person);
  scenes.push({
    name: 'error-500',
    title: '出了意料之外的错',
    cookies,
    path: '/my/notices',
    status: 500,
    before: () => hideNotices(owner, true),
    after: () => hideNotices(owner, false),
  });
  scenes.push({
    name: 'error-stale',
    title: '页面放得太久',
    cookies,
    path: '/my/mandates',
    status: 403,
    act: async (page) => {
      await page.evaluate(
        `for (const one of document.querySelectorAll('input[name=csrf]')) one.value = 'x'; document.querySelector('form[action="/my/mandates"]').noValidate = true`,
      );
      return press(page, '委托');
    },
  });
  scenes.push({
    name: 'error-429',
    title: '查得太快',
    path: '/check',
    status: 429,
    act: async (page) => {
      const address = new URL('/check', page.url());
      // Somebody else on the line, so that the pages drawn after this one are not too fast.
      const elsewhere = { 'x-forwarded-for': '192.0.2.9' };
      await page.setExtraHTTPHeaders(elsewhere);
      const asked = { form: { code: 'x' }, headers: { origin: address.origin, ...elsewhere } };
      for (let n = 0; n < 21; n++) await page.request.post(address.href, asked);
      await page.fill('#code', '2345');
      return press(page, '查验');
    },
  });
  const [waived] = await shownIn(db, 'waived');
  if (waived !== undefined)
    scenes.push({
      name: 'error-conflict',
      title: '已经变了',
      cookies: await visitOf(ground, waived),
      path: `/my/benefits/${waived.id}/confirm`,
      status: 409,
      act: (page) => press(page, '确认领取'),
    });
  return scenes;
};
