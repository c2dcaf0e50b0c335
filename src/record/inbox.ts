// A watched folder: what departments put into `<folder>/<dataset>/` is imported once it has settled, and then lies in `done/` or `refused/` there with its
// report beside. Day, kind and division stand in the name (`2026-04-15.full.530128.csv`) or in a manifest beside (`<file>.json`). One process at a time works
// on the folder; killed anywhere, the next finds the file where it was, and the import knows the bytes it has seen.
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Day, parseDay } from '../base/day.ts';
import { fail, type Problem, ProblemError } from '../base/problem.ts';
import type { Catalogue, Dataset, DeliveryKind } from '../catalogue/catalogue.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, transaction } from '../db/handle.ts';
import { claimWork, extendLease, type Lease, releaseWork, saveCursor } from '../db/work.ts';
import { receive } from './decide.ts';
import { heldWords } from './held-words.ts';
import { fileContent, type ImportReport, type ImportRequest } from './import.ts';
import { treeOf } from './lookup.ts';
import { refusedAsCsv } from './report.ts';

export interface InboxOptions {
  readonly folder: string;
  readonly now: Date;
  readonly today: Day;
  /** How long name, size and time of change must have stood still; a `<file>.done` beside it says so at once. */
  readonly settleMs?: number;
  /** Names the process. */
  readonly owner?: string;
  /** Places: those of the import, and inbox.imported · inbox.reported. */
  readonly at?: Failpoint;
}

export interface InboxReport {
  readonly done: number;
  readonly refused: number;
  /** Not settled yet. */
  readonly waiting: number;
}

/** What a file looked like when it was last seen, and since when it has looked so. */
interface Seen {
  readonly size: number;
  readonly changed: number;
  readonly since: number;
}

/** Longer than the longest import; whoever takes over after a kill waits for it. */
const leaseMs = 5 * 60_000;
const step = 'inbox.take';
/** Still being written, or nothing to do with deliveries. */
const isPassedOver = (name: string): boolean =>
  name.startsWith('.') || name.startsWith('~$') || /\.(?:tmp|part|crdownload|done|json)$/i.test(name);

/** One look at the folder; null when another process is at it. */
export const takeInbox = async (db: Db, catalogue: Catalogue, options: InboxOptions): Promise<InboxReport | null> => {
  const owner = options.owner ?? String(process.pid);
  const lease = await claimWork(db, { step, shards: ['folder'], owner, now: options.now, leaseMs });
  if (lease === null) return null;
  const started = performance.now();
  const clock = (): Date => new Date(options.now.getTime() + performance.now() - started);
  const before = (lease.cursor ?? {}) as Readonly<Record<string, Seen>>;
  const seen: Record<string, Seen> = {};
  try {
    return await takeAll(db, catalogue, options, { lease, before, seen, clock });
  } finally {
    await giveBack(db, lease, seen, clock());
  }
};

interface Work {
  readonly lease: Lease;
  readonly before: Readonly<Record<string, Seen>>;
  readonly seen: Record<string, Seen>;
  readonly clock: () => Date;
}

const takeAll = async (db: Db, catalogue: Catalogue, options: InboxOptions, { lease, before, seen, clock }: Work): Promise<InboxReport> => {
  const report = { done: 0, refused: 0, waiting: 0 };
  for (const dataset of catalogue.datasets) {
    for (const name of await namesIn(path.join(options.folder, dataset.id))) {
      const file = path.join(options.folder, dataset.id, name);
      const now = await look(file, before[file], options);
      if (now === null) continue;
      if (!now.settled) {
        seen[file] = now.seen;
        report.waiting++;
        continue;
      }
      if (!(await extendLease(db, lease, clock(), leaseMs))) return report;
      report[await take(db, catalogue, dataset, file, options)]++;
    }
  }
  return report;
};

/** Whoever has been overtaken has nothing to give back. */
const giveBack = async (db: Db, lease: Lease, seen: Readonly<Record<string, Seen>>, now: Date): Promise<void> => {
  if (!(await extendLease(db, lease, now, leaseMs))) return;
  await transaction(db, (tx) => saveCursor(tx, lease, seen, now, leaseMs));
  await releaseWork(db, lease, now);
};

/** Sorted, so that days come in their order. A folder that is not there is empty. */
const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder)).filter((name) => !isPassedOver(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR') return [];
    throw error;
  }
};

const exists = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

/** null: no plain file (links are not followed). */
const look = async (
  file: string,
  before: Seen | undefined,
  { now, settleMs = 60_000 }: InboxOptions,
): Promise<{ readonly seen: Seen; readonly settled: boolean } | null> => {
  const stat = await lstat(file).catch(() => null);
  if (stat === null || !stat.isFile()) return null;
  const [size, changed] = [stat.size, stat.mtimeMs];
  const same = before !== undefined && before.size === size && before.changed === changed;
  const seen = { size, changed, since: same ? before.since : now.getTime() };
  return { seen, settled: (await exists(`${file}.done`)) || (same && now.getTime() - before.since >= settleMs) };
};

