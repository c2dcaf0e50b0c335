// 请人决定: whoever an automated decision is about may have a person decide (personal information law, article 24): a no, a not yet, or an amount. It needs no
// record, because who does not qualify has none. A person answers within the item's term, with reasons; what was wrong in the data is put right where data
// are put right, and the item is decided anew. Nothing is paid by an answer alone.
import { randomUUID } from 'node:crypto';
import { addWorkingDays, type Day, type WorkingCalendar } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Tx } from '../db/handle.ts';
import { owe } from '../outbox/store.ts';
import type { Item } from '../policy/item.ts';
import { objectionDays } from '../policy/life.ts';
import type { Act } from './act.ts';
import { knownDocuments } from './ask-store.ts';
import {
  countOpen,
  endObjections,
  type HumanAbout,
  insertObjection,
  lockFiling,
  lockObjection,
  openHuman,
  registerOf,
} from './objection-store.ts';
import { realName, words } from './objector.ts';
import type { Actor } from './store.ts';

/** What a person is asked to look at, in words. */
export const humanAbouts: Readonly<Record<HumanAbout, string>> = {
  ineligible: '不符合的结论',
  undetermined: '还没有结论',
  amount: '金额',
};

/** Open at once, of one subject. */
const most = 5;

export interface HumanAsk {
  readonly subject: { readonly subjectId: string; readonly division: string | null; readonly name: string | null; readonly key: string };
  readonly item: Pick<Item, 'id' | 'authority' | 'objection'>;
  readonly version: number;
  readonly periodKey: string;
  readonly about: HumanAbout;
  /** Of the subject's own, where there is one. */
  readonly disbursementId: string | null;
  readonly text: string;
  readonly phone: string;
  readonly document?: string;
  readonly actor: Actor;
  readonly now: Date;
  readonly today: Day;
  readonly calendar: WorkingCalendar;
}

/** Returns its id. Throws `input.*`, `state.repeated` for one that is open about the same, `limit.objections`. */
export const askHuman = async (tx: Tx, ask: HumanAsk): Promise<string> => {
  const { subject, item, version, periodKey, about } = ask;
  const objector = realName({ name: subject.name ?? '', number: subject.key, phone: ask.phone });
  const text = words(ask.text, '/text', '哪里不对');
  if (ask.document !== undefined && !(await knownDocuments(tx, [ask.document])).has(ask.document))
    fail('input.document', '/document', '没有这份材料。', '请重新选择文件。');
  await lockFiling(tx, `human.${subject.subjectId}`);
  if ((await openHuman(tx, subject.subjectId, item.id, periodKey)) !== null)
    fail('state.repeated', '', '这一项已经请人看了，还没有答复。', '在“我提的事”里看办到哪一步。');
  if ((await countOpen(tx, 'human', { subjectId: subject.subjectId })) >= most)
    fail('limit.objections', '', `已有 ${most} 件在等答复。`, '等其中一件答复以后再提。');
  const dueOn = addWorkingDays(ask.today, objectionDays(item), ask.calendar);
  const id = randomUUID();
  const whom = {
    id: ask.disbursementId,
    subjectId: subject.subjectId,
    itemId: item.id,
    authority: item.authority,
    division: subject.division,
  };
  const one = { id, kind: 'human' as const, version, periodKey, about, objector, text, document: ask.document ?? null };
  await insertObjection(tx, whom, { ...one, dueOn, publicFrom: null, publicTo: null }, ask.actor, ask.now);
  return id;
};

/** A person's answer: `upheld`, the decision was wrong and the data are put right; `rejected`, it stands. Told to whom it is about, with the reasons. */
export const decideHuman = async (
  tx: Tx,
  act: Act & { readonly decision: 'upheld' | 'rejected'; readonly reason: string },
): Promise<void> => {
  const one = await lockObjection(tx, act.id, act.scope);
  if (one.state !== 'open') fail('state.objection', one.id, '这一件已经答复。', '请刷新后查看。');
  if (one.filedBy === act.actor.id) fail('state.same-person', one.id, '提出的人不能自己答复。', '请由另一人答复。');
  const reason = words(act.reason, '/reason', '答复和理由');
  await endObjections(tx, [one.id], act.decision, reason, act.actor, act.now);
  await owe(
    tx,
    [
      {
        subjectId: one.subjectId,
        itemId: one.itemId,
        version: one.version ?? 1,
        matchId: null,
        disbursementId: null,
        template: 'human-answer',
        detail: {
          reason,
          count: act.decision === 'upheld' ? 1 : 0,
          periodKey: one.periodKey ?? '',
          register: await registerOf(tx, one.subjectId),
          division: one.division,
          dueOn: null,
        },
      },
    ],
    act.now,
  );
};
