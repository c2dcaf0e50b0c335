// The one Hono app: runtime-neutral, handed its context. Order: headers, clock and account, same-origin, routes, problems.
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { openAPIRouteHandler } from 'hono-openapi';
import { problem } from '../base/problem.ts';
import { access, type Env } from './access.ts';
import { api } from './api/api.ts';
import { consolePages } from './console-pages.ts';
import type { WebContext } from './context.ts';
import { answerProblems, identify, problemsOf, sameOrigin } from './guard.ts';
import { hookRoutes } from './hooks.ts';
import { checkPages } from './portal/check.ts';
import { portalPages } from './portal/portal.ts';
import { portalStyle, portalStylePath } from './portal/style.ts';
import { staffPages } from './staff/staff.ts';
import { style } from './style.ts';
import { stylePath } from './view.ts';

const maxBodyBytes = 1_000_000;
/** A scan of 20 MB with the form around it. */
const maxFileBytes = 21_000_000;
/** A rule, and the policy document of 20 MB as base64 in the same body. */
const maxReviewBytes = 28_000_000;
/** Where a whole file comes in one body: scans, what a bank hands back, a visit list filled in. Who may send it is asked before the body is read. */
const takesFile = new RegExp(
  `^/(?:${[
    'api/attested-documents',
    'api/case-documents',
    'api/account-checks/[^/]+/answers',
    'api/results',
    'api/desk/decisions',
    'api/certification-visits/import',
    'staff/certifications/import',
    'my/benefits/[^/]+/(?:answer|apply)',
    'my/items/[^/]+/wrong',
  ].join('|')})$`,
);

const limitOf = (maxSize: number, hint: string) =>
  bodyLimit({ maxSize, onError: (c) => answerProblems(c as never, [problem('input.too-large', '', '提交的内容太大。', hint)]) });

/** Nothing from anywhere else, and no script: `more` is what the console alone may. */
const headersWith = (more: { readonly scriptSrc?: string[]; readonly connectSrc?: string[] }) =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      ...more,
    },
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
  });

export const makeApp = (web: WebContext) => {
  const app = new Hono<Env>();
  const plain = headersWith({});
  const scripted = headersWith({ scriptSrc: ["'self'"], connectSrc: ["'self'"] });
  app.use((c, next) => (/^\/console(?:\/|$)/.test(c.req.path) ? scripted(c, next) : plain(c, next)));
  const small = limitOf(maxBodyBytes, '网页表单最多 1 MB；大文件请用分段上传（/api/uploads）或命令行导入。');
  const large = limitOf(maxFileBytes, '最大 20 MB；扫描件请降低分辨率，回单请分几份。');
  const review = limitOf(maxReviewBytes, '政策文件最大 20 MB；扫描件请降低分辨率。');
  app.use((c, next) => (takesFile.test(c.req.path) ? large : c.req.path === '/api/reviews' ? review : small)(c, next));
  app.use(identify({ auth: web.auth, db: web.db, secret: web.secret, now: web.now }));
  app.use(sameOrigin(web.secret));
  app.onError((error, c) => {
    const problems = problemsOf(error);
    // The message of an unforeseen error may quote data, so only its class and place are logged.
    if (problems[0]?.code === 'internal.unexpected')
      web.log.error({ name: error.name, path: c.req.routePath, stack: stackOf(error) }, 'unexpected');
    return answerProblems(c, problems);
  });
  app.notFound((c) => answerProblems(c, [problem('missing.page', '', '没有这个页面。', '请检查地址，或从首页进入。')]));
  const routes = app
    .get('/healthz', access('public'), (c) => c.json({ ok: true }))
    .get(stylePath, access('public'), (c) =>
      c.body(style, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' }),
    )
    .get(portalStylePath, access('public'), (c) =>
      c.body(portalStyle, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=31536000, immutable' }),
    )
    .route('/', portalPages(web))
    .route('/', checkPages(web))
    .route('/', hookRoutes(web))
    .route('/', staffPages(web))
    .route('/', consolePages(web))
    .route('/', api(web));
  routes.get(
    '/openapi.json',
    access('public'),
    openAPIRouteHandler(routes as never, {
      documentation: {
        openapi: '3.1.0',
        info: {
          title: '直享 zhixiang',
          version: '0.1.0',
          description: '免申即享: items, runs, matches with explanation, notices, disbursements. Amounts are text in 分.',
        },
        components: { securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'zhixiang.session_token' } } },
      },
    }),
  );
  return routes;
};

/** File and line of an error's stack without its message. */
const stackOf = (error: Error): string =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 6)
    .join('\n');

export type App = ReturnType<typeof makeApp>;
