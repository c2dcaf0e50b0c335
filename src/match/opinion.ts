// Opinion (a) of DESIGN 11: what the run found from columns is held against the plain path over the sealed record. A difference is a bug of ours,
// never news about a person, and stops the item.
import { yuanText } from '../base/amount.ts';
import { maskText } from '../base/codes.ts';
import type { CompiledItem } from '../policy/compile.ts';
import type { SecondLine, SecondOpinion } from '../policy/second.ts';
import type { Decision, DecisionPeriod, FactSource, Verdict } from '../rule/facts.ts';

/** The plain path; an argument of the run, so that a test can hold another against it. */
export type AskSecond = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod) => Promise<SecondOpinion>;

/** What two paths must agree on: the verdict, verdict and 分 of every line that is not ineligible, and the mode where it depends. */
export const opinionOf = (decision: Pick<Decision, 'verdict' | 'lines' | 'mode'>): SecondOpinion => ({
  verdict: decision.verdict,
  lines: decision.lines.map((l) => ({ key: l.key, verdict: l.verdict, amountFen: l.award?.state === 'known' ? l.award.amountFen : null })),
  ...(decision.mode === undefined ? {} : { mode: decision.mode.mode }),
});

const meant = (o: SecondOpinion): readonly SecondLine[] => o.lines.filter((l) => l.verdict !== 'ineligible');

export const sameOpinion = (a: SecondOpinion, b: SecondOpinion): boolean => {
  const theirs = new Map(meant(b).map((l) => [l.key, l]));
  return (
    a.verdict === b.verdict &&
    a.mode === b.mode &&
    meant(a).length === theirs.size &&
    meant(a).every((l) => theirs.get(l.key)?.verdict === l.verdict && theirs.get(l.key)?.amountFen === l.amountFen)
  );
};

const verdictText: Record<Verdict, string> = { eligible: '符合', ineligible: '不符合', undetermined: '待核' };

const amountText = (o: SecondOpinion): string => {
  const due = meant(o).filter((l) => l.verdict === 'eligible');
  if (due.length === 0) return '';
  return due.some((l) => l.amountFen === null) ? ' 金额未定' : ` ${yuanText(due.reduce((sum, l) => sum + (l.amountFen ?? 0n), 0n))} 元`;
};

const modeOf = ({ mode }: SecondOpinion): string => (mode === undefined ? '' : `，方式 ${mode}`);

export const opinionText = (o: SecondOpinion): string => `${verdictText[o.verdict]}${amountText(o)}${modeOf(o)}`;

/** Thrown out of a chunk so that nothing of it is written. */
/** `2026-04`, `2026Q1`, `2026`, `once`: keys that are nobody's number. */
const calendar = /^(\d{4}(-\d{2}|Q[1-4])?|once)$/;

export class OpinionsDiffer extends Error {
  readonly subjectId: string;
  readonly periodKey: string;
  readonly columns: SecondOpinion;
  readonly plain: SecondOpinion;
  constructor(subjectId: string, periodKey: string, columns: SecondOpinion, plain: SecondOpinion) {
    super('two opinions differ');
    this.name = 'OpinionsDiffer';
    this.subjectId = subjectId;
    this.periodKey = periodKey;
    this.columns = columns;
    this.plain = plain;
  }
  /** For run_item.stopped: one sentence with both answers. An event's key may be a certificate's number, so it is masked. */
  get sentence(): string {
    const who = `主体 ${this.subjectId}，所属期 ${calendar.test(this.periodKey) ? this.periodKey : maskText(this.periodKey)}`;
    return `两种算法结论不同（${who}）：按列计算为${opinionText(this.columns)}，按原始记录计算为${opinionText(this.plain)}。该事项本批次已停止，不产生任何兑付，请联系系统管理员。`;
  }
}
