// A table back in: decisions with a reason for each row. A row carries a mark of how it stood when it left: whoever has acted on it since makes it stale, and
// it is refused. Each row is decided by itself, with its own entry in the trail; the same file again does nothing.

import { attestStateNames } from '../attest/attest.ts';
import { lockAttestation } from '../attest/store.ts';
import { fail, type Problem, ProblemError } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { certificationStates } from '../certification/certification.ts';
import { lockTurn } from '../certification/store.ts';
import { type Tx, transaction } from '../db/handle.ts';
import { lockObjection, objectionById, objectionStates } from '../disbursement/objection-store.ts';
import { states } from '../disbursement/states.ts';
import { lockOne } from '../disbursement/store.ts';
import { ratingById } from '../rating/store.ts';
import { lockTicket } from '../ticket/store.ts';
import { ticketStateNames } from '../ticket/ticket.ts';
import type { ActContext } from './acts.ts';
import { assignmentsOf, freeAssignment } from './assignment-store.ts';
import { isUuid } from './cursor.ts';
import { type Choice, type Queue, type QueueName, queues } from './desk-queues.ts';
import { type Clerk, markOf, mustHold } from './desk-rows.ts';
import type { Returned } from './desk-sheet.ts';
import { decidedBefore, insertDecision } from './desk-store.ts';
import { actOf, reviewersOf } from './life.ts';

/** `done`: decided now. `would`: would be, in a preview. `already`: by this file or the same word before. `left`: nothing was written in the row. */
export type Outcome = 'done' | 'would' | 'already' | 'refused' | 'left';
export const outcomeNames = {
  done: '已办理',
  would: '可以办理',
  already: '以前已照此办理',
  refused: '没有办理',
  left: '没有填写',
} as const satisfies Record<Outcome, string>;

export interface RowReport {
  readonly line: number;
  readonly id: string;
  readonly decision: string;
  readonly outcome: Outcome;
  /** What came of it, or would: from where to where. */
  readonly effect: string | null;
  readonly problems: readonly Problem[];
}

/** Thrown to take back what a preview did. */
class Preview extends Error {
  readonly effect: string | null;
  constructor(effect: string | null) {
    super('preview');
    this.effect = effect;
  }
}

/**
 * Decides row by row, each in a transaction of its own: one that cannot be decided keeps no other back, and is told with its reason. `dryRun` does the same
 * and takes it back. Throws `scope.role` for an account that may not work on the queue at all.
 */
export const decideRows = async (
  context: ActContext,
  staff: Clerk,
  ask: { readonly queue: QueueName; readonly file: string; readonly rows: readonly Returned[]; readonly dryRun: boolean },
): Promise<readonly RowReport[]> => {
  const queue: Queue = queues[ask.queue];
  mustHold(staff, queue.roles, queue.title);
  const act = await actOf(context, staff, queue.roles);
  const roster = await reviewersOf(context.db);
  const seen = new Set<string>();
  const reports: RowReport[] = [];
  for (const row of ask.rows) {
    const told = { line: row.line, id: row.id, decision: row.decision };
    if (row.decision === '' && row.reason === '') {
      reports.push({ ...told, outcome: 'left', effect: null, problems: [] });
      continue;
    }
    try {
      const choice = checked(queue, row, seen);
      mustHold(staff, choice.roles ?? queue.roles, row.decision);
      const work = transaction(context.db, async (tx) => {
        const done = await decideOne(tx, {
          queue: ask.queue,
          file: ask.file,
          row,
          choice,
          act: { ...act, id: row.id },
          roster,
          catalogue: context.catalogue,
        });
        if (ask.dryRun) throw new Preview(done.effect);
        return done;
      });
      const done = await work.catch((error: unknown) => {
        if (error instanceof Preview) return { already: false, effect: error.effect };
        throw error;
      });
      reports.push({ ...told, outcome: done.already ? 'already' : ask.dryRun ? 'would' : 'done', effect: done.effect, problems: [] });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      reports.push({ ...told, outcome: 'refused', effect: null, problems: error.problems });
    }
  }
  return reports;
};

const checked = (queue: Queue, row: Returned, seen: Set<string>): Choice => {
  if (!isUuid(row.id)) fail('input.value', '/编号', '编号不对。', '编号和校验两列照导出的留着，不要改。');
  if (seen.has(row.id)) fail('input.repeated', '/编号', '这一条在表里写了不止一次，照先写的办理。', '每条写一次，写明一个意见。');
  seen.add(row.id);
  const choice = Object.hasOwn(queue.choices, row.decision) ? queue.choices[row.decision] : undefined;
  if (row.decision === '')
    return fail('input.decision', '/意见', '写了理由，没有写意见。', `可写：${Object.keys(queue.choices).join('、')}。`);
  if (choice === undefined) return fail('input.decision', '/意见', '不认识这个意见。', `可写：${Object.keys(queue.choices).join('、')}。`);
  if (row.reason.length < 2 || row.reason.length > 600)
    fail('input.reason', '/理由', '请写明理由。', '每条都要写，2 到 600 个字；理由会留痕。');
  return choice;
};

