// 试算: how many a draft or a swept figure would reach and what it would cost, over the whole sealed population, from columns kept hot: the kernel counts, and only
// rows it cannot settle are decided. Says the counts and 分 of the forecast and nothing else; what the short way cannot say goes the forecast's own way.
import { setImmediate } from 'node:timers/promises';
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import { kernelItem, readsLedger } from '../match/batch.ts';
import type { ItemVersion } from '../match/match.ts';
import { columnSource } from '../match/source.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { decide } from '../policy/decide.ts';
import type { Item } from '../policy/item.ts';
import type { Decision, DecisionPeriod } from '../rule/facts.ts';
import { andInto, andNotInto, type Bitmap, countBits, eachBit, rowsOf } from '../snapshot/bitmap.ts';
import type { Hot } from '../snapshot/hot.ts';
import { type Kernel, openKernel } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { forecastItem } from './forecast.ts';
import { periodFor } from './period.ts';
import { type Sweep, sweptItems } from './sweep.ts';

export interface WhatIfOptions {
  readonly snapshotId: string;
  /** Must be the snapshot's own. */
  readonly catalogue: Catalogue;
  /** A checked item, published or not. */
  readonly draft: Item;
  /** Published versions of the same id that are not retired. */
  readonly published: readonly ItemVersion[];
  readonly ledgerCut: bigint;
  readonly periodKey?: string;
  readonly sweep?: Sweep;
  /** Whether amounts are asked for; counting alone leaves out every award. */
  readonly amounts: boolean;
}

export interface WhatIf {
  readonly format: 'zhixiang-what-if-1';
  readonly item: string;
  readonly snapshot: { readonly id: string; readonly knownAt: string };
  readonly periodKey: string;
  /** The draft is not in force in the period: told as if it were. */
  readonly asIf: boolean;
  /** `columns`: counted over hot columns; `full`: by the forecast, since the rule reads links, events, ranks, payments or another version. */
  readonly way: 'columns' | 'full';
  readonly sweepAt: string | null;
  /** The draft as written (`value` null), then each swept figure. */
  readonly points: readonly WhatIfPoint[];
}

export interface WhatIfPoint {
  readonly value: string | null;
  readonly subjects: number;
  readonly eligible: number;
  readonly undetermined: number;
  readonly ineligible: number;
  /** Before settlement, as far as amounts are known; null: not asked for. */
  readonly amountFen: string | null;
  /** Matches whose amount is not known exactly; null: not asked for. */
  readonly open: number | null;
}

/** Throws as `forecastItem` does. Reads only. */
export const whatIf = async (db: Db, hot: Hot, options: WhatIfOptions): Promise<WhatIf> => {
  const { catalogue, draft, sweep, amounts } = options;
  const snapshot = await hot.snapshot(db, options.snapshotId);
  if (snapshot === null) return fail('missing.snapshot', 'snapshotId', '没有这个数据快照。', '请先封存数据，再做试算。');
  const { id, knownAt, catalogueHash } = snapshot.snapshot;
  if (catalogueHash !== catalogue.hash)
    fail('state.other-catalogue', 'catalogue', '数据快照是按另一版指标目录封存的。', '请按现行目录重新封存，再做试算。');
  const { period, asIf } = periodFor(draft, knownAt, options.periodKey ?? null);
  const written = { value: null, compiled: compileItem(draft, catalogue) };
  const asked = [written, ...(sweep === undefined ? [] : sweptItems(draft, sweep, catalogue))];
  const head = { format: 'zhixiang-what-if-1', item: draft.id, snapshot: { id, knownAt }, periodKey: period.key, asIf } as const;
  const sweepAt = sweep?.at ?? null;
  if (!asked.every(({ compiled }) => isPlain(compiled, period, options.published)))
    return { ...head, way: 'full', sweepAt, points: await fullPoints(db, options) };
  const points = asked.map(({ value, compiled }) => openPoint(value, compiled, period, catalogue));
  const facts = [...new Set(asked.flatMap(({ compiled }) => compiled.reads.map((read) => read.fact)))];
  const { register } = written.compiled;
  // Where only conditions are swept, a row's amount is the same at every point: it is computed once.
  const shared = sweepAt === null || sweepAt.startsWith('/conditions/');
  for (const number of snapshot.blocks(register)) {
    const block = await hot.block(db, snapshot, register, number, facts);
    const worth: Worths = new Map();
    const kernel = openKernel(block);
    try {
      for (const point of points) await takePoint(point, block, kernel, amounts, shared ? worth : new Map());
    } finally {
      kernel.close();
    }
    // Whoever else asks is answered between two blocks.
    await setImmediate();
  }
  return { ...head, way: 'columns', sweepAt, points: points.map((point) => tell(point, amounts)) };
};

