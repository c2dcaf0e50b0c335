// Publishing: a checked item with green examples becomes an immutable, numbered, hashed version, by two different people.
import { createHash } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { canonicalJson } from '../base/canonical.ts';
import { ProblemError, problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { runExamples } from './example.ts';
import type { Item } from './item.ts';
import { readItem } from './read.ts';
import { insertVersion, versionsOf } from './store.ts';

export interface PublishRequest {
  /** The rule file's content. */
  readonly json: unknown;
  readonly catalogue: Catalogue;
  /** Two different accounts. */
  readonly maker: string;
  readonly checker: string;
  readonly at: Date;
}

export interface Published {
  readonly itemId: string;
  readonly version: number;
  readonly hash: string;
  /** True when this very content had been published before; nothing was done. */
  readonly already: boolean;
}

/** sha256 over the canonical JSON: what evidence names. */
export const itemHash = (item: Item): string => createHash('sha256').update(canonicalJson(item)).digest('hex');

/** Money waits while a limit cannot be honoured; the item says so. */
const blockedReason = (item: Item): string | null =>
  item.limits.flatMap((limit) => ('unsupported' in limit ? [limit.unsupported.reason] : [])).join('；') || null;

/** Refuses what has problems (`rule.*`), failing examples (`rule.example`), or one person in both roles (`rule.two-people`). */
export const publishItem = async (db: Db, request: PublishRequest): Promise<Published> => {
  const { catalogue, maker, checker, at } = request;
  if (maker === checker)
    throw new ProblemError([problem('rule.two-people', '', '经办和复核不能是同一个人。', '请另一位政策管理员复核后发布。')]);
  const read = readItem(request.json, catalogue);
  if (!read.ok) throw new ProblemError(read.problems);
  const failing = runExamples(read.compiled, catalogue).filter((example) => !example.ok);
  if (failing.length > 0) {
    throw new ProblemError(
      failing.map((example) =>
        problem(
          'rule.example',
          `/examples/${example.name}`,
          `样例“${example.name}”没有通过：${example.differences.join('；')}`,
          '请核对规则或样例。',
        ),
      ),
    );
  }
  const { item } = read;
  const hash = itemHash(item);
  return transaction(db, async (tx) => {
    const versions = await versionsOf(tx, item.id);
    const same = versions.find((version) => version.hash === hash);
    if (same !== undefined) return { itemId: item.id, version: same.version, hash, already: true };
    const version = (versions[0]?.version ?? 0) + 1;
    const blocked = blockedReason(item);
    if (!(await insertVersion(tx, { item, version, hash, maker, checker, blocked, publishedAt: at })))
      throw new ProblemError([problem('conflict.version', '', '有人刚刚发布了这个事项的另一版。', '请看过新版以后再发布。')]);
    await audit(tx, {
      actor: checker,
      role: 'officer',
      action: 'policy.publish',
      objectKind: 'item_version',
      objectId: `${item.id}@${version}`,
      after: { hash, maker, checker, blocked },
      at,
    });
    return { itemId: item.id, version, hash, already: false };
  });
};
