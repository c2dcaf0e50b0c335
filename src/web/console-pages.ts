// The console's door: one page for every address below /console, and the files it names. What it shows it asks the API for, so the page itself is public.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { access, type Env } from './access.ts';
import { consoleFolder } from './bundle.ts';
import type { WebContext } from './context.ts';
import { page } from './view.ts';

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

const read = (...path: string[]): Promise<Buffer | null> => readFile(join(consoleFolder, ...path)).catch(() => null);

const waiting = (building: boolean) =>
  page({
    title: '界面正在准备',
    narrow: true,
    body: building
      ? html`<h1>界面正在准备</h1><p>第一次启动或升级之后要准备约半分钟，好了会自动打开。</p>`
      : html`<h1>界面没有准备好</h1><p>请系统管理员在服务器上运行 <code>npm run build</code>，看它说了什么；好了之后刷新这一页。</p><p><a href="/staff">先用旧版工作台</a></p>`,
  });

export const consolePages = (web: WebContext) =>
  new Hono<Env>()
    .get('/console/assets/:name', access('public'), async (c) => {
      const name = c.req.param('name');
      if (!/^[\w-][\w.-]*$/.test(name)) return c.notFound();
      const type = types[name.split('.').at(-1) ?? ''];
      const packed = (c.req.header('accept-encoding') ?? '').includes('gzip');
      const bytes = type === undefined ? null : await read('assets', packed ? `${name}.gz` : name);
      if (bytes === null || type === undefined) return c.notFound();
      return c.body(new Uint8Array(bytes), 200, {
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
        vary: 'accept-encoding',
        ...(packed ? { 'content-encoding': 'gzip' } : {}),
      });
    })
    .get('/console/*', access('public'), async (c) => {
      const building = web.consoleBuilding?.() === true;
      const whole = building ? null : await read('index.html');
      c.header('cache-control', 'no-cache');
      if (whole !== null) return c.html(whole.toString('utf8'));
      if (building) c.header('refresh', '2');
      c.header('retry-after', '2');
      return c.html(waiting(building), 503);
    });
