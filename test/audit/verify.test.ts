// The auditor's check: every way of tampering, in the database and in the exported file, is found and its place named; a control without any passes.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { anchorFile, fileAnchor } from '../../src/audit/anchor.ts';
import { auditAll } from '../../src/audit/audit.ts';
import { auditHead, chainAudit } from '../../src/audit/chain.ts';
import { mailHead } from '../../src/audit/mail-head.ts';
import { trailLines } from '../../src/audit/trail.ts';
import { readAnchors, type TrailCheck, verifyTrail } from '../../src/audit/verify.ts';
import { writeLines } from '../../src/command/out-file.ts';
import { connect, openDatabase, transaction } from '../../src/db/handle.ts';
import { surelyCommitted } from '../committed.ts';
import { createDatabase, dropDatabase, testDatabase } from '../database.ts';

const at = new Date('2026-03-01T08:00:00.123Z');
const change = (objectId: string) => ({
  actor: 'officer-1',
  role: 'officer',
  action: 'batch.approve',
  objectKind: 'batch',
  objectId,
  after: { 金额: 12_00n, 附: [1, null, { b: 0.1, a: '"\n\\' }] },
  reason: '依据',
  at,
});

const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-trail-'));
const anchorPath = anchorFile(directory);
const database = testDatabase();
let lines: readonly string[] = [];

/** Sixteen entries, anchored at 8 and at 16, two more chained since, one that waits. */
const write = async (target: typeof database): Promise<void> => {
  const some = (from: number, to: number) =>
    transaction(target.db, (tx) =>
      auditAll(
        tx,
        Array.from({ length: to - from }, (_, n) => change(`o${from + n + 1}`)),
      ),
    );
  const chain = async (anchored: boolean) => {
    await surelyCommitted(target.sql);
    await chainAudit(target.db, at, anchored ? fileAnchor(directory) : null);
  };
  await some(0, 8);
  await chain(true);
  await some(8, 16);
  await chain(true);
  await some(16, 18);
  await chain(false);
  await some(18, 19);
};

const collect = async (source: AsyncIterable<string>): Promise<string[]> => {
  const all: string[] = [];
  for await (const one of source) all.push(one);
  return all;
};
async function* from(all: readonly string[]): AsyncGenerator<string> {
  yield* all;
}
const anchors = () => readAnchors([readFileSync(anchorPath, 'utf8')]);
const check = (all: readonly string[]): Promise<TrailCheck> => verifyTrail(from(all), anchors());
const found = async (all: readonly string[]) => (await check(all)).faults.map(({ kind, position }) => `${kind} ${position}`);

beforeAll(async () => {
  await write(database);
  lines = await collect(trailLines(database.db, at));
});

/** Line of link `n`: after the head line. */
const edit = (n: number, change: (line: Record<string, unknown>) => Record<string, unknown>): string[] =>
  lines.map((text, i) => (i === n ? JSON.stringify(change(JSON.parse(text))) : text));

