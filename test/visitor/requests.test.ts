// What people ask of the office on the portal, on a real PostgreSQL and by the pages themselves: a person decides again, a line in publicity is objected to; the
// office answers, and whoever asked reads it.
import { beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { ProblemError } from '../../src/base/problem.ts';
import { calendarOf } from '../../src/catalogue/catalogue.ts';
import { transaction } from '../../src/db/handle.ts';
import { askHuman } from '../../src/disbursement/human.ts';
import { tell } from '../../src/notice/tell.ts';
import { readRuleFile } from '../../src/policy/files.ts';
import { publishItem } from '../../src/policy/publish.ts';
import { liveItems } from '../../src/policy/store.ts';
import { contactReader, linkNames } from '../../src/record/contact-store.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { openHot } from '../../src/snapshot/hot.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { openPersonTicket } from '../../src/ticket/person.ts';
import { type NearItem, nearItems } from '../../src/web/person-near.ts';
import { testDatabase } from '../database.ts';
import { type Browser, browser, csrfIn, everything, signedIn, type TestApp, testApp } from '../web/app.ts';
import { asOf, buildTown, other, own, ownItem, type Town } from '../web/town.ts';
import { comeInAs } from './arrive.ts';

const database = testDatabase();
let test: TestApp;
let town: Town;
let reviewer: Browser;

const visitorOf = (subjectId: string) => comeInAs(database, test, subjectId);
const post = async (one: Browser, path: string, form: Record<string, string>) => {
  const csrf = csrfIn(await (await one.get(path.startsWith('/staff') ? '/staff' : '/my')).text());
  return await one.post(path, { ...form, csrf });
};
const told = async () =>
  await database.sql<{ template: string; subjectId: string }[]>`
  select template, subject_id as "subjectId" from notice where template in ('human-answer', 'ticket-answer')`;
const tellNow = () => {
  const read = contactReader(town.catalogue, asOf);
  const link = linkNames(town.catalogue);
  return tell(database.db, { now: test.clock, today: asOf, read, link, label: (fact) => fact, mail: false, messageDomain: 'test.invalid' });
};

beforeAll(async () => {
  town = await buildTown(database);
  test = testApp(database);
  reviewer = await signedIn(test, database, 'reviewer.one', ['reviewer']);
});

describe('请人决定', () => {
  const form = { text: '出生日期登记晚了', phone: '13800138000' };

  it('is asked of a no and of a not yet, counts with its due day, and once at a time', async () => {
    const [, no = '', unsure = ''] = town.own.subjects;
    for (const [id, about] of [
      [no, 'ineligible'],
      [unsure, 'undetermined'],
    ] as const) {
      const one = await visitorOf(id);
      expect(await (await one.get(`/my/items/${ownItem}`)).text()).toContain('请工作人员重新看');
      expect((await post(one, `/my/items/${ownItem}/human`, form)).status).toBe(303);
      const page = await (await one.get('/my/requests')).text();
      expect(page).toContain('正在看');
      expect(page).toMatch(/\d+月\d+日前答复/);
      const [row] = await database.sql`select kind, about, due_on, division from objection where subject_id = ${id}`;
      expect(row).toEqual({ kind: 'human', about, due_on: '2026-04-29', division: '530128' });
      expect(await (await post(one, `/my/items/${ownItem}/human`, form)).text()).toContain('还没有答复');
    }
  });

  it('says what is missing beside the form, and keeps what was written', async () => {
    const one = await visitorOf(town.other.subjects[2] ?? '');
    const response = await post(one, `/my/items/${ownItem}/human`, { text: '我在外地住', phone: '12' });
    expect(response.status).toBe(400);
    const page = await response.text();
    expect(page).toContain('联系电话不对');
    expect(page).toContain('我在外地住');
  });

  it('is answered by a person with reasons, over page and interface, and told', async () => {
    const page = await (await reviewer.get('/staff/objections')).text();
    expect(page).toContain('出生日期登记晚了');
    const rows = await database.sql<{ id: string; about: string; subjectId: string }[]>`
      select id, about, subject_id as "subjectId" from objection where kind = 'human' order by about`;
    const [no, unsure] = rows;
    const answer = { decision: 'rejected', reason: '户口簿上是 1990 年，不满 80 岁' };
    expect((await post(reviewer, `/staff/objections/${no?.id}`, answer)).status).toBe(303);
    const ruling = { decision: 'upheld', reason: '已请公安更正出生日期' };
    expect((await reviewer.postJson(`/api/objections/${unsure?.id}/ruling`, ruling)).status).toBe(200);
    expect((await reviewer.postJson(`/api/objections/${unsure?.id}/ruling`, ruling)).status).toBe(409);
    const one = await visitorOf(no?.subjectId ?? '');
    const mine = await (await one.get('/my/requests')).text();
    expect(mine).toContain('结论不变');
    expect(mine).toContain('户口簿上是 1990 年');
    await tellNow();
    expect((await told()).map((n) => [n.template, n.subjectId]).sort()).toEqual(rows.map((row) => ['human-answer', row.subjectId]).sort());
    const [notice] = await database.sql<{ id: string }[]>`
      select id from notice where template = 'human-answer' and subject_id = ${no?.subjectId ?? ''}`;
    expect(await (await one.get(`/my/notices/${notice?.id}`)).text()).toContain('原来的结论不变');
    expect((await reviewer.get(`/staff/notices/${notice?.id}`)).status).toBe(200);
    const changed = await database.sql`select action from audit_entry where object_id = ${unsure?.id ?? ''} order by id`;
    expect(changed.map((row) => row.action)).toEqual(['objection.file', 'objection.upheld']);
  });
});

describe('数据不对', () => {
  const path = `/my/items/${ownItem}/wrong`;
  const form = { which: 'birthDate@police-residents', wanted: '1935-01-02', note: '户口簿上写着', phone: '13800138000' };
  const clear = async (column: string) =>
    Buffer.from((await database.sql`select told from ticket where told is not null limit 1`)[0]?.[column] ?? '').toString('latin1');

  it('goes to the department of the datum, with a due day, and what was said rests sealed', async () => {
    const one = await visitorOf(town.own.subjects[1] ?? '');
    const page = await (await one.get(path)).text();
    expect(page).toContain('出生日期：1990年1月2日');
    expect((await post(one, path, form)).status).toBe(303);
    const [row] = await database.sql`
      select dataset, fact, state, due_on, item_id, opened_by = subject_id::text as own, question from ticket where told is not null`;
    expect(row).toMatchObject({
      dataset: 'police-residents',
      fact: 'birthDate',
      state: 'open',
      due_on: '2026-04-29',
      item_id: ownItem,
      own: true,
    });
    expect(row?.question).not.toContain('1935-01-02');
    expect(await clear('told')).not.toContain('1935-01-02');
    expect(await (await one.get('/my/requests')).text()).toContain('部门在核对');
  });

  it('is said once of a datum, of a datum that was read, and with a phone', async () => {
    const one = await visitorOf(town.own.subjects[1] ?? '');
    expect(await (await post(one, path, form)).text()).toContain('正在校核');
    expect(await (await post(one, path, { ...form, which: 'name@police-residents' })).text()).toContain('请选择哪一项不对');
    expect(await (await post(one, path, { ...form, which: 'hukouRegion@police-hukou', phone: '' })).text()).toContain('联系电话不对');
    expect((await database.sql`select id from ticket where told is not null`).length).toBe(1);
  });

  it('is read whole by who asks the department, answered, settled and told; it cannot be dropped', async () => {
    const page = await (await reviewer.get('/staff/tickets')).text();
    expect(page).toContain('1935-01-02');
    const officer = await signedIn(test, database, 'officer.one', ['officer']);
    expect(await (await officer.get('/staff/tickets')).text()).not.toContain('1935-01-02');
    const [row] = await database.sql<
      { id: string; subjectId: string }[]
    >`select id, subject_id as "subjectId" from ticket where told is not null`;
    const id = row?.id ?? '';
    expect((await reviewer.postJson(`/api/tickets/${id}/answer`, { answer: '户口簿核对无误，已在库里更正' })).status).toBe(200);
    expect((await reviewer.postJson(`/api/tickets/${id}/settle`, { outcome: 'dropped' })).status).toBe(400);
    expect((await reviewer.postJson(`/api/tickets/${id}/settle`, { outcome: 'corrected' })).status).toBe(200);
    expect((await reviewer.getJson(`/api/tickets/${id}/document`)).status).toBe(404);
    await tellNow();
    expect((await told()).filter((n) => n.template === 'ticket-answer')).toEqual([
      { template: 'ticket-answer', subjectId: row?.subjectId },
    ]);
    const one = await visitorOf(row?.subjectId ?? '');
    const mine = await (await one.get('/my/requests')).text();
    expect(mine).toContain('来源已更正');
    expect(mine).toContain('已在库里更正');
  });

  it('waits for answers once ten of a person wait', async () => {
    const id = town.own.subjects[1] ?? '';
    await database.sql`
      insert into ticket (department, dataset, register, subject_id, fact, told, item_id, version, question, state, opened_at, opened_by)
      select department, dataset, register, subject_id, 'fact' || n, told, item_id, version, question, 'open', opened_at, opened_by
      from ticket, generate_series(1, 10) n where told is not null`;
    const page = await (await post(await visitorOf(id), path, { ...form, which: 'hukouRegion@police-hukou' })).text();
    expect(page).toContain('已有 10 项在校核');
    await database.sql`delete from ticket where fact like 'fact%'`;
  });
});

describe('公示', () => {
  const publish = (id: string) =>
    database.sql`update disbursement set state = 'publicity', window_from = '2026-04-14', due_on = '2026-04-21', step = 1 where id = ${id}`;
  const line = () => town.own.disbursements[0] ?? '';

  it('shows a masked line to anybody, no number, no whole name, and nothing after its days', async () => {
    const one = browser(test);
    expect(await (await one.get('/publicity')).text()).toContain('现在没有正在公示的名单');
    await publish(line());
    const list = await one.get('/publicity?division=530128');
    expect(list.headers.get('x-robots-tag')).toContain('noindex');
    expect(await list.text()).toContain(`/publicity/${ownItem}?division=530128`);
    const page = await (await one.get(`/publicity/${ownItem}`)).text();
    expect(page).toContain('禄*一');
    for (const p of own) for (const text of [p.key, p.name, p.account]) expect(page).not.toContain(text);
    expect(await (await one.get(`/publicity/${ownItem}?division=310101`)).text()).toContain('没有在公示的');
    test.clock = new Date('2026-04-22T02:00:00Z');
    expect(await (await one.get(`/publicity/${ownItem}`)).text()).toContain('期满的已经撤下');
    test.clock = new Date('2026-04-15T02:00:00Z');
  });

  it('is not read out by machine', async () => {
    test.clock = new Date('2026-04-15T03:00:00Z');
    const one = browser(test);
    const statuses = [];
    for (let i = 0; i < 31; i++) statuses.push((await one.get(`/publicity/${ownItem}`)).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([200, 429]);
    test.clock = new Date('2026-04-15T02:00:00Z');
  });

  it('takes an objection in the name of whoever signed in, once, and stops that line', async () => {
    const someone = await visitorOf(town.other.subjects[0] ?? '');
    expect(await (await someone.get(`/my/object/${line()}`)).text()).toContain('禄*一');
    const form = { text: '已经迁出本村', phone: '13800138000' };
    expect((await post(someone, `/my/object/${line()}`, form)).status).toBe(303);
    expect(await database.sql`select state from disbursement where id = ${line()}`).toEqual([{ state: 'objected' }]);
    const page = await (await someone.get('/my/requests')).text();
    expect(page).toContain('公示异议');
    // Stopped, it is no longer on the list, so it cannot be objected to again from there.
    expect((await post(someone, `/my/object/${line()}`, form)).status).toBe(404);
    const theirs = await visitorOf(town.own.subjects[0] ?? '');
    expect(await (await theirs.get('/my/requests')).text()).not.toContain('公示异议');
    for (const p of other) expect(await (await theirs.get(`/my/benefits/${line()}`)).text()).not.toContain(p.name);
  });

  it('takes no more than three at once from one person', async () => {
    const someone = await visitorOf(town.other.subjects[0] ?? '');
    const by = await database.sql<{ by: string }[]>`select filed_by as by from objection where kind = 'public' limit 1`;
    await database.sql`
      insert into objection (subject_id, disbursement_id, item_id, authority, division, kind, objector, text, state, filed_by, filed_at, due_on)
      select subject_id, disbursement_id, item_id, authority, division, kind, objector, text, state, ${by[0]?.by ?? ''}, filed_at, due_on
      from objection, generate_series(1, 2) where kind = 'public' and state = 'open'`;
    const id = town.other.disbursements[0] ?? '';
    await publish(id);
    const response = await post(someone, `/my/object/${id}`, { text: '金额不对', phone: '13800138000' });
    expect([response.status, (await response.text()).includes('已有 3 件异议')]).toEqual([400, true]);
  });
});

describe('我还可能享受', () => {
  const [p] = [own[1]];
  /** The register says another birthday of the second person, and it is sealed on a day. */
  const bornOn = async (birth: string, knownAt = asOf): Promise<void> => {
    const text = `公民身份号码,姓名,户籍地区划,性别,出生日期,死亡日期\n${p?.key},${p?.name},530128,女,${birth},\n`;
    const delivery = { dataset: 'police-residents', kind: 'changes', division: null, asOf: knownAt, fileName: `${birth}.csv` } as const;
    const content = bytesContent(new TextEncoder().encode(text));
    const by = { receivedBy: 'test', role: 'system' } as const;
    const { state } = await importDelivery(database.db, town.catalogue, { ...delivery, content, ...by }, { now: test.clock });
    expect(state).toBe('landed');
    await seal(database.db, { catalogue: town.catalogue, knownAt, at: test.clock, actor: 'test' });
  };

  it('says what is nearly met and from which day, and nothing to whoever lacks nothing', async () => {
    const [first = '', second = ''] = town.own.subjects;
    expect(await (await (await visitorOf(first)).get('/my/near')).text()).toContain('现在没有只差一点的事项');
    await bornOn('1947-06-02');
    const page = await (await (await visitorOf(second)).get('/my/near')).text();
    expect(page).toContain('高龄津贴');
    expect(page).toContain('2027年6月');
    expect(page).toContain('约 60.00 元');
  });

  it('keeps an answer while fact, rule and day are the same, and for its own person only', async () => {
    const catalogue = async () => town.catalogue;
    const kept = { db: database.db, catalogue, hot: openHot(20_000_000) };
    const everybody = [...town.own.subjects, ...town.other.subjects];
    const second = town.own.subjects[1] ?? '';
    /** What everybody is told from what is kept, asked at once and twice, held against a search that has kept nothing; returns the second person's. */
    const told = async (): Promise<readonly NearItem[]> => {
      const asked = await Promise.all([...everybody, ...everybody].map((id) => nearItems(kept, id, everything)));
      for (const [i, id] of [...everybody, ...everybody].entries())
        expect(asked[i]).toEqual(await nearItems({ ...kept, hot: openHot(20_000_000) }, id, everything));
      for (const [i, id] of everybody.entries()) if (id !== second) expect(asked[i]).toEqual([]);
      const mine = asked[everybody.indexOf(second)] ?? [];
      expect(asked[everybody.length + everybody.indexOf(second)]).toBe(mine);
      return mine;
    };
    const ways = (found: readonly NearItem[]) => found.map((one) => [one.itemId, one.ways.join(''), one.amountFen]);
    const before = await told();
    expect(ways(before)).toEqual([[ownItem, expect.stringContaining('2027年6月'), 6000n]]);
    expect(await told()).toBe(before);
    // Another fact.
    await bornOn('1946-05-20');
    expect(ways(await told())).toEqual([[ownItem, expect.stringContaining('2026年5月'), 6000n]]);
    // Another rule.
    const file = await readRuleFile(new URL(`../../rules/530128/${ownItem}.json`, import.meta.url).pathname, town.catalogue);
    const dearer = JSON.stringify(file.json)
      .replaceAll(/"yuan":60\b/g, '"yuan":75')
      .replaceAll('"60.00"', '"75.00"');
    const done = await publishItem(database.db, {
      json: JSON.parse(dearer),
      catalogue: town.catalogue,
      maker: 'officer',
      checker: 'officer2',
      at: test.clock,
    });
    expect(done).toMatchObject({ ok: true });
    expect(ways(await told())).toEqual([[ownItem, expect.stringContaining('2026年5月'), 7500n]]);
    // Another day: what was near has come about.
    await seal(database.db, { catalogue: town.catalogue, knownAt: day('2026-05-04'), at: test.clock, actor: 'test' });
    expect(await told()).toEqual([]);
  });
});

describe('告知意愿', () => {
  it('is written down by staff within their scope, with a reason that stays; numbers are masked', async () => {
    const [subject = ''] = town.own.subjects;
    const path = `/staff/people/${subject}/wishes`;
    const csrf = csrfIn(await (await reviewer.get(path)).text());
    const relative = { what: 'relative', name: '禄小女', relation: '女儿', phone: '13900001234', email: 'daughter@example.org' };
    const said = await (await reviewer.post(path, { ...relative, reason: '本人来所登记', csrf })).text();
    for (const part of ['已登记', '禄小女', '女儿']) expect(said).toContain(part);
    expect(said).not.toMatch(/13900001234|daughter@example/);
    expect((await reviewer.post(path, { what: 'choice', prefer: 'letter', push: 'no', reason: '本人来电', csrf })).status).toBe(200);
    const seen = await (await reviewer.getJson(`/api/subjects/${subject}/wishes`)).json();
    expect(seen).toMatchObject({ stopPush: true, prefer: 'letter', relative: { name: '禄小女', relation: '女儿' } });
    expect(JSON.stringify(seen)).not.toMatch(/13900001234|daughter@example/);
    const trail = await database.sql`
      select action, reason, role from audit_entry where object_id = ${subject} and action in ('relative.name', 'message.choose') order by id`;
    expect(trail.map((row) => ({ ...row }))).toEqual([
      { action: 'relative.name', reason: '本人来所登记', role: 'reviewer' },
      { action: 'message.choose', reason: '本人来电', role: 'reviewer' },
    ]);
    // At rest nobody reads the number, and what counts is the last word.
    const [row] = await database.sql<{ relative: string }[]>`select relative from named_relative where subject_id = ${subject}`;
    expect(row?.relative).not.toContain('13900001234');
    expect((await reviewer.postJson(`/api/subjects/${subject}/relative`, { relative: null, reason: '本人改主意' })).status).toBe(200);
    expect(await (await reviewer.get(path)).text()).toContain('没有登记');
  });

  it('is said by people themselves on the portal, and taken back there; by nobody who came by a link', async () => {
    const [, subject = ''] = town.own.subjects;
    const one = await visitorOf(subject);
    expect(await (await one.get('/my')).text()).toContain('href="/my/wishes"');
    const save = (form: Record<string, string>) => post(one, '/my/wishes', form);
    const page = async () => await (await one.get('/my/wishes')).text();
    expect(await page()).toContain('没有登记亲属');
    expect((await save({ what: 'choice', prefer: 'sms', push: 'no' })).status).toBe(303);
    const saved = await page();
    // What the choice silences is said as the table of texts has it.
    expect(saved).toContain('“可申报”、“公示”、“已到账”、“评价答复”、“年度汇总”');
    for (const value of ['sms', 'no']) expect(saved).toMatch(new RegExp(`value="${value}" checked`));
    const relative = { what: 'relative', name: '禄小女', relation: '女儿', phone: '13900001234', email: '' };
    const wrong = await save({ ...relative, phone: '12' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('联系电话不对');
    expect((await save({ ...relative, name: '儿\u202e子' })).status).toBe(400);
    expect((await save(relative)).status).toBe(303);
    expect(await page()).toContain('禄小女');
    expect(await page()).not.toContain('13900001234');
    expect((await save({ what: 'nobody' })).status).toBe(303);
    expect(await page()).toContain('没有登记亲属');
    for (const half of [{ prefer: 'anything', push: 'yes' }, { prefer: '' }])
      expect((await save({ what: 'choice', ...half } as Record<string, string>)).status).toBe(400);
    expect((await save({ what: 'choice', prefer: '', push: 'yes' })).status).toBe(303);
    const seen = await (await reviewer.getJson(`/api/subjects/${subject}/wishes`)).json();
    expect(seen).toMatchObject({ stopPush: false, prefer: null, relative: null });
    const trail = await database.sql`
      select action, reason from audit_entry where object_id = ${subject} and action in ('relative.name', 'message.choose') order by id`;
    expect(trail.map((row) => row.action)).toEqual(['message.choose', 'relative.name', 'relative.name', 'message.choose']);
    expect(new Set(trail.map((row) => row.reason))).toEqual(new Set(['本人在网上登记。']));
    // Who sends no token changes nothing.
    expect((await one.post('/my/wishes', { what: 'choice', prefer: 'mail', push: 'no' })).status).toBe(403);
  });

  it('is not written without a reason or a way to reach them, nor by who does not see the person', async () => {
    const [subject = ''] = town.own.subjects;
    const say = async (who: Browser, body: unknown, what = 'relative') =>
      (await who.postJson(`/api/subjects/${subject}/${what}`, body)).status;
    const relative = { name: '禄小儿', relation: '儿子', phone: null, email: null };
    expect(await say(reviewer, { relative, reason: '本人来电' })).toBe(400);
    expect(await say(reviewer, { relative: { ...relative, phone: '13900001234', name: '儿\u202e子' }, reason: '本人来电' })).toBe(400);
    expect(await say(reviewer, { relative: { ...relative, phone: '13900001234' }, reason: '' })).toBe(400);
    const elsewhere = await signedIn(test, database, 'reviewer.far', ['reviewer'], {
      authorities: null,
      items: null,
      divisions: ['310101'],
    });
    for (const path of [`/api/subjects/${subject}/wishes`, `/staff/people/${subject}/wishes`])
      expect([path, (await elsewhere.get(path)).status]).toEqual([path, 404]);
    expect(await say(elsewhere, { relative: null, reason: '本人来电' })).toBe(404);
    expect(await say(elsewhere, { stopPush: true, prefer: null, reason: '本人来电' }, 'wishes')).toBe(404);
    const auditor = await signedIn(test, database, 'auditor.one', ['auditor']);
    expect((await auditor.getJson(`/api/subjects/${subject}/wishes`)).status).toBe(200);
    expect(await say(auditor, { stopPush: true, prefer: null, reason: '本人来电' }, 'wishes')).toBe(403);
  });
});

describe('a person who asks for many things at once', () => {
  const subject = () => ({ subjectId: town.other.subjects[1] ?? '', register: 'citizen', division: '310101' });
  const common = () => {
    const actor = { id: subject().subjectId, role: 'self' };
    return { version: 1, phone: '13800138000', actor, now: test.clock, today: asOf, calendar: calendarOf(town.catalogue) };
  };
  /** How many of twelve at once were taken, and why the others were not. */
  const twelve = async (one: (n: number) => Promise<unknown>) => {
    const ends = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => one(n)));
    const refused = ends.flatMap((end) => (end.status === 'rejected' ? [(end.reason as ProblemError).problems[0]?.code] : []));
    return [ends.length - refused.length, [...new Set(refused)]];
  };

  it('has no more than ten data checked', async () => {
    const told = { itemId: ownItem, dataset: 'police-residents', department: '公安', seen: '甲', wanted: '乙', note: '', document: null };
    const open = (n: number) =>
      transaction(database.db, (tx) => openPersonTicket(tx, { ...common(), ...told, subject: subject(), fact: `fact${n}` }));
    expect(await twelve(open)).toEqual([10, ['limit.tickets']]);
  });

  it('has no more than five decisions looked at again', async () => {
    const { item } = (await liveItems(database.db)).find((one) => one.item.id === ownItem) ?? {};
    if (item === undefined) throw new Error('no such item');
    const whom = { ...subject(), name: '王小乙', key: other[1]?.key ?? '' };
    const ask = { item, about: 'ineligible' as const, disbursementId: null, text: '请再看一看' };
    const file = (n: number) =>
      transaction(database.db, (tx) => askHuman(tx, { ...common(), ...ask, subject: whom, periodKey: `20${10 + n}-01` }));
    expect(await twelve(file)).toEqual([5, ['limit.objections']]);
  });
});
