// The table of states and the walk through a flow, without a database.
import { describe, expect, it } from 'vitest';
import { addDays, day, daysBetween } from '../../src/base/day.ts';
import { allStates, requireEdge, type State, statementTextOf, states } from '../../src/disbursement/disbursement.ts';
import { enter, flowOf, reminderDays } from '../../src/disbursement/flow.ts';
import type { FlowStep } from '../../src/policy/item.ts';
import { calendar, itemOf, today } from '../settlement/ground.ts';

const walk = (flow: readonly FlowStep[], step: number, over: { gaps?: readonly string[]; on?: string; item?: object } = {}) =>
  enter({ flow, gaps: over.gaps ?? [], windowFrom: null, dueOn: null }, step, {
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
    for (const edge of Object.values(states.held.next)) expect(edge?.by).not.toContain('machine');
  });

  it('refuses an edge that is not there, a mover it is not for, and a hold without a reason', () => {
    expect(() => requireEdge('closed', 'ready', 'machine', {})).toThrow('state.edge');
    expect(() => requireEdge('reviewing', 'ready', 'machine', {})).toThrow('state.mover');
    expect(() => requireEdge('ready', 'held', 'finance', { reason: '  ' })).toThrow('input.reason');
    requireEdge('ready', 'held', 'finance', { reason: '账户被冻结' });
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

  it('reminds three times, the last on the last day', () => {
    expect(reminderDays(today, addDays(today, 7), daysBetween)).toEqual(['2026-11-12', '2026-11-14', '2026-11-17']);
    expect(reminderDays(today, addDays(today, 1), daysBetween)).toEqual(['2026-11-11']);
  });

  it('keeps the statement text within 20 characters', () => {
    expect(statementTextOf({ title: '高龄津贴' }, '2026-10')).toBe('高龄津贴26年10月');
    expect([...statementTextOf({ title: '一'.repeat(30) }, '2026-10')].length).toBe(20);
    expect(statementTextOf({ title: 'x', statement: '稳岗返还' }, '2026')).toBe('稳岗返还');
  });
});
