// A fee that is taken off instead of money that is paid (减免): what may stand in such an item. Nothing of it is settled, so nothing may ask settlement
// to watch over it.
import { type Problem, problem } from '../base/problem.ts';
import { isObject } from '../rule/literal.ts';
import type { Json } from './checker.ts';

/** Limits that only settlement could keep. One amount per period is what a match is anyhow. */
const settled = ['times', 'cap', 'claim', 'exclusive'] as const;

export const reductionProblems = (raw: Json): readonly Problem[] => {
  if (!isObject(raw.award) || raw.award.reduces === undefined) return [];
  const { reduces } = raw.award;
  const out: Problem[] = [];
  const refuse = (at: string, message: string, hint: string): void => {
    out.push(problem('rule.reduces', at, message, hint));
  };
  if (typeof reduces !== 'string' || reduces.trim() === '' || [...reduces].length > 40)
    refuse('/award/reduces', 'reduces 须是所减免费用的名称，不超过 40 个字', '如 "居民生活用水水费"');
  if (raw.mode !== 'auto') refuse('/mode', '减免直接生效，mode 只能是 auto', '写 "mode": "auto"；需要申请的减免用 push 告知，不写 reduces');
  for (const key of ['payee', 'payees', 'accounts', 'statement', 'instalments', 'publicity', 'confirm'])
    if (raw[key] !== undefined) refuse(`/${key}`, `减免不发钱，没有 ${key}`, '删去这一项');
  if (isObject(raw.budget) && raw.budget.kind !== 'entitlement')
    refuse('/budget', '减免不动用预算，无法按额度先后发放', '写 {"kind": "entitlement"}');
  for (const [i, limit] of (Array.isArray(raw.limits) ? raw.limits : []).entries()) {
    const kind = isObject(limit) ? settled.find((k) => limit[k] !== undefined) : undefined;
    const ever = isObject(limit) && limit.once === 'ever' && raw.period !== 'once';
    if (kind !== undefined || ever)
      refuse(`/limits/${i}`, `减免不经核定，${ever ? 'once: ever' : kind} 起不了作用`, '把限制写成条件或标准的封顶（award.cap）');
  }
  for (const [kind, steps] of Object.entries(isObject(raw.flow) ? raw.flow : {}))
    for (const [i, step] of (Array.isArray(steps) ? steps : []).entries())
      if (kind === 'suspended' || kind === 'ended' || (step !== 'guard' && step !== 'notice'))
        refuse(`/flow/${kind}/${i}`, `减免没有 ${String(step).slice(0, 20)} 这一步`, '只留 guard 和 notice；停止时不另走流程');
  return out;
};
