// Importing one delivery: read, check, stage, land. All of it is one transaction over temporary tables, so a delivery is in as a whole or not at all,
// wherever it is killed; the file is at hand before it begins (nothing outside is waited for).
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Catalogue, Dataset, DeliveryKind } from '../catalogue/catalogue.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, rawSql, type Tx, transaction } from '../db/handle.ts';
import type { Content } from '../sheet/content.ts';
import { vaultOf } from '../vault/hold.ts';
import { keepFile } from '../vault/kept.ts';
import { covers } from './coverage.ts';
import { type Delivered, openDelivered, type Source } from './delivered.ts';
import * as store from './delivery-store.ts';
import type { Held } from './hold.ts';
import { landStaged } from './land.ts';
import { lockDataset, refreshStatistics } from './landing-store.ts';
import { treeOf } from './lookup.ts';
import { newestMapping } from './mapping-store.ts';
import type { NamedList } from './names.ts';
import { landList, namesIn, rowsIn, withLeftOver } from './names-stage.ts';
import { insertListNote, type ListNote, namesOf } from './names-store.ts';
import { type ImportProblem, toProblem } from './problem.ts';
import { type Sealer, sealerOf } from './sealed.ts';
import { settleHeld } from './settle-held.ts';
import { type Staged, stageRows } from './stage.ts';
import { copyIntoStage, createStage, indexStage } from './stage-store.ts';
import type { Skipped } from './table.ts';

export { bytesContent, type Content, fileContent } from '../sheet/content.ts';

export interface ImportRequest {
  readonly dataset: string;
  readonly kind: DeliveryKind;
  /** Division the delivery speaks for; null: the whole register. */
  readonly division: string | null;
  readonly asOf: Day;
  readonly fileName: string;
  readonly content: Content;
  /** Account id of whoever brings it, or the name of a step, and in which role. */
  readonly receivedBy: string;
  readonly role: string;
  /** Which sheet of a workbook; without it, the only one whose header fits. */
  readonly sheet?: string;
  /** Of a list keyed by name: its title, 文号, day of publication and validity. */
  readonly list?: ListNote;
  /** Brings refused rows of that delivery again: its day and scope hold, nobody is concluded absent. */
  readonly corrects?: string;
}

export interface ImportOptions {
  readonly now: Date;
  /** Places: import.opened · staged · beforeLand · written · beforeCommit · afterLand. */
  readonly at?: Failpoint;
}

export interface ImportReport {
  readonly deliveryId: string;
  /** `held` waits for a person (`held` says why), `rejected` is what the person said; `accepted` is about to land. */
  readonly state: Exclude<store.DeliveryState, 'landing'>;
  readonly held: Held | null;
  /** The same bytes of the same dataset, kind, scope and day had landed before; nothing was done. */
  readonly already: boolean;
  readonly rows: { readonly read: number; readonly good: number; readonly bad: number };
  /** Subjects whose facts were written or taken away; a repeated full delivery changes only who changed. */
  readonly changed: number;
  readonly introduced: number;
  readonly dropped: number;
  /** No longer listed but kept, because the file has rows that nobody can be named for. */
  readonly kept: number;
  /** Of a list keyed by name: how many names, for how many exactly one subject was found, how many wait for a person. */
  readonly names: { readonly listed: number; readonly matched: number; readonly open: number } | null;
  /** Numeric column → exact sum over the good rows. */
  readonly sums: Readonly<Record<string, string>>;
  /** How the file was read; null where it could not be. */
  readonly source: Source | null;
  /** Rows that are no data (titles, totals, notes), and how many there are. */
  readonly skipped: { readonly list: readonly Skipped[]; readonly count: number };
  /** The first hundred, in the file's order, and how many there are. */
  readonly problems: readonly ImportProblem[];
  readonly problemCount: number;
}

/**
 * Imports one delivery. Bad rows are part of the report; a file that cannot be read at all (header, encoding, quotes, overtaken by a newer delivery) gives
 * `state: 'refused'` with the reason. Throws a ProblemError only for a request that makes no sense (`import.dataset`, `import.kind`, `import.corrects`).
 */
export const importDelivery = async (
  db: Db,
  catalogue: Catalogue,
  request: ImportRequest,
  options: ImportOptions,
): Promise<ImportReport> => {
  const plan = await planOf(db, catalogue, request, options);
  try {
    const report = await transaction(db, (tx) => run(tx, plan));
    await plan.at('import.afterLand');
    if (report.changed > 200) await refreshStatistics(db);
    return report;
  } catch (error) {
    if (!(error instanceof ProblemError) || !error.problems.every((p) => p.code.startsWith('import.'))) throw error;
    return transaction(db, (tx) => refuseWhole(tx, plan, error.problems));
  }
};

