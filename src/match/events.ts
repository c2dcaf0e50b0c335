// per-event items: one decision per event of a subject, each with its own period; an event that stood and has vanished from the list is decided too.
import type { Tx } from '../db/handle.ts';
import { eventPeriods } from '../policy/decide.ts';
import type { DecisionPeriod, Missing, Verdict } from '../rule/facts.ts';
import { hasBit } from '../snapshot/bitmap.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { type Batch, type ChunkJob, decideAt, type Found, type RowResult } from './batch.ts';
import { digestOf, kindOf, type Standing } from './match.ts';
import { readEventStandings } from './run-store.ts';
import { veilOf } from './sealed.ts';
import { columnSource } from './source.ts';

/** Events of the window, the first of several with one key: `decide` finds an event by its key. */
export const periodsIn = (
  window: DecisionPeriod,
  told: readonly DecisionPeriod[],
  standings: readonly Standing[],
): readonly DecisionPeriod[] => {
  const within = (p: DecisionPeriod): boolean => (window.start === null || window.start <= p.end) && p.end <= window.end;
  const stood = standings
    .filter((s) => s.verdict !== 'ineligible')
    .map((s): DecisionPeriod => ({ kind: 'per-event', key: s.periodKey, start: s.periodEnd, end: s.periodEnd, knownAt: window.knownAt }));
  const byKey = new Map<string, DecisionPeriod>();
  for (const p of [...told, ...stood]) if (within(p) && !byKey.has(p.key)) byKey.set(p.key, p);
  return [...byKey.values()];
};

export const decideEvents = async (tx: Tx, job: ChunkJob, block: OpenBlock, batch: Batch): Promise<readonly RowResult[]> => {
  const drawn = batch.rows.map((at) => {
    const source = columnSource(
      { block, row: at.row },
      { catalogue: job.frame.catalogue, link: job.frame.link, paid: [], purpose: job.compiled.item },
    );
    return { at, events: eventPeriods(job.compiled, source, job.period.knownAt) };
  });
  const asked = drawn.filter(({ at, events }) => events.periods.length > 0 || hasBit(batch.stood, at.row));
  const standings = await readEventStandings(
    tx,
    job.key,
    asked.map(({ at }) => at.subject.subjectId),
  );
  const veil = veilOf(tx);
  return drawn.map(({ at, events }): RowResult => {
    const own = standings.get(at.subject.subjectId) ?? [];
    const found = periodsIn(job.period, events.periods, own).map((period): Found => {
      const decision = decideAt(job, block, batch, at, period);
      const standing = own.find((s) => s.periodKey === period.key) ?? null;
      const digest = digestOf(decision, veil);
      return { ...at, period, decision, digest, standing, kind: kindOf(standing, period.key, { verdict: decision.verdict, digest }) };
    });
    const missing = [...events.missing, ...found.flatMap((f) => (f.decision.verdict === 'undetermined' ? f.decision.missing : []))];
    return { row: at.row, verdict: rowVerdict(found, events.missing), missing, found };
  });
};

/** The subject as a whole: eligible with one eligible event; undetermined while an event, or whether there is one, is open. */
const rowVerdict = (found: readonly Found[], unlisted: readonly Missing[]): Verdict => {
  if (found.some((f) => f.decision.verdict === 'eligible')) return 'eligible';
  return unlisted.length > 0 || found.some((f) => f.decision.verdict === 'undetermined') ? 'undetermined' : 'ineligible';
};
