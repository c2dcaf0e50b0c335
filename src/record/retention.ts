// The step that lets go: delivered files and refused rows past their dataset's retention. Hash, report and what was read out of them stay: decisions stand
// on their evidence, and that is kept with the matches.
import { auditAll } from '../audit/audit.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { removeKept } from '../vault/kept-store.ts';
import { emptyRefused, filesPast, type KeptOf, keptByDataset, type Term } from './retention-store.ts';

/** Three years where a dataset says nothing of its own. */
const usualDays = 1095;
const chunk = 50;

export interface RetentionTerm extends KeptOf {
  readonly days: number;
  /** The dataset's own term, or the usual one. */
  readonly own: boolean;
  /** When its oldest kept file may go; null: nothing is kept. */
  readonly nextAt: Date | null;
}

/** Every dataset with how long its delivered files and refused rows are kept, and when the next may go. */
export const retentionTerms = async (reader: Db | Tx, catalogue: Pick<Catalogue, 'datasets'>): Promise<readonly RetentionTerm[]> => {
  const kept = new Map((await keptByDataset(reader)).map((one) => [one.dataset, one]));
  return catalogue.datasets.map(({ id, retainDays }) => {
    const one = kept.get(id) ?? { dataset: id, files: 0, oldest: null, removed: 0, refused: 0 };
    const days = retainDays ?? usualDays;
    const nextAt = one.oldest === null ? null : new Date(one.oldest.getTime() + days * 86_400_000);
    return { ...one, days, own: retainDays !== undefined, nextAt };
  });
};

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
