// The last month of somebody who has died: never to the dead person's account, but to whom two people have named; nobody writes to the dead. And stops that
// race with sealing. On a real PostgreSQL.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { aliveAfterAll, confirmHeir, dropHeir, type HeirAsk, nameHeir } from '../../src/disbursement/heir.ts';
import { listHeirs } from '../../src/disbursement/heir-store.ts';
import { orderStop } from '../../src/disbursement/stop.ts';
import { listStops } from '../../src/disbursement/stop-store.ts';
import { listNotices } from '../../src/notice/store.ts';
import { tell } from '../../src/notice/tell.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import { testDatabase } from '../database.ts';
import { keepScanRow, scan } from '../disbursement/document.ts';
import { act } from '../disbursement/ground.ts';
import { broken, empty, idOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { actor, catalogue, fund, payDay, paying, person, ready, retell, steps, toReady } from './ground.ts';
import { sealOf, signing } from './way.ts';

/** Races are tried more often in the long tests. */
const rounds = process.env.ZHIXIANG_TEST_LONG === '1' ? 20 : 3;
const database = testDatabase();
beforeEach(async () => {
  await empty(database);
  await keepScanRow(database);
});
afterEach(async () => expect(await broken(database)).toEqual([]));

const doing = <T>(work: Parameters<typeof transaction<T>>[1]) => transaction(database.db, work);
const seal = (sourceId: string) => sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker') });
const october = { period: '2026-10', start: '2026-10-01' } as const;
const tellAll = () =>
  tell(database.db, {
    now: steps().now,
    today,
    read: contactReader(catalogue, today),
    link: linkNames(catalogue),
    label: (fact) => fact,
    mail: true,
    messageDomain: 'test.example',
  });
const notices = async () => (await listNotices(database.db, { scope: everything, limit: 50 })).rows;
const records = async () =>
  await database.sql<{ id: string; state: string; who: string; payee: string | null }[]>`
    select id, state, subject_id as who, payee_name as payee from disbursement where line_id is not null order by period_key, subject_id`;
const recordOf = async (key: string) => {
  const found = (await records()).find((one) => one.who === idOf(key));
  if (found === undefined) throw new Error(key);
  return found;
};
/** A dies within October, B lives on; both are sealed for, A waits. */
const died = async (on = '2026-10-20') => {
  const source = await ready(database, { A: person('甲', 1, { email: 'dead@example.org' }), B: person('乙', 2) }, october);
  await retell(database, idOf('A'), { deathDate: on });
  return { source, sealed: await seal(source) };
};
const heirOf = async (over: Partial<HeirAsk> & { who?: string } = {}): Promise<HeirAsk> => ({
  ...act((await recordOf('A')).id, { who: over.who ?? 'u1' }),
  relation: 'child',
  name: '甲小',
  number: '11010519491231002X',
  email: 'heir@example.org',
  account: '6222020000099999',
  bank: '云溪农商银行',
  bankCode: '313651027012',
  document: scan,
  reason: '户口本和亲属关系证明',
  ...over,
});
const name = async (over: Parameters<typeof heirOf>[0] = {}) => {
  const ask = await heirOf(over);
  return doing((tx) => nameHeir(tx, ask));
};

describe('what was due to somebody who has died', () => {
  it('waits for an heir whom one person names and another confirms; the next batch pays the heir, and only the heir is told', async () => {
    const { source, sealed } = await died();
    expect(sealed.batch?.lines).toBe(1);
    expect(sealed.excluded.flatMap((one) => one.reasons)).toEqual(['收款人已于2026年10月20日去世，这一期转由继承人或照料人办理。']);
    expect((await recordOf('A')).state).toBe('deceased');
    const id = await name();
    expect((await seal(source)).batch).toBeNull();
    await expect(doing((tx) => confirmHeir(tx, act(id)))).rejects.toThrow('state.same-person');
    await expect(database.sql`update heir set decided_by = 'u1'`).rejects.toThrow('heir_two_people');
    expect(await doing((tx) => confirmHeir(tx, act(id, { who: 'u2' })))).toBe(1);
    expect(await recordOf('A')).toMatchObject({ state: 'ready', payee: '甲小' });
    const { batch } = await seal(source);
    expect(batch).toMatchObject({ lines: 1, totalFen: 10_000n });
    const [line] = await database.sql`select payee_name as name from payment_line where batch_id = ${batch?.id ?? ''}`;
    expect(line).toEqual({ name: '甲小' });
    await approveBatch(database.db, signing(batch as { id: string; hash: string }, 'checker'));
    const prepared = await prepareRelease(database.db, { ...steps(), batchId: batch?.id ?? '' });
    expect(prepared).toMatchObject({ lines: 1, withheld: [] });
    await tellAll();
    const told = await notices();
    expect(told.map((one) => [one.template, one.address])).toEqual([['heir-named', 'heir@example.org']]);
    expect(told[0]?.body).toContain('甲去世前应得的事项a 100.00 元，由您领取，发到尾号 9999 的账户。');
  });

  it('is named once: of two who name different people at the same time one is refused, and what was named wrongly is named anew', async () => {
    for (let round = 0; round < rounds; round++) {
      await empty(database);
      await keepScanRow(database);
      await died();
      const done = await Promise.allSettled([
        name({ who: 'u1', account: '6222020000011111' }),
        name({ who: 'u2', account: '6222020000022222' }),
        name({ who: 'u3', account: '6222020000033333' }),
      ]);
      expect(done.filter((one) => one.status === 'fulfilled').length).toBe(1);
      for (const one of done) if (one.status === 'rejected') expect(String(one.reason)).toContain('conflict.heir');
      const [heir] = (await listHeirs(database.db, { scope: everything, limit: 9 })).rows;
      const id = heir?.id ?? '';
      const others = ['u8', 'u9'].map((who) => doing((tx) => confirmHeir(tx, act(id, { who }))));
      const drop = doing((tx) => dropHeir(tx, { ...act(id, { who: 'u7' }), reason: '家属有争议' }));
      const ends = await Promise.allSettled([...others, drop]);
      // Two never confirm one; who drops it afterwards wins over who confirmed it before.
      expect(ends.slice(0, 2).filter((one) => one.status === 'fulfilled').length).toBeLessThanOrEqual(1);
      expect(ends[2]?.status).toBe('fulfilled');
      const [after] = (await listHeirs(database.db, { scope: everything, limit: 9 })).rows;
      expect(['refused', 'withdrawn']).toContain(after?.state);
      expect(await broken(database)).toEqual([]);
    }
  });

  it('goes back to wait when the heir is withdrawn before it is sealed; nobody names the dead, an unseen document, or a bad account', async () => {
    const { source } = await died();
    await expect(name({ number: '110105194912310021' })).rejects.toThrow('input.value');
    await expect(name({ account: '12ab' })).rejects.toThrow('input.account');
    await expect(name({ document: 'c'.repeat(64) })).rejects.toThrow('input.document');
    await expect(name({ reason: '' })).rejects.toThrow('input.reason');
    const id = await name();
    await doing((tx) => confirmHeir(tx, act(id, { who: 'u2' })));
    await doing((tx) => dropHeir(tx, { ...act(id, { who: 'u3' }), reason: '关系证明有误' }));
    expect((await seal(source)).batch).toBeNull();
    expect((await recordOf('A')).state).toBe('deceased');
    // Another heir: what is confirmed now pays.
    const next = await name({ account: '6222020000088888', name: '甲乙' });
    await doing((tx) => confirmHeir(tx, act(next, { who: 'u2' })));
    expect((await seal(source)).batch?.lines).toBe(1);
  });

  it('goes on as before when the report was wrong, and not while the data still say so', async () => {
    const { source } = await died();
    const alive = async () =>
      doing(async (tx) => aliveAfterAll(tx, { ...act((await recordOf('A')).id, { who: 'u2' }), reason: '本人到场' }));
    await alive();
    expect((await seal(source)).batch).toBeNull();
    expect((await recordOf('A')).state).toBe('deceased');
    await retell(database, idOf('A'), { deathDate: null });
    await alive();
    expect((await seal(source)).batch?.lines).toBe(1);
  });

  it('pays a later due month to the heir who is confirmed already', async () => {
    const { source } = await died('2026-11-05');
    const id = await name();
    await doing((tx) => confirmHeir(tx, act(id, { who: 'u2' })));
    await runWith(database, [{ item: 'a', subject: 'A', period: '2026-11', start: '2026-11-01', end: '2026-11-05', yuan: 100 }]);
    await toReady(database);
    // The first seal finds November still with the dead person's account; it goes on to the heir at once.
    await seal(source);
    expect((await records()).filter((one) => one.who === idOf('A')).map((one) => [one.state, one.payee])).toEqual([
      ['sealed', '甲小'],
      ['ready', '甲小'],
    ]);
  });

  it('of a period after death nothing is due: the machine proposes to stop, a person decides, and is not asked again', async () => {
    const { source, sealed } = await died('2026-09-20');
    expect(sealed.excluded.flatMap((one) => one.reasons)).toEqual(['已于2026年9月20日去世，之后的期别不再发放。']);
    const stops = async () => (await listStops(database.db, { scope: everything, limit: 9 })).rows;
    expect(await stops()).toMatchObject([{ state: 'proposed', kind: 'death', lastOn: '2026-09-20', askedBy: 'step:guard' }]);
    expect((await recordOf('A')).state).toBe('ready');
    await seal(source);
    expect((await stops()).length).toBe(1);
    const { id: _id, ...who } = act('');
    const about = {
      subjectId: idOf('A'),
      itemId: 'a',
      kind: 'death' as const,
      lastOn: day('2026-09-20'),
      reason: '卫健、民政均已登记',
      document: scan,
    };
    await doing((tx) => orderStop(tx, { ...who, ...about }));
    expect(await stops()).toMatchObject([{ state: 'standing', askedBy: 'u1', document: scan }]);
    await toReady(database);
    expect((await recordOf('A')).state).toBe('closed');
    await tellAll();
    // By letter to the village: the dead person's mailbox is nobody's.
    expect((await notices()).map((one) => [one.template, one.channel, one.address])).toEqual([['stopped', 'letter', null]]);
    expect((await notices())[0]?.body).toContain('甲（已故）的事项a从2026年9月21日起停止发放');
  });
});

describe('a stop beside a seal', () => {
  it('whichever comes first, nothing of a later period leaves', { timeout: 120_000 }, async () => {
    for (let round = 0; round < rounds; round++) {
      await empty(database);
      await keepScanRow(database);
      await settlePeople(database, { A: person('甲', 1), B: person('乙', 2) });
      await publish(database, [paying('a')]);
      await runWith(
        database,
        ['A', 'B'].map((subject) => ({ item: 'a', subject, ...october })),
      );
      await toReady(database);
      const source = await fund(database, 'a');
      const { id: _id, ...who } = act('');
      const about = {
        subjectId: idOf('A'),
        itemId: 'a',
        kind: 'moved' as const,
        lastOn: day('2026-09-30'),
        reason: '已迁出',
        document: scan,
      };
      const [, batch] = await Promise.all([doing((tx) => orderStop(tx, { ...who, ...about })), sealOf(database, source)]);
      await approveBatch(database.db, signing(batch, 'checker'));
      const { sha256, hash } = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
      await releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256, hash, person: actor('issuer') });
      const sent = await database.sql`
        select l.subject_id as who from line_event e join payment_line l on l.id = e.line_id where e.kind = 'sent'`;
      expect(sent).toEqual([{ who: idOf('B') }]);
      for (let n = 0; n < 2; n++) await toReady(database);
      expect((await recordOf('A')).state).toBe('closed');
      expect(await broken(database)).toEqual([]);
    }
  });
});
