// The ways a notice takes: mail, message, letter, portal; over a real mail server and a real gateway, with receipts, returned mail, quiet hours, pace and trial.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { hasControl } from '../../src/base/invisible.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { insertChoice, insertOffice, insertRelative } from '../../src/notice/around-store.ts';
import { takeBounces } from '../../src/notice/bounces.ts';
import { channelStandings, countLost, sendAgain } from '../../src/notice/channel-store.ts';
import { openGateway } from '../../src/notice/gateway.ts';
import { checkNotice, hear, inboxOf, openInInbox, tickLetter } from '../../src/notice/hear-store.ts';
import { waitingLetters } from '../../src/notice/letters-store.ts';
import { openMail } from '../../src/notice/mail.ts';
import { type NoticeState, noticeStates } from '../../src/notice/notice.ts';
import { isQuiet, readQuietHours } from '../../src/notice/quiet.ts';
import { type Lanes, send, trialFor } from '../../src/notice/send.ts';
import { listNotices } from '../../src/notice/store.ts';
import { type TellOptions, tell } from '../../src/notice/tell.ts';
import { startSender } from '../../src/sender.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { at, broken, complete, empty, idOf, itemOf, publish, runWith, settlePeople, stepsOn } from '../settlement/ground.ts';
import { type GatewayAnswer, gatewaySecret, type Message, startGateway } from './gateway.ts';
import { type Mood, startSmtp } from './smtp.ts';

const database = testDatabase();
const closing: (() => unknown)[] = [];
beforeEach(() => empty(database));
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  expect(await broken(database)).toEqual([]);
});

const clerk = { id: 'clerk', role: 'reviewer' } as const;
const toldFlow = { flow: { first: ['guard', 'notice', 'pay'] as const, continuing: ['guard', 'pay'] as const } };
const phone = '13800000001';
const both = { ...complete, phone };

const tick = async (over: Partial<TellOptions> = {}) => {
  const steps = stepsOn();
  await settle(database.db, steps.settle);
  await prefill(database.db, steps.prefill);
  await advance(database.db, steps.advance);
  return await tell(database.db, { ...steps.tell, sms: true, ...over });
};
const tellA = async (facts: Record<string, unknown> = both, item = itemOf('a', toldFlow)) => {
  await settlePeople(database, { A: facts });
  await publish(database, [item]);
  await runWith(database, [{ item: 'a', subject: 'A' }]);
  await tick();
};
const notices = async () => (await listNotices(database.db, { scope: everything, limit: 200 })).rows;
const one = async () => (await notices())[0] ?? expect.fail('no notice');
const stands = async () => (await notices()).map((n) => `${n.template} ${n.channel} ${n.state}`).sort();
const codeIn = (text: string): string => /查验码 ([\w-]{14})/.exec(text)?.[1] ?? '';

const clockAt = (start = at) => {
  let ms = start.getTime();
  const pass = (by: number): void => {
    ms += by;
  };
  return { clock: () => new Date(ms), pass };
};

const mailTo = async (mood: (to: string) => Mood = () => 'accept') => {
  const smtp = await startSmtp(mood);
  const channel = openMail({
    url: smtp.url,
    from: '测试县民政局 <notice@test.example>',
  });
  closing.push(
    () => channel.close(),
    () => smtp.close(),
  );
  return { ...smtp, channel };
};

const messagesTo = async (
  clock: () => Date,
  answer?: (message: Message) => GatewayAnswer | 'hang' | 'drop',
  secret = gatewaySecret,
  more: { readonly timeoutMs?: number } = {},
) => {
  const gateway = await startGateway(clock, answer);
  const channel = openGateway({ url: gateway.url, secret, clock, ...more });
  closing.push(
    () => channel.close(),
    () => gateway.close(),
  );
  return { ...gateway, channel };
};

