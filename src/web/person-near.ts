// Which policies one person or firm nearly meets, and in words what would have to be otherwise; every item at once from the last sealed record.
import type { Scope } from '../base/scope.ts';
import { whyAll } from '../match/why-all.ts';
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

/** Those with one change before those with two; none before the first snapshot, or of whom the scope does not cover. */
export const nearItems = async (web: WebContext, subjectId: string, scope: Scope): Promise<readonly NearItem[]> => {
  const [subject, items] = await Promise.all([subjectById(web.db, subjectId, scope), itemsFor(web, scope)]);
  if (subject === null) return [];
  const register = (audience: string) => (audience === 'enterprise' ? 'enterprise' : 'citizen');
  const live = items.filter(({ item, retiredAt }) => retiredAt === null && register(item.audience) === subject.register);
  if (live.length === 0) return [];
  const catalogue = await web.catalogue();
  const rules: Rule[] = [];
  for (const published of live) rules.push(await ruleNow(web, published, catalogue));
  const told = await whyAll(
    web.db,
    subject,
    rules.map((rule) => rule.compiled),
    catalogue,
    { near: true },
  );
  const found = rules.flatMap(({ compiled }) => {
    const near = [...(told?.get(compiled.item.id) ?? [])].flatMap((one) => one.near).sort((a, b) => a.changes.length - b.changes.length);
    const [first] = near;
    if (first === undefined) return [];
    const { id, title, authority } = compiled.item;
    const ways = [...new Set(near.map((one) => sayNear(one, compiled, speakerOf(compiled, catalogue))))];
    return [{ itemId: id, title, authority, ways, amountFen: first.amountFen, changes: first.changes.length }];
  });
  return found.sort((a, b) => a.changes - b.changes).map(({ changes: _, ...one }) => one);
};
