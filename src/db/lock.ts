// One process per data directory: a lock file that names its holder by pid, start time and boot, so that a lock left by `kill -9` is known to be stale.
// PostgreSQL's own postmaster.pid guards the cluster as well; this lock exists for the message and for what lies beside the cluster.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fail } from '../base/problem.ts';

export interface Holder {
  readonly pid: number;
  /** Start time as the system tells it; a pid alone is used again, soonest inside containers. */
  readonly started: string;
  readonly boot: string;
  readonly token: string;
}

export interface Lock {
  /** True when the lock of a dead process was taken over: whatever it had started may still run. */
  readonly tookOver: boolean;
  release(): void;
}

const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
};

/** The start time of a process, null when no such process lives. Field 22 of /proc/<pid>/stat; `ps` where there is no /proc. */
export const processStart = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may itself hold blanks and brackets: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    if (process.platform === 'linux') return null;
    const ps = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
    return ps.status === 0 ? ps.stdout.trim() : null;
  }
};

const readHolder = (file: string): Holder | 'none' | 'broken' => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'none';
    throw error;
  }
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isInteger(holder.pid) ? holder : 'broken';
  } catch {
    return 'broken';
  }
};

const alive = (holder: Holder): boolean => holder.boot === bootId() && processStart(holder.pid) === holder.started;

/** A file cut off by a full disk or a kill while writing counts as held for a moment only: its writer may be about to finish. */
const freshlyWritten = (file: string, nowMs: number): boolean => {
  try {
    return nowMs - statSync(file).mtimeMs < 2000;
  } catch {
    return false;
  }
};

/** Takes the lock or fails with a `config.locked` problem that names the holder. Synchronous: the whole exchange is a few system calls. */
export const takeLock = (file: string, what: string, nowMs: number): Lock => {
  const mine: Holder = { pid: process.pid, started: processStart(process.pid) ?? '', boot: bootId(), token: randomUUID() };
  const draft = `${file}.${mine.token}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    for (let attempt = 0, tookOver = false; attempt < 5; attempt++) {
      try {
        // link() is atomic and never replaces: of two starters one gets EEXIST, and nobody ever reads half a file.
        linkSync(draft, file);
        return { tookOver, release: () => releaseLock(file, mine) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readHolder(file);
      if (holder === 'none') continue;
      if (holder === 'broken' ? freshlyWritten(file, nowMs) : alive(holder)) refuse(what, holder === 'broken' ? null : holder.pid);
      tookOver = setAside(file, holder === 'broken' ? null : holder, mine) || tookOver;
    }
    return refuse(what, null);
  } finally {
    rmSync(draft, { force: true });
  }
};

/** Moves a stale lock out of the way. If another starter was quicker and the file moved is its live lock, it is put back. */
const setAside = (file: string, stale: Holder | null, mine: Holder): boolean => {
  const aside = `${file}.stale.${mine.token}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const moved = readHolder(aside);
  if (stale && typeof moved === 'object' && moved.token !== stale.token) {
    try {
      linkSync(aside, file);
    } catch {
      // A third starter holds it by now; the loop will see that.
    }
  }
  rmSync(aside, { force: true });
  return true;
};

const releaseLock = (file: string, mine: Holder): void => {
  const holder = readHolder(file);
  if (typeof holder === 'object' && holder.token === mine.token) rmSync(file, { force: true });
};

const refuse = (what: string, pid: number | null): never =>
  fail(
    'config.locked',
    what,
    `数据目录 ${what} 正被另一个直享进程使用${pid === null ? '' : `（进程号 ${pid}）`}，同一份数据同时只能由一个进程打开。`,
    `请先停止那个进程${pid === null ? '' : `（kill ${pid}）`}，或者设置 ZHIXIANG_DATA 换一个数据目录再启动。`,
  );
