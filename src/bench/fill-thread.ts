// One thread of the filling: walks the whole city and writes down what its share of the datasets says, each row read and sealed as an import would, as
// COPY text in one file per dataset: a department's delivery lies together in the table, as it does after an import.
import { hash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { Day } from '../base/day.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { type Group, joinGroups, readRow } from '../record/group.ts';
import { type Layout, layOut } from '../record/layout.ts';
import type { Coverage } from '../record/record.ts';
import { type Sealer, sealerOf } from '../record/sealed.ts';
import { copyJson, copyText, finishGroup } from '../record/stage.ts';
import { blanker } from '../sample/blemish.ts';
import { placesIn, walkCity } from '../sample/city.ts';
import { type Delivery, deliveryDesk } from '../sample/delivery.ts';
import type { Subject } from '../sample/subject.ts';
import { parseKeys } from '../vault/keys.ts';
import { makeVault } from '../vault/vault.ts';

export interface FillTask {
  readonly catalogue: Catalogue;
  readonly residents: number;
  readonly firms: number;
  readonly seed: number;
  readonly asOf: Day;
  readonly folder: string;
  readonly keys: string;
  /** This thread's share of the datasets; the first one writes down the subjects as well. */
  readonly share: number;
  readonly shares: number;
}

export interface Spooled {
  readonly dataset: string;
  readonly file: string;
  readonly parts: number;
}

export interface FillDone {
  /** Files of `record_part`, one per dataset, in the order in which they came. */
  readonly parts: readonly Spooled[];
  /** Of `record`; only from the first thread. */
  readonly records: { readonly file: string; readonly counts: Readonly<Record<string, number>> } | null;
  readonly deliveries: readonly (Omit<Delivery, 'rows' | 'file'> & { readonly id: string; readonly rows: number })[];
  readonly coverages: readonly Coverage[];
}

const idOf = (text: string): string => hash('sha256', text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

interface Spool {
  write(line: string): void;
  close(): void;
}
const spoolTo = (file: string): Spool => {
  const descriptor = openSync(file, 'w');
  let text = '';
  const flush = (): void => {
    writeSync(descriptor, text);
    text = '';
  };
  return {
    write: (line) => {
      text += line;
      if (text.length > 1 << 18) flush();
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
};

/** A subject's rows come one dataset after the other, and a delivery's subject by subject. */
const lastIdOf = (): ((text: string) => string) => {
  const known = new Map<string, string>();
  return (text) => {
    let id = known.get(text);
    if (id === undefined) {
      if (known.size >= 512) known.clear();
      id = idOf(text);
      known.set(text, id);
    }
    return id;
  };
};

interface Told {
  readonly dataset: Dataset;
  readonly layout: Layout;
  readonly sealer: Sealer;
  readonly spool: Spool;
  readonly file: string;
  parts: number;
}

/** The list's own two days stand behind the row, empty: the sample's lists name none. */
const cellsOf = (layout: Layout, cells: readonly string[]): readonly string[] =>
  cells.length < layout.header.length ? [...cells, ...new Array<string>(layout.header.length - cells.length).fill('')] : cells;

const groupOf = (layout: Layout, rows: readonly string[][]): Group => {
  const groups = rows.map((cells, line) => readRow(layout, { line, cells: cellsOf(layout, cells) }));
  return finishGroup(
    layout,
    groups.reduce((a, b) => joinGroups(layout, a, b)),
    () => null,
  );
};

const fill = (task: FillTask): FillDone => {
  const { catalogue, folder, seed, asOf } = task;
  const vault = makeVault(parseKeys(task.keys, 'bench'));
  const places = placesIn(catalogue);
  const own = catalogue.datasets.filter((_, i) => i % task.shares === task.share);
  const told = new Map<string, Told>();
  const deliveries = new Map<string, { delivery: Omit<Delivery, 'rows'>; rows: number; periods: Set<string> }>();
  const toldBy = (dataset: Dataset): Told => {
    let one = told.get(dataset.id);
    if (one === undefined) {
      const layout = layOut(
        dataset,
        catalogue,
        dataset.columns.map((column) => column.header),
      );
      if (!('key' in layout)) throw new Error(`${dataset.id}: ${layout.message}`);
      const file = join(folder, `${dataset.id}.copy`);
      one = { dataset, layout, sealer: sealerOf(vault, catalogue, dataset), spool: spoolTo(file), file, parts: 0 };
      told.set(dataset.id, one);
    }
    return one;
  };
  const knownId = lastIdOf();
  const take = (delivery: Omit<Delivery, 'rows'>, subject: Subject, rows: readonly string[][]): void => {
    let sent = deliveries.get(delivery.file);
    if (sent === undefined) {
      sent = { delivery, rows: 0, periods: new Set() };
      deliveries.set(delivery.file, sent);
    }
    const dataset = own.find((one) => one.id === delivery.dataset);
    if (rows.length === 0 || dataset === undefined) return;
    const to = toldBy(dataset);
    const group = groupOf(to.layout, rows);
    // What an import refuses of a subject stands in its report; here it is left out.
    if (group.bad) return;
    sent.rows += rows.length;
    if (dataset.shape === 'series') for (const [, period] of group.rows) sent.periods.add(period);
    const cells = copyJson(to.sealer.cells(subject.key, group.cells));
    const { register, key } = subject;
    to.spool.write(
      `${register}\t${knownId(`${register}\n${key}`)}\t${dataset.id}\t${delivery.asOf}\t${knownId(delivery.file)}\t\\N\t${cells}\t1\n`,
    );
    to.parts++;
  };
  const desk = deliveryDesk({ datasets: own, places, today: asOf, directory: '', take });
  const blank = blanker(seed);
  const counts: Record<string, number> = {};
  const recordFile = join(folder, 'record.copy');
  const records = task.share === 0 ? spoolTo(recordFile) : null;
  walkCity({ firms: task.firms, residents: task.residents, seed, asOf, catalogue }, places, (subject, planted) => {
    const { register, key, name, division } = subject;
    const ordinal = counts[register] ?? 0;
    counts[register] = ordinal + 1;
    records?.write(`${register}\t${idOf(`${register}\n${key}`)}\t${key}\t${ordinal}\t${copyText(name)}\t${division}\t\\N\t1\n`);
    desk.deliver(subject, planted ? undefined : blank);
  });
  records?.close();
  for (const { spool } of told.values()) spool.close();
  const sent = [...deliveries.values()].map(({ delivery: { file, ...rest }, rows, periods }) => ({
    ...rest,
    id: idOf(file),
    rows,
    periods,
  }));
  return {
    parts: [...told.values()].map(({ dataset, file, parts }) => ({ dataset: dataset.id, file, parts })),
    records: records === null ? null : { file: recordFile, counts },
    deliveries: sent.map(({ periods: _, ...rest }) => rest),
    coverages: sent
      .filter(({ kind }) => kind !== 'changes')
      .map(({ dataset, scope, asOf: day, id, periods }) => ({ dataset, ...scope, asOf: day, delivery: id, periods: [...periods].sort() })),
  };
};

parentPort?.postMessage(fill(workerData as FillTask));
