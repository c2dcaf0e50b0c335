// Pages about data: quality with who waits, attestations confirmed by a second person, tickets, names settled, mappings by version, retention. Plain forms.
import { beforeAll, describe, expect, it } from 'vitest';
import { enterFact, storeDocument } from '../../src/attest/enter.ts';
import { day } from '../../src/base/day.ts';
import { readConfig } from '../../src/config.ts';
import { alone, Stopped, type Underway } from '../../src/job/run.ts';
import { jobs } from '../../src/jobs.ts';
import { qualityReport } from '../../src/quality/report.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { proposeMapping, saveMapping } from '../../src/record/mapping.ts';
import { act } from '../../src/web/attest.ts';
import { testDatabase } from '../database.ts';
import { type Browser, csrfIn, everything, signedIn, type TestApp, testApp } from './app.ts';
import { at, buildTown, other, own, ownItem, type Town } from './town.ts';

const database = testDatabase();
const here = { ...everything, divisions: ['530128'] };
let test: TestApp;
let town: Town;
let steward: Browser;
let wang: Browser;
let li: Browser;
let officer: Browser;
let local: Browser;

const page = async (browser: Browser, path: string): Promise<string> => (await browser.get(path)).text();
const accountId = async (username: string): Promise<string> => {
  const [row] = await database.sql<{ id: string }[]>`select id from "user" where username = ${username}`;
  return row?.id ?? '';
};

beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
  steward = await signedIn(test, database, 'steward', ['steward']);
  wang = await signedIn(test, database, 'wang', ['reviewer']);
  li = await signedIn(test, database, 'li', ['reviewer']);
  officer = await signedIn(test, database, 'officer', ['officer']);
  local = await signedIn(test, database, 'local', ['steward'], here);
});

describe('quality', () => {
  interface Report {
    readonly subjects: number;
    readonly datasets: readonly { readonly dataset: string; readonly subjects: number }[];
    readonly late: readonly { readonly dataset: string; readonly waiting: object | null; readonly text: string }[];
    readonly findings: readonly {
      readonly measure: string;
      readonly dataset: string | null;
      readonly division: string | null;
      readonly examples: readonly string[];
    }[];
  }
  const report = async (browser: Browser, query = ''): Promise<Report & { readonly current: boolean }> =>
    ((await (await browser.getJson(`/api/quality${query}`)).json()) as { readonly report: Report & { readonly current: boolean } }).report;
  const making = (underway: Partial<Underway> = {}) =>
    jobs
      .find(({ name }) => name === 'quality.report')
      ?.run({ db: database.db, config: readConfig({}), now: at, anchor: null }, { ...alone, ...underway });

  it('is made in the background: none before, none where it was stopped, and by the schedule only where something has changed', async () => {
    expect([await report(steward), (await page(steward, '/staff/quality')).includes('还没有核对过')]).toEqual([null, true]);
    const stop = new AbortController();
    const stopped = making({ signal: stop.signal, far: (share) => share > 0 && stop.abort(new Stopped()) });
    await expect(stopped).rejects.toThrow(Stopped);
    expect([await report(steward), (await database.sql`select from dataset_profile`).length]).toEqual([null, 0]);
    expect(await making({ asked: false })).toMatch(/^核对 8 份档案，\d+ 条问题$/);
    expect([(await report(steward)).current, await making({ asked: false })]).toEqual([true, null]);
    await database.sql`update kept_report set took_ms = 0`;
    await database.sql`update record set revision = 1 + (select max(revision) from record_part) + (select max(revision) from record) where key = ${own[0]?.key ?? ''}`;
    expect((await report(steward)).current).toBe(false);
    expect([await making({ asked: false }), (await report(steward)).current]).toEqual([expect.stringContaining('核对 8'), true]);
    // Somebody with a scope of their own need not wait for a delivery.
    const late = await signedIn(test, database, 'late', ['steward'], { ...everything, divisions: ['310101'] });
    expect([await report(late), await making({ asked: false }), (await report(late)).subjects]).toEqual([null, expect.any(String), 4]);
  });

  it('tells over the API what the command tells, filtered by dataset, measure and division', async () => {
    const all = await report(steward);
    expect(all.subjects).toBe(8);
    expect(all.findings.some((one) => one.measure === 'missing' && one.dataset === 'police-residents')).toBe(true);
    const missing = await report(steward, '?measure=missing&dataset=police-residents');
    expect(missing.findings.length).toBeGreaterThan(0);
    expect(missing.findings.every((one) => one.measure === 'missing' && one.dataset === 'police-residents')).toBe(true);
    expect(missing.datasets.map((one) => one.dataset)).toEqual(['police-residents']);
    expect((await report(steward, '?division=310101')).findings.every((one) => one.division?.startsWith('310101') === true)).toBe(true);
    expect((await steward.getJson('/api/quality?measure=nonsense')).status).toBe(400);
  });

  it('is about the people of the caller’s divisions and nobody else', async () => {
    const mine = await report(local);
    expect(mine.subjects).toBe(4);
    expect(mine.datasets.find((one) => one.dataset === 'police-residents')?.subjects).toBe(3);
    expect(mine.late.every((one) => one.waiting === null)).toBe(true);
    const theirs = new Set<string>([...town.other.subjects, town.other.firm]);
    expect(mine.findings.flatMap((one) => one.examples).filter((id) => theirs.has(id))).toEqual([]);
    // A part leaves nothing behind to compare the whole with.
    await database.sql`delete from dataset_profile`;
    const asked = { catalogue: town.catalogue, today: day('2026-04-15'), at, items: [], divisions: here.divisions };
    await qualityReport(database.db, asked);
    expect(await database.sql`select 1 from dataset_profile`).toHaveLength(0);
    expect(await making()).toContain('核对 8');
    expect((await database.sql`select 1 from dataset_profile`).length).toBeGreaterThan(0);
  });

  it('has a plain page, with what is late on top and nobody’s number', async () => {
    const shown = await page(steward, '/staff/quality');
    for (const text of ['数据质量', '迟报的数据，和在等的人', '缺失', '怎么办']) expect(shown).toContain(text);
    for (const p of [...own, ...other]) expect(shown).not.toContain(p.key);
    expect(await page(steward, '/staff/quality?measure=range')).not.toContain('id="missing"');
  });
});

