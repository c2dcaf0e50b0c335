// Which policies one person or firm nearly meets, and in words what would have to be otherwise; every item at once from the last sealed record. Searching costs
// tens of milliseconds, so the answer is kept for its own person as long as everything it rests on is the same.
import { openKept } from '../base/kept.ts';
import type { Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Ground, groundOf } from '../match/why-all.ts';
import { sayNear } from '../policy/say-near.ts';
import { speakerOf } from '../policy/speaker.ts';
import { subjectById } from '../record/view-store.ts';
import type { WebContext } from './context.ts';
import { itemsFor, type Rule, ruleNow } from './items.ts';

export interface NearItem {
  readonly itemId: string;
  readonly title: string;
  readonly authority: string;
  /** Each a sentence, any of which suffices; the one with the fewest changes first. */
  readonly ways: readonly string[];
  /** By the first of them, 分; null while not known. */
  readonly amountFen: bigint | null;
}

/** One person's answer, and what it rests on: the ground and the rules' fingerprints. */
interface Answer {
  readonly basis: string;
  readonly found: Promise<readonly NearItem[]>;
}

/** Some ten thousand people's answers. */
const mostBytes = 16 * 1024 * 1024;
/** By what keeps the sealed blocks: one per server. Under a person's id stands that person's last answer, and nobody else's is ever looked at. */
const answers = new WeakMap<object, ReturnType<typeof openKept<Answer>>>();

const bytesOf = (items: readonly NearItem[]): number =>
  items.reduce((sum, one) => sum + 200 + 2 * [one.title, one.authority, ...one.ways].reduce((n, text) => n + text.length + 12, 0), 300);

/** Those with one change before those with two; none before the first snapshot, or of whom the scope does not cover. */
export const nearItems = async (
  web: Pick<WebContext, 'db' | 'catalogue' | 'hot'>,
  subjectId: string,
  scope: Scope,
): Promise<readonly NearItem[]> => {
  const [subject, items] = await Promise.all([subjectById(web.db, subjectId, scope), itemsFor(web, scope)]);
  if (subject === null) return [];
  const register = (audience: string) => (audience === 'enterprise' ? 'enterprise' : 'citizen');
  const live = items.filter(({ item, retiredAt }) => retiredAt === null && register(item.audience) === subject.register);
  if (live.length === 0) return [];
  const catalogue = await web.catalogue();
  const rules: Rule[] = [];
  for (const published of live) rules.push(await ruleNow(web, published, catalogue));
  const compiled = rules.map((rule) => rule.compiled);
  const ground = await groundOf(web.db, subject, compiled, catalogue, web.hot);
  if (ground === null) return [];
  const basis = [ground.name, catalogue.hash, ...live.map(({ itemId, version, hash }) => `${itemId} ${version} ${hash}`)].join('\n');
  const kept = answers.get(web.hot) ?? openKept<Answer>(mostBytes);
  answers.set(web.hot, kept);
  const known = kept.find(subject.subjectId);
  if (known?.basis === basis) return await known.found;
  // Kept while it is still being searched for: whoever asks twice is answered once.
  const found = search(ground, rules, catalogue);
  kept.keep(subject.subjectId, { basis, found }, bytesOf([]) + basis.length);
  const done = await found.catch((error: unknown) => {
    kept.forget(subject.subjectId);
    throw error;
  });
  kept.keep(subject.subjectId, { basis, found }, bytesOf(done) + basis.length);
  return done;
};

const search = async (ground: Ground, rules: readonly Rule[], catalogue: Catalogue): Promise<readonly NearItem[]> => {
  const told = await ground.tell({ near: true });
  const found = rules.flatMap(({ compiled }) => {
    const near = [...(told.get(compiled.item.id) ?? [])].flatMap((one) => one.near).sort((a, b) => a.changes.length - b.changes.length);
    const [first] = near;
    if (first === undefined) return [];
    const { id, title, authority } = compiled.item;
    const ways = [...new Set(near.map((one) => sayNear(one, compiled, speakerOf(compiled, catalogue))))];
    return [{ itemId: id, title, authority, ways, amountFen: first.amountFen, changes: first.changes.length }];
  });
  return found.sort((a, b) => a.changes - b.changes).map(({ changes: _, ...one }) => one);
};
