// Going live 上线: into the shadow, a comparison accepted by a second person, then live from a period on with the accepted list as what stood before.
// Each step is one transaction with its audit row; nothing before the period is ever paid.
import { audit } from '../audit/audit.ts';
import { type Day, parsePeriodKey, previousPeriod } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { type Opened, writeOpening } from '../match/opening.ts';
import type { PeriodKind } from '../policy/item.ts';
import { insertShadow, lockOpening, setLive } from '../policy/opening-store.ts';
import { publishedItem } from '../policy/store.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { closeRuns } from '../settlement/store.ts';
import { readSnapshot } from '../snapshot/store.ts';
import { type Compared, figuresOf, flagsOf } from './opening.ts';
import {
  type Comparison,
  hasMatches,
  insertComparison,
  type ListFile,
  lockComparison,
  markAccepted,
  type OpeningRow,
  openingRows,
} from './store.ts';

export interface By {
  readonly actor: string;
  readonly role: string;
  readonly at: Date;
}

const entry = (by: By, action: string, objectKind: string, objectId: string, after: unknown, reason: string | null = null) => ({
  actor: by.actor,
  role: by.role,
  action,
  objectKind,
  objectId,
  after,
  reason,
  at: by.at,
});

/** From now on runs leave the item out. Refused with `state.decided` once a run has decided it, `state.opening` when it is open already. */
export const enterShadow = (db: Db, itemId: string, by: By): Promise<void> =>
  transaction(db, async (tx) => {
    if (await hasMatches(tx, itemId))
      fail(
        'state.decided',
        itemId,
        '这个事项已经正式匹配过，不能再回到试运行。',
        '要停下它，用 retire 停用版本；要查差异，直接用 compare。',
      );
    if (!(await insertShadow(tx, itemId, by.actor, by.at)))
      fail('state.opening', itemId, '这个事项已在试运行或已上线。', '直接用 compare 比对名单。');
    await audit(tx, entry(by, 'opening.shadow', 'item', itemId, { state: 'shadow' }));
  });

/** Counts as they are kept and told: people and 分 as text, per standing, and flags. */
export const countsOf = (compared: Compared) => ({
  standings: Object.fromEntries(
    [...figuresOf(compared.rows)].map(([name, f]) => [
      name,
      { people: f.people, listedFen: String(f.listedFen), ourFen: String(f.ourFen) },
    ]),
  ),
  flags: Object.fromEntries(flagsOf(compared.rows)),
});

export const keepComparison = (db: Db, compared: Compared, file: ListFile, by: By): Promise<string> =>
  transaction(db, async (tx) => {
    const counts = countsOf(compared);
    const id = await insertComparison(tx, compared, file, counts, by);
    const { itemId, version, period, snapshotId } = compared;
    await audit(
      tx,
      entry(by, 'opening.compare', 'comparison', id, { itemId, version, period: period.key, snapshotId, sha256: file.sha256, ...counts }),
    );
    return id;
  });

const known = async (tx: Tx, id: string): Promise<Comparison> =>
  (await lockComparison(tx, id)) ?? fail('missing.comparison', id, '没有这次比对。', '编号在 compare 的报告里。');

/** A second person takes the list as it is for what was paid so far. */
export const acceptComparison = (db: Db, id: string, reason: string, by: By): Promise<void> =>
  transaction(db, async (tx) => {
    const comparison = await known(tx, id);
    if (comparison.acceptedBy !== null) fail('state.accepted', id, '这次比对已由人认可过。', '可以直接上线。');
    if (comparison.madeBy === by.actor) fail('state.same-person', id, '做比对的人不能自己认可。', '请另一个人核对后认可。');
    if (reason.trim() === '') fail('input.reason', '--reason', '没有写认可的理由。', '写明谁在哪天核对了名单。');
    await markAccepted(tx, id, by.actor, reason, by.at);
    await audit(tx, entry(by, 'opening.accept', 'comparison', id, { itemId: comparison.itemId, by: by.actor }, reason));
  });

export interface Live {
  readonly itemId: string;
  readonly periodKey: string;
  /** First day that is decided. */
  readonly from: Day;
  /** People of the list taken over as standing. */
  readonly taken: number;
  /** On the list, in no register: nothing can stand for them. */
  readonly strangers: number;
}

