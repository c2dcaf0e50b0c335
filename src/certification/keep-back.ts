// What a certification does to the payments of its item: kept back while it is overdue, let go when the person has been seen. The lines and their periods
// stay what they are, so that every paused period is paid, and once. What a person holds stays held.
import { dayText } from '../base/day.ts';
import type { Tx } from '../db/handle.ts';
import { type Move, moveAll } from '../disbursement/store.ts';
import { type OwedTemplate, owe } from '../outbox/store.ts';
import type { Certify } from '../policy/certify.ts';
import type { Mover } from './certification.ts';
import { recordsIn } from './keep-back-store.ts';
import { type Certification, keptBackReason } from './store.ts';

export interface By {
  readonly id: string;
  readonly role: string;
  readonly mover: Mover;
}

/** Records go on by a certification that is done: where the person did it themselves, by machine. */
const moverOf = (by: By): 'machine' | 'reviewer' => (by.mover === 'reviewer' ? 'reviewer' : 'machine');

const here = (record: Move['record'], state: 'ready' | 'paused'): Move['place'] => ({
  state,
  step: record.step,
  windowFrom: null,
  dueOn: null,
});

/** Pauses what is ready to be paid; how many. */
export const keepBack = async (tx: Tx, turn: Certification, by: By, at: Date): Promise<number> => {
  const records = await recordsIn(tx, turn, ['ready']);
  const reason = keptBackReason(turn.state, turn.dueOn);
  await moveAll(
    tx,
    records.map((record) => ({ record, place: here(record, 'paused'), by: moverOf(by), reason, proof: { certification: turn.id } })),
    by,
    at,
  );
  return records.length;
};

/** Lets go what was paused; how many periods and how much, 分. */
export const letGo = async (tx: Tx, turn: Certification, by: By, at: Date): Promise<{ readonly count: number; readonly fen: bigint }> => {
  const records = await recordsIn(tx, turn, ['paused']);
  const moves = records.map((record) => ({
    record,
    place: here(record, 'ready'),
    by: moverOf(by),
    reason: `已于${turn.certifiedOn === null ? '' : dayText(turn.certifiedOn)}认证，恢复发放。`,
    proof: { certification: turn.id },
  }));
  await moveAll(tx, moves, by, at);
  return { count: records.length, fen: records.reduce((sum, record) => sum + record.amountFen, 0n) };
};

/** What the person is told: by when, how, and what was kept back. */
export const oweNotice = async (
  tx: Tx,
  turn: Certification,
  template: Extract<OwedTemplate, `certify${string}`>,
  told: { readonly terms: Certify; readonly at: Date; readonly count?: number; readonly fen?: bigint },
): Promise<void> => {
  const { terms, at, count, fen } = told;
  await owe(
    tx,
    [
      {
        subjectId: turn.subjectId,
        itemId: turn.itemId,
        version: turn.version,
        matchId: turn.matchId,
        disbursementId: null,
        template,
        detail: {
          dueOn: turn.dueOn,
          how: terms.how,
          clause: terms.clause,
          suspends: terms.late === 'suspend',
          ...(count === undefined ? {} : { count }),
          ...(fen === undefined || fen === 0n ? {} : { amountFen: String(fen), lines: count ?? 1 }),
        },
      },
    ],
    at,
  );
};

/** After the person was seen: the payments go on, and where they had been kept back, the person is told what is paid later. */
export const resume = async (tx: Tx, before: Certification, turn: Certification, terms: Certify, by: By, at: Date): Promise<number> => {
  const { count, fen } = await letGo(tx, turn, by, at);
  if (before.suspendedOn !== null) await oweNotice(tx, turn, 'certify-resumed', { terms, at, count, fen });
  return count;
};
