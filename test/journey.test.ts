// The whole flow on a real database: a first month, the same again, and the month after with its fourteen written-down changes.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileAnchor } from '../src/audit/anchor.ts';
import { chainAudit } from '../src/audit/chain.ts';
import { isCitizenId } from '../src/base/codes.ts';
import { type Day, isDay } from '../src/base/day.ts';
import { everything } from '../src/base/scope.ts';
import { openOutput } from '../src/command/command.ts';
import { bringIn, type Journey, match, travel } from '../src/command/journey.ts';
import { type Db, openAsOwner, transaction } from '../src/db/handle.ts';
import { replay } from '../src/match/replay.ts';
import type { RunReport } from '../src/match/run.ts';
import { matchById, matchIds } from '../src/match/store.ts';
import { answersFor } from '../src/match/verdict-store.ts';
import { listNotices } from '../src/notice/store.ts';
import { linesOf } from '../src/payment/batch-store.ts';
import { addFundingSource } from '../src/payment/funding-store.ts';
import { lineHash } from '../src/payment/payment.ts';
import { sealBatch } from '../src/payment/seal.ts';
import { reconcile } from '../src/reconcile/reconcile.ts';
import { streamRecords } from '../src/record/store.ts';
import { keyUses, rotateKeys, sealedColumns } from '../src/rotate.ts';
import { cityDefaults } from '../src/sample/city.ts';
import { generateNextDelivery, type NextDelivery } from '../src/sample/next.ts';
import { seal } from '../src/snapshot/seal.ts';
import { advanceStep, prefillStep, type StepContext, settleStep, tellStep } from '../src/steps.ts';
import { accountIndex } from '../src/vault/account.ts';
import { saysNothing, unaudited } from './audited.ts';
import { type ClearText, clearTexts, foundIn, sealedIn } from './clear.ts';
import { caller } from './command/call.ts';
import { surelyCommitted } from './committed.ts';
import { createDatabase, dropDatabase, testDatabase } from './database.ts';
import { testKeys } from './keys.ts';
import { wrongStep } from './policy/steps.ts';
import { asOwner, rings, withKeys } from './vault/rotating.ts';

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
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the first month', () => {
  it('keeps every promise, and every decision replays from its evidence', async () => {
    expect(first.ran.items.filter((item) => item.stopped !== null)).toEqual([]);
    expect(await violations()).toEqual([]);
    expect(Object.keys(await unaudited(database.sql)).filter((table) => !saysNothing.includes(table))).toEqual([]);
    const { promises, differences: odd } = await reconcile(database.db, 'item', { scope: everything });
    expect(promises.length).toBeGreaterThan(30);
    expect(odd).toEqual([]);
    const { checked, differences } = await replay(database.db, 'all');
    expect(checked).toBeGreaterThan(500);
    expect(differences).toEqual([]);
  });

  it('explains every amount by steps that add up to it', async () => {
    const items = new Set<string>();
    const wrong: string[] = [];
    let lines = 0;
    for (const id of await matchIds(database.db, null, 100_000)) {
      const found = await matchById(database.db, id, everything);
      for (const { award } of found?.lines ?? []) {
        if (award?.state !== 'known') continue;
        lines++;
        items.add(found?.itemId ?? '');
        const said = wrongStep(award.steps, BigInt(award.amountFen));
        if (said !== null) wrong.push(`${found?.itemId} ${said}`);
      }
    }
    expect(lines).toBeGreaterThan(500);
    expect(items.size).toBeGreaterThan(40);
    expect(wrong).toEqual([]);
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
  });

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

