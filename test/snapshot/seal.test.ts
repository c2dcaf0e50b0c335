// Sealing against a real database: the same data is the same snapshot, whoever sealed it and wherever; one moment is sealed; each segment proves itself.
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { Stopped } from '../../src/job/run.ts';
import { openSnapshot } from '../../src/snapshot/open.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { merklePath, provesSegment, recordColumn } from '../../src/snapshot/snapshot.ts';
import { latestSnapshot, readSegments, writeSegments } from '../../src/snapshot/store.ts';
import { createDatabase, dropDatabase, testDatabase } from '../database.ts';
import { throwAt } from '../failpoint.ts';
import { at, empty, tell } from '../match/ground.ts';
import { openTestDatabase } from '../open.ts';
import { world } from './world.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const people = {
  ann: { age: '81', kind: '甲' },
  bob: { age: '40.5', children: [{ id: 'x', months: '3' }] },
  cid: { regionThen: { spans: [{ v: '11', from: '2020-01-01' }] } },
};
const options = { catalogue: world, knownAt: day('2026-01-20'), at, actor: 'test' };
const count = async (table: string): Promise<number> =>
  ((await database.sql`select count(*)::int as n from ${database.sql(table)}`)[0] as { n: number }).n;

describe('sealing', () => {
  it('finds the same snapshot for the same data, and another for another day or datum', async () => {
    await tell(database, people);
    const first = await seal(database.db, options);
    expect(first).toMatchObject({ already: false, counts: { citizen: 3 } });
    expect(await seal(database.db, options)).toEqual({ ...first, already: true });
    const segments = await count('segment');
    const later = await seal(database.db, { ...options, knownAt: day('2026-01-21') });
    expect(later.snapshotId).not.toBe(first.snapshotId);
    // Nothing in the data depends on that one day: the segments are shared.
    expect(await count('segment')).toBe(segments);
    await tell(database, { ann: { age: '82', kind: '甲' } });
    const changed = await seal(database.db, options);
    expect(changed.snapshotId).not.toBe(first.snapshotId);
    expect(await count('segment')).toBe(segments + 2);
    expect(await count('snapshot')).toBe(3);
    expect((await latestSnapshot(database.db))?.id).toBe(changed.snapshotId);
    const audited =
      await database.sql`select count(*)::int as n from audit_entry where action = 'snapshot.seal' and object_id in (select id from snapshot)`;
    expect(audited[0]?.n).toBe(3);
  });

  it('is the same on threads, each with blocks of its own', async () => {
    await tell(database, people);
    // Three blocks, one of them without anybody.
    await database.sql`update record set ordinal = ordinal + 131072 where key in ('bob', 'cid')`;
    const threads = await seal(database.db, { ...options, threads: 2 });
    expect(threads).toMatchObject({ counts: { citizen: 3 }, sealed: 3, already: false });
    expect(await seal(database.db, { ...options, delta: null, threads: 1 })).toEqual({ ...threads, already: true });
  }, 60_000);

  it('stops when it is asked to, wherever it is, with nothing sealed; begun again it is what it would have been', async () => {
    await tell(database, people);
    await database.sql`update record set ordinal = ordinal + 131072 where key in ('bob', 'cid')`;
    const audited = async (): Promise<number> => (await database.sql`select from audit_entry where action = 'snapshot.seal'`).length;
    const before = await audited();
    for (const threads of [1, 2])
      for (const after of [0, 1]) {
        const stop = new AbortController();
        let told = 0;
        const far = () => {
          if (told++ === after) stop.abort(new Stopped());
        };
        await expect(seal(database.db, { ...options, threads, signal: stop.signal, far })).rejects.toThrow(Stopped);
        expect([await count('snapshot'), await count('snapshot_segment'), await audited()]).toEqual([0, 0, before]);
      }
    await database.sql`update record set ordinal = ordinal - 131072 where ordinal >= 131072`;
    const shares: number[] = [];
    expect(await seal(database.db, { ...options, far: (share) => shares.push(share) })).toMatchObject({ sealed: 3, already: false });
    expect([shares.at(-1), shares.toSorted((a, b) => a - b)]).toEqual([1, shares]);
  }, 60_000);

  it('gives one id to one content, whatever the surrogate ids', async () => {
    await tell(database, people);
    const here = await seal(database.db, options);
    const url = await createDatabase();
    const other = await openTestDatabase({ ownerUrl: url });
    try {
      await tell(other, people);
      for (const { old } of await other.sql<{ old: string }[]>`select subject_id as old from record`) {
        const fresh = randomUUID();
        await other.sql`update record set subject_id = ${fresh} where subject_id = ${old}`;
        await other.sql`update record_part set subject_id = ${fresh} where subject_id = ${old}`;
      }
      expect((await seal(other.db, options)).snapshotId).toBe(here.snapshotId);
    } finally {
      await other.close();
      await dropDatabase(url);
    }
  });

  it('leaves nothing to be seen when it dies half-way', async () => {
    await tell(database, people);
    for (const name of ['seal.before-read', 'seal.after-block', 'seal.before-snapshot', 'seal.before-commit']) {
      await expect(seal(database.db, { ...options, failpoint: throwAt(name) })).rejects.toThrow(name);
      expect(await latestSnapshot(database.db)).toBeNull();
      expect(await count('snapshot_segment')).toBe(0);
    }
    expect((await seal(database.db, options)).already).toBe(false);
  });

  it('may be done by several at once', async () => {
    await tell(database, people);
    const reports = await Promise.all([1, 2, 3].map(async () => await seal(database.db, options)));
    expect(new Set(reports.map((r) => r.snapshotId)).size).toBe(1);
    expect(reports.filter((r) => !r.already)).toHaveLength(1);
  });

  it('seals one moment, though the data changes meanwhile', async () => {
    await tell(database, people);
    const before = await seal(database.db, options);
    const again = await seal(database.db, {
      ...options,
      failpoint: async (name) => (name === 'seal.after-block' ? await tell(database, { dan: { age: '1' } }) : undefined),
    });
    expect(again).toEqual({ ...before, already: true });
    expect((await seal(database.db, options)).counts).toEqual({ citizen: 4 });
  });

  it('gives back the records it sealed', async () => {
    await tell(database, people);
    const { snapshotId } = await seal(database.db, options);
    const snapshot = await openSnapshot(database.db, snapshotId);
    const block = await snapshot?.load(database.db, 'citizen', 0, ['age'], { cachedBytes: 0 });
    const lazily = await snapshot?.load(database.db, 'citizen', 0, []);
    expect(() => lazily?.record(0)).toThrow('records were not loaded');
    await lazily?.readyRecords([0]);
    expect(lazily?.record(0)).toEqual(block?.record(0));
    expect(block?.record(0)).toMatchObject({ key: 'ann', facts: { age: { cells: [{ v: '81', dataset: 'base', asOf: '2026-01-10' }] } } });
    expect(() => block?.column('kind')).toThrow('column kind was not loaded');
    expect(await openSnapshot(database.db, 'no such')).toBeNull();
  });

  it('reads large segments in pieces and small ones together, each as it was written', async () => {
    // Two that take several pieces, and more small ones than one piece holds.
    const lengths = [9_000_000, 8_000_000, 1_500_000, 1_500_000, 1_500_000, 10];
    const segments = lengths.map((length, i) => {
      const bytes = randomBytes(length);
      return { column: recordColumn, hash: `${i}`.padStart(64, '0'), bytes: new Uint8Array(bytes) };
    });
    await writeSegments(database.db, segments);
    const read = await readSegments(database.db, segments);
    expect(read.size).toBe(lengths.length);
    for (const { hash, bytes } of segments) expect(Buffer.compare(read.get(hash) as Uint8Array, bytes)).toBe(0);
  });

  it('proves each segment by its path to the root', async () => {
    await tell(database, people);
    const { snapshotId } = await seal(database.db, options);
    const opened = await openSnapshot(database.db, snapshotId);
    if (opened === null) throw new Error('no snapshot');
    const { leaves, snapshot } = opened;
    expect(leaves.length).toBeGreaterThan(4);
    for (const leaf of leaves) {
      const path = merklePath(leaves, leaf) ?? [];
      expect(provesSegment(leaf, path, snapshot)).toBe(true);
      expect(provesSegment({ ...leaf, hash: leaf.hash.replace(/^./, (c) => (c === '0' ? '1' : '0')) }, path, snapshot)).toBe(false);
      expect(provesSegment({ ...leaf, block: 1 }, path, snapshot)).toBe(false);
    }
    expect(merklePath(leaves, { register: 'citizen', block: 9, column: 'age' })).toBeNull();
  });
});
