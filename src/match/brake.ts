// The brake: an item whose people, undetermined or money differ from its last run by more than a set share goes no further than its run. Nothing is
// settled, told or paid from it until a person has looked and released it; the next run starts from what stood before, so a corrected delivery mends it too.
import { audit } from '../audit/audit.ts';
import { formatYuan } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import { coversDivision, coversItem, type Scope } from '../base/scope.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { readSetting, writeSetting } from '../db/setting-store.ts';
import { type Counted, countedOf, eventsSince, holdItem, lockHeld, releaseItem } from './brake-store.ts';

/** What an item may change by from one run to the next without a person looking: either bound lets it through. */
export interface BrakeLimits {
  /** Share of the last run's figure, 0.3 = 30 %. */
  readonly share: number;
  /** People: fewer than this never hold an item, whatever their share. */
  readonly people: number;
  /** 分: less than this never holds an item. */
  readonly fen: bigint;
}

const usualLimits: BrakeLimits = { share: 0.3, people: 50, fen: 50_000_00n };

export type Measure = 'eligible' | 'undetermined' | 'amount';

/** One figure that went too far. Counts of people, or 分 for `amount`, as decimal text. */
export interface BrakeReason {
  readonly measure: Measure;
  readonly periodKey: string;
  /** The period of the last run it is held against: the same one, or the item's period before. */
  readonly against: string;
  readonly before: string;
  readonly now: string;
}

const measures: readonly { readonly measure: Measure; readonly of: (c: Counted) => bigint; readonly least: (l: BrakeLimits) => bigint }[] =
  [
    { measure: 'eligible', of: (c) => BigInt(c.eligible), least: (l) => BigInt(l.people) },
    { measure: 'undetermined', of: (c) => BigInt(c.undetermined), least: (l) => BigInt(l.people) },
    { measure: 'amount', of: (c) => c.amountFen, least: (l) => l.fen },
  ];

const size = (n: bigint): bigint => (n < 0n ? -n : n);
/** Shares are compared in millionths: exact, and finer than anybody sets them. */
const millionths = (share: number): bigint => BigInt(Math.round(share * 1e6));

/** Figures of `now` that left the last run's by more than both limits. */
export const tooFar = (before: Counted, now: Counted, limits: BrakeLimits): readonly BrakeReason[] =>
  measures.flatMap(({ measure, of, least }) => {
    const [was, is] = [of(before), of(now)];
    const change = size(is - was);
    // The first amount of an item that paid nobody has nothing to be held against; many people at once are held by their number.
    if (measure === 'amount' && before.eligible === 0) return [];
    if (change < least(limits) || change * 1_000_000n <= was * millionths(limits.share)) return [];
    return [{ measure, periodKey: now.periodKey, against: before.periodKey, before: String(was), now: String(is) }];
  });

const measureNames: Readonly<Record<Measure, string>> = { eligible: '符合', undetermined: '待核', amount: '金额' };

const figure = (measure: Measure, text: string): string => (measure === 'amount' ? formatYuan(BigInt(text)) : `${text} 人`);

const shareText = (before: bigint, now: bigint): string => {
  if (before === 0n) return '上次没有';
  const tenths = ((now - before) * 1000n) / before;
  return `${tenths < 0n ? '减少' : '增加'} ${size(tenths) / 10n}.${size(tenths) % 10n}%`;
};

/** One sentence per figure, with no names in it. */
export const brakeWords = (reasons: readonly BrakeReason[]): string =>
  `与上次相比变化过大，先停在这里，没有结算、告知和拨付：${reasons
    .map(
      (r) =>
        `${r.periodKey} ${measureNames[r.measure]} ${figure(r.measure, r.before)} → ${figure(r.measure, r.now)}（${shareText(BigInt(r.before), BigInt(r.now))}${
          r.against === r.periodKey ? '' : `，比 ${r.against}`
        }）`,
    )
    .join('；')}。`;

interface Stored {
  readonly share: number;
  readonly people: number;
  readonly fen: string;
}
type StoredLimits = Readonly<Record<string, Stored>>;
const settingKey = 'run.brake';
const everyItem = '*';

/** The item's own limits, else the house's, else `usualLimits`. */
export const limitsFor = async (reader: Db | Tx): Promise<(itemId: string) => BrakeLimits> => {
  const stored = (await readSetting<StoredLimits>(reader, settingKey)) ?? {};
  return (itemId) => {
    const own = stored[itemId] ?? stored[everyItem];
    return own === undefined ? usualLimits : { share: own.share, people: own.people, fen: BigInt(own.fen) };
  };
};

