// 审计底稿 over the API: one payment as a page to print. Looking at it is looking at a person, and noted as such.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { noteMatch } from '../look.ts';
import { businessRoles } from '../role.ts';
import { workpaperOf, workpaperPage } from '../workpaper.ts';
import { answersFile, notFound, valid } from './answer.ts';

export const workpaperApi = (web: WebContext) =>
  new Hono<Env>().get(
    '/disbursements/:id/workpaper',
    access(...businessRoles),
    describeRoute(answersFile('审计底稿（可打印的一页）', ['text/html'], { one: true })),
    valid('param', z.object({ id: z.uuid() })),
    async (c) => {
      const paper = await workpaperOf(web, c.req.valid('param').id, staffOf(c).scope);
      if (paper === null) return notFound('兑付记录');
      await noteMatch(web, c, paper.explanation);
      c.header('cache-control', 'no-store');
      return c.html(workpaperPage(paper, c.get('now')));
    },
  );
