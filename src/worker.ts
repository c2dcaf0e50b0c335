// Entry for Cloudflare Workers: `/healthz` and the schedule's tick. No threads, no disk, 128 MB: pages come later, steps run in small slices.
// Needs DATABASE_URL (a PostgreSQL within reach) and ZHIXIANG_KEYS for the jobs; without it the tick only says what would have been due.
import { openVault, readConfig } from './config.ts';
import { safeError } from './db/error.ts';
import { openDatabase } from './db/handle.ts';
import { makeRunner } from './job-runner.ts';
import { dueJobs, jobs } from './jobs.ts';
import { holdVault } from './vault/hold.ts';

type Settings = Readonly<Record<string, string | undefined>>;

const handleRequest = (request: Request): Response => {
  const { pathname } = new URL(request.url);
  if (pathname === '/healthz') return Response.json({ ok: true });
  const missing = { code: 'missing.page', at: pathname, message: '这里还没有网页。', hint: '网页请在 Node 上用 npm start 启动。' };
  return Response.json({ problems: [missing] }, { status: 404 });
};

/** One tick: the jobs whose minute it is, one after the other; one that fails does not keep the others from running. */
const tick = async (at: Date, settings: Settings): Promise<void> => {
  const due = dueJobs(jobs, at);
  const config = readConfig(settings);
  if (config.databaseUrl === null) {
    console.log(`没有设置 DATABASE_URL，本应执行：${due.map((job) => job.name).join('、')}`);
    return;
  }
  const vault = config.givenKeys === null ? null : openVault(config);
  const database = await openDatabase({
    ownerUrl: config.databaseUrl,
    appUrl: config.databaseAppUrl ?? undefined,
    maxConnections: 1,
    ...(vault === null ? {} : { sealsWith: vault.newest }),
  });
  if (vault !== null) holdVault(database.db, vault);
  const began = performance.now();
  const runner = makeRunner({
    context: () => ({ db: database.db, config, now: at, anchor: null }),
    now: () => new Date(at.getTime() + (performance.now() - began)),
  });
  try {
    for (const job of due) {
      try {
        console.log(`${job.name}：${(await (await runner.start(job, null)).ended) ?? '无事'}`);
      } catch (error) {
        console.error(job.name, String(safeError(error)));
      }
    }
  } finally {
    await database.close();
  }
};

export default {
  fetch: (request: Request): Response => handleRequest(request),
  scheduled: (event: { readonly scheduledTime: number }, settings: Settings): Promise<void> =>
    tick(new Date(event.scheduledTime), settings),
};