/** `itemId` null: for every item without limits of its own. Refuses with `input.brake`. */
export const setLimits = async (
  db: Db,
  ask: { readonly itemId: string | null; readonly limits: BrakeLimits; readonly by: string; readonly role: string; readonly at: Date },
): Promise<void> => {
  const { limits } = ask;
  if (!(limits.share > 0 && limits.share <= 100) || !Number.isInteger(limits.people) || limits.people < 0 || limits.fen < 0n)
    fail('input.brake', '/limits', '比例要大于 0，人数和金额不能为负。', '例如比例 0.3（三成）、50 人、50000 元。');
  await transaction(db, async (tx) => {
    const before = (await readSetting<StoredLimits>(tx, settingKey)) ?? {};
    const name = ask.itemId ?? everyItem;
    const own: Stored = { ...limits, fen: String(limits.fen) };
    await writeSetting(tx, settingKey, { ...before, [name]: own }, ask.at);
    await audit(tx, {
      at: ask.at,
      actor: ask.by,
      role: ask.role,
      action: 'run.brake-limits',
      objectKind: 'item',
      objectId: name,
      before: before[name] ?? null,
      after: own,
    });
  });
};

/** In the transaction that ends the run: whoever settles sees an item held or not at all. Returns the items held. */
export const brakeRun = async (
  tx: Tx,
  run: { readonly runId: string; readonly actor: string; readonly at: Date },
): Promise<readonly string[]> => {
  const limits = await limitsFor(tx);
  const found = Map.groupBy(await countedOf(tx, run.runId), ({ now }) => now.itemId);
  const held: string[] = [];
  for (const [itemId, pairs] of found) {
    const reasons = pairs.flatMap(({ before, now }) => (before === null ? [] : tooFar(before, now, limits(itemId))));
    if (reasons.length === 0) continue;
    const why = brakeWords(reasons);
    await holdItem(tx, { runId: run.runId, itemId, reasons }, why);
    await audit(tx, {
      at: run.at,
      actor: run.actor,
      role: 'system',
      action: 'run.hold-item',
      objectKind: 'run',
      objectId: run.runId,
      after: { item: itemId, reasons },
      reason: why,
    });
    held.push(itemId);
  }
  return held;
};

/**
 * Before an event writes `matches` that move `movedFen`: whether, with all that events have written of the item since its last run, they go further than a
 * run may without a person looking. Then the event writes nothing of the item; the next run decides it over everybody, and is held there.
 */
export const brakeEvent = async (
  tx: Tx,
  event: {
    readonly runId: string;
    readonly itemId: string;
    readonly periodKey: string;
    readonly matches: number;
    readonly movedFen: bigint;
    readonly actor: string;
    readonly at: Date;
  },
): Promise<boolean> => {
  if (event.matches === 0) return false;
  const since = await eventsSince(tx, event);
  if (since === null) return false;
  const { before } = since;
  const now = {
    ...before,
    eligible: before.eligible + since.matches + event.matches,
    amountFen: before.amountFen + since.movedFen + event.movedFen,
  };
  const reasons = tooFar(before, now, (await limitsFor(tx))(event.itemId));
  if (reasons.length === 0) return false;
  await audit(tx, {
    at: event.at,
    actor: event.actor,
    role: 'system',
    action: 'run.brake-event',
    objectKind: 'run',
    objectId: event.runId,
    after: { item: event.itemId, period: event.periodKey, matches: since.matches + event.matches, reasons: reasons.map((r) => r.measure) },
    reason: '上次全量判定以来，即时判定改变的太多，先不即时办理，等下一次全量判定一并核对。',
  });
  return true;
};

export interface ReleaseAsk {
  readonly runId: string;
  readonly itemId: string;
  readonly by: string;
  readonly role: string;
  readonly scope: Scope;
  readonly reason: string;
  readonly at: Date;
}

/**
 * A person lets a held item go on: its matches stand from now on, and the next settlement takes them. Refuses with `missing.held`, `input.reason`, or
 * `state.later-run` when a later run has decided the same period: that one speaks.
 */
export const releaseBrake = async (db: Db, ask: ReleaseAsk): Promise<void> => {
  const reason = ask.reason.trim();
  if (reason.length < 2) fail('input.reason', '/reason', '没有写放行的理由。', '写清核对了什么、为什么变化属实。');
  await transaction(db, async (tx) => {
    const held = await lockHeld(tx, ask.runId, ask.itemId);
    if (held === null || !coversItem(ask.scope, { id: ask.itemId, authority: held.authority }) || !coversDivision(ask.scope, held.region))
      return fail('missing.held', ask.itemId, '没有待放行的这个事项。', '可能已经放行，或不在您负责的范围内。');
    if (held.overtaken)
      return fail('state.later-run', ask.itemId, '后来的批次已经重新判定过这个期别，这一批不再生效。', '请看最新的批次。');
    await releaseItem(tx, ask);
    await audit(tx, {
      at: ask.at,
      actor: ask.by,
      role: ask.role,
      action: 'run.release-item',
      objectKind: 'run',
      objectId: ask.runId,
      after: { item: ask.itemId, reasons: held.reasons },
      reason,
    });
  });
};
