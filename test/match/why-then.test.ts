// Why then: a closed period explained from what it was decided on, although records, rules and snapshots have moved on.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything, type Scope } from '../../src/base/scope.ts';
import { whyThen } from '../../src/match/why-then.ts';
import { testDatabase } from '../database.ts';
import { empty, idOf, itemOf, publish, sealAndRun, tell } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const item = itemOf('old', { lookback: 0, award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 50 }, { yuan: 500 }] } } });
const subject = (key: string) => ({ subjectId: idOf(key), key, name: key, division: '11' });
const ask = (key: string, periodKey: string, scope: Scope = everything) =>
  whyThen(database.db, { itemId: 'old', subject: subject(key), periodKey, scope, near: true });

describe('why then', () => {
  it('decides a match again from its evidence, and whoever had none from the snapshot of that run', async () => {
    await publish(database, [item]);
    await tell(database, { ann: { age: '81' }, bob: { age: '79' }, cid: {} });
    await sealAndRun(database, [item]);
    await tell(database, { ann: { age: '91' }, bob: { age: '85' }, cid: { age: '82' } }, day('2026-02-10'));
    await sealAndRun(database, [item], { knownAt: day('2026-02-20') });

    const january = await ask('ann', '2026-01');
    expect(january).toMatchObject({ from: 'evidence', agrees: true, version: { version: 1 } });
    expect(january?.answer.decisions[0]).toMatchObject({
      period: { key: '2026-01', knownAt: '2026-01-20' },
      decision: {
        verdict: 'eligible',
        amountFen: 5000n,
        trace: { children: [{ actual: { num: 81n }, source: { dataset: 'base', asOf: '2026-01-10' } }] },
      },
    });
    expect((await ask('ann', '2026-02'))?.answer.decisions[0]?.decision.amountFen).toBe(50_000n);

    const bob = await ask('bob', '2026-01');
    expect(bob).toMatchObject({ from: 'snapshot', matchId: null });
    expect(bob?.answer.decisions[0]).toMatchObject({
      decision: { verdict: 'ineligible', trace: { children: [{ truth: false, actual: { num: 79n } }] } },
      near: [{ changes: [{ kind: 'set', fact: 'age', to: { num: 80n }, distance: { num: 1n } }], amountFen: 5000n }],
    });
    expect((await ask('cid', '2026-01'))?.answer.decisions[0]?.decision).toMatchObject({
      verdict: 'undetermined',
      missing: [{ fact: 'age' }],
    });
    expect((await ask('cid', '2026-02'))?.from).toBe('evidence');
  });

  it('has nothing to say of a period nobody ran, of nobody, and to whoever may not see', async () => {
    await publish(database, [item]);
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [item]);
    expect(await ask('ann', '2025-12')).toBeNull();
    expect(await ask('nobody', '2026-01')).toBeNull();
    expect(await ask('ann', '2026-01', { ...everything, divisions: ['2'] })).toBeNull();
    expect(await ask('ann', '2026-01', { ...everything, items: ['other'] })).toBeNull();
  });

  it('says when the evidence does not carry what was stored', async () => {
    await publish(database, [item]);
    await tell(database, { ann: { age: '81' } });
    await sealAndRun(database, [item]);
    const { connect } = await import('../../src/db/handle.ts');
    const owner = connect((database as unknown as { ownerUrl: string }).ownerUrl, { max: 1, statementTimeoutMs: 10_000 });
    await owner`update match set lines = jsonb_set(lines, '{0,award,amountFen}', '"777"')`;
    await owner.end();
    expect(await ask('ann', '2026-01')).toMatchObject({ from: 'evidence', agrees: false });
  });
});
