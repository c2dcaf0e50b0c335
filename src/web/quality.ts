// The quality report as pages and the API show it: as it was last made for the caller's scope. It reads every record, so a job makes it.
import type { Scope } from '../base/scope.ts';
import type { Finding, Measure } from '../quality/finding.ts';
import type { QualityReport } from '../quality/report.ts';
import { type Kept, keptQuality } from '../report-jobs.ts';
import type { WebContext } from './context.ts';

/** null: none was made for the scope yet. */
export const qualityFor = async (web: WebContext, scope: Scope, now: Date): Promise<Kept<QualityReport> | null> =>
  await keptQuality(web.db, await web.catalogue(), scope, now);

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
