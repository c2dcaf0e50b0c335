// What a delivery that lands does to held ones: it takes the place of those it speaks for as well, and corrected rows settle the one they belong to.
import { audit } from '../audit/audit.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { covers } from './coverage.ts';
import * as store from './delivery-store.ts';
import type { Plan } from './import.ts';
import { treeOf } from './lookup.ts';

/** Whoever decides without being a person; what it does needs no second pair of eyes, because a person did the deciding part. */
const machine = { by: 'step:import', role: 'system' } as const;

/** In the transaction of the landing. `nameless`: rows of the landing delivery whose subject cannot be read. */
export const settleHeld = async (
  tx: Tx,
  plan: Plan,
  deliveryId: string,
  rows: { readonly read: number; readonly nameless: number },
): Promise<void> => {
  const { corrected } = plan;
  if (corrected === null) {
    if (plan.request.kind !== 'changes') await supersede(tx, plan, deliveryId);
    return;
  }
  // Every refused row has come back and each names somebody: what held the delivery is gone.
  const settled =
    rows.nameless === 0 && rows.read >= corrected.rowsBad && corrected.held?.reasons.every((r) => r.kind === 'nameless') === true;
  if (settled) await decideAs(tx, plan, corrected, 'accepted', `退回的 ${corrected.rowsBad} 行都已由交付 ${deliveryId} 更正`);
};

/** A later word about everybody in the scope; of the same day, the corrected file. */
const supersede = async (tx: Tx, plan: Plan, deliveryId: string): Promise<void> => {
  const divisions = treeOf(plan.catalogue, 'division');
  for (const held of await store.deliveriesIn(tx, 'held')) {
    const replaced =
      held.id !== deliveryId &&
      held.dataset === plan.dataset.id &&
      held.asOf <= plan.delivery.asOf &&
      covers(divisions, plan.request.division, held.scope.division);
    if (replaced) await decideAs(tx, plan, held, 'rejected', `已由交付 ${deliveryId} 取代`);
  }
};

const decideAs = async (tx: Tx, plan: Plan, held: store.DeliveryRow, state: 'accepted' | 'rejected', reason: string): Promise<void> => {
  const at = plan.delivery.receivedAt;
  if (!(await store.decide(rawSql(tx), held.id, { state, by: machine.by, reason, at }))) return;
  await audit(tx, {
    actor: machine.by,
    role: machine.role,
    scope: held.scope,
    action: state === 'accepted' ? 'delivery.accept' : 'delivery.reject',
    objectKind: 'delivery',
    objectId: held.id,
    before: { state: 'held' },
    after: { state, dataset: held.dataset, asOf: held.asOf },
    reason,
    at,
  });
};