describe('the control', () => {
  test('passes, and says how far nothing can have been changed', async () => {
    expect(await check(lines)).toMatchObject({ links: '18', unchained: 1, anchors: 2, anchoredTo: '16', faultCount: 0 });
    expect(lines).toHaveLength(1 + 18 + 1 + 1);
  });

  test('passes on Node alone: one file, nothing but node: imports, at most 300 lines', async () => {
    const source = readFileSync('src/audit/verify.ts', 'utf8');
    expect([...source.matchAll(/from '([^']+)'/g)].map((m) => m[1]).every((name) => name?.startsWith('node:'))).toBe(true);
    expect(source.split('\n').length).toBeLessThanOrEqual(300);
    const alone = path.join(mkdtempSync(path.join(tmpdir(), 'zhixiang-alone-')), 'verify.ts');
    writeFileSync(alone, source);
    const trail = path.join(directory, 'trail.jsonl');
    await writeLines(trail, from(lines));
    expect(execFileSync(process.execPath, [alone, trail, '--anchor', anchorPath], { encoding: 'utf8' })).toContain('完好');
    const bad = path.join(directory, 'bad.jsonl');
    await writeLines(bad, from(edit(5, (line) => ({ ...line, actor: 'somebody' }))));
    const refused = spawnSync(process.execPath, [alone, bad, '--anchor', anchorPath], { encoding: 'utf8' });
    expect(refused.status).toBe(1);
    expect(refused.stdout).toContain('第 5 环');
    expect(refused.stdout).toContain('batch/o5');
  });

  test('takes the head from a mail and from a manifest as an anchor', async () => {
    const sent: { text: string; to: string }[] = [];
    const channel = {
      send: async (message: { text: string; to: string }) => {
        sent.push(message);
        return { kind: 'sent' };
      },
    };
    await mailHead(database.db, channel, { to: 'audit@example.gov.cn', now: at });
    const manifest = JSON.stringify({ batch: 'PB1', auditHead: await auditHead(database.db) }, null, 2);
    for (const text of [sent[0]?.text ?? '', manifest])
      expect(await verifyTrail(from(lines), readAnchors([text]))).toMatchObject({ anchors: 1, anchoredTo: '18', faultCount: 0 });
    await expect(
      mailHead(database.db, { send: async () => ({ kind: 'refused', why: '满了' }) }, { to: 'a@example.cn', now: at }),
    ).rejects.toThrow('满了');
  });
});

describe('in an exported file', () => {
  test.each([
    ['an edited entry', () => edit(5, (line) => ({ ...line, reason: '别的' })), ['edited 5']],
    ['an edited amount', () => edit(5, (line) => ({ ...line, detail: { after: { 金额: '9900' } } })), ['edited 5']],
    ['an edit with its own hash made anew', () => edit(5, (line) => ({ ...line, entryHash: 'a'.repeat(64), detail: {} })), ['edited 5']],
    ['a bent link', () => edit(5, (line) => ({ ...line, hash: 'b'.repeat(64) })), ['relinked 5', 'relinked 6']],
    ['a deleted line', () => lines.filter((_, i) => i !== 5), ['deleted 5']],
    ['two deleted lines', () => lines.filter((_, i) => i !== 5 && i !== 6), ['deleted 5']],
    ['an inserted copy', () => lines.toSpliced(6, 0, lines[5] as string), ['inserted 5']],
    ['lines in another order', () => lines.toSpliced(5, 2, lines[6] as string, lines[5] as string), ['moved 5']],
    ['a torn line', () => lines.with(5, (lines[5] as string).slice(0, 40)), ['deleted 5', 'unreadable ']],
    ['a file that breaks off', () => lines.slice(0, 14), ['cut-off 13', 'cut-off 13']],
    ['an edit of what waits for the chain', () => edit(19, (line) => ({ ...line, actor: 'x' })), ['edited ']],
    ['a line behind the end', () => [...lines, lines[5] as string], ['inserted ']],
  ])('%s is found and named', async (_, tampered, expected) => {
    const faults = await found(tampered());
    expect(faults.slice(0, expected.length)).toEqual(expected);
  });

  test('a cut tail with a forged ending contradicts the last anchor; behind it nothing can be known', async () => {
    const cut = (to: number) => {
      const last = JSON.parse(lines[to] as string) as { position: string; hash: string };
      return [...lines.slice(0, to + 1), JSON.stringify({ end: true, links: last.position, head: last.hash })];
    };
    expect(await found(cut(15))).toEqual(['cut-off 15']);
    expect((await check(cut(15))).faults[0]?.message).toContain('库外记到第 16 环');
    expect(await found(cut(16))).toEqual([]);
  });

  test('an anchor that was changed as well contradicts the other copies', async () => {
    const own = readFileSync(anchorPath, 'utf8');
    const other = own.replace(/"hash":"\w{4}/, '"hash":"0000');
    expect((await verifyTrail(from(lines), readAnchors([own, other]))).faults[0]?.message).toContain('自相矛盾');
  });

  test('whatever single byte of a link changes, it is found', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 16 }), fc.nat(), fc.integer({ min: 1, max: 94 }), async (n, where, by) => {
        const line = lines[n] as string;
        const place = where % line.length;
        const code = line.charCodeAt(place);
        if (code < 33 || code > 126) return;
        const other = String.fromCharCode(33 + ((code - 33 + by) % 94));
        const tampered = line.slice(0, place) + other + line.slice(place + 1);
        if (sameContent(tampered, line)) return;
        expect((await check(lines.with(n, tampered))).faultCount).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});

/** An escape may be written another way and still say the same. */
const sameContent = (a: string, b: string): boolean => {
  try {
    return JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  } catch {
    return false;
  }
};

describe('in the database, by its owner', () => {
  test.each([
    ['an edited entry', `update audit_entry set actor = 'somebody' where object_id = 'o5'`, 'edited 5'],
    ['an edit with its hash', `update audit_entry set hash = repeat('a', 64), detail = '{}' where object_id = 'o5'`, 'edited 5'],
    [
      'a removed entry',
      `alter table audit_link drop constraint audit_link_entry_id_audit_entry_id_fk; delete from audit_entry where object_id = 'o5'`,
      'missing-entry 5',
    ],
    ['a removed link', `delete from audit_link where position = 5`, 'deleted 5'],
    ['a bent link', `update audit_link set hash = repeat('b', 64) where position = 5`, 'relinked 5'],
    ['entries swapped', `update audit_link set entry_id = case position when 5 then -6 when 6 then -5 end where position in (5, 6)`, ''],
    ['the tail cut off', `delete from audit_link where position > 12`, 'cut-off 12'],
    ['a cut that leaves only what was chained after the last anchor', `delete from audit_link where position > 15`, 'cut-off 15'],
  ])('%s is found and named', async (what, tampering, expected) => {
    const url = await createDatabase();
    const copy = await openDatabase({ ownerUrl: url });
    const owner = connect(url, { max: 1, statementTimeoutMs: 10_000 });
    try {
      await write({ ...copy, ownerUrl: url });
      if (what === 'entries swapped') {
        await owner`alter table audit_link drop constraint audit_link_entry_id_audit_entry_id_fk`;
        await owner.unsafe(tampering);
        await owner`update audit_link set entry_id = -entry_id where entry_id < 0`;
      } else await owner.unsafe(tampering);
      const faults = (await verifyTrail(trailLines(copy.db, at), anchors())).faults.map(({ kind, position }) => `${kind} ${position}`);
      expect(faults[0]).toBe(expected === '' ? 'relinked 5' : expected);
    } finally {
      await Promise.all([copy.close(), owner.end()]);
      await dropDatabase(url);
    }
  });

  const objects = Array.from({ length: 18 }, (_, n) => `o${n + 1}`);
  test.each([
    ['without its fifth entry', objects.filter((one) => one !== 'o5')],
    ['with one entry more', objects.toSpliced(4, 0, 'planted')],
  ])('a chain made anew as a whole, %s, contradicts the anchors', async (_, forged) => {
    const url = await createDatabase();
    const copy = await openDatabase({ ownerUrl: url });
    try {
      await transaction(copy.db, (tx) => auditAll(tx, forged.map(change)));
      await surelyCommitted(copy.sql);
      await chainAudit(copy.db, at, null);
      const { faults } = await verifyTrail(trailLines(copy.db, at), anchors());
      expect(faults[0]).toMatchObject({ kind: 'rewritten', position: '8', message: expect.stringContaining('第 1 环到第 8 环') });
    } finally {
      await copy.close();
      await dropDatabase(url);
    }
  });
});
