// 资格认证: which benefits want to know that the reader is still there, by when and how; where the item allows it, confirmed here by the person.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import { fail } from '../../base/problem.ts';
import { certificationStates } from '../../certification/certification.ts';
import { certifySelf } from '../../certification/self.ts';
import { type OwnTurn, turnsOf } from '../../certification/store.ts';
import { transaction } from '../../db/handle.ts';
import { access, type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { badge, type Html } from '../view.ts';
import { visitAct } from './act.ts';
import { portalPage, token } from './frame.ts';
import { type Visit, visitFor } from './visit.ts';

/** Only who signed in as themselves: a link, an agent or a guardian says nothing of whether the person is there. */
const isSelf = (c: Context<Env>, { acting }: Visit): boolean => acting.as === 'own' && visitorIn(c).way !== 'link';

const whyNot = (one: OwnTurn, self: boolean): string => {
  if (one.state === 'deceased') return '入户核查写的是已经去世。写错了的，请本人带身份证到村（居）委会或主管部门更正。';
  if (one.terms?.self === true && !self) return `可以在网上确认，但要本人用统一身份认证登录。也可以${one.terms.how}。`;
  return `办法：${one.terms?.how ?? '请联系主管部门'}。`;
};

const can = (one: OwnTurn, self: boolean): boolean => one.terms?.self === true && self && one.state !== 'deceased';

const row = (one: OwnTurn, self: boolean): Html =>
  html`<li><div class="row"><strong>${one.title}</strong><br>${badge(
    certificationStates[one.state].keepsBack ? 'bad' : 'open',
    certificationStates[one.state].text,
  )} ${certificationStates[one.state].keepsBack ? '' : `请在${dayText(one.dueOn)}前认证`}${
    one.pausedFen > 0n ? html`<span class="source">暂停发放 ${formatYuan(one.pausedFen)}，认证以后补给您。</span>` : ''
  }<p>${can(one, self) ? html`<a class="button" href="/my/certify/${one.id}">在网上确认</a>` : whyNot(one, self)}</p></div></li>`;

const listPage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const visit = await visitFor(c, web, 'view');
  const turns = await turnsOf(web.db, visit.acting.subjectId);
  const body = html`<h1>资格认证</h1>
${
  turns.length === 0
    ? html`<p class="empty">现在没有要认证的。长期发放的待遇到了期限会告知您。</p>`
    : html`<p class="lead">长期发放的待遇，要定期知道您还在领取。部门数据里看得到您近况的，会自动认证。</p><ul class="list">${turns.map((one) => row(one, isSelf(c, visit)))}</ul>`
}`;
  return portalPage(c, { title: '资格认证', for: visit.subject, back: { path: '/my', label: '我的待遇' }, body });
};

const onePage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const visit = await visitFor(c, web, 'view');
  const turn = (await turnsOf(web.db, visit.acting.subjectId)).find((one) => one.id === c.req.param('id'));
  if (turn === undefined) return fail('missing.certification', '', '没有这次资格认证，或者不是您的。', '请从“资格认证”进入。');
  const body = html`<h1>确认本人情况</h1><p class="lead">${turn.title}</p>
${
  can(turn, isSelf(c, visit))
    ? html`<p>确认以后：我是本人，现在仍符合领取条件。${turn.pausedFen > 0n ? `暂停的 ${formatYuan(turn.pausedFen)} 补给您，` : ''}以后照常发放。</p>
<p class="warn">不符合还确认的，多领的钱要退回。</p>
<div class="acts"><form method="post">${token(c)}<button>我是本人，确认</button></form><a class="button quiet" href="/my/certify">先不办</a></div>`
    : html`<p>${whyNot(turn, isSelf(c, visit))}</p>`
}`;
  return portalPage(c, { title: '确认本人情况', for: visit.subject, back: { path: '/my/certify', label: '资格认证' }, body });
};

export const certifyPages = (web: WebContext) =>
  new Hono<Env>()
    .get('/my/certify', access('visitor'), async (c) => c.html(await listPage(c, web)))
    .get('/my/certify/:id', access('visitor'), async (c) => c.html(await onePage(c, web)))
    .post('/my/certify/:id', access('visitor'), async (c) => {
      const visit = await visitFor(c, web, 'view');
      const [turn] = (await turnsOf(web.db, visit.acting.subjectId)).filter((one) => one.id === c.req.param('id'));
      if (turn === undefined) fail('missing.certification', '', '没有这次资格认证，或者不是您的。', '请从“资格认证”进入。');
      if (!isSelf(c, visit)) fail('scope.self', '', '资格认证要本人办理。', '请本人用统一身份认证登录，或按告知上写的办法办理。');
      const { actor, now, today } = await visitAct(c, web, turn?.id ?? '');
      await transaction(web.db, (tx) => certifySelf(tx, { id: turn?.id ?? '', subjectId: visit.acting.subjectId, actor, now, today }));
      return c.redirect('/my/certify', 303);
    });
