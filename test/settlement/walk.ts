// One turn of every money step, as the schedule drives them; also a program of its own, for tests that kill it:
// `node test/settlement/walk.ts <owner url> <failpoint> <nth>`.
import { pathToFileURL } from 'node:url';
import type { Failpoint } from '../../src/db/failpoint.ts';
import type { Database } from '../../src/db/handle.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { tell } from '../../src/notice/tell.ts';
import { settle } from '../../src/settlement/settle.ts';
import { killAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { stepsOn } from './ground.ts';

export const walk = async (database: Pick<Database, 'db'>, at?: Failpoint, chunk = 7): Promise<void> => {
  const steps = stepsOn();
  const more = { chunk, ...(at === undefined ? {} : { at }) };
  await settle(database.db, { ...steps.settle, ...more });
  await prefill(database.db, { ...steps.prefill, ...more });
  await advance(database.db, { ...steps.advance, ...more });
  await tell(database.db, { ...steps.tell, ...more });
  await advance(database.db, { ...steps.advance, ...more });
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , ownerUrl = '', name = '', nth = '1'] = process.argv;
  const database = await openTestDatabase({ ownerUrl, maxConnections: 2 });
  await walk(database, killAt(name, Number(nth)));
  await database.close();
}