describe('from one way to the next', () => {
  it('mail that is refused goes on as a message, and a message that is refused as a letter', async () => {
    await tellA();
    const time = clockAt();
    const mail = await mailTo(() => 'never');
    const sms = await messagesTo(time.clock, () => ({ status: 422 }));
    const lanes: Lanes = { mail: { channel: mail.channel }, sms: { channel: sms.channel } };
    await send(database.db, { lanes: { mail: { channel: mail.channel } }, clock: time.clock });
    expect(await stands()).toEqual(['matched sms pending']);
    expect(await send(database.db, { lanes, clock: time.clock })).toMatchObject({ bounced: 1 });
    expect(await stands()).toEqual(['matched letter pending']);
    // Whoever cannot be written to stands on the list of those to be told by mouth, and in what is reported where nobody could be told at all.
    const waiting = await waitingLetters(database.db, { scope: everything, division: null, limit: 9 });
    expect(waiting.map((letter) => letter.subjectId)).toEqual([idOf('A')]);
    const { id } = await one();
    const gone = { by: { id }, outcome: 'failed', why: '查无此人', actor: 'clerk', role: 'reviewer', scope: everything, at } as const;
    await transaction(database.db, (tx) => tickLetter(tx, gone));
    expect(await stands()).toEqual(['matched letter bounced']);
    expect((await listNotices(database.db, { scope: everything, filter: { state: 'bounced' }, limit: 9 })).rows.map((n) => n.id)).toEqual([
      id,
    ]);
    // A person has it tried again, from its first way on, as often as it takes; what is on its way is not sent twice.
    const again = (scope = everything) =>
      transaction(database.db, (tx) => sendAgain(tx, { id, scope, reason: '邮件服务器已修好' }, clerk, time.clock()));
    await expect(again({ ...everything, divisions: [] })).rejects.toThrow('missing.notice');
    expect(await countLost(database.db, everything)).toBe(1);
    await again();
    expect([await stands(), await countLost(database.db, everything)]).toEqual([['matched mail pending'], 0]);
    await expect(again()).rejects.toThrow('conflict.notice');
    const [queue] = await channelStandings(database.db, time.clock());
    expect([queue?.channel, queue?.due, queue?.lastSentAt, queue?.lastFailedAt === null]).toEqual(['mail', 1, null, false]);
    await send(database.db, { lanes, clock: time.clock });
    await send(database.db, { lanes, clock: time.clock });
    await transaction(database.db, (tx) => tickLetter(tx, gone));
    expect(await stands()).toEqual(['matched letter bounced']);
    // No way is left; opening it on the portal is being told all the same, and every change the rows went through stands in the table.
    await transaction(database.db, (tx) => openInInbox(tx, { id, subjectId: idOf('A') }, clerk, at));
    expect(await stands()).toEqual(['matched letter delivered']);
    const moved = await database.sql<{ before: { state: NoticeState }; to: NoticeState }[]>`
      select detail -> 'before' as before, replace(action, 'notice.', '') as to from audit_entry where object_id = ${id} and action <> 'notice.tell'`;
    for (const { before, to } of moved)
      expect([before.state, noticeStates[before.state].next]).toEqual([before.state, expect.arrayContaining([to])]);
    const [message] = sms.received;
    expect(message).toMatchObject({ to: phone, key: (await one()).messageId });
    expect(message?.text).toContain('100.00 元已核定');
    const tries = await database.sql`select channel, outcome from notice_try order by id`;
    expect(tries.map((row) => `${row.channel} ${row.outcome}`)).toEqual([
      ...['mail claimed', 'mail refused', 'sms claimed', 'sms refused'],
      ...['letter ticked', 'letter again', 'mail claimed', 'mail refused', 'sms claimed', 'sms refused', 'letter ticked', 'letter opened'],
    ]);
  });

  it('a gateway that answers for now, or not at all, is asked again under the same key, as late as it wishes', async () => {
    await tellA({ ...both, email: null });
    const time = clockAt();
    const answers: (GatewayAnswer | 'drop')[] = [
      { status: 503, headers: { 'retry-after': '600' } },
      { status: 302, headers: { location: '/' } },
      'drop',
      { status: 202 },
    ];
    const sms = await messagesTo(time.clock, () => answers.shift() ?? { status: 500 });
    const lanes: Lanes = { sms: { channel: sms.channel } };
    const round = () => send(database.db, { lanes, clock: time.clock });
    expect(await round()).toMatchObject({ retried: 1 });
    time.pass(599_000);
    expect(await round()).toMatchObject({ retried: 0 });
    time.pass(2_000);
    expect(await round()).toMatchObject({ retried: 1 });
    time.pass(3_600_000);
    expect(await round()).toMatchObject({ retried: 1 });
    time.pass(3_600_000);
    expect(await round()).toMatchObject({ sent: 1 });
    expect(sms.accepted.size).toBe(1);
    expect(new Set(sms.received.map((m) => m.key)).size).toBe(1);
    expect((await one()).lastError).toBeNull();
  });

  it('a gateway that knows another secret refuses every message, and none is lost by it', async () => {
    await tellA({ ...both, email: null });
    const sms = await messagesTo(() => at, undefined, 'quite another secret than the other side knows');
    expect(await send(database.db, { lanes: { sms: { channel: sms.channel } }, clock: () => at })).toMatchObject({ retried: 1 });
    expect([sms.received.length, sms.refused.length]).toEqual([0, 1]);
    expect(await stands()).toEqual(['matched sms pending']);
  });

  it('a gateway that never answers costs one wait, and the message is tried again', async () => {
    await tellA({ ...both, email: null });
    const sms = await messagesTo(
      () => at,
      () => 'hang',
      gatewaySecret,
      { timeoutMs: 300 },
    );
    expect(await send(database.db, { lanes: { sms: { channel: sms.channel } }, clock: () => at })).toMatchObject({ retried: 1, sent: 0 });
    expect((await one()).lastError).toBe('网关没有应答');
  });

  it('two senders at once hand each message over once', async () => {
    const people = Array.from({ length: 30 }, (_, i) => `P${i}`);
    await settlePeople(database, Object.fromEntries(people.map((p, i) => [p, { ...both, email: null, phone: `138000010${10 + i}` }])));
    await publish(database, [itemOf('a', toldFlow)]);
    await runWith(
      database,
      people.map((subject) => ({ item: 'a', subject })),
    );
    await tick();
    const sms = await messagesTo(() => at);
    const lanes: Lanes = { sms: { channel: sms.channel } };
    const reports = await Promise.all([0, 1, 2].map(() => send(database.db, { lanes, clock: () => at, batch: 4 })));
    expect(reports.reduce((n, report) => n + report.sent, 0)).toBe(30);
    expect([sms.received.length, sms.accepted.size]).toEqual([30, 30]);
  });

  it('keeps to its pace over all senders, and goes on in the next minute', async () => {
    const people = Array.from({ length: 12 }, (_, i) => `P${i}`);
    await settlePeople(database, Object.fromEntries(people.map((p) => [p, { ...complete, email: `${p.toLowerCase()}@example.org` }])));
    await publish(database, [itemOf('a', toldFlow)]);
    await runWith(
      database,
      people.map((subject) => ({ item: 'a', subject })),
    );
    await tick();
    const mail = await mailTo();
    const time = clockAt();
    const lanes: Lanes = { mail: { channel: mail.channel, perMinute: 5 } };
    await Promise.all([0, 1, 2].map(() => send(database.db, { lanes, clock: time.clock, batch: 2 })));
    expect(mail.received.length).toBe(5);
    time.pass(61_000);
    await send(database.db, { lanes, clock: time.clock });
    expect(mail.received.length).toBe(10);
  });

  it('sends no message in the quiet hours, over midnight too', async () => {
    const quiet = readQuietHours('20:00-08:00') ?? expect.fail('unread');
    const moments = ['19:59', '20:00', '23:59', '00:00', '07:59', '08:00'].map((t) => new Date(`2026-11-10T${t}:00+08:00`));
    expect(moments.map((moment) => isQuiet(quiet, moment))).toEqual([false, true, true, true, true, false]);
    expect(['8:00-9:00', '24:00-08:00', '08:00-08:00', ''].map(readQuietHours)).toEqual([null, null, null, null]);
    await tellA({ ...both, email: null });
    const time = clockAt(new Date('2026-11-10T22:00:00+08:00'));
    const sms = await messagesTo(time.clock);
    const lanes: Lanes = { sms: { channel: sms.channel, quiet } };
    await send(database.db, { lanes, clock: time.clock });
    expect(sms.received.length).toBe(0);
    time.pass(10 * 3_600_000);
    expect(await send(database.db, { lanes, clock: time.clock })).toMatchObject({ sent: 1 });
  });

  it('in the trial everything goes to staff and counts for nobody; afterwards it goes to the person', async () => {
    await tellA();
    const mail = await mailTo();
    const trial = trialFor('mail', ['officer@test.example', '13900000000']);
    const lanes = (on: boolean): Lanes => ({ mail: { channel: mail.channel, ...(on ? { trial } : {}) } });
    expect(await send(database.db, { lanes: lanes(true), clock: () => at })).toMatchObject({ trial: 1, sent: 0 });
    expect(await send(database.db, { lanes: lanes(true), clock: () => at })).toMatchObject({ trial: 0 });
    expect(await send(database.db, { lanes: { mail: { channel: mail.channel, trial: [] } }, clock: () => at })).toMatchObject({ trial: 0 });
    expect(mail.received.map((m) => m.to)).toEqual(['officer@test.example']);
    expect(await stands()).toEqual(['matched mail pending']);
    expect(await send(database.db, { lanes: lanes(false), clock: () => at })).toMatchObject({ sent: 1 });
    expect(mail.received.map((m) => m.to)).toEqual(['officer@test.example', complete.email]);
    expect(new Set(mail.received.map((m) => m.messageId)).size).toBe(2);
  });

  it('what is written is sent when it commits, without waiting for the minute', async () => {
    const mail = await mailTo();
    const rounds: unknown[] = [];
    const { promise: sent, resolve: heard } = Promise.withResolvers<void>();
    const sender = await startSender({
      sql: database.sql,
      run: async () => {
        const { sent } = await send(database.db, { lanes: { mail: { channel: mail.channel } }, clock: () => at });
        if (sent > 0) heard();
      },
      failed: (error) => rounds.push(error),
    });
    await tellA();
    await sent;
    await sender.stop();
    expect(rounds).toEqual([]);
    expect(await stands()).toEqual(['matched mail sent']);
  });
});

