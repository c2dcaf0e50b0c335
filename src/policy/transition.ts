// 新老划断: which of two versions decides a subject, and what a reader of rule files must refuse of it. Choosing itself is `govern` in `decide.ts` and,
// separately, in `second.ts`.
import { type Problem, problem } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { factsOf } from '../catalogue/env.ts';
import { isObject } from '../rule/literal.ts';
import type { Json } from './checker.ts';
import { registerOf } from './vocabulary.ts';

export const transitionProblems = (raw: Json, catalogue: Catalogue): readonly Problem[] => {
  const out: Problem[] = [];
  const { selectedBy, applicationDay, transition, period, effective } = raw;
  const refuse = (at: string, message: string, hint: string): void => {
    out.push(problem('rule.transition', at, message, hint));
  };
  if (selectedBy === 'event' && period !== 'per-event')
    refuse('/selectedBy', '只有按事件兑现的事项才能按事件日选版本', '改为 period-start，或改 period');
  if (selectedBy === 'application' && applicationDay === undefined)
    refuse('/applicationDay', '按申请日选版本，但没有写哪个指标是申请日', '如 "applicationDay": {"fact": "appliedOn"}');
  if (selectedBy !== 'application' && applicationDay !== undefined)
    refuse('/applicationDay', '只有按申请日选版本才写 applicationDay', '删去，或改 selectedBy');
  if (transition !== undefined && !(isObject(effective) && typeof effective.from === 'string'))
    refuse('/transition', '写了新老划断，但没有写生效日', '补上 effective.from：此前的为“老”');
  if (applicationDay === undefined) return out;
  const name = isObject(applicationDay) ? applicationDay.fact : undefined;
  const fact = typeof name === 'string' ? factsOf(catalogue, registerOf(raw.audience)).get(name) : undefined;
  if (fact === undefined || fact.type !== 'date' || fact.timed === true)
    refuse('/applicationDay/fact', '申请日须是目录中一个不分时段的日期指标', '写指标目录中的日期指标名');
  return out;
};
