// Which version speaks of one subject, and for which period: what a run would decide now, or a period somebody asks about.
import { type Day, parseDay, parsePeriodKey } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import type { ItemVersion } from './match.ts';
import { inForce } from './period.ts';
import { wanted } from './plan.ts';

interface Chosen<V> {
  readonly version: V;
  /** Null: an event, found among those due; nothing due at all leaves it to the answer to say so. */
  readonly period: DecisionPeriod | null;
  /** The one event asked for. */
  readonly eventKey: string | null;
}

const periodHints = { monthly: '按月写 2026-01', quarterly: '按季写 2026Q1', yearly: '按年写 2026' } as const;

/** Which version speaks, and for which period: without `--period` what a run would decide now. */
export const choose = <V extends ItemVersion>(versions: readonly [V, ...V[]], asked: string | null, knownAt: Day): Chosen<V> => {
  const [newest] = versions;
  const [due] = wanted(versions, knownAt, { decided: new Set(), owed: new Set() });
  const dueVersion = versions.find((one) => one.version === due?.version.version) ?? newest;
  const { item } = newest;
  if (asked === null) return { version: dueVersion, period: due?.period ?? null, eventKey: null };
  if (item.period === 'per-event') return { version: dueVersion, period: null, eventKey: asked };
  const period = item.period === 'once' ? oncePeriod(asked, item.effective.from, knownAt) : calendarPeriod(asked, item.period, knownAt);
  const version = versions.find((one) => inForce(one.item, period));
  if (version === undefined) return fail('input.period', '--period', '这一期没有施行中的规则。', '换一期；施行起止见 rules say。');
  return { version, period, eventKey: null };
};

const calendarPeriod = (asked: string, kind: keyof typeof periodHints, knownAt: Day): DecisionPeriod => {
  const period = parsePeriodKey(asked);
  if (period === null || period.kind !== kind) return fail('input.period', '--period', '期别写法不对。', `这个事项${periodHints[kind]}。`);
  if (period.start !== null && period.start > knownAt)
    return fail('input.period', '--period', '这一期在快照的数据日期之后，还没有开始。', `最晚到 ${knownAt} 所在的一期。`);
  const { key, start, end } = period;
  return { kind, key, start, end, knownAt };
};

const oncePeriod = (asked: string, from: Day | null, knownAt: Day): DecisionPeriod => {
  const end = asked === 'once' ? knownAt : parseDay(asked);
  if (end === null || end > knownAt)
    return fail('input.period', '--period', '一次性事项按某一天判断，要写一个不晚于快照数据日期的日子。', `例如 --period ${knownAt}。`);
  return { kind: 'once', key: 'once', start: from, end, knownAt };
};
