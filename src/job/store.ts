// Runs of jobs in the database. Hand-written SQL.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { type Ending, type JobRun, lostAfterMs, type Outcome } from './run.ts';

const columns = (sql: ReturnType<typeof rawSql>) => sql`
  r.id::text as id, r.name, r.asked_by as "askedBy", r.started_at as "startedAt", r.ended_at as "endedAt", r.outcome, r.line, r.code, r.message, r.hint,
  r.seen_at as "seenAt", r.share, r.doing, r.stop_asked_by as "stopAskedBy"`;

/** A run begins; earlier ones of the job that have not been heard of for long are given up. */
export const beginRun = async (db: Db, name: string, askedBy: string | null, at: Date): Promise<string> => {
  const sql = rawSql(db);
  const [row] = await sql<{ id: string }[]>`
    with lost as (
      update job_run set outcome = 'lost', ended_at = seen_at where name = ${name} and outcome = 'running' and seen_at < ${new Date(at.getTime() - lostAfterMs)}
    )
    insert into job_run (name, asked_by, started_at, seen_at, outcome) values (${name}, ${askedBy}, ${at}, ${at}, 'running') returning id::text as id`;
  return row?.id ?? '';
};

/** A sign of life with how far it is; true: somebody has asked for it to stop. Also of a run that was given up too early. */
export const beatRun = async (
  db: Db,
  id: string,
  { share, doing, at }: { readonly share: number | null; readonly doing: string | null; readonly at: Date },
): Promise<boolean> => {
  const [row] = await rawSql(db)<{ stop: boolean }[]>`
    update job_run set seen_at = ${at}, share = ${share}, doing = ${doing} where id = ${id} and outcome in ('running', 'lost')
    returning stop_asked_by is not null as stop`;
  return row?.stop === true;
};

/** Asks the run of the job that is under way to stop; null: there is none. Asked twice, the first stays. */
export const askToStop = async (tx: Tx, name: string, by: string, now: Date): Promise<string | null> => {
  const [row] = await rawSql(tx)<{ id: string }[]>`
    update job_run set stop_asked_by = coalesce(stop_asked_by, ${by})
    where id = (
      select id from job_run where name = ${name} and outcome = 'running' and seen_at > ${new Date(now.getTime() - lostAfterMs)}
      order by id desc limit 1) and outcome = 'running'
    returning id::text as id`;
  return row?.id ?? null;
};

/** Also of one that was given up too early: a machine that slept has come back. */
export const endRun = async (db: Db, id: string, { outcome, line, problem }: Ending, at: Date): Promise<void> => {
  const { code = null, message = null, hint = null } = problem ?? {};
  await rawSql(db)`
    update job_run set outcome = ${outcome}, line = ${line}, code = ${code}, message = ${message}, hint = ${hint}, seen_at = ${at}, ended_at = ${at},
      share = case when ${outcome} in ('done', 'idle') then null else share end, doing = null
    where id = ${id} and outcome in ('running', 'lost')`;
};

/** The last run of each of these jobs, and the last of each that did something or failed. */
export const lastRuns = async (
  reader: Db | Tx,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly last: JobRun; readonly telling: JobRun | null }>> => {
  const sql = rawSql(reader);
  const of = (which: ReturnType<typeof sql>) => sql<JobRun[]>`
    select x.* from unnest(${[...names]}::text[]) as n(name)
    cross join lateral (select ${columns(sql)} from job_run r where r.name = n.name ${which} order by r.id desc limit 1) x`;
  const [last, telling] = [await of(sql``), await of(sql`and r.outcome in ('done', 'failed', 'lost', 'stopped')`)];
  const told = new Map(telling.map((one) => [one.name, one]));
  return new Map(last.map((one) => [one.name, { last: one, telling: told.get(one.name) ?? null }]));
};

/** The jobs among these whose last run that ended did not end well. */
export const failingJobs = async (reader: Db | Tx, names: readonly string[]): Promise<readonly JobRun[]> => {
  const sql = rawSql(reader);
  return await sql<JobRun[]>`
    select x.* from unnest(${[...names]}::text[]) as n(name)
    cross join lateral (select ${columns(sql)} from job_run r where r.name = n.name and r.outcome <> 'running' order by r.id desc limit 1) x
    where x.outcome in ('failed', 'lost')`;
};

/** Whether a run of the job is under way and has been heard of lately. */
export const isRunning = async (reader: Db | Tx, name: string, now: Date): Promise<boolean> => {
  const rows = await rawSql(reader)`
    select from job_run where name = ${name} and outcome = 'running' and seen_at > ${new Date(now.getTime() - lostAfterMs)} limit 1`;
  return rows.length > 0;
};

export interface RunAsk {
  readonly name?: string | undefined;
  readonly outcomes: readonly Outcome[];
  /** The id of the last row of the page before. */
  readonly before: number | null;
  readonly limit: number;
}

/** Newest first; one more than `limit` where there is more. */
export const listRuns = async (reader: Db | Tx, ask: RunAsk): Promise<readonly JobRun[]> => {
  const sql = rawSql(reader);
  return await sql<JobRun[]>`
    select ${columns(sql)} from job_run r where r.outcome = any(${[...ask.outcomes]}::text[])
      ${ask.name === undefined ? sql`` : sql`and r.name = ${ask.name}`} ${ask.before === null ? sql`` : sql`and r.id < ${ask.before}`}
    order by r.id desc limit ${ask.limit + 1}`;
};

/** At most `limit` runs that began before their day: those with nothing to do, and the others. Returns how many went. */
export const deleteRuns = async (tx: Tx, before: { readonly idle: Date; readonly other: Date }, limit: number): Promise<number> => {
  const rows = await rawSql(tx)`
    delete from job_run where id in (
      (select id from job_run where outcome = 'idle' and started_at < ${before.idle} order by started_at limit ${limit})
      union all
      (select id from job_run where outcome in ('done', 'failed', 'lost', 'stopped') and started_at < ${before.other} order by started_at limit ${limit}))
    returning id`;
  return rows.length;
};