describe('attestations and tickets', () => {
  let id = '';
  beforeAll(async () => {
    const actor = { id: await accountId('wang'), roles: ['reviewer'], scope: everything };
    const given = { db: database.db, catalogue: town.catalogue, actor, at };
    const document = await storeDocument(database.db, actor, new TextEncoder().encode('%PDF-1.7 户口簿'), at);
    const entry = { document, documentTitle: '户口簿', reason: '户籍系统漏填出生日期', expiresOn: day('2026-10-15') };
    const one = await act(given, (context) =>
      enterFact(context, { ...entry, register: 'citizen', subjectId: town.own.subjects[2] ?? '', fact: 'birthDate', value: '1941-01-02' }),
    );
    id = one.id;
  });

  it('show to whom, and let a second person confirm', async () => {
    expect(await page(wang, '/staff/attestations')).toContain('待复核');
    const mine = await page(wang, `/staff/attestations/${id}`);
    expect([mine.includes('1941-01-02'), mine.includes('复核通过'), mine.includes('要另一位部门审核来复核')]).toEqual([true, false, true]);
    const seen = await page(officer, `/staff/attestations/${id}`);
    expect([seen.includes('1941-01-02'), seen.includes('复核通过')]).toEqual([false, false]);
    expect((await wang.post(`/staff/attestations/${id}/confirm`, { csrf: csrfIn(mine) })).status).toBe(403);
    const theirs = await page(li, `/staff/attestations/${id}`);
    expect(theirs).toContain('复核通过');
    expect((await li.post(`/staff/attestations/${id}/confirm`, { csrf: 'wrong' })).status).toBe(403);
    expect((await li.post(`/staff/attestations/${id}/nonsense`, { csrf: csrfIn(theirs) })).status).toBe(404);
    expect((await li.post(`/staff/attestations/${id}/confirm`, { csrf: csrfIn(theirs) })).status).toBe(303);
    const [{ state } = { state: '' }] = await database.sql<{ state: string }[]>`select state from attestation where id = ${id}`;
    expect(state).toBe('standing');
    expect(await page(li, `/staff/attestations/${id}`)).not.toContain('复核通过');
    expect(await page(li, '/staff/attestations')).toContain('近 90 天各人的录入和复核');
    expect(await page(officer, '/staff/attestations')).not.toContain('近 90 天各人的录入和复核');
  });

  it('are seen within the division only', async () => {
    const far = await signedIn(test, database, 'far', ['reviewer'], { ...everything, divisions: ['310101'] });
    expect((await far.get(`/staff/attestations/${id}`)).status).toBe(404);
    expect(await page(far, '/staff/tickets')).toContain('没有校核单');
  });

  it('ask the department, take its answer, and are settled by those who asked', async () => {
    const list = await page(steward, '/staff/tickets');
    expect(list).toContain('公安局');
    const [, ticket = ''] = /\/staff\/tickets\/([0-9a-f-]{36})\/answer/.exec(list) ?? [];
    expect(list).not.toContain(`/staff/tickets/${ticket}/settle`);
    expect((await steward.post(`/staff/tickets/${ticket}/answer`, { csrf: csrfIn(list), answer: '已补录' })).status).toBe(303);
    const answered = await page(wang, '/staff/tickets?state=answered');
    expect(answered).toContain('已补录');
    expect((await steward.post(`/staff/tickets/${ticket}/settle`, { csrf: csrfIn(list), outcome: 'kept' })).status).toBe(403);
    expect((await wang.post(`/staff/tickets/${ticket}/settle`, { csrf: csrfIn(answered), outcome: 'corrected' })).status).toBe(303);
    expect(await page(wang, '/staff/tickets?state=settled')).toContain('来源已更正');
    expect(await page(officer, '/staff/tickets')).not.toContain('记下答复');
  });
});

