// Review 审核: one or two levels, each with those whose scope it is, one of them, all of them or so many. A refusal and a return are one person's word with a
// reason; passing needs the level's number. Nobody speaks twice on a record in one round, so two levels are two people.
import { addDays } from '../base/day.ts';
import { fail, type Problem, ProblemError } from '../base/problem.ts';
import { coversDivision, divisionPrefix, type Scope } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import { type Owed, type OwedDetail, type OwedTemplate, owe } from '../outbox/store.ts';
import { levelsOf, objectWithin, type ReviewDivision, type ReviewLevel } from '../policy/life.ts';
import { type Withdrawal, withdrawLines } from '../settlement/withdraw-store.ts';
import { type Act, requireState, stay, surroundings } from './act.ts';
import { type Disbursement, type Payee, returned } from './disbursement.ts';
import { askWindow, enter, type Place, reviewWindow, type Surroundings } from './flow.ts';
import { insertVote, type Vote, votesOf } from './review-store.ts';
import { lockOne, type Move, moveAll } from './store.ts';

/** A person who may review, with what they may see: whoever holds the role today. */
export interface Reviewer {
  readonly id: string;
  readonly scope: Scope;
}

export interface ReviewAct extends Act {
  readonly decision: 'pass' | 'return' | 'refuse';
  readonly reason?: string | undefined;
  /** Everybody who may review, for levels that ask for all of them; the scope decides whom a record is routed to. */
  readonly roster: readonly Reviewer[];
}

/** Significant digits of a division's code by level. */
const digits: Readonly<Record<ReviewDivision, readonly number[]>> = { province: [2], city: [4], county: [6], town: [9, 12] };

/** Whether a record is routed to this scope at this level: the scope covers it, and one of its divisions is of the level. Whoever sees everything may. */
export const routedTo = (level: ReviewLevel, scope: Scope, record: Pick<Disbursement, 'authority' | 'division' | 'itemId'>): boolean => {
  if (scope.authorities !== null && !scope.authorities.includes(record.authority)) return false;
  if (scope.items !== null && !scope.items.includes(record.itemId)) return false;
  if (!coversDivision(scope, record.division)) return false;
  if (level.division === undefined || scope.divisions === null) return true;
  const wanted = digits[level.division];
  return scope.divisions.some(
    (code) => record.division?.startsWith(divisionPrefix(code)) === true && wanted.includes(divisionPrefix(code).length),
  );
};

/** The level a record stands at, 0 the first; as many as there are: all have passed. */
export const levelAt = (
  levels: readonly ReviewLevel[],
  votes: readonly Pick<Vote, 'level' | 'decision' | 'person'>[],
  roster: readonly Reviewer[],
  record: Pick<Disbursement, 'authority' | 'division' | 'itemId'>,
): number => {
  const at = levels.findIndex(
    (level, i) =>
      !passed(
        level,
        votes.filter((v) => v.level === i),
        roster,
        record,
      ),
  );
  return at < 0 ? levels.length : at;
};

const passed = (
  level: ReviewLevel,
  votes: readonly Pick<Vote, 'decision' | 'person'>[],
  roster: readonly Reviewer[],
  record: Pick<Disbursement, 'authority' | 'division' | 'itemId'>,
): boolean => {
  const passes = votes.filter((vote) => vote.decision === 'pass');
  const need = level.need ?? 'any';
  if (need === 'any') return passes.length >= 1;
  if (need !== 'all') return passes.length >= need;
  const routed = roster.filter((one) => routedTo(level, one.scope, record));
  return passes.length >= 1 && routed.every((one) => passes.some((vote) => vote.person === one.id));
};

/** What a word on a record comes to; carried out together with others of its transaction, because lines are withdrawn once, all at once. */
interface Decided {
  readonly record: Disbursement;
  readonly move: Move;
  readonly withdrawal: Withdrawal | null;
  readonly owed: Owed | null;
}

/** pass: on to the next level or step. return: back to be completed, `reason` says what. refuse: closed, the money goes back, the person is told why. */
export const review = async (tx: Tx, act: ReviewAct): Promise<Disbursement> => {
  const decided = await decide(tx, act);
  await carryOut(tx, [decided], act);
  return decided.record;
};