const take = async (db: Db, catalogue: Catalogue, dataset: Dataset, file: string, options: InboxOptions): Promise<'done' | 'refused'> => {
  const at = options.at ?? nowhere;
  let report: ImportReport | null = null;
  let problems: readonly Problem[] = [];
  try {
    const request = await requestOf(catalogue, dataset, file, options.today);
    report = await receive(db, catalogue, { ...request, content: fileContent(file) }, { now: options.now, at });
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems = error.problems;
  }
  await at('inbox.imported');
  const outcome = report === null || report.state === 'refused' || report.state === 'rejected' ? 'refused' : 'done';
  const folder = path.join(path.dirname(file), outcome);
  await mkdir(folder, { recursive: true });
  const name = await freeName(folder, path.basename(file));
  await writeReport(db, path.join(folder, name), report, problems);
  await at('inbox.reported');
  for (const beside of ['.json', '.done']) await rm(`${file}${beside}`, { force: true });
  await rename(file, path.join(folder, name));
  return outcome;
};

/** The same name may come again another day: the later one is numbered. */
const freeName = async (folder: string, name: string): Promise<string> => {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${n}-${name}`;
    if (!(await exists(path.join(folder, candidate)))) return candidate;
  }
};

const writeReport = async (db: Db, file: string, report: ImportReport | null, problems: readonly Problem[]): Promise<void> => {
  const told = report === null ? { state: 'refused', problems } : { ...report, held: report.held === null ? null : heldWords(report.held) };
  await writeOwn(`${file}.report.json`, [`${JSON.stringify(told, null, 2)}\n`]);
  // Whole numbers stand in it, as in the file itself.
  if (report !== null && report.rows.bad > 0) await writeOwn(`${file}.退回.csv`, refusedAsCsv(db, report.deliveryId));
};

/** Its owner's eyes only, and there as a whole or not at all. */
const writeOwn = async (file: string, pieces: AsyncIterable<string> | Iterable<string>): Promise<void> => {
  const handle = await open(`${file}.tmp`, 'w', 0o600);
  try {
    for await (const piece of pieces) await handle.write(piece);
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
};

const kinds: ReadonlySet<string> = new Set(['full', 'changes', 'list'] satisfies DeliveryKind[]);

interface Told {
  readonly asOf: unknown;
  readonly kind: unknown;
  readonly division: unknown;
  readonly sheet?: unknown;
  readonly corrects?: unknown;
}

const inName = (name: string): Told => {
  const [asOf, kind, division] = name.split('.');
  return { asOf, kind, division: /^\d{6,12}$/.test(division ?? '') ? division : null };
};

/** At most a few lines are expected; anything else is no manifest. */
const manifest = async (file: string): Promise<Told | null> => {
  if (!(await exists(`${file}.json`))) return null;
  const text = await readFile(`${file}.json`, 'utf8');
  try {
    const told: unknown = text.length > 10_000 ? null : JSON.parse(text);
    if (typeof told === 'object' && told !== null && !Array.isArray(told)) return { division: null, ...told } as Told;
  } catch {
    // Said below.
  }
  return fail('input.manifest', `${path.basename(file)}.json`, '说明文件不是 JSON 对象。', '写 {"asOf": "2026-04-15", "kind": "full"}。');
};

const requestOf = async (catalogue: Catalogue, dataset: Dataset, file: string, today: Day): Promise<Omit<ImportRequest, 'content'>> => {
  const name = path.basename(file);
  const { asOf, kind, division, sheet, corrects } = (await manifest(file)) ?? inName(name);
  const day = typeof asOf === 'string' ? parseDay(asOf) : null;
  const how = '文件名写 2026-04-15.full.csv（日期.方式[.区划]），或在旁边放同名加 .json 的说明文件。';
  if (day === null || typeof kind !== 'string' || !kinds.has(kind)) return fail('input.file-name', name, '看不出数据日期和交付方式。', how);
  if (day > today) return fail('input.value', name, '数据日期在今天之后。', `最晚写 ${today}。`);
  if (division !== null && !(typeof division === 'string' && treeOf(catalogue, 'division').has(division)))
    return fail('input.value', name, '行政区划里没有这个代码。', '核对代码；全库的交付不写区划。');
  return {
    dataset: dataset.id,
    kind: kind as DeliveryKind,
    division: division as string | null,
    asOf: day,
    fileName: name,
    receivedBy: 'step:inbox',
    role: 'system',
    ...(typeof sheet === 'string' ? { sheet } : {}),
    ...(typeof corrects === 'string' ? { corrects } : {}),
  };
};
