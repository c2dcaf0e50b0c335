// Funding sources: lines split over several by share or by order to the last 分, never more than a source has whoever races, the money back where it
// came from before anything is paid anew; pay days, freezes by two people; the manifest without which no file leaves.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { connect, transaction } from '../../src/db/handle.ts';
import { confirmFreeze, endFreeze, mustNotBeFrozen, proposeFreeze } from '../../src/freeze/freeze.ts';
import { listFreezes } from '../../src/freeze/store.ts';
import { addCalendarEntry, endCalendarEntry } from '../../src/payment/calendar-store.ts';
import { type Room, splitter } from '../../src/payment/funding.ts';
import { endFundingSource, fundingStandings } from '../../src/payment/funding-store.ts';
import { isOurs, releasedFile } from '../../src/payment/manifest.ts';
import { correctReturned } from '../../src/payment/reissue.ts';
import { prepareRelease } from '../../src/payment/release.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch, returnBatch } from '../../src/payment/sign.ts';
import { lyingOn } from '../../src/report/steps-store.ts';
import { testDatabase } from '../database.ts';
import { broken, empty } from '../settlement/ground.ts';
import { actor, fund, payDay, person, ready, steps } from './ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, signing, word } from './way.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const by = { actor: 'treasury', role: 'finance-maker', at: steps().now };
const standings = async () =>
  Object.fromEntries(
    (await fundingStandings(database.db, { scope: everything, ended: true })).map((one) => [
      one.document,
      [one.openFen, one.sealedFen, one.spentFen],
    ]),
  );
/** A source of item `a` that pays from the same account as the first. */
const second = (over: Parameters<typeof fund>[3]) => fund(database, 'a', 'agent-csv', { document: '省财社〔2026〕7号', ...over });
const people = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`P${i}`, person(`人${i}`, i + 1)]));
/** The source `ready` registers, ended: tests name their own. */
const withoutFirst = async (names: number): Promise<void> => {
  const first = await ready(database, people(names));
  await transaction(database.db, (tx) => endFundingSource(tx, first, { ...by, reason: '换成下面的来源' }));
};

describe('splitting', () => {
  const shares = fc
    .array(fc.integer({ min: 1, max: 9_999 }), { minLength: 1, maxLength: 5 })
    .map((cuts) => [...new Set(cuts)].sort((a, b) => a - b))
    .map((cuts) => [...cuts, 10_000].map((cut, i) => cut - (cuts[i - 1] ?? 0)));
  const amounts = fc.array(fc.bigInt({ min: 1n, max: 1_000_000n }), { minLength: 1, maxLength: 30 });

  it('by share: parts are the line to the last 分, each within a 分 of its share, and no source gives more than it has', () => {
    fc.assert(
      fc.property(shares, amounts, fc.bigInt({ min: 0n, max: 5_000_000n }), (bps, lines, each) => {
        const rooms: Room[] = bps.map((shareBp, i) => ({ id: `s${i}`, shareBp, openFen: each }));
        const split = splitter(rooms);
        const taken = new Map<string, bigint>();
        for (const amountFen of lines) {
          const parts = split(amountFen);
          if (parts === null) continue;
          expect(parts.reduce((sum, part) => sum + part.amountFen, 0n)).toBe(amountFen);
          for (const room of rooms) {
            const part = parts.find((one) => one.sourceId === room.id)?.amountFen ?? 0n;
            const off = part * 10_000n - amountFen * BigInt(room.shareBp ?? 0);
            expect(off > -10_000n && off < 10_000n).toBe(true);
            taken.set(room.id, (taken.get(room.id) ?? 0n) + part);
          }
        }
        for (const fen of taken.values()) expect(fen <= each).toBe(true);
      }),
      { seed: 7 },
    );
  });

  it('by order: a source is used up before the next is touched', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: 0n, max: 2_000_000n }), { minLength: 1, maxLength: 5 }), amounts, (open, lines) => {
        const rooms: Room[] = open.map((openFen, i) => ({ id: `s${i}`, shareBp: null, openFen }));
        const split = splitter(rooms);
        const left = new Map(rooms.map((room) => [room.id, room.openFen]));
        for (const amountFen of lines) {
          const before = [...left.values()].reduce((sum, fen) => sum + fen, 0n);
          const parts = split(amountFen);
          expect(parts === null).toBe(before < amountFen);
          for (const part of parts ?? []) {
            expect(part.amountFen > 0n).toBe(true);
            left.set(part.sourceId, (left.get(part.sourceId) ?? 0n) - part.amountFen);
          }
          const fen = [...left.values()];
          expect(fen.every((one) => one >= 0n)).toBe(true);
          const touched = new Set(parts?.map((part) => part.sourceId));
          const lastTouched = rooms.findLastIndex((room) => touched.has(room.id));
          if (parts !== null) expect(fen.slice(0, lastTouched).every((one) => one === 0n)).toBe(true);
        }
      }),
      { seed: 7 },
    );
  });

  it('gives the odd 分 to the largest remainder, the first of equals', () => {
    const three = splitter([3333, 3333, 3334].map((shareBp, i) => ({ id: `s${i}`, shareBp, openFen: 1_000n })));
    expect(three(100n)?.map((part) => part.amountFen)).toEqual([33n, 33n, 34n]);
    const half = splitter([5000, 5000].map((shareBp, i) => ({ id: `s${i}`, shareBp, openFen: 1_000n })));
    expect(half(1n)).toEqual([{ sourceId: 's0', amountFen: 1n }]);
  });

  it('refuses shares that make no whole', () => {
    for (const bps of [[6000], [6000, 3999], [6000, null]])
      expect(() => splitter(bps.map((shareBp, i) => ({ id: `s${i}`, shareBp, openFen: 1n })))).toThrow('state.funding-share');
  });
});

