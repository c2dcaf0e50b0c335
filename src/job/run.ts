// One run of a job as it is kept: when, by whose asking, how it ended, and why it failed in words that hold no value of anybody's. Pure.
import { maskText } from '../base/codes.ts';
import { type Problem, ProblemError } from '../base/problem.ts';
import { databaseError, databaseProblem } from '../db/error.ts';

export const outcomes = { running: '正在运行', done: '办成', idle: '没有要办的', failed: '没有办成', lost: '中断' } as const;
export type Outcome = keyof typeof outcomes;

export interface JobRun {
  readonly id: string;
  readonly name: string;
  /** Account id; null: the schedule. */
  readonly askedBy: string | null;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly outcome: Outcome;
  readonly line: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly hint: string | null;
}

export interface Ending {
  readonly outcome: 'done' | 'idle' | 'failed';
  readonly line: string | null;
  readonly problem: Pick<Problem, 'code' | 'message' | 'hint'> | null;
}

const shortened = (text: string): string => maskText(text, 400);

/** A run that writes no more for so long is taken for dead. Its process writes every `beatMs`. */
export const lostAfterMs = 5 * 60_000;
export const beatMs = 60_000;

/** How a run ended: its line, or nothing to do. */
export const endingOf = (line: string | null): Ending =>
  line === null ? { outcome: 'idle', line: null, problem: null } : { outcome: 'done', line: shortened(line), problem: null };

/** How a run failed. Of an error nobody foresaw only its kind is told: its text may hold anything. */
export const failureOf = (error: unknown): Ending => {
  const own = error instanceof ProblemError ? error.problems[0] : undefined;
  const database = databaseError(error);
  const kind = error instanceof Error && /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error';
  const { code, message, hint } = own ??
    (database === null ? undefined : databaseProblem(database)) ?? {
      code: 'internal.unexpected',
      message: `出了意料之外的错（${kind}），这一次没有办成。`,
      hint: '到下一次会再办；一直这样请系统管理员看程序日志。',
    };
  return { outcome: 'failed', line: null, problem: { code, message: shortened(message), hint: shortened(hint) } };
};
