// What was due to somebody who has died: it waits, is never sent to the dead person's account, and goes to an heir or carer whom one person has named from a
// document and another has confirmed. The machine moves records by what two people have decided, and decides nothing itself.
import { randomUUID } from 'node:crypto';
import { isAccount, isCitizenId, isCnaps, isEmail, isPhone, plainCode } from '../base/codes.ts';
import { addDays, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Tx } from '../db/handle.ts';
import { owe } from '../outbox/store.ts';
import { accountIndex } from '../vault/account.ts';
import type { HeirPerson } from '../vault/heir.ts';
import type { Act } from './act.ts';
import { requireState, stay, surroundings } from './act.ts';
import { knownDocuments } from './ask-store.ts';
import type { Disbursement } from './disbursement.ts';
import { askWindow, enter, type Place, type Surroundings } from './flow.ts';
import {
  confirmedHeirs,
  type Heir,
  type HeirRelation,
  heirById,
  insertHeir,
  lockDeceased,
  lockRecordsById,
  residentOf,
  setHeir,
} from './heir-store.ts';
import { itemsOf } from './prefill-store.ts';
import { owedTo } from './review.ts';
import { stopKey } from './stop-store.ts';
import { type Actor, lockOne, moveAll } from './store.ts';

const words = (text: string): string => {
  const own = text.trim();
  if (own.length < 2 || own.length > 600) fail('input.reason', '/reason', '请写明理由。', '一两句话即可，会留痕。');
  return own;
};

/** Families are given so many days to tell who receives it; then it stands among what is late. */
const heirDays = 30;

/** Where a record waits for whoever receives it; its step says how far it had come. */
export const deceasedPlace = (record: Disbursement, today: Day): Place => ({
  ...stay(record, 'deceased'),
  windowFrom: today,
  dueOn: addDays(today, heirDays),
});

/** What the dead were asked is answered by the heir's own account; every review and publicity that it has not had comes before it is paid. */
const afterHeir = (record: Disbursement, around: Surroundings): Place => {
  const to = record.flow.findIndex((step, i) => i >= record.step && (step === 'review' || step === 'publicity' || step === 'pay'));
  return to < 0
    ? { ...stay(record, 'ready'), windowFrom: null, dueOn: null }
    : enter({ ...record, gaps: [], windowFrom: null, dueOn: null }, to, around);
};

/** Records of the dead that were ready wait from now on. Those somebody has moved meanwhile are left alone. */
export const readyToHeirs = async (
  tx: Tx,
  reasons: ReadonlyMap<string, string>,
  { now, today }: { readonly now: Date; readonly today: Day },
): Promise<void> => {
  const records = (await lockRecordsById(tx, [...reasons.keys()])).filter((record) => record.state === 'ready');
  const actor = { id: 'step:guard', role: 'system' };
  await moveAll(
    tx,
    records.map((record) => ({
      record,
      place: deceasedPlace(record, today),
      by: 'machine' as const,
      reason: reasons.get(record.id) ?? null,
    })),
    actor,
    now,
  );
};

/** Whatever waits of these people and items (`only`: of it, these records) goes on to whoever is confirmed for them, who is told. */
export const payHeirs = async (
  tx: Tx,
  units: readonly Pick<Disbursement, 'subjectId' | 'itemId'>[],
  actor: Actor,
  on: Pick<Act, 'now' | 'today' | 'calendar'>,
  only?: readonly Disbursement[],
): Promise<number> => {
  if (units.length === 0) return 0;
  const { now, today, calendar } = on;
  const records =
    only === undefined
      ? await lockDeceased(tx, units)
      : await lockRecordsById(
          tx,
          only.map((one) => one.id),
        );
  const items = await itemsOf(tx, records);
  const heirs = new Map((await confirmedHeirs(tx, units)).map((heir) => [stopKey(heir), heir]));
  const going = records.flatMap((record) => {
    const heir = heirs.get(stopKey(record));
    return heir === undefined ? [] : [{ record, heir }];
  });
  await moveAll(
    tx,
    going.map(({ record, heir }) => ({
      record,
      place: afterHeir(record, { today, calendar, item: items.get(`${record.itemId}@${record.version}`) ?? {} }),
      by: actor.role === 'system' ? ('machine' as const) : ('reviewer' as const),
      reason: '转由继承人或照料人领取。',
      proof: { heir: heir.id },
      payee: payeeFrom(heir),
    })),
    actor,
    now,
  );
  await owe(
    tx,
    going.map(({ record }) => owedTo(record, 'heir-named', { amountFen: String(record.amountFen) })),
    now,
  );
  return going.length;
};

const payeeFrom = ({ person, heirSubjectId, bank, bankCode }: Heir) => ({
  name: person.name,
  subjectId: heirSubjectId,
  account: person.account,
  bank,
  bankCode,
  gaps: [],
});

export interface HeirAsk extends Act {
  readonly relation: HeirRelation;
  readonly name: string;
  readonly number: string;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly account: string;
  readonly bank?: string | undefined;
  readonly bankCode?: string | undefined;
  /** sha256 of the scan: notarial deed, household book, an agreement of the family. */
  readonly document: string;
  readonly reason: string;
}