/** What the columns of one register on one day can say: no links, events, ranks, payments, other versions or persons with a day of their own. */
const isPlain = (compiled: CompiledItem, period: DecisionPeriod, published: readonly ItemVersion[]): boolean =>
  compiled.event === null &&
  compiled.before === undefined &&
  compiled.closings.length === 0 &&
  compiled.reads.every((read) => read.link === null) &&
  !readsLedger(compiled) &&
  // `once` is frozen on the day of each one's own match.
  (period.kind !== 'once' || published.length === 0);

/** By row: 分, null where an amount is not known exactly. */
type Worths = Map<number, bigint | null>;

interface Point {
  readonly value: string | null;
  readonly compiled: CompiledItem;
  readonly period: DecisionPeriod;
  readonly catalogue: Catalogue;
  readonly asked: ReturnType<typeof kernelItem>;
  subjects: number;
  eligible: number;
  undetermined: number;
  amountFen: bigint;
  open: number;
}

const openPoint = (value: string | null, compiled: CompiledItem, period: DecisionPeriod, catalogue: Catalogue): Point => ({
  value,
  compiled,
  period,
  catalogue,
  asked: kernelItem(compiled, period, { catalogue }),
  subjects: 0,
  eligible: 0,
  undetermined: 0,
  amountFen: 0n,
  open: 0,
});

/** Rows decided before whoever else asks has a turn. */
const turnRows = 1000;

const takePoint = async (point: Point, block: OpenBlock, kernel: Kernel, amounts: boolean, worths: Worths): Promise<void> => {
  const { surely, possibly } = kernel.match(point.asked);
  point.subjects += countBits(block.present);
  const settled = settledBy(point.compiled);
  // Beyond the conditions a list or a claimed object may say no: then everybody possible is decided.
  const unsettled = settled ? openRows(surely, possibly, kernel.doubtful(point.asked)) : possibly;
  const decided = rowsOf(unsettled);
  if (settled) {
    point.eligible += countBits(surely);
    const open = possibly.slice();
    andNotInto(open, surely);
    andNotInto(open, unsettled);
    point.undetermined += countBits(open);
    if (amounts) await takeWorths(point, block, surely, worths);
  }
  for (const [i, row] of decided.entries()) {
    if (i % turnRows === turnRows - 1) await setImmediate();
    const decision = decideRow(point, block, row);
    if (decision.verdict === 'undetermined') point.undetermined++;
    if (decision.verdict !== 'eligible') continue;
    point.eligible++;
    addWorth(point, decision.amountFen);
  }
};

/** The conditions alone say who is eligible. */
const settledBy = (compiled: CompiledItem): boolean => compiled.each === null && compiled.claims.length === 0;

const openRows = (surely: Bitmap, possibly: Bitmap, doubtful: Bitmap): Bitmap => {
  andNotInto(doubtful, surely);
  andInto(doubtful, possibly);
  return doubtful;
};

const takeWorths = async (point: Point, block: OpenBlock, rows: Bitmap, worths: Worths): Promise<void> => {
  const asked: number[] = [];
  eachBit(rows, (row) => {
    const known = worths.get(row);
    if (known === undefined) asked.push(row);
    else addWorth(point, known);
  });
  for (const [i, row] of asked.entries()) {
    if (i % turnRows === turnRows - 1) await setImmediate();
    const { amountFen } = decideRow(point, block, row);
    worths.set(row, amountFen);
    addWorth(point, amountFen);
  }
};

const addWorth = (point: Point, fen: bigint | null): void => {
  if (fen === null) point.open++;
  else point.amountFen += fen;
};

const decideRow = ({ compiled, catalogue, period }: Point, block: OpenBlock, row: number): Decision =>
  decide(compiled, columnSource({ block, row }, { catalogue, link: () => undefined, paid: [], purpose: compiled.item }), period);

const tell = (point: Point, amounts: boolean): WhatIfPoint => ({
  value: point.value,
  subjects: point.subjects,
  eligible: point.eligible,
  undetermined: point.undetermined,
  ineligible: point.subjects - point.eligible - point.undetermined,
  amountFen: amounts ? String(point.amountFen) : null,
  open: amounts ? point.open : null,
});

const fullPoints = async (db: Db, options: WhatIfOptions): Promise<readonly WhatIfPoint[]> => {
  const { amounts } = options;
  const told = await forecastItem(db, { ...options, nearRows: 0 });
  const { subjects } = told.counts;
  const first: WhatIfPoint = {
    value: null,
    subjects,
    eligible: told.counts.eligible,
    undetermined: told.counts.undetermined,
    ineligible: told.counts.ineligible,
    amountFen: amounts ? told.counts.amountFen : null,
    open: amounts ? told.amounts.bounded.count + told.amounts.unknown : null,
  };
  const swept = (told.sweep?.points ?? []).map(
    (p): WhatIfPoint => ({
      value: p.value,
      subjects,
      eligible: p.eligible,
      undetermined: p.undetermined,
      ineligible: subjects - p.eligible - p.undetermined,
      amountFen: amounts ? p.amountFen : null,
      open: amounts ? p.open : null,
    }),
  );
  return [first, ...swept];
};
