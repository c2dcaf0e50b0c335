// Looking at one person on pages and over the API: the purpose stands in the address (`?reason=call&order=GD-2026-0412`, nothing personal), and what was
// looked at is written down before the answer leaves.
import type { Context } from 'hono';
import { html } from 'hono/html';
import { type LookPurpose, lookReasons, readPurpose } from '../consult/consult.ts';
import { insertLook } from '../consult/store.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import type { Notice } from '../notice/notice.ts';
import { type Env, staffOf } from './access.ts';
import type { WebContext } from './context.ts';
import type { Explanation } from './explanation.ts';
import { factsRead } from './person-why.ts';
import { type Html, problemBox } from './view.ts';

export interface Looked {
  readonly subjectId: string;
  readonly view: 'person' | 'why' | 'match' | 'facts' | 'notice' | 'disbursement';
  readonly itemId?: string;
  readonly facts: readonly string[];
}

/** null: not said yet. */
export const purposeOf = (c: Context<Env>): LookPurpose | null => readPurpose(c.req.query('reason'), c.req.query('order'));

export const noteLook = async (web: WebContext, c: Context<Env>, purpose: LookPurpose, looked: Looked): Promise<void> => {
  const staff = staffOf(c);
  const { itemId = null, ...rest } = looked;
  await insertLook(web.db, { ...rest, ...purpose, itemId, actor: staff.userId, role: staff.roles.join(','), at: c.get('now') });
};

/** Handling a match, a record or a notice is its own purpose: it is the work order. */
const handling = (kind: 'match' | 'disbursement' | 'notice', id: string): LookPurpose => ({ reason: 'handle', order: `${kind}-${id}` });

/** A match shows whom it is about and what was read of them: no form to fill for it, but a row as for every other view. */
export const noteMatch = async (web: WebContext, c: Context<Env>, { match }: Explanation): Promise<void> => {
  const { id, subjectId, itemId, evidence } = match;
  await noteLook(web, c, handling('match', id), { subjectId, view: 'match', itemId, facts: factsRead(evidence.read) });
};

/** Payee, account and what has become of it, of one person. */
export const noteDisbursement = (web: WebContext, c: Context<Env>, d: Disbursement): Promise<void> =>
  noteLook(web, c, handling('disbursement', d.id), {
    ...{ subjectId: d.subjectId, view: 'disbursement', itemId: d.itemId },
    facts: d.account === null ? [] : ['account', 'accountName', 'bankName'],
  });

/** What one person was told, and where. */
export const noteNotice = (web: WebContext, c: Context<Env>, n: Notice): Promise<void> =>
  noteLook(web, c, handling('notice', n.id), {
    ...{ subjectId: n.subjectId, view: 'notice', itemId: n.itemId },
    facts: n.address === null ? [] : ['email'],
  });

/** A list asked for one person, or for one match, shows that person; any other list is a list. */
export const noteList = async (
  web: WebContext,
  c: Context<Env>,
  view: 'notice' | 'disbursement',
  asked: { readonly subject?: string | undefined; readonly match?: string | undefined },
  rows: readonly { readonly subjectId: string }[],
): Promise<void> => {
  const [first] = rows;
  if (first === undefined || (asked.subject === undefined && asked.match === undefined)) return;
  const { subjectId } = first;
  const purpose: LookPurpose =
    asked.match === undefined ? { reason: 'handle', order: `subject-${subjectId}` } : handling('match', asked.match);
  await noteLook(web, c, purpose, { subjectId, view, facts: [] });
};

/** For links from one view of a person to the next: the purpose goes along. */
export const withPurpose = (path: string, purpose: LookPurpose): string =>
  `${path}?reason=${purpose.reason}&order=${encodeURIComponent(purpose.order)}`;

/** Asks why, where a page would show a person; sent with status 428. */
export const purposeForm = (
  path: string,
  demo: boolean,
  problems: Parameters<typeof problemBox>[0] = [],
): Html => html`<h1>先说明为什么查看</h1>
<p class="lead">个人资料只为办事查看。谁、何时、为什么、看了哪些指标，都会留痕，本人可以问到。</p>
${problems.length === 0 ? '' : problemBox(problems)}
<form method="get" action="${path}"><label for="reason">事由</label><select id="reason" name="reason" required>${Object.entries(lookReasons)
  .filter(([code]) => demo || code !== 'demo')
  .map(([code, text]) => html`<option value="${code}" ${demo && code === 'demo' ? 'selected' : ''}>${text}</option>`)}</select>
<label for="order">工单号</label><input id="order" name="order" type="text" required minlength="2" maxlength="40" autocomplete="off" value="${demo ? 'DEMO' : ''}">
<p class="hint">来电、来访、异议、审计的编号，例如 GD-2026-0412；不要写身份号码。</p>
<p><button>查看</button></p></form>`;