const personOf = (ask: HeirAsk): HeirPerson => {
  const [name, number, account] = [ask.name.trim(), plainCode(ask.number), ask.account.replaceAll(/\s/g, '')];
  if (name.length < 2 || name.length > 60) fail('input.value', '/name', '姓名不对。', '照证件填写。');
  if (!isCitizenId(number)) fail('input.value', '/number', '证件号码的位数或校验位不对。', '照证件核对后重填。');
  if (!isAccount(account)) fail('input.account', '/account', '收款账户格式不对。', '请核对账号，只填数字。');
  const [phone, email] = [ask.phone?.trim() || null, ask.email?.trim() || null];
  if (phone !== null && !isPhone(phone)) fail('input.value', '/phone', '联系电话不对。', '手机或带区号的固定电话。');
  if (email !== null && !isEmail(email)) fail('input.value', '/email', '电子邮件不对。', '不用邮件的可以不填，告知改为书面。');
  return { name, number, phone, email, account };
};

/**
 * One person names who receives what waits of somebody's item, by one of its waiting records. Nothing moves until another confirms. Throws `input.*`,
 * `state.edge`, `conflict.heir`. Returns its id.
 */
export const nameHeir = async (tx: Tx, ask: HeirAsk): Promise<string> => {
  const record = await lockOne(tx, ask.id, ask.scope);
  requireState(record, ['deceased'], '登记继承人');
  const person = personOf(ask);
  const bank = ask.bank?.trim() || null;
  const bankCode = ask.bankCode?.trim() || null;
  if (bank === null && bankCode === null) fail('input.value', '/bank', '没有写开户银行。', '写开户银行名称，或 12 位联行号。');
  if (bankCode !== null && !isCnaps(bankCode)) fail('input.bank-code', '/bankCode', '联行号不对。', '12 位数字，向开户行核对。');
  if (!(await knownDocuments(tx, [ask.document])).has(ask.document))
    fail('input.document', '/document', '没有这份扫描件。', '先上传关系证明的扫描件，再填它的哈希。');
  const heirSubjectId = await residentOf(tx, person.number);
  if (heirSubjectId === record.subjectId) fail('input.value', '/number', '这是逝者本人的证件号码。', '填继承人或照料人的。');
  const id = randomUUID();
  const { subjectId, itemId, authority, division } = record;
  const about = { subjectId, itemId, authority, division, person, bank, bankCode, heirSubjectId };
  const said = { relation: ask.relation, document: ask.document, reason: words(ask.reason), namedBy: ask.actor.id, namedAt: ask.now };
  await insertHeir(tx, { id, ...about, ...said, accountIndex: accountIndex(tx, person.account) }, ask.actor);
  return id;
};

/** Records first, then the heir: the order everything takes that moves them. */
const locked = async (tx: Tx, act: Act, wanted: readonly Heir['state'][], doing: string): Promise<Heir> => {
  const seen = await heirById(tx, act.id, act.scope);
  await lockDeceased(tx, [seen]);
  const heir = await heirById(tx, act.id, act.scope, true);
  if (!wanted.includes(heir.state)) fail('state.heir', heir.id, `这件登记现在不能${doing}。`, '请刷新后查看它现在的状态。');
  return heir;
};

/** The second person has seen the document too: what waits goes on with the next batch. Returns how many records. */
export const confirmHeir = async (tx: Tx, act: Act): Promise<number> => {
  const heir = await locked(tx, act, ['named'], '确认');
  if (heir.namedBy === act.actor.id) fail('state.same-person', heir.id, '登记的人不能自己确认。', '请由另一人看过材料后确认。');
  await setHeir(tx, heir, 'confirmed', act.actor, act.now, null);
  return await payHeirs(tx, [heir], act.actor, act);
};

/** Named wrongly, or found wrong after it was confirmed: whatever is in no batch yet waits again at the next guard. */
export const dropHeir = async (tx: Tx, act: Act & { readonly reason: string }): Promise<void> => {
  const reason = words(act.reason);
  const heir = await locked(tx, act, ['named', 'confirmed'], '撤回');
  await setHeir(tx, heir, heir.state === 'named' ? 'refused' : 'withdrawn', act.actor, act.now, reason);
};

const aliveAgain = (record: Disbursement, around: Surroundings): Place => {
  // Sent back by a review: it is asked again, and that review comes after.
  if (record.flow[record.step] === 'review') return { state: 'asking', step: record.step, ...askWindow(around.item.ask, around) };
  return enter({ ...record, windowFrom: null, dueOn: null }, record.step, around);
};

/** The report of the death was wrong: the record goes on as before, what was asked is asked anew with its whole window; the guards look at the newest data. */
export const aliveAfterAll = async (tx: Tx, act: Act & { readonly reason: string }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, ['deceased'], '恢复');
  await moveAll(
    tx,
    [{ record, place: aliveAgain(record, await surroundings(tx, record, act)), by: 'reviewer', reason: words(act.reason) }],
    act.actor,
    act.now,
  );
};
