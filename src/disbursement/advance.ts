// The step that moves disbursement records as far along their flow as the machine may: guard, complete data, told, windows that have closed.
// People's steps wait for people, held records are not looked at. Bounded chunks, one transaction each; may run twice and side by side.
import { addDays, addWorkingDays, type Day, daysBetween, dayText, type WorkingCalendar } from '../base/day.ts';
import { inChunks } from '../db/chunk.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { waivedDays } from '../policy/life.ts';
import type { LinkNames, SubjectReader } from '../record/contact-store.ts';
import type { LineKey } from '../settlement/hand-store.ts';
import { withdrawLines } from '../settlement/withdraw-store.ts';
import { lookMovable, type Movable, takeMovable } from './advance-store.ts';
import { askGaps, gapOfField } from './ask.ts';
import { deathsAmong } from './death-store.ts';
import { type Payee, returned } from './disbursement.ts';
import { enter, type Place, type Surroundings } from './flow.ts';
import { deceasedPlace, payHeirs } from './heir.ts';
import { endObjections, openObjections } from './objection-store.ts';
import { payeesOf } from './payee.ts';
import { itemsOf } from './prefill-store.ts';
import type { State } from './states.ts';
import { proposeStop } from './stop.ts';
import { insertChoice, type Move, moveAll } from './store.ts';

export interface AdvanceOptions {
  readonly now: Date;
  readonly today: Day;
  readonly calendar: WorkingCalendar;
  readonly read: SubjectReader;
  readonly link: LinkNames;
  readonly chunk?: number;
  readonly at?: Failpoint;
}

/** How many records went to each state. */
export type AdvanceReport = Readonly<Partial<Record<State, number>>>;

const actor = { id: 'step:advance', role: 'system' } as const;

export const advance = async (db: Db, options: AdvanceOptions): Promise<AdvanceReport> => {
  const report: Partial<Record<State, number>> = {};
  const at = options.at ?? nowhere;
  const take = async (keys: readonly LineKey[]): Promise<number> => {
    const moves = await transaction(db, async (tx) => {
      const found = await movesFor(tx, await takeMovable(tx, options.today, keys), options);
      await at('advance.before-write');
      await write(tx, found, options);
      await at('advance.before-commit');
      return found;
    });
    await at('advance.after-commit');
    for (const move of moves) report[move.place.state] = (report[move.place.state] ?? 0) + 1;
    return moves.length;
  };
  const look = (after: LineKey | null, limit: number) => transaction(db, (tx) => lookMovable(tx, options.today, after, limit));
  // A record may take several steps (guard, then nothing to ask, then waits for review): passes until nothing moves.
  while ((await inChunks<LineKey>({ look, take, chunk: options.chunk ?? 500 })) > 0);
  return report;
};

const movesFor = async (tx: Tx, records: readonly Movable[], options: AdvanceOptions): Promise<readonly Move[]> => {
  if (records.length === 0) return [];
  const items = await itemsOf(tx, records);
  const asking = records.filter((record) => (record.state === 'asking' || record.state === 'named') && isLive(record));
  const payees = asking.length === 0 ? new Map<string, Payee>() : await payeesOf(tx, asking, items, options);
  const asked = await askGaps(tx, asking, items, options.read);
  const moves = records.flatMap((record) => {
    const item = items.get(`${record.itemId}@${record.version}`);
    if (item === undefined) return [];
    const payee = payees.get(record.id);
    const found = payee === undefined ? null : { ...payee, gaps: [...payee.gaps, ...fieldGaps(record, item, asked.get(record.id) ?? [])] };
    const move = moveOf(record, item, found, options);
    return move === null ? [] : [move];
  });
  return await notByTheDead(tx, moves, options);
};

/** Moves that a window brought which ran out in silence: whoever is named in public, is taken to have given up, or could have come back. */
const bySilence = ({ record, place }: Move): boolean =>
  record.lineId !== null &&
  (place.state === 'named' || place.state === 'waived' || (record.state === 'waived' && place.state === 'closed'));

/**
 * A dead person says nothing: what is still due waits for an heir, a later period stays where it is until a person has decided the stop that is proposed here.
 * Only those about to lose something are looked up.
 */
