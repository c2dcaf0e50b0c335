// The only SQL of visits, mandates and one-time links.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Acting, As, Power, Way } from './visitor.ts';

export interface VisitRow {
  readonly id: string;
  readonly way: Way;
  readonly personId: string | null;
  readonly personName: string | null;
  readonly acting: Acting | null;
  readonly startedAt: Date;
  readonly seenAt: Date;
}

interface NewVisit {
  readonly tokenHash: string;
  readonly way: Way;
  readonly personId: string | null;
  readonly personName: string | null;
  readonly acting: Acting | null;
  readonly now: Date;
}

export const insertVisit = async (tx: Tx, visit: NewVisit): Promise<string> => {
  const { tokenHash, way, personId, personName, acting, now } = visit;
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into visit (token_hash, way, person_id, person_name, register, subject_id, "as", powers, started_at, seen_at)
    values (${tokenHash}, ${way}, ${personId}, ${personName}, ${acting?.register ?? null}, ${acting?.subjectId ?? null}, ${acting?.as ?? null},
      ${[...(acting?.powers ?? [])]}::text[], ${now}, ${now})
    returning id`;
  return (row as { id: string }).id;
};

/** null when nobody has this token or the visit has ended. */
export const visitByToken = async (db: Db, tokenHash: string): Promise<VisitRow | null> => {
  const [row] = await rawSql(db)<
    (Omit<VisitRow, 'acting'> & { register: string | null; subjectId: string | null; as: As | null; powers: Power[] })[]
  >`
    select id, way, person_id as "personId", person_name as "personName", register, subject_id as "subjectId", "as", powers,
      started_at as "startedAt", seen_at as "seenAt"
    from visit where token_hash = ${tokenHash} and ended_at is null`;
  if (row === undefined) return null;
  const { register, subjectId, as, powers, ...rest } = row;
  return { ...rest, acting: register === null || subjectId === null || as === null ? null : { register, subjectId, as, powers } };
};

export const touchVisit = async (db: Db, id: string, now: Date): Promise<void> => {
  await rawSql(db)`update visit set seen_at = ${now} where id = ${id} and seen_at < ${now}`;
};

export const endVisit = async (tx: Tx, id: string, now: Date): Promise<void> => {
  await rawSql(tx)`update visit set ended_at = ${now} where id = ${id} and ended_at is null`;
};

export const setActing = async (tx: Tx, id: string, acting: Acting): Promise<void> => {
  await rawSql(tx)`
    update visit set register = ${acting.register}, subject_id = ${acting.subjectId}, "as" = ${acting.as}, powers = ${[...acting.powers]}::text[]
    where id = ${id} and ended_at is null`;
};

// ── mandates ─────────────────────────────────────────────────────────────────────────────────────────────
export interface Mandate {
  readonly id: string;
  readonly register: string;
  readonly subjectId: string;
  readonly agentId: string;
  readonly kind: 'handler' | 'delegate';
  readonly powers: readonly Power[];
  readonly from: Day;
  readonly to: Day;
  readonly document: string | null;
  readonly madeBy: string;
  readonly madeAt: Date;
}

/** Those that run on the day, by agent or by who gave them. */
export const liveMandates = async (
  reader: Db | Tx,
  by: { readonly agentId: string; readonly today: Day } | { readonly subjectId: string; readonly today: Day },
): Promise<readonly Mandate[]> => {
  const sql = rawSql(reader);
  const whose = 'agentId' in by ? sql`agent_id = ${by.agentId}` : sql`subject_id = ${by.subjectId}`;
  return await sql<Mandate[]>`
    select id, register, subject_id as "subjectId", agent_id as "agentId", kind, powers, from_day as "from", to_day as "to", document,
      made_by as "madeBy", made_at as "madeAt"
    from mandate where ${whose} and ended_at is null and from_day <= ${by.today} and to_day >= ${by.today} order by made_at, id`;
};

/** What a mandate gave goes with it: the agent's open visits for the subject end too. */
const endVisits = async (tx: Tx, agentId: string, subjectId: string, at: Date): Promise<void> => {
  await rawSql(tx)`update visit set ended_at = ${at} where person_id = ${agentId} and subject_id = ${subjectId} and ended_at is null`;
};

/** Returns its id; one that ran before between the two ends here, and visits under it: they would keep its powers. */
export const replaceMandate = async (
  tx: Tx,
  one: Omit<Mandate, 'id'>,
): Promise<{ readonly id: string; readonly before: string | null }> => {
  const sql = rawSql(tx);
  const [ended] = await sql<{ id: string }[]>`
    update mandate set ended_at = ${one.madeAt}, ended_by = ${one.madeBy}
    where register = ${one.register} and subject_id = ${one.subjectId} and agent_id = ${one.agentId} and ended_at is null returning id`;
  if (ended !== undefined) await endVisits(tx, one.agentId, one.subjectId, one.madeAt);
  const [row] = await sql<{ id: string }[]>`
    insert into mandate (register, subject_id, agent_id, kind, powers, from_day, to_day, document, made_by, made_at)
    values (${one.register}, ${one.subjectId}, ${one.agentId}, ${one.kind}, ${[...one.powers]}::text[], ${one.from}, ${one.to}, ${one.document},
      ${one.madeBy}, ${one.madeAt})
    returning id`;
  return { id: (row as { id: string }).id, before: ended?.id ?? null };
};

/** The agent whose mandate ended now, or null when it had ended or is another subject's. Their visits for the subject end with it. */
export const closeMandate = async (tx: Tx, id: string, subjectId: string, by: string, at: Date): Promise<string | null> => {
  const sql = rawSql(tx);
  const [row] = await sql<{ agentId: string }[]>`
    update mandate set ended_at = ${at}, ended_by = ${by} where id = ${id} and subject_id = ${subjectId} and ended_at is null
    returning agent_id as "agentId"`;
  if (row !== undefined) await endVisits(tx, row.agentId, subjectId, at);
  return row?.agentId ?? null;
};

// ── one-time links ───────────────────────────────────────────────────────────────────────────────────────
export interface EntryLink {
  readonly id: string;
  readonly register: string;
  readonly subjectId: string;
  readonly noticeId: string;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

export const insertLinks = async (
  tx: Tx,
  links: readonly (Pick<EntryLink, 'register' | 'subjectId' | 'noticeId'> & { readonly tokenHash: string })[],
  madeAt: Date,
  expiresAt: Date,
): Promise<void> => {
  if (links.length === 0) return;
  await rawSql(tx)`
    insert into entry_link (token_hash, notice_id, register, subject_id, made_at, expires_at)
    select h, n, r, s, ${madeAt}, ${expiresAt} from jsonb_to_recordset(${JSON.stringify(
      links.map((one) => ({ h: one.tokenHash, n: one.noticeId, r: one.register, s: one.subjectId })),
    )}::text::jsonb) as x(h text, n uuid, r text, s uuid)`;
};

const linkColumns = (reader: Db | Tx) =>
  rawSql(reader)`id, register, subject_id as "subjectId", notice_id as "noticeId", expires_at as "expiresAt", used_at as "usedAt"`;

export const linkByToken = async (db: Db, tokenHash: string): Promise<EntryLink | null> => {
  const [row] = await rawSql(db)<EntryLink[]>`select ${linkColumns(db)} from entry_link where token_hash = ${tokenHash}`;
  return row ?? null;
};

/** All links of the notice this one leads to, locked for whoever redeems one; of two at once the second sees them used. Empty: no such link. */
export const lockLinks = async (
  tx: Tx,
  tokenHash: string,
): Promise<readonly (EntryLink & { readonly tokenHash: string; readonly failures: number })[]> =>
  await rawSql(tx)<(EntryLink & { readonly tokenHash: string; readonly failures: number })[]>`
    select ${linkColumns(tx)}, token_hash as "tokenHash", failures from entry_link
    where notice_id = (select notice_id from entry_link where token_hash = ${tokenHash}) order by id for update`;

export const noteWrongGuess = async (tx: Tx, id: string): Promise<void> => {
  await rawSql(tx)`update entry_link set failures = failures + 1 where id = ${id}`;
};

/** Wrong guesses at links of this person's notices that were made since then. */
export const guessesSince = async (tx: Tx, subjectId: string, since: Date): Promise<number> => {
  const [row] = await rawSql(tx)<{ n: number }[]>`
    select coalesce(sum(l.failures), 0)::int as n from notice n join entry_link l on l.notice_id = n.id
    where n.subject_id = ${subjectId} and l.made_at > ${since}`;
  return row?.n ?? 0;
};

/** None of the notice's links opens any more. */
export const closeLinks = async (tx: Tx, noticeId: string, at: Date): Promise<void> => {
  await rawSql(tx)`update entry_link set used_at = ${at} where notice_id = ${noticeId} and used_at is null`;
};
