// A staff page: the frame with the signed-in account, its form token and the place in the navigation.
import type { Context } from 'hono';
import { type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { csrfToken } from '../guard.ts';
import { type Html, page } from '../view.ts';

export const staffPage = (c: Context<Env>, web: WebContext, title: string, body: Html): Html => {
  const staff = staffOf(c);
  return page({ title, staff, csrf: csrfToken(web.secret, staff.sessionToken), path: c.req.path, body });
};
