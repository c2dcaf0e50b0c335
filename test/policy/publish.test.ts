// Publishing on a real PostgreSQL: two people, green examples, one version per content, an audit row, what is in force on a day.
import { describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { transaction } from '../../src/db/handle.ts';
import { confirmFreeze, endFreeze, proposeFreeze } from '../../src/freeze/freeze.ts';
import { publishItem, retireWithin } from '../../src/policy/publish.ts';
import { itemsInForce, liveItems, publishedItem } from '../../src/policy/store.ts';
import { testDatabase } from '../database.ts';
import { catalogue, itemJson } from './fixture.ts';

const database = testDatabase();
const at = new Date('2026-01-20T02:00:00Z');
const publish = (json: unknown, checker = 'b') => publishItem(database.db, { json, catalogue, maker: 'a', checker, at });
const codes = (r: Awaited<ReturnType<typeof publish>>) => (r.ok ? [] : r.problems.map((p) => p.code));

describe('publishing', () => {
  it('refuses one person, problems and failing examples, all at once', async () => {
    const example = { name: '错', period: '2026-01', facts: {}, expect: { verdict: 'eligible' } };
    expect(codes(await publish(itemJson({ id: 'refused', examples: [example] }), 'a'))).toEqual(['state.same-person', 'rule.example']);
    expect(codes(await publish(itemJson({ id: 'refused', award: {} })))).toEqual(['rule.shape']);
    expect(await liveItems(database.db)).toEqual([]);
  });
  it('numbers versions, keeps one per content, writes an audit row', async () => {
    const first = await publish(itemJson({ id: 'numbered' }));
    expect(first).toMatchObject({ ok: true, version: 1, already: false, blocked: null });
    expect(await publish(itemJson({ id: 'numbered' }))).toMatchObject({ version: 1, already: true });
    expect(await publish(itemJson({ id: 'numbered', title: '改名' }))).toMatchObject({ version: 2, already: false });
    const rows =
      await database.sql`select object_id, detail from audit_entry where action = 'policy.publish' and object_id like 'numbered@%' order by id`;
    expect(rows.map((r) => r.object_id)).toEqual(['numbered@1', 'numbered@2']);
    expect((await publishedItem(database.db, 'numbered', 1))?.item.title).toBe('高龄津贴');
  });
  it('freezes the version before into one that leaves some subjects to it', async () => {
    const old = itemJson({ id: 'frozen', title: '旧办法' });
    const fresh = itemJson({ id: 'frozen', title: '新办法', effective: { from: '2026-01-01', to: null }, transition: 'better' });
    await publish(old);
    expect(await publish(fresh)).toMatchObject({ version: 2, already: false });
    const before = (await publishedItem(database.db, 'frozen', 2))?.item.before;
    expect(before).toMatchObject({ version: 1, item: { title: '旧办法' } });
    expect(await publish(fresh)).toMatchObject({ version: 2, already: true });
    const plain = itemJson({ id: 'frozen', title: '再新', effective: { from: '2026-02-01', to: null } });
    await publish(plain);
    expect((await publishedItem(database.db, 'frozen', 3))?.item.before).toBeUndefined();
    expect(codes(await publish({ ...plain, before }))).toContain('rule.unknown-key');
  });
  it('stands still while rules are frozen; what stands already is said so, and a wrong one may be retired', async () => {
    await publish(itemJson({ id: 'still' }));
    const toAt = new Date(at.getTime() + 86_400_000);
    const by = (actor: string) => ({ actor, role: 'officer', at });
    const id = await proposeFreeze(database.db, { acts: ['publish'], fromAt: at, toAt, reason: '换届移交' }, by('a'));
    await confirmFreeze(database.db, id, by('b'));
    await expect(publish(itemJson({ id: 'still', title: '改名' }))).rejects.toThrow('2026年1月21日 10:00 停办发布政策：换届移交');
    expect(await publish(itemJson({ id: 'still' }))).toMatchObject({ already: true });
    const retiring = { itemId: 'still', version: 1, by: 'c', reason: '写错了', at };
    expect(await transaction(database.db, (tx) => retireWithin(tx, retiring))).toBe(true);
    await endFreeze(database.db, id, '移交完了', by('b'));
    expect(await publish(itemJson({ id: 'still', title: '改名' }))).toMatchObject({ version: 2 });
  });
  it('ends two publishers at once in one version', async () => {
    const both = await Promise.all(Array.from({ length: 4 }, () => publish(itemJson({ id: 'raced' }))));
    expect(both.map((r) => (r.ok ? r.version : null))).toEqual([1, 1, 1, 1]);
    expect(both.filter((r) => r.ok && !r.already)).toHaveLength(1);
  });
  it('says why money is blocked', async () => {
    const json = itemJson({ id: 'blocked', limits: [{ unsupported: { reason: '同一房屋只能享受一次，尚不支持' } }] });
    expect(await publish(json)).toMatchObject({ ok: true, blocked: '同一房屋只能享受一次，尚不支持' });
  });
  it('finds what is in force on a day, the newest of an item, none that is retired', async () => {
    await publish(itemJson({ id: 'dated', effective: { from: '2025-01-01', to: '2025-12-31' } }));
    await publish(itemJson({ id: 'dated', effective: { from: '2026-01-01', to: null } }));
    const version = async (d: string) => (await itemsInForce(database.db, day(d))).find((i) => i.item.id === 'dated')?.version;
    expect([await version('2024-12-31'), await version('2025-12-31'), await version('2026-01-01')]).toEqual([undefined, 1, 2]);
    const retire = () => transaction(database.db, (tx) => retireWithin(tx, retiring));
    const retiring = { itemId: 'dated', version: 2, by: 'c', reason: '新办法', at };
    expect([await retire(), await retire()]).toEqual([true, false]);
    expect(await version('2026-01-01')).toBeUndefined();
    expect((await liveItems(database.db)).filter((i) => i.item.id === 'dated').map((i) => i.version)).toEqual([1]);
  });
});
