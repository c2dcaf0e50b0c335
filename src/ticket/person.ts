// 数据不对: the person a datum is about says what it should be. One open ticket per datum, a few at once, so that a department is asked what it can answer;
// what was said rests sealed, and the department's word is told to the person.
import { randomUUID } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { isPhone } from '../base/codes.ts';
import { addWorkingDays, type Day, type WorkingCalendar } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Tx } from '../db/handle.ts';
import { sealTold } from '../vault/told.ts';
import { insertTold, lockTold, toldSince } from './store.ts';
import type { TicketActor } from './ticket.ts';

/** A department checks its own datum within so many working days, and no more than so many of one subject wait or are opened in a day. */
export const correctionWorkingDays = 10;
const mostOpen = 10;
const mostADay = 10;
const dayMs = 86_400_000;

export interface PersonTicket {
  readonly subject: { readonly subjectId: string; readonly register: string; readonly division: string | null };
  /** The item it stands in the way of. */
  readonly itemId: string;
  readonly version: number;
  readonly fact: string;
  readonly dataset: string;
  readonly department: string;
  /** As the page showed it. */
  readonly seen: string;
  readonly wanted: string;
  readonly note: string;
  readonly phone: string;
  /** sha256 of a kept scan. */
  readonly document: string | null;
  readonly actor: TicketActor;
  readonly now: Date;
  readonly today: Day;
  readonly calendar: WorkingCalendar;
}

const text = (raw: string, at: string, message: string, hint: string, most: number): string => {
  const said = raw.trim();
  return said.length < 1 || said.length > most ? fail('input.value', at, message, hint) : said;
};

/** Returns its id. Throws `input.*`, `state.repeated` for a datum that is being checked, `limit.tickets`. */
export const openPersonTicket = async (tx: Tx, ask: PersonTicket): Promise<string> => {
  const { subject, now, actor } = ask;
  const wanted = text(ask.wanted, '/wanted', '请写明应该是什么。', '照证件或材料写，最多 200 个字。', 200);
  const note = ask.note.trim().slice(0, 500);
  const phone = ask.phone.trim();
  if (!isPhone(phone)) fail('input.value', '/phone', '联系电话不对。', '手机或带区号的固定电话。');
  await lockTold(tx, subject.subjectId);
  const { open, recent } = await toldSince(tx, subject.subjectId, new Date(now.getTime() - dayMs));
  if (open >= mostOpen) fail('limit.tickets', '', `已有 ${mostOpen} 项在校核。`, '等部门答复几项再提；急的请打主管部门电话。');
  if (recent >= mostADay) fail('limit.tickets', '', '今天提得太多了。', '请明天再提；急的请打主管部门电话。');
  const id = randomUUID();
  const dueOn = addWorkingDays(ask.today, correctionWorkingDays, ask.calendar);
  const { itemId, version, fact, dataset, department, document, seen } = ask;
  const about = { department, dataset, ...subject, fact };
  const made = await insertTold(
    tx,
    { id, ...about, itemId, version, document, dueOn, question: '本人反映这项数据和实际不符，请核对。' },
    sealTold(tx, id, { seen, wanted, note, phone }),
    actor.id,
    now,
  );
  if (!made) fail('state.repeated', '', '这项数据正在校核，还没有答复。', '在“我提的事”里看办到哪一步。');
  const after = { state: 'open', department, dataset, fact, dueOn };
  await audit(tx, { actor: actor.id, role: actor.role, action: 'ticket.tell', objectKind: 'ticket', objectId: id, after, at: now });
  return id;
};
