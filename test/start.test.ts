// `start` as a newcomer meets it: killed in the middle and started again, started twice, a busy port, a clean stop, settings that are wrong.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '..');
const data = mkdtempSync(join(tmpdir(), 'zhixiang-start-'));
const children = new Set<ChildProcess>();

interface Started {
  readonly child: ChildProcess;
  readonly text: () => string;
  /** Resolves when the output holds the words; rejects when the process ends first. */
  until(words: string): Promise<void>;
  readonly ended: Promise<number | null>;
}

const start = (env: Record<string, string>, ...args: string[]): Started => {
  // vitest sets BASE_URL for itself.
  const { DATABASE_URL: _database, BASE_URL: _base, ...rest } = process.env;
  const child = spawn(process.execPath, ['src/cli.ts', 'start', '--firms', '30', '--residents', '150', ...args], {
    cwd: project,
    env: { ...rest, ZHIXIANG_DATA: data, ...env },
  });
  children.add(child);
  let text = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      for (const listener of listeners) listener();
    });
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const until = (words: string) =>
    new Promise<void>((done, reject) => {
      const look = () => {
        if (text.includes(words)) done();
      };
      listeners.add(look);
      void ended.then(() => reject(new Error(`ended before “${words}”:\n${text}`)));
      look();
    });
  return { child, text: () => text, until, ended };
};

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });

afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

describe('start', () => {
  it('goes on after kill -9, prints what a newcomer needs, repeats nothing, and stops when asked', async () => {
    const port = await freePort();
    const env = { PORT: String(port) };
    const killed = start(env);
    await killed.until('封存数据快照');
    killed.child.kill('SIGKILL');
    await killed.ended;

    const first = start(env);
    await first.until('按 Ctrl+C 停止');
    const address = `http://127.0.0.1:${port}`;
    expect(first.text()).toContain('luquan-gaoling');
    expect(first.text()).not.toContain('已停下');
    for (const path of ['/', '/healthz', '/openapi.json']) expect((await fetch(address + path)).status).toBe(200);
    const [, password = ''] = /^ {2}officer +(\S+)/m.exec(first.text()) ?? [];
    const signedIn = await fetch(`${address}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: address },
      body: JSON.stringify({ username: 'officer', password }),
    });
    expect(signedIn.status).toBe(200);

    const second = start({ PORT: String(await freePort()) });
    expect(await second.ended).not.toBe(0);
    expect(second.text()).toContain('正被另一个直享进程使用');

    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);

    const again = start(env);
    await again.until('按 Ctrl+C 停止');
    expect(again.text()).not.toContain('逐行核对入库');
    const totals = (text: string) => /份档案.*条符合.*条兑付记录/.exec(text)?.[0];
    expect(totals(again.text())).toBe(totals(first.text()));
    again.child.kill('SIGINT');
    expect(await again.ended).toBe(0);
  });

  it('says in one sentence that the port is taken, before it does anything else', async () => {
    const port = await freePort();
    const holder = createServer().listen(port, '127.0.0.1');
    const refused = start({ PORT: String(port), ZHIXIANG_DATA: join(data, 'unused') });
    expect(await refused.ended).not.toBe(0);
    expect(refused.text()).toContain(`端口 ${port} 已经被别的程序占用`);
    expect(refused.text()).not.toContain('PostgreSQL');
    holder.close();
  });

  it('names every wrong setting at once', async () => {
    const refused = start({ PORT: 'abc', SMTP_URL: 'http://mail', DATABASE_APP_URL: 'postgres://a@b/c' });
    expect(await refused.ended).not.toBe(0);
    for (const name of ['PORT', 'SMTP_URL', 'DATABASE_APP_URL']) expect(refused.text()).toContain(name);
  });
});
