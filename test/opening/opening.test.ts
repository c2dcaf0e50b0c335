// From a payee list of today to an item that is live, on a real PostgreSQL: the shadow, the comparison, two people, what the first run then finds.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { transaction } from '../../src/db/handle.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { paidHistory } from '../../src/ledger/store.ts';
import { replay } from '../../src/match/replay.ts';
import { compare } from '../../src/opening/compare.ts';
import { acceptComparison, enterShadow, goLive, keepComparison } from '../../src/opening/live.ts';
import type { ComparedRow, Payee } from '../../src/opening/opening.ts';
import { importPast, type PastLine } from '../../src/opening/past.ts';
import { settle } from '../../src/settlement/settle.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { testDatabase } from '../database.ts';
import { at, empty, type Facts, idOf, itemOf, lines, publish, sealAndRun, tell, versionOf } from '../match/ground.ts';
import { world } from '../snapshot/world.ts';

const database = testDatabase();
beforeEach(async () => {
  await empty(database);
  await database.sql`delete from item_opening`;
});

const item = itemOf('old', {
  conditions: {
    all: [
      { fact: 'age', operator: 'greaterThanInclusive', value: 80, clause: '第二条' },
      {
        any: [
          { fact: 'deathDate', operator: 'absent', value: true },
          { fact: 'deathDate', operator: 'onOrAfter', value: { fact: 'period.start' } },
        ],
      },
    ],
  },
  lookback: 6,
});
const version = versionOf(item);
const january = { kind: 'monthly', key: '2026-01', start: day('2026-01-01'), end: day('2026-01-31'), knownAt: day('2026-01-20') } as const;
const by = (actor: string) => ({ actor, role: 'officer', at });
const alive: Facts = { deathDate: null };

const payee = (line: number, key: string, yuan: number | null, more: Partial<Payee> = {}): Payee => ({
  line,
  key,
  name: key,
  amountFen: yuan === null ? null : BigInt(yuan) * 100n,
  account: null,
  village: null,
  ...more,
});

const people = async (): Promise<void> => {
  await tell(database, {
    ann: { age: '81', ...alive },
    bob: { age: '90', ...alive },
    cid: { age: '79', ...alive },
    dan: { age: '85', deathDate: '2025-12-03' },
    eve: { ...alive },
    fay: { age: '88', ...alive },
  });
  await seal(database.db, { catalogue: world, knownAt: january.knownAt, at, actor: 'test' });
};

const held = (payees: readonly Payee[]) => compare(database.db, { version, catalogue: world, period: january, payees, at });
const short = (rows: readonly ComparedRow[]) => rows.map((r) => [r.key, r.standing, r.listedFen, r.ourFen, r.flags.join('+')].join(' '));

const list = [
  payee(2, 'ann', 100),
  payee(3, 'bob', 50, { account: '6222020000000001' }),
  payee(4, 'cid', 100, { account: '6222020000000001' }),
  payee(5, 'dan', 100),
  payee(6, 'eve', 100, { name: 'Eva' }),
  payee(7, 'ghost', 100),
];

describe('a payee list held against the rule', () => {
  it('tells who is on both, only here, only there, with another amount, dead, sharing an account, and why not', async () => {
    await people();
    const { rows } = await held([...list, payee(8, 'ann', 100)]);
    expect(short(rows)).toEqual([
      'ann both 10000 10000 twice',
      'bob differs 5000 10000 shared-account',
      'cid listed 10000  shared-account',
      'dan listed 10000  dead',
      'eve listed 10000  other-name',
      'ghost stranger 10000  ',
      'ann both 10000 10000 twice',
      'fay entitled  10000 ',
    ]);
    const reasons = Object.fromEntries(rows.map((row) => [row.key, row.reasons.join(' | ')]));
    expect(reasons.cid).toContain('第二条');
    expect(reasons.cid).toContain('79');
    expect(reasons.dan).toContain('2025年12月3日');
    expect(reasons.eve).toContain('待核');
    expect(reasons.ghost).toBe('登记库里没有这个号码。');
    // Nothing was written for good.
    expect(await lines(database)).toEqual([]);
  });
});

const ready = async () => {
  await publish(database, [item]);
  await enterShadow(database.db, 'old', by('maker'));
  await people();
  const id = await keepComparison(database.db, await held(list), { fileName: 'list.xlsx', sha256: 'f'.repeat(64) }, by('maker'));
  return id;
};

