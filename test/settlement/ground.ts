// Ground for tests of the money's way: items, people and the matches of a run, written straight into the tables the earlier steps write.
import { createHash, randomUUID } from 'node:crypto';
import { audit } from '../../src/audit/audit.ts';
import { type Day, day, type WorkingCalendar } from '../../src/base/day.ts';
import type { Catalogue, Fact } from '../../src/catalogue/catalogue.ts';
import { type Database, transaction } from '../../src/db/handle.ts';
import type { Item, Limit } from '../../src/policy/item.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import { emptyTables } from '../empty.ts';

export const at = new Date('2026-11-10T02:00:00Z');

/** A subject's id from its natural key, the same in every test; never sorted like the key. */
export const idOf = (key: string): string => {
  const hex = createHash('sha256').update(key).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export const itemOf = (id: string, over: Partial<Item> & { limits?: readonly Limit[] } = {}): Item => ({
  id,
  title: `事项${id}`,
  authority: '测试县民政局',
  region: '530128',
  basis: { document: '测试县补助办法', number: '测政发〔2026〕1号', clause: '第三条', url: null },
  audience: 'citizen',
  mode: 'auto',
  period: 'monthly',
  effective: { from: null, to: null },
  conditions: { all: [] } as unknown as Item['conditions'],
  award: { fixed: { yuan: 100 } },
  flow: { first: ['guard', 'review', 'notice', 'publicity', 'pay'], continuing: ['guard', 'pay'] },
  limits: [{ once: 'period' }],
  budget: { kind: 'entitlement' },
  notes: [],
  examples: [],
  ...over,
});

export interface Line {
  readonly key?: string;
  readonly yuan: number;
  readonly verdict?: 'eligible' | 'ineligible' | 'undetermined';
  readonly known?: boolean;
  readonly claims?: readonly { kind: string; object: string; group: string; per: 'period' | 'year' | 'ever'; orderDay?: string | null }[];
}

export interface Match {
  readonly item: string;
  readonly version?: number;
  readonly subject: string;
  readonly period?: string;
  readonly kind?: string;
  readonly verdict?: 'eligible' | 'ineligible' | 'undetermined';
  readonly lines?: readonly Line[];
  readonly yuan?: number;
  readonly orderDay?: string;
  readonly orderKey?: string;
  /** 兑现方式, of an item whose mode depends on conditions. */
  readonly mode?: string;
  readonly end?: string;
  /** First day of the period; a month's, where it is not said, is left out as of a match that has none. */
  readonly start?: string;
  readonly capsFen?: Record<string, string | null>;
  /** More of what the decision rests on, for pages that explain it. */
  readonly evidence?: Readonly<Record<string, unknown>>;
}

export const publish = async (
  database: Database,
  items: readonly Item[],
  over: { blocked?: string; version?: number } = {},
): Promise<void> => {
  for (const item of items) {
    await database.sql`
      insert into item_version (item_id, version, hash, content, maker, checker, blocked, published_at)
      values (${item.id}, ${over.version ?? 1}, ${randomUUID()}, ${database.sql.json(item as never)}, 'a', 'b', ${over.blocked ?? null}, ${at})`;
    await transaction(database.db, (tx) =>
      audit(tx, {
        at,
        actor: 'b',
        role: 'officer',
        action: 'policy.publish',
        objectKind: 'item_version',
        objectId: `${item.id}@${over.version ?? 1}`,
      }),
    );
  }
};

export interface Facts {
  readonly [fact: string]: unknown;
}

let ordinal = 0;
/** People (or firms) of the register with untimed facts, as one dataset delivered them. */
export const settlePeople = async (
  database: Database,
  people: Readonly<Record<string, Facts>>,
  register = 'citizen',
  dataset = 'test-facts',
): Promise<void> => {
  for (const [key, { name = `姓名${key}`, division = '530128', ...facts }] of Object.entries(people)) {
    const cells = Object.fromEntries(Object.entries(facts).map(([fact, v]) => [fact, [{ v }]]));
    await database.sql`
      insert into record (register, subject_id, key, ordinal, name, division, revision)
      values (${register}, ${idOf(key)}, ${key}, ${ordinal++}, ${name as string}, ${division as string}, 1) on conflict (register, key) do nothing`;
    await database.sql`
      insert into record_part (register, subject_id, dataset, as_of, delivery_id, cells, revision)
      values (${register}, ${idOf(key)}, ${dataset}, '2026-11-01', ${randomUUID()}, ${database.sql.json(cells as never)}, 1)
      on conflict (register, subject_id, dataset) do nothing`;
  }
};

const lineJson = (line: Line) => ({
  key: line.key ?? null,
  verdict: line.verdict ?? 'eligible',
  award:
    line.known === false
      ? { state: 'unknown', missing: [] }
      : { state: 'known', amountFen: String(Math.round(line.yuan * 100)), steps: [] },
  claims: (line.claims ?? []).map((claim) => ({ orderDay: null, ...claim })),
  missing: [],
});

/** One run with these matches, ended; returns the match ids in order. Sequences follow what is there. */
export const runWith = async (
  database: Database,
  matches: readonly Match[],
  over: { ended?: boolean; knownAt?: string } = {},
): Promise<string[]> => {
  const { sql } = database;
  const runId = randomUUID();
  const knownAt = over.knownAt ?? '2026-11-09';
  await sql`insert into snapshot (id, known_at, catalogue_hash, counts, sealed_at) values ('s', ${knownAt}, 'c', '{}', ${at}) on conflict do nothing`;
  await sql`insert into run (id, snapshot_id, known_at, ledger_cut, state, started_at, ended_at)
    values (${runId}, 's', ${knownAt}, 0, ${over.ended === false ? 'running' : 'done'}, ${at}, ${over.ended === false ? null : at})`;
  const ids: string[] = [];
  for (const m of matches) {
    const period = m.period ?? '2026-10';
    const end = m.end ?? (/^\d{4}-\d{2}$/.test(period) ? `${period}-28` : `${period.slice(0, 4)}-12-31`);
    await sql`insert into run_item (run_id, item_id, version, period_key, period_end, state) values (${runId}, ${m.item}, ${m.version ?? 1}, ${period}, ${end}, 'done')
      on conflict do nothing`;
    const id = randomUUID();
    const verdict = m.verdict ?? 'eligible';
    const lines = (m.lines ?? (verdict === 'eligible' ? [{ yuan: m.yuan ?? 100 }] : [])).map(lineJson);
    const evidence = {
      period: { key: period, end, ...(m.start === undefined ? {} : { start: m.start }) },
      ...(m.orderDay ? { orderDay: m.orderDay } : {}),
      ...(m.orderKey ? { orderKey: m.orderKey } : {}),
      ...(m.capsFen ? { capsFen: m.capsFen } : {}),
      ...(m.mode ? { mode: { mode: m.mode, at: '/mode/0', missing: [] } } : {}),
      read: [],
      ...m.evidence,
    };
    const amount = verdict === 'eligible' ? lines.reduce((sum, l) => sum + BigInt(l.award.amountFen ?? 0), 0n) : null;
    await sql`
      insert into match (id, item_id, version, register, subject_id, division, period_key, sequence, kind, verdict, amount_fen, lines, evidence, run_id, created_at)
      values (${id}, ${m.item}, ${m.version ?? 1}, 'citizen', ${idOf(m.subject)}, '530128', ${period},
        (select coalesce(max(sequence), 0) + 1 from match where subject_id = ${idOf(m.subject)} and item_id = ${m.item} and period_key = ${period}),
        ${m.kind ?? 'first'}, ${verdict}, ${amount}, ${sql.json(lines as never)}, ${sql.json(evidence as never)}, ${runId}, ${at})`;
    ids.push(id);
  }
  return ids;
};

export interface LineView {
  readonly who: string;
  readonly item: string;
  readonly key: string;
  readonly period: string;
  readonly state: string;
  readonly granted: string;
  readonly recover: string;
  readonly why: string;
}

/** The lines as a readable table; `people` turns ids back into names. */
export const linesOf = async (database: Database, people: readonly string[], states?: readonly string[]): Promise<LineView[]> => {
  const names = new Map(people.map((key) => [idOf(key), key]));
  const rows = await database.sql<
    {
      subject_id: string;
      item_id: string;
      key: string;
      period_key: string;
      state: string;
      granted_fen: bigint;
      recover_fen: bigint;
      reasons: { rule: string }[];
    }[]
  >`select * from settlement_line where subject_id = any(${[...names.keys()]}::uuid[]) ${states ? database.sql`and state = any(${[...states]}::text[])` : database.sql`and state <> 'superseded'`}`;
  return rows
    .map((row) => ({
      who: names.get(row.subject_id) ?? '?',
      item: row.item_id,
      key: row.key,
      period: row.period_key,
      state: row.state,
      granted: (Number(row.granted_fen) / 100).toFixed(2),
      recover: (Number(row.recover_fen) / 100).toFixed(2),
      why: row.reasons.map((reason) => reason.rule).join(','),
    }))
    .sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
};

/** Everything SQL can prove; empty while all is well. */
export const broken = async (database: Database): Promise<readonly unknown[]> => await database.sql`select * from assert_invariants()`;

const text = (key: string, register: string, type: 'text' | 'link' = 'text'): Fact => ({
  key,
  label: key === 'guardian' ? '监护人' : key,
  register,
  type,
  ...(type === 'link' ? { to: 'citizen' } : {}),
  datasets: ['test-facts'],
  sensitivity: 'personal',
  purposes: ['*'],
  legalUse: 'decide',
});

/** The contact facts of one dataset that is good for 31 days; `settlePeople` delivers on 1 November 2026. */
export const catalogue: Catalogue = {
  registers: [{ id: 'citizen', label: '居民', key: 'text' }],
  facts: [
    ...['account', 'bankName', 'bankCode', 'accountName', 'email', 'phone'].map((key) => text(key, 'citizen')),
    text('guardian', 'citizen', 'link'),
  ],
  datasets: [
    {
      id: 'test-facts',
      title: '测试',
      department: '测试',
      register: 'citizen',
      shape: 'record',
      kinds: ['full'],
      freshnessDays: 31,
      columns: [],
    },
  ],
  trees: [],
  parameters: [],
  external: [],
  calendar: {
    knownFrom: day('2026-01-01'),
    knownTo: day('2026-12-31'),
    holidays: ['2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'].map(day),
    workdays: ['2026-09-20', '2026-10-10'].map(day),
  },
  hash: 'test',
};

export const today = day('2026-11-10');
export const calendar: WorkingCalendar = {
  holidays: new Set(catalogue.calendar.holidays),
  workdays: new Set(catalogue.calendar.workdays),
  knownFrom: catalogue.calendar.knownFrom,
  knownTo: catalogue.calendar.knownTo,
};

/** Options of the steps after settlement, on a day. */
export const stepsOn = (on: Day = today) => {
  const now = new Date(`${on}T02:00:00Z`);
  const reading = { now, today: on, calendar, read: contactReader(catalogue, today), link: linkNames(catalogue) };
  return {
    settle: { now },
    prefill: reading,
    advance: reading,
    tell: { ...reading, label: (fact: string) => fact, mail: true, messageDomain: 'test.example' },
  };
};

export const complete = { account: '6222020000001234', bankName: '测试银行', email: 'someone@example.org' };

const written = `posting balance budget claim settlement_line settled_run match run_item run item_version record record_part coverage disbursement disbursement_event
  choice notice notice_line audit_entry funding_source payment_calendar payment_file suspense line_event live_payment owed_notice desk_decision answer
  review_vote application objection recovery recovery_entry recovery_plan write_off batch_signature payee_account month_close year_close stop_order heir
  recovery_funding notice_try notice_wording office message_choice named_relative certification certification_visit choice_told exclusive_choice
  entry_link yearly_told`;

/** Everything the money's way writes. */
export const empty = (database: Database): Promise<void> => emptyTables(database, written);
