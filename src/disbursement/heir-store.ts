// Heirs and carers: named, confirmed, looked up; and the records that wait for one. Hand-written SQL beside the sealed person.
import { audit } from '../audit/audit.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { SealedAccount } from '../vault/account.ts';
import { type HeirPerson, openHeir, sealHeir } from '../vault/heir.ts';
import type { Disbursement } from './disbursement.ts';
import { stopKey } from './stop-store.ts';
import { type Actor, columnsOf, opened } from './store.ts';

export const heirRelations = {
  spouse: '配偶',
  child: '子女',
  parent: '父母',
  sibling: '兄弟姐妹',
  'other-heir': '其他继承人',
  carer: '照料人',
} as const;
export type HeirRelation = keyof typeof heirRelations;

export const heirStates = { named: '待第二人', confirmed: '已确认', refused: '退回', withdrawn: '撤回' } as const;
export type HeirState = keyof typeof heirStates;

export interface Heir {
  readonly id: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly authority: string;
  readonly division: string | null;
  readonly relation: HeirRelation;
  readonly person: HeirPerson;
  readonly accountIndex: string;
  readonly bank: string | null;
  readonly bankCode: string | null;
  readonly heirSubjectId: string | null;
  readonly document: string;
  readonly reason: string;
  readonly state: HeirState;
  readonly namedBy: string;
  readonly namedAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly closeReason: string | null;
}

const columns = (sql: Sql) => sql`
  h.id, h.subject_id as "subjectId", h.item_id as "itemId", h.authority, h.division, h.relation, h.person, h.account_index as "accountIndex", h.bank,
  h.bank_code as "bankCode", h.heir_subject_id as "heirSubjectId", h.document, h.reason, h.state, h.named_by as "namedBy", h.named_at as "namedAt",
  h.decided_by as "decidedBy", h.decided_at as "decidedAt", h.close_reason as "closeReason"`;

const scoped = { authority: 'h.authority', division: 'h.division', item: 'h.item_id' } as const;

type Row = Omit<Heir, 'person'> & { readonly person: Uint8Array };
const open = (reader: Db | Tx, row: Row): Heir => ({ ...row, person: openHeir(reader, row.id, row.person) });

interface Unit {
  readonly subjectId: string;
  readonly itemId: string;
}

/** The account of whoever is confirmed, as a blind index, by person and item. */
export const heirAccounts = async (reader: Db | Tx, subjectIds: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await rawSql(reader)<(Unit & { readonly index: string })[]>`
    select subject_id as "subjectId", item_id as "itemId", account_index as index from heir
    where state = 'confirmed' and subject_id = any(${[...subjectIds]}::uuid[])`;
  return new Map(rows.map((row) => [stopKey(row), row.index]));
};

/** Who is confirmed for these, locked; whoever is being confirmed at this moment is waited for. */
export const confirmedHeirs = async (tx: Tx, units: readonly Unit[]): Promise<readonly Heir[]> => {
  const sql = rawSql(tx);
  const rows = await sql<Row[]>`
    select ${columns(sql)} from unnest(${units.map((unit) => unit.subjectId)}::uuid[], ${units.map((unit) => unit.itemId)}::text[]) as x(subject, item)
    join heir h on h.subject_id = x.subject and h.item_id = x.item where h.state in ('named', 'confirmed') order by h.id for update of h`;
  return rows.flatMap((row) => (row.state === 'confirmed' ? [open(tx, row)] : []));
};

/** Records by id, locked in key order. */
export const lockRecordsById = async (tx: Tx, ids: readonly string[]): Promise<readonly Disbursement[]> => {
  const sql = rawSql(tx);
  const rows = await sql<SealedAccount<Disbursement>[]>`
    select ${columnsOf(sql)} from disbursement d where d.id = any(${[...ids]}::uuid[]) order by d.subject_id, d.id for update`;
  return opened(tx, rows);
};

/** Records of these people and items that wait for somebody to receive them, locked in key order. */
export const lockDeceased = async (tx: Tx, units: readonly Unit[]): Promise<readonly Disbursement[]> => {
  const sql = rawSql(tx);
  const rows = await sql<SealedAccount<Disbursement>[]>`
    select ${columnsOf(sql)} from disbursement d
    where d.state = 'deceased' and (d.subject_id, d.item_id) in (
      select * from unnest(${units.map((unit) => unit.subjectId)}::uuid[], ${units.map((unit) => unit.itemId)}::text[]))
    order by d.subject_id, d.id for update`;
  return opened(tx, rows);
};