export interface Plan {
  readonly catalogue: Catalogue;
  readonly dataset: Dataset;
  readonly request: ImportRequest;
  readonly delivery: store.NewDelivery;
  readonly sealer: Sealer;
  readonly at: Failpoint;
  /** The delivery whose refused rows this one brings again. */
  readonly corrected: store.DeliveryRow | null;
}

const planOf = async (db: Db, catalogue: Catalogue, request: ImportRequest, options: ImportOptions): Promise<Plan> => {
  const dataset = catalogue.datasets.find((d) => d.id === request.dataset);
  if (dataset === undefined)
    return fail('import.dataset', request.dataset, `数据目录里没有数据集“${request.dataset}”。`, '请核对数据集编号。');
  const corrected = request.corrects === undefined ? null : await store.deliveryById(db, request.corrects);
  if (request.corrects !== undefined && (corrected?.dataset !== dataset.id || corrected.state === 'rejected')) {
    fail('import.corrects', request.corrects, '要更正的那次交付不存在、已被否决，或不是这个数据集的。', '请从原交付的报告页下载更正表。');
  }
  if (corrected === null && !dataset.kinds.includes(request.kind)) {
    fail(
      'import.kind',
      request.kind,
      `数据集“${dataset.title}”不接受“${request.kind}”方式的交付。`,
      `可用的方式：${dataset.kinds.join('、')}。`,
    );
  }
  // Before anything is read out of it, and whatever becomes of it: also a refused file is what the department sent.
  const { sha256 } = await keepFile(db, request.content, options.now);
  const division = corrected === null ? request.division : corrected.scope.division;
  return {
    catalogue,
    dataset,
    request: { ...request, division, kind: corrected === null ? request.kind : 'changes', asOf: corrected?.asOf ?? request.asOf },
    delivery: {
      dataset: dataset.id,
      kind: corrected === null ? request.kind : 'changes',
      scope: { register: dataset.register, division },
      asOf: corrected?.asOf ?? request.asOf,
      sha256,
      fileName: request.fileName,
      receivedAt: options.now,
      receivedBy: request.receivedBy,
    },
    sealer: sealerOf(vaultOf(db), catalogue, dataset),
    at: options.at ?? nowhere,
    corrected,
  };
};

/** The same bytes of the same day are not looked at again: they are in, or a person has them or has said no. */
const settledStates: ReadonlySet<store.DeliveryState> = new Set(['landed', 'held', 'rejected']);

const run = async (tx: Tx, plan: Plan): Promise<ImportReport> => {
  const sql = rawSql(tx);
  await lockDataset(sql, plan.dataset.id);
  const before = await store.findDelivery(sql, plan.delivery);
  if (before !== null && settledStates.has(before.state)) return reportOf(tx, before.id, true);
  await refuseOvertaken(tx, plan);
  const deliveryId = await store.openDelivery(sql, plan.delivery, before);
  await plan.at('import.opened');
  await createStage(sql);
  if (plan.request.list !== undefined) await insertListNote(tx, deliveryId, plan.request.list);
  const { delivered, staged, list } = await stageFile(tx, plan, deliveryId);
  await indexStage(sql);
  await plan.at('import.staged');
  const accepted = before?.state === 'accepted' ? (before.held?.digests ?? []) : [];
  const { bad, state, held, totals: counted } = await landStaged(tx, plan, { deliveryId, accepted }, delivered.layout, staged);
  const totals = { ...counted, source: delivered.source, skipped: staged.skipped };
  const [read, good] = [staged.read, staged.read - bad];
  const landedAt = state === 'landed' || held?.rowsLanded === true ? plan.delivery.receivedAt : null;
  await store.closeDelivery(sql, deliveryId, { state, held, read, good, bad, totals, landedAt });
  const { written, dropped } = totals;
  await auditDelivery(tx, plan, before, deliveryId, {
    state,
    read,
    good,
    bad,
    written,
    dropped,
    ...(held === null ? {} : { held: held.reasons }),
  });
  if (landedAt !== null) await landList(tx, plan, deliveryId, list);
  if (state === 'landed') await settleHeld(tx, plan, deliveryId, { read, nameless: staged.nameless });
  await plan.at('import.beforeCommit');
  return reportOf(tx, deliveryId, false);
};

/** A full delivery or list older than one that speaks for everybody in its scope would put back what is no longer so. */
const refuseOvertaken = async (tx: Tx, plan: Plan): Promise<void> => {
  if (plan.request.kind === 'changes') return;
  const divisions = treeOf(plan.catalogue, 'division');
  const newer = (await store.coverages(tx)).find(
    (c) => c.dataset === plan.dataset.id && c.asOf > plan.delivery.asOf && covers(divisions, c.division, plan.request.division),
  );
  if (newer === undefined) return;
  fail(
    'import.late',
    '',
    `已有数据日期为 ${newer.asOf} 的交付，比这一份（${plan.delivery.asOf}）新，没有用旧数据覆盖它。`,
    '请核对数据日期；确需补交历史情况的，请按“变更”方式交付。',
  );
};

