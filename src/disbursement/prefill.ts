// The step that pre-fills: settled lines with money become disbursement records with payee, account, basis and what is missing; matches that
// suspend or end become stop records, because a person stands behind every stop. Bounded chunks, each one transaction; may run twice and side by side.
import { randomUUID } from 'node:crypto';
import { noteUses } from '../account/store.ts';
import { inChunks } from '../db/chunk.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { splitFen } from '../policy/payees.ts';
import type { LinkNames, SubjectReader } from '../record/contact-store.ts';
import { type GrantedLine, type LineKey, lookUnfilled, takeUnfilled } from '../settlement/hand-store.ts';
import { askGaps } from './ask.ts';
import { type Basis, type Disbursement, type Payee, statementTextOf } from './disbursement.ts';
import { flowOf } from './flow.ts';
import { payeesOf } from './payee.ts';
import { acceptedUnits, heldUnits, insertDisbursements, itemsOf, lookStops, takeStops, unitKey } from './prefill-store.ts';

export interface PrefillOptions {
  readonly now: Date;
  readonly read: SubjectReader;
  /** What a payee link is called (`guardian` → 监护人) and which register it leads to. */
  readonly link: LinkNames;
  /** Records per transaction, default 500. */
  readonly chunk?: number;
  readonly at?: Failpoint;
}

export interface PrefillReport {
  readonly made: number;
  readonly stops: number;
  /** How many of those made lack something. */
  readonly gaps: number;
  readonly amountFen: bigint;
}

export const basisOf = (item: Item): Basis => ({
  title: item.title,
  document: item.basis.document,
  number: item.basis.number,
  clause: item.basis.clause,
  url: item.basis.url,
});

/** Pre-fills everything there is to pre-fill now. */
export const prefill = async (db: Db, options: PrefillOptions): Promise<PrefillReport> => {
  const report = { made: 0, stops: 0, gaps: 0, amountFen: 0n };
  const at = options.at ?? nowhere;
  const chunk = options.chunk ?? 500;
  const write = async (kind: 'made' | 'stops', records: (tx: Tx) => Promise<readonly Disbursement[]>): Promise<number> => {
    const made = await transaction(db, async (tx) => {
      const filled = await records(tx);
      await at('prefill.before-write');
      const written = await insertDisbursements(tx, filled, options.now);
      await at('prefill.before-commit');
      return written;
    });
    await at('prefill.after-commit');
    report[kind] += made.length;
    for (const record of made) {
      report.amountFen += record.amountFen;
      if (record.gaps.length > 0) report.gaps += 1;
    }
    return made.length;
  };
  await inChunks<LineKey>({
    look: (after, limit) => transaction(db, (tx) => lookUnfilled(tx, after, limit)),
    take: (keys) => write('made', (tx) => fillLines(tx, keys, options)),
    chunk,
  });
  await inChunks<LineKey>({
    look: (after, limit) => transaction(db, (tx) => lookStops(tx, after, limit)),
    take: (keys) => write('stops', (tx) => fillStops(tx, keys, options.now)),
    chunk,
  });
  return report;
};

const fillLines = async (tx: Tx, keys: readonly LineKey[], options: PrefillOptions): Promise<readonly Disbursement[]> => {
  const lines = await takeUnfilled(tx, keys);
  if (lines.length === 0) return [];
  const items = await itemsOf(tx, lines);
  const shares = lines.flatMap((line): readonly Share[] => {
    const item = items.get(`${line.itemId}@${line.version}`);
    return item === undefined ? [] : sharesOf(line, item);
  });
  const payees = await payeesOf(tx, shares, items, options);
  const asked = await askGaps(tx, shares, items, options.read);
  const uses = shares.flatMap((share) => {
    const { account, subjectId, source } = payees.get(share.id) ?? { account: null, subjectId: null, source: null };
    return account === null || subjectId === null || source === null
      ? []
      : [{ subjectId: share.subjectId, holderSubjectId: subjectId, account, source }];
  });
  await noteUses(tx, uses, options.now);
  const held = await heldUnits(tx, lines);
  const accepted = await acceptedUnits(tx, lines);
  return shares.flatMap((share) => {
    const payee = payees.get(share.id);
    const before = { held: held.get(unitKey(share)) ?? null, accepted: accepted.has(unitKey(share)) };
    if (payee === undefined) return [];
    const gaps = [...payee.gaps, ...(asked.get(share.id) ?? [])];
    return [recordOf(share, { ...payee, gaps }, before, options.now)];
  });
};

/** What one payee gets of a settled line; `id` tells the shares of a chunk apart. */
interface Share extends GrantedLine {
  readonly item: Item;
  readonly lineId: string;
  readonly part: number;
}

/** A share of less than one 分 is no payment. */
const sharesOf = (line: GrantedLine, item: Item): readonly Share[] =>
  splitFen(item, line.grantedFen).flatMap((grantedFen, part) =>
    grantedFen === 0n ? [] : [{ ...line, id: `${line.id}:${part}`, lineId: line.id, item, part, grantedFen }],
  );

/** What people decided about this unit before. */
interface Before {
  readonly held: string | null;
  readonly accepted: boolean;
}

const recordOf = (line: Share, payee: Payee, before: Before, now: Date): Disbursement => {
  const { item } = line;
  // Refused, held, waived or still under review last period: that was never a recipient, so this one is reviewed as the first.
  const kind = line.matchKind === 'continuing' && !before.accepted ? 'first' : line.matchKind;
  return {
    id: randomUUID(),
    subjectId: line.subjectId,
    lineId: line.lineId,
    matchId: line.matchId,
    key: line.key,
    part: line.part,
    itemId: line.itemId,
    version: line.version,
    authority: item.authority,
    periodKey: line.periodKey,
    division: line.division,
    matchKind: line.matchKind,
    payeeName: payee.name,
    payeeSubjectId: payee.subjectId,
    account: payee.account,
    bank: payee.bank,
    bankCode: payee.bankCode,
    gaps: payee.gaps,
    amountFen: line.grantedFen,
    basis: basisOf(item),
    statementText: statementTextOf(item, line.periodKey),
    flow: flowOf(item, kind, line.mode),
    state: 'prefilled',
    step: 0,
    windowFrom: null,
    dueOn: null,
    // A hold on an earlier record of the same unit was set by a person: a new amount does not undo it.
    ...(before.held === null
      ? { heldFrom: null, holdReason: null }
      : ({ state: 'held', heldFrom: 'prefilled', holdReason: before.held } as const)),
    createdAt: now,
    revision: 0,
  };
};

const fillStops = async (tx: Tx, keys: readonly LineKey[], now: Date): Promise<readonly Disbursement[]> => {
  const stops = await takeStops(tx, keys);
  const items = await itemsOf(tx, stops);
  return stops.flatMap((stop): Disbursement[] => {
    const item = items.get(`${stop.itemId}@${stop.version}`);
    if (item === undefined) return [];
    const { name, ...match } = stop;
    return [
      {
        ...match,
        id: randomUUID(),
        lineId: null,
        part: 0,
        authority: item.authority,
        payeeName: name,
        payeeSubjectId: stop.subjectId,
        account: null,
        bank: null,
        bankCode: null,
        gaps: [],
        amountFen: 0n,
        basis: basisOf(item),
        statementText: '',
        flow: flowOf(item, stop.matchKind, null),
        state: 'prefilled',
        step: 0,
        windowFrom: null,
        dueOn: null,
        heldFrom: null,
        holdReason: null,
        createdAt: now,
        revision: 0,
      },
    ];
  });
};
