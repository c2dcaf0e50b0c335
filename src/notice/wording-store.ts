// The texts authorities publish over the shipped ones: drafted by one, published by another, never changed; the newest published version counts, one item's
// before the authority's. Hand-written SQL: a chunk's texts are read as one set.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Actor } from './send-store.ts';
import type { TemplateName, Wording } from './template-table.ts';

export interface PublishedWording {
  readonly id: string;
  readonly template: TemplateName;
  readonly authority: string;
  /** Empty: all items of the authority. */
  readonly itemId: string;
  readonly version: number;
  readonly content: Wording;
  readonly maker: string;
  readonly madeAt: Date;
  readonly checker: string | null;
  readonly publishedAt: Date | null;
}

const columns = `id, template, authority, item_id as "itemId", version, content, maker, made_at as "madeAt", checker, published_at as "publishedAt"`;

/** Published texts in force; the key is `authority`, `itemId` and `template` joined by a line break. */
export const wordingsOf = async (reader: Db | Tx, authorities: readonly string[]): Promise<ReadonlyMap<string, PublishedWording>> => {
  const sql = rawSql(reader);
  const rows = await sql<PublishedWording[]>`
    select distinct on (authority, item_id, template) ${sql.unsafe(columns)} from notice_wording
    where authority = any(${[...authorities]}::text[]) and published_at is not null order by authority, item_id, template, version desc`;
  return new Map(rows.map((row) => [wordingKey(row.authority, row.itemId, row.template), row]));
};

export const wordingKey = (authority: string, itemId: string, template: TemplateName): string => `${authority}\n${itemId}\n${template}`;

/** All versions of an authority, newest first. */
export const listWordings = async (reader: Db | Tx, authority: string | null): Promise<readonly PublishedWording[]> => {
  const sql = rawSql(reader);
  return await sql<PublishedWording[]>`
    select ${sql.unsafe(columns)} from notice_wording where ${authority}::text is null or authority = ${authority}
    order by made_at desc, id limit 500`;
};

export const wordingById = async (reader: Db | Tx, id: string): Promise<PublishedWording | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<PublishedWording[]>`select ${sql.unsafe(columns)} from notice_wording where id = ${id}`;
  return row ?? null;
};

/** A new version, not published yet; returns its id. */
export const insertWording = async (
  tx: Tx,
  draft: { readonly template: TemplateName; readonly authority: string; readonly itemId: string; readonly content: Wording },
  maker: Actor,
  at: Date,
): Promise<string> => {
  const sql = rawSql(tx);
  const { template, authority, itemId, content } = draft;
  // Two who draft at once get two versions.
  await sql`select pg_advisory_xact_lock(hashtext(${`notice.wording.${wordingKey(authority, itemId, template)}`}))`;
  const [row] = await sql<{ id: string; version: number }[]>`
    insert into notice_wording (template, authority, item_id, version, content, maker, made_at)
    select ${template}, ${authority}, ${itemId}, coalesce(max(version), 0) + 1, ${JSON.stringify(content)}::text::jsonb, ${maker.id}, ${at}
    from notice_wording where authority = ${authority} and item_id = ${itemId} and template = ${template} returning id, version`;
  const { id = '', version = 0 } = row ?? {};
  await audit(tx, {
    ...{ actor: maker.id, role: maker.role, at, action: 'wording.draft', objectKind: 'notice_wording', objectId: id },
    after: { template, authority, itemId, version },
  });
  return id;
};

/** A second person lets it out. `state.maker` where it is the same, `missing.wording` where nothing waits under this id. */
export const publishWording = async (tx: Tx, id: string, checker: Actor, at: Date): Promise<void> => {
  const found = await wordingById(tx, id);
  if (found === null || found.publishedAt !== null)
    return fail('missing.wording', id, '没有待发布的这份文本。', '可能已经发布；列表见“告知文本”。');
  if (found.maker === checker.id) fail('state.maker', id, '起草的人不能自己发布。', '请另一位政策管理员核对后发布。');
  const rows = await rawSql(tx)`
    update notice_wording set checker = ${checker.id}, published_at = ${at} where id = ${id} and published_at is null returning id`;
  if (rows.length === 0) fail('missing.wording', id, '没有待发布的这份文本。', '可能已经发布；列表见“告知文本”。');
  await audit(tx, {
    ...{ actor: checker.id, role: checker.role, at, action: 'wording.publish', objectKind: 'notice_wording', objectId: id },
    after: { version: found.version },
  });
};
