// A process that is stopped (SIGSTOP) with a chunk in its hands, and goes on when it is told to. argv: owner's address, failpoint.
import { openTestDatabase } from '../open.ts';
import { killItems, runOnce } from './kill-world.ts';

const [ownerUrl = '', name = ''] = process.argv.slice(2);
const database = await openTestDatabase({ ownerUrl });
let stopped = false;
await runOnce(database, killItems, {
  failpoint: (here) => {
    if (here !== name || stopped) return;
    stopped = true;
    process.kill(process.pid, 'SIGSTOP');
  },
});
await database.close();
