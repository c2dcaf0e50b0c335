// 确认、放弃、撤回: a page that says what it means, then the button that counts. Each can be taken back until the money is under seal.
import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { maskAccount } from '../../base/codes.ts';
import { transaction } from '../../db/handle.ts';
import { comeBack, confirm, decline } from '../../disbursement/act.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import type { Item } from '../../policy/item.ts';
import { waivedDays } from '../../policy/life.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import type { Html } from '../view.ts';
import { shown } from '../words.ts';
import { visitAct } from './act.ts';
import { amountOf, periodOf, portalPage, token } from './frame.ts';
import { itemOf, ownRecord, visitFor } from './visit.ts';

interface Deed {
  readonly title: string;
  readonly says: (item: Partial<Item>) => string;
  readonly button: string;
  readonly run: typeof confirm | typeof decline | typeof comeBack;
}

const acts = {
  confirm: {
    title: '确认领取',
    says: () => '确认以后，按办理步骤发到上面的账户。钱封存拨付之前可以改变主意。',
    button: '确认领取',
    run: confirm,
  },
  decline: {
    title: '暂不领取',
    says: (item) => `暂不领取以后，这笔钱保留 ${waivedDays(item)} 天，期间可以撤回；过后关闭，不再发放。不影响您别的待遇。`,
    button: '暂不领取',
    run: decline,
  },
  'come-back': {
    title: '撤回放弃',
    says: () => '撤回以后，从放弃时的那一步继续办理。',
    button: '撤回放弃',
    run: comeBack,
  },
} as const satisfies Record<string, Deed>;
type Name = keyof typeof acts;

const summary = (c: Context<Env>, name: Name, record: Disbursement, item: Partial<Item>): Html => {
  const { title, says, button } = acts[name];
  return html`<h1>${title}</h1>
<p class="lead">${record.basis.title}，${periodOf(record.periodKey)}</p>
${amountOf(record.amountFen)}
<dl><div><dt>收款人</dt><dd>${record.payeeName === null ? '还没有' : shown(record.payeeName)}</dd></div><div><dt>账户</dt><dd>${record.account === null ? '还没有，稍后补充' : `尾号 ${maskAccount(record.account).slice(-4)}`}</dd></div></dl>
<p>${says(item)}</p>
<div class="acts"><form method="post">${token(c)}<button>${button}</button></form><a class="button quiet" href="/my/benefits/${record.id}">先不办</a></div>`;
};

const routesOf = (web: WebContext, name: Name) => {
  const path = `/my/benefits/:id/${name}` as const;
  return new Hono<Env>()
    .get(path, access('visitor'), async (c) => {
      const visit = await visitFor(c, web, 'decide');
      const { record } = await ownRecord(web, visit, c.req.param('id'));
      const back = { path: `/my/benefits/${record.id}`, label: record.basis.title };
      return c.html(
        portalPage(c, { title: acts[name].title, for: visit.subject, back, body: summary(c, name, record, await itemOf(web, record)) }),
      );
    })
    .post(path, access('visitor'), async (c) => {
      const visit = await visitFor(c, web, 'decide');
      const { record } = await ownRecord(web, visit, c.req.param('id'));
      const act = await visitAct(c, web, record.id);
      await transaction(web.db, (tx) => acts[name].run(tx, act));
      return c.redirect(`/my/benefits/${record.id}`, 303);
    });
};

export const decidePages = (web: WebContext) =>
  new Hono<Env>().route('/', routesOf(web, 'confirm')).route('/', routesOf(web, 'decline')).route('/', routesOf(web, 'come-back'));
