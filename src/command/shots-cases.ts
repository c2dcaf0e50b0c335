// What lies on clerks' desks on a day in the middle of the year: certifications, attestations, tickets, objections, stops and ratings, made by the product's own
// functions on the small city, in the names of its made-up staff.
import { enterFact, storeDocument } from '../attest/enter.ts';
import { addDays } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { type Tx, transaction } from '../db/handle.ts';
import { keepCaseDocument } from '../disbursement/ask.ts';
import { nameHeir } from '../disbursement/heir.ts';
import { askHuman } from '../disbursement/human.ts';
import { fileObjection } from '../disbursement/objection.ts';
import { itemsOf } from '../disbursement/prefill-store.ts';
import { review } from '../disbursement/review.ts';
import type { State } from '../disbursement/states.ts';
import { orderStop, proposeStop } from '../disbursement/stop.ts';
import { lockOne } from '../disbursement/store.ts';
import { answerRating, rate } from '../rating/rating.ts';
import { recordById } from '../record/store.ts';
import { advanceStep } from '../steps.ts';
import { openPersonTicket } from '../ticket/person.ts';
import { answerTicket } from '../ticket/ticket.ts';
import { userIdOf } from '../web/store.ts';
import { turnFor } from './shots-asked.ts';
import { type Shown, shownIn } from './shots-store.ts';
import { actOf, type Ground } from './shots-visit.ts';

/** One of the made-up staff, so that pages name a person. */
export const staffOf = async ({ db }: Ground, username: string): Promise<string> =>
  (await userIdOf(db, username)) ?? fail('missing.user', username, '没有这个账号。', '');

const scan = Buffer.from('%PDF-1.7\n% 材料的扫描件（样例）\n');
const deed = Buffer.from('%PDF-1.7\n% 户口簿的扫描件（样例）\n');
const objector = { name: '王举', number: '11010519491231002X', phone: '13800000000' } as const;

/** People with such a record, each once, of one item after the other. */
const onTheirWay = async ({ db }: Ground, states: readonly State[]): Promise<readonly Shown[]> => {
  const all = (await Promise.all(states.map((state) => shownIn(db, state, 'citizen')))).flat();
  const people = [...Map.groupBy(all, (one) => one.subjectId).values()].flatMap(([one]) => one ?? []);
  const turns = [...Map.groupBy(people, (one) => one.itemId).values()];
  return Array.from({ length: Math.max(0, ...turns.map((own) => own.length)) }, (_, i) => turns.flatMap((own) => own[i] ?? [])).flat();
};

const as = async (ground: Ground, one: Shown, username = 'reviewer') => ({
  ...actOf(ground, one.id),
  actor: { id: await staffOf(ground, username), role: 'reviewer' },
});

/** Two just opened, three whose visits are due, one overdue whose payments are kept back. */
const certifications = async (ground: Ground, people: readonly Shown[]): Promise<void> => {
  const ends = ['open', 'visiting', 'visiting', 'suspended', 'visiting', 'open'] as const;
  for (const [i, end] of ends.entries()) {
    const one = people[i];
    if (one !== undefined) await turnFor(ground, one, end);
  }
};

/** Two values a clerk has seen on paper; each asks the department whose datum it is. */
const attestations = async (ground: Ground, people: readonly Shown[]): Promise<void> => {
  const { db, steps } = ground;
  const { id } = (await as(ground, people[0] as Shown)).actor;
  const actor = { id, roles: ['reviewer'], scope: everything };
  const document = await storeDocument(db, actor, scan, steps.now());
  const [today, at] = [steps.today, steps.now()];
  for (const [i, one] of people.entries()) {
    const seen = { document, documentTitle: '户口簿首页和本人页', expiresOn: addDays(today, 180) };
    const reason = i === 0 ? '户口簿上的出生日期和公安的数据差一天，本人持原件到窗口。' : '户口簿换发时录错了年份，派出所出具了说明。';
    const entry = { ...seen, reason, register: 'citizen', subjectId: one.subjectId, fact: 'birthDate', value: `194${i + 1}-03-0${i + 2}` };
    await transaction(db, (tx) => enterFact({ tx, catalogue: steps.catalogue, actor, today, at }, entry));
  }
};

/** What people said is wrong of their data; one is answered by the department. */
const tickets = async (ground: Ground, people: readonly Shown[]): Promise<void> => {
  const { db, steps } = ground;
  const fact = steps.catalogue.facts.find(({ register, key }) => register === 'citizen' && key === 'birthDate');
  const dataset = fact?.datasets[0] ?? '';
  const department = steps.catalogue.datasets.find(({ id }) => id === dataset)?.department ?? '';
  for (const [i, one] of people.entries()) {
    const act = actOf(ground, one.id);
    const ticket = await transaction(db, async (tx) => {
      const record = await lockOne(tx, one.id, everything);
      const { subjectId, division, itemId, version } = record;
      return await openPersonTicket(tx, {
        ...{ ...act, actor: { id: 'person', role: 'public' }, itemId, version, fact: 'birthDate', dataset, department },
        subject: { subjectId, register: 'citizen', division },
        ...{ seen: '1963年4月2日', wanted: '1936年4月2日', note: '换证的时候录反了。', phone: objector.phone, document: null },
      });
    });
    const { actor } = await as(ground, one);
    const answer = '核对了户籍底册，原登记有误，已在本部门系统里更正，随下一次交付送到。';
    if (i === 0) await transaction(db, (tx) => answerTicket(tx, { id: ticket, scope: everything, answer }, actor, act.now));
  }
};

