// Which steps a flow may have in which mode, and what goes with them: publicity days, the confirmation window.
import { type Problem, problem } from '../base/problem.ts';
import { isObject } from '../rule/literal.ts';
import type { Json } from './checker.ts';
import type { FlowStep, MatchKind, Mode } from './item.ts';
import { modeNames } from './mode.ts';

/** Steps a mode may use when something is to be paid or told. */
export const stepsOf: Readonly<Record<Mode, readonly FlowStep[]>> = {
  auto: ['guard', 'ask', 'review', 'notice', 'publicity', 'pay'],
  confirm: ['guard', 'ask', 'review', 'notice', 'confirm', 'publicity', 'pay'],
  apply: ['guard', 'apply', 'ask', 'review', 'notice', 'confirm', 'publicity', 'pay'],
  push: ['guard', 'review', 'notice'],
};

/** Of a flow that stands for several modes, the steps this one has. */
export const stepsFor = (steps: readonly FlowStep[], mode: Mode): readonly FlowStep[] => steps.filter((s) => stepsOf[mode].includes(s));

/** Whoever leaves is told and looked at, never paid. */
const leaving: readonly FlowStep[] = ['guard', 'review', 'notice'];
const kinds: readonly MatchKind[] = ['first', 'changed', 'continuing', 'resumed', 'suspended', 'ended'];

const isMode = (v: unknown): v is Mode => v === 'auto' || v === 'confirm' || v === 'apply' || v === 'push';

/** The modes an item's raw `mode` names; none where it is no mode, which is told elsewhere (mode.ts). */
export const modesIn = (raw: unknown): readonly Mode[] => {
  if (isMode(raw)) return [raw];
  const modes = Array.isArray(raw) && raw.length > 1 ? raw.map((row: unknown) => (isObject(row) ? row.mode : null)) : [];
  return modes.every((mode) => isMode(mode) && mode !== 'push') ? (modes as readonly Mode[]) : [];
};

export const flowProblems = (raw: Json): readonly Problem[] => {
  const { flow } = raw;
  const modes = modesIn(raw.mode);
  // The mode with the most steps says what may stand there; who has fewer passes the others over.
  const mode = modes.find((m) => m === 'apply') ?? modes.find((m) => m === 'confirm') ?? modes[0];
  if (!isObject(flow) || mode === undefined) return [];
  const out: Problem[] = [];
  const repeating = raw.period !== 'once' && raw.period !== 'per-event';
  for (const kind of kinds) {
    const steps = flow[kind];
    // A reduction has fewer steps still (reduction.ts) and pays nothing.
    const like = isObject(raw.award) && raw.award.reduces !== undefined ? 'push' : mode;
    if (Array.isArray(steps)) out.push(...stepProblems(steps, kind, like, repeating));
  }
  const all = kinds.flatMap((k) => (Array.isArray(flow[k]) ? (flow[k] as readonly unknown[]) : []));
  const first = Array.isArray(flow.first) ? (flow.first as readonly unknown[]) : [];
  if (modes.includes('confirm') && !first.includes('confirm'))
    out.push(problem('rule.flow', '/flow/first', '即申即享的事项首次兑现须有 confirm', '补上 confirm，或把 mode 改为 auto'));
  // Who was paid without a word and now has to confirm comes as a change, or comes back.
  for (const kind of modes.length > 1 && modes.includes('confirm') ? (['changed', 'resumed'] as const) : []) {
    const own = flow[kind];
    if (Array.isArray(own) && own.length > 0 && !own.includes('confirm'))
      out.push(
        problem('rule.flow', `/flow/${kind}`, '方式依条件而定，变为即申即享的人须有 confirm', '补上 confirm，或删去这一段，按 first 办理'),
      );
  }
  if (all.includes('confirm') && raw.confirm === undefined)
    out.push(problem('rule.flow', '/confirm', '流程里有 confirm，但没有写确认期限', '如 "confirm": {"days": 7}'));
  if (all.includes('publicity') && raw.publicity === undefined)
    out.push(problem('rule.flow', '/publicity', '流程里有 publicity，但没有写公示天数', '如 "publicity": {"workingDays": 5}'));
  if (isObject(raw.publicity)) {
    const given = ['days', 'workingDays', 'none'].filter((k) => isObject(raw.publicity) && raw.publicity[k] !== undefined);
    if (given.length !== 1)
      out.push(problem('rule.flow', '/publicity', '公示须写 days、workingDays、none 中的一个', '留一个；不公示写 none 和原因'));
    if (given[0] === 'none' && all.includes('publicity'))
      out.push(problem('rule.flow', '/publicity/none', '写明不公示，流程里却有 publicity', '删去流程中的 publicity'));
  }
  return out;
};

const stepProblems = (steps: readonly unknown[], kind: MatchKind, mode: Mode, repeating: boolean): readonly Problem[] => {
  const at = `/flow/${kind}`;
  const out: Problem[] = [];
  const gone = kind === 'suspended' || kind === 'ended';
  const allowed = gone ? leaving : stepsOf[mode];
  steps.forEach((s, i) => {
    if (typeof s !== 'string') return;
    if (!(allowed as readonly string[]).includes(s) && (stepsOf.apply as readonly string[]).includes(s)) {
      const why = gone ? '停发时不再走这一步' : `${modeNames[mode]}没有这一步`;
      out.push(problem('rule.flow', `${at}/${i}`, `${s}：${why}`, `可用：${allowed.join('、')}`));
    }
    if (steps.indexOf(s) !== i) out.push(problem('rule.flow', `${at}/${i}`, `${s} 重复`, '每一步写一次'));
  });
  const pay = steps.indexOf('pay');
  if (pay >= 0 && steps.slice(pay + 1).some((s) => s !== 'notice'))
    out.push(problem('rule.flow', `${at}/${pay}`, 'pay 之后只能有 notice', '把 pay 移到审核、公示、确认之后'));
  // Whoever is paid once has no continuing period; whoever is paid every period must be paid there too.
  const owed = kind === 'first' || steps.length > 0 || (kind === 'continuing' && repeating);
  if (!gone && mode !== 'push' && pay < 0 && owed)
    out.push(problem('rule.flow', at, '没有 pay，钱发不出去', '补上 pay；只推送不兑现的事项 mode 写 push'));
  return out;
};