/** Everything below is read out of what the two months left, payment lines included. */
describe('what rests in the database after two months', () => {
  const later = new Date('2026-05-15T02:00:00Z');
  let batchId = '';
  let excluded = 0;
  const people = new Set<string>();
  const contacts = new Set<string>();
  const figures = new Set<string>();
  let texts: readonly ClearText[] = [];

  beforeAll(async () => {
    const { catalogue } = first.published;
    const [item] = await database.sql<{ id: string }[]>`
      select item_id as id from disbursement where state = 'ready' group by 1 order by count(*) desc, 1 limit 1`;
    const money = {
      document: '云财预〔2026〕12号',
      projectCode: 'P1',
      subjectCode: '2081002',
      nature: 'budget',
      format: 'agent-csv',
      ...{ amountFen: 100_000_000_000n, level: 'county' as const, shareBp: null, rank: 0 },
    } as const;
    const payer = { payerName: '云溪县财政局', payerAccount: '6200000000000001', payerBank: '云溪农商银行', payerBankCode: '313651027012' };
    const sourceId = await transaction(database.db, (tx) =>
      addFundingSource(
        tx,
        { itemId: item?.id ?? '', year: 2026, ...money, ...payer },
        { actor: 'treasury', role: 'finance-maker', at: later },
      ),
    );
    const ask = {
      sourceId,
      payOn: '2026-05-20' as Day,
      maker: { id: 'maker', role: 'finance-maker' },
      catalogue,
      today: '2026-05-15' as Day,
      now: later,
    };
    const sealed = await sealBatch(database.db, ask);
    batchId = sealed.batch?.id ?? '';
    excluded = sealed.excluded.length;

    const codes = new Set(catalogue.trees.flatMap((tree) => tree.nodes.map((node) => node.code)));
    const sensitive = new Set(catalogue.facts.filter((f) => f.sensitivity === 'sensitive').map((f) => f.key));
    for (const register of ['citizen', 'enterprise'])
      for await (const record of streamRecords(database.db, register)) {
        if (register === 'citizen') people.add(record.key);
        for (const [fact, cells] of Object.entries(record.facts)) {
          for (const text of JSON.stringify(cells).match(/"[^"]*"/g) ?? []) {
            const word = text.slice(1, -1);
            if (isCitizenId(word)) people.add(word);
            if (['account', 'insuranceAccount', 'phone', 'email'].includes(fact) && word.length > 6 && /\d|@/.test(word) && !isDay(word))
              contacts.add(word);
            // Long and odd enough that no count, code, year or amount of a rule is the same by chance.
            if (
              sensitive.has(fact) &&
              /^\d+\.\d+$|^\d{6,}$/.test(word) &&
              word.replace('.', '').length > 5 &&
              !/00$|0\.0/.test(word) &&
              !codes.has(word) &&
              !isCitizenId(word)
            )
              figures.add(word);
          }
        }
      }
    for (const word of contacts) figures.delete(word);
    texts = await clearTexts(database.sql);
  });

  it('names nobody by number, account, phone or address but where it is said here', async () => {
    expect([people.size > 300, contacts.size > 300, figures.size > 50, batchId !== '']).toEqual([true, true, true, true]);
    // The key of the register: it is looked up by and joined on at every delivery, and protected by grants, scope and the disk.
    expect(Object.keys(foundIn(texts, people))).toEqual(['record.key']);
    expect(foundIn(texts, contacts)).toEqual({});
  });

  it('shows no sensitive figure but where the amount is the figure', async () => {
    expect(foundIn(texts, figures)).toEqual({});
  });

  it('is known to rotation, wherever an envelope stands', async () => {
    const known = sealedColumns.map(({ table, column }) => `${table}.${column}`);
    const standing = await sealedIn(database.sql);
    expect(standing.filter((column) => !known.includes(column))).toEqual([]);
    for (const column of [
      'closing_row.content',
      'disbursement.account',
      'match.evidence',
      'notice.body',
      'payment_line.account',
      'segment.bytes',
    ])
      expect(standing).toContain(column);
  });

  it('opens under the third key alone after two rotations, and every decision replays', async () => {
    const read = async (db: Db) => {
      const notices = await listNotices(db, { scope: everything, limit: 200 });
      const accounts: string[] = [];
      for await (const { line, storedHash } of linesOf(db, batchId))
        accounts.push(storedHash === lineHash(line, accountIndex(db, line.account)) ? line.account : 'changed');
      return { bodies: notices.rows.map((one) => [one.address, one.body]), accounts };
    };
    const before = await read(database.db);
    expect(before.accounts.length + excluded).toBeGreaterThan(10);
    expect(before.accounts.every((account) => contacts.has(account))).toBe(true);
    const options = { now: () => later, actor: 'test' };
    for (const ring of [rings.both, rings.later])
      await asOwner(database.ownerUrl, ring, async (owner) => expect((await rotateKeys(owner.db, options)).left).toEqual([]));
    await withKeys(database.ownerUrl, rings.last, async ({ db }) => {
      expect((await keyUses(db)).map(({ key }) => key)).toEqual(['k3']);
      expect(await read(db)).toEqual(before);
      const { checked, differences } = await replay(db, 'all');
      expect(checked).toBeGreaterThan(800);
      expect(differences).toEqual([]);
      for (const register of ['citizen', 'enterprise', 'household'] as const)
        for await (const { key } of streamRecords(db, register)) expect(key).not.toBe('');
    });
    expect(await violations()).toEqual([]);
  });
});
