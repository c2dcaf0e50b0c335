// Audit: entries live and die with their transaction; the chain follows commit order, survives several chainers, and shows every kind of tampering.
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Anchor, anchorFile, fileAnchor } from '../../src/audit/anchor.ts';
import { type AuditChange, audit, auditAll } from '../../src/audit/audit.ts';
import { type ChainReport, chainAudit } from '../../src/audit/chain.ts';
import { trailLines } from '../../src/audit/trail.ts';
import { readAnchors, type TrailCheck, verifyTrail } from '../../src/audit/verify.ts';
import { connect, type Database, type Db, openDatabase, rawSql, type Sql, transaction } from '../../src/db/handle.ts';
import { surelyCommitted } from '../committed.ts';
import { createDatabase, dropDatabase } from '../database.ts';

const at = new Date('2026-03-01T08:00:00.123Z');
const change = (objectId: string, more: Partial<AuditChange> = {}): AuditChange => ({
  actor: 'officer-1',
  role: 'officer',
  action: 'policy.publish',
  objectKind: 'item_version',
  objectId,
  before: undefined,
  after: { 版本: 1, 金额: 12_00n, 日期: at, 列表: [1, null, { b: 1, a: 2 }] },
  at,
  ...more,
});

/** Chains when nothing another test file has open can hold our entries back. */
const chain = async (db: Db, anchor: Anchor, batch?: number): Promise<ChainReport> => {
  await surelyCommitted(rawSql(db));
  return chainAudit(db, at, anchor, batch);
};

interface Anchored extends Anchor {
  /** What the file holds. */
  text(): string;
}

const newAnchor = (): Anchored => {
  const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-anchor-'));
  const file = anchorFile(directory);
  return { ...fileAnchor(directory), text: () => (existsSync(file) ? readFileSync(file, 'utf8') : '') };
};

const verify = (db: Db, anchor: Anchored): Promise<TrailCheck> => verifyTrail(trailLines(db, at), readAnchors([anchor.text()]));
const whole = (links: number) => ({ links: String(links), unchained: 0, anchoredTo: String(links), faultCount: 0, faults: [] });

/** Each test has a database of its own: tampering must not reach the next one. */
const inDatabase = async (work: (database: Database, owner: Sql, anchor: Anchored) => Promise<void>): Promise<void> => {
  const url = await createDatabase();
  const database = await openDatabase({ ownerUrl: url });
  const owner = connect(url, { max: 1, statementTimeoutMs: 10_000 });
  try {
    await work(database, owner, newAnchor());
  } finally {
    await Promise.all([database.close(), owner.end()]);
    await dropDatabase(url);
  }
};

describe('an audit entry', () => {
  test('lives and dies with the transaction of its change', async () => {
    await inDatabase(async ({ db, sql }) => {
      await transaction(db, (tx) => audit(tx, change('kept', { scope: { items: ['a'] }, reason: '依据' })));
      await transaction(db, async (tx) => {
        await audit(tx, change('lost'));
        throw new Error('no');
      }).catch(() => undefined);
      const rows = await sql`select object_id, scope, reason, detail from audit_entry`;
      expect(rows).toEqual([
        {
          object_id: 'kept',
          scope: { items: ['a'] },
          reason: '依据',
          detail: { after: { 版本: 1, 金额: '1200', 日期: at.toISOString(), 列表: [1, null, { b: 1, a: 2 }] } },
        },
      ]);
    });
  });

  test('can be written by the thousand in one statement', async () => {
    await inDatabase(async ({ db, sql }) => {
      await transaction(db, (tx) =>
        auditAll(
          tx,
          Array.from({ length: 5000 }, (_, n) => change(`o${n}`)),
        ),
      );
      const [row] = await sql`select count(*)::int as n, count(scope)::int as scoped from audit_entry`;
      expect(row).toEqual({ n: 5000, scoped: 0 });
    });
  });
});

describe('the chain', () => {
  test('verifies what it chained, anchors once per head, and does nothing twice', async () => {
    await inDatabase(async ({ db }, _, anchor) => {
      await transaction(db, (tx) =>
        auditAll(
          tx,
          Array.from({ length: 25 }, (_, n) => change(`o${n}`, n % 2 === 0 ? { scope: { 区划: '530128' } } : {})),
        ),
      );
      expect(await chain(db, anchor, 10)).toMatchObject({ chained: 25, head: { position: 25n } });
      expect(await chainAudit(db, at, anchor, 10)).toMatchObject({ chained: 0, head: { position: 25n } });
      expect(anchor.text().trim().split('\n')).toHaveLength(1);
      expect(await verify(db, anchor)).toMatchObject(whole(25));
    });
  });

  test('waits for a transaction that began earlier, and never passes over its entries', async () => {
    await inDatabase(async ({ db, sql }, _, anchor) => {
      let finish = (): void => undefined;
      const gate = new Promise<void>((resolve) => {
        finish = resolve;
      });
      let begun = (): void => undefined;
      const started = new Promise<void>((resolve) => {
        begun = resolve;
      });
      const slow = transaction(db, async (tx) => {
        await audit(tx, change('early'));
        begun();
        await gate;
      });
      await started;
      await transaction(db, (tx) => audit(tx, change('late')));
      expect((await chainAudit(db, at, anchor)).chained).toBe(0);
      finish();
      await slow;
      expect((await chain(db, anchor)).chained).toBe(2);
      const order = await sql`select e.object_id from audit_link l join audit_entry e on e.id = l.entry_id order by l.position`;
      expect(order.map((row) => row.object_id)).toEqual(['early', 'late']);
    });
  });

  test('stays whole with writers and several chainers at once', async () => {
    await inDatabase(async ({ db }, _, anchor) => {
      const writers = Array.from({ length: 40 }, (_, n) =>
        transaction(db, async (tx) => {
          await audit(tx, change(`w${n}`));
          await rawSql(tx)`select pg_sleep(${(n % 7) / 200})`;
          if (n % 5 === 0) throw new Error('rolled back');
        }).catch(() => undefined),
      );
      const chainers = Array.from({ length: 3 }, async () => {
        for (let round = 0; round < 10; round++) await chainAudit(db, at, anchor, 3);
      });
      await Promise.all([...writers, ...chainers]);
      await chain(db, anchor);
      expect(await verify(db, anchor)).toMatchObject(whole(32));
    });
  });

  test('goes on after a restore into another server, whose transaction ids are smaller or greater', async () => {
    await inDatabase(async ({ db }, owner, anchor) => {
      await transaction(db, (tx) => audit(tx, change('old chained')));
      await chain(db, anchor);
      await transaction(db, (tx) => audit(tx, change('old unchained')));
      await owner`update audit_entry set txid = (txid::text::bigint + 1000000)::text::xid8`;
      await transaction(db, (tx) => audit(tx, change('new')));
      expect((await chain(db, anchor)).chained).toBe(2);
      await transaction(db, (tx) => audit(tx, change('newer')));
      expect((await chain(db, anchor)).chained).toBe(1);
      expect(await verify(db, anchor)).toMatchObject(whole(4));
    });
  });
});
