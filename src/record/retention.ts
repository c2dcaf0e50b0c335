// The step that lets go: delivered files and refused rows past their dataset's retention. Hash, report and what was read out of them stay: decisions stand
// on their evidence, and that is kept with the matches.
import { auditAll } from '../audit/audit.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { removeKept } from '../vault/kept-store.ts';
import { emptyRefused, filesPast, type Term } from './retention-store.ts';

/** Three years where a dataset says nothing of its own. */
const usualDays = 1095;
const chunk = 50;

export interface RetentionReport {
  readonly files: number;
  /** Deliveries whose refused rows were emptied. */
  readonly deliveries: number;
}

/** In bounded chunks, each a transaction with its audit rows; finds nothing the second time. */
export const removePast = async (db: Db, catalogue: Pick<Catalogue, 'datasets'>, now: Date): Promise<RetentionReport> => {
  const terms = catalogue.datasets.flatMap((d): Term[] => (d.retainDays === undefined ? [] : [{ dataset: d.id, days: d.retainDays }]));
  const entry = (action: string, objectKind: string, objectId: string) =>
    ({ actor: 'step:retention', role: 'system', action, objectKind, objectId, reason: '已过保存期。', at: now }) as const;
  let [files, deliveries] = [0, 0];
  for (let more = true; more; ) {
    const done = await transaction(db, async (tx) => {
      const hashes = await filesPast(tx, terms, usualDays, now, chunk);
      for (const sha256 of hashes) await removeKept(tx, sha256, now);
      const emptied = await emptyRefused(tx, terms, usualDays, now, chunk);
      await auditAll(tx, [
        ...hashes.map((sha256) => entry('kept-file.remove', 'kept-file', sha256)),
        ...emptied.map((id) => entry('delivery.empty-refused', 'delivery', id)),
      ]);
      return { files: hashes.length, deliveries: emptied.length };
    });
    files += done.files;
    deliveries += done.deliveries;
    more = done.files === chunk || done.deliveries === chunk;
  }
  return { files, deliveries };
};
