// The whole flow on a real database: a first month, the same again, and the month after with its fourteen written-down changes.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileAnchor } from '../src/audit/anchor.ts';
import { chainAudit } from '../src/audit/chain.ts';
import { everything } from '../src/base/scope.ts';
import { openOutput } from '../src/command/command.ts';
import { bringIn, type Journey, match, travel } from '../src/command/journey.ts';
import { openAsOwner } from '../src/db/handle.ts';
import { replay } from '../src/match/replay.ts';
import type { RunReport } from '../src/match/run.ts';
import { answersFor } from '../src/match/verdict-store.ts';
import { reconcile } from '../src/reconcile/reconcile.ts';
import { cityDefaults } from '../src/sample/city.ts';
import { generateNextDelivery, type NextDelivery } from '../src/sample/next.ts';
import { seal } from '../src/snapshot/seal.ts';
import { advanceStep, prefillStep, type StepContext, settleStep, tellStep } from '../src/steps.ts';
import { caller } from './command/call.ts';
import { surelyCommitted } from './committed.ts';
import { createDatabase, dropDatabase, testDatabase } from './database.ts';
import { testKeys } from './keys.ts';
import { type Step, wrongStep } from './policy/steps.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-journey-'));
const choice = { firms: 40, residents: 250, seed: 7, asOf: cityDefaults.asOf };
const clock = new Date('2026-04-15T02:00:00Z');
const silent = openOutput(false, new Writable({ write: (_chunk, _encoding, done) => done() }) as unknown as NodeJS.WriteStream);

const go = (): Promise<Journey> =>
  travel(database.db, {
    people: { maker: 'maker', checker: 'checker' },
    choice,
    directory: join(folder, 'city'),
    now: () => clock,
    out: silent,
    mail: false,
    messageDomain: 'example.invalid',
  });

const counts = async () => {
  const [row] = await database.sql`
    select (select count(*)::int from match) as matches, (select count(*)::int from settlement_line) as lines,
      (select count(*)::int from disbursement) as records, (select count(*)::int from notice) as notices, (select count(*)::int from posting) as postings`;
  return row;
};
const violations = () => database.sql`select * from assert_invariants()`;

let first: Journey;
beforeAll(async () => {
  first = await go();
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the first month', () => {
  it('keeps every promise, and every decision replays from its evidence', async () => {
    expect(first.ran.items.filter((item) => item.stopped !== null)).toEqual([]);
    expect(await violations()).toEqual([]);
    const { promises, differences: odd } = await reconcile(database.db, 'item', { scope: everything });
    expect(promises.length).toBeGreaterThan(30);
    expect(odd).toEqual([]);
    const { checked, differences } = await replay(database.db, 'all');
    expect(checked).toBeGreaterThan(500);
    expect(differences).toEqual([]);
  });

  it('explains every amount by steps that add up to it', async () => {
    const lines = await database.sql<{ item: string; fen: bigint; steps: readonly Step[] }[]>`
      select m.item_id as item, (l.value #>> '{award,amountFen}')::bigint as fen, l.value #> '{award,steps}' as steps
      from match m cross join jsonb_array_elements(m.lines) l
      where l.value #>> '{award,state}' = 'known'`;
    expect(lines.length).toBeGreaterThan(500);
    expect(new Set(lines.map((line) => line.item)).size).toBeGreaterThan(40);
    expect(lines.flatMap(({ item, fen, steps }) => (wrongStep(steps, fen) === null ? [] : [`${item} ${wrongStep(steps, fen)}`]))).toEqual(
      [],
    );
  });

  it('lets nothing undetermined, and no estimate, become money', async () => {
    const wrong = await database.sql`
      select m.id from settlement_line s join match m on m.subject_id = s.subject_id and m.id = s.match_id
      join item_version v on v.item_id = m.item_id and v.version = m.version
      where s.granted_fen > 0 and (m.verdict <> 'eligible' or m.amount_fen is null or v.content ->> 'mode' = 'push')`;
    expect(wrong).toEqual([]);
  });

  it('adds nothing when it is done again', async () => {
    const before = await counts();
    await go();
    expect(await counts()).toEqual(before);
  });
});

