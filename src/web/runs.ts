// Runs as pages and the API show them: a page of runs, one run with what it found per item within the caller's scope.
import type { Scope } from '../base/scope.ts';
import { heldForSome, stoppedForSome, writtenBy } from '../match/overview-store.ts';
import { readRunItems } from '../match/plan-store.ts';
import { listRuns, type RunSummary, runById } from '../match/store.ts';
import type { Staff } from './access.ts';
import type { WebContext } from './context.ts';
import { readNumber } from './cursor.ts';
import { itemsFor } from './items.ts';

export const runPage = async (
  web: WebContext,
  cursor: string | undefined,
  limit: number,
): Promise<{ readonly rows: readonly RunSummary[]; readonly next: bigint | null }> => {
  const before = readNumber(cursor);
  const rows = await listRuns(web.db, before === null ? null : BigInt(before), limit + 1);
  const shown = rows.slice(0, limit);
  return { rows: shown, next: rows.length > limit ? (shown.at(-1)?.sequence ?? null) : null };
};

export interface RunItemView {
  readonly itemId: string;
  readonly title: string;
  readonly version: number;
  readonly periodKey: string;
  /** null for who sees some divisions only: these numbers are of everybody. */
  readonly eligible: number | null;
  readonly undetermined: number | null;
  readonly ineligible: number | null;
  readonly amountFen: bigint | null;
  readonly written: Readonly<Record<string, number>>;
  readonly stopped: string | null;
  /** Stopped because it changed too much since the last run: a person may let it go. */
  readonly held: boolean;
  /** Why it was left out of this run: it waits for data, or nothing has triggered it. */
  readonly skipped: string | null;
}

export const runView = async (
  web: WebContext,
  id: string,
  scope: Scope,
): Promise<{ readonly run: RunSummary; readonly items: readonly RunItemView[] } | null> => {
  const run = await runById(web.db, id);
  if (run === null) return null;
  const titles = new Map((await itemsFor(web, scope)).map(({ itemId, item }) => [itemId, item.title]));
  const [rows, written] = await Promise.all([readRunItems(web.db, id), writtenBy(web.db, id, scope, [...titles.keys()])]);
  const everybody = scope.divisions === null;
  const items = rows
    .filter((row) => titles.has(row.itemId))
    .map((row): RunItemView => {
      const own = written.filter((one) => one.itemId === row.itemId && (one.periodKey === row.periodKey || row.periodKey === 'events'));
      const kinds: Record<string, number> = {};
      for (const one of own) kinds[one.kind] = (kinds[one.kind] ?? 0) + one.count;
      return {
        itemId: row.itemId,
        title: titles.get(row.itemId) ?? row.itemId,
        version: row.version,
        periodKey: row.periodKey,
        eligible: everybody ? row.eligible : null,
        undetermined: everybody ? row.undetermined : null,
        ineligible: everybody ? row.ineligible : null,
        amountFen: everybody ? row.amountFen : null,
        written: kinds,
        skipped: row.terms?.skipped?.why ?? null,
        stopped: everybody || row.stopped === null ? row.stopped : row.held ? heldForSome : stoppedForSome,
        held: row.held,
      };
    });
  return { run, items };
};

/** In whose name a held item is let go; an officer acts as one though they hold both roles. */
export const releaserOf = (staff: Pick<Staff, 'userId' | 'roles' | 'scope'>) => ({
  by: staff.userId,
  role: staff.roles.includes('officer') ? 'officer' : 'reviewer',
  scope: staff.scope,
});