type StagedFile = { readonly delivered: Delivered; readonly staged: Staged; readonly list: NamedList | null };

const stageFile = async (tx: Tx, plan: Plan, deliveryId: string): Promise<StagedFile> => {
  const { content, sheet } = plan.request;
  const delivered = await openDelivered(content, plan.dataset, plan.catalogue, await newestMapping(tx, plan.dataset.id), sheet ?? null);
  const divisions = treeOf(plan.catalogue, 'division');
  const inScope = (division: string | null): boolean => covers(divisions, plan.request.division, division);
  const list = await namesIn(tx, plan, deliveryId, delivered);
  const result: { staged: Staged | null } = { staged: null };
  await copyIntoStage(rawSql(tx), async (sink) => {
    result.staged = await stageRows(delivered.layout, inScope, rowsIn(delivered.data, list), sink, plan.sealer);
  });
  const staged = withLeftOver(result.staged as Staged, list);
  if (staged.read === 0 && plan.request.kind === 'full') {
    fail(
      'import.no-rows',
      '1',
      '全量交付里一行数据也没有；照此导入，范围内所有人的这些数据都会变成“无”。',
      '请检查文件；确实没有任何对象时，请按“名单”方式交付。',
    );
  }
  return { delivered, staged, list };
};

const deliveryActions = { landed: 'delivery.land', refused: 'delivery.refuse', held: 'delivery.hold' } as const;

/** `before`: an accepted delivery lands in the name of whoever accepted it. */
const auditDelivery = (
  tx: Tx,
  plan: Plan,
  before: store.DeliveryRow | null,
  deliveryId: string,
  after: Readonly<Record<string, unknown>>,
): Promise<void> =>
  audit(tx, {
    actor: before?.state === 'accepted' ? (before.decidedBy ?? '') : plan.request.receivedBy,
    role: before?.state === 'accepted' ? 'system' : plan.request.role,
    scope: plan.delivery.scope,
    action: deliveryActions[after.state as keyof typeof deliveryActions],
    objectKind: 'delivery',
    objectId: deliveryId,
    after: { dataset: plan.dataset.id, kind: plan.delivery.kind, asOf: plan.delivery.asOf, sha256: plan.delivery.sha256, ...after },
    at: plan.delivery.receivedAt,
  });

/** The file as a whole: its own transaction, because the one that found out is gone. */
const refuseWhole = async (tx: Tx, plan: Plan, problems: readonly Problem[]): Promise<ImportReport> => {
  const sql = rawSql(tx);
  await lockDataset(sql, plan.dataset.id);
  const before = await store.findDelivery(sql, plan.delivery);
  if (before !== null && settledStates.has(before.state)) return reportOf(tx, before.id, true);
  const deliveryId = await store.openDelivery(sql, plan.delivery, before);
  const rows = problems.map(({ at, code, message, hint }) => ({
    line: Number(at) || 0,
    column: '',
    code,
    masked: '',
    message,
    hint,
    row: null,
  }));
  await store.insertProblems(sql, deliveryId, rows);
  await store.closeDelivery(sql, deliveryId, { state: 'refused', held: null, read: 0, good: 0, bad: 0, totals: null, landedAt: null });
  await auditDelivery(tx, plan, before, deliveryId, { state: 'refused', why: problems.map((p) => p.code) });
  return reportOf(tx, deliveryId, false);
};

/** The report of a delivery, now or later. */
export const reportOf = async (reader: Db | Tx, deliveryId: string, already = true): Promise<ImportReport> => {
  const delivery = await store.deliveryById(reader, deliveryId);
  if (delivery === null) throw new ProblemError([problem('missing.delivery', deliveryId, '没有这次交付。', '请核对编号。')]);
  const { totals } = delivery;
  const shown = await store.problemsOf(reader, deliveryId, 100);
  return {
    deliveryId,
    state: delivery.state === 'landing' ? 'refused' : delivery.state,
    held: delivery.state === 'held' ? delivery.held : null,
    already,
    rows: { read: delivery.rowsRead, good: delivery.rowsGood, bad: delivery.rowsBad },
    changed: already ? 0 : (totals?.written ?? 0) + (totals?.dropped ?? 0),
    introduced: totals?.introduced ?? 0,
    dropped: totals?.dropped ?? 0,
    kept: totals?.kept ?? 0,
    names: await namesOf(reader, deliveryId),
    sums: totals?.sums ?? {},
    source: totals?.source ?? null,
    skipped: totals?.skipped ?? { list: [], count: 0 },
    problems: shown.map(toProblem),
    problemCount: shown.length < 100 ? shown.length : await store.countProblems(rawSql(reader), deliveryId),
  };
};
