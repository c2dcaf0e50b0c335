// The SQL of views in departments' databases: in ours, which there are and how far they were read; in theirs, the only statements ever sent there.
import postgres from 'postgres';
import type { Problem } from '../base/problem.ts';
import type { DeliveryKind } from '../catalogue/catalogue.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';

export interface DepartmentView {
  readonly name: string;
  readonly dataset: string;
  readonly division: string | null;
  readonly kind: DeliveryKind;
  /** Name of the setting that holds the address. */
  readonly address: string;
  readonly view: string;
  readonly watermark: string | null;
  readonly columns: readonly ViewColumn[] | null;
  readonly position: string | null;
  readonly polledAt: Date | null;
  readonly problem: Problem | null;
  readonly deliveryId: string | null;
}

export interface ViewColumn {
  readonly name: string;
  /** As PostgreSQL says it: `timestamp with time zone`, `numeric(12,2)`. */
  readonly type: string;
}

const columns = (sql: Sql) =>
  sql`name, dataset, division, kind, address, view, watermark, columns, position, polled_at as "polledAt", problem, delivery_id as "deliveryId"`;

export const departmentViews = async (reader: Db | Tx): Promise<readonly DepartmentView[]> => {
  const sql = rawSql(reader);
  return sql<DepartmentView[]>`select ${columns(sql)} from department_view order by name`;
};

/** False: the name is taken. */
export const insertView = async (
  tx: Tx,
  view: Pick<DepartmentView, 'name' | 'dataset' | 'division' | 'kind' | 'address' | 'view' | 'watermark'>,
  by: string,
  at: Date,
): Promise<boolean> => {
  const done = await rawSql(tx)`
    insert into department_view (name, dataset, division, kind, address, view, watermark, created_by, created_at)
    values (${view.name}, ${view.dataset}, ${view.division}, ${view.kind}, ${view.address}, ${view.view}, ${view.watermark}, ${by}, ${at})
    on conflict do nothing`;
  return done.count === 1;
};

/** What a look came to. `position` null keeps what stands. */
export const notePoll = async (
  reader: Db | Tx,
  name: string,
  look: {
    readonly at: Date;
    readonly problem: Problem | null;
    readonly columns?: readonly ViewColumn[];
    readonly position?: string | null;
    readonly deliveryId?: string;
  },
): Promise<void> => {
  const sql = rawSql(reader);
  await sql`
    update department_view set polled_at = ${look.at}, problem = ${look.problem === null ? null : sql.json(look.problem as never)},
      columns = coalesce(${look.columns === undefined ? null : sql.json(look.columns as never)}, columns),
      position = coalesce(${look.position ?? null}, position), delivery_id = coalesce(${look.deliveryId ?? null}, delivery_id)
    where name = ${name}`;
};

/** The columns are taken as they are found next time; false: no such view. */
export const forgetColumns = async (tx: Tx, name: string): Promise<boolean> =>
  (await rawSql(tx)`update department_view set columns = null, problem = null where name = ${name}`).count === 1;

// ── there ────────────────────────────────────────────────────────────────────────────────────────────────
type Foreign = postgres.TransactionSql;

/** A name as SQL writes it; the driver's own quoting takes a dot for a boundary. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quotedView = (view: string): string => view.split('.').map(quoted).join('.');

export const viewColumns = async (sql: Foreign, view: string): Promise<readonly ViewColumn[]> => {
  const rows = await sql<ViewColumn[]>`
    select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = to_regclass(${quotedView(view)}) and attnum > 0 and not attisdropped order by attnum`;
  return [...rows];
};

/** How late a row may be committed after others with a later watermark; rows read twice are changes that change nothing. */
const overlap = (type: string): string => (type.startsWith('timestamp') ? " - interval '15 minutes'" : '');

export interface Reading {
  readonly view: string;
  readonly columns: readonly ViewColumn[];
  readonly watermark: string | null;
  readonly position: string | null;
}

/** Every column as text, page by page; with a watermark from its position on, and in its order. The last element of a row is the watermark's text. */
export const viewRows = (sql: Foreign, reading: Reading): AsyncIterable<readonly (readonly (string | null)[])[]> => {
  const { view, columns: own, watermark, position } = reading;
  const type = own.find((column) => column.name === watermark)?.type ?? 'text';
  const cells = own.map((column) => sql`${sql.unsafe(quoted(column.name))}::text`).reduce((all, one) => sql`${all}, ${one}`);
  const mark = watermark === null ? null : sql.unsafe(quoted(watermark));
  // The type comes from the other database's catalogue, never from a person.
  const since =
    mark === null || position === null
      ? sql``
      : sql`where ${mark} >= cast(${position}::text as ${sql.unsafe(type)})${sql.unsafe(overlap(type))}`;
  const order = mark === null ? sql`` : sql`order by ${mark}`;
  return sql`select ${cells}, ${mark === null ? sql`null` : mark}::text from ${sql.unsafe(quotedView(view))} ${since} ${order}`
    .values()
    .cursor(2000) as never;
};

/** One read-only transaction on a connection of its own, closed whatever happens; no statement of it runs longer than `timeoutMs`. */
export const readTheirs = async (address: string, timeoutMs: number, work: (sql: Foreign) => Promise<void>): Promise<void> => {
  const sql = postgres(address, {
    max: 1,
    fetch_types: false,
    connect_timeout: 10,
    onnotice: () => undefined,
    connection: { application_name: 'zhixiang', default_transaction_read_only: true },
  });
  try {
    await sql.begin('isolation level repeatable read read only', async (tx) => {
      await tx`select set_config('statement_timeout', ${String(timeoutMs)}, true), set_config('lock_timeout', '5000', true)`;
      await work(tx);
    });
  } finally {
    await sql.end({ timeout: 1 });
  }
};
