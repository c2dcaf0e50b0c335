// The delivery files of the sample city: which dataset is delivered when, for whom, in how many files, and the open files themselves.
// Rows go to disk as they come; nothing but a buffer per file stays in memory.
import { closeSync, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { addDays, type Day } from '../base/day.ts';
import type { Dataset, DeliveryKind } from '../catalogue/catalogue.ts';
import { csvLine } from './cell.ts';
import type { Places } from './place.ts';
import { rowsOf } from './rows.ts';
import type { Subject } from './subject.ts';

/** What a list is, as its heading says. */
export interface ListNote {
  readonly title: string;
  readonly number: string | null;
  readonly publishedOn: Day | null;
  readonly validFrom: Day | null;
  readonly validTo: Day | null;
}

export interface Delivery {
  readonly dataset: string;
  readonly kind: DeliveryKind;
  readonly scope: { readonly register: string; readonly division: string | null };
  readonly asOf: Day;
  readonly file: string;
  readonly rows: number;
  /** Of a list by name. */
  readonly list?: ListNote;
}

/**
 * Datasets that come province by province instead of in one file, with the one division whose office is late (`stale`: older than
 * the freshness limit) or never delivered (`silent`), or the one whose office delivers at all yet (`only`). Everything else comes as one file for the
 * whole register.
 */
export const federated: Readonly<Record<string, { readonly stale?: string; readonly silent?: string; readonly only?: string }>> = {
  'police-households': { only: '530128' },
  'police-household-members': { only: '530128' },
  'police-hukou': { stale: '530128102' },
  'hrss-hires': { stale: '420205' },
  'health-children': { silent: '310151' },
};

/** The division a federated file speaks for: the late division itself, a neighbour along its path, else the province. */
export const scopeDivision = (places: Places, dataset: string, division: string): string | null => {
  const split = federated[dataset];
  if (split === undefined) return null;
  const special = split.stale ?? split.silent ?? split.only ?? '';
  const path = places.upward(special);
  const own = places.upward(division);
  if (own.includes(special)) return special;
  const neighbour = own.findIndex((code) => path.includes(code));
  if (neighbour === -1) return places.provinceOf(division);
  return neighbour === 0 ? division : (own[neighbour - 1] as string);
};

const isSilent = (dataset: string, division: string | null): boolean => {
  const split = federated[dataset];
  if (division === null || split === undefined) return false;
  return split.only === undefined ? split.silent === division : split.only !== division;
};

/** Departments do not deliver on the same day; each stays well within its own limit, the late one outside. */
const asOfOf = (dataset: Dataset, index: number, division: string | null, today: Day, punctual: boolean): Day => {
  const late = !punctual && division !== null && federated[dataset.id]?.stale === division;
  return addDays(today, -(late ? dataset.freshnessDays + 9 : 1 + (index % 7)));
};

const headingOf = (dataset: Dataset, asOf: Day): ListNote => {
  const number = `样例认定〔${asOf.slice(0, 4)}〕1 号`;
  return { title: `${dataset.title}公布名单`, number, publishedOn: addDays(asOf, -10), validFrom: null, validTo: null };
};

interface OpenFile {
  readonly delivery: Omit<Delivery, 'rows'>;
  /** null: rows are taken as they are (`take`). */
  readonly descriptor: number | null;
  readonly newline: string;
  rows: number;
  buffer: string[];
  size: number;
}

const flushAt = 1 << 15;

const flush = (file: OpenFile): void => {
  if (file.buffer.length > 0 && file.descriptor !== null) writeSync(file.descriptor, file.buffer.join(''));
  file.buffer = [];
  file.size = 0;
};

const append = (file: OpenFile, line: string): void => {
  file.buffer.push(line);
  file.size += line.length;
  if (file.size >= flushAt) flush(file);
};

/** "Nobody" is sent as a list: an import takes an empty full delivery for a mistake. null: the dataset cannot say it, so it is not sent. */
const nonEmpty = (dataset: Dataset | undefined, file: OpenFile): Delivery | null => {
  if (file.rows > 0) return { ...file.delivery, rows: file.rows };
  return dataset?.kinds.includes('list') === true ? { ...file.delivery, kind: 'list', rows: 0 } : null;
};

export interface DeliveryDesk {
  /** Writes the subject into every dataset of its register; `blemish` may spoil a row's cells before it is written. */
  readonly deliver: (subject: Subject, blemish?: (dataset: Dataset, cells: string[]) => void) => void;
  /** A row as it stands, good or bad, into the dataset's file for that division. */
  readonly raw: (dataset: string, division: string, cells: readonly string[]) => void;
  readonly close: () => readonly Delivery[];
}

export interface DeliveryDeskOptions {
  readonly datasets: readonly Dataset[];
  readonly places: Places;
  readonly today: Day;
  readonly directory: string;
  /** What this round delivers of a dataset; null: nothing. Default: everything, in the dataset's first kind. */
  readonly planned?: (dataset: Dataset) => DeliveryKind | null;
  /** A delivery of kind `changes` holds only these. */
  readonly changed?: (subject: Subject) => boolean;
  /** The late office has caught up. */
  readonly punctual?: boolean;
  /** Gets a subject's rows of a delivery instead of a file on disk; none of them when the office spoke without listing him. */
  readonly take?: (delivery: Omit<Delivery, 'rows'>, subject: Subject, rows: readonly string[][]) => void;
}

export const deliveryDesk = (options: DeliveryDeskOptions): DeliveryDesk => {
  const { datasets, places, today, directory } = options;
  if (options.take === undefined) mkdirSync(directory, { recursive: true });
  const files = new Map<string, OpenFile | null>();
  const indexes = new Map(datasets.map((d, i) => [d.id, i]));

  const kindOf = (dataset: Dataset): DeliveryKind | null =>
    options.planned === undefined ? (dataset.kinds[0] ?? null) : options.planned(dataset);

  const open = (dataset: Dataset, division: string | null): OpenFile | null => {
    const kind = kindOf(dataset);
    if (kind === null || isSilent(dataset.id, division)) return null;
    const name = division === null ? `${dataset.id}.csv` : `${dataset.id}.${division}.csv`;
    const file = join(directory, name);
    const asOf = asOfOf(dataset, indexes.get(dataset.id) ?? 0, division, today, options.punctual === true);
    const scope = { register: dataset.register, division };
    // Half of the offices export from a spreadsheet: a byte order mark and CRLF.
    const spreadsheet = dataset.department.length % 2 === 0;
    const opened: OpenFile = {
      delivery: { dataset: dataset.id, kind, scope, asOf, file, ...(dataset.keyedBy === 'name' ? { list: headingOf(dataset, asOf) } : {}) },
      descriptor: options.take === undefined ? openSync(file, 'w') : null,
      newline: spreadsheet ? '\r\n' : '\n',
      rows: 0,
      buffer: [],
      size: 0,
    };
    const headers = dataset.columns.map((c) => c.header);
    append(opened, (spreadsheet ? '\ufeff' : '') + csvLine(headers, opened.newline));
    return opened;
  };

  const fileOf = (dataset: Dataset, home: string): OpenFile | null => {
    const division = scopeDivision(places, dataset.id, home);
    const key = division === null ? dataset.id : `${dataset.id} ${division}`;
    let file = files.get(key);
    if (file === undefined) {
      file = open(dataset, division);
      files.set(key, file);
    }
    return file;
  };

  /** null: this round has nothing to say of the subject, not even that it is not listed. */
  const rowsToSend = (dataset: Dataset, subject: Subject): readonly string[][] | null => {
    if (kindOf(dataset) !== 'changes') return rowsOf(dataset, subject);
    const rows = options.changed?.(subject) === true ? rowsOf(dataset, subject) : [];
    return rows.length === 0 ? null : rows;
  };

  const write = (file: OpenFile, cells: readonly string[]): void => {
    append(file, csvLine(cells, file.newline));
    file.rows++;
  };

  return {
    deliver: (subject, blemish) => {
      for (const dataset of datasets) {
        if (dataset.register !== subject.register) continue;
        const rows = rowsToSend(dataset, subject);
        if (rows === null) continue;
        // The file is opened even for a subject without rows: not listed means "none" only where the office did speak.
        const file = fileOf(dataset, subject.division);
        if (file === null) continue;
        for (const cells of rows) blemish?.(dataset, cells);
        if (options.take !== undefined) {
          file.rows += rows.length;
          options.take(file.delivery, subject, rows);
        } else for (const cells of rows) write(file, cells);
      }
    },
    raw: (id, division, cells) => {
      const dataset = datasets.find((d) => d.id === id);
      const file = dataset === undefined ? null : fileOf(dataset, division);
      if (file !== null) write(file, cells);
    },
    close: () => {
      const done: Delivery[] = [];
      for (const file of files.values()) {
        if (file === null) continue;
        flush(file);
        if (file.descriptor !== null) closeSync(file.descriptor);
        const sent = nonEmpty(datasets[indexes.get(file.delivery.dataset) ?? 0], file);
        if (sent !== null) done.push(sent);
        else if (file.descriptor !== null) unlinkSync(file.delivery.file);
      }
      // Introducing datasets first: an import refuses rows of subjects it has never heard of. Lists by name last: by then former names are known.
      const rank = (d: Delivery): number => {
        const dataset = datasets[indexes.get(d.dataset) ?? 0];
        return dataset?.introduces === true ? 0 : dataset?.keyedBy === 'name' ? 2 : 1;
      };
      return done.sort((a, b) => rank(a) - rank(b) || (indexes.get(a.dataset) ?? 0) - (indexes.get(b.dataset) ?? 0));
    },
  };
};
