// The main job in order, shared by `start` and `demo`: publish what is missing, deliver the sample city, seal, run, settle, pre-fill, move on, tell.
// Each step finds its work in rows, so the whole may be killed anywhere and done again; what was done stays done.
import { basename } from 'node:path';
import type { Day } from '../base/day.ts';
import { ProblemError } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { publishCatalogue } from '../catalogue/publish.ts';
import { readCatalogue } from '../catalogue/read.ts';
import { type Db, transaction } from '../db/handle.ts';
import type { AdvanceReport } from '../disbursement/advance.ts';
import type { PrefillReport } from '../disbursement/prefill.ts';
import { ledgerCut } from '../ledger/store.ts';
import { type RunReport, runItems } from '../match/run.ts';
import type { TellReport } from '../notice/tell.ts';
import { readRuleFile, ruleFilesBelow } from '../policy/files.ts';
import { publishItem } from '../policy/publish.ts';
import { liveItems, publishedItems } from '../policy/store.ts';
import { fileContent, importDelivery } from '../record/import.ts';
import { type City, generateCity } from '../sample/city.ts';
import { dressed } from '../sample/dress.ts';
import type { SettleReport } from '../settlement/settle.ts';
import { type SealReport, seal } from '../snapshot/seal.ts';
import { advanceStep, choicesStep, prefillStep, type StepContext, settleStep, tellStep } from '../steps.ts';
import type { Output } from './command.ts';
import { inLanes, roundsOf } from './lanes.ts';
import { shippedCatalogue, shippedRules } from './place.ts';

export interface PublishReport {
  readonly catalogue: Catalogue;
  readonly items: number;
  readonly published: number;
}

/** Publishes the shipped catalogue and every rule file whose content is not a version yet. One bad file stops it, with every problem named. */
export const publishShipped = async (
  db: Db,
  people: { readonly maker: string; readonly checker: string },
  at: Date,
): Promise<PublishReport> => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new ProblemError(read.problems);
  const { catalogue } = read;
  await publishCatalogue(db, { catalogue, maker: people.maker, checker: people.checker, at });
  const known = new Set((await publishedItems(db)).map((one) => one.item.id));
  let items = 0;
  let published = 0;
  for (const path of await ruleFilesBelow(shippedRules)) {
    items += 1;
    // The database is the truth: an item that was published, and perhaps changed since, is not published again by a start. A file is named by its id.
    if (known.has(basename(path, '.json'))) continue;
    const file = await readRuleFile(path, catalogue);
    if (!file.result.ok) throw new ProblemError(file.result.problems.map((one) => ({ ...one, at: `${file.name}.json ${one.at}` })));
    const done = await publishItem(db, { json: file.json, catalogue, ...people, at });
    if (!done.ok) throw new ProblemError(done.problems);
    if (!done.already) published += 1;
  }
  return { catalogue, items, published };
};

export interface CityChoice {
  readonly firms: number;
  readonly residents: number;
  readonly seed: number;
  readonly asOf: Day;
}

export interface ImportedCity {
  readonly city: City;
  readonly rows: number;
  readonly bad: number;
  readonly files: number;
}

/** Two read and check while the database writes: more would only wait for one another. */
const sideBySide = 2;

/** Brings delivery files in through the real import, side by side where they do not depend on one another; a file that is refused as a whole stops it. */
export const bringIn = async (
  db: Db,
  catalogue: Catalogue,
  deliveries: City['deliveries'],
  now: Date,
  width = sideBySide,
): Promise<{ readonly rows: number; readonly bad: number }> => {
  let rows = 0;
  let bad = 0;
  await inLanes(roundsOf(catalogue, deliveries), width, async (delivery) => {
    const report = await importDelivery(
      db,
      catalogue,
      {
        dataset: delivery.dataset,
        kind: delivery.kind,
        division: delivery.scope.division,
        asOf: delivery.asOf,
        fileName: basename(delivery.file),
        content: fileContent(delivery.file),
        receivedBy: 'start',
        role: 'system',
        ...(delivery.list === undefined ? {} : { list: delivery.list }),
      },
      { now },
    );
    if (report.state === 'refused') throw new ProblemError(report.problems);
    rows += report.rows.read;
    bad += report.rows.bad;
  });
  return { rows, bad };
};