describe('what is heard later', () => {
  const sentByMessage = async () => {
    await tellA({ ...both, email: null });
    const sms = await messagesTo(() => at);
    await send(database.db, { lanes: { sms: { channel: sms.channel } }, clock: () => at });
    return await one();
  };

  it('a receipt delivers, a failed one goes on to the letter, and hearing twice changes nothing', async () => {
    const { messageId } = await sentByMessage();
    const say = (kind: 'delivered' | 'bounced') =>
      transaction(database.db, (tx) => hear(tx, { messageId, kind, why: '短信没有送达', channel: 'sms' }, at));
    expect(await say('delivered')).toBe('done');
    expect([await say('delivered'), await say('bounced')]).toEqual(['late', 'late']);
    expect(await stands()).toEqual(['matched sms delivered']);
    expect(await transaction(database.db, (tx) => hear(tx, { messageId: 'x', kind: 'bounced', why: '', channel: 'sms' }, at))).toBe(
      'unknown',
    );
  });

  it('returned mail out of a folder takes the notice on; what is no report is put aside', async () => {
    await tellA({ ...complete });
    const mail = await mailTo();
    await send(database.db, { lanes: { mail: { channel: mail.channel } }, clock: () => at });
    const { messageId } = await one();
    const folder = await mkdtemp(path.join(tmpdir(), 'bounces-'));
    closing.push(() => rm(folder, { recursive: true }));
    const report = `Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <${messageId}>\n\n--b--\n`;
    await writeFile(path.join(folder, 'a.eml'), report);
    await writeFile(path.join(folder, 'b.eml'), 'Subject: on holiday\n\nback soon');
    await writeFile(path.join(folder, 'late.eml'), report);
    await utimes(path.join(folder, 'a.eml'), at, at);
    await utimes(path.join(folder, 'b.eml'), at, at);
    await utimes(path.join(folder, 'late.eml'), new Date(at.getTime() + 10_000), new Date(at.getTime() + 10_000));
    const later = new Date(at.getTime() + 10_500);
    expect(await takeBounces(database.db, { folder, now: later })).toEqual({ heard: 1, other: 1 });
    expect(await stands()).toEqual(['matched letter pending']);
    expect(await readdir(folder)).toEqual(['done', 'late.eml', 'other']);
    expect(await takeBounces(database.db, { folder, now: new Date(at.getTime() + 60_000) })).toEqual({ heard: 0, other: 1 });
    expect((await one()).lastError).toBe('邮箱地址不存在（5.1.1）');
  });

  it('a letter is ticked off by the code on it, once, within the scope, and not by a code with a slip', async () => {
    await tellA({ ...complete, email: null });
    const code = codeIn((await one()).body);
    const tickBy = (typed: string, over: object = {}) =>
      transaction(database.db, (tx) =>
        tickLetter(tx, { by: { code: typed }, outcome: 'handed', actor: 'clerk', role: 'reviewer', scope: everything, at, ...over }),
      );
    const slip = `${code.startsWith('A') ? 'B' : 'A'}${code.slice(1)}`;
    await expect(tickBy(slip)).rejects.toThrow('input.check-code');
    await expect(tickBy(code, { scope: { ...everything, authorities: ['别的局'] } })).rejects.toThrow('missing.notice');
    await expect(tickBy(code, { outcome: 'failed' })).rejects.toThrow('input.reason');
    expect(await tickBy(code.toLowerCase().replaceAll('-', ' '))).toBe((await one()).id);
    await expect(tickBy(code)).rejects.toThrow('missing.notice');
    expect(await stands()).toEqual(['matched letter delivered']);
    expect(await checkNotice(database.db, code)).toEqual({ kind: '已核定', office: '测试县民政局', issuedOn: '2026-11-10' });
    expect(await checkNotice(database.db, slip)).toBeNull();
  });

  it('opened on the portal by its owner it is delivered, whatever way it stood at; nobody else opens it', async () => {
    await tellA();
    const { id } = await one();
    const open = (subjectId: string) =>
      transaction(database.db, (tx) => openInInbox(tx, { id, subjectId }, { id: 'A', role: 'beneficiary' }, at));
    expect(await open(idOf('B'))).toBeNull();
    expect((await inboxOf(database.db, { subjectId: idOf('B'), limit: 10 })).rows).toEqual([]);
    expect((await inboxOf(database.db, { subjectId: idOf('A'), limit: 10 })).rows.map((n) => n.id)).toEqual([id]);
    expect(await open(idOf('A'))).not.toBeNull();
    expect(await stands()).toEqual(['matched mail delivered']);
  });
});

