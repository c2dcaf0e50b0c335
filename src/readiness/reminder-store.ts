// Reminders in the database: written once per dataset, division, due day and level; claimed and ended like notices.
import { auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface NewReminder {
  readonly dataset: string;
  /** '' for the whole register. */
  readonly division: string;
  readonly dueOn: Day;
  readonly level: number;
  readonly role: string;
  /** null: shown on the pages only. */
  readonly address: string | null;
  readonly subject: string;
  readonly body: string;
  readonly messageId: string;
}

const entry = (messageId: string, action: string, after: unknown, at: Date, reason: string | null = null) => ({
  actor: 'step:remind',
  role: 'system',
  action,
  objectKind: 'delivery_reminder',
  objectId: messageId,
  after,
  reason,
  at,
});

/** Returns how many were not there before. */
export const insertReminders = async (tx: Tx, reminders: readonly NewReminder[], at: Date): Promise<number> => {
  if (reminders.length === 0) return 0;
  const written = await rawSql(tx)<{ messageId: string; dataset: string; dueOn: Day; level: number }[]>`
    insert into delivery_reminder (dataset, division, due_on, level, role, address, subject, body, message_id, state, next_at, created_at)
    select x.dataset, x.division, x."dueOn", x.level, x.role, x.address, x.subject, x.body, x."messageId",
      case when x.address is null then 'shown' else 'pending' end, ${at}, ${at}
    from jsonb_to_recordset(${JSON.stringify(reminders)}::text::jsonb) as x(dataset text, division text, "dueOn" date, level int, role text,
      address text, subject text, body text, "messageId" text)
    order by 1, 2, 3, 4 on conflict (dataset, division, due_on, level) do nothing
    returning message_id as "messageId", dataset, due_on as "dueOn", level`;
  await auditAll(
    tx,
    written.map(({ messageId, ...what }) => entry(messageId, 'reminder.write', what, at)),
  );
  return written.length;
};

export interface Due {
  readonly messageId: string;
  readonly address: string;
  readonly subject: string;
  readonly body: string;
  readonly attempts: number;
}

/** Also takes what somebody claimed and never ended. */
export const claimReminders = async (tx: Tx, limit: number, now: Date, until: Date): Promise<readonly Due[]> =>
  await rawSql(tx)<Due[]>`
    update delivery_reminder set state = 'sending', attempts = attempts + 1, next_at = ${until}
    where message_id in (
      select message_id from delivery_reminder where state in ('pending', 'sending') and next_at <= ${now} and address is not null
      order by next_at, message_id limit ${limit} for update skip locked)
    returning message_id as "messageId", address, subject, body, attempts`;

export interface ReminderEnd {
  readonly state: 'sent' | 'bounced' | 'dead' | 'pending';
  readonly at: Date;
  readonly nextAt: Date;
  readonly why: string | null;
}

/** False when the claim had lapsed: somebody else answers for it. */
export const recordReminder = async (tx: Tx, due: Due, end: ReminderEnd): Promise<boolean> => {
  const rows = await rawSql(tx)`
    update delivery_reminder set state = ${end.state}, next_at = ${end.nextAt}, last_error = ${end.why}, sent_at = ${end.state === 'sent' ? end.at : null}
    where message_id = ${due.messageId} and state = 'sending' and attempts = ${due.attempts} returning message_id`;
  if (rows.length > 0) await auditAll(tx, [entry(due.messageId, `reminder.${end.state}`, { state: end.state }, end.at, end.why)]);
  return rows.length > 0;
};

export interface Reminder extends Omit<NewReminder, 'address'> {
  readonly state: string;
  readonly createdAt: Date;
  readonly sentAt: Date | null;
}

/** Newest first; addresses stay inside. */
export const listReminders = async (reader: Db | Tx, limit: number): Promise<readonly Reminder[]> =>
  await rawSql(reader)<Reminder[]>`
    select dataset, division, due_on as "dueOn", level, role, subject, body, message_id as "messageId", state, created_at as "createdAt",
      sent_at as "sentAt"
    from delivery_reminder order by created_at desc, dataset, division limit ${limit}`;
