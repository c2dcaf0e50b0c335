// Late datasets, and who waits for them: the delivery calendar of every dataset with its share, and for what is late people, amounts and whole items waiting.
import { formatYuan } from '../base/amount.ts';
import type { Day } from '../base/day.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { punctuality, termOf, workingCalendar } from '../catalogue/delivery-term.ts';
import type { Db } from '../db/handle.ts';
import type { ItemVersion } from '../match/match.ts';
import { type WaitingSum, waitingFor } from '../match/waiting.ts';
import { type LastPeriod, lastPeriods } from '../match/waiting-store.ts';
import { type Heard, hear } from '../readiness/heard.ts';
import { type ReadinessRow, readReadiness } from '../readiness/store.ts';
import { treeOf } from '../record/lookup.ts';

export interface Delivered {
  readonly dataset: string;
  readonly title: string;
  readonly department: string;
  readonly asOf: Day | null;
  readonly nextDue: Day | null;
  readonly overdueDays: number;
  /** Subjects it lists, of all its register holds. */
  readonly subjects: number;
  readonly registered: number;
  /** Scopes beyond the freshness limit, and divisions beside delivered ones of which nothing came. */
  readonly stale: readonly { readonly division: string | null; readonly asOf: Day }[];
  readonly silent: readonly string[];
}

export interface HeldItem {
  readonly itemId: string;
  readonly periodKey: string;
  /** How it stood when it was last decided; null: never. */
  readonly last: LastPeriod | null;
}

export interface LateDataset extends Delivered {
  readonly waiting: WaitingSum | null;
  /** Items that wait for it as a whole. */
  readonly held: readonly HeldItem[];
  readonly text: string;
}

export interface LateContext {
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly heard: readonly Heard[];
  readonly peopled: ReadonlyMap<string, readonly string[]>;
  /** Dataset → subjects it lists; register → subjects. */
  readonly listed: ReadonlyMap<string, number>;
  readonly registered: ReadonlyMap<string, number>;
}

export const deliveredOf = (dataset: Dataset, context: LateContext): Delivered => {
  const { catalogue, today, heard, peopled } = context;
  const divisions = treeOf(catalogue, 'division');
  const hearing = hear(dataset, heard, { divisions, region: null, knownAt: today, peopled: peopled.get(dataset.register) ?? [] });
  const term = termOf(catalogue, dataset.id);
  const at = term === null ? null : punctuality(term, hearing.asOf, today, workingCalendar(catalogue));
  // A division that is beyond its limit is late whatever the others delivered.
  const oldest = hearing.stale.map((one) => one.asOf).sort()[0] ?? null;
  const worst = term === null || oldest === null ? at : punctuality(term, oldest, today, workingCalendar(catalogue));
  return {
    dataset: dataset.id,
    title: dataset.title,
    department: dataset.department,
    asOf: hearing.asOf,
    nextDue: at?.nextDue ?? null,
    overdueDays: Math.max(at?.overdueDays ?? 0, worst?.overdueDays ?? 0),
    subjects: context.listed.get(dataset.id) ?? 0,
    registered: context.registered.get(dataset.register) ?? 0,
    stale: hearing.stale,
    silent: hearing.silent,
  };
};

const isLate = (one: Delivered): boolean => one.overdueDays > 0 || one.stale.length > 0 || one.silent.length > 0;

export const lateDatasets = async (
  db: Db,
  delivered: readonly Delivered[],
  ask: { readonly catalogue: Catalogue; readonly items: readonly ItemVersion[]; readonly people: boolean },
): Promise<readonly LateDataset[]> => {
  const live = new Set(ask.items.map(({ item }) => item.id));
  const waiting = (await readReadiness(db)).filter((row) => row.state === 'waiting' && live.has(row.itemId));
  const heldBy = (dataset: string): readonly ReadinessRow[] =>
    waiting.filter((row) => row.waits.some((w) => w.holds && w.kind === 'dataset' && w.name === dataset));
  const late = delivered.filter((one) => isLate(one) || heldBy(one.dataset).length > 0);
  const sums = ask.people ? await waitingFor(db, { ...ask, datasets: new Set(late.map((one) => one.dataset)) }) : [];
  const asked = ask.people ? [...new Set(waiting.map((row) => row.itemId))] : [];
  const last = new Map((await lastPeriods(db, asked)).map((row) => [row.itemId, row]));
  return late
    .map((one): LateDataset => {
      const sum = sums.find((s) => s.dataset === one.dataset) ?? null;
      const held = heldBy(one.dataset).map(({ itemId, periodKey }): HeldItem => ({ itemId, periodKey, last: last.get(itemId) ?? null }));
      return { ...one, waiting: sum, held, text: textOf(one, sum, held, ask.people) };
    })
    .sort(
      (a, b) => (b.waiting?.subjects ?? 0) - (a.waiting?.subjects ?? 0) || b.held.length - a.held.length || b.overdueDays - a.overdueDays,
    );
};

const yuan = (fen: bigint): string => formatYuan(fen).replace(/（.*）$/, '');

const amountText = (sum: WaitingSum): string => {
  const parts = [
    sum.knownFen > 0n ? yuan(sum.knownFen) : null,
    sum.toFen > 0n ? `另有 ${yuan(sum.fromFen)} 到 ${yuan(sum.toFen)}` : null,
    sum.lastFen > 0n ? `另按上期金额 ${yuan(sum.lastFen)}` : null,
    sum.untold > 0 ? `${sum.untold} 人次金额说不准` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `，${parts.join('，')}`;
};

const textOf = (one: Delivered, sum: WaitingSum | null, held: readonly HeldItem[], people: boolean): string => {
  const late =
    one.overdueDays > 0
      ? `迟 ${one.overdueDays} 天`
      : one.stale.length > 0
        ? '已过有效期'
        : one.silent.length > 0
          ? '部分区划未报送'
          : '未报送';
  const who = sum === null ? '没有人在等' : `${sum.complete ? '' : '至少 '}${sum.subjects} 人（户）在等${amountText(sum)}`;
  const whole = held.map(({ itemId, periodKey, last }) =>
    last === null
      ? `${itemId} ${periodKey} 整项在等`
      : `${itemId} ${periodKey} 整项在等（上期 ${last.eligible} 人，${yuan(last.amountFen)}）`,
  );
  return `${one.department}“${one.title}”${late}：${[...(people || sum !== null ? [who] : []), ...whole].join('；') || '影响见各事项'}`;
};