describe('whose way it is', () => {
  it('who stops invitations finds them on the portal alone, and is still told what must be told', async () => {
    await settlePeople(database, { A: both });
    await publish(database, [itemOf('a', toldFlow), itemOf('p', { mode: 'push', flow: { first: ['notice'], continuing: ['notice'] } })]);
    await transaction(database.db, (tx) => insertChoice(tx, idOf('A'), { stopPush: true, prefer: 'sms' }, clerk, at));
    await runWith(database, [
      { item: 'a', subject: 'A' },
      { item: 'p', subject: 'A' },
    ]);
    await tick();
    expect(await stands()).toEqual(['matched sms pending', 'push inbox sent']);
  });

  const dead = { ...both, deathDate: '2026-10-30' };
  const ended = async (withRelative: boolean) => {
    await settlePeople(database, { A: dead });
    await publish(database, [itemOf('a', { flow: { first: ['guard', 'notice', 'pay'], continuing: ['pay'], ended: ['notice'] } })]);
    const relative = { name: '王小明', relation: '子', phone: '13900000002', email: null };
    if (withRelative) await transaction(database.db, (tx) => insertRelative(tx, idOf('A'), relative, clerk, at));
    await runWith(database, [{ item: 'a', subject: 'A', period: '2026-09', end: '2026-09-30' }]);
    const steps = stepsOn();
    const read: TellOptions['read'] = async (tx, register, by, also) =>
      (await steps.tell.read(tx, register, by, also)).map((record) => ({
        ...record,
        facts: { ...record.facts, deathDate: { state: 'known', cells: [{ v: '2026-10-30' }] } as never },
      }));
    await tick({ read, place: () => '运昌村民委员会' });
  };

  it('after a death the relative who was named is told, in other words', async () => {
    await ended(true);
    const notice = await one();
    expect(notice.ways.map((way) => [way.channel, way.address])).toEqual([
      ['sms', '13900000002'],
      ['letter', null],
    ]);
    expect(notice.body).toContain('王小明（姓名A的亲属）：\n姓名A去世前应得的');
    expect(notice.body).not.toMatch(/您的|不用您/);
    expect(notice.short).toContain('】王小明：');
  });

  it('where nobody was named, the village is', async () => {
    await ended(false);
    const notice = await one();
    expect(notice.ways).toEqual([{ channel: 'letter', address: null }]);
    expect(notice.body).toContain('运昌村民委员会（请转告姓名A的亲属）：\n');
  });

  it('carries office, phone and code in every form, and no link', async () => {
    const office = { name: '测试县民政局', phone: '0871-68910000', address: '测试县屏山街道1号', hours: '工作日 9:00—17:00' };
    await transaction(database.db, (tx) => insertOffice(tx, '测试县民政局', office, clerk, at));
    await tellA();
    const { body, short } = await one();
    for (const text of [body, short]) {
      expect(text).toContain(office.phone);
      expect(codeIn(text)).not.toBe('');
      expect(text).not.toMatch(/https?:|www\./);
    }
    expect(body).toContain(office.address);
  });

  it('names from outside stay text: no header of their own, no direction marks, nothing of no width, in subject, body and message', async () => {
    const name = `张<b>三</b>\r\nBcc: thief\u200b@example.org\u202e\u061c`;
    await tellA({ ...both, name });
    const mail = await mailTo();
    const sms = await messagesTo(() => at);
    await send(database.db, { lanes: { mail: { channel: mail.channel }, sms: { channel: sms.channel } }, clock: () => at });
    const [received] = mail.received;
    const head = received?.text.slice(0, received.text.indexOf('\r\n\r\n')) ?? '';
    expect(head).not.toMatch(/^bcc:/im);
    expect(mail.received.length).toBe(1);
    const { body, short, subject } = await one();
    for (const text of [body.split('\n')[0] ?? '', short, subject])
      expect(hasControl(text) || /[\u061c\u200b\u202e]/.test(text)).toBe(false);
    expect(body.split('\n')[0]).toBe('张<b>三</b> Bcc: thief@example.org：');
  });
});

