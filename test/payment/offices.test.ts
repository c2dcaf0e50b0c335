// Who may sign at all, and whom a large amount needs: refused by the program with a sentence, by the tables without one.
import { beforeEach, describe, expect, it } from 'vitest';
import { rawSql, transaction } from '../../src/db/handle.ts';
import { setBands } from '../../src/payment/bands.ts';
import { type Band, lackingOf, mayCheckNext } from '../../src/payment/payment.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { allRoles, clash, type Role } from '../../src/web/role.ts';
import { testDatabase } from '../database.ts';
import { broken, empty } from '../settlement/ground.ts';
import { actor, payDay, person, ready, steps } from './ground.ts';
import { sealOf, signing } from './way.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const bands: readonly Band[] = [
  { upToFen: 50_000_000n, checkers: 1 },
  { upToFen: 80_000_000n, checkers: 1, roles: ['finance-head'] },
  { upToFen: null, checkers: 2, roles: ['finance-head'] },
];
const sealed = async (yuan: number) => sealOf(database, await ready(database, { A: person('甲', 1) }, { yuan }));
const approve = (batch: { readonly id: string; readonly hash: string }, who: string, office = 'finance-checker') =>
  approveBatch(database.db, { ...signing(batch, who), person: actor(who, office), bands });

describe('by the amount', () => {
  it('one of finance is enough, or its head must be among them, in any order', async () => {
    expect(await approve(await sealed(400_000), 'c1')).toBe(0);
    await empty(database);
    const middle = await sealed(600_000);
    await expect(approve(middle, 'c1')).rejects.toThrow('state.office');
    expect(await approve(middle, 'h1', 'finance-head')).toBe(0);
    for (const [first, second] of [
      ['finance-head', 'finance-checker'],
      ['finance-checker', 'finance-head'],
      ['finance-head', 'finance-head'],
    ] as const) {
      await empty(database);
      const large = await sealed(900_000);
      expect(await approve(large, 'c1', first)).toBe(1);
      expect(await approve(large, 'c2', second)).toBe(0);
      expect(await broken(database)).toEqual([]);
    }
    await empty(database);
    const large = await sealed(900_000);
    expect(await approve(large, 'c1')).toBe(1);
    await expect(approve(large, 'c2')).rejects.toThrow('state.office');
    // Refused whole: the second left no name.
    expect(await database.sql`select person from batch_signature where role = 'checker'`).toEqual([{ person: 'c1' }]);
  });

  it('is asked again at release, by the bands as they stand then', async () => {
    const batch = await sealed(600_000);
    await approveBatch(database.db, signing(batch, 'c1'));
    const { sha256, hash } = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
    const ask = { ...steps(), batchId: batch.id, sha256, hash, person: actor('issuer') };
    await expect(releaseBatch(database.db, { ...ask, bands })).rejects.toThrow('state.quorum');
    await releaseBatch(database.db, ask);
    expect(await database.sql`select checkers_needed as n, offices_needed as offices from batch`).toEqual([{ n: 1, offices: [] }]);
  });

  it('never lacks a place for an office it names', () => {
    for (const band of bands)
      for (let have = 0; have < 4; have++) {
        const signed = Array.from({ length: have }, () => ({ role: 'checker' as const, office: 'finance-checker' as const }));
        const lacking = lackingOf(band, signed);
        expect(lacking.checkers).toBeGreaterThanOrEqual(lacking.offices.length);
        expect(mayCheckNext(lacking, 'finance-head')).toBe(lacking.checkers > 0);
      }
  });

  it('may only grow with the amount', async () => {
    const by = { actor: 'c1', role: 'finance-checker', at: steps().now };
    const set = (...wanted: readonly Band[]) => transaction(database.db, (tx) => setBands(tx, wanted, by));
    await set(...bands);
    const head = { roles: ['finance-head'] } as const;
    await expect(set({ upToFen: 1n, checkers: 1, ...head }, { upToFen: null, checkers: 2 })).rejects.toThrow('input.bands');
    await expect(set({ upToFen: null, checkers: 1, roles: ['finance-head', 'finance-checker'] })).rejects.toThrow('input.bands');
    await expect(set({ upToFen: null, checkers: 2, roles: ['finance-head', 'finance-head'] })).rejects.toThrow('input.bands');
  });
});

describe('the wrong person', () => {
  it('seals, checks, issues nothing', async () => {
    const source = await ready(database, { A: person('甲', 1) });
    for (const office of ['finance-checker', 'finance-issuer', 'reviewer'])
      await expect(sealBatch(database.db, { ...steps(), sourceId: source, payOn: payDay, maker: actor('x', office) })).rejects.toThrow(
        'scope.role',
      );
    const batch = await sealOf(database, source);
    for (const office of ['finance-maker', 'finance-issuer', 'officer'])
      await expect(approve(batch, 'x', office)).rejects.toThrow('scope.role');
    await approve(batch, 'c1');
    const { sha256, hash } = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
    for (const office of ['finance-maker', 'finance-checker', 'finance-head'])
      await expect(releaseBatch(database.db, { ...steps(), batchId: batch.id, sha256, hash, person: actor('x', office) })).rejects.toThrow(
        'scope.role',
      );
  });

  it('is refused by the tables too, and what was done behind our back is found', async () => {
    const batch = await sealed(900_000);
    const sql = rawSql(database.db);
    const put = (office: string, role = 'checker') =>
      sql`insert into batch_signature (batch_id, person, role, office, hash, file_sha256, at)
        values (${batch.id}, ${office}, ${role}, ${office}, ${batch.hash}, ${role === 'issuer' ? batch.hash : null}, now())`;
    for (const office of ['finance-maker', 'finance-issuer', 'reviewer'])
      await expect(put(office)).rejects.toMatchObject({ constraint_name: 'batch_signature_office' });
    await expect(put('finance-head', 'issuer')).rejects.toMatchObject({ constraint_name: 'batch_signature_office' });
    await expect(sql`update batch set state = 'approved' where id = ${batch.id}`).rejects.toMatchObject({
      constraint_name: 'batch_quorum',
    });
    await put('finance-checker');
    await sql`update batch set state = 'approved', checkers_needed = 1, offices_needed = array['finance-head'] where id = ${batch.id}`;
    expect((await broken(database)).length).toBe(1);
    await put('finance-head');
    expect(await broken(database)).toEqual([]);
  });
});

it('what one person may not hold together, the table refuses as the program does', async () => {
  const sql = rawSql(database.db);
  const stored = async (held: readonly Role[]): Promise<boolean> => {
    const work = sql.begin(async (tx) => {
      await tx`insert into staff_scope (user_id, roles, authorities, divisions, items) values ('someone', ${[...held]}, '{}', '{}', '{}')`;
      throw new Error('taken');
    });
    const error = await work.then(String, (thrown: Error) => thrown.message);
    if (error !== 'taken' && !error.includes('staff_scope')) throw new Error(error);
    return error === 'taken';
  };
  const sets = allRoles.flatMap((a) => [
    [a],
    ...allRoles
      .filter((b) => b > a)
      .flatMap((b) => [
        [a, b],
        [a, b, 'officer' as const],
      ]),
  ]) as Role[][];
  for (const held of sets.map((one) => [...new Set(one)])) expect([held, await stored(held)]).toEqual([held, clash(held) === null]);
});
