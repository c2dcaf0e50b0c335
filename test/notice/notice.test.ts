// Told once and sent for sure: which notices are made, over real SMTP with a server that behaves and misbehaves, and killed in between.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { tickLetter } from '../../src/notice/hear-store.ts';
import { openMail } from '../../src/notice/mail.ts';
import { patienceMs, pauseAfter } from '../../src/notice/notice.ts';
import { reminderDue } from '../../src/notice/reminder.ts';
import { send, verdictOf } from '../../src/notice/send.ts';
import { listNotices, noticeById } from '../../src/notice/store.ts';
import { type TellOptions, tell } from '../../src/notice/tell.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { at, broken, complete, empty, itemOf, type Match, publish, runWith, settlePeople, stepsOn } from '../settlement/ground.ts';
import { type Mood, startSmtp } from './smtp.ts';

const database = testDatabase();
const closing: (() => unknown)[] = [];
beforeEach(() => empty(database));
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  expect(await broken(database)).toEqual([]);
});

const told = { flow: { first: ['guard', 'notice', 'pay'] as const, continuing: ['guard', 'pay'] as const } };
const tick = async (over: Partial<TellOptions> = {}) => {
  const steps = stepsOn();
  await settle(database.db, steps.settle);
  await prefill(database.db, steps.prefill);
  await advance(database.db, steps.advance);
  const report = await tell(database.db, { ...steps.tell, ...over });
  await advance(database.db, steps.advance);
  return report;
};
const notices = async () => (await listNotices(database.db, { scope: everything, limit: 200 })).rows;
const brief = async () => (await notices()).map((n) => `${n.template} ${n.channel} ${n.state}`).sort();

/** A clock that only moves when told to. */
const clockAt = (start = at) => {
  let ms = start.getTime();
  const pass = (by: number): void => {
    ms += by;
  };
  return { clock: () => new Date(ms), pass };
};

/** Patient as in production: only the test of a server that hangs is in a hurry, on silence alone. */
const mailTo = async (mood: (to: string) => Mood = () => 'accept', silenceMs = 30_000) => {
  const smtp = await startSmtp(mood);
  const channel = openMail({ url: smtp.url, from: '测试县民政局 <notice@test.example>', silenceMs });
  closing.push(
    () => channel.close(),
    () => smtp.close(),
  );
  return { ...smtp, channel, lanes: { mail: { channel } } };
};

const someTold = async (count: number, matches: Partial<Match> = {}) => {
  const people = Array.from({ length: count }, (_, i) => `T${i}`);
  await settlePeople(database, Object.fromEntries(people.map((p) => [p, { ...complete, email: `${p.toLowerCase()}@example.org` }])));
  await publish(database, [itemOf('a', told)]);
  await runWith(
    database,
    people.map((subject) => ({ item: 'a', subject, ...matches })),
  );
  await tick();
};

