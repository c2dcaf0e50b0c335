// Before a run decides anybody: the ranks and pools of its items are frozen; an item whose two ways of counting disagree is stopped.
import { audit } from '../audit/audit.ts';
import type { Failpoint } from '../db/failpoint.ts';
import { type Db, transaction } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { type SecondClosing, secondClosing } from '../policy/second-closing.ts';
import { freeze } from './closing.ts';
import { ClosingsDiffer } from './closing-entries.ts';
import type { Frozen } from './closing-store.ts';
import type { Frame } from './frame.ts';
import type { PlannedItem } from './plan.ts';
import { stopItem } from './plan-store.ts';

interface Closing {
  readonly runId: string;
  readonly ledgerCut: bigint;
  readonly compiled: ReadonlyMap<PlannedItem, CompiledItem>;
  readonly frame: Frame;
  readonly closingOpinion?: SecondClosing;
  readonly afresh?: boolean;
  readonly at: Date;
  readonly actor: string;
  readonly failpoint: Failpoint;
}

/** Per item with ranks or pools its frozen tables; an item that was stopped has none. */
export const closeAll = async (db: Db, run: Closing): Promise<ReadonlyMap<PlannedItem, readonly Frozen[]>> => {
  const out = new Map<PlannedItem, readonly Frozen[]>();
  // One block for all of them, read with what they need and no more.
  run.frame.narrow([...run.compiled.values()].filter((compiled) => compiled.closings.length > 0));
  for (const [planned, compiled] of run.compiled) {
    if (compiled.closings.length === 0) continue;
    try {
      out.set(planned, await freeze(db, { ...run, second: run.closingOpinion ?? secondClosing, planned, compiled }));
    } catch (error) {
      if (!(error instanceof ClosingsDiffer)) throw error;
      await stop(db, run, planned, error);
    }
  }
  return out;
};

const stop = async (db: Db, { runId, at, actor }: Closing, planned: PlannedItem, error: ClosingsDiffer): Promise<void> =>
  await transaction(db, async (tx) => {
    const { id } = planned.version.item;
    if (!(await stopItem(tx, { runId, itemId: id }, error.sentence))) return;
    const after = { item: id, period: planned.period.key, subject: error.subjectId };
    const what = { actor, role: 'system', action: 'run.stop-item', objectKind: 'run', objectId: runId };
    await audit(tx, { ...what, after, reason: error.sentence, at });
  });
