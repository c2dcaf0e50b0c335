// Silence of the dead: whoever has died while something was asked of them gives up nothing; what is still due waits for an heir and goes on from there with
// every review it has not had, later periods are a person's to stop. On a real PostgreSQL.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { decline } from '../../src/disbursement/act.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { aliveAfterAll, confirmHeir, nameHeir } from '../../src/disbursement/heir.ts';
import { liftStop, orderStop, proposeStop, refuseStop } from '../../src/disbursement/stop.ts';
import { listStops } from '../../src/disbursement/stop-store.ts';
import type { Item } from '../../src/policy/item.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import { testDatabase } from '../database.ts';
import { catalogue, retell } from '../payment/ground.ts';
import { broken, complete, empty, idOf, itemOf, publish, runWith, settlePeople, stepsOn, today } from '../settlement/ground.ts';
import { keepScanRow, scan } from './document.ts';
import { act, lifeOf } from './ground.ts';

const database = testDatabase();
const { tick, only, doing, sent } = lifeOf(database);
beforeEach(async () => {
  await empty(database);
  await keepScanRow(database);
});
afterEach(async () => expect(await broken(database)).toEqual([]));

const advanceOn = (on: Day) =>
  advance(database.db, { ...stepsOn(on).advance, read: contactReader(catalogue, today), link: linkNames(catalogue) });
const stops = async () => (await listStops(database.db, { scope: everything, limit: 9 })).rows;

type Way = 'confirming' | 'applying' | 'asking' | 'named';
const flows: Readonly<Record<Way, Partial<Item>>> = {
  confirming: { mode: 'confirm', confirm: { days: 6 }, flow: { first: ['notice', 'confirm', 'publicity', 'pay'], continuing: ['pay'] } },
  applying: {
    mode: 'apply',
    apply: { attachments: [], days: 6, reviewWorkingDays: 5 },
    flow: { first: ['guard', 'apply', 'review', 'pay'], continuing: ['pay'] },
  },
  asking: { ask: { days: 6, late: 'waive', clause: '第九条' }, flow: { first: ['guard', 'ask', 'pay'], continuing: ['pay'] } },
  named: {
    ask: { days: 6, late: 'waive', named: { workingDays: 5 }, clause: '第九条' },
    flow: { first: ['guard', 'ask', 'pay'], continuing: ['pay'] },
  },
};
const ways = Object.keys(flows) as readonly Way[];
const template = { confirming: 'confirm', applying: 'apply', asking: 'asking', named: 'asking' } as const;

/** October's record of A stands and waits for A, who was told on the first day; its window is over on the day returned. */
const waiting = async (way: Way): Promise<Day> => {
  await settlePeople(database, { A: way === 'asking' || way === 'named' ? { name: '甲' } : complete });
  await publish(database, [itemOf('a', flows[way])]);
  await runWith(database, [{ item: 'a', subject: 'A', start: '2026-10-01' }]);
  await tick();
  await sent(template[way], today);
  if (way === 'named') await tick(addDays(today, 7));
  expect(await only()).toMatchObject({ state: way });
  return addDays(today, way === 'named' ? 17 : 8);
};

const heir = async (): Promise<void> => {
  const person = {
    relation: 'child',
    name: '甲小',
    number: '11010519491231002X',
    account: '6222020000099999',
    bank: '云溪农商银行',
  } as const;
  const id = (await only()).id;
  const named = await doing((tx) => nameHeir(tx, { ...act(id), ...person, document: scan, reason: '户口本和亲属关系证明' }));
  await doing((tx) => confirmHeir(tx, act(named, { who: 'u2' })));
};

describe('whoever has died while something was asked of them', () => {
  it.each(ways)('%s: gives up nothing by silence; what is due waits for an heir, later steps are not skipped', async (way) => {
    const after = await waiting(way);
    await retell(database, idOf('A'), { deathDate: '2026-10-20' });
    await advanceOn(after);
    expect(await only()).toMatchObject({ state: 'deceased', windowFrom: after, dueOn: addDays(after, 30) });
    expect(await database.sql`select from choice`).toHaveLength(0);
    await heir();
    const next = { confirming: 'publicity', applying: 'reviewing', asking: 'ready', named: 'ready' }[way];
    expect(await only()).toMatchObject({ state: next, payeeName: '甲小', gaps: [] });
  });

  it.each(ways)('%s: a period after the death stays where it is, and stopping it is proposed to a person once', async (way) => {
    const after = await waiting(way);
    await retell(database, idOf('A'), { deathDate: '2026-09-20' });
    for (const on of [after, addDays(after, 1), addDays(after, 90)]) await advanceOn(on);
    expect(await only()).toMatchObject({ state: way });
    expect(await stops()).toMatchObject([{ state: 'proposed', kind: 'death', lastOn: '2026-09-20' }]);
  });

  it.each(['proposed', 'standing'])('counts a %s stop for a death as a report of it, until that was refused or lifted', async (state) => {
    const after = await waiting('confirming');
    const { version, matchId, authority, division } = await only();
    const about = { subjectId: idOf('A'), itemId: 'a', kind: 'death', lastOn: day('2026-10-20'), reason: '入户核查' } as const;
    const { id: _, ...by } = act('', { on: after });
    await doing(async (tx) => {
      if (state === 'standing') await orderStop(tx, { ...by, ...about, document: scan });
      else await proposeStop(tx, { ...about, version, matchId, authority, division }, by.now);
    });
    await advanceOn(after);
    expect((await only()).state).toBe('deceased');
    // The report was wrong: the window opens anew, and silence counts again once it is over.
    const other = { ...act((await stops())[0]?.id ?? '', { on: after, who: 'u2' }), reason: '本人在世', document: scan };
    await doing((tx) => (state === 'standing' ? liftStop(tx, other) : refuseStop(tx, other)));
    await doing(async (tx) => aliveAfterAll(tx, { ...act((await only()).id, { on: after, who: 'u2' }), reason: '本人到场' }));
    expect(await only()).toMatchObject({ state: 'confirming', dueOn: addDays(after, 6) });
    await advanceOn(addDays(after, 7));
    expect((await only()).state).toBe('waived');
  });

  it('is not taken to have given up by a window that ran out before the death was known, unless by their own word', async () => {
    for (const own of [false, true]) {
      await empty(database);
      await keepScanRow(database);
      const after = await waiting('confirming');
      if (own) await doing(async (tx) => decline(tx, act((await only()).id)));
      else await advanceOn(after);
      expect(await only()).toMatchObject({ state: 'waived' });
      await retell(database, idOf('A'), { deathDate: '2026-10-20' });
      await advanceOn(addDays(after, 40));
      const states = await database.sql<{ state: string }[]>`select state from disbursement`;
      expect(states).toEqual([{ state: own ? 'closed' : 'deceased' }]);
    }
  });

  it('and by whose heir, confirmed already, it is received goes on at once', async () => {
    const after = await waiting('confirming');
    await retell(database, idOf('A'), { deathDate: '2026-10-20' });
    await advanceOn(after);
    await heir();
    await runWith(database, [{ item: 'a', subject: 'A', period: '2026-08', start: '2026-08-01', kind: 'first' }]);
    await tick(after);
    await database.sql`update notice set state = 'sent', sent_at = ${new Date(`${after}T03:00:00Z`)} where template = 'confirm'`;
    await advanceOn(addDays(after, 8));
    const rows = await database.sql<{ state: string; payee: string }[]>`
      select state, payee_name as payee from disbursement where period_key = '2026-08'`;
    expect(rows).toEqual([{ state: 'publicity', payee: '甲小' }]);
  });
});
