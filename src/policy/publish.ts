// Publishing: a second person makes a checked item the law of the house. Refuses what is wrong, what fails its own examples, and one pair of eyes.
import { createHash } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { canonicalJson } from '../base/canonical.ts';
import type { Day } from '../base/day.ts';
import { type Problem, problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { mustNotBeFrozen } from '../freeze/freeze.ts';
import { runExamples } from './example.ts';
import type { Item } from './item.ts';
import { lintErrors } from './lint.ts';
import { readItem } from './read.ts';
import { insertVersion, markRetired, type PublishedItem, versionsOf } from './store.ts';

export interface Publishing {
  /** Plain JSON, as it stands in a file or arrived over the API. */
  readonly json: unknown;
  readonly catalogue: Catalogue;
  readonly maker: string;
  readonly checker: string;
  readonly at: Date;
  /** Day of the newest sealed data: periods that ended before it may have been decided. Left out: nothing was decided yet. */
  readonly closedBefore?: Day;
}

export type Published =
  | {
      readonly ok: true;
      readonly item: Item;
      readonly version: number;
      readonly hash: string;
      readonly already: boolean;
      readonly blocked: string | null;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export const itemHash = (item: Item): string => createHash('sha256').update(canonicalJson(item)).digest('hex');

const withoutBefore = ({ before: _, ...item }: Item): Item => item;

/** Whether some subjects may still be decided by the version before: per event the event's day says so, otherwise the item. */
const looksBack = (item: Item): boolean =>
  item.transition !== undefined || item.selectedBy === 'application' || item.period === 'per-event';

/** Whether it decides periods again that had ended before it was published, without a clause that lets anything be taken back. */
const reachesBack = (item: Item, on: Day | null): on is Day =>
  on !== null &&
  item.recovery === undefined &&
  (item.lookback ?? 0) > 0 &&
  ['monthly', 'quarterly', 'yearly'].includes(item.period) &&
  (item.effective.from === null || item.effective.from < on);

/** The version before, frozen into this one, where some subjects or periods are still decided by it. `versions`: newest first; `on`: the day of the newest data; null: none. */
export const withBefore = (item: Item, versions: readonly PublishedItem[], on: Day | null): Item => {
  const same = versions.filter((v) => v.retiredAt === null && v.item.period === item.period && v.item.audience === item.audience);
  const { from } = item.effective;
  const earlier = same.find((v) => from !== null && (v.item.effective.from === null || v.item.effective.from < from));
  const before = looksBack(item) ? earlier : reachesBack(item, on) ? same[0] : undefined;
  if (before === undefined) return item;
  const until = reachesBack(item, on) ? { until: on } : {};
  return { ...item, before: { version: before.version, hash: before.hash, item: before.item, ...until } };
};

/** Why settlement may not pay this item yet; null: nothing stands in the way. */
export const blockedReason = (item: Pick<Item, 'limits'>): string | null => {
  const reasons = item.limits.flatMap((l) => ('unsupported' in l ? [l.unsupported.reason] : []));
  return reasons.length === 0 ? null : reasons.join('；');
};

const twoPeople = (p: Publishing): readonly Problem[] =>
  p.maker === p.checker ? [problem('state.same-person', '', '编制人与复核人是同一人', '请另一位复核人发布')] : [];

/** What would refuse it, without publishing: shape, meaning, examples, lint errors. */
export const publishProblems = (
  json: unknown,
  catalogue: Catalogue,
): { readonly item: Item | null; readonly problems: readonly Problem[] } => {
  const read = readItem(json, catalogue);
  if (!read.ok) return { item: null, problems: read.problems };
  const failed = runExamples(read.compiled, catalogue).flatMap((r, i) =>
    r.ok ? [] : [problem('rule.example', `/examples/${i}`, `例子“${r.name}”没有通过：${r.differences.join('；')}`, '改正规则或例子')],
  );
  return { item: read.item, problems: [...failed, ...lintErrors(read.compiled, catalogue)] };
};

/** The same content is never published twice; a race between two publishers ends in one version. */
export const publishItem = async (db: Db, publishing: Publishing): Promise<Published> => {
  const { json, ...rest } = publishing;
  const { item, problems } = publishProblems(json, publishing.catalogue);
  const all = [...twoPeople(publishing), ...problems];
  if (all.length > 0 || item === null) return { ok: false, problems: all };
  for (let attempt = 0; attempt < 5; attempt++) {
    const done = await transaction(db, (tx) => publishWithin(tx, { ...rest, item, document: null }));
    if (done !== null) return { ok: true, item, ...done };
  }
  return { ok: false, problems: [problem('conflict.publish', '', '有多人同时发布这个事项', '稍候再发布一次')] };
};

export interface Within extends Omit<Publishing, 'json'> {
  /** Checked: what `publishProblems` gave. */
  readonly item: Item;
  /** sha256 of the policy document among the kept files. */
  readonly document: string | null;
}

/** The version that has this content; null: none has. */
export const alreadyPublished = async (db: Db | Tx, item: Item): Promise<PublishedItem | null> => {
  const wanted = itemHash(item);
  return (await versionsOf(db, item.id)).find((v) => itemHash(withoutBefore(v.item)) === wanted) ?? null;
};

/** In the caller's transaction. null: another publisher was first, try again. Throws `state.frozen`. */
export const publishWithin = async (
  tx: Tx,
  { item, maker, checker, at, catalogue, document, closedBefore }: Within,
): Promise<{ readonly version: number; readonly hash: string; readonly already: boolean; readonly blocked: string | null } | null> => {
  const blocked = blockedReason(item);
  const versions = await versionsOf(tx, item.id);
  const known = await alreadyPublished(tx, item);
  if (known !== null) return { version: known.version, hash: known.hash, already: true, blocked };
  await mustNotBeFrozen(tx, 'publish', at);
  const content = withBefore(item, versions, closedBefore ?? null);
  const version = (versions[0]?.version ?? 0) + 1;
  const hash = itemHash(content);
  if (!(await insertVersion(tx, { item: content, version, hash, maker, checker, blocked, publishedAt: at, document }))) return null;
  await audit(tx, {
    actor: checker,
    role: 'checker',
    action: 'policy.publish',
    objectKind: 'item_version',
    objectId: `${item.id}@${version}`,
    after: { hash, maker, checker, blocked, document, catalogue: catalogue.hash },
    at,
  });
  return { version, hash, already: false, blocked };
};

/** A retired version decides nothing any more; its matches stay. False when there was nothing to retire. */
export const retireWithin = async (
  tx: Tx,
  retiring: { readonly itemId: string; readonly version: number; readonly by: string; readonly reason: string; readonly at: Date },
): Promise<boolean> => {
  const { itemId, version, by, reason, at } = retiring;
  if (!(await markRetired(tx, itemId, version, at))) return false;
  await audit(tx, {
    actor: by,
    role: 'checker',
    action: 'policy.retire',
    objectKind: 'item_version',
    objectId: `${itemId}@${version}`,
    reason,
    at,
  });
  return true;
};