describe('silence', () => {
  const confirmed = {
    mode: 'confirm' as const,
    flow: { first: ['guard', 'notice', 'confirm', 'pay'] as const, continuing: ['pay'] as const },
    confirm: { days: 7 },
  };
  const stateOn = async (on: string) => {
    await advance(database.db, { ...stepsOn(day(on)).advance, read: stepsOn().advance.read });
    const [row] = await database.sql<{ state: string; due: string }[]>`select state, due_on::text as due from disbursement`;
    return `${row?.state} ${row?.due}`;
  };

  it('a letter ticked off after its due date opens the whole window anew; only when that has passed is silence taken for an answer', async () => {
    await tellA({ ...complete, email: null }, itemOf('a', confirmed));
    await stateOn('2026-11-10');
    const [opened] = await database.sql<{ due: string }[]>`select due_on::text as due from disbursement`;
    expect(await stateOn('2026-12-01')).toBe(`confirming ${opened?.due}`);
    const { id } = await one();
    const handed = new Date('2026-12-02T02:00:00Z');
    await transaction(database.db, (tx) =>
      tickLetter(tx, { by: { id }, outcome: 'handed', actor: 'c', role: 'reviewer', scope: everything, at: handed }),
    );
    const anew = await stateOn('2026-12-02');
    expect(anew).toMatch(/^confirming 2026-12-/);
    expect(anew > 'confirming 2026-12-02').toBe(true);
    expect(await stateOn('2026-12-03')).toBe(anew);
    expect(await stateOn('2027-01-20')).toMatch(/^waived /);
  });

  it('standing on the portal unopened, or returned by the mail server, is not being told', async () => {
    await tellA({ ...complete }, itemOf('a', confirmed));
    const mail = await mailTo();
    await send(database.db, { lanes: { mail: { channel: mail.channel } }, clock: () => at });
    await stateOn('2026-11-10');
    const { messageId, subjectId } = await one();
    await transaction(database.db, (tx) => hear(tx, { messageId, kind: 'bounced', why: '邮箱地址不存在', channel: 'mail' }, at));
    expect(await stateOn('2027-01-20')).toMatch(/^confirming /);
    await database.sql`update notice set channel = 'inbox', state = 'sent', sent_at = ${at} where subject_id = ${subjectId}`;
    expect(await stateOn('2027-01-21')).toMatch(/^confirming /);
    // What is no request to confirm tells nobody to confirm.
    await database.sql`insert into notice_line (subject_id, disbursement_id, template, notice_id)
      select subject_id, id, 'paid', ${randomUUID()} from disbursement`;
    expect(await stateOn('2027-01-22')).toMatch(/^confirming /);
  });
});