describe('going live', () => {
  it('leaves an item in the shadow out of every run, and asks for a second person', async () => {
    const id = await ready();
    expect((await sealAndRun(database, [item])).items).toEqual([]);
    await expect(goLive(database.db, id, by('maker'))).rejects.toThrow('state.accepted');
    await expect(acceptComparison(database.db, id, '已核对', by('maker'))).rejects.toThrow('state.same-person');
    await expect(acceptComparison(database.db, id, ' ', by('checker'))).rejects.toThrow('input.reason');
    await expect(enterShadow(database.db, 'old', by('maker'))).rejects.toThrow('state.opening');
  });

  it('takes the accepted list as what stood before: continuing, changed, ended, suspended, and first for whom nobody paid', async () => {
    const id = await ready();
    await acceptComparison(database.db, id, '逐村核对', by('checker'));
    expect(await goLive(database.db, id, by('checker'))).toMatchObject({
      periodKey: '2026-01',
      from: '2026-01-01',
      taken: 5,
      strangers: 1,
    });
    await expect(goLive(database.db, id, by('checker'))).rejects.toThrow('state.opening');
    await sealAndRun(database, [item]);
    expect((await lines(database)).filter((line) => line.includes('2026-01'))).toEqual([
      'ann old 2026-01 #1 continuing eligible 100.00',
      'bob old 2026-01 #1 changed eligible 100.00',
      'cid old 2026-01 #1 ended ineligible',
      'dan old 2026-01 #1 ended ineligible',
      'eve old 2026-01 #1 suspended undetermined',
      'fay old 2026-01 #1 first eligible 100.00',
    ]);
    // Nothing before the period is decided again or paid, whatever the look-back.
    expect(
      (await database.sql`select distinct period_key from run_item ri join run r on r.id = ri.run_id where r.state = 'done'`).map(
        (r) => r.period_key,
      ),
    ).toEqual(['2026-01']);
    await settle(database.db, { now: at });
    const paid = await database.sql<{ key: string; period: string }[]>`
      select r.key, s.period_key as period from settlement_line s join record r on r.subject_id = s.subject_id where s.granted_fen > 0 order by 1`;
    expect(paid.map((row) => `${row.key} ${row.period}`)).toEqual(['ann 2026-01', 'bob 2026-01', 'fay 2026-01']);
    // Those whom the list paid are recipients already: the short flow, no second review.
    await prefill(database.db, { now: at, read: async () => [], link: () => ({ register: 'citizen' }) as never });
    const flows = await database.sql<{ key: string; kind: string; step: number }[]>`
      select r.key, d.match_kind as kind, d.step from disbursement d join record r on r.subject_id = d.subject_id where d.line_id is not null order by 1`;
    expect(flows.map((row) => `${row.key} ${row.kind}`)).toEqual(['ann continuing', 'bob changed', 'fay first']);
    expect(await replay(database.db, 'all')).toMatchObject({ checked: 6, differences: [] });
    // The ground publishes behind the program's back, without audit rows.
    expect(await database.sql`select * from assert_invariants() where message <> 'a published version has no audit row'`).toEqual([]);
  });

  it('is refused once a run has decided the item, and for a version that no longer speaks', async () => {
    await publish(database, [item]);
    await people();
    await sealAndRun(database, [item]);
    await expect(enterShadow(database.db, 'old', by('maker'))).rejects.toThrow('state.decided');
    await empty(database);
    const id = await ready();
    await acceptComparison(database.db, id, '逐村核对', by('checker'));
    await database.sql`update item_version set retired_at = now()`;
    await expect(goLive(database.db, id, by('checker'))).rejects.toThrow('state.version');
  });
});

describe('past payments', () => {
  const line = (n: number, key: string, more: Partial<PastLine> = {}): PastLine => ({
    line: n,
    key,
    period: '2025-12',
    amountFen: 10_000n,
    paidOn: null,
    objectKey: '',
    ...more,
  });
  const bring = (told: readonly PastLine[], sha256 = 'a'.repeat(64)) =>
    importPast(database.db, {
      item,
      register: 'citizen',
      lines: told,
      file: { fileName: 'past.csv', sha256 },
      by: by('clerk'),
      today: day('2026-01-20'),
    });

  it('come into the ledger once, all of a file or nothing', async () => {
    await people();
    expect(await bring([line(2, 'ann'), line(3, 'bob', { period: '2025-11' })])).toMatchObject({
      imported: 2,
      repeated: 0,
      amountFen: 20_000n,
    });
    expect(await bring([line(2, 'ann'), line(3, 'bob', { period: '2025-11' })])).toMatchObject({ imported: 0, repeated: 2 });
    await expect(bring([line(2, 'fay'), line(3, 'ann')], 'b'.repeat(64))).rejects.toThrow('import.twice');
    await expect(bring([line(2, 'fay'), line(3, 'ghost'), line(4, 'fay', { period: '2025Q4' })], 'c'.repeat(64))).rejects.toThrow(
      'import.subject',
    );
    const history = await transaction(database.db, (tx) => paidHistory(tx, { subjectIds: [idOf('ann'), idOf('bob'), idOf('fay')] }));
    expect(history.map((row) => [row.periodKey, row.amountFen, row.paidFen])).toEqual(
      expect.arrayContaining([
        ['2025-12', 10_000n, 10_000n],
        ['2025-11', 10_000n, 10_000n],
      ]),
    );
    expect(history).toHaveLength(2);
  });
});