const decide = async (tx: Tx, act: ReviewAct): Promise<Decided> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, ['reviewing'], '审核');
  const reason = act.reason?.trim() ?? '';
  if (act.decision !== 'pass' && reason === '') fail('input.reason', '/reason', '请写明理由。', '理由会告知当事人并留痕，一两句话即可。');
  const around = await surroundings(tx, record, act);
  const levels = levelsOf(around.item, record.matchKind);
  const { round, votes } = await votesOf(tx, record);
  const at = levelAt(levels, votes, act.roster, record);
  const level = levels[Math.min(at, levels.length - 1)] as ReviewLevel;
  if (!routedTo(level, act.scope, record))
    fail('scope.review', record.id, `这条记录现在由“${level.name}”审核，不在您这一级。`, '请由负责这一级区划的审核人员办理。');
  if (votes.some((vote) => vote.person === act.actor.id))
    fail('state.same-person', record.id, '您已经审过这条记录。', '下一级要由另一人审核。');
  const vote = { level: at, person: act.actor.id, decision: act.decision, reason: reason || null } as const;
  await insertVote(tx, record, round, vote, act.now);
  const proof = { decision: act.decision, level: level.name };
  const shown = { record, by: 'reviewer' as const, reason: reason || null, proof };
  if (act.decision === 'pass') {
    const next = levelAt(levels, [...votes, vote], act.roster, record);
    const place = next >= levels.length ? enter(record, record.step + 1, around) : waiting(record, at, next, around);
    return { record, move: { ...shown, place }, withdrawal: null, owed: null };
  }
  if (act.decision === 'return') {
    const place: Place = { state: 'asking', step: record.step, ...askWindow(around.item.ask, around) };
    const payee = { ...payeeOf(record), gaps: [...record.gaps, `${returned}${reason}`] };
    return { record, move: { ...shown, place, payee }, withdrawal: null, owed: owedTo(record, 'sent-back', { reason }) };
  }
  const place: Place = { state: 'closed', step: record.step, windowFrom: null, dueOn: null };
  // A stop that is not confirmed changes nothing for anybody: there is nothing to give back and nothing to tell.
  if (record.lineId === null) return { record, move: { ...shown, place }, withdrawal: null, owed: null };
  const withdrawal = { subjectId: record.subjectId, id: record.lineId, itemId: record.itemId, reason };
  return {
    record,
    move: { ...shown, place },
    withdrawal,
    owed: owedTo(record, 'refused', { reason, dueOn: addDays(act.today, objectWithin(around.item)) }),
  };
};

const carryOut = async (tx: Tx, decided: readonly Decided[], act: Pick<Act, 'actor' | 'now'>): Promise<void> => {
  const by = { at: act.now, actor: act.actor.id, role: act.actor.role };
  const lines = new Map(decided.flatMap(({ withdrawal }) => (withdrawal === null ? [] : [[withdrawal.id, withdrawal] as const])));
  await withdrawLines(tx, [...lines.values()], by);
  await moveAll(
    tx,
    decided.map((one) => one.move),
    act.actor,
    act.now,
  );
  await owe(
    tx,
    decided.flatMap(({ owed }) => (owed === null ? [] : [owed])),
    act.now,
  );
};

/** Between two levels the record waits anew, with the next level's own limit; within one level its limit runs on. */
const waiting = (record: Disbursement, at: number, next: number, around: Surroundings): Place =>
  next === at ? stay(record, 'reviewing') : { state: 'reviewing', step: record.step, ...reviewWindow(record, next, around) };

export const owedTo = (record: Disbursement, template: OwedTemplate, detail: OwedDetail): Owed => ({
  subjectId: record.subjectId,
  itemId: record.itemId,
  version: record.version,
  matchId: record.matchId,
  disbursementId: record.id,
  template,
  detail,
});

export const payeeOf = (record: Disbursement): Payee => ({
  name: record.payeeName,
  subjectId: record.payeeSubjectId,
  account: record.account,
  bank: record.bank,
  bankCode: record.bankCode,
  gaps: record.gaps,
});

export interface BulkDecision {
  readonly id: string;
  readonly decision: ReviewAct['decision'];
  readonly reason?: string | undefined;
}

const most = 1_000;

/** Many records, each with its own decision and reason, all or none: every row that cannot be decided is named. Locks are taken in one order. */
export const reviewAll = async (
  tx: Tx,
  act: Omit<ReviewAct, 'id' | 'decision' | 'reason'>,
  rows: readonly BulkDecision[],
): Promise<number> => {
  if (rows.length > most) fail('input.rows', '', `一次最多 ${most} 条。`, '请分几次提交。');
  const seen = new Set<string>();
  const problems: Problem[] = [];
  const decided: Decided[] = [];
  for (const [i, row] of rows.entries()) {
    if (seen.has(row.id)) fail('input.repeated', `/${i}`, '同一条记录写了两次。', '每条写一次，写明一个意见。');
    seen.add(row.id);
  }
  for (const [i, row] of [...rows.entries()].sort(([, a], [, b]) => (a.id < b.id ? -1 : 1)))
    try {
      decided.push(await decide(tx, { ...act, ...row }));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems.map((one) => ({ ...one, at: `/${i}${one.at.startsWith('/') ? one.at : ''}` })));
    }
  if (problems.length > 0) throw new ProblemError(problems);
  await carryOut(tx, decided, act);
  return rows.length;
};
