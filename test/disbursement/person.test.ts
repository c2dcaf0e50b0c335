// A person behind every refusal, stop and recovery: held over the tables of states, over the flows of every shipped item, and by the database itself.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, day } from '../../src/base/day.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { certificationStates, stepOf } from '../../src/certification/certification.ts';
import { exceptions, takesAway } from '../../src/disbursement/exception.ts';
import { enter } from '../../src/disbursement/flow.ts';
import { allStates, requireEdge, type State, states } from '../../src/disbursement/states.ts';
import { readRuleFile, ruleFilesBelow } from '../../src/policy/files.ts';
import type { Item } from '../../src/policy/item.ts';
import { confirmDays, levelsOf, objectionDays, objectWithin, waivedDays } from '../../src/policy/life.ts';
import { terms } from '../certification/ground.ts';
import { testDatabase } from '../database.ts';
import { calendar, empty, idOf, itemOf, today } from '../settlement/ground.ts';

const database = testDatabase();
const root = fileURLToPath(new URL('../..', import.meta.url));

const machineEdges = (): readonly (readonly [State, State])[] =>
  allStates.flatMap((from) =>
    (Object.entries(states[from].next) as [State, (typeof states)[State]['next'][State]][]).flatMap(([to, ways]) =>
      (ways ?? []).some((way) => way.by.includes('machine')) ? [[from, to] as const] : [],
    ),
  );

describe('the table of states', () => {
  it('lets the machine take something from somebody only by an exception that says why, by which data of the item, and how it is undone', () => {
    const against = machineEdges().filter(([, to]) => takesAway.includes(to));
    const listed = exceptions.flatMap((one) => one.from.map((from) => `${from} ${one.to}`));
    expect(against.map(([from, to]) => `${from} ${to}`).sort()).toEqual([...listed].sort());
    expect(new Set(listed).size).toBe(listed.length);
    for (const one of exceptions) expect([one.why.length > 8, one.back.length > 8, one.terms?.length !== 0]).toEqual([true, true, true]);
  });

  it('refuses the machine every other such way, whatever stands in the table', () => {
    for (const from of allStates)
      for (const to of takesAway) {
        const lawful = exceptions.some((one) => one.to === to && one.from.includes(from));
        const go = () => requireEdge(from, to, 'machine', { reason: '到期', proof: { choice: 'deemed-waived', certification: 'x' } });
        if (lawful) go();
        else expect(go, `${from} → ${to}`).toThrow(/state\.(edge|mover)/);
      }
  });

  it('has every person’s way to the end show words of his own, or the person’s own will', () => {
    for (const from of allStates)
      for (const to of ['closed', 'waived', 'held', 'objected'] as const)
        for (const { by, shows } of states[from].next[to] ?? [])
          if (!by.includes('machine'))
            expect(shows.includes('reason') || shows.includes('choice') || shows.includes('objection'), `${from} → ${to}`).toBe(true);
  });

  it('of certification ends nothing by machine: what silence does is undone by being seen, and only a person says that somebody has died', () => {
    for (const [from, { next }] of Object.entries(certificationStates)) {
      expect(next.deceased ?? [], from).not.toContain('machine');
      // Kept back is never the end of it.
      if (certificationStates[from as keyof typeof certificationStates].keepsBack) expect(next.certified).toContain('reviewer');
    }
    const turn = {
      anchorOn: day('2026-01-01'),
      openedOn: today,
      dueOn: addDays(today, 30),
      reminded: 2,
      reachedOn: null,
      traceOn: null,
      entitled: true,
      over: false,
    };
    for (const state of ['open', 'visiting'] as const)
      for (const on of [31, 400, 4_000])
        expect(stepOf({ ...turn, state }, { ...terms, visitAfterDays: 4_001 }, addDays(today, on)), 'unreached').toBeNull();
  });
});

describe('every shipped item', () => {
  it('has a person review whoever is stopped or suspended, and takes its windows from its own data', async () => {
    const read = await readCatalogue(join(root, 'rules/catalogue'));
    if (!read.ok) throw new Error('catalogue');
    let seen = 0;
    for (const path of await ruleFilesBelow(join(root, 'rules'))) {
      const { result } = await readRuleFile(path, read.catalogue);
      if (!result.ok) throw new Error(path);
      const { item } = result.compiled;
      for (const kind of ['suspended', 'ended'] as const) {
        expect((item.flow[kind] ?? ['review', 'notice']).includes('review'), `${item.id} ${kind}`).toBe(true);
        expect(levelsOf(item, kind).length, item.id).toBeGreaterThan(0);
      }
      const steps = Object.values(item.flow).flat();
      if (steps.includes('confirm')) expect(item.confirm?.days, item.id).toBeGreaterThan(0);
      if (steps.includes('publicity')) expect(item.publicity?.days ?? item.publicity?.workingDays, item.id).toBeGreaterThan(0);
      seen += 1;
    }
    expect(seen).toBeGreaterThan(20);
  });
});

