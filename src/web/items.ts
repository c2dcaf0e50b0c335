// Items as the caller may see them, and items compiled for reading: what a match was decided by, kept while the process lives.
import type { Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { catalogueByHash } from '../catalogue/store.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { itemsWithin, type VersionView, versionOf, versionsWithin } from '../policy/view-store.ts';
import type { Called } from '../reconcile/statement.ts';
import type { WebContext } from './context.ts';
import { gapsByItem, type ListGap } from './lists.ts';
import { periodText } from './words.ts';

/** The newest version of each item within the scope. A rule is public: divisions do not limit it. */
export const itemsFor = (web: Pick<WebContext, 'db'>, scope: Scope): Promise<readonly VersionView[]> => itemsWithin(web.db, scope);

/** Item id → title; items of one title carry their authority, so that a choice between them can be made. */
export const titlesIn = (items: readonly VersionView[]): ReadonlyMap<string, string> => {
  const same = Map.groupBy(items, ({ item }) => item.title);
  return new Map(
    items.map(({ itemId, item }) => [itemId, (same.get(item.title)?.length ?? 0) > 1 ? `${item.title}（${item.authority}）` : item.title]),
  );
};

/** How a statement calls what it names. */
export const calledIn = (items: readonly VersionView[]): Called => ({ titles: titlesIn(items), period: periodText });

/** All versions, newest first; empty when there is none within the scope. */
export const versionsFor = (web: WebContext, scope: Scope, id: string): Promise<readonly VersionView[]> =>
  versionsWithin(web.db, id, scope);

const catalogues = new Map<string, Promise<Catalogue | null>>();
const kept = 4;

/** Reading a catalogue costs tens of milliseconds and one never changes: the last few stay. */
const catalogueNamed = (web: Pick<WebContext, 'db'>, hash: string): Promise<Catalogue | null> => {
  const known = catalogues.get(hash);
  if (known !== undefined) return known;
  const made = catalogueByHash(web.db, hash).then((found) => found?.catalogue ?? null);
  made.then(
    (found) => found === null && catalogues.delete(hash),
    () => catalogues.delete(hash),
  );
  if (catalogues.size >= kept) catalogues.delete(catalogues.keys().next().value as string);
  catalogues.set(hash, made);
  return made;
};

export interface Rule {
  readonly published: VersionView;
  readonly compiled: CompiledItem;
  readonly catalogue: Catalogue;
}

const compiledOnes = new Map<string, CompiledItem>();

const compiledAs = (published: VersionView, catalogue: Catalogue): CompiledItem => {
  const key = `${published.item.id} ${published.version} ${published.hash} ${catalogue.hash}`;
  const known = compiledOnes.get(key);
  if (known !== undefined) return known;
  const made = compileItem(published.item, catalogue);
  if (compiledOnes.size >= 300) compiledOnes.clear();
  compiledOnes.set(key, made);
  return made;
};

/** The rule by the catalogue in force; whoever asks for many brings the catalogue, which is read anew each time. */
export const ruleNow = async (web: Pick<WebContext, 'catalogue'>, published: VersionView, known?: Catalogue): Promise<Rule> => {
  const catalogue = known ?? (await web.catalogue());
  return { published, compiled: compiledAs(published, catalogue), catalogue };
};

/** The rule and catalogue that evidence names; null when one of them is not in this database. */
export const ruleThen = async (
  web: Pick<WebContext, 'db'>,
  itemId: string,
  version: number,
  catalogueHash: string,
): Promise<Rule | null> => {
  const [published, catalogue] = await Promise.all([versionOf(web.db, itemId, version), catalogueNamed(web, catalogueHash)]);
  if (published === null || catalogue === null) return null;
  return { published, compiled: compiledAs(published, catalogue), catalogue };
};

/** Item id → its lists by name that still have names nobody was found for. Counts, no names: divisions do not limit them. */
export const listGapsFor = async (web: WebContext, items: readonly VersionView[]): Promise<ReadonlyMap<string, readonly ListGap[]>> => {
  const catalogue = await web.catalogue();
  const published = new Map(items.map((one) => [one.itemId, one]));
  return gapsByItem(
    web.db,
    [...published.keys()],
    async (itemId) => (await ruleNow(web, published.get(itemId) as VersionView, catalogue)).compiled,
    catalogue,
  );
};
