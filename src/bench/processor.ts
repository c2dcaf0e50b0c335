// How much processor time a measure took: this process with its threads, and apart from it the database server with every process it has or had. On a machine
// that others use as well it says more than the time on the wall.
import { readdirSync, readFileSync } from 'node:fs';

interface Times {
  readonly parent: number;
  /** Of its own, and of its children that have ended. */
  readonly own: number;
  readonly ended: number;
}

/** The kernel counts in hundredths of a second, whatever its own clock. */
const tickMs = 10;

/** null: no such process, or not Linux. */
const timesOf = (pid: number): Times | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15);
    return { parent: fields[1] ?? 0, own: (user + system) * tickMs, ended: (endedUser + endedSystem) * tickMs };
  } catch {
    return null;
  }
};

/** Milliseconds since the server began; 0: nobody can tell. */
const serverMs = (postmaster: number): number => {
  const main = timesOf(postmaster);
  if (main === null) return 0;
  const living = readdirSync('/proc').map((name) => (/^\d+$/.test(name) ? timesOf(Number(name)) : null));
  return living.reduce((sum, times) => sum + (times?.parent === postmaster ? times.own : 0), main.own + main.ended);
};

export interface ProcessorTime {
  /** Milliseconds of this process and all its threads. */
  readonly processorMs: number;
  /** Of the server that `backend` is a process of; 0: nobody can tell. */
  readonly databaseProcessorMs: number;
}

/** Counts from here on. */
export const watchProcessor = (backend: number): { readonly stop: () => ProcessorTime } => {
  const postmaster = timesOf(backend)?.parent ?? 0;
  const [began, server] = [process.cpuUsage(), serverMs(postmaster)];
  return {
    stop: () => {
      const { user, system } = process.cpuUsage(began);
      return { processorMs: Math.round((user + system) / 1000), databaseProcessorMs: serverMs(postmaster) - server };
    },
  };
};
