// What is waited for, in one Chinese sentence: what, where, why, from whom, due when.
import { type Day, daysBetween, dayText } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { divisionName } from '../record/lookup.ts';
import type { ReadyState, Wait } from './readiness.ts';

export const stateNames: Readonly<Record<ReadyState, string>> = { ready: '可以办理', waiting: '等数据', 'not-triggered': '本期未触发' };

const kinds: Readonly<Record<Wait['kind'], string>> = { dataset: '数据', parameter: '参数', external: '外部指标' };

const reasons: Readonly<Record<Wait['reason'], string>> = {
  never: '从未报送',
  stale: '已过有效期',
  silent: '未报送',
  unpublished: '本期未公布',
};

export const waitText = (wait: Wait, catalogue: Pick<Catalogue, 'trees'>): string => {
  const whom = [wait.department, wait.contact].filter((part) => part !== null).join('');
  const parts = [
    wait.division === null ? null : divisionName(catalogue, wait.division),
    reasons[wait.reason],
    wait.asOf === null ? null : `最近一次截至${dayText(wait.asOf)}`,
    wait.dueOn === null ? null : `应于${dayText(wait.dueOn)}报送`,
    whom === '' ? null : `责任单位 ${whom}`,
    wait.decision === null
      ? null
      : `${wait.decision.choice === 'wait' ? '已决定等待' : '已决定延长有效期'}到${dayText(wait.decision.until)}`,
  ].filter((part) => part !== null);
  return `${kinds[wait.kind]}“${wait.label}”${parts[0] === undefined || wait.division === null ? '' : '：'}${parts.join('，')}`;
};

/** Days past the day it was due; 0 where it is not due yet or nobody set a day. */
export const overdueOf = (wait: Pick<Wait, 'dueOn'>, today: Day): number =>
  wait.dueOn === null ? 0 : Math.max(0, daysBetween(wait.dueOn, today));
