// A choice between matters that exclude each other, on a real PostgreSQL: told once with what there is, reminded once, made, changed until the money is sealed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { tell } from '../../src/notice/tell.ts';
import type { Limit } from '../../src/policy/item.ts';
import { chooseItem, offersFor, tellChoices } from '../../src/settlement/choice.ts';
import { settle } from '../../src/settlement/settle.ts';
import { createAccount } from '../../src/web/account.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { lifeOf } from '../disbursement/ground.ts';
import { testKeys } from '../keys.ts';
import { fund, paying, person, toReady } from '../payment/ground.ts';
import { sealOf } from '../payment/way.ts';
import { secret, testApp } from '../web/app.ts';
import { at, broken, empty, idOf, linesOf, publish, runWith, settlePeople, stepsOn, today } from './ground.ts';

const database = testDatabase();
const { notices } = lifeOf(database);
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const limits: readonly Limit[] = [{ exclusive: { group: 'g', per: 'period', choose: { days: 9 } } }];
const items = [paying('low', { title: '护理补贴', limits }), paying('high', { title: '高龄津贴', limits })];
const begin = async (): Promise<void> => {
  await settlePeople(database, { A: person('甲', 1, { email: 'a@example.org' }), B: person('乙', 2) });
  await publish(database, items);
  await runWith(database, [
    { item: 'low', subject: 'A', yuan: 50 },
    { item: 'high', subject: 'A', yuan: 80 },
    { item: 'low', subject: 'B', yuan: 50 },
  ]);
  await settle(database.db, { now: at, today });
};
const sayOn = async (on: Day) => {
  const report = await tellChoices(database.db, { now: new Date(`${on}T02:00:00Z`), today: on });
  await tell(database.db, stepsOn(on).tell);
  return report;
};
const go = async (on: Day = today): Promise<void> => {
  await settle(database.db, { now: new Date(`${on}T02:00:00Z`), today: on });
  await advance(database.db, stepsOn(on).advance);
  await toReady(database, on);
};
const lineOf = async (itemId: string): Promise<string> => {
  const [offer] = await offersFor(database.db, idOf('A'));
  return offer?.options.find((one) => one.itemId === itemId)?.lines[0]?.lineId ?? '';
};
const choose = async (itemId: string, over: { subjectId?: string; lineId?: string } = {}) => {
  const lineId = over.lineId ?? (await lineOf(itemId));
  await transaction(database.db, (tx) =>
    chooseItem(tx, { lineId, scope: everything, at, actor: 'clerk', role: 'reviewer', reason: '本人来电', ...over }),
  );
};
const brief = async () =>
  (await linesOf(database, ['A'])).filter((line) => line.state !== 'withdrawn').map((line) => `${line.item} ${line.state} ${line.granted}`);