const notByTheDead = async (tx: Tx, moves: readonly Move[], options: AdvanceOptions): Promise<readonly Move[]> => {
  const silent = moves.filter(bySilence).map(({ record }) => record as Movable);
  if (silent.length === 0) return moves;
  const deaths = await deathsAmong(tx, silent, options.read);
  const out: Move[] = [];
  for (const move of moves) {
    const { record } = move;
    const death = bySilence(move) ? deaths.get(record.id) : undefined;
    // Nothing is due of what was given up and lies after the death: it ends as it would.
    if (death === undefined || (record.state === 'waived' && death.kind === 'over')) out.push(move);
    else if (death.kind === 'deceased') {
      const reason = `${dayText(death.diedOn)}去世，不算逾期；这一期转由继承人或照料人领取。`;
      out.push({ record, place: deceasedPlace(record, options.today), by: 'machine', reason });
    } else {
      const { subjectId, itemId, version, matchId, authority, division } = record;
      const reason = `${dayText(death.diedOn)}去世，之后的期别不应发放。`;
      const found = { subjectId, itemId, version, matchId, authority, division, kind: 'death', lastOn: death.diedOn, reason } as const;
      await proposeStop(tx, found, options.now);
    }
  }
  return out;
};

/** Fields of the item that the record was asked for and that nobody has told yet. */
const fieldGaps = (record: Movable, item: Item, open: readonly string[]): readonly string[] => {
  const fields = new Set((item.ask?.fields ?? []).map(gapOfField));
  return record.gaps.filter((gap) => fields.has(gap) && open.includes(gap));
};

const isLive = (record: Movable): boolean => record.lineState === null || record.lineState === 'granted' || record.lineState === 'reduced';

const stay = (record: Movable): Place => ({
  state: record.state,
  step: record.step,
  windowFrom: record.windowFrom as Day | null,
  dueOn: record.dueOn as Day | null,
});

const over = (record: Movable): Place => ({ state: 'closed', step: record.step, windowFrom: null, dueOn: null });

/** Where one record goes now; null: it stays. Pure. */
export const moveOf = (
  record: Movable,
  item: Item,
  payee: Payee | null,
  options: Pick<AdvanceOptions, 'today' | 'calendar'>,
): Move | null => {
  const around: Surroundings = { today: options.today, calendar: options.calendar, item };
  const go: Go = (place, more = {}) => ({ record, place, by: 'machine', ...more });
  if (!isLive(record)) return go(over(record), { reason: '核定结果已更新，这一笔不再兑付。' });
  if (record.replaced) return go(over(record), { reason: '情况已有变化，这次停发不再办理。' });
  switch (record.state) {
    case 'prefilled':
      return go(enter(record, record.flow[record.step] === 'guard' ? record.step + 1 : record.step, around));
    case 'asking':
    case 'named':
      return (payee === null ? null : completed(record, payee, around, go)) ?? late(record, around, options, go);
    case 'applying':
      return late(record, around, options, go);
    case 'notified':
      return go(enter(record, record.step + 1, around), record.step + 1 >= record.flow.length ? { reason: '已告知，办结。' } : {});
    case 'confirming':
      return late(record, around, options, go);
    case 'publicity':
      return record.dueOn === null ? reopened(record, around, go) : go(enter(record, record.step + 1, around));
    case 'waived':
      return go(over(record), { reason: '放弃期满，额度收回。' });
    default:
      return null;
  }
};

const silent: Readonly<Partial<Record<State, string>>> = {
  confirming: '到期未确认，视同放弃；限期内仍可恢复。',
  asking: '到期未补齐，视同放弃；限期内仍可恢复。',
  named: '催告公示期满仍未补齐，视同放弃；限期内仍可恢复。',
  applying: '到期未提交申请，视同放弃；限期内仍可恢复。',
};

/** What a window that has run out does: nobody who was told too late loses anything; then the item's clause, and the way back stays open. */
const late = (record: Movable, around: Surroundings, options: Pick<AdvanceOptions, 'today'>, go: Go): Move | null => {
  if (record.dueOn === null || record.dueOn >= options.today || record.reachedOn === null) return null;
  const asks = record.state === 'asking' || record.state === 'named';
  if (asks && (around.item.ask?.late !== 'waive' || record.lineId === null)) return null;
  const again = record.state === 'named' ? null : lateReached(record, around);
  if (again !== null) return go(again, { reason: '告知送达得晚，期限从送达之日起重新计算。' });
  const named = around.item.ask?.named;
  if (record.state === 'asking' && named !== undefined) {
    const dueOn = addWorkingDays(options.today, named.workingDays, around.calendar);
    return go({ state: 'named', step: record.step, windowFrom: options.today, dueOn }, { reason: '到期未补齐，公示催告。' });
  }
  const waived: Place = {
    state: 'waived',
    step: record.step,
    windowFrom: options.today,
    dueOn: addDays(options.today, waivedDays(around.item)),
  };
  return go(waived, { reason: silent[record.state] ?? '', proof: { choice: 'deemed-waived' } });
};

