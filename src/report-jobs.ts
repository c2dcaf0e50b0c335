// The jobs that leave a report: what reads every record, or every match, is made in the background and looked at as it was made; part of the list in `jobs.ts`.
import { canonicalJson } from './base/canonical.ts';
import { civilDay } from './base/day.ts';
import { coversItem, everything, type Scope } from './base/scope.ts';
import type { Catalogue } from './catalogue/catalogue.ts';
import { newestCatalogue } from './catalogue/store.ts';
import { type Db, transaction } from './db/handle.ts';
import { type KeptReport, keepReports, keptMarks, keptReport } from './job/report-store.ts';
import { alone, type Underway } from './job/run.ts';
import type { Job } from './jobs.ts';
import { type ReplayReport, replay } from './match/replay.ts';
import { lastRun } from './match/store.ts';
import { liveItems } from './policy/store.ts';
import { type QualityReport, qualityReports } from './quality/report.ts';
import { dataMark } from './quality/store.ts';
import { todayFor } from './today.ts';
import { staffAccounts } from './web/store.ts';

const kinds = { quality: 'quality', replay: 'replay' } as const;

/** Amounts are bigint: they are kept as `{"fen": "…"}`. */
const written = (report: unknown): string =>
  JSON.stringify(report, (_, one: unknown) => (typeof one === 'bigint' ? { fen: String(one) } : one));
const readBack = <T>(text: string): T =>
  JSON.parse(text, (_, one: unknown) => {
    const fen = (one as { readonly fen?: unknown } | null)?.fen;
    return typeof fen === 'string' && Object.keys(one as object).length === 1 ? BigInt(fen) : one;
  }) as T;

const sorted = (list: readonly string[] | null): readonly string[] | null => (list === null ? null : list.toSorted());
const scopeKey = ({ authorities, divisions, items }: Scope): string =>
  canonicalJson({ authorities: sorted(authorities), divisions: sorted(divisions), items: sorted(items) });

/** Everybody who may look at it, once for each scope; the whole is always made. */
const scopesNow = async (db: Db): Promise<ReadonlyMap<string, Scope>> => {
  const own = (await staffAccounts(db)).filter((one) => one.leftAt === null).map(({ scope }) => scope);
  return new Map([everything, ...own].map((scope) => [scopeKey(scope), scope]));
};

/** Another mark: something was delivered, confirmed or decided since, or it is another day. */
const markNow = async (db: Db, catalogue: Catalogue, now: Date): Promise<string> => {
  const [data, run, today] = await Promise.all([dataMark(db), lastRun(db), todayFor(db, now)]);
  return canonicalJson([data, run?.id ?? null, today, catalogue.hash]);
};

/** By the schedule it takes no more than a twentieth of the machine's time. */
const paceOf = (tookMs: number): number => 20 * tookMs;

const isDue = async (db: Db, mark: string, scopes: ReadonlyMap<string, Scope>, now: Date): Promise<boolean> => {
  const kept = await keptMarks(db, kinds.quality);
  const known = new Map(kept.map((one) => [one.scope, one]));
  if ([...scopes.keys()].some((key) => !known.has(key))) return true;
  return kept.some((one) => one.mark !== mark && now.getTime() - one.madeAt.getTime() >= paceOf(one.tookMs));
};

/** For every scope somebody has, from one reading of the records. Returns how many records were read. */
const makeQuality = async (db: Db, catalogue: Catalogue, now: Date, { signal, far }: Underway): Promise<QualityReport | undefined> => {
  const began = performance.now();
  const [mark, scopes, today, live] = [
    await markNow(db, catalogue, now),
    await scopesNow(db),
    await todayFor(db, now),
    await liveItems(db),
  ];
  const readers = [...scopes.values()].map((scope) => ({
    divisions: scope.divisions,
    items: live.filter(({ item }) => coversItem(scope, item)),
  }));
  // What is read is most of it; who waits for what is late comes after.
  const reading = { catalogue, today, at: now, signal, far: (share: number) => far(share * 0.9, '逐份核对档案') };
  const reports = await qualityReports(db, readers, reading);
  const tookMs = Math.ceil(performance.now() - began);
  const kept = [...scopes.keys()].map((scope, i): KeptReport => {
    const report = written(reports[i]);
    return { scope, madeAt: now, tookMs, knownAt: today, mark, report };
  });
  signal.throwIfAborted();
  await transaction(db, (tx) => keepReports(tx, kinds.quality, kept));
  return reports[0];
};

export interface Kept<T> {
  readonly report: T;
  readonly madeAt: Date;
  readonly tookMs: number;
  /** False: something has come in since. */
  readonly current: boolean;
}

/** The report as it was last made for this scope; null: not yet. */
export const keptQuality = async (db: Db, catalogue: Catalogue, scope: Scope, now: Date): Promise<Kept<QualityReport> | null> => {
  const kept = await keptReport(db, kinds.quality, scopeKey(scope));
  if (kept === null) return null;
  const { madeAt, tookMs, mark, report } = kept;
  return { report: readBack<QualityReport>(report), madeAt, tookMs, current: mark === (await markNow(db, catalogue, now)) };
};

/** Every match decided again, as it was last done; null: never. */
export const keptReplay = async (db: Db): Promise<Omit<Kept<ReplayReport>, 'current'> | null> => {
  const kept = await keptReport(db, kinds.replay, scopeKey(everything));
  return kept === null ? null : { report: readBack<ReplayReport>(kept.report), madeAt: kept.madeAt, tookMs: kept.tookMs };
};

const many = (n: number): string => n.toLocaleString('en-US');

export const reportJobs: readonly Job[] = [
  {
    name: 'quality.report',
    cron: '* * * * *',
    what: '数据体检：有新的交付或匹配以后重做，做一次歇二十倍的时间',
    stoppable: true,
    run: async ({ db, now }, underway = alone) => {
      const catalogue = (await newestCatalogue(db))?.catalogue;
      if (catalogue === undefined) return null;
      if (!underway.asked && !(await isDue(db, await markNow(db, catalogue, now), await scopesNow(db), now))) return null;
      const report = await makeQuality(db, catalogue, now, underway);
      return report === undefined ? null : `核对 ${many(report.subjects)} 份档案，${many(report.findings.length)} 条问题`;
    },
  },
  {
    name: 'match.replay',
    cron: '20 4 3 * *',
    what: '每月凭留存的依据把全部匹配结果重判一遍；有不一致的列出来',
    stoppable: true,
    run: async ({ db, now }, { signal, far } = alone) => {
      const began = performance.now();
      const report = await replay(db, 'all', { signal, far });
      const kept = { madeAt: now, tookMs: Math.ceil(performance.now() - began), knownAt: civilDay(now), mark: '' };
      await transaction(db, (tx) => keepReports(tx, kinds.replay, [{ ...kept, scope: scopeKey(everything), report: written(report) }]));
      const { checked, differing } = report;
      if (checked === 0) return null;
      return differing === 0 ? `重判 ${many(checked)} 条，全部一致` : `✕ 重判 ${many(checked)} 条，${many(differing)} 条不一致`;
    },
  },
];