describe('a backup of it', () => {
  /** Rows of every table by content; what a restore adds itself (its mark, its audit entry) is told apart. */
  const fingerprint = async (sql: typeof database.sql): Promise<Record<string, string>> => {
    const tables = await sql<{ name: string }[]>`
      select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        and relname not in ('schema_migration', 'setting', 'session', 'verification', 'rate_limit') order by 1`;
    const found: Record<string, string> = {};
    for (const { name } of tables) {
      const added = name === 'audit_entry' ? `where action <> 'backup.restore'` : '';
      const [row] = await sql.unsafe<{ n: number; hash: bigint }[]>(
        `select count(*)::int as n, coalesce(sum(hashtextextended(t::text, 0)), 0)::text as hash from "${name}" t ${added}`,
      );
      found[name] = `${row?.n} ${row?.hash}`;
    }
    return found;
  };

  it('comes back into an empty database as it was: every row, every promise, every decision, the audit trail', async () => {
    const data = join(folder, 'data');
    const at = (url: string) => caller(() => ({ DATABASE_URL: url, ZHIXIANG_DATA: data, ZHIXIANG_KEYS: testKeys }), clock);
    const file = join(folder, 'all.backup');
    mkdirSync(data);
    await surelyCommitted(database.sql);
    await chainAudit(database.db, clock, fileAnchor(data));
    const before = await fingerprint(database.sql);
    expect((await at(database.ownerUrl)('backup', file)).exit).toBe(0);
    const url = await createDatabase('empty');
    try {
      expect((await at(url)('restore', file)).exit).toBe(0);
      const copy = openAsOwner(url);
      try {
        expect(await fingerprint(copy.sql)).toEqual(before);
      } finally {
        await copy.close();
      }
      const check = (await at(url)('check', '--json')).json();
      expect(check).toMatchObject({ ok: true, invariants: [], chain: { faultCount: 0 } });
      expect(check.chain.anchors).toBeGreaterThan(0);
      const replayed = (await at(url)('replay', 'all', '--json')).json();
      expect(replayed.checked).toBeGreaterThan(500);
      expect(replayed.differences).toEqual([]);
    } finally {
      await dropDatabase(url);
    }
  });
});

describe('the month after', () => {
  let next: NextDelivery;
  let ran: RunReport;
  let noticesBefore = 0;
  beforeAll(async () => {
    const { catalogue } = first.published;
    next = generateNextDelivery({ ...choice, catalogue, out: join(folder, 'next') });
    const later = new Date('2026-05-15T02:00:00Z');
    await bringIn(database.db, catalogue, next.deliveries, later);
    noticesBefore = (await counts())?.notices as number;
    const { snapshotId } = await seal(database.db, { catalogue, knownAt: next.asOf, at: later, actor: 'test' });
    ran = await match(database.db, catalogue, snapshotId, later);
    const context: StepContext = {
      db: database.db,
      catalogue,
      today: next.asOf,
      now: () => later,
      mail: false,
      messageDomain: 'example.invalid',
    };
    await settleStep(context);
    await prefillStep(context);
    await advanceStep(context);
    await tellStep(context);
  }, 240_000);

  it('says of each change exactly what was written down for it', async () => {
    expect(next.changes.length).toBeGreaterThanOrEqual(14);
    for (const change of next.changes) {
      const perEvent = first.ran.items.find((item) => item.itemId === change.item)?.periodKey === 'events';
      const answers = await answersFor(database.db, {
        itemId: change.item,
        periodKey: change.periodKey,
        perEvent,
        register: change.register,
        keys: [change.key],
      });
      const answer = answers.get(change.key);
      expect([change.item, change.what, answer?.verdict, answer?.amountFen ?? null]).toEqual([
        change.item,
        change.what,
        change.expect.verdict,
        change.expect.amountFen,
      ]);
      // What was found out in May about April too is written for April, within the item's look-back: back-pay, or a suspension that then goes on.
      const written = await database.sql`
        select m.kind from match m join record r on r.subject_id = m.subject_id and r.key = ${change.key}
        where m.item_id = ${change.item} and m.run_id = ${ran.runId} order by m.period_key, m.sequence`;
      const kinds = written.map((row) => row.kind as string).filter((kind) => kind !== 'continuing');
      expect([change.item, change.what, kinds]).toEqual([change.item, change.what, change.match === 'continuing' ? [] : [change.match]]);
    }
    expect(await violations()).toEqual([]);
  });

  it('tells continuing recipients nothing', async () => {
    // Recipients are those whose month before came through the first flow; somebody still under review then is reviewed, and told, as the first.
    const [continuing] = await database.sql`
      select count(*)::int as matches, count(n.id) filter (where exists (select from disbursement d where d.subject_id = m.subject_id and d.item_id = m.item_id
        and d.period_key < m.period_key and d.state = 'ready'))::int as notices
      from match m left join notice n on n.match_id = m.id where m.kind = 'continuing'`;
    expect(continuing?.matches).toBeGreaterThan(50);
    expect(continuing?.notices).toBe(0);
    expect((await counts())?.notices).toBeGreaterThan(noticesBefore);
  });
});
