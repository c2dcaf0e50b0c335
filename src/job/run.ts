// One run of a job as it is kept: when, by whose asking, how it ended, and why it failed in words that hold no value of anybody's. Pure.
import { maskText } from '../base/codes.ts';
import { type Problem, ProblemError } from '../base/problem.ts';
import { databaseError, databaseProblem } from '../db/error.ts';

export const outcomes = {
  running: '正在运行',
  done: '办成',
  idle: '没有要办的',
  failed: '没有办成',
  lost: '中断',
  stopped: '已停下',
} as const;
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
  /** The last sign of life. */
  readonly seenAt: Date;
  readonly share: number | null;
  readonly doing: string | null;
  readonly stopAskedBy: string | null;
}

export interface Ending {
  readonly outcome: 'done' | 'idle' | 'failed' | 'stopped';
  readonly line: string | null;
  readonly problem: Pick<Problem, 'code' | 'message' | 'hint'> | null;
}

const shortened = (text: string): string => maskText(text, 400);

/** A run that writes no more for so long is taken for dead. Its process writes every `beatMs`, and hears then whether it should stop. */
export const lostAfterMs = 2 * 60_000;
export const beatMs = 1_000;

/** A run that says it is under way and has not been heard of for so long has been killed. */
export const standingOf = ({ outcome, seenAt }: Pick<JobRun, 'outcome' | 'seenAt'>, now: Date): Outcome =>
  outcome === 'running' && now.getTime() - seenAt.getTime() > lostAfterMs ? 'lost' : outcome;

/** Thrown where a job stops because it was asked to. */
export class Stopped extends Error {
  constructor() {
    super('stopped');
    this.name = 'Stopped';
  }
}

/** What a job is told about its own run. */
export interface Underway {
  /** Aborts, with `Stopped`, when somebody asks for it; a job that can stop does so where nothing is left half done. */
  readonly signal: AbortSignal;
  /** True: a person asked for it now, and not the schedule. */
  readonly asked: boolean;
  /** How much is done, 0 to 1, and what is being done. Costs nothing: it is written down with the next beat. */
  far(share: number, doing?: string): void;
}

/** For whoever runs a job by itself. */
export const alone: Underway = { signal: new AbortController().signal, asked: true, far: () => undefined };

/** How a run ended: its line, or nothing to do. */
export const endingOf = (line: string | null): Ending =>
  line === null ? { outcome: 'idle', line: null, problem: null } : { outcome: 'done', line: shortened(line), problem: null };

/** How a run ended that was asked to stop, and did. */
export const stoppedEnding: Ending = { outcome: 'stopped', line: '已停下，没有留下办了一半的；随时可以再运行。', problem: null };

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
