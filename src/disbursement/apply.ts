// Applying 提交申请 (mode `apply`): the form is pre-filled, the person adds the named documents and hands it in; from then the review has a limit.
import { addWorkingDays } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Tx } from '../db/handle.ts';
import { type Act, requireState, surroundings } from './act.ts';
import { insertApplication, knownDocuments } from './ask-store.ts';
import type { Disbursement } from './disbursement.ts';
import { enter } from './flow.ts';
import { lockOne, moveAll } from './store.ts';

export interface Submit extends Act {
  readonly by: 'beneficiary' | 'reviewer';
  /** attachment id → sha256 of the kept scan */
  readonly attachments: Readonly<Record<string, string>>;
  /** Staff who take it in over the counter say so. */
  readonly reason?: string | undefined;
}

/** Hands the application in; every required document must be there, none that the item does not name. */
export const submit = async (tx: Tx, act: Submit): Promise<Disbursement> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, ['applying'], '提交申请');
  const around = await surroundings(tx, record, act);
  const wanted = around.item.apply?.attachments ?? [];
  const known = await knownDocuments(tx, Object.values(act.attachments));
  for (const [id, sha256] of Object.entries(act.attachments)) {
    const one = wanted.find((attachment) => attachment.id === id);
    if (one === undefined)
      return fail('input.value', `/attachments/${id.slice(0, 40)}`, '这个事项没有要这份材料。', '材料清单见事项的说明。');
    if (!known.has(sha256)) fail('input.document', `/attachments/${id}`, `“${one.title}”没有上传。`, '先上传扫描件，再填它的哈希。');
  }
  const missing = wanted.filter((one) => one.required !== false && act.attachments[one.id] === undefined).map((one) => one.title);
  if (missing.length > 0) fail('input.document', '/attachments', `还缺：${missing.join('、')}。`, '材料齐了才能提交。');
  const limit = around.item.apply?.reviewWorkingDays;
  const reviewBy = limit === undefined ? null : addWorkingDays(act.today, limit, act.calendar);
  await insertApplication(tx, record, { attachments: act.attachments, reviewBy }, act.actor, act.now);
  const place = enter(record, record.step + 1, around);
  const proof = { application: Object.keys(act.attachments), reviewBy };
  await moveAll(tx, [{ record, place, by: act.by, reason: act.reason ?? null, proof }], act.actor, act.now);
  return record;
};
