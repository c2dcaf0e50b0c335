// A held delivery and the person who decides about it: accepted, it is landed from the kept file as if it had just come; rejected, it never is. Acceptance
// is a state of its own, so that landing, which takes a while, may be killed and done again by whoever comes next.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { coversDivision, type Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, rawSql, transaction } from '../db/handle.ts';
import { openKept } from '../vault/kept.ts';
import * as store from './delivery-store.ts';
import { type ImportOptions, type ImportReport, type ImportRequest, importDelivery, reportOf } from './import.ts';
import { spooled } from './spool.ts';

export interface Decision {
  readonly deliveryId: string;
  readonly answer: 'accept' | 'reject';
  /** Account id of whoever decides; not the one who brought the delivery. */
  readonly by: string;
  readonly role: string;
  readonly reason: string;
  /** Deliveries outside it are not there. */
  readonly scope: Scope;
  /** The digests that were on the screen: what changed since is not accepted unseen. */
  readonly seen?: readonly string[];
}

/** Every entry of deliveries comes through here: the import, and whatever its landing set free. Refusals as in `importDelivery`. */
export const receive = async (db: Db, catalogue: Catalogue, request: ImportRequest, options: ImportOptions): Promise<ImportReport> => {
  const report = await importDelivery(db, catalogue, request, options);
  if (request.corrects !== undefined) await landAccepted(db, catalogue, options, request.corrects);
  return report;
};

/** Refuses with `missing.delivery`, `state.delivery` (not held any more), `state.delivery-changed`, `scope.second-person`, `input.reason`. */
export const decideDelivery = async (db: Db, catalogue: Catalogue, decision: Decision, options: ImportOptions): Promise<ImportReport> => {
  const reason = decision.reason.trim();
  if ([...reason].length < 2) fail('input.reason', '', '没有写理由。', '写明为什么这样决定，例如核对了什么、问了谁。');
  await transaction(db, async (tx) => {
    const sql = rawSql(tx);
    const found = await store.deliveryById(tx, decision.deliveryId);
    const delivery = found !== null && coversDivision(decision.scope, found.scope.division) ? found : null;
    if (delivery === null) return fail('missing.delivery', decision.deliveryId, '没有这次交付，或者不在您的范围内。', '请核对编号。');
    if (delivery.receivedBy === decision.by) fail('scope.second-person', '', '报送的人不能自己放行或否决。', '请由另一位数据管理员决定。');
    if (decision.seen !== undefined && JSON.stringify(decision.seen) !== JSON.stringify(delivery.held?.digests ?? []))
      fail('state.delivery-changed', '', '这次交付的情况在您看过之后变了。', '请重新看一遍差异再决定。');
    const state = decision.answer === 'accept' ? 'accepted' : 'rejected';
    if (!(await store.decide(sql, delivery.id, { state, by: decision.by, reason, at: options.now })))
      fail('state.delivery', '', '这次交付不在等待决定。', '请刷新后看它现在的状态。');
    await audit(tx, {
      actor: decision.by,
      role: decision.role,
      scope: delivery.scope,
      action: `delivery.${decision.answer}`,
      objectKind: 'delivery',
      objectId: delivery.id,
      before: { state: 'held', reasons: delivery.held?.reasons },
      after: { state, dataset: delivery.dataset, asOf: delivery.asOf },
      reason,
      at: options.now,
    });
  });
  await options.at?.('decide.decided');
  if (decision.answer === 'accept') await landAccepted(db, catalogue, options, decision.deliveryId);
  return reportOf(db, decision.deliveryId, false);
};

/** Lands what was accepted and has not landed yet; `only` that one. Returns how many it brought to an end. */
export const landAccepted = async (db: Db, catalogue: Catalogue, options: ImportOptions, only?: string): Promise<number> => {
  let landed = 0;
  for (const delivery of await store.deliveriesIn(db, 'accepted')) {
    if (only !== undefined && delivery.id !== only) continue;
    if (delivery.held === null) continue;
    const { request } = delivery.held;
    await spooled(openKept(db, delivery.sha256), (content) => importDelivery(db, catalogue, { ...request, content }, options));
    landed++;
  }
  return landed;
};