/** Writes the city's files below `directory` and brings them in, in the order the datasets stand in the catalogue. */
export const deliverCity = async (
  db: Db,
  catalogue: Catalogue,
  choice: CityChoice,
  directory: string,
  now: Date,
): Promise<ImportedCity> => {
  const plain = generateCity({ ...choice, catalogue, out: directory });
  const city = { ...plain, deliveries: await dressed(plain.deliveries, catalogue) };
  return { city, ...(await bringIn(db, catalogue, city.deliveries, now)), files: city.deliveries.length };
};

export interface Journey {
  readonly published: PublishReport;
  readonly imported: ImportedCity;
  readonly sealed: SealReport;
  readonly ran: RunReport;
  readonly settled: SettleReport;
  readonly prefilled: PrefillReport;
  readonly advanced: AdvanceReport;
  readonly told: TellReport;
}

const figure = (n: number): string => n.toLocaleString('en-US');

/** `knownAt` is the city's own day: the sample stands still, however late it is looked at. */
export const travel = async (
  db: Db,
  options: {
    readonly people: { readonly maker: string; readonly checker: string };
    readonly choice: CityChoice;
    readonly directory: string;
    readonly now: () => Date;
    readonly out: Output;
    readonly mail: boolean;
    readonly messageDomain: string;
  },
): Promise<Journey> => {
  const { people, choice, directory, now, out } = options;
  const published = await out.step(
    'publish',
    '发布规则',
    () => publishShipped(db, people, now()),
    (done) => `${done.items} 个事项，新发布 ${done.published} 个`,
  );
  const { catalogue } = published;
  const imported = await out.step(
    'import',
    '部门报送，逐行核对入库',
    () => deliverCity(db, catalogue, choice, directory, now()),
    (done) => `${done.files} 份文件 ${figure(done.rows)} 行，退回 ${done.bad} 行`,
  );
  const knownAt = choice.asOf;
  const sealed = await out.step(
    'seal',
    '封存数据快照',
    () => seal(db, { catalogue, knownAt, at: now(), actor: 'start' }),
    (done) =>
      Object.entries(done.counts)
        .map(([register, count]) => `${catalogue.registers.find((one) => one.id === register)?.label ?? register} ${figure(count)}`)
        .join('，'),
  );
  const ran = await out.step(
    'run',
    '匹配，每条另算一遍核对',
    () => match(db, catalogue, sealed.snapshotId, now()),
    (done) => `${done.items.length} 个事项，符合 ${figure(done.items.reduce((sum, item) => sum + item.eligible, 0))}`,
  );
  const context: StepContext = { db, catalogue, today: knownAt, now, mail: options.mail, messageDomain: options.messageDomain };
  const settled = await out.step(
    'settle',
    '结算：占用、互斥、封顶、额度',
    () => settleStep(context),
    (done) => `${figure(Object.values(done.lines).reduce((sum, n) => sum + (n ?? 0), 0))} 笔`,
  );
  const prefilled = await out.step(
    'prefill',
    '预填兑付记录',
    () => prefillStep(context),
    (done) => `${figure(done.made)} 条，${figure(done.gaps)} 条有缺口`,
  );
  const advanced = await out.step('advance', '按各事项的流程往下走', () => advanceStep(context));
  await choicesStep(context);
  const told = await out.step(
    'tell',
    '写告知',
    () => tellStep(context),
    (done) => `${figure(Object.values(done).reduce((sum, n) => sum + (n ?? 0), 0))} 份`,
  );
  // Those who have been told move on: into their confirmation window, publicity, or to payment.
  await out.step('advance', '告知之后再往下走', () => advanceStep(context));
  return { published, imported, sealed, ran, settled, prefilled, advanced, told };
};

/** Seals nothing: runs every published version against a snapshot, at the ledger as it stands now. */
export const match = async (db: Db, catalogue: Catalogue, snapshotId: string, at: Date): Promise<RunReport> => {
  const cut = await transaction(db, (tx) => ledgerCut(tx));
  return runItems(db, { snapshotId, items: await liveItems(db), catalogue, ledgerCut: cut, at, actor: 'start' });
};