describe('a choice', () => {
  it('is told once with the alternatives, the amounts, the day and the default, and reminded once', async () => {
    await begin();
    const both = await Promise.all([1, 2, 3].map(() => tellChoices(database.db, { now: at, today })));
    expect(both.reduce((sum, one) => sum + one.told, 0)).toBe(1);
    expect(await sayOn(today)).toEqual({ told: 0, reminded: 0 });
    const [notice, ...more] = (await notices()).filter((one) => one.template === 'choose');
    expect(more).toEqual([]);
    expect(notice?.subject).toBe('请在2026年11月19日前选择一项：“高龄津贴”、“护理补贴”');
    expect(notice?.body).toContain('只能享受一项：“高龄津贴”2026年10月 80.00 元；“护理补贴”2026年10月 50.00 元');
    expect(notice?.body).toContain('到期没有选的，按金额最高的“高龄津贴”发放');
    expect(await sayOn(day('2026-11-15'))).toEqual({ told: 0, reminded: 0 });
    expect(await sayOn(day('2026-11-16'))).toEqual({ told: 0, reminded: 1 });
    expect(await sayOn(day('2026-11-19'))).toEqual({ told: 0, reminded: 0 });
    // Nobody chose: the highest, and no more words about it.
    await go(day('2026-11-20'));
    expect(await brief()).toEqual(['high granted 80.00', 'low refused 0.00']);
    expect(await sayOn(day('2026-11-20'))).toEqual({ told: 0, reminded: 0 });
    // The days are over and nobody was heard: what was taken is not a choice that could be changed.
    expect(await offersFor(database.db, idOf('A'))).toEqual([]);
    const [line] = await database.sql<{ id: string }[]>`select id from settlement_line where state = 'refused'`;
    await expect(choose('low', { lineId: line?.id ?? '' })).rejects.toThrow('missing.choice');
  });

  it('is told anew when there is something else to choose from', async () => {
    await begin();
    expect(await sayOn(today)).toEqual({ told: 1, reminded: 0 });
    await publish(database, [paying('third', { title: '困难补贴', limits })]);
    await runWith(database, [{ item: 'third', subject: 'A', yuan: 90 }]);
    await settle(database.db, { now: at, today });
    expect(await sayOn(today)).toEqual({ told: 1, reminded: 0 });
    expect((await notices()).find((one) => one.body.includes('困难补贴'))?.body).toContain('按金额最高的“困难补贴”发放');
  });

  it('is the subject’s own: nobody chooses for another', async () => {
    await begin();
    await expect(choose('low', { subjectId: idOf('B') })).rejects.toThrow('missing.choice');
    await choose('low', { subjectId: idOf('A') });
    await go();
    expect(await brief()).toEqual(['high refused 0.00', 'low granted 50.00']);
  });

  it('can be changed, and changed back, until the money is sealed; every change gives back what the other held', async () => {
    await begin();
    const source = await fund(database, 'low');
    await choose('low');
    await go();
    expect(await brief()).toEqual(['high refused 0.00', 'low granted 50.00']);
    await choose('high');
    await go();
    expect(await brief()).toEqual(['high granted 80.00']);
    await choose('low');
    await go();
    expect(await brief()).toEqual(['low granted 50.00']);
    const ready =
      await database.sql`select d.item_id, d.amount_fen from disbursement d where d.subject_id = ${idOf('A')} and d.state = 'ready'`;
    expect(ready).toMatchObject([{ item_id: 'low', amount_fen: 5_000n }]);
    const batch = await sealOf(database, source);
    expect(batch.lines).toBe(2);
    await expect(choose('high')).rejects.toThrow('state.line');
    expect(await brief()).toEqual(['low granted 50.00']);
    const said = await database.sql`select item_id from exclusive_choice order by id`;
    expect(said.map((row) => row.item_id)).toEqual(['low', 'high', 'low']);
    await prefill(database.db, stepsOn(today).prefill);
  });
});

describe('at the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhixiang-choices-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const call = caller(
    () => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys, BETTER_AUTH_SECRET: secret }),
    at,
  );

  it('says who may still choose, what there is, and takes down what the person said', async () => {
    await begin();
    const test = testApp(database);
    for (const [username, role] of [
      ['shen', 'reviewer'],
      ['ban', 'finance-maker'],
    ] as const) {
      const account = { username, name: `某${username}`, roles: [role], scope: everything, demo: true };
      await createAccount(test.auth, database.db, account, 'test', at);
    }
    const { rows } = (await call('choices', '--json')).json();
    expect(rows.map((one: { subjectId: string; itemId: string }) => [one.subjectId, one.itemId]).toSorted()).toEqual([
      [idOf('A'), 'high'],
      [idOf('A'), 'low'],
    ]);
    expect((await call('choices', 'show', idOf('A'))).text).toContain('不选时发这项');
    const line = await lineOf('low');
    const saying = ['--reason', '本人来电说的'] as const;
    expect((await call('choices', 'pick', line, ...saying, '--by', 'ban')).problems.map((one) => one.code)).toEqual(['scope.role']);
    expect((await call('choices', 'pick', 'x', ...saying, '--by', 'shen')).problems.map((one) => one.code)).toEqual(['input.argument']);
    expect((await call('choices', 'pick', line, ...saying, '--by', 'shen', '--json')).json()).toEqual({ chosen: line });
    await go();
    expect(await brief()).toEqual(['high refused 0.00', 'low granted 50.00']);
    expect((await call('choices', 'show', idOf('A'))).text).toContain('本人选定');
  });
});
