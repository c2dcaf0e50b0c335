// A process of its own for test/db/embedded.test.ts: opens the data directory named by its argument, says `ready <url>` and waits to be killed.
import { ProblemError } from '../../src/base/problem.ts';
import { openEmbedded } from '../../src/db/embedded.ts';

const [dataDir = '', temporary] = process.argv.slice(2);
try {
  const server = await openEmbedded({ dataDir, nowMs: Date.now(), temporary: temporary === 'temporary' });
  process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  console.log(`ready ${server.url} ${server.startedFresh}`);
  setInterval(() => undefined, 1000);
} catch (error) {
  console.log(error instanceof ProblemError ? (error.problems[0]?.code ?? '') : String(error));
  process.exit(1);
}