describe('who is told', () => {
  it('first, changed and resumed are; continuing and waiting are not; one notice for all lines of a match', async () => {
    await settlePeople(database, { A: complete, B: complete, C: complete, D: { name: '没有邮箱', ...complete, email: null } });
    const budget = { kind: 'limited' as const, yuan: 350, order: 'day' };
    await publish(database, [itemOf('a', told), itemOf('b', { ...told, budget })]);
    // The month before B was told and came through to payment; only such a one is a continuing recipient.
    await runWith(database, [{ item: 'a', subject: 'B', period: '2026-09' }]);
    expect(await tick()).toEqual({ matched: 1 });
    const before = new Set((await notices()).map((n) => n.id));
    await runWith(database, [
      {
        item: 'a',
        subject: 'A',
        lines: [
          { key: 'g1', yuan: 10 },
          { key: 'g2', yuan: 20 },
        ],
      },
      { item: 'a', subject: 'B', kind: 'continuing' },
      { item: 'b', subject: 'A', yuan: 300, orderDay: '2026-01-01' },
      { item: 'b', subject: 'C', yuan: 300, orderDay: '2026-02-01' },
      { item: 'a', subject: 'D', kind: 'resumed' },
    ]);
    expect(await tick()).toEqual({ matched: 3 });
    expect(await tick()).toEqual({});
    const made = (await notices()).filter((n) => !before.has(n.id));
    expect(made.map((n) => [n.channel, n.address === null, n.amountFen]).sort()).toEqual([
      ['letter', true, 10_000n],
      ['mail', false, 3_000n],
      ['mail', false, 30_000n],
    ]);
    expect(made.find((n) => n.amountFen === 3_000n)?.body).toContain('30.00 元（共 2 笔合计）');
  });

  it('whoever was refused last month is no continuing recipient: reviewed and told as the first', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', told)]);
    await runWith(database, [{ item: 'a', subject: 'A', period: '2026-09' }]);
    await settle(database.db, stepsOn().settle);
    await prefill(database.db, stepsOn().prefill);
    await database.sql`update disbursement set state = 'closed'`;
    await runWith(database, [{ item: 'a', subject: 'A', kind: 'continuing' }]);
    expect(await tick()).toEqual({ matched: 1 });
  });

  it('push matches are told once, with an estimate, and touch no money', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('p', { mode: 'push', flow: { first: ['notice'], continuing: ['notice'] } })]);
    await runWith(database, [{ item: 'p', subject: 'A', yuan: 5000 }]);
    expect(await tick()).toEqual({ push: 1 });
    expect(await tick()).toEqual({});
    expect((await notices())[0]?.body).toContain('预计可得 5,000.00 元，以申报审核的结果为准');
    expect(await database.sql`select count(*)::int as n from posting`).toEqual([{ n: 0 }]);
    await runWith(database, [{ item: 'p', subject: 'A', verdict: 'ineligible', kind: 'ended' }]);
    expect(await tick()).toEqual({});
    expect(await database.sql`select count(*)::int as n from disbursement`).toEqual([{ n: 0 }]);
  });

  it('a fee that is reduced is told once, and touches no money, nor does its end', async () => {
    await settlePeople(database, { A: complete });
    const award = { fixed: { yuan: 15 }, reduces: '水费' };
    await publish(database, [itemOf('w', { award, flow: { first: ['guard', 'notice'], continuing: ['guard'] } })]);
    await runWith(database, [{ item: 'w', subject: 'A', yuan: 15 }]);
    expect(await tick()).toEqual({ push: 1 });
    expect(await tick()).toEqual({});
    expect((await notices())[0]?.body).toContain('2026年10月水费减免 15.00 元，缴费时扣减，不另发钱');
    await runWith(database, [{ item: 'w', subject: 'A', verdict: 'ineligible', kind: 'ended' }]);
    expect(await tick()).toEqual({});
    expect(await database.sql`select count(*)::int as n from settlement_line`).toEqual([{ n: 0 }]);
    expect(await database.sql`select count(*)::int as n from posting`).toEqual([{ n: 0 }]);
    expect(await database.sql`select count(*)::int as n from disbursement`).toEqual([{ n: 0 }]);
  });

  it('whoever lacks an account is asked once', async () => {
    await settlePeople(database, { A: { email: 'a@example.org' } });
    await publish(database, [itemOf('a', { flow: { first: ['guard', 'ask', 'notice', 'pay'], continuing: ['pay'] } })]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    expect(await tick()).toEqual({ asking: 1 });
    expect(await tick()).toEqual({});
  });

  it('without a mail server notices wait in the outbox, and go out once there is one', async () => {
    await settlePeople(database, { A: complete });
    await publish(database, [itemOf('a', told)]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick({ mail: false });
    expect(await brief()).toEqual(['matched outbox pending']);
    const mail = await mailTo();
    await send(database.db, { lanes: mail.lanes, clock: () => at });
    expect(await brief()).toEqual(['matched mail sent']);
  });

  it('an address with a line break is not mailed to', async () => {
    await settlePeople(database, { A: { ...complete, email: 'a@example.org\r\nBcc: b@example.org' } });
    await publish(database, [itemOf('a', told)]);
    await runWith(database, [{ item: 'a', subject: 'A' }]);
    await tick();
    expect(await brief()).toEqual(['matched letter pending']);
    const [letter] = await notices();
    await transaction(database.db, (tx) =>
      tickLetter(tx, { by: { id: letter?.id ?? '' }, outcome: 'handed', actor: 'u', role: 'reviewer', scope: everything, at }),
    );
    expect(await noticeById(database.db, letter?.id ?? '', everything)).toMatchObject({ state: 'delivered', sentAt: at, deliveredAt: at });
    expect(await noticeById(database.db, letter?.id ?? '', { ...everything, items: ['b'] })).toBeNull();
  });

  it('of three reminders only the latest that is due', () => {
    const window = { state: 'confirming', windowFrom: day('2026-11-10'), dueOn: day('2026-11-17') } as const;
    const due = (on: string, told: string[] = []) => reminderDue({ ...window, told }, day(on));
    expect([due('2026-11-11'), due('2026-11-12'), due('2026-11-14'), due('2026-11-17')]).toEqual([
      null,
      'reminder-1',
      'reminder-2',
      'reminder-3',
    ]);
    expect([due('2026-11-13', ['reminder-1']), due('2026-11-12', ['reminder-2'])]).toEqual([null, null]);
  });
});

