// The SQL of lists keyed by name: who bears a name, what each row was found to mean, what a person said, and the marks that keep a doubtful absence open.
import type { Day } from '../base/day.ts';
import { divisionPrefix, type Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { type DivisionFilter, inDivisions } from './landing-store.ts';
import type { StoredCells } from './sealed.ts';

export interface ListNote {
  readonly title: string;
  /** 文号. */
  readonly number: string | null;
  readonly publishedOn: Day | null;
  /** The first and the first day after: `[from, to)`. */
  readonly validFrom: Day | null;
  readonly validTo: Day | null;
}

export const insertListNote = async (tx: Tx, deliveryId: string, note: ListNote): Promise<void> => {
  await rawSql(tx)`
    insert into name_list (delivery_id, title, number, published_on, valid_from, valid_to)
    values (${deliveryId}, ${note.title}, ${note.number}, ${note.publishedOn}, ${note.validFrom}, ${note.validTo}) on conflict do nothing`;
};

/** null: the delivery brought none. */
export const listNoteOf = async (reader: Db | Tx, deliveryId: string): Promise<ListNote | null> => {
  const [row] = await rawSql(reader)<ListNote[]>`
    select title, number, published_on as "publishedOn", valid_from as "validFrom", valid_to as "validTo" from name_list where delivery_id = ${deliveryId}`;
  return row ?? null;
};

export interface Bearer {
  readonly subjectId: string;
  readonly key: string;
  readonly name: string;
  /** What he was called before, as far as the register says. */
  readonly former: readonly string[];
}

const pageSize = 5000;

/** Everybody of a register within a division with his names, page by page. `formerFact` is a list fact whose elements have a `name`. */
export async function* bearers(
  tx: Tx,
  register: string,
  scope: DivisionFilter | null,
  formerFact: string,
): AsyncGenerator<readonly Bearer[]> {
  const sql = rawSql(tx);
  const [last] = await sql<{ end: number | null }[]>`select max(ordinal) + 1 as end from record where register = ${register}`;
  const datasets = await sql<{ dataset: string }[]>`
    select distinct dataset from record_part where register = ${register} and cells ? ${formerFact}`;
  for (let at = 0; at < (last?.end ?? 0); at += pageSize) {
    yield await sql<Bearer[]>`
      select r.subject_id as "subjectId", r.key, r.name, coalesce(f.names, '{}') as former
      from record r left join lateral (
        select array_agg(e ->> 'name') as names from record_part p, jsonb_array_elements(p.cells -> ${formerFact}) c, jsonb_array_elements(c -> 'v') e
        where p.register = r.register and p.subject_id = r.subject_id and p.dataset = any(${datasets.map((d) => d.dataset)}::text[])
          and jsonb_typeof(c -> 'v') = 'array' and e ->> 'name' is not null
      ) f on true
      where r.register = ${register} and r.ordinal >= ${at} and r.ordinal < ${at + pageSize} and r.name is not null and ${inDivisions(sql, scope)}
      order by r.ordinal`;
  }
}

export type MatchMethod = 'exact' | 'normalised' | 'former' | 'settled';

export interface NamedRow {
  readonly line: number;
  readonly name: string;
  readonly norm: string;
  readonly state: 'matched' | 'open' | 'settled' | 'outside' | 'superseded';
  readonly method: MatchMethod | null;
  readonly subjectId: string | null;
  readonly candidates: readonly string[];
  /** The delivered cells by the dataset's columns, sealed as refused rows are; null where they have landed. */
  readonly row: string | null;
}

export interface NamePlace {
  readonly deliveryId: string;
  readonly dataset: string;
  readonly register: string;
  readonly division: string;
}

/** The newest list of a dataset and division takes the place of the worklist of those before it. */
export const insertNamed = async (tx: Tx, place: NamePlace, rows: readonly NamedRow[]): Promise<void> => {
  const sql = rawSql(tx);
  await sql`
    update named_row set state = 'superseded', row = null
    where dataset = ${place.dataset} and division = ${place.division} and delivery_id <> ${place.deliveryId} and state = 'open'`;
  await sql`delete from named_row where delivery_id = ${place.deliveryId}`;
  for (let at = 0; at < rows.length; at += 1000) {
    await sql`
      insert into named_row (delivery_id, line, dataset, register, division, name, norm, state, method, subject_id, candidates, row)
      select ${place.deliveryId}, x.line, ${place.dataset}, ${place.register}, ${place.division}, x.name, x.norm, x.state, x.method, x."subjectId",
        array(select jsonb_array_elements_text(x.candidates)::uuid), x.row
      from jsonb_to_recordset(${JSON.stringify(rows.slice(at, at + 1000))}::text::jsonb)
        as x(line int, name text, norm text, state text, method text, "subjectId" uuid, candidates jsonb, row text)`;
  }
};

/** Of these subjects the dataset says nothing: what stood of it before is as old as it was, and not being listed is not "none". */
export const markDoubtful = async (tx: Tx, place: NamePlace, subjectIds: readonly string[], asOf: Day, revision: bigint): Promise<void> => {
  await rawSql(tx)`
    insert into record_part as p (register, subject_id, dataset, as_of, delivery_id, refused, cells, revision)
    select ${place.register}, s, ${place.dataset}, ${asOf}::date, ${place.deliveryId}::uuid, ${asOf}::date, '{}', ${revision}::bigint
    from unnest(${[...subjectIds]}::uuid[]) s
    on conflict (register, subject_id, dataset) do update set refused = excluded.refused, revision = excluded.revision where p.cells = '{}'`;
};

/** Takes the marks away again from whoever no open row of the delivery may mean any more: then he is not on the list, and that is known. */
export const clearDoubt = async (tx: Tx, place: NamePlace, subjectIds: readonly string[], revision: bigint): Promise<void> => {
  await rawSql(tx)`
    with free as (
      delete from record_part p
      where p.register = ${place.register} and p.dataset = ${place.dataset} and p.subject_id = any(${[...subjectIds]}::uuid[]) and p.cells = '{}'
        and p.refused is not null and not exists (
          select from named_row n where n.delivery_id = ${place.deliveryId} and n.state = 'open' and p.subject_id = any(n.candidates))
      returning p.subject_id)
    update record r set revision = ${revision} from free where r.register = ${place.register} and r.subject_id = free.subject_id`;
};

export const writePart = async (
  tx: Tx,
  place: NamePlace,
  subjectId: string,
  cells: StoredCells,
  asOf: Day,
  revision: bigint,
): Promise<void> => {
  await rawSql(tx)`
    insert into record_part as p (register, subject_id, dataset, as_of, delivery_id, cells, revision)
    values (${place.register}, ${subjectId}, ${place.dataset}, ${asOf}, ${place.deliveryId}, ${JSON.stringify(cells)}::text::jsonb, ${revision})
    on conflict (register, subject_id, dataset) do update
      set as_of = excluded.as_of, delivery_id = excluded.delivery_id, refused = null, cells = excluded.cells, revision = excluded.revision`;
};

export interface Choice {
  readonly norm: string;
  /** null: nobody of the register. */
  readonly subjectId: string | null;
  readonly key: string | null;
}

export const choicesOf = async (tx: Tx, dataset: string, division: string, norms: readonly string[]): Promise<readonly Choice[]> =>
  rawSql(tx)<Choice[]>`
    select c.norm, c.subject_id as "subjectId", r.key from name_choice c left join record r on r.subject_id = c.subject_id
    where c.dataset = ${dataset} and c.division = ${division} and c.norm = any(${[...norms]}::text[])`;

export interface NewChoice {
  readonly norm: string;
  readonly subjectId: string | null;
  readonly by: string;
  readonly at: Date;
  readonly reason: string;
}

export const writeChoice = async (tx: Tx, place: NamePlace, choice: NewChoice): Promise<void> => {
  const { norm, subjectId, by, at, reason } = choice;
  await rawSql(tx)`
    insert into name_choice (dataset, division, norm, subject_id, by, at, reason)
    values (${place.dataset}, ${place.division}, ${norm}, ${subjectId}, ${by}, ${at}, ${reason})
    on conflict (dataset, division, norm) do update
      set subject_id = excluded.subject_id, by = excluded.by, at = excluded.at, reason = excluded.reason`;
};

export interface WorkRow extends NamedRow, NamePlace {
  readonly asOf: Day;
  readonly list: ListNote | null;
  /** Envelopes of the candidates: names of firms are public, those of people are masked by whoever shows them. */
  readonly bearers: readonly {
    readonly subjectId: string;
    readonly key: string;
    readonly name: string;
    readonly division: string | null;
  }[];
}

const within = (sql: Sql, scope: Scope, column: string) => {
  if (scope.items?.length === 0 || scope.authorities?.length === 0) return sql`and false`;
  if (scope.divisions === null) return sql``;
  return sql`and ${sql(column)} like any(${scope.divisions.map((code) => `${divisionPrefix(code)}%`)}::text[])`;
};

const workColumns = (sql: Sql) => sql`
  n.delivery_id as "deliveryId", n.line, n.dataset, n.register, n.division, n.name, n.norm, n.state, n.method, n.subject_id as "subjectId", n.candidates, n.row,
  d.as_of as "asOf", case when l.delivery_id is not null then jsonb_build_object('title', l.title, 'number', l.number, 'publishedOn', l.published_on,
    'validFrom', l.valid_from, 'validTo', l.valid_to) end as list,
  coalesce((select jsonb_agg(jsonb_build_object('subjectId', r.subject_id, 'key', r.key, 'name', r.name, 'division', r.division) order by r.key)
    from record r where r.register = n.register and r.subject_id = any(n.candidates)), '[]') as bearers`;

interface OpenAsk {
  readonly scope: Scope;
  readonly dataset?: string | undefined;
  /** The row before the first. */
  readonly after?: { readonly deliveryId: string; readonly line: number } | undefined;
  readonly limit: number;
}

/** The worklist within the scope, oldest delivery first. */
export const openNames = async (reader: Db | Tx, ask: OpenAsk): Promise<readonly WorkRow[]> => {
  const sql = rawSql(reader);
  return sql<WorkRow[]>`
    select ${workColumns(sql)} from named_row n join delivery d on d.id = n.delivery_id left join name_list l on l.delivery_id = n.delivery_id
    where n.state = 'open' ${ask.dataset === undefined ? sql`` : sql`and n.dataset = ${ask.dataset}`} ${within(sql, ask.scope, 'n.division')}
    ${
      ask.after === undefined
        ? sql``
        : sql`and (d.received_at, n.delivery_id, n.line) >
          ((select received_at from delivery where id = ${ask.after.deliveryId}), ${ask.after.deliveryId}::uuid, ${ask.after.line}::int)`
    }
    order by d.received_at, n.delivery_id, n.line limit ${ask.limit}`;
};

/** How long the worklist is. */
export const countOpenNames = async (reader: Db | Tx, scope: Scope): Promise<number> => {
  const sql = rawSql(reader);
  const [row] = await sql<
    { n: number }[]
  >`select count(*)::int as n from named_row n where n.state = 'open' ${within(sql, scope, 'n.division')}`;
  return row?.n ?? 0;
};

export const lockNamed = async (tx: Tx, deliveryId: string, line: number, scope: Scope): Promise<WorkRow | null> => {
  const sql = rawSql(tx);
  await sql`select 1 from named_row where delivery_id = ${deliveryId} and line = ${line} for update`;
  const [row] = await sql<WorkRow[]>`
    select ${workColumns(sql)} from named_row n join delivery d on d.id = n.delivery_id left join name_list l on l.delivery_id = n.delivery_id
    where n.delivery_id = ${deliveryId} and n.line = ${line} ${within(sql, scope, 'n.division')}`;
  return row ?? null;
};

export const settleRow = async (
  tx: Tx,
  row: {
    readonly deliveryId: string;
    readonly line: number;
    readonly subjectId: string | null;
    readonly by: string;
    readonly at: Date;
    readonly reason: string;
  },
): Promise<void> => {
  await rawSql(tx)`
    update named_row set state = ${row.subjectId === null ? 'outside' : 'settled'}, method = 'settled', subject_id = ${row.subjectId}, row = null,
      settled_by = ${row.by}, settled_at = ${row.at}, reason = ${row.reason}
    where delivery_id = ${row.deliveryId} and line = ${row.line}`;
};

export interface NameGap {
  readonly dataset: string;
  readonly deliveryId: string;
  readonly title: string | null;
  readonly number: string | null;
  readonly asOf: Day;
  readonly listed: number;
  /** Rows nobody was found for, or more than one. */
  readonly open: number;
}

/** Newest list of each dataset and division: how many names it has and how many still wait. Counts, no names: for everybody. */
export const nameGaps = async (reader: Db | Tx, datasets: readonly string[]): Promise<readonly NameGap[]> => {
  if (datasets.length === 0) return [];
  return rawSql(reader)<NameGap[]>`
    with newest as (
      select distinct on (n.dataset, n.division) n.dataset, n.delivery_id, d.as_of
      from named_row n join delivery d on d.id = n.delivery_id where n.dataset = any(${[...datasets]}::text[])
      order by n.dataset, n.division, d.as_of desc, d.received_at desc)
    select w.dataset, w.delivery_id as "deliveryId", l.title, l.number, w.as_of as "asOf", count(*)::int as listed,
      (count(*) filter (where n.state = 'open'))::int as open
    from newest w join named_row n on n.delivery_id = w.delivery_id left join name_list l on l.delivery_id = w.delivery_id
    group by w.dataset, w.delivery_id, l.title, l.number, w.as_of order by w.dataset, w.as_of`;
};

/** How a delivery's names came out; null: not a list by name. */
export const namesOf = async (
  reader: Db | Tx,
  deliveryId: string,
): Promise<{ readonly listed: number; readonly matched: number; readonly open: number } | null> => {
  const [row] = await rawSql(reader)<{ listed: number; matched: number; open: number }[]>`
    select count(*)::int as listed, (count(*) filter (where state in ('matched', 'settled')))::int as matched,
      (count(*) filter (where state = 'open'))::int as open
    from named_row where delivery_id = ${deliveryId}`;
  return row === undefined || row.listed === 0 ? null : row;
};
