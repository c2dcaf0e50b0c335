// The process that is killed: seals and runs the kill test's items once, dying at a named place. argv: owner's address, failpoint, which arrival, mode.

import { killAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { killItems, runOnce } from './kill-world.ts';

const [ownerUrl = '', name = '', nth = '1', mode = 'plain'] = process.argv.slice(2);
const database = await openTestDatabase({ ownerUrl });
await runOnce(database, killItems, { failpoint: name === '' ? undefined : killAt(name, Number(nth)), differ: mode === 'differ' });
await database.close();
