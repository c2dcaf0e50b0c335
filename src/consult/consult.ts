// 查阅: who looked at one person's or firm's profile, why, and at which facts. Whoever looks says a reason and a work order first; every view is a row of
// an insert-only log, in which the subject stands by our own id.
import { ProblemError, problem } from '../base/problem.ts';

/** Why anybody may look. `demo` is the sample city's own, where the people are made up. */
export const lookReasons = {
  handle: '办理兑付',
  review: '审核、复核',
  objection: '异议核查',
  call: '本人来电来访',
  correct: '数据校核纠错',
  rights: '本人查阅、更正、删除请求',
  audit: '审计检查',
  demo: '演示（示例城市）',
} as const;

export type LookReason = keyof typeof lookReasons;

export interface LookPurpose {
  readonly reason: LookReason;
  /** Work order, complaint, audit assignment …: what the look can be held against later. */
  readonly order: string;
}

export interface Look extends LookPurpose {
  /** Account id, or the name of a step. */
  readonly actor: string;
  readonly role: string;
  readonly subjectId: string;
  /** `person`, `unmasked`, `why`, `match`, `notice`, `disbursement`, `export`, `erase`. */
  readonly view: string;
  readonly itemId: string | null;
  /** Fact paths that were shown or stood behind what was shown, sorted. */
  readonly facts: readonly string[];
  readonly at: Date;
}

const isReason = (text: string): text is LookReason => Object.hasOwn(lookReasons, text);

/** A long run of digits would be an identity number or an account, and this stands in addresses and logs. */
const isOrder = (text: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}〔〕（）()_./-]{1,39}$/u.test(text) && !/\d{11,}/.test(text);

export const purposeHint = `事由代码：${Object.entries(lookReasons)
  .map(([code, text]) => `${code} ${text}`)
  .join('、')}；工单号例如 GD-2026-0412。`;

/** null where nothing was said; throws `purpose.wrong` for what cannot be one. */
export const readPurpose = (reason: string | null | undefined, order: string | null | undefined): LookPurpose | null => {
  const [code, number] = [(reason ?? '').trim(), (order ?? '').trim()];
  if (code === '' && number === '') return null;
  if (isReason(code) && isOrder(number)) return { reason: code, order: number };
  throw new ProblemError([
    isReason(code)
      ? problem('purpose.wrong', 'order', '工单号不对：2 到 40 个字，不能写身份号码或账号。', purposeHint)
      : problem('purpose.wrong', 'reason', '没有这种查阅事由。', purposeHint),
  ]);
};

/** Nobody sees a person's profile without having said why. */
export const needPurpose = (): never => {
  throw new ProblemError([problem('purpose.missing', '', '查看一个人的资料要先说明事由和工单号，会留痕。', purposeHint)]);
};
