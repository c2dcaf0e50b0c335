// The first page anybody sees, and the items for the public. The portal for firms and residents grows here.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { page } from '../view.ts';

export const publicPages = (web: WebContext) =>
  new Hono<Env>().get('/', access('public'), (c) => {
    const body = html`<h1>直享</h1>
<p class="lead">该您的补贴，不用申请就到账。</p>
<p>政策写成规则，部门数据定期比对。符合条件的企业和居民会收到告知：为什么符合、给多少、什么时候到账。</p>
<p><a class="button" href="/staff/sign-in">工作人员登录</a></p>
<p><a href="/openapi.json">接口说明（OpenAPI 3.1）</a></p>
${web.demo ? html`<p class="note">这里是演示数据，人名、单位、账号都是虚构的。</p>` : ''}`;
    return c.html(page({ title: '首页', narrow: true, body }));
  });
