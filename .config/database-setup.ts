// vitest globalSetup: one PostgreSQL for the whole test run and one migrated template database in it, from which every test file copies its own.
// fsync is off here: these databases live for a minute, and only a power cut could tell the difference.
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import postgres from 'postgres';
import type { TestProject } from 'vitest/node';
import { openEmbedded } from '../src/db/embedded.ts';
import { migrate } from '../src/db/migrate.ts';

const memory = '/dev/shm';
const enough = 6 * 2 ** 30;

/** Memory, where there is plenty: each test file copies a database, hundreds of small files that nobody reads after it. The long tests hold too much for that. */
const roomiest = (): string => {
  if (process.env.ZHIXIANG_TEST_LONG === '1' || process.platform !== 'linux') return tmpdir();
  try {
    const { bavail, bsize } = statfsSync(memory);
    return Math.min(bavail * bsize, process.availableMemory()) > enough ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
};

/** What tests and the programs they start put into the folder for temporary files goes with the run, also where a test was killed half-way. */
const ownFolder = (): (() => void) => {
  const before = process.env.TMPDIR;
  const folder = mkdtempSync(path.join(roomiest(), 'zhixiang-tests-'));
  // PostgreSQL runs as a user of its own where root starts it, and must be able to walk through.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  return () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
};

export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const removeFolder = ownFolder();
  const given = process.env.DATABASE_URL;
  const server = given
    ? null
    : await openEmbedded({
        dataDir: mkdtempSync(path.join(tmpdir(), 'zhixiang-test-')),
        nowMs: Date.now(),
        temporary: true,
        durable: false,
      });
  const template = new URL(given ?? server?.url ?? '');
  const name = `zhixiang_template_${process.pid}`;
  template.pathname = '/postgres';
  const administrator = postgres(template.href, { max: 1, onnotice: () => undefined });
  await administrator`create database ${administrator(name)} template template0`;
  template.pathname = `/${name}`;
  await migrate({ ownerUrl: template.href });
  project.provide('templateUrl', template.href);
  return async () => {
    if (!server) await administrator`drop database if exists ${administrator(name)} with (force)`;
    await administrator.end();
    await server?.stop();
    removeFolder();
  };
};