/** The subject of a resident's number; null: in no register. */
export const residentOf = async (reader: Db | Tx, number: string): Promise<string | null> => {
  const [row] = await rawSql(reader)<{ id: string }[]>`select subject_id as id from record where register = 'citizen' and key = ${number}`;
  return row?.id ?? null;
};

const auditHeir = (
  tx: Tx,
  one: Pick<Heir, 'id' | 'subjectId' | 'itemId' | 'relation' | 'document'>,
  state: HeirState,
  before: HeirState | null,
  actor: Actor,
  at: Date,
  reason: string | null,
): Promise<void> =>
  audit(tx, {
    at,
    actor: actor.id,
    role: actor.role,
    action: `heir.${state}`,
    objectKind: 'heir',
    objectId: one.id,
    before: before === null ? null : { state: before },
    after: { state, subjectId: one.subjectId, itemId: one.itemId, relation: one.relation, document: one.document },
    reason,
  });

export type NewHeir = Omit<Heir, 'state' | 'decidedBy' | 'decidedAt' | 'closeReason'>;

/** `conflict.heir` where somebody is named already: two who name different people do not both stand. */
export const insertHeir = async (tx: Tx, one: NewHeir, actor: Actor): Promise<void> => {
  const {
    id,
    subjectId,
    itemId,
    authority,
    division,
    relation,
    accountIndex,
    bank,
    bankCode,
    heirSubjectId,
    document,
    reason,
    namedBy,
    namedAt,
  } = one;
  const rows = await rawSql(tx)`
    insert into heir (id, subject_id, item_id, authority, division, relation, person, account_index, bank, bank_code, heir_subject_id, document, reason, state,
      named_by, named_at)
    values (${id}, ${subjectId}, ${itemId}, ${authority}, ${division}, ${relation}, ${Buffer.from(sealHeir(tx, id, one.person))}, ${accountIndex}, ${bank},
      ${bankCode}, ${heirSubjectId}, ${document}, ${reason}, 'named', ${namedBy}, ${namedAt}) on conflict do nothing returning id`;
  if (rows.length === 0)
    fail('conflict.heir', subjectId, '已经登记了一位继承人或照料人。', '先确认、退回或撤回那一位；有争议的，请家属先协商或经法院确定。');
  await auditHeir(tx, one, 'named', null, actor, namedAt, reason);
};

/** `missing.heir` where there is none within the scope. */
export const heirById = async (reader: Db | Tx, id: string, scope: Scope, lock = false): Promise<Heir> => {
  const sql = rawSql(reader);
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from heir h where h.id = ${id} ${inScope(sql, scope, scoped)} ${lock ? sql`for update` : sql``}`;
  return row === undefined ? fail('missing.heir', id, '没有这件继承人登记，或者不在您的范围内。', '从列表进入。') : open(reader, row);
};

/** The caller holds the lock. */
export const setHeir = async (
  tx: Tx,
  one: Heir,
  to: Exclude<HeirState, 'named'>,
  actor: Actor,
  at: Date,
  reason: string | null,
): Promise<void> => {
  if (to === 'confirmed')
    await rawSql(tx)`update heir set state = ${to}, decided_by = ${actor.id}, decided_at = ${at} where id = ${one.id}`;
  else
    await rawSql(
      tx,
    )`update heir set state = ${to}, closed_by = ${actor.id}, closed_at = ${at}, close_reason = ${reason} where id = ${one.id}`;
  await auditHeir(tx, one, to, one.state, actor, at, reason);
};

/** Newest first, within the scope. */
export const listHeirs = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly state?: HeirState; readonly after?: string | null; readonly limit: number },
): Promise<Page<Heir>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<Row[]>`
    select ${columns(sql)} from heir h where true ${inScope(sql, ask.scope, scoped)}
      ${ask.state === undefined ? sql`` : sql`and h.state = ${ask.state}`}
      ${place === null ? sql`` : sql`and (h.named_at, h.id) < (${place.at}, ${place.id}::uuid)`}
    order by h.named_at desc, h.id desc limit ${ask.limit + 1}`;
  return pageOf(
    rows.map((row) => open(reader, row)),
    ask.limit,
    (row) => ({ at: row.namedAt, id: row.id }),
  );
};