describe('one payment from several sources', () => {
  it('by order: the line over the edge is paid from both, comes back to both, and is paid by both again', async () => {
    await withoutFirst(2);
    const first = await fund(database, 'a', 'agent-csv', { document: '中央', amountFen: 15_000n });
    await second({ document: '县级', amountFen: 10_000n, rank: 1 });
    const batch = await sealOf(database, first);
    expect(await standings()).toMatchObject({ 中央: [0n, 15_000n, 0n], 县级: [5_000n, 5_000n, 0n] });
    await sendOut(database, batch);
    const [one = '', two = ''] = await referencesOf(database, batch.id);
    await bankSays(database, [word(one, 'paid'), word(two, 'paid')], 'paid');
    expect(await standings()).toMatchObject({ 中央: [0n, 0n, 15_000n], 县级: [5_000n, 0n, 5_000n] });
    await bankSays(database, [word(two, 'returned', { code: 'AC06' })], 'back');
    expect(await standings()).toMatchObject({ 中央: [5_000n, 0n, 10_000n], 县级: [10_000n, 0n, 0n] });
    const [returned] = await database.sql<{ id: string }[]>`select id from disbursement where state = 'returned'`;
    await transaction(database.db, (tx) =>
      correctReturned(tx, {
        disbursementId: returned?.id ?? '',
        reason: '已解冻',
        actor: actor('clerk'),
        by: 'finance',
        scope: everything,
        now: steps().now,
      }),
    );
    const again = await sealOf(database, first);
    expect([again.lines, again.totalFen]).toEqual([1, 10_000n]);
    expect(await standings()).toMatchObject({ 中央: [0n, 5_000n, 10_000n], 县级: [5_000n, 5_000n, 0n] });
  });

  it('by share, and a batch sent back gives everything back', async () => {
    await withoutFirst(3);
    const first = await fund(database, 'a', 'agent-csv', { document: '中央', shareBp: 6_667, amountFen: 1_000_000n });
    await expect(sealOf(database, first)).rejects.toThrow('state.funding-share');
    await second({ document: '县级', shareBp: 3_333, amountFen: 1_000_000n });
    const batch = await sealOf(database, first);
    expect(await standings()).toMatchObject({ 中央: [979_999n, 20_001n, 0n], 县级: [990_001n, 9_999n, 0n] });
    await returnBatch(database.db, { ...signing(batch, 'checker'), reason: '重封' });
    expect(await standings()).toMatchObject({ 中央: [1_000_000n, 0n, 0n], 县级: [1_000_000n, 0n, 0n] });
  });

  it('leaves out, with the reason, what the sources cannot pay', async () => {
    await withoutFirst(3);
    const source = await second({ amountFen: 25_000n });
    const { batch, excluded } = await sealBatch(database.db, { ...steps(), sourceId: source, payOn: payDay, maker: actor('maker') });
    expect([batch?.lines, excluded.map((one) => one.reasons.join(''))]).toEqual([
      2,
      ['资金来源的余额不够付这一笔，待指标追加后继续拨付。'],
    ]);
    await transaction(database.db, (tx) => endFundingSource(tx, source, { ...by, reason: '用完' }));
    await expect(sealOf(database, source)).rejects.toThrow('state.funding-ended');
  });

  it('never gives more than it has, with eight who seal at once', async () => {
    await withoutFirst(24);
    const source = await second({ amountFen: 105_000n });
    const sealing = () => sealBatch(database.db, { ...steps(), sourceId: source, payOn: payDay, maker: actor('maker'), limit: 4 });
    const reports = await Promise.all(Array.from({ length: 8 }, sealing));
    const lines = reports.reduce((sum, { batch }) => sum + (batch?.lines ?? 0), 0);
    // Whoever a sealer passed over because another held them is sealed after.
    for (let more = await sealing(); more.batch !== null; more = await sealing());
    expect(lines).toBeLessThanOrEqual(10);
    expect(await standings()).toMatchObject({ '省财社〔2026〕7号': [5_000n, 100_000n, 0n] });
    // The floor stands even where nobody asks what is left.
    await expect(database.sql`update balance set amount_fen = amount_fen - 5001 where account = ${`fund:${source}:open`}`).rejects.toThrow(
      'balance_floor',
    );
  });
});

