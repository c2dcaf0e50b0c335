// The table of states and the walk through a flow, without a database.
import { describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { statementTextOf } from '../../src/disbursement/disbursement.ts';
import { enter, flowOf } from '../../src/disbursement/flow.ts';
import { allStates, type Evidence, type Mover, requireEdge, type State, states } from '../../src/disbursement/states.ts';
import type { FlowStep } from '../../src/policy/item.ts';
import { calendar, itemOf, today } from '../settlement/ground.ts';

const evidence: readonly Evidence[] = [
  ...['reason', 'choice', 'answer', 'application', 'decision', 'objection', 'batch', 'line', 'certification', 'heir'],
] as readonly Evidence[];

const walk = (flow: readonly FlowStep[], step: number, over: { gaps?: readonly string[]; on?: string; item?: object } = {}) =>
  enter({ flow, matchKind: 'first', gaps: over.gaps ?? [], windowFrom: null, dueOn: null }, step, {
    today: over.on ? day(over.on) : today,
    calendar,
    item: over.item ?? {},
  });

describe('the table of states', () => {
  it('reaches every state from prefilled, and every state has a way out or is over', () => {
    const seen = new Set<State>(['prefilled']);
    for (const state of seen) for (const next of Object.keys(states[state].next) as State[]) seen.add(next);
    expect([...seen].sort()).toEqual([...allStates].sort());
    for (const state of allStates) expect(Object.keys(states[state].next).length > 0 || states[state].group === 'over', state).toBe(true);
  });

  it('lets no machine lift a hold', () => {
    for (const ways of Object.values(states.held.next)) for (const { by } of ways ?? []) expect(by).not.toContain('machine');
  });

  it('lets a hold go back to every state it may be set in, and to no other', () => {
    const from = allStates.filter((state) => states[state].next.held !== undefined);
    const to = (Object.keys(states.held.next) as State[]).filter((state) => state !== 'closed');
    expect(from.toSorted()).toEqual(to.toSorted());
  });

  it('lets nobody but a person refuse: the machine closes only without a decision, and never what a person is asked about', () => {
    for (const state of allStates)
      for (const { by, shows } of states[state].next.closed ?? [])
        expect(by.includes('machine') ? shows : shows.includes('reason'), state).toEqual(by.includes('machine') ? [] : true);
  });

  it('passes every way with what it must show, refuses it without any part of it, and refuses every other pair and mover', () => {
    const movers: readonly Mover[] = ['machine', 'reviewer', 'beneficiary', 'finance', 'bank'];
    let [passed, refused] = [0, 0];
    const show = (what: readonly Evidence[]) => ({
      reason: what.includes('reason') ? '说明' : ' ',
      proof: Object.fromEntries(what.filter((one) => one !== 'reason').map((one) => [one, 'x'])),
    });
    for (const from of allStates)
      for (const to of allStates)
        for (const by of movers) {
          const ways = (states[from].next[to] ?? []).filter((way) => way.by.includes(by));
          for (const { shows } of ways) {
            requireEdge(from, to, by, show(shows));
            passed++;
            for (const left of shows) {
              const rest = shows.filter((one) => one !== left);
              if (ways.some((other) => other.shows.every((one) => rest.includes(one)))) continue;
              expect(() => requireEdge(from, to, by, show(rest)), `${from} → ${to} ${by} without ${left}`).toThrow(
                /input\.reason|state\.evidence/,
              );
              refused++;
            }
          }
          if (ways.length > 0) continue;
          const code = states[from].next[to] === undefined ? 'state.edge' : 'state.mover';
          expect(() => requireEdge(from, to, by, show(evidence)), `${from} → ${to} ${by}`).toThrow(code);
          refused++;
        }
    expect([passed > 150, refused > 1_500]).toEqual([true, true]);
  });
});

describe('the walk through a flow', () => {
  it('passes over what there is nothing to do for', () => {
    expect(walk(['ask', 'review', 'pay'], 0)).toMatchObject({ state: 'reviewing', step: 1 });
    expect(walk(['ask', 'review', 'pay'], 0, { gaps: ['缺收款账户'] })).toMatchObject({ state: 'asking', step: 0 });
    expect(walk(['publicity', 'pay'], 0, { item: { publicity: { none: '涉及未成年人' } } })).toMatchObject({ state: 'ready', step: 1 });
    expect(walk(['pay'], 0, { gaps: ['缺收款账户'] })).toMatchObject({ state: 'asking', step: 0 });
    expect(walk(['review', 'notice'], 2)).toMatchObject({ state: 'closed' });
  });

  it('opens the confirm window with the notice, and publicity by the official calendar', () => {
    const item = { confirm: { days: 7 }, publicity: { workingDays: 5 } };
    expect(walk(['notice', 'confirm', 'pay'], 0, { item })).toEqual({
      state: 'notified',
      step: 0,
      windowFrom: '2026-11-10',
      dueOn: '2026-11-17',
    });
    // Five working days over the National Day holiday: 30 September, 8, 9, 10 (worked Saturday) and 12 October.
    expect(walk(['publicity'], 0, { item, on: '2026-09-29' })).toMatchObject({ state: 'publicity', dueOn: '2026-10-12' });
    expect(walk(['publicity'], 0, { item: { publicity: { days: 7 } } })).toMatchObject({ dueOn: '2026-11-17' });
    expect(walk(['publicity'], 0, { item, on: '2026-12-30' })).toMatchObject({ state: 'publicity', dueOn: null });
  });

  it('gives each kind of match its own order', () => {
    const item = itemOf('a', { flow: { first: ['guard', 'review', 'pay'], continuing: ['pay'], ended: ['notice'] } });
    expect(flowOf(item, 'changed', null)).toEqual(['guard', 'review', 'pay']);
    expect(flowOf(item, 'resumed', null)).toEqual(['guard', 'review', 'pay']);
    expect(flowOf(item, 'continuing', null)).toEqual(['pay']);
    expect(flowOf(item, 'suspended', null)).toEqual(['review', 'notice']);
    expect(flowOf(item, 'ended', null)).toEqual(['notice']);
  });

  it('keeps the statement text within 20 characters', () => {
    expect(statementTextOf({ title: '高龄津贴' }, '2026-10')).toBe('高龄津贴26年10月');
    expect([...statementTextOf({ title: '一'.repeat(30) }, '2026-10')].length).toBe(20);
    expect(statementTextOf({ title: 'x', statement: '稳岗返还' }, '2026')).toBe('稳岗返还');
  });
});
