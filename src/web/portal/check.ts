// Is this notice genuine? Whoever holds one types its code and learns what kind it is, which office sent it and on which day; nothing of the person.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { officesOf } from '../../notice/around-store.ts';
import { readCheckCode } from '../../notice/check-code.ts';
import { checkNotice } from '../../notice/hear-store.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { askerOf, openPace } from '../pace.ts';
import { facts, type Html } from '../view.ts';
import { shown } from '../words.ts';
import { portalPage, token } from './frame.ts';

const form = (c: Context<Env>, typed: string): Html => html`<form method="post" action="/check">${token(c)}
<label for="code">查验码（告知末尾的 12 位字母和数字）</label>
<input id="code" name="code" type="text" value="${typed}" autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="40" required>
<p><button>查验</button></p></form><p><a href="/check/voucher">查验拨付通知单</a></p>`;

const lead = html`<h1>查验告知</h1><p class="lead">收到告知，想知道是不是真的，在这里查。我们的短信和信里没有链接；邮件里的链接只问证件号码后四位，不问密码、验证码和银行卡号。</p>`;

const answerTo = async (web: WebContext, typed: string): Promise<Html> => {
  if (readCheckCode(typed) === null)
    return html`<div class="warn" role="status"><strong>查验码不对：</strong>可能抄错了一位。请照告知上的 12 位字母和数字重新填写，没有数字 0、1 和字母 I、L、O。</div>`;
  const found = await checkNotice(web.db, typed);
  if (found === null)
    return html`<div class="warn" role="status"><strong>没有查到：</strong>我们没有发过带这个查验码的告知。请不要照它办，也不要转账；可以打电话向它写明的单位核对，号码请自己查，不要用告知上的。</div>`;
  const office = (await officesOf(web.db, [found.office])).get(found.office);
  return html`<div class="fine" role="status"><strong>✓ 是真的。</strong>这份告知是我们发出的。</div>
${facts([
  ['种类', found.kind],
  ['发出单位', shown(office?.name ?? found.office)],
  ['日期', dayText(found.issuedOn)],
  ...(office === undefined
    ? []
    : [['电话', shown(office.phone)] as const, ['地址', shown(`${office.address}（${office.hours}）`)] as const]),
])}
<p>告知的内容是写给本人的，这里不显示。</p>`;
};

export const checkPages = (web: WebContext) => {
  const pace = openPace(20, 1200);
  return new Hono<Env>()
    .get('/check', access('public'), (c) => c.html(portalPage(c, { title: '查验告知', body: html`${lead}${form(c, '')}` })))
    .post('/check', access('public'), async (c) => {
      pace.ask(askerOf(c), c.get('now'));
      const typed = String((await c.req.parseBody()).code ?? '').slice(0, 60);
      const said = await answerTo(web, typed);
      return c.html(portalPage(c, { title: '查验告知', body: html`${lead}${said}${form(c, shown(typed))}` }));
    });
};
