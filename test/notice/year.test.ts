// What comes by the calendar and after a death: the yearly summary of what really arrived, the reminder before money is to be given back, and letters that
// go to the family from a death in the data to the mail. On a real PostgreSQL and a real mail server.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { remindRecoveries } from '../../src/disbursement/recovery-remind.ts';
import { insertRelative } from '../../src/notice/around-store.ts';
import { openMail } from '../../src/notice/mail.ts';
import { send } from '../../src/notice/send.ts';
import { listNotices } from '../../src/notice/store.ts';
import { tell } from '../../src/notice/tell.ts';
import { oweYearly } from '../../src/notice/yearly.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import { testDatabase } from '../database.ts';
import { catalogue, paying, person, ready, retell, toReady } from '../payment/ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, word } from '../payment/way.ts';
import { broken, empty, idOf, runWith } from '../settlement/ground.ts';
import { startSmtp, textOf } from './smtp.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const tellOn = (on: Day) =>
  tell(database.db, {
    now: new Date(`${on}T02:00:00Z`),
    today: on,
    read: contactReader(catalogue, day('2026-11-10')),
    link: linkNames(catalogue),
    label: (fact) => fact,
    mail: true,
    messageDomain: 'test.example',
    place: () => '运昌村民委员会',
  });
const notices = async () => (await listNotices(database.db, { scope: everything, limit: 50 })).rows;
const january = new Date('2027-01-05T02:00:00Z');

/** A and B are sent 100 yuan each; A's arrives, B's comes back. */
const paidOnce = async (): Promise<void> => {
  const source = await ready(database, { A: person('甲一', 1, { email: 'a@example.org' }), B: person('乙二', 2) });
  const batch = await sealOf(database, source);
  await sendOut(database, batch);
  const references = await referencesOf(database, batch.id);
  const lines = await database.sql<
    { reference: string; who: string }[]
  >`select end_to_end_id as reference, subject_id as who from payment_line`;
  expect(references).toHaveLength(2);
  await bankSays(
    database,
    lines.map(({ reference, who }) => word(reference, who === idOf('A') ? 'paid' : 'returned')),
    'first',
  );
};

it('in January everybody is told once what arrived in the year before, and who was sent nothing that stayed is not', async () => {
  await paidOnce();
  await tellOn(day('2026-11-12'));
  const before = (await notices()).length;
  const [one, two] = await Promise.all([0, 1].map(() => oweYearly(database.db, { year: 2026, now: january, chunk: 1 })));
  expect((one ?? 0) + (two ?? 0)).toBe(1);
  expect(await oweYearly(database.db, { year: 2026, now: january })).toBe(0);
  expect(await oweYearly(database.db, { year: 2025, now: january })).toBe(0);
  expect(await tellOn(day('2027-01-05'))).toEqual({ yearly: 1 });
  const summary = (await notices()).find((notice) => notice.template === 'yearly') ?? expect.fail('no summary');
  expect(summary).toMatchObject({ subjectId: idOf('A'), amountFen: 10_000n, channel: 'mail', duty: 'courtesy' });
  expect(summary.subject).toBe('2026年一共到账 100.00 元');
  expect(summary.body).toContain('2026年，测试县民政局一共发给您 100.00 元：事项a 100.00 元（1 笔）');
  expect(await notices()).toHaveLength(before + 1);
});