/** Nobody waives by silence what reached them late: the window, with its whole length, counts from the day they were told. null: it has run out. */
const lateReached = (record: Movable, around: Surroundings): Place | null => {
  if (record.reachedOn === null || record.windowFrom === null || record.dueOn === null || record.reachedOn <= record.windowFrom)
    return null;
  const dueOn = addDays(record.reachedOn, daysBetween(record.windowFrom as Day, record.dueOn as Day));
  return dueOn < around.today ? null : { state: record.state, step: record.step, windowFrom: record.reachedOn, dueOn };
};

type Go = (place: Place, more?: Omit<Partial<Move>, 'record' | 'place' | 'by'>) => Move;

/** New data may fill gaps; it never overrules an account that a person has told, and never a reviewer's return. */
const completed = (record: Movable, found: Payee, around: Surroundings, go: Go): Move | null => {
  const fields = new Set((around.item.ask?.fields ?? []).map(gapOfField));
  const aboutAccount = (gap: string): boolean => !fields.has(gap) && (gap.includes('收款账户') || gap.includes('户名'));
  const told = record.account !== null && !record.gaps.some(aboutAccount);
  // A bank found later belongs to the account it was delivered with; for another account it stays to be asked.
  const same = found.account === record.account;
  const kept = {
    account: record.account,
    bank: record.bank ?? (same ? found.bank : null),
    bankCode: record.bankCode ?? (same ? found.bankCode : null),
  };
  const banked = kept.bank !== null || kept.bankCode !== null;
  const open = (gap: string): boolean => !told || (!aboutAccount(gap) && !(banked && !fields.has(gap) && gap.includes('开户银行')));
  const bankGap = told && !banked ? record.gaps.filter((gap) => !fields.has(gap) && gap.includes('开户银行')) : [];
  const gaps = [...new Set([...record.gaps.filter((gap) => gap.startsWith(returned)), ...found.gaps.filter(open), ...bankGap])];
  if (gaps.length >= record.gaps.length) return null;
  const payee = { ...found, gaps, ...(told ? kept : {}) };
  if (gaps.length > 0) return go(stay(record), { payee, reason: '补到了一部分信息。' });
  return go(enter({ ...record, gaps }, record.step, around), { payee, reason: '缺的信息已补齐。' });
};

/** A publicity whose end the calendar did not know: once the calendar has come, the end counts from the day it began. */
const reopened = (record: Movable, around: Surroundings, go: Go): Move | null => {
  const from = (record.windowFrom ?? around.today) as Day;
  const place = enter(record, record.step, { ...around, today: from });
  return place.dueOn === null ? null : go(place);
};

const write = async (tx: Tx, moves: readonly Move[], options: AdvanceOptions): Promise<void> => {
  const at = options.now;
  for (const { record, place } of moves) if (place.state === 'waived') await insertChoice(tx, record, 'deemed-waived', actor.id, at);
  await moveAll(tx, moves, actor, at);
  const dead = moves.flatMap(({ record, place }) => (place.state === 'deceased' ? [record] : []));
  await payHeirs(tx, dead, actor, options, dead);
  for (const { record, place, reason } of moves)
    if (record.state === 'objected' && place.state === 'closed') {
      const open = await openObjections(tx, record.id);
      await endObjections(
        tx,
        open.map((one) => one.id),
        'moot',
        reason ?? '',
        actor,
        at,
      );
    }
  const over = moves.filter(({ record, place }) => record.state === 'waived' && place.state === 'closed');
  const lines = new Map(
    over.flatMap(({ record: { subjectId, lineId, itemId }, reason }) =>
      lineId === null ? [] : [[lineId, { subjectId, id: lineId, itemId, reason: reason ?? '' }] as const],
    ),
  );
  await withdrawLines(tx, [...lines.values()], { at, actor: actor.id, role: actor.role });
};
