// The JSON API, one chain so that `hc` clients are typed from it. Each file below owns one noun; amounts are text in 分.
import { Hono } from 'hono';
import type { Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { disbursementApi } from './disbursements.ts';
import { sessionApi } from './session.ts';

export const api = (web: WebContext) => new Hono<Env>().route('/api', sessionApi(web)).route('/api', disbursementApi(web));