it('a recovery is reminded of ten days before it falls due, once for each due day', async () => {
  await paidOnce();
  const [match] = await database.sql<{ id: string }[]>`select id from match where subject_id = ${idOf('A')}`;
  await database.sql`
    insert into recovery (subject_id, item_id, version, match_id, authority, division, period_key, key, year, amount_fen, settled_fen, reason, clause, state, found_at,
      opened_by, opened_at, due_on)
    values (${idOf('A')}, 'a', 1, ${match?.id ?? ''}, '测试县民政局', '530128', '2026-10', '', 2026, 10000, 4000, '多发一个月', '第九条', 'open',
      '2026-11-11T02:00:00Z', 'reviewer', '2026-11-11T02:00:00Z', '2027-02-11')`;
  const remind = (on: string) => remindRecoveries(database.db, { today: day(on), now: new Date(`${on}T02:00:00Z`) });
  expect([await remind('2027-01-31'), await remind('2027-02-01'), await remind('2027-02-02'), await remind('2027-02-12')]).toEqual([
    0, 1, 0, 0,
  ]);
  await database.sql`update recovery set due_on = '2027-03-11'`;
  expect((await Promise.all([remind('2027-03-05'), remind('2027-03-05')])).sort()).toEqual([0, 1]);
  await tellOn(day('2027-03-05'));
  const told = (await notices()).filter((notice) => notice.template === 'recovery-reminder').map((notice) => notice.subject);
  expect(told.sort()).toEqual(['提醒：事项a多发的 60.00 元请在2027年2月11日前退回', '提醒：事项a多发的 60.00 元请在2027年3月11日前退回']);
  await database.sql`delete from recovery`;
});

it('from a death in the data to the mail: the relative who was named reads it, in words for a relative, and no mail goes to the dead', async () => {
  const smtp = await startSmtp();
  const channel = openMail({ url: smtp.url, from: '测试县民政局 <notice@test.example>' });
  try {
    const relative = { name: '甲小一', relation: '女', phone: null, email: 'daughter@example.org' };
    await transaction(database.db, (tx) => insertRelative(tx, idOf('A'), relative, { id: 'clerk', role: 'reviewer' }, january));
    await ready(
      database,
      { A: person('甲一', 1, { email: 'a@example.org' }), B: person('乙二', 2, { email: 'b@example.org' }) },
      { item: paying('a', { flow: { first: ['guard', 'pay'], continuing: ['guard', 'pay'], ended: ['notice'] } }) },
    );
    // What the police deliver, and what the next run finds by it.
    for (const key of ['A', 'B']) await retell(database, idOf(key), { deathDate: '2026-11-02' });
    await runWith(
      database,
      ['A', 'B'].map((subject) => ({ item: 'a', subject, period: '2026-11', kind: 'ended', verdict: 'ineligible' as const })),
    );
    await toReady(database);
    await tellOn(day('2026-11-10'));
    await send(database.db, { lanes: { mail: { channel } }, clock: () => new Date('2026-11-10T03:00:00Z') });
    expect(smtp.received.map((mail) => mail.to)).toEqual(['daughter@example.org']);
    const text = textOf(smtp.received[0] ?? expect.fail('no mail'));
    expect(text).toContain('甲小一（甲一的亲属）：\n按现有数据，甲一已去世，事项a从2026年11月起不再发放');
    expect(text).not.toMatch(/您|https?:/);
    const village = (await notices()).find((notice) => notice.subjectId === idOf('B')) ?? expect.fail('nobody told of B');
    expect([village.channel, village.address]).toEqual(['letter', null]);
    expect(village.body).toContain('运昌村民委员会（请转告乙二的亲属）：\n');
    expect(village.body).not.toContain('您');
  } finally {
    channel.close();
    await smtp.close();
  }
});

it('what silence did is told, with the way back', async () => {
  const item = paying('c', {
    mode: 'confirm',
    flow: { first: ['guard', 'notice', 'confirm', 'pay'], continuing: ['pay'] },
    confirm: { days: 7 },
  });
  await ready(database, { A: person('甲一', 1, { email: 'a@example.org' }) }, { item });
  await tellOn(day('2026-11-10'));
  await database.sql`update notice set state = 'delivered', sent_at = created_at, delivered_at = created_at`;
  for (const on of ['2026-11-11', '2026-11-30']) await toReady(database, day(on));
  await tellOn(day('2026-11-30'));
  const waived = (await notices()).find((notice) => notice.template === 'waived') ?? expect.fail('not told');
  expect(waived.body).toContain('到期没有办，按规定视同放弃。钱还留着：2026年12月30日前告诉测试县民政局“我要领”，马上恢复');
});