interface Deciding {
  readonly queue: QueueName;
  readonly file: string;
  readonly row: Returned;
  readonly choice: Choice;
  readonly act: Parameters<Choice['work']>[1]['act'];
  readonly roster: Parameters<Choice['work']>[1]['roster'];
  readonly catalogue: Parameters<Choice['work']>[1]['catalogue'];
}

interface Standing {
  readonly kind: string;
  readonly subjectId: string;
  readonly revision: number | null;
  readonly mark: string;
  readonly text: string;
}

/** How a row of what is no record stands now; null: the queue is of records. */
const standingBeside = async (tx: Tx, queue: QueueName, id: string, scope: Scope): Promise<Standing | null> => {
  const told = (kind: string, subjectId: string, text: string, ...stand: readonly unknown[]): Standing => ({
    ...{ kind, subjectId, revision: null, mark: markOf(tx, queue, id, stand), text },
  });
  if (queue === 'attestations') {
    const one = await lockAttestation(tx, id, scope);
    return told('attestation', one.subjectId, attestStateNames[one.state], one.state);
  }
  if (queue === 'certifications') {
    const one = await lockTurn(tx, { id }, scope);
    if (one === null) return fail('missing.certification', id, '没有这次资格认证，或者不在您的范围内。', '请重新导出。');
    return told('certification', one.subjectId, certificationStates[one.state].text, one.revision);
  }
  if (queue === 'ratings') {
    const one = await ratingById(tx, id, scope);
    return told('rating', one.subjectId, one.answer === null ? '等答复' : '已答复', one.answer === null ? 'open' : 'answered');
  }
  return null;
};

/** How a row stands now, under its lock. */
const standing = async (tx: Tx, queue: QueueName, id: string, scope: Scope): Promise<Standing> => {
  const beside = await standingBeside(tx, queue, id, scope);
  if (beside !== null) return beside;
  if (queue === 'corrections') {
    const ticket = await lockTicket(tx, id, scope);
    const stand = [ticket.state, ticket.answeredAt?.getTime() ?? 0];
    return {
      kind: 'ticket',
      subjectId: ticket.subjectId,
      revision: null,
      mark: markOf(tx, queue, id, stand),
      text: ticketStateNames[ticket.state],
    };
  }
  if (queue === 'objections') {
    const seen = await objectionById(tx, id, scope);
    if (seen.kind === 'human' || seen.disbursementId === null) {
      const { state, subjectId } = await lockObjection(tx, id, scope);
      const mark = markOf(tx, queue, id, [state, 0]);
      return { kind: 'objection', subjectId, revision: null, mark, text: objectionStates[state] };
    }
    const record = await lockOne(tx, seen.disbursementId, scope);
    // Under the record's lock nothing of its objections moves.
    const { state } = await objectionById(tx, id, scope);
    const mark = markOf(tx, queue, id, [state, record.revision]);
    return { kind: 'objection', subjectId: record.subjectId, revision: null, mark, text: states[record.state].text };
  }
  const record = await lockOne(tx, id, scope);
  const mark = markOf(tx, queue, id, [record.revision]);
  return {
    kind: 'disbursement',
    subjectId: record.subjectId,
    revision: record.revision,
    mark,
    text: states[record.state].text,
  };
};

const decideOne = async (
  tx: Tx,
  { queue, file, row, choice, act, roster, catalogue }: Deciding,
): Promise<{ readonly already: boolean; readonly effect: string | null }> => {
  const before = await standing(tx, queue, row.id, act.scope);
  const earlier = await decidedBefore(tx, { queue, objectId: row.id, version: row.mark });
  if (earlier !== null) {
    if (earlier.decision === row.decision && earlier.reason === row.reason && earlier.actor === act.actor.id)
      return { already: true, effect: null };
    fail('conflict.decided', row.id, `这一条已由表格办理过，意见是“${earlier.decision}”，没有再办。`, '请重新导出，看它现在的状态。');
  }
  if (before.mark !== row.mark)
    fail('conflict.changed', row.id, '这一条导出之后已经有变动，没有办理。', '请重新导出，看它现在的状态再定。');
  const holder = (await assignmentsOf(tx, queue, [row.id])).get(row.id)?.takenBy ?? null;
  if (holder !== null && holder !== act.actor.id)
    fail('conflict.taken', row.id, '这一件别人已经领去办，没有再办。', '要替他办的，先在队列里“接手”并写明理由。');
  await choice.work(tx, { act, roster, catalogue, reason: row.reason, cell: (column) => row.more.get(column) || undefined });
  const { kind: objectKind, subjectId, revision } = before;
  const decision = {
    queue,
    objectKind,
    objectId: row.id,
    subjectId,
    version: row.mark,
    revision,
    decision: row.decision,
    reason: row.reason,
    file,
  };
  await insertDecision(tx, decision, act.actor, act.now);
  await freeAssignment(tx, { queue, objectId: row.id, subjectId, at: act.now });
  const { text: after } = await standing(tx, queue, row.id, act.scope);
  return { already: false, effect: before.text === after ? `${after}（不变）` : `${before.text} → ${after}` };
};