describe('names, mappings, retention', () => {
  it('a steward settles a name once, from its candidates or as nobody', async () => {
    await database.sql`update record set name = '禄劝样例有限公司' where subject_id = ${town.own.firm}`;
    const rows = ['禄劝样例(有限公司)', '查无此家有限公司'].map((name) => `${name},技术改造标杆项目,2022-01-01,`);
    const report = await importDelivery(
      database.db,
      town.catalogue,
      {
        ...{ dataset: 'department-lists', kind: 'list', division: '530128', asOf: day('2026-04-14'), fileName: 'f.csv' },
        content: bytesContent(new TextEncoder().encode(`企业名称,名录名称,生效日期,失效日期\n${rows.join('\n')}\n`)),
        ...{ receivedBy: 'test', role: 'system' },
        list: { title: '样例名单', number: null, publishedOn: null, validFrom: null, validTo: null },
      },
      { now: at },
    );
    expect(report.names?.open).toBe(2);
    const before = await page(steward, '/staff/names');
    expect([before.includes('认定'), (await page(officer, '/staff/names')).includes('name="subject"')]).toEqual([true, false]);
    const form = { csrf: csrfIn(before), delivery: report.deliveryId, reason: '登记机关核对' };
    expect(
      (
        await officer.post('/staff/names/settle', {
          ...form,
          csrf: csrfIn(await page(officer, '/staff/names')),
          line: '2',
          subject: 'none',
        })
      ).status,
    ).toBe(403);
    expect((await steward.post('/staff/names/settle', { ...form, line: '2', subject: '' })).status).toBe(400);
    expect((await steward.post('/staff/names/settle', { ...form, line: '2', subject: town.own.firm })).status).toBe(303);
    expect((await steward.post('/staff/names/settle', { ...form, line: '2', subject: 'none' })).status).toBe(409);
    expect((await steward.post('/staff/names/settle', { ...form, line: '3', subject: 'none' })).status).toBe(303);
    expect(await page(steward, '/staff/names')).toContain('名单上的名称都已对上');
  });

  it('mappings stand by version, newest first', async () => {
    const dataset = town.catalogue.datasets.find((d) => d.id === 'health-deaths');
    if (dataset === undefined) throw new Error('no dataset');
    expect(await page(steward, '/staff/data/health-deaths')).toContain('部门文件的列名与数据集一致');
    for (const label of ['去世那天', '离世日期']) {
      const content = bytesContent(new TextEncoder().encode(`公民身份号码,${label}\n`));
      const given = [{ label, to: '死亡日期' }];
      const proposal = await proposeMapping(database.db, town.catalogue, { content, dataset, sheet: null, given });
      await saveMapping(database.db, dataset, proposal, { actor: 'steward', role: 'steward', at });
    }
    const { rows } = (await (await steward.getJson('/api/datasets/health-deaths/mappings')).json()) as {
      rows: { version: number; labels: { label: string; to: string }[] }[];
    };
    expect(rows.map((one) => [one.version, one.labels.length])).toEqual([
      [2, 2],
      [1, 1],
    ]);
    expect((await steward.getJson('/api/datasets/nonsense/mappings')).status).toBe(404);
    const shown = await page(steward, '/staff/data/health-deaths');
    for (const text of ['第 2 版', '第 1 版', '离世日期', '去世那天']) expect(shown).toContain(text);
  });

  it('retention says what is kept, for how long, and when the next may go', async () => {
    const { rows } = (await (await steward.getJson('/api/retention')).json()) as {
      rows: { dataset: string; days: number; own: boolean; files: number; refused: number; nextAt: string | null }[];
    };
    const residents = rows.find((one) => one.dataset === 'police-residents');
    expect(residents).toMatchObject({ days: 1095, own: false, files: 1, refused: 1, nextAt: '2029-04-14T02:00:00.000Z' });
    expect(rows.find((one) => one.dataset === 'tax-arrears')).toMatchObject({ files: 0, nextAt: null });
    expect(await page(steward, '/staff/retention')).toContain('2029年4月14日');
    expect(await page(local, '/staff/retention')).toContain('还没有报送过数据');
    expect(await (await local.getJson('/api/retention')).json()).toEqual({ rows: [], next: null });
  });
});

