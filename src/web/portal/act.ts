// An act of a visitor on a record of their own: in whose name, on which day; and the page that says what went wrong beside the form it came from.
import type { Context } from 'hono';
import { everything } from '../../base/scope.ts';
import { workingCalendar } from '../../catalogue/delivery-term.ts';
import type { Act } from '../../disbursement/act.ts';
import { todayFor } from '../../today.ts';
import { actorOf } from '../../visitor/visitor.ts';
import { type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';

/** The caller has made sure that the record is the visit's own (`ownRecord`). */
export const visitAct = async (c: Context<Env>, web: WebContext, id: string): Promise<Act> => ({
  id,
  actor: actorOf(visitorIn(c)),
  scope: everything,
  now: c.get('now'),
  today: await todayFor(web.db, c.get('now')),
  calendar: workingCalendar(await web.catalogue()),
});