describe('limits of time', () => {
  const windowOf = (over: Partial<Item>, flow: Item['flow']['first'], step = 0) =>
    enter({ flow, matchKind: 'first', gaps: flow[0] === 'ask' ? ['缺收款账户'] : [], windowFrom: null, dueOn: null }, step, {
      today,
      calendar,
      item: itemOf('a', over),
    }).dueOn;

  it('are the item’s data: review, confirm, ask, apply, publicity, objection, waiver, certification', () => {
    for (const n of [3, 11]) {
      expect(windowOf({ review: { levels: [{ name: '审核', workingDays: n }] } }, ['review'])).toBe(n === 3 ? '2026-11-13' : '2026-11-25');
      expect(windowOf({ confirm: { days: n } }, ['confirm'])).toBe(addDays(today, n));
      expect(windowOf({ ask: { days: n } }, ['ask'])).toBe(addDays(today, n));
      expect(windowOf({ apply: { attachments: [], days: n, reviewWorkingDays: 5 } }, ['apply'])).toBe(addDays(today, n));
      expect(windowOf({ publicity: { days: n } }, ['publicity'])).toBe(addDays(today, n));
      expect(objectionDays({ objection: { workingDays: n } })).toBe(n);
      expect(objectWithin({ objection: { workingDays: 10, withinDays: n } })).toBe(n);
      expect([confirmDays({ confirm: { days: n } }), waivedDays({ waived: { days: n } })]).toEqual([n, n]);
      const turn = {
        state: 'visiting' as const,
        anchorOn: day('2026-01-01'),
        openedOn: today,
        reminded: 0,
        reachedOn: today,
        traceOn: null,
        entitled: true,
        over: false,
      };
      const own = { ...terms, windowDays: n, remindAfterDays: [], visitAfterDays: n };
      const dueOn = addDays(today, n);
      expect(stepOf({ ...turn, dueOn }, own, dueOn)).toBeNull();
      expect(stepOf({ ...turn, dueOn }, own, addDays(dueOn, 1))).toEqual({ to: 'suspended' });
    }
  });
});

describe('the database', () => {
  beforeEach(() => empty(database));
  const refusedBy = async (work: Promise<unknown>, constraint: string) => await expect(work).rejects.toThrow(constraint);

  it('refuses a recovery, a ruling, a death and a certification by hand that nobody stands behind', async () => {
    const { sql } = database;
    const own = { s: idOf('A'), id: randomUUID() };
    await refusedBy(
      sql`insert into recovery (subject_id, item_id, version, match_id, authority, period_key, key, year, amount_fen, state, found_at)
        values (${own.s}, 'a', 1, ${own.id}, '民政局', '2026-10', '', 2026, 100, 'open', now())`,
      'recovery_person',
    );
    await refusedBy(
      sql`insert into objection (subject_id, disbursement_id, item_id, authority, kind, objector, text, state, filed_by, filed_at, decided_at)
        values (${own.s}, ${own.id}, 'a', '民政局', 'public', '\\x00', '已迁出', 'upheld', 'u1', now(), now())`,
      'objection_person',
    );
    await refusedBy(
      sql`insert into review_vote (subject_id, disbursement_id, round, level, person, decision, at) values (${own.s}, ${own.id}, 1, 0, 'u1', 'refuse', now())`,
      'review_vote_reason',
    );
    const turn = (state: string, more: { how?: string; on?: string; by?: string }) => sql`
      insert into certification (subject_id, item_id, version, register, authority, match_id, code, anchor_on, opened_on, due_on, state, suspended_on, certified_on,
        how, decided_by, at)
      values (${own.s}, 'a', 1, 'citizen', '民政局', ${own.id}, 'X', '2026-01-01', '2026-04-01', '2026-05-01', ${state}, '2026-05-02', ${more.on ?? null},
        ${more.how ?? null}, ${more.by ?? null}, now())`;
    await refusedBy(turn('deceased', {}), 'certification_person');
    await refusedBy(turn('certified', { how: 'home', on: '2026-05-03' }), 'certification_by');
    await refusedBy(turn('certified', {}), 'certification_seen');
    await refusedBy(
      sql`insert into certification_visit (subject_id, certification_id, result, way, visited_on, visitor, actor, role, at)
        values (${own.s}, ${own.id}, 'met', 'home', '2026-05-03', '赵明', 'u1', 'reviewer', now())`,
      'certification_visit_evidence',
    );
  });
});
