// What stands around a notice: how the authority is reached, its own texts, what people want of messages, whom they named for after their death. Each is told
// by people and read for a whole chunk at once; the last one counts. Hand-written SQL: the last row per key as a set.
import { randomUUID } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';
import { openText, sealText } from '../vault/text.ts';
import type { Office } from './field.ts';
import type { Actor } from './send-store.ts';
import type { Choice } from './ways.ts';

/** How the authorities are reached; who has told nobody yet is absent. */
export const officesOf = async (reader: Db | Tx, authorities: readonly string[]): Promise<ReadonlyMap<string, Office>> => {
  const rows = await rawSql(reader)<(Office & { authority: string })[]>`
    select distinct on (authority) authority, name, phone, address, hours from office where authority = any(${[...authorities]}::text[])
    order by authority, id desc`;
  return new Map(rows.map(({ authority, ...office }) => [authority, office]));
};

export const insertOffice = async (tx: Tx, authority: string, office: Office, actor: Actor, at: Date): Promise<void> => {
  await rawSql(tx)`
    insert into office (authority, name, phone, address, hours, actor, at)
    values (${authority}, ${office.name}, ${office.phone}, ${office.address}, ${office.hours}, ${actor.id}, ${at})`;
  const { name, address, hours } = office;
  await audit(tx, {
    ...{ actor: actor.id, role: actor.role, at, action: 'office.tell', objectKind: 'office', objectId: authority },
    after: { name, address, hours },
  });
};

/** What people want of messages; who said nothing is absent. */
export const choicesOf = async (reader: Db | Tx, subjects: readonly string[]): Promise<ReadonlyMap<string, Choice>> => {
  const rows = await rawSql(reader)<(Choice & { subjectId: string })[]>`
    select distinct on (subject_id) subject_id as "subjectId", stop_push as "stopPush", prefer from message_choice
    where subject_id = any(${[...subjects]}::uuid[]) order by subject_id, id desc`;
  return new Map(rows.map(({ subjectId, ...choice }) => [subjectId, choice]));
};

export const insertChoice = async (
  tx: Tx,
  subjectId: string,
  choice: Choice,
  actor: Actor,
  at: Date,
  reason: string | null = null,
): Promise<void> => {
  await rawSql(tx)`
    insert into message_choice (subject_id, stop_push, prefer, actor, role, at)
    values (${subjectId}, ${choice.stopPush}, ${choice.prefer}, ${actor.id}, ${actor.role}, ${at})`;
  await audit(tx, {
    ...{ actor: actor.id, role: actor.role, at, action: 'message.choose', objectKind: 'subject', objectId: subjectId },
    after: { stopPush: choice.stopPush, prefer: choice.prefer },
    reason,
  });
};

/** Whom to tell after somebody's death. */
export interface Relative {
  readonly name: string;
  /** 子, 女, 配偶 … */
  readonly relation: string;
  readonly phone: string | null;
  readonly email: string | null;
}

const relativePlace = (id: string): readonly string[] => ['named_relative', 'relative', id];

export const sealedRelatives: readonly SealedColumn[] = [
  { table: 'named_relative', column: 'relative', title: '去世后的联系人', place: ({ id = '' }) => relativePlace(id) },
];

export const relativesOf = async (reader: Db | Tx, subjects: readonly string[]): Promise<ReadonlyMap<string, Relative>> => {
  const rows = await rawSql(reader)<{ subjectId: string; id: string; relative: string | null }[]>`
    select distinct on (subject_id) subject_id as "subjectId", id, relative from named_relative
    where subject_id = any(${[...subjects]}::uuid[]) order by subject_id, position desc`;
  const vault = vaultOf(reader);
  return new Map(
    rows.flatMap(({ subjectId, id, relative }) =>
      relative === null ? [] : [[subjectId, JSON.parse(openText(vault, relative, relativePlace(id))) as Relative] as const],
    ),
  );
};

/** `null`: nobody any more. */
export const insertRelative = async (
  tx: Tx,
  subjectId: string,
  relative: Relative | null,
  actor: Actor,
  at: Date,
  reason: string | null = null,
): Promise<void> => {
  const id = randomUUID();
  const sealed = relative === null ? null : sealText(vaultOf(tx), JSON.stringify(relative), relativePlace(id));
  await rawSql(tx)`
    insert into named_relative (id, subject_id, relative, actor, role, at) values (${id}, ${subjectId}, ${sealed}, ${actor.id}, ${actor.role}, ${at})`;
  await audit(tx, {
    ...{ actor: actor.id, role: actor.role, at, action: 'relative.name', objectKind: 'subject', objectId: subjectId },
    after: { named: relative !== null },
    reason,
  });
};
