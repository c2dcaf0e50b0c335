// Remarks on a rule on its way: on the whole, or pinned to one place with what stood there and how it was read aloud, so that a remark still says what it was
// about once the place reads otherwise; and answers to them. They stand in the trail and change nothing.
import { audit } from '../audit/audit.ts';
import { entriesOf } from '../audit/store.ts';
import { canonicalJson } from '../base/canonical.ts';
import { fail } from '../base/problem.ts';
import { type Db, transaction } from '../db/handle.ts';
import { lockReview } from './store.ts';

export interface Pin {
  /** JSON pointer into the item as it was then. */
  readonly place: string;
  /** How the place was read aloud. */
  readonly about: string;
  /** What stood there; undefined where it is too long to be kept. */
  readonly was?: unknown;
}

export interface Remark {
  readonly id: string;
  readonly by: string;
  readonly at: Date;
  readonly text: string;
  readonly pin: Pin | null;
  /** The remark it answers. */
  readonly answers: string | null;
}

export interface Remarking {
  readonly id: string;
  readonly by: string;
  readonly role: 'officer' | 'reviewer';
  readonly at: Date;
  readonly text: string;
  readonly pin?: Omit<Pin, 'was'> | undefined;
  readonly answers?: string | undefined;
}

const mostKept = 8000;

/** undefined: nothing stands there. */
export const standsAt = (whole: unknown, place: string): unknown => {
  let here = whole;
  for (const part of place.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here;
};

const pinned = (content: unknown, { place, about }: Omit<Pin, 'was'>): Pin => {
  const was = standsAt(content, place);
  if (was === undefined) fail('input.place', '/place', '规则里没有这一处。', '它可能刚被改过：重新打开，再批注。');
  return { place, about, ...(canonicalJson(was).length > mostKept ? {} : { was }) };
};

type Told = { readonly action: string; readonly detail: unknown };
const placed = ({ action, detail }: Told): Pick<Remark, 'pin' | 'answers'> => {
  const { after } = detail as { readonly after?: { readonly pin?: Pin; readonly answers?: string } | null };
  return action === 'review.remark' ? { pin: after?.pin ?? null, answers: after?.answers ?? null } : { pin: null, answers: null };
};

/** Told at its place and not among what was said of the whole. */
export const isPlaced = (told: Told): boolean => {
  const { pin, answers } = placed(told);
  return pin !== null || answers !== null;
};

/** Oldest first. */
export const remarksOn = async (db: Parameters<typeof entriesOf>[0], id: string): Promise<readonly Remark[]> =>
  (await entriesOf(db, 'item_review', id))
    .filter((one) => one.action === 'review.remark')
    .map((one) => ({ id: String(one.id), by: one.actor, at: one.at, text: one.reason ?? '', ...placed(one) }));

/** By anybody who may read it. */
export const remarkReview = (db: Db, { id, by, role, at, text, pin, answers }: Remarking): Promise<void> =>
  transaction(db, async (tx) => {
    const review = await lockReview(tx, id);
    if (review === null) return fail('missing.review', '', '没有这份送审。', '从政策列表重新打开。');
    const said = text.trim();
    if (said.length < 2 || said.length > 500) fail('input.reason', '/text', '批注要写 2 到 500 个字。', '写明哪一条、怎么改。');
    const asked = answers === undefined ? null : (await remarksOn(tx, id)).find((one) => one.id === answers && one.answers === null);
    if (asked === undefined) fail('missing.remark', '/answers', '没有要答复的这条批注。', '刷新后再答复。');
    const where = pin === undefined ? {} : { pin: pinned(review.content, pin) };
    await audit(tx, {
      ...{ actor: by, role, at, action: 'review.remark', objectKind: 'item_review', objectId: id, reason: said },
      after: { item: review.itemId, ...where, ...(answers === undefined ? {} : { answers }) },
    });
  });
