// The SQL of what may go: delivered files and refused rows past their dataset's retention, and the contacts of one person who asks for it.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { lockLanding } from './landing-store.ts';

export interface Term {
  readonly dataset: string;
  readonly days: number;
}

const past = (tx: Tx, terms: readonly Term[], otherwise: number, now: Date) => rawSql(tx)`
  select d.id, d.sha256, d.state in ('landed', 'refused', 'rejected')
    and d.received_at + make_interval(days => coalesce(t.days, ${otherwise}::int)) <= ${now} as past
  from delivery d left join jsonb_to_recordset(${JSON.stringify(terms)}::text::jsonb) as t(dataset text, days int) on t.dataset = d.dataset`;

export interface KeptOf {
  readonly dataset: string;
  /** Delivered files still kept, when the oldest of them came, and how many are gone. */
  readonly files: number;
  readonly oldest: Date | null;
  readonly removed: number;
  /** Deliveries whose refused rows still stand. */
  readonly refused: number;
}

/** Per dataset that was ever delivered. */
export const keptByDataset = async (reader: Db | Tx): Promise<readonly KeptOf[]> =>
  rawSql(reader)<KeptOf[]>`
    select d.dataset, (count(distinct f.sha256) filter (where f.removed_at is null))::int as files,
      min(d.received_at) filter (where f.sha256 is not null and f.removed_at is null) as oldest,
      (count(distinct f.sha256) filter (where f.removed_at is not null))::int as removed,
      (count(distinct d.id) filter (where exists (select from delivery_problem p where p.delivery_id = d.id and p.row is not null and p.row <> '""')))::int
        as refused
    from delivery d left join kept_file f on f.sha256 = d.sha256 group by 1 order by 1`;

/**
 * Kept files of which every delivery is past its time and settled; a file somebody else has delivered since stays, and so do bytes that something else
 * rests on too: a document somebody attested from, a payment or result file, the document of a policy.
 */
export const filesPast = async (
  tx: Tx,
  terms: readonly Term[],
  otherwise: number,
  now: Date,
  limit: number,
): Promise<readonly string[]> => {
  const rows = await rawSql(tx)<{ sha256: string }[]>`
    select f.sha256 from kept_file f join (${past(tx, terms, otherwise, now)}) d on d.sha256 = f.sha256
    where f.removed_at is null
      and not exists (select from attested_document a where a.sha256 = f.sha256)
      and not exists (select from payment_file p where p.sha256 = f.sha256)
      and not exists (select from batch b where b.file_sha256 = f.sha256)
      and not exists (select from item_version v where v.document_sha256 = f.sha256)
      and not exists (select from item_review r where r.document_sha256 = f.sha256)
    group by f.sha256 having bool_and(d.past) order by f.sha256 limit ${limit}`;
  return rows.map((row) => row.sha256);
};

/** Empties the refused rows of deliveries past their time, and the rows of lists by name that wait for nobody; line, column, reason and who was meant stay. Which deliveries. */
export const emptyRefused = async (
  tx: Tx,
  terms: readonly Term[],
  otherwise: number,
  now: Date,
  limit: number,
): Promise<readonly string[]> => {
  const sql = rawSql(tx);
  const rows = await sql<{ id: string }[]>`
    select d.id from (${past(tx, terms, otherwise, now)}) d
    where d.past and (exists (select from delivery_problem p where p.delivery_id = d.id and p.row is not null and p.row <> '""')
      or exists (select from named_row n where n.delivery_id = d.id and n.row is not null and n.state <> 'open'))
    order by d.id limit ${limit}`;
  const ids = rows.map((row) => row.id);
  if (ids.length > 0) {
    await sql`update delivery_problem set row = '""' where delivery_id = any(${ids}::uuid[]) and row is not null and row <> '""'`;
    await sql`update named_row set row = null where delivery_id = any(${ids}::uuid[]) and row is not null and state <> 'open'`;
  }
  return ids;
};

/** What these datasets say of the subject goes. Which of them had said something. */
export const removeParts = async (
  tx: Tx,
  subject: { readonly register: string; readonly subjectId: string },
  datasets: readonly string[],
): Promise<readonly string[]> => {
  const sql = rawSql(tx);
  const revision = await lockLanding(sql);
  const rows = await sql<{ dataset: string }[]>`
    delete from record_part where register = ${subject.register} and subject_id = ${subject.subjectId} and dataset = any(${[...datasets]}::text[])
    returning dataset`;
  if (rows.length > 0)
    await sql`update record set revision = ${revision} where register = ${subject.register} and subject_id = ${subject.subjectId}`;
  return rows.map((row) => row.dataset).sort();
};
