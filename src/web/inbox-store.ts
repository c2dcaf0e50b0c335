// 待我处理: how much waits of each kind, what it is worth, when the first is due and how many are late. Hand-written SQL: one statement over the kinds that
// are asked for. A batch holds people of every division: who sees only some divisions is told of none.
import type { Day } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';

export type InboxKind = keyof ReturnType<typeof sources>;

export interface InboxCount {
  readonly kind: InboxKind;
  readonly waiting: number;
  readonly fen: bigint | null;
  readonly dueOn: Day | null;
  readonly late: number;
}

const sources = (sql: Sql, scope: Scope) => {
  const of = (table: string) =>
    inScope(sql, scope, { authority: `${table}.authority`, division: `${table}.division`, item: `${table}.item_id` });
  const whole = scope.divisions === null ? sql`` : sql`and false`;
  const batch = inScope(sql, { ...scope, divisions: null }, { authority: 'b.authority', division: 'b.authority', item: 'b.item_id' });
  const record = (state: string) =>
    sql`select d.amount_fen as fen, d.due_on as due from disbursement d where d.state = ${state} ${of('d')}`;
  const batchIn = (state: string) =>
    sql`select b.total_fen as fen, b.pay_on as due from batch b where b.state = ${state} ${batch} ${whole}`;
  const seesAll = scope.authorities === null && scope.items === null && scope.divisions === null;
  return {
    seal: record('ready'),
    check: batchIn('sealed'),
    issue: batchIn('approved'),
    bank: batchIn('released'),
    returned: record('returned'),
    unknown: record('unknown'),
    suspense: sql`select s.amount_fen as fen, null::date as due from suspense s where s.settled_at is null ${seesAll ? sql`` : sql`and false`}`,
    review: record('reviewing'),
    ask: sql`select d.amount_fen as fen, d.due_on as due from disbursement d where d.state in ('asking', 'named') ${of('d')}`,
    held: record('held'),
    objection: sql`select null::bigint as fen, o.due_on as due from objection o where o.state = 'open' ${of('o')}`,
    recovery: sql`select c.amount_fen as fen, c.tell_by as due from recovery c where c.state = 'proposed' ${of('c')}`,
    stop: sql`select null::bigint as fen, null::date as due from stop_order o where o.state in ('proposed', 'asked') ${of('o')}`,
    certify: sql`select null::bigint as fen, c.due_on as due from certification c where c.state in ('open', 'visiting', 'suspended') ${of('c')}`,
  } as const;
};

export const countInbox = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly today: Day; readonly kinds: readonly InboxKind[] },
): Promise<readonly InboxCount[]> => {
  if (ask.kinds.length === 0) return [];
  const sql = rawSql(reader);
  const from = sources(sql, ask.scope);
  const parts = ask.kinds.map((kind) => sql`select ${kind}::text as kind, x.fen, x.due from (${from[kind]}) x`);
  const all = parts.reduce((whole, part) => sql`${whole} union all ${part}`);
  return await sql<InboxCount[]>`
    select kind, count(*)::int as waiting, sum(fen)::bigint as fen, min(due) as "dueOn", count(*) filter (where due < ${ask.today})::int as late
    from (${all}) y group by kind`;
};
