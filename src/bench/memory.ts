// How much memory a measure took at its peak: this process with all its threads, and apart from it the database server's processes. Linux tells exactly;
// elsewhere the process's own peak since its start is all there is.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const statusOf = (pid: number | 'self', field: string): number => {
  try {
    const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm'));
    return Number(line?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
};

/** The peak counts from here on, where the system can forget the one before. */
export const forgetPeak = (): void => {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Not Linux: the peak since the start is told.
  }
};

export const peakBytes = (): number => statusOf('self', 'VmHWM') || process.resourceUsage().maxRSS * 1024;

const parentOf = (pid: number): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
};

/** What the server holds now: each process's own memory, and what they share once. 0: nobody can tell. */
const serverBytes = (postmaster: number): number => {
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) && parentOf(Number(name)) === postmaster ? [Number(name)] : []));
  const all = [postmaster, ...pids];
  return all.reduce((sum, pid) => sum + statusOf(pid, 'RssAnon'), 0) + Math.max(0, ...all.map((pid) => statusOf(pid, 'RssShmem')));
};

/** Watches the server that `backend` is a process of; `stop` gives its peak. */
export const watchServer = (backend: number): { readonly stop: () => number } => {
  const postmaster = parentOf(backend);
  let peak = 0;
  const look = (): void => {
    if (postmaster > 0) peak = Math.max(peak, serverBytes(postmaster));
  };
  const timer = setInterval(look, 500);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return peak;
    },
  };
};
