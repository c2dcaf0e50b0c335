// The catalogue: which registers, facts, datasets, code trees and dated parameters exist. It is data (`rules/catalogue/*.json`);
// here live its shapes and pure look-ups. Reading files and checking the whole is `read.ts` and `check.ts`, SQL is `store.ts`.
import type { Day } from '../base/day.ts';
import type { DeliveryTerm } from './delivery-term.ts';

/** A register 登记库 holds one kind of subject. Benefits go to `citizen` and `enterprise`; others (household …) are read through links. */
export interface Register {
  readonly id: string;
  readonly label: string;
  /** How a subject's natural key is checked on import. */
  readonly key: 'citizen-id' | 'uscc' | 'text';
}

export type ScalarType = 'number' | 'boolean' | 'category' | 'date' | 'code' | 'text';
export type FactType = ScalarType | 'set' | 'series' | 'list' | 'link';

/** One column of a list fact's element; scalars only, `set` where a field holds several categories, `series` for month by month values. */
export interface Field {
  readonly key: string;
  readonly label: string;
  readonly type: ScalarType | 'set' | 'series';
  readonly unit?: string;
  readonly values?: readonly string[];
  readonly tree?: string;
}

/** A fact 指标 of one register. */
export interface Fact {
  readonly key: string;
  readonly label: string;
  readonly register: string;
  readonly type: FactType;
  /** Nobody can have it otherwise (sex, an entry of long ago): no near miss suggests it. */
  readonly immutable?: boolean;
  /** True: holds `[from, to)` values, read on a day of the period (DESIGN 3). */
  readonly timed?: boolean;
  readonly unit?: string;
  /** category, set: the closed list of values. */
  readonly values?: readonly string[];
  /** code: the tree its values are nodes of (`division`, `industry`). */
  readonly tree?: string;
  /** series: length of one period; keys read `2025`, `2025Q1`, `2025-01`. */
  readonly every?: 'year' | 'quarter' | 'month';
  /** list: fields of an element; `key` names the field that tells elements apart. */
  readonly fields?: readonly Field[];
  readonly elementKey?: string;
  /** link: the register the value's natural key belongs to. */
  readonly to?: string;
  /** Datasets that may deliver it, first has precedence; `combine` says what several sources make (default `first`). */
  readonly datasets: readonly string[];
  readonly combine?: 'first' | 'earliest' | 'latest' | 'union';
  readonly sensitivity: 'public' | 'internal' | 'personal' | 'sensitive';
  /** Items that may read it: ids, or `*`. */
  readonly purposes: readonly string[];
  readonly legalUse: 'decide' | 'banded' | 'precompute';
}

/** How one delivered column becomes a fact, or a field of a list element, or one period of a series. */
export interface Column {
  readonly header: string;
  /** `$key` the subject's key, `$division` the envelope's division, `$name`, `$from` / `$to` validity, `$period` a series row's period, else a fact or field key. */
  readonly to: string;
  /** What an empty cell says: nobody told us (default), or checked and none. */
  readonly empty?: 'unknown' | 'null';
  readonly required?: boolean;
  /** Check digits and shape beyond the fact's type. */
  readonly format?: 'citizen-id' | 'uscc' | 'account' | 'phone' | 'email';
  /** Separator of a set's values in one cell; default `、`. */
  readonly separator?: string;
}

export type DeliveryKind = 'full' | 'changes' | 'list';

/** Shares of the subjects a dataset spoke of before, in per cent, and the least number of subjects worth stopping for. */
export interface HoldLimits {
  readonly droppedPercent?: number;
  readonly changedPercent?: number;
  readonly atLeast?: number;
}

/** A dataset 数据集: what one department delivers, again and again. */
export interface Dataset {
  readonly id: string;
  readonly title: string;
  readonly department: string;
  readonly register: string;
  /** `record`: a row per subject; `timed`: a row per subject and validity; `list`: a row per element of `fact`; `series`: a row per subject and period. */
  readonly shape: 'record' | 'timed' | 'list' | 'series';
  /** list: the list fact its rows fill. */
  readonly fact?: string;
  readonly kinds: readonly DeliveryKind[];
  /** Days after asOf until its facts count as unknown (DESIGN 4). */
  readonly freshnessDays: number;
  /** Days the delivered file and its refused rows are kept (default three years); what was read out of it stays. */
  readonly retainDays?: number;
  /** `name`: the `$key` column holds names, as honour lists do; which subject is meant is found by name (src/record/names.ts). */
  readonly keyedBy?: 'name';
  /** True: its rows may introduce subjects (the register's base dataset); else a row for an unknown subject is refused. */
  readonly introduces?: boolean;
  /** When a full delivery or list waits for a person's yes; what is left out keeps its default (`src/record/hold.ts`). */
  readonly hold?: HoldLimits;
  readonly columns: readonly Column[];
}

export interface TreeNode {
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  readonly from?: Day | null;
  readonly to?: Day | null;
  /** division: province … village, or `zone` for functional zones (高新区) with nodes of their own. */
  readonly kind?: string;
}

export interface Tree {
  readonly id: string;
  readonly label: string;
  readonly nodes: readonly TreeNode[];
}

/** A number that depends on region and day (minimum wage, 低保标准); the most specific region with a value wins. */
export interface Parameter {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly values: readonly {
    readonly region: string | null;
    readonly from: Day;
    readonly to: Day | null;
    readonly value: string;
    readonly document?: string;
  }[];
}

/** A region's event or index over time that is nobody's fact (CPI, 中高风险地区 count): region → period → number as text. */
export interface ExternalSeries {
  readonly key: string;
  readonly label: string;
  readonly unit: string;
  readonly every: 'year' | 'quarter' | 'month';
  readonly values: readonly { readonly region: string | null; readonly period: string; readonly value: string; readonly asOf: Day }[];
}

export interface Catalogue {
  readonly registers: readonly Register[];
  readonly facts: readonly Fact[];
  readonly datasets: readonly Dataset[];
  readonly trees: readonly Tree[];
  readonly parameters: readonly Parameter[];
  readonly external: readonly ExternalSeries[];
  /** When departments owe their deliveries, at most one line per dataset; a dataset without one is never late, only stale. */
  readonly deliveries?: readonly DeliveryTerm[];
  /** Official calendar 调休: days off that are weekdays, workdays that are weekends, and the span of years it speaks for. */
  readonly calendar: {
    readonly knownFrom: Day;
    readonly knownTo: Day;
    readonly holidays: readonly Day[];
    readonly workdays: readonly Day[];
  };
  /** sha256 over the canonical JSON; names the catalogue in evidence. */
  readonly hash: string;
}

/** The official calendar as windows count by it. */
export const calendarOf = ({ calendar }: Catalogue) => ({
  holidays: new Set(calendar.holidays),
  workdays: new Set(calendar.workdays),
  knownFrom: calendar.knownFrom,
  knownTo: calendar.knownTo,
});