describe('sending', () => {
  it('sends each once, plain text with its Message-ID, and audits every state', async () => {
    await someTold(45);
    const mail = await mailTo();
    const report = await send(database.db, { lanes: mail.lanes, clock: () => at });
    expect(report).toEqual({ sent: 45, retried: 0, bounced: 0, dead: 0, trial: 0, swept: 0 });
    expect(new Set(mail.received.map((m) => m.messageId)).size).toBe(45);
    const [one] = await notices();
    expect(mail.received.find((m) => m.messageId === one?.messageId)?.text).toMatch(/Auto-Submitted: auto-generated/i);
    expect(await send(database.db, { lanes: mail.lanes, clock: () => at })).toMatchObject({ sent: 0 });
    const audited =
      await database.sql`select action, count(*)::int as n from audit_entry where object_kind = 'notice' group by 1 order by 1`;
    expect(audited).toEqual([
      { action: 'notice.sending', n: 45 },
      { action: 'notice.sent', n: 45 },
      { action: 'notice.tell', n: 45 },
    ]);
  });

  it('4xx is tried again with growing pauses, 5xx is final, and no address stays in the error', async () => {
    await someTold(2);
    let mood: Mood = 'later';
    const mail = await mailTo((to) => (to === 't0@example.org' ? mood : 'never'));
    const time = clockAt();
    expect(await send(database.db, { lanes: mail.lanes, clock: time.clock })).toMatchObject({ retried: 1, bounced: 1 });
    for (const n of await notices()) expect(n.lastError).not.toContain('example.org');
    expect(await send(database.db, { lanes: mail.lanes, clock: time.clock })).toMatchObject({ retried: 0 });
    time.pass(61_000);
    expect(await send(database.db, { lanes: mail.lanes, clock: time.clock })).toMatchObject({ retried: 1 });
    mood = 'accept';
    time.pass(6 * 60_000);
    expect(await send(database.db, { lanes: mail.lanes, clock: time.clock })).toMatchObject({ sent: 1 });
    expect(mail.received.length).toBe(1);
    expect(await brief()).toEqual(['matched letter pending', 'matched mail sent']);
  });

  it('after 72 hours of trying it is dead', async () => {
    const tries: number[] = [];
    let now = 0;
    for (let tried = 1; ; tried++) {
      const verdict = verdictOf({ tried, firstTriedAt: new Date(0) }, { kind: 'retry', why: '' }, new Date(now));
      if (verdict.ending.to !== 'pending') break;
      now = verdict.ending.nextAt.getTime();
      tries.push(now);
    }
    expect(tries.length).toBeGreaterThan(9);
    expect(now).toBeLessThanOrEqual(patienceMs);
    for (let n = 1; n < 10; n++) expect(pauseAfter(n + 1)).toBeGreaterThanOrEqual(pauseAfter(n));
  });

  it('a server that hangs costs one timeout; one that is not there at all is tried again', async () => {
    await someTold(3);
    const mail = await mailTo((to) => (to === 't1@example.org' ? 'hang' : 'accept'), 5000);
    expect(await send(database.db, { lanes: mail.lanes, clock: () => at })).toMatchObject({ sent: 2, retried: 1 });
    const nobody = openMail({ url: 'smtp://127.0.0.1:1', from: 'a@test.example', connectMs: 300 });
    closing.push(() => nobody.close());
    const later = new Date(at.getTime() + 3_600_000);
    expect(await send(database.db, { lanes: { mail: { channel: nobody } }, clock: () => later })).toMatchObject({ sent: 0, retried: 1 });
  });

  it('a line dropped after DATA sends again under the same Message-ID', async () => {
    await someTold(1);
    let mood: Mood = 'drop-after-data';
    const mail = await mailTo(() => mood);
    const time = clockAt();
    expect(await send(database.db, { lanes: mail.lanes, clock: time.clock })).toMatchObject({ retried: 1 });
    mood = 'accept';
    time.pass(61_000);
    expect(await send(database.db, { lanes: mail.lanes, clock: time.clock })).toMatchObject({ sent: 1 });
    expect(mail.received.length).toBe(2);
    expect(new Set(mail.received.map((m) => m.messageId)).size).toBe(1);
  });

  it('eight senders at once send each notice once', async () => {
    await someTold(60);
    const mail = await mailTo();
    const reports = await Promise.all(Array.from({ length: 8 }, () => send(database.db, { lanes: mail.lanes, clock: () => at, batch: 5 })));
    expect(reports.reduce((n, r) => n + r.sent, 0)).toBe(60);
    expect(mail.received.length).toBe(60);
  });

  it.each(['send.after-claim', 'send.after-handover', 'send.after-record'])('killed at %s: nothing lost, nothing stuck', async (name) => {
    await someTold(7);
    const mail = await mailTo();
    const time = clockAt();
    const child = path.join(import.meta.dirname, 'send-child.ts');
    // A process of its own, ended by the system: its transactions and its lines to the mail server break as they would.
    const started = spawn(process.execPath, [child, database.ownerUrl, mail.url, name, at.toISOString()], { stdio: 'inherit' });
    expect(await once(started, 'exit')).toEqual([null, 'SIGKILL']);
    expect(await brief()).toContain('matched mail sending');
    expect(await send(database.db, { lanes: mail.lanes, clock: time.clock })).toMatchObject({ swept: 0 });
    time.pass(11 * 60_000);
    await send(database.db, { lanes: mail.lanes, clock: time.clock });
    expect(new Set(await brief())).toEqual(new Set(['matched mail sent']));
    expect(new Set(mail.received.map((m) => m.messageId)).size).toBe(7);
  });
});