describe('the payment calendar', () => {
  const add = (entry: Partial<Parameters<typeof addCalendarEntry>[1]>) =>
    transaction(database.db, (tx) =>
      addCalendarEntry(tx, { kind: 'pay', itemId: null, periodKey: null, fromDay: payDay, toDay: payDay, reason: null, ...entry }, by),
    );

  it('lets an item be paid on its days only, the closest entry first', async () => {
    const source = await ready(database, { A: person('甲', 1) });
    await add({ fromDay: day('2026-11-21'), toDay: day('2026-11-21') });
    await expect(sealOf(database, source)).rejects.toThrow('state.pay-day');
    await add({ itemId: 'a' });
    expect((await sealOf(database, source)).lines).toBe(1);
  });

  it('stops sealing and releasing on frozen days', async () => {
    const source = await ready(database, { A: person('甲', 1), B: person('乙', 2) });
    const batch = await sealOf(database, source, { limit: 1 });
    await approveBatch(database.db, signing(batch, 'checker'));
    await expect(add({ kind: 'freeze', toDay: day('2026-11-30') })).rejects.toThrow('input.reason');
    const id = await add({ kind: 'freeze', fromDay: steps().today, toDay: steps().today, reason: '系统切换' });
    await expect(sealOf(database, source)).rejects.toThrow('state.frozen');
    await expect(prepareRelease(database.db, { ...steps(), batchId: batch.id })).rejects.toThrow('系统切换');
    await transaction(database.db, (tx) => endCalendarEntry(tx, id, { ...by, reason: '提前完成' }));
    await prepareRelease(database.db, { ...steps(), batchId: batch.id });
    await add({ kind: 'freeze', fromDay: payDay, toDay: payDay, reason: '年终关账' });
    await expect(sealOf(database, source)).rejects.toThrow('停办期内');
  });
});

