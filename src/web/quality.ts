// The quality report as pages and the API show it: within the caller's scope, and worked out once for the same data.
import type { Scope } from '../base/scope.ts';
import { lastRun } from '../match/store.ts';
import type { Finding, Measure } from '../quality/finding.ts';
import { type QualityReport, qualityReport } from '../quality/report.ts';
import { dataMark } from '../quality/store.ts';
import { todayFor } from '../today.ts';
import type { WebContext } from './context.ts';
import { itemsFor } from './items.ts';

/** Reports by scope and state of the data: a report reads every record, and a page is looked at many times between two deliveries. */
const made = new WeakMap<WebContext, Map<string, Promise<QualityReport>>>();
const mostKept = 8;

export const qualityFor = async (web: WebContext, scope: Scope, now: Date): Promise<QualityReport> => {
  const [mark, run, today, catalogue] = await Promise.all([dataMark(web.db), lastRun(web.db), todayFor(web.db, now), web.catalogue()]);
  const key = JSON.stringify([scope, mark, run?.id ?? null, today, catalogue.hash]);
  const kept = made.get(web) ?? new Map<string, Promise<QualityReport>>();
  made.set(web, kept);
  const before = kept.get(key);
  if (before !== undefined) return before;
  const items = (await itemsFor(web, scope)).filter((one) => one.retiredAt === null);
  const report = qualityReport(web.db, { catalogue, today, at: now, items, divisions: scope.divisions });
  kept.set(key, report);
  report.catch(() => kept.delete(key));
  for (const old of [...kept.keys()].slice(0, -mostKept)) kept.delete(old);
  return report;
};

export interface QualityFilter {
  readonly dataset?: string | undefined;
  readonly measure?: Measure | undefined;
  /** A code; its places below are meant too. */
  readonly division?: string | undefined;
}

export const filtered = (findings: readonly Finding[], { dataset, measure, division }: QualityFilter): readonly Finding[] =>
  findings.filter(
    (one) =>
      (dataset === undefined || one.dataset === dataset) &&
      (measure === undefined || one.measure === measure) &&
      (division === undefined || one.division?.startsWith(division) === true),
  );
