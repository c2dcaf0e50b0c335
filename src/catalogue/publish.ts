// Publishing a catalogue: what data mean is law of the house like the rules that read them, so it takes two people and leaves its trace.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, transaction } from '../db/handle.ts';
import type { Catalogue } from './catalogue.ts';
import { insertCatalogue, newestNumber, numberOf } from './store.ts';

export interface CataloguePublishing {
  readonly catalogue: Catalogue;
  readonly maker: string;
  readonly checker: string;
  readonly at: Date;
}

/** The same content is never published twice, not even by two processes at once (unique hash, unique number). Throws `state.same-person`. */
export const publishCatalogue = async (
  db: Db,
  publishing: CataloguePublishing,
): Promise<{ readonly number: number; readonly published: boolean }> => {
  const { catalogue, maker, checker, at } = publishing;
  if (maker === checker) fail('state.same-person', '', '指标目录的编制人与复核人是同一人。', '请另一位复核人发布。');
  // Two first starts may race for a number or for the hash: whoever loses looks again; a third try would mean a third competitor each time.
  for (let attempt = 0; attempt < 5; attempt++) {
    const done = await transaction(db, async (tx) => {
      const before = await numberOf(tx, catalogue.hash);
      if (before !== null) return { number: before, published: false };
      const number = (await newestNumber(tx)) + 1;
      if (!(await insertCatalogue(tx, { number, catalogue, maker, checker, at }))) return null;
      await audit(tx, {
        actor: checker,
        role: 'checker',
        action: 'catalogue.publish',
        objectKind: 'catalogue_version',
        objectId: String(number),
        after: { hash: catalogue.hash, maker, checker },
        at,
      });
      return { number, published: true };
    });
    if (done !== null) return done;
  }
  throw new Error('catalogue: five publishers at once');
};