/** Against what is in publicity, and by people who want a human to look again. */
const objections = async (ground: Ground, people: readonly Shown[]): Promise<void> => {
  const { db } = ground;
  const [first, second] = await shownIn(db, 'publicity');
  for (const [one, text] of [
    [first, '他家去年已经搬到外地，房子一直空着。'],
    [second, '这家在县城还有一套门面房，没有登记。'],
  ] as const) {
    if (one === undefined) continue;
    const act = await as(ground, one);
    await transaction(db, (tx) => fileObjection(tx, { ...act, kind: 'public', ...objector, text }));
  }
  for (const one of people) await transaction(db, (tx) => again(tx, ground, one));
};

const again = async (tx: Tx, ground: Ground, one: Shown): Promise<void> => {
  const record = await lockOne(tx, one.id, everything);
  const subject = await recordById(tx, one.register, one.subjectId);
  const item = (await itemsOf(tx, [record])).get(`${record.itemId}@${record.version}`);
  if (subject === null || item === undefined) return;
  const { version, periodKey } = record;
  await askHuman(tx, {
    ...actOf(ground, one.id),
    ...{ subject: { ...subject, division: subject.division ?? null, name: subject.name ?? null }, item, version, periodKey },
    ...{ about: 'amount', disbursementId: record.id, text: '比邻居少了二十元，想知道是怎么算的。', phone: objector.phone },
    actor: { id: 'person', role: 'public' },
  });
};

/** One proposed by the machine, one ordered by a clerk. */
const stops = async (ground: Ground, [proposed, ordered]: readonly Shown[]): Promise<void> => {
  const { db, steps } = ground;
  const lastOn = addDays(steps.today, -12);
  if (proposed !== undefined)
    await transaction(db, async (tx) => {
      const { subjectId, itemId, version, matchId, authority, division } = await lockOne(tx, proposed.id, everything);
      const found = { subjectId, itemId, version, matchId, authority, division, kind: 'death' as const, lastOn };
      await proposeStop(tx, { ...found, reason: '入户核查时家人说本人已经去世，还没有死亡登记。' }, steps.now());
    });
  if (ordered === undefined) return;
  const act = await as(ground, ordered);
  const document = await keepCaseDocument(db, scan, act.actor, act.now);
  const { subjectId, itemId } = ordered;
  const said = { subjectId, itemId, kind: 'moved' as const, lastOn, reason: '户籍已迁到外县，见迁移证。', document };
  await transaction(db, (tx) => orderStop(tx, { ...act, ...said }));
};

/** Before people were told anything further: some reviews are done, so that something is in publicity. */
export const casesTold = async (ground: Ground): Promise<void> => {
  const { db, steps } = ground;
  const reviewing = await shownIn(db, 'reviewing');
  const passed = reviewing.slice(-12);
  for (const one of passed) {
    const act = await as(ground, one);
    await transaction(db, (tx) => review(tx, { ...act, roster: [], decision: 'pass' }));
  }
  await advanceStep(steps);
  const people = await onTheirWay(ground, ['ready', 'confirming', 'publicity', 'asking', 'reviewing']);
  await certifications(ground, people.slice(0, 6));
  const rest = people.slice(6);
  if (rest.length > 0) await attestations(ground, rest.slice(0, 2));
  await tickets(ground, rest.slice(2, 5));
  await objections(ground, rest.slice(5, 7));
  await stops(ground, rest.slice(7, 9));
};

const said = [
  [2, '钱到得比邻居晚了半个月，打电话也问不清楚。'],
  [1, '发到了一张早就不用的卡上，取不出来。'],
  [5, '没有跑一趟，钱就到了。'],
  [4, ''],
  [2, '短信看不懂，不知道是哪一项的钱。'],
  [5, ''],
] as const;

/** After the money moved: how it went, and who receives what waits of the dead. */
export const casesPaid = async (ground: Ground): Promise<void> => {
  const { db } = ground;
  const paid = await onTheirWay(ground, ['paid']);
  for (const [i, [stars, reason]] of said.entries()) {
    const one = paid[i];
    if (one === undefined) break;
    const id = await transaction(db, async (tx) => {
      const record = await lockOne(tx, one.id, everything);
      const item = (await itemsOf(tx, [record])).get(`${record.itemId}@${record.version}`) ?? {};
      return await rate(tx, { ...actOf(ground, one.id), actor: { id: 'person', role: 'public' }, record, item, stars, reason });
    });
    const { actor, now } = await as(ground, one);
    const answer = '已查明是旧卡，财政已按您的新卡重新拨付，给您添麻烦了。';
    if (stars === 1) await transaction(db, (tx) => answerRating(tx, { id, scope: everything, answer }, actor, now));
  }
  const [dead] = await shownIn(db, 'deceased', 'citizen');
  if (dead === undefined) return;
  const act = await as(ground, dead);
  const document = await keepCaseDocument(db, deed, act.actor, act.now);
  const heir = { ...objector, relation: 'child' as const, account: '6222020000000088', bank: '云溪农商银行', document };
  await transaction(db, (tx) => nameHeir(tx, { ...act, ...heir, reason: '独子，户口簿和村委会证明一致。' }));
};
