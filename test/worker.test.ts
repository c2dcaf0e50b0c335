// The Workers entry under the real runtime (`wrangler dev`, offline): /healthz, and a tick that chains the audit trail in a real PostgreSQL.
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { audit } from '../src/audit/audit.ts';
import { transaction } from '../src/db/handle.ts';
import { surelyCommitted } from './committed.ts';
import { testDatabase } from './database.ts';

const database = testDatabase();
const project = path.join(import.meta.dirname, '..');

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(address && typeof address === 'object' ? address.port : 0));
    });
  });

const startWorker = async (databaseUrl: string): Promise<string> => {
  const port = await freePort();
  const home = mkdtempSync(path.join(tmpdir(), 'zhixiang-worker-'));
  const wrangler = path.join(project, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
  const args = [wrangler, 'dev', '--local', '--test-scheduled', '--ip', '127.0.0.1', '--port', String(port), '--persist-to', home];
  const child = spawn(process.execPath, [...args, '--var', `DATABASE_URL:${databaseUrl}`], {
    cwd: project,
    // A group of its own, so that workerd ends with it; nothing is sent anywhere and nothing is written to the user's home.
    detached: true,
    stdio: 'ignore',
    env: {
      ...process.env,
      XDG_CONFIG_HOME: home,
      WRANGLER_LOG_PATH: home,
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    },
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  onTestFinished(async () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await Promise.race([ended, sleep(5000)]);
  });
  return `http://127.0.0.1:${port}`;
};

const answers = async (url: string): Promise<Response> => {
  for (let attempt = 0; attempt < 400; attempt++) {
    const response = await fetch(url).catch(() => null);
    if (response?.ok) return response;
    await sleep(100);
  }
  throw new Error(`${url} did not answer`);
};

test('answers /healthz and runs one scheduled tick against a real database', async () => {
  await transaction(database.db, (tx) =>
    audit(tx, { actor: 'a', role: 'r', action: 'x.y', objectKind: 'k', objectId: '1', at: new Date('2026-03-01T00:00:00Z') }),
  );
  const address = await startWorker(database.ownerUrl);
  expect(await (await answers(`${address}/healthz`)).json()).toEqual({ ok: true });
  expect((await fetch(`${address}/nothing`)).status).toBe(404);
  await surelyCommitted(database.sql);
  await answers(`${address}/__scheduled?cron=*+*+*+*+*`);
  expect(await database.sql`select position from audit_link`).toHaveLength(1);
});
