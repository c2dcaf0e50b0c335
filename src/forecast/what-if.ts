// 试算: how many a draft or a swept figure would reach and what it would cost, over the whole sealed population, from columns kept hot: the kernel counts, and only
// rows it cannot settle are worked out one by one, once. Says the counts and 分 of the forecast, where people fail, who is near, and who is gained or lost against
// the version in force; what the short way cannot say goes the forecast's own way.
import { setImmediate } from 'node:timers/promises';
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import { kernelItem, readsLedger } from '../match/batch.ts';
import type { ItemVersion } from '../match/match.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import type { Item } from '../policy/item.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { countBits } from '../snapshot/bitmap.ts';
import type { Hot, Place } from '../snapshot/hot.ts';
import { openKernel } from '../snapshot/kernel.ts';
import type { OpenBlock, OpenSnapshot } from '../snapshot/open.ts';
import { forecastItem } from './forecast.ts';
import { periodFor, versionFor } from './period.ts';
import { answerBlock, openTally, type Tally, takeAgainst, takeDraft } from './reach.ts';
import { type Against, type Breakdown, tellAgainst, tellDraft } from './reach-told.ts';
import { type Asking, askingOf } from './rowwise.ts';
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
  /** Also where people fail, who is near, by division, and against the version in force. */
  readonly details?: boolean;
  /** Ends with `state.needs-forecast` where columns cannot say it, instead of deciding everybody one by one. */
  readonly columnsOnly?: boolean;
  /** Nobody waits for the answer any more: ends with `state.superseded` at the next block. */
  readonly signal?: AbortSignal;
  /** How far it is, 0 to 1, where everybody is decided one by one. */
  readonly far?: (share: number) => void;
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
  /** Of the draft as written; null: not asked for, or the way was `full`. */
  readonly draft: Breakdown | null;
  /** Against the version in force; null: not asked for, or there is none that columns can tell. */
  readonly against: Against | null;
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
  if (!asked.every(({ compiled }) => isPlain(compiled, period, options.published))) {
    if (options.columnsOnly === true)
      fail(
        'state.needs-forecast',
        'item',
        '这条规则要读关联的人、事件、排名、已付金额或前一版，按列数不出来。',
        '请做匡算：逐人判定，要等几分钟。',
      );
    return { ...head, way: 'full', sweepAt, points: await fullPoints(db, options), draft: null, against: null };
  }
  const points = asked.map(({ value, compiled }) => openPoint(value, compiled, period, catalogue));
  const standing = options.details === true ? standingOf(options, period, knownAt) : null;
  await overBlocks(db, hot, options, { snapshot, points, standing, sweptAward: sweepAt !== null && !sweepAt.startsWith('/conditions/') });
  const [first] = points;
  return {
    ...head,
    way: 'columns',
    sweepAt,
    points: points.map((point) => tell(point, amounts)),
    draft: options.details !== true || first === undefined ? null : tellDraft(first, catalogue, amounts),
    against: standing === null || first === undefined ? null : tellAgainst(first, standing, catalogue, amounts),
  };
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

export interface Point extends Asking, Tally {
  readonly value: string | null;
}

export interface Standing extends Point {
  readonly version: number;
  readonly hash: string;
}

const openPoint = (value: string | null, compiled: CompiledItem, period: DecisionPeriod, catalogue: Catalogue): Point => ({
  value,
  ...askingOf(compiled, period, catalogue, kernelItem(compiled, period, { catalogue })),
  ...openTally(),
});

/** The version in force, where the same columns tell it. */
const standingOf = (
  { catalogue, published }: WhatIfOptions,
  period: DecisionPeriod,
  knownAt: DecisionPeriod['knownAt'],
): Standing | null => {
  const found = versionFor(published, period, knownAt);
  if (found === null) return null;
  const compiled = compileItem(found.version.item, catalogue);
  if (!isPlain(compiled, found.period, published)) return null;
  return { ...openPoint(null, compiled, found.period, catalogue), version: found.version.version, hash: found.version.hash };
};

interface Over {
  readonly snapshot: OpenSnapshot;
  readonly points: readonly Point[];
  readonly standing: Standing | null;
  /** Each point has awards of its own: too many to keep. */
  readonly sweptAward: boolean;
}

const overBlocks = async (db: Db, hot: Hot, options: WhatIfOptions, { snapshot, points, standing, sweptAward }: Over): Promise<void> => {
  const { amounts, details, signal } = options;
  const all = standing === null ? points : [...points, standing];
  const facts = [...new Set(all.flatMap(({ compiled }) => compiled.reads.map((read) => read.fact)))];
  const register = points[0]?.compiled.register ?? '';
  for (const number of snapshot.blocks(register)) {
    if (signal?.aborted === true) fail('state.superseded', '', '有了更新的试算，这一次不再算下去。', '看最后一次的结果即可。');
    const block: OpenBlock = await hot.block(db, snapshot, register, number, facts);
    const place: Place = { snapshotId: snapshot.snapshot.id, register, block: number };
    const kernel = openKernel(block, 'simd', hot.answers(place));
    try {
      const answer = (point: Point, keep: boolean) => answerBlock({ hot, place, block, kernel }, point, { amounts, keep });
      const subjects = countBits(block.present);
      for (const [i, point] of points.entries()) {
        point.subjects += subjects;
        const found = await answer(point, i === 0 || !sweptAward);
        if (i > 0 || details !== true) continue;
        takeDraft(point, block, kernel, found);
        if (standing !== null) takeAgainst(point, standing, { block, kernel }, found, await answer(standing, true));
      }
    } finally {
      kernel.close();
    }
    // Whoever else asks is answered between two blocks.
    await setImmediate();
  }
};

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
  const watch = { signal: options.signal, ...(options.far === undefined ? {} : { at: options.far }) };
  const told = await forecastItem(db, { ...options, nearRows: 0, watch });
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
