// Datasets as the steward looks at them: the last delivery, its day, whether it is still fresh, how many people it speaks of.
import { addDays, type Day, daysBetween } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { type DeliveryTerm, punctuality, termOf, workingCalendar } from '../catalogue/delivery-term.ts';
import { lastRun } from '../match/store.ts';
import { type DatasetStanding, datasetStandings, factsTold } from '../record/view-store.ts';
import type { WebContext } from './context.ts';
import { dayAt } from './words.ts';

export type Freshness = 'fresh' | 'stale' | 'never';

export interface DatasetView {
  readonly dataset: Dataset;
  readonly standing: DatasetStanding | null;
  readonly freshness: Freshness;
  /** The last day its values count; null: never delivered. */
  readonly goodUntil: Day | null;
}

export interface DatasetViews {
  /** The day freshness is counted to: what the last run knew, else today. Never later than what decided. */
  readonly countedOn: Day;
  readonly rows: readonly DatasetView[];
}

const rank: Readonly<Record<Freshness, number>> = { stale: 0, fresh: 1, never: 2 };

export const datasetViews = async (web: WebContext, scope: Scope, now: Date): Promise<DatasetViews> => {
  const [catalogue, standings, run] = await Promise.all([web.catalogue(), datasetStandings(web.db, scope), lastRun(web.db)]);
  const countedOn = run?.knownAt ?? dayAt(now);
  const byId = new Map(standings.map((one) => [one.dataset, one]));
  const rows = catalogue.datasets.map((dataset): DatasetView => {
    const standing = byId.get(dataset.id) ?? null;
    const asOf = standing?.asOf ?? null;
    if (asOf === null) return { dataset, standing, freshness: 'never', goodUntil: null };
    const stale = daysBetween(asOf, countedOn) > dataset.freshnessDays;
    return { dataset, standing, freshness: stale ? 'stale' : 'fresh', goodUntil: addDays(asOf, dataset.freshnessDays) };
  });
  return { countedOn, rows: rows.sort((a, b) => rank[a.freshness] - rank[b.freshness]) };
};

const everyTexts: Readonly<Record<DeliveryTerm['every'], string>> = {
  day: '每天',
  week: '每周',
  month: '每月',
  quarter: '每季度',
  year: '每年',
};

const termText = ({ every, by }: DeliveryTerm): string => {
  if ('workingDay' in by) return `${everyTexts[every]}第 ${by.workingDay} 个工作日前`;
  return 'month' in by ? `${everyTexts[every]} ${by.month} 月 ${by.day} 日前` : `${everyTexts[every]}第 ${by.day} 天前`;
};

/** When its department owes the next delivery, and how late it is; without a line in the delivery calendar nobody is late. */
export const datasetCalendar = (catalogue: Catalogue, { dataset, standing }: DatasetView, today: Day) => {
  const term = termOf(catalogue, dataset.id);
  if (term === null) return { calendar: null, contact: null, nextDue: null, overdueDays: 0 };
  const { nextDue, overdueDays } = punctuality(term, standing?.asOf ?? null, today, workingCalendar(catalogue));
  return { calendar: termText(term), contact: term.contact.role, nextDue, overdueDays };
};

export interface FactShare {
  readonly fact: string;
  readonly label: string;
  readonly told: number;
  /** Of those the dataset speaks of, how many lack this fact. */
  readonly missing: number;
}

/** Per fact of the dataset: of how many listed people it says nothing. */
export const factShares = async (web: WebContext, scope: Scope, view: DatasetView): Promise<readonly FactShare[]> => {
  const [catalogue, told] = await Promise.all([web.catalogue(), factsTold(web.db, scope, view.dataset.id)]);
  const subjects = view.standing?.subjects ?? 0;
  return catalogue.facts
    .filter((fact) => fact.register === view.dataset.register && fact.datasets.includes(view.dataset.id))
    .map((fact) => {
      const n = Math.min(told.get(fact.key) ?? 0, subjects);
      return { fact: fact.key, label: fact.label, told: n, missing: subjects - n };
    });
};
