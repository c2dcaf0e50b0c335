// The program of `bench-runner.ts`: told where the database is, it runs and decides events as it is asked to, one after the other, until nobody asks any more.
import { openAsOwner } from '../db/handle.ts';
import { runItems } from '../match/run.ts';
import { liveItems } from '../policy/store.ts';
import { cityDefaults } from '../sample/city.ts';
import { openShared } from '../vault/hold.ts';
import { measured } from './bench-cost.ts';
import { decideEvents } from './bench-little.ts';
import type { DecidedEvents, Ran, RunnerAnswer, RunnerAsk, RunnerGround } from './bench-runner.ts';

const work = async ({ share, catalogue }: RunnerGround) => {
  const database = await openShared(share, 8);
  const { db } = database;
  const items = await liveItems(db);
  const run = async (snapshotId: string, at: Date): Promise<Ran> => {
    const ask = { snapshotId, items, catalogue, ledgerCut: 0n, at, actor: 'bench' };
    const { out, ...cost } = await measured(db, () => runItems(db, ask));
    const stopped = out.items.filter((item) => item.stopped !== null && !item.held);
    if (stopped.length > 0) throw new Error(`stopped: ${stopped.map((item) => `${item.itemId} ${item.stopped}`).join('; ')}`);
    const written = out.items.reduce((sum, item) => sum + Object.values(item.written).reduce((n, one) => n + (one ?? 0), 0), 0);
    return { ...cost, items: out.items.length, written };
  };
  const events = async (count: number, at: Date): Promise<DecidedEvents> => {
    const owner = openAsOwner(share.database.ownerUrl);
    try {
      const ground = { db, owner: owner.db, catalogue, items, today: cityDefaults.asOf, now: () => at };
      const { out, ...cost } = await measured(db, () => decideEvents(ground, count));
      return { ...cost, times: out };
    } finally {
      await owner.close();
    }
  };
  return { run, events, close: () => database.close() };
};

let working: ReturnType<typeof work> | null = null;

const answer = async (ask: RunnerAsk): Promise<RunnerAnswer> => {
  try {
    const { run, events } = await (working as ReturnType<typeof work>);
    return 'run' in ask ? { ran: await run(ask.run, ask.at) } : { decided: await events(ask.events, ask.at) };
  } catch (error) {
    return { failed: error instanceof Error ? (error.stack ?? error.message) : 'unknown' };
  }
};

process.on('message', (word: RunnerGround | RunnerAsk) => {
  if ('share' in word) {
    working = work(word);
    // Told with the first answer.
    working.catch(() => undefined);
  } else void answer(word).then((said) => process.send?.(said));
});
process.once('disconnect', () => void working?.then(({ close }) => close()));
