// Work is taken before it is done, so that two do not do the same: taken, given back, taken over with a reason. All of the rows picked or none; who was slower
// is told who has it.
import { auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Tx, transaction } from '../db/handle.ts';
import { type Assignment, assignmentsOf, changeAssignment } from './assignment-store.ts';
import { queues } from './desk-queues.ts';
import { type Clerk, type Listing, mustHold, queueRows } from './desk-rows.ts';
import type { QueueName } from './queue-titles.ts';

export const assignmentActs = ['take', 'release', 'over'] as const;
export type AssignmentAct = (typeof assignmentActs)[number];
const actions = { take: 'desk.take', release: 'desk.release', over: 'desk.take-over' } as const;

export interface Assigning {
  readonly queue: QueueName;
  readonly act: AssignmentAct;
  /** As the screen showed them. */
  readonly rows: readonly { readonly id: string; readonly version: number }[];
  readonly dueOn: Day | null;
  /** For taking over: why. */
  readonly reason: string;
  readonly today: Day;
  readonly now: Date;
}

const refused = (id: string, hint: string): never => fail('conflict.taken', id, '其中有一件刚被别人领走或放回，这次都没有改。', hint);

const checked = (act: AssignmentAct, one: Assignment | undefined, staff: Clerk, id: string): void => {
  const holder = one?.takenBy ?? null;
  if (act === 'take' && holder !== null) refused(id, holder === staff.userId ? '已经在您名下。' : '先看是谁在办；要替他办的，选“接手”。');
  if (act === 'release' && holder !== staff.userId) refused(id, '只能放回自己领的。');
  if (act === 'over' && (holder === null || holder === staff.userId)) refused(id, '没有别人领的，直接领取。');
};

/** Returns how many. Throws `scope.role`, `input.*`, `missing.object`, `conflict.taken`. */
export const assign = async (context: Listing, staff: Clerk, ask: Assigning): Promise<number> => {
  const { queue, act, dueOn, now } = ask;
  mustHold(staff, queues[queue].roles, queues[queue].title);
  const reason = ask.reason.trim();
  if (act === 'over' && reason.length < 2) fail('input.reason', '/reason', '请写明为什么接手。', '例如：原来的人休假。');
  if (dueOn !== null && dueOn < ask.today) fail('input.value', '/dueOn', '办完的日子在今天之前。', `最早填 ${ask.today}。`);
  const wanted = new Map(ask.rows.map((row) => [row.id, row.version]));
  const waiting = new Map((await queueRows(context, staff, queue)).rows.map((row) => [row.id, row.subjectId]));
  // One order for everybody: two who pick the same rows do not wait for each other.
  const ids = [...wanted.keys()].sort();
  for (const id of ids) if (!waiting.has(id)) fail('missing.object', id, '这一件已经不在这个队列里。', '可能有人先办了；刷新后再看。');
  await transaction(context.db, async (tx: Tx) => {
    const before = await assignmentsOf(tx, queue, ids);
    for (const id of ids) {
      checked(act, before.get(id), staff, id);
      const change = {
        ...{ queue, objectId: id, subjectId: waiting.get(id) ?? '', version: wanted.get(id) ?? 0, at: now },
        ...(act === 'release' ? { takenBy: null, dueOn: null } : { takenBy: staff.userId, dueOn }),
      };
      if (!(await changeAssignment(tx, change))) refused(id, '刷新后再领。');
    }
    await auditAll(
      tx,
      ids.map((id) => ({
        ...{ at: now, actor: staff.userId, role: staff.roles.join(','), action: actions[act], objectKind: 'desk', objectId: id },
        after: { queue, dueOn: act === 'release' ? null : dueOn, from: before.get(id)?.takenBy ?? null },
        ...(act === 'over' ? { reason } : {}),
      })),
    );
  });
  return ids.length;
};
