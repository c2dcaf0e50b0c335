// How a command reaches the product's own server while `npm start` runs it: the same data directory, a connection beside it, nothing started or stopped.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findGround } from './ground.ts';
import { processStart } from './lock.ts';

/** Owner's address of the server that another process of ours runs on this data directory, or null when none does. */
export const runningServer = (dataDir: string): string | null => {
  try {
    const holder = JSON.parse(readFileSync(path.join(dataDir, 'lock'), 'utf8')) as { pid: number; started: string };
    if (processStart(holder.pid) !== holder.started) return null;
    const { home } = findGround(path.resolve(dataDir), () => undefined);
    const lines = readFileSync(path.join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n');
    const password = readFileSync(path.join(home, 'postgres.password'), 'utf8').trim();
    const port = Number(lines[3]);
    return lines[7]?.trim() === 'ready' && port > 0 ? `postgres://zhixiang:${password}@127.0.0.1:${port}/zhixiang` : null;
  } catch {
    // No lock, no server, or not ours to read: the caller opens it itself and gets the full explanation there.
    return null;
  }
};
