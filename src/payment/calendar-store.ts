// The payment calendar 拨付日历: on which days an item is paid, and when nothing is sealed or released at all (year close, system changes). Data of the
// authority: added and ended, never changed.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface CalendarEntry {
  readonly id: string;
  readonly kind: 'pay' | 'freeze';
  /** null: every item, every period. */
  readonly itemId: string | null;
  readonly periodKey: string | null;
  readonly fromDay: Day;
  readonly toDay: Day;
  readonly reason: string | null;
}

interface By {
  readonly actor: string;
  readonly role: string;
  readonly at: Date;
}

/** `input.calendar`: a span that ends before it begins, or a freeze without its reason. */
export const addCalendarEntry = async (tx: Tx, entry: Omit<CalendarEntry, 'id'>, by: By): Promise<string> => {
  const { kind, itemId, periodKey, fromDay, toDay, reason } = entry;
  if (toDay < fromDay || (kind === 'pay' && toDay !== fromDay))
    fail('input.calendar', '/to', kind === 'pay' ? '拨付日是一天。' : '止日在起日之前。', '写成 2026-12-25 到 2026-12-31。');
  if (kind === 'freeze' && (reason ?? '').trim() === '')
    fail('input.reason', '/reason', '请写明停办的理由。', '一两句话即可，会告知想办理的人。');
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into payment_calendar (kind, item_id, period_key, from_day, to_day, reason, created_at, created_by)
    values (${kind}, ${kind === 'pay' ? itemId : null}, ${kind === 'pay' ? periodKey : null}, ${fromDay}, ${toDay}, ${reason}, ${by.at}, ${by.actor})
    returning id`;
  const id = row?.id ?? '';
  await audit(tx, { ...by, action: `calendar.${kind}`, objectKind: 'payment_calendar', objectId: id, after: entry, reason });
  return id;
};

/** `missing.calendar` where there is none in force of this id. */
export const endCalendarEntry = async (tx: Tx, id: string, by: By & { readonly reason: string }): Promise<void> => {
  if (by.reason.trim() === '') fail('input.reason', '/reason', '请写明撤销的理由。', '一两句话即可，会留痕。');
  const rows = await rawSql(tx)`
    update payment_calendar set ended_at = ${by.at}, ended_by = ${by.actor} where id = ${id} and ended_at is null returning id`;
  if (rows.length === 0) fail('missing.calendar', id, '拨付日历里没有这一条，或者已经撤销。', '编号见拨付日历。');
  const { actor, role, at, reason } = by;
  await audit(tx, { actor, role, at, action: 'calendar.end', objectKind: 'payment_calendar', objectId: id, reason });
};

/** What is in force, by day. */
export const calendarEntries = async (reader: Db | Tx): Promise<readonly CalendarEntry[]> =>
  rawSql(reader)<CalendarEntry[]>`
    select id, kind, item_id as "itemId", period_key as "periodKey", from_day as "fromDay", to_day as "toDay", reason
    from payment_calendar where ended_at is null order by from_day, kind, item_id nulls first, id`;

/** Pay days of an item and period among the entries, ascending; an entry that names the item or period outweighs one for all of them. */
export const payDaysOf = (entries: readonly CalendarEntry[], itemId: string, periodKey: string | null): readonly Day[] => {
  const fits = entries.filter(
    (entry) =>
      entry.kind === 'pay' &&
      (entry.itemId === null || entry.itemId === itemId) &&
      (entry.periodKey === null || entry.periodKey === periodKey),
  );
  const weight = (entry: CalendarEntry): number => (entry.itemId === null ? 0 : 2) + (entry.periodKey === null ? 0 : 1);
  const most = Math.max(-1, ...fits.map(weight));
  return [...new Set(fits.filter((entry) => weight(entry) === most).map((entry) => entry.fromDay))].sort();
};

const requireOpen = (entries: readonly CalendarEntry[], today: Day): void => {
  const frozen = entries.find((entry) => entry.kind === 'freeze' && entry.fromDay <= today && today <= entry.toDay);
  if (frozen !== undefined)
    fail(
      'state.frozen',
      today,
      `${frozen.fromDay} 至 ${frozen.toDay} 停办封批和签发：${frozen.reason ?? ''}`,
      `${frozen.toDay} 之后再办，或请财政调整拨付日历。`,
    );
};

/** `state.frozen` on a day on which nothing is sealed or released. */
export const mustBePayingDay = async (tx: Tx, today: Day): Promise<void> => requireOpen(await calendarEntries(tx), today);

/** `state.frozen`, or `state.pay-day` for a pay day the calendar does not know; an item without any may be paid on any day. */
export const mustBePayable = async (
  tx: Tx,
  itemId: string,
  ask: { readonly today: Day; readonly payOn: Day; readonly periodKey?: string },
): Promise<void> => {
  const entries = await calendarEntries(tx);
  requireOpen(entries, ask.today);
  if (entries.some((entry) => entry.kind === 'freeze' && entry.fromDay <= ask.payOn && ask.payOn <= entry.toDay))
    fail('state.frozen', ask.payOn, `拨付日期 ${ask.payOn} 在停办期内。`, '请换一个拨付日期。');
  const days = payDaysOf(entries, itemId, ask.periodKey ?? null);
  if (days.length > 0 && !days.includes(ask.payOn))
    fail(
      'state.pay-day',
      ask.payOn,
      `${ask.payOn} 不是这个事项的拨付日。`,
      `拨付日历里有：${
        days
          .filter((day) => day >= ask.today)
          .slice(0, 6)
          .join('、') || '都已过去，请先补登记拨付日'
      }。`,
    );
};
