// The portal for firms and residents: server-rendered, native forms, complete without script. Everything below /my belongs to one subject, the visit's.
import { Hono } from 'hono';
import type { Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { actingPages } from './acting.ts';
import { homePages } from './home.ts';
import { signInPages } from './sign-in.ts';

export const portalPages = (web: WebContext) =>
  new Hono<Env>().route('/', homePages(web)).route('/', signInPages(web)).route('/', actingPages(web));
