// What callers were told: the SQL of it, and how the words rest. One statement each.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';

export interface Reply {
  readonly subjectId: string;
  readonly order: string;
  /** 1, 2, … within the work order. */
  readonly ordinal: number;
  readonly itemId: string | null;
  readonly text: string;
  readonly receivedOn: Day;
  readonly dueOn: Day | null;
  readonly repliedBy: string;
  readonly role: string;
  readonly at: Date;
}

const placeOf = (subjectId: string, order: string, ordinal: number | string): readonly string[] => [
  'call-reply',
  subjectId,
  order,
  `${ordinal}`,
];

export const sealedReplies: readonly SealedColumn[] = [
  {
    ...{ table: 'call_reply', column: 'reply', title: '来电答复', bytes: true as const },
    place: ({ subject_id = '', order_number = '', ordinal = '' }) => placeOf(subject_id, order_number, ordinal),
  },
];

/** False where this ordinal of the order stands already. */
export const insertReply = async (tx: Tx, one: Reply): Promise<boolean> => {
  const { subjectId, order, ordinal, itemId, text, receivedOn, dueOn, repliedBy, role, at } = one;
  const sealed = vaultOf(tx).seal(Buffer.from(text), placeOf(subjectId, order, ordinal));
  const rows = await rawSql(tx)`
    insert into call_reply (subject_id, order_number, ordinal, item_id, reply, received_on, due_on, replied_by, role, at)
    values (${subjectId}, ${order}, ${ordinal}, ${itemId}, ${sealed}, ${receivedOn}, ${dueOn}, ${repliedBy}, ${role}, ${at})
    on conflict do nothing returning ordinal`;
  return rows.length === 1;
};

/** Newest first. The caller has seen that the subject is within its scope. */
export const repliesTo = async (reader: Db | Tx, subjectId: string, limit = 50): Promise<readonly Reply[]> => {
  const rows = await rawSql(reader)<(Omit<Reply, 'text'> & { sealed: Uint8Array })[]>`
    select subject_id as "subjectId", order_number as "order", ordinal, item_id as "itemId", reply as sealed, received_on as "receivedOn",
      due_on as "dueOn", replied_by as "repliedBy", role, at
    from call_reply where subject_id = ${subjectId} order by at desc, order_number, ordinal desc limit ${limit}`;
  return rows.map(({ sealed, ...one }) => ({
    ...one,
    text: Buffer.from(vaultOf(reader).open(sealed, placeOf(one.subjectId, one.order, one.ordinal))).toString(),
  }));
};