/**
 * Live from the comparison's period on. `state.accepted` (nobody has accepted it), `state.version` (another version speaks by now), `state.opening`
 * (not in the shadow), `state.decided`.
 */
export const goLive = (db: Db, comparisonId: string, by: By): Promise<Live> =>
  transaction(db, async (tx) => {
    const comparison = await known(tx, comparisonId);
    const { itemId, version, periodKey } = comparison;
    const published = await publishedItem(tx, itemId, version);
    if (published === null || published.hash !== comparison.itemHash || published.retiredAt !== null)
      return fail('state.version', itemId, '比对用的规则版本已经停用。', '按现行版本重新 compare。');
    const { acceptedBy } = comparison;
    if (acceptedBy === null) return fail('state.accepted', comparisonId, '这次比对还没有经第二个人认可。', '先用 go-live --accept 认可。');
    const state = await lockOpening(tx, itemId);
    if (state !== 'shadow')
      fail(
        'state.opening',
        itemId,
        state === null ? '这个事项没有试运行过。' : '这个事项已经上线。',
        '先 go-live <事项> --shadow，再 compare。',
      );
    if (await hasMatches(tx, itemId)) fail('state.decided', itemId, '这个事项已经有正式的匹配结果。', '不能再以名单接续。');
    const first = firstPeriod(comparison, published.item.period);
    const rows = await openingRows(tx, comparisonId);
    const taken = rows.map(openedOf);
    const snapshot = await readSnapshot(tx, comparison.snapshotId);
    if (snapshot === null) return fail('missing.snapshot', comparison.snapshotId, '比对用的数据快照已不在。', '重新 compare。');
    const before = { ...first.before, knownAt: snapshot.knownAt };
    const run = {
      itemId,
      version,
      itemHash: comparison.itemHash,
      catalogueHash: snapshot.catalogueHash,
      register: comparison.register,
      period: before,
    };
    const opening = { ...run, snapshotId: comparison.snapshotId, ledgerCut: comparison.ledgerCut, comparisonId, at: by.at };
    const runId = await writeOpening(tx, opening, taken);
    await closeRuns(tx, [{ runId, itemId }], by.at);
    await setLive(tx, { itemId, from: first.from, comparisonId, maker: comparison.madeBy, checker: acceptedBy, at: by.at });
    const live = { itemId, periodKey, from: first.from, taken: taken.length, strangers: strangersOf(comparison) };
    await audit(tx, entry(by, 'opening.live', 'item', itemId, { ...live, comparisonId, runId }));
    return live;
  });

const strangersOf = (comparison: Comparison): number => {
  const standings = comparison.counts.standings as Readonly<Record<string, { readonly people: number } | undefined>> | undefined;
  return standings?.stranger?.people ?? 0;
};

/** Of calendar items the period before; `once` stands under its one key, and whatever is found later is decided from that day on. */
const firstPeriod = (
  { periodKey, periodStart, periodEnd }: Comparison,
  kind: PeriodKind,
): { readonly from: Day; readonly before: Omit<DecisionPeriod, 'knownAt'> } => {
  if (kind === 'once') return { from: periodStart ?? periodEnd, before: { kind, key: periodKey, start: periodStart, end: periodEnd } };
  const period = kind === 'per-event' ? null : parsePeriodKey(periodKey);
  const before = period === null ? null : previousPeriod(period);
  if (period === null || period.start === null || before === null)
    return fail('state.events', periodKey, '按事件办理的事项没有可以接续的名单。', '直接发布：只办规则施行之后发生的事。');
  return { from: period.start, before: { kind, key: before.key, start: before.start, end: before.end } };
};

/** A list without amounts takes ours; somebody neither the list nor the rule gives an amount for stands with nothing, so the next run says so. */
const openedOf = (row: OpeningRow): Opened => {
  const amountFen = row.listedFen ?? row.ourFen ?? 0n;
  const same = row.standing === 'both' && row.ourFen === amountFen;
  const { subjectId, ordinal, division, line } = row;
  return {
    subjectId,
    ordinal,
    division,
    amountFen,
    line,
    decided: same && row.digest !== null ? { digest: row.digest, lines: row.lines ?? [] } : null,
  };
};