describe('texts of notices', () => {
  const path = `/staff/notice-texts?item=${ownItem}&kind=matched`;

  it('are read as a real recipient would read them, the name masked, and the look is written down', async () => {
    const looks = () => database.sql<{ n: number }[]>`select count(*)::int as n from profile_look where order_number = 'preview-matched'`;
    const page = await (await officer.get(path)).text();
    expect(page).toContain('已核定');
    expect(page).toContain('XXXX-XXXX-XXXX');
    expect((await officer.getJson(`/api/notice-texts/preview?item=${ownItem}&kind=matched`)).status).toBe(200);
    const far = await signedIn(test, database, 'far.officer', ['officer'], { ...everything, divisions: ['310101'] });
    expect((await far.get(path)).status).toBe(404);
    expect((await far.getJson(`/api/notice-texts/preview?item=${ownItem}&kind=matched`)).status).toBe(404);
    expect((await looks())[0]?.n).toBe(2);
  });

  it('name the office as it is registered, by who speaks for it', async () => {
    const csrf = csrfIn(await (await officer.get('/staff/offices')).text());
    const office = {
      authority: '禄劝县民政局',
      name: '禄劝县民政局老龄科',
      phone: '0871-68910000',
      address: '屏山街道1号',
      hours: '工作日 9:00—17:00',
    };
    expect((await officer.post('/staff/offices', { csrf, ...office, phone: '一二三' })).status).toBe(400);
    expect((await officer.post('/staff/offices', { csrf, ...office, authority: '别的局' })).status).toBe(404);
    expect((await officer.post('/staff/offices', { csrf, ...office })).status).toBe(303);
    expect(await (await officer.get(path)).text()).toContain('禄劝县民政局老龄科，电话 0871-68910000，地址：屏山街道1号');
    const elsewhere = await signedIn(test, database, 'elsewhere', ['officer'], { ...everything, authorities: ['上海市民政局'] });
    expect((await elsewhere.postJson('/api/offices', office)).status).toBe(404);
    expect(await (await elsewhere.getJson('/api/offices')).text()).not.toContain('68910000');
    expect((await officer.postJson('/api/offices', { ...office, hours: '' })).status).toBe(400);
    expect((await officer.postJson('/api/offices', office)).status).toBe(200);
  });
});
