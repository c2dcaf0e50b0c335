// Asking 补信息: what is missing beside the account, by when, what became of it. Answers come from the beneficiary or from staff who saw them; a department's
// delivery answers by itself. What was answered once holds for the periods that follow.
import { isAccount } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import type { AskField } from '../policy/life.ts';
import { contactText, type SubjectReader } from '../record/contact-store.ts';
import { keepScan } from '../vault/scan.ts';
import { type Act, requireState, stay, surroundings } from './act.ts';
import { answeredUnits, insertAnswers, insertCaseDocument, knownDocuments, type Told } from './ask-store.ts';
import { aboutAccount, type Disbursement, type Payee } from './disbursement.ts';
import { enter, type Place } from './flow.ts';
import { unitKey } from './prefill-store.ts';
import { payeeOf } from './review.ts';
import { type Actor, lockOne, moveAll } from './store.ts';

/** How a field stands among the gaps of a record. */
export const gapOfField = (field: Pick<AskField, 'label'>): string => `缺${field.label}`;

interface Asked {
  readonly id: string;
  readonly subjectId: string;
  readonly register: string;
  readonly itemId: string;
  readonly version: number;
  readonly key: string;
}

/** Gaps of the item's own fields by the id of what asks: neither answered before nor known from a department. Items without fields cost nothing. */
export const askGaps = async (
  tx: Tx,
  asks: readonly Asked[],
  items: ReadonlyMap<string, Pick<Item, 'ask'>>,
  read: SubjectReader,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const fieldsOf = (ask: Asked) => items.get(`${ask.itemId}@${ask.version}`)?.ask?.fields ?? [];
  const open = asks.filter((ask) => fieldsOf(ask).length > 0);
  const gaps = new Map<string, readonly string[]>();
  if (open.length === 0) return gaps;
  const answered = await answeredUnits(tx, open);
  for (const [register, own] of Map.groupBy(open, (ask) => ask.register)) {
    const facts = [...new Set(own.flatMap((ask) => fieldsOf(ask).flatMap((field) => (field.fact === undefined ? [] : [field.fact]))))];
    const found = facts.length === 0 ? [] : await read(tx, register, { ids: [...new Set(own.map((ask) => ask.subjectId))] }, facts);
    const records = new Map(found.map((record) => [record.subjectId, record]));
    for (const ask of own) {
      const told = answered.get(unitKey(ask)) ?? new Set();
      const record = records.get(ask.subjectId);
      const known = (field: AskField): boolean =>
        told.has(field.id) || (field.fact !== undefined && record !== undefined && contactText(record, field.fact) !== null);
      gaps.set(
        ask.id,
        fieldsOf(ask)
          .filter((field) => !known(field))
          .map(gapOfField),
      );
    }
  }
  return gaps;
};

/** Keeps a scan that goes with a record and writes down who brought it; returns its sha256. */
export const keepCaseDocument = async (db: Db, bytes: Uint8Array, actor: Actor, at: Date): Promise<string> => {
  const scan = await keepScan(db, bytes, at);
  await transaction(db, (tx) => insertCaseDocument(tx, scan, actor, at));
  return scan.sha256;
};

export interface Answer extends Act {
  /** By the person, or by staff who saw or heard it and say so in the reason. */
  readonly by: 'beneficiary' | 'reviewer';
  readonly account?: string | undefined;
  readonly bank?: string | undefined;
  readonly bankCode?: string | undefined;
  /** Of the item's fields: what was chosen, or the sha256 of the document. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
  /** Gaps that are no field and no account: what a reviewer sent it back for. Staff only. */
  readonly settled?: readonly string[] | undefined;
  readonly reason: string;
}

/** Completes what was missing. With nothing left it goes on along its flow, else it keeps waiting for the rest. Throws typed problems. */
export const answer = async (tx: Tx, act: Answer): Promise<Disbursement> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, ['asking', 'named'], '补充信息');
  const around = await surroundings(tx, record, act);
  const told = await checked(tx, act, around.item.ask?.fields ?? []);
  if (told.length === 0 && (act.settled ?? []).length === 0) fail('input.value', '', '没有填写任何内容。', '缺什么见这条记录的“还缺”。');
  if (act.by === 'beneficiary' && (act.settled ?? []).length > 0)
    fail('state.mover', record.id, '退回补正的材料由工作人员看过才算补齐。', '请把材料交给负责的部门。');
  const payee = payeeAfter(record, act, around.item.ask?.fields ?? []);
  await insertAnswers(tx, record, told, act.actor, act.now);
  const proof = { answer: [...told.map((one) => one.field), ...(act.settled ?? [])] };
  const place: Place = payee.gaps.length === 0 ? enter({ ...record, gaps: [] }, record.step, around) : stay(record, record.state);
  await moveAll(tx, [{ record, place, by: act.by, reason: act.reason, payee, proof }], act.actor, act.now);
  return record;
};

const payeeAfter = (record: Disbursement, act: Answer, fields: readonly AskField[]): Payee => {
  const account = act.account?.replaceAll(/\s/g, '') ?? record.account;
  const bank = act.bank?.trim() || record.bank;
  const filled = new Set(fields.filter((field) => act.fields?.[field.id] !== undefined).map(gapOfField));
  const solved = (gap: string): boolean =>
    filled.has(gap) ||
    (act.settled?.includes(gap) ?? false) ||
    (act.account !== undefined && aboutAccount(gap)) ||
    (bank !== null && gap.includes('开户银行'));
  return { ...payeeOf(record), account, bank, bankCode: act.bankCode ?? record.bankCode, gaps: record.gaps.filter((gap) => !solved(gap)) };
};

const checked = async (tx: Tx, act: Answer, fields: readonly AskField[]): Promise<readonly Told[]> => {
  const account = act.account?.replaceAll(/\s/g, '');
  if (account !== undefined && !isAccount(account)) fail('input.account', '/account', '收款账户格式不对。', '请核对账号，只填数字。');
  const told: Told[] = account === undefined ? [] : [{ field: 'account', value: null, document: null }];
  const documents = await knownDocuments(tx, Object.values(act.fields ?? {}));
  for (const [id, value] of Object.entries(act.fields ?? {})) {
    const field = fields.find((one) => one.id === id);
    if (field === undefined) return fail('input.value', `/fields/${id.slice(0, 40)}`, '这个事项不问这一项。', '缺什么见这条记录的“还缺”。');
    if (field.kind === 'choice' && !field.options?.includes(value))
      fail('input.value', `/fields/${id}`, `“${field.label}”不在可选的内容里。`, `可选：${field.options?.join('、')}。`);
    if (field.kind === 'document' && !documents.has(value))
      fail('input.document', `/fields/${id}`, `“${field.label}”没有这份扫描件。`, '先上传扫描件，再填它的哈希。');
    told.push({ field: id, value: field.kind === 'choice' ? value : null, document: field.kind === 'document' ? value : null });
  }
  return told;
};
