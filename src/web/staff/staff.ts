// The staff's server-rendered pages, until the console replaces them one by one.
import { Hono } from 'hono';
import type { Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { accountPages } from './accounts.ts';
import { disbursementPages } from './disbursements.ts';
import { signInPages } from './sign-in.ts';

export const staffPages = (web: WebContext) =>
  new Hono<Env>().route('/', signInPages(web)).route('/', accountPages(web)).route('/', disbursementPages(web));