describe('a freeze', () => {
  const now = steps().now;
  const hours = (n: number) => new Date(now.getTime() + n * 3_600_000);
  const who = (actor: string, at = now) => ({ actor, role: 'finance-head', at });
  const propose = (over: Partial<Parameters<typeof proposeFreeze>[1]> = {}) =>
    proposeFreeze(database.db, { acts: ['seal', 'release'], fromAt: hours(-1), toAt: hours(48), reason: '年终封账', ...over }, who('one'));

  it('stands still from two people’s word on until its end: neither sealed nor released, nor is a file made', async () => {
    const source = await ready(database, { A: person('甲', 1), B: person('乙', 2) });
    const batch = await sealOf(database, source, { limit: 1 });
    // What lies at a desk longer than its step may take is told, by step.
    const lying = async (days: number, scope = everything) =>
      (await lyingOn(database.db, { scope, today: addDays(steps().today, days) })).map((one) => [one.kind, one.count, one.days]);
    expect([await lying(3), await lying(4), await lying(11)]).toEqual([
      [],
      [['check', 1, 4]],
      [
        ['check', 1, 11],
        ['seal', 1, 11],
      ],
    ]);
    expect(await lying(11, { ...everything, divisions: [] })).toEqual([]);
    await approveBatch(database.db, signing(batch, 'checker'));
    expect((await lying(4)).map(([kind]) => kind)).toEqual(['issue']);
    const id = await propose();
    await prepareRelease(database.db, { ...steps(), batchId: batch.id });
    await expect(confirmFreeze(database.db, id, who('one'))).rejects.toThrow('state.same-person');
    await confirmFreeze(database.db, id, who('two'));
    await expect(confirmFreeze(database.db, id, who('three'))).rejects.toThrow('conflict.freeze');
    await expect(sealOf(database, source)).rejects.toThrow('停办封批：年终封账');
    await expect(prepareRelease(database.db, { ...steps(), batchId: batch.id })).rejects.toThrow('state.frozen');
    const asked = (act: 'seal' | 'publish', at: Date) => transaction(database.db, (tx) => mustNotBeFrozen(tx, act, at));
    await asked('publish', now);
    await asked('seal', hours(48));
    await asked('seal', hours(-2));
    await expect(asked('seal', hours(47))).rejects.toThrow('state.frozen');
    await expect(endFreeze(database.db, id, '提前办完', who('one'))).rejects.toThrow('state.same-person');
    await endFreeze(database.db, id, '提前办完', who('two'));
    await expect(endFreeze(database.db, id, '提前办完', who('two'))).rejects.toThrow('conflict.freeze');
    expect((await sealOf(database, source)).lines).toBe(1);
    const trail = await database.sql<{ action: string }[]>`select action from audit_entry where object_id = ${id} order by id`;
    expect(trail.map((one) => one.action)).toEqual(['freeze.propose', 'freeze.confirm', 'freeze.lift']);
  });

  it('is refused where it says nothing, is over or never ends, and is withdrawn by whoever asked', async () => {
    await expect(propose({ acts: [] })).rejects.toThrow('input.freeze');
    await expect(propose({ toAt: hours(-1) })).rejects.toThrow('input.freeze');
    await expect(propose({ fromAt: hours(-9), toAt: hours(-1) })).rejects.toThrow('input.freeze');
    await expect(propose({ toAt: hours(24 * 101) })).rejects.toThrow('input.freeze');
    await expect(propose({ reason: ' ' })).rejects.toThrow('input.reason');
    const id = await propose();
    await endFreeze(database.db, id, '写错了', who('one'));
    await expect(confirmFreeze(database.db, id, who('two'))).rejects.toThrow('conflict.freeze');
    expect((await listFreezes(database.db, 1)).map((one) => one.endReason !== null)).toEqual([true]);
  });

  it('comes into force when no act is under way: one that has begun comes to its end first', async () => {
    const id = await propose();
    const order: string[] = [];
    const inside = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const act = transaction(database.db, async (tx) => {
      await mustNotBeFrozen(tx, 'seal', now);
      inside.resolve();
      await go.promise;
      order.push('act');
    });
    await inside.promise;
    const confirmed = confirmFreeze(database.db, id, who('two')).then(() => order.push('freeze'));
    // It stands at the lock before the act is let go on.
    for (let waiting = 0; waiting === 0; )
      waiting = (
        await database.sql`select from pg_locks l join pg_database d on d.oid = l.database
        where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`
      ).length;
    go.resolve();
    await Promise.all([act, confirmed]);
    expect(order).toEqual(['act', 'freeze']);
    await endFreeze(database.db, id, '试过了', who('two'));
  });
});

const bytesOf = async (file: { open(): AsyncIterable<Uint8Array> }): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of file.open()) pieces.push(piece);
  return Buffer.concat(pieces);
};

describe('the manifest', () => {
  it('says what the file is worth, who stands for it and from which sources; a file it does not fit stays here', async () => {
    await withoutFirst(3);
    const first = await fund(database, 'a', 'agent-csv', { document: '中央', amountFen: 15_000n });
    await second({ document: '县级', amountFen: 50_000n, rank: 1 });
    const batch = await sealOf(database, first);
    await sendOut(database, batch);
    const get = () => releasedFile(database.db, { batchId: batch.id, person: actor('issuer'), now: steps().now });
    const [one, two] = await Promise.all([get(), get()]);
    expect(one.manifest).toMatchObject({ content: batch.hash, lines: 3, totalFen: '30000', sha256: one.sha256 });
    expect(one.manifest.signatures.map((s) => [s.role, s.person]).sort()).toEqual([
      ['checker', 'checker'],
      ['issuer', 'issuer'],
      ['maker', 'maker'],
    ]);
    expect(one.manifest.sources.map((part) => part.amountFen).sort()).toEqual(['15000', '15000']);
    expect([isOurs(database.db, one.manifest), isOurs(database.db, { ...one.manifest, totalFen: '30001' })]).toEqual([true, false]);
    expect(await bytesOf(one)).toEqual(await bytesOf(two));
    expect(await database.sql`select 1 from audit_entry where action = 'batch.file'`).toHaveLength(2);
    const owner = connect(database.ownerUrl, { max: 1, statementTimeoutMs: 10_000 });
    await owner`update payment_file set manifest = jsonb_set(manifest, '{totalFen}', '"30001"') where direction = 'out'`;
    await expect(get()).rejects.toThrow('state.tampered');
    await owner`update payment_file set manifest = jsonb_set(manifest, '{totalFen}', '"30000"') where direction = 'out'`;
    await get();
    await owner`update batch_signature set file_sha256 = repeat('0', 64) where role = 'issuer'`;
    await expect(get()).rejects.toThrow('state.tampered');
    await owner`update batch_signature set file_sha256 = ${one.sha256} where role = 'issuer'`;
    await owner.end();
  });
});
