// The process that is killed at no named place. It is started ahead of its turn and waits, imports done, to be told which database to run on; a moment
// is then counted from `open` on, so that none of them is spent on starting Node.
import { openTestDatabase } from '../open.ts';
import { killItems, runOnce } from './kill-world.ts';

export interface Go {
  readonly ownerUrl: string;
  readonly starts: number;
}

process.once('message', async ({ ownerUrl, starts }: Go) => {
  const database = await openTestDatabase({ ownerUrl });
  process.send?.('open');
  await runOnce(database, killItems, { starts });
  process.send?.('done');
  await database.close();
  process.disconnect();
});
process.send?.('ready');
