// The product worked by hand, command after command, on a real database: accounts, publish, import, seal, run, why, replay, check; and bad input to each.
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { shippedCatalogue } from '../../src/command/place.ts';
import { type City, cityDefaults, generateCity } from '../../src/sample/city.ts';
import { encodeGb18030 } from '../../src/sheet/gb18030.ts';
import { testDatabase } from '../database.ts';
import { caller } from './call.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-cli-'));
const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder }));
const item = 'luquan-gaoling';
const saying = ['--purpose', 'call:GD-2026-1'] as const;
let city: City;

const codes = (called: { problems: readonly { code: string }[] }) => called.problems.map((one) => one.code);
const subjectLike = (verdict: string) => {
  const found = city.planted.find((one) => one.item === item && one.expect.verdict === verdict && one.periodKey === '2026-04');
  if (found === undefined) throw new Error(`nobody planted ${verdict}`);
  return found;
};

beforeAll(async () => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new Error('catalogue');
  city = generateCity({ firms: 0, residents: 40, seed: 7, asOf: cityDefaults.asOf, catalogue: read.catalogue, out: join(folder, 'city') });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('before anything is there', () => {
  it('says what comes first', async () => {
    expect(codes(await call('run'))).toEqual(['missing.catalogue']);
    expect(codes(await call('why', item, '530128193602297008'))).toEqual(['missing.item']);
    expect(codes(await call('publish', 'nosuch'))).toEqual(['input.option', 'input.option', 'missing.rule']);
    expect((await call('accounts')).text).toContain('还没有账号');
  });
});

describe('accounts', () => {
  it('names every problem at once', async () => {
    const called = await call('accounts', 'add', 'li.zhi', '--roles', 'offcer', '--divisions', '999999');
    expect(called.exit).toBe(2);
    expect(called.problems.map((one) => one.at)).toEqual(['--name', '--roles', '--divisions']);
    expect(called.problems[1]?.hint).toContain('officer');
  });
  it('makes, lists, resets and ends them', async () => {
    const made = (await call('accounts', 'add', 'li.zhi', '--name', '李直', '--roles', 'officer', '--json')).json();
    expect(made.password).toHaveLength(23);
    for (const [username, roles] of [
      ['wang.fu', 'officer'],
      ['gone', 'officer'],
      ['review', 'reviewer'],
    ] as const)
      expect((await call('accounts', 'add', username, '--name', `某人${username}`, '--roles', roles)).exit).toBe(0);
    expect(codes(await call('accounts', 'add', 'li.zhi', '--name', '李直', '--roles', 'officer'))).toEqual(['conflict.username']);
    const again = (await call('accounts', 'reset', 'li.zhi', '--json')).json();
    expect(again.password).not.toBe(made.password);
    expect(codes(await call('accounts', 'leave', 'gone'))).toEqual(['input.option']);
    expect((await call('accounts', 'leave', 'gone', '--reason', '调离')).exit).toBe(0);
    expect(codes(await call('accounts', 'reset', 'gone'))).toEqual(['state.left']);
    const { accounts } = (await call('accounts', '--json')).json();
    expect(accounts.map((one: { username: string }) => one.username)).toEqual(['gone', 'li.zhi', 'review', 'wang.fu']);
    expect(JSON.stringify(accounts)).not.toContain('password');
  });
});

describe('publish', () => {
  it('wants two officers', async () => {
    expect(codes(await call('publish', item, '--maker', 'li.zhi', '--checker', 'li.zhi'))).toEqual(['state.same-person']);
    expect(codes(await call('publish', item, '--maker', 'gone', '--checker', 'review'))).toEqual(['missing.account', 'scope.role']);
  });
  it('publishes once, and a bad file stops everything', async () => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{"id": "bad"}');
    const people = ['--maker', 'li.zhi', '--checker', 'wang.fu', '--json'] as const;
    const refused = await call('publish', item, bad, ...people);
    expect(refused.exit).toBe(2);
    expect(refused.problems.length).toBeGreaterThan(3);
    expect(refused.problems.every((one) => one.at.startsWith('bad.json'))).toBe(true);
    expect((await call('publish', item, ...people)).json()).toMatchObject({ catalogue: { number: 1, already: false }, published: 1 });
    expect((await call('publish', item, ...people)).json()).toMatchObject({ catalogue: { number: 1, already: true }, published: 0 });
  });
});

describe('import', () => {
  it('names every problem at once', async () => {
    const called = await call('import', 'police-resident', '/nowhere.csv', '--division', '1', '--as-of', '2027-01-01');
    expect(codes(called)).toEqual(['import.dataset', 'input.file', 'input.option', 'input.option', 'input.option']);
  });
  it('brings refused rows back as a file that can be corrected', async () => {
    const delivery = city.deliveries.find((one) => one.dataset === 'police-residents');
    const lines = readFileSync(delivery?.file ?? '', 'utf8')
      .trimEnd()
      .split('\n');
    // Among the wrong rows of the city itself there is one more, whose right form is known.
    const good = lines[1] ?? '';
    lines[1] = good.replace(/^([^,]{17})./, '$1#');
    const [file, refused] = [join(folder, 'people.csv'), join(folder, 'refused.csv')];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const args = ['import', 'police-residents', file, '--kind', 'full', '--as-of', '2026-04-14', '--json'] as const;
    const report = (await call(...args, '--report', refused)).json();
    expect(report).toMatchObject({ state: 'landed', already: false });
    expect(report.problems[0]).toMatchObject({ line: 2, column: '公民身份号码' });
    expect(JSON.stringify(report)).not.toContain(good.slice(0, 17));
    expect(statSync(refused).mode & 0o777).toBe(0o600);
    expect(codes(await call(...args, '--report', refused))).toEqual(['input.file']);
    expect((await call(...args)).json()).toMatchObject({ already: true, delivery: report.delivery });
    writeFileSync(file, readFileSync(refused, 'utf8').replace(`${good.slice(0, 17)}#`, good.slice(0, 18)));
    const after = await call('import', 'police-residents', file, '--corrects', report.delivery, '--json');
    expect(after.json()).toMatchObject({ state: 'landed', rows: { good: 1 }, introduced: 1, corrects: report.delivery });
  });
  it('brings the rest', async () => {
    const wanted = ({ dataset, scope }: City['deliveries'][number]) =>
      ['health-deaths', 'civil-cremations'].includes(dataset) || (dataset === 'police-hukou' && scope.division?.startsWith('530128'));
    for (const one of city.deliveries.filter(wanted)) {
      const division = one.scope.division === null ? [] : ['--division', one.scope.division];
      const called = await call('import', one.dataset, one.file, '--kind', one.kind, '--as-of', one.asOf, ...division);
      expect([called.exit, called.text.includes('已导入。')]).toEqual([0, true]);
    }
  });
  it('shows how columns correspond before anything is imported, and keeps what a person has looked at', async () => {
    const file = join(folder, 'certificates.txt');
    const resident =
      readFileSync(city.deliveries.find((one) => one.dataset === 'police-residents')?.file ?? '', 'utf8').split('\n')[1] ?? '';
    const text = `优抚对象表\t\t\n身份证号\t入伍时间\t义务兵役年数（年）\n${resident.slice(0, 18)}\t1985-11-01\t4\n合计\t\t4\n`;
    writeFileSync(file, encodeGb18030(text));
    const propose = ['import', 'veterans', file, '--propose'] as const;
    const first = await call(...propose);
    expect([first.exit, first.text]).toEqual([2, expect.stringContaining('文件里没有“入伍日期”。')]);
    expect(codes(await call(...propose, '--save'))).toEqual(['import.mapping']);
    const saved = await call(...propose, '--map', '入伍时间=入伍日期', '--save', '--json');
    expect(saved.json()).toMatchObject({
      version: 1,
      saved: true,
      open: [],
      headerLine: 2,
      format: { encoding: 'gb18030', separator: '\t' },
    });
    const brought = await call('import', 'veterans', file, '--kind', 'changes', '--as-of', '2026-04-15');
    expect([brought.exit, brought.text]).toEqual([0, expect.stringContaining('列的对应用第 1 版')]);
    expect(brought.text).toContain('第 4 行：合计行（合计）');
  });
  it('says of a file that is none', async () => {
    const empty = join(folder, 'empty.csv');
    writeFileSync(empty, '');
    const called = await call('import', 'police-residents', empty, '--kind', 'full', '--as-of', '2026-04-15');
    expect([called.exit, called.text.includes('文件是空的')]).toEqual([2, true]);
  });
});

describe('deliveries', () => {
  it('waits for a second person where a row of a list is nobody, shows why, and lands on a yes', async () => {
    const deaths = city.deliveries.find((one) => one.dataset === 'health-deaths');
    const file = join(folder, 'deaths.csv');
    writeFileSync(file, `${readFileSync(deaths?.file ?? '', 'utf8').trimEnd()}\n1.10105E+17,2026-04-01\n`);
    const brought = await call('import', 'health-deaths', file, '--kind', 'list', '--as-of', '2026-04-15');
    expect([brought.exit, brought.text.includes('认不出是谁（第')]).toEqual([3, true]);
    const [held] = (await call('deliveries', '--held', '--json')).json().deliveries;
    expect((await call('deliveries', 'show', held.id)).text).toContain('待核对');
    await call('accounts', 'add', 'shu.ju', '--name', '数据员', '--roles', 'steward');
    expect(codes(await call('deliveries', 'accept', held.id, '--by', 'wang.fu', '--reason', '不是本地的人'))).toEqual(['scope.role']);
    expect(codes(await call('deliveries', 'accept', held.id, '--by', 'shu.ju'))).toEqual(['input.reason']);
    const done = await call('deliveries', 'accept', held.id, '--by', 'shu.ju', '--reason', '不是本地的人', '--json');
    expect([done.exit, done.json().state]).toEqual([0, 'landed']);
    expect(codes(await call('deliveries', 'reject', held.id, '--by', 'shu.ju', '--reason', '又想了想'))).toEqual(['state.delivery']);
    expect((await call('deliveries', '--held')).text).toContain('没有这样的交付');
  });
});

describe('seal and run', () => {
  it('does each once', async () => {
    expect(codes(await call('run'))).toEqual(['state.no-snapshot']);
    expect(codes(await call('seal', '--known-at', '2026-04-16'))).toEqual(['input.option']);
    expect((await call('seal', '--json')).json()).toMatchObject({ already: false, knownAt: '2026-04-15' });
    expect((await call('seal')).text).toContain('没有新的内容');
    const only = (await call('run', '--match-only', '--json')).json();
    expect(only.newMatches).toBeGreaterThan(5);
    expect(only.settled).toBeUndefined();
    const whole = (await call('run', '--json')).json();
    expect(whole.settled.lines.granted).toBeGreaterThan(5);
    expect(whole.prefilled.made).toBeGreaterThan(5);
    const again = (await call('run', '--json')).json();
    expect([again.newMatches, again.settled.lines, again.prefilled.made, again.advanced, again.told]).toEqual([0, {}, 0, {}, {}]);
    const told = (await call('run')).text;
    expect(told.match(/没有新的内容/g)).toHaveLength(5);
  });
});

describe('ready', () => {
  it('tells what can be decided, what is late and from whom, and since when', async () => {
    const called = await call('ready', '--json');
    const { items } = called.json();
    const [one] = items.filter((i: { item: string }) => i.item === item);
    expect(one).toMatchObject({ period: '2026-04', state: 'ready' });
    expect(one.since).not.toBeNull();
    const late = one.waits.find((w: { name: string }) => w.name === 'police-hukou');
    expect(late).toMatchObject({
      kind: 'dataset',
      division: '530128102',
      reason: 'stale',
      holds: false,
      department: '公安局',
      guard: false,
    });
    expect(late.overdueDays).toBeGreaterThan(0);
    expect((await call('ready', '--item', item)).text).toContain('数据“户籍登记”：禄劝彝族苗族自治县转龙镇');
    expect((await call('ready', '--history', '--item', item)).text).toContain('第 1 次');
    expect((await call('ready', 'extended', item)).text).toContain('没有靠延长');
  });
  it('refuses what cannot be decided', async () => {
    const decide = (...more: readonly string[]) =>
      call('ready', 'decide', item, '--period', '2026-04', '--reason', '系统升级', '--by', 'review', ...more);
    expect(codes(await decide('--dataset', 'health-deaths', '--extend', '10'))).toEqual(['state.not-late']);
    expect(codes(await decide('--dataset', 'police-hukou', '--extend', '10'))).toEqual(['state.not-guard']);
    expect(codes(await decide('--dataset', 'police-hukou'))).toEqual(['input.option']);
    expect(codes(await decide('--dataset', 'x', '--extend', '9', '--wait', '2026-05-01'))).toEqual(['input.option']);
    expect(codes(await decide('--dataset', 'health-deaths', '--extend', '10', '--by', 'wang.fu'))).toEqual(['scope.role']);
    expect(codes(await call('ready', 'decide', item, '--period', '2026Q1', '--by', 'review'))).toEqual(['input.period']);
    expect(codes(await call('ready', 'decide', 'luquan-gaolin', '--period', '2026-04'))).toEqual(['missing.item']);
    expect(codes(await call('ready', 'nosuch'))).toEqual(['input.argument']);
    expect(codes(await call('ready', '--period', 'april'))).toEqual(['input.period']);
  });
});

describe('quality', () => {
  it('reads the whole and names nobody by number', async () => {
    const called = await call('quality', '--json');
    const found = called.json();
    expect(found.subjects).toBeGreaterThan(40);
    expect(found.datasets.find((one: { dataset: string }) => one.dataset === 'police-hukou')).toMatchObject({
      department: '公安局',
      nextDue: '2026-05-11',
    });
    expect(
      found.late.some((one: { dataset: string; text: string }) => one.dataset === 'police-hukou' && one.text.includes('户籍登记')),
    ).toBe(true);
    expect(found.findings.some((one: { measure: string }) => one.measure === 'missing')).toBe(true);
    expect(JSON.stringify(found)).not.toMatch(/\b\d{17}[\dX]\b/);
    expect((await call('quality', '--most', '1')).text).toContain('数据质量（到 2026-04-15）');
    expect((await call('quality', '--calendar')).text).toContain('下次应报');
  });
});

describe('facts', () => {
  it('says what is known now and what was known when it was sealed, with source, day and arrival', async () => {
    const { key: subject } = subjectLike('eligible');
    const why = ['--purpose', 'call:GD-1'];
    expect(codes(await call('facts', subject))).toEqual(['purpose.missing']);
    const now = (await call('facts', subject, '--fact', '户籍地区划', '--on', '2026-04-01', ...why, '--json')).json();
    expect(now.facts).toMatchObject([
      { fact: 'hukouRegion', state: 'value', dataset: 'police-hukou', arrived: '2026-04-15T02:00:00.000Z' },
    ]);
    const then = (
      await call('facts', now.subjectId, '--known-at', '2026-04-15', '--on', '2026-04-01', '--fact', 'hukouRegion', ...why, '--json')
    ).json();
    expect([then.facts, then.snapshot.length, now.snapshot]).toEqual([now.facts, 64, null]);
    const text = (await call('facts', subject, ...why)).text;
    expect([text.includes('户籍地区划'), text.includes(subject)]).toEqual([true, false]);
    expect(codes(await call('facts', subject, '--known-at', '2026-04-14', ...why))).toEqual(['missing.snapshot']);
    expect(codes(await call('facts', subject, '--known-at', 'gestern', ...why))).toEqual(['input.option']);
    expect(codes(await call('facts', '11010519491231002X', ...why))).toEqual(['missing.subject']);
    const { states } = (await call('facts', subject, '--history', '户籍地区划', ...why, '--json')).json();
    expect(states).toMatchObject([{ knownFrom: '2026-04-15', replacedOn: null, values: [{ dataset: 'police-hukou' }] }]);
    expect(codes(await call('facts', subject, '--history', '没有', ...why))).toEqual(['input.option']);
  });
});

describe('tokens and sources', () => {
  it('shows a token once, takes it back, and keeps no address of a database', async () => {
    const made = (await call('tokens', 'add', 'civil-assistance', '--label', '救助系统', '--division', '530128', '--json')).json();
    expect(made.token).toMatch(/^zxd_/);
    expect((await call('tokens', '--json')).text).not.toContain(made.token);
    expect((await call('tokens', 'revoke', made.id)).exit).toBe(0);
    expect(codes(await call('tokens', 'revoke', made.id))).toEqual(['missing.token']);
    const add = ['sources', 'add', 'minzheng', '--dataset', 'civil-assistance', '--view', 'share.v_assistance'] as const;
    expect(codes(await call(...add, '--address', 'postgres://a:b@c/d', '--watermark', 'changed'))).toEqual(['input.option']);
    expect(codes(await call(...add, '--address', 'ZHIXIANG_SOURCE_MINZHENG'))).toEqual(['input.option']);
    expect((await call(...add, '--address', 'ZHIXIANG_SOURCE_MINZHENG', '--watermark', 'changed')).exit).toBe(0);
    const pulled = await call('sources', 'pull', 'minzheng');
    expect([pulled.exit, pulled.text.includes('没有设置这个数据库的地址')]).toEqual([2, true]);
    expect((await call('sources', 'accept-columns', 'minzheng')).exit).toBe(0);
  });
});

describe('why', () => {
  it.each(['eligible', 'ineligible', 'undetermined'])('explains %s with every condition', async (verdict) => {
    const { key, expect: expected } = subjectLike(verdict);
    const told = (await call('why', item, key, ...saying, '--json')).json();
    const [decision] = told.decisions;
    expect(decision.verdict).toBe(verdict);
    expect(decision.amountFen).toBe(expected.amountFen === null ? null : String(expected.amountFen));
    const leaves = decision.conditions.filter((one: { kind: string }) => one.kind === 'leaf');
    expect(leaves.length).toBeGreaterThan(2);
    for (const leaf of leaves) expect([leaf.required === null, ['满足', '不满足', '缺数据'].includes(leaf.answer)]).toEqual([false, true]);
    const { text } = await call('why', item, key, ...saying);
    expect(text).toContain('要求：');
    expect(text + JSON.stringify(told)).not.toContain(key);
    const byId = (await call('why', item, told.subject.id, ...saying, '--json')).json();
    expect(byId).toEqual(told);
  });
  it('asks why somebody looks, and keeps who looked', async () => {
    const { key } = subjectLike('eligible');
    expect(codes(await call('why', item, key))).toEqual(['purpose.missing']);
    expect(codes(await call('why', item, key, '--purpose', 'curious:GD-2026-1'))).toEqual(['purpose.wrong']);
    expect(codes(await call('why', item, key, '--purpose', `call:${key}`))).toEqual(['input.visible']);
    const looks = (await call('person', 'looks', key, '--json')).json();
    expect(looks.looks.length).toBeGreaterThan(0);
    expect(looks.looks[0]).toMatchObject({
      view: 'why',
      itemId: item,
      reason: 'call',
      order: 'GD-2026-1',
      facts: expect.arrayContaining(['birthDate']),
    });
    expect(JSON.stringify(looks)).not.toContain(key);
  });
  it('gives one person everything held, into a file of his own', async () => {
    const { key } = subjectLike('eligible');
    const out = join(folder, 'person.json');
    expect(codes(await call('person', 'access', key, '--purpose', 'rights:QL-1'))).toEqual(['input.option']);
    expect(codes(await call('person', 'access', key, '--out', out))).toEqual(['purpose.missing']);
    const { text } = await call('person', 'access', key, '--out', out, '--purpose', 'rights:QL-1');
    expect(text).toContain('公安局《常住人口基本信息》');
    expect(text).not.toContain(key);
    expect(statSync(out).mode & 0o777).toBe(0o600);
    const file = JSON.parse(readFileSync(out, 'utf8'));
    expect(file.subject.number).toBe(key);
    expect(file.data).toContainEqual(
      expect.objectContaining({ fact: 'birthDate', label: '出生日期', source: expect.objectContaining({ department: '公安局' }) }),
    );
    expect(file.decisions.length).toBeGreaterThan(0);
    expect(file.decisions[0].read.length).toBeGreaterThan(2);
    expect(file.disbursements.length).toBeGreaterThan(0);
    expect(file.looks.map((one: { view: string }) => one.view)).toEqual(expect.arrayContaining(['why']));
    expect((await call('person', 'looks', key, '--json')).json().looks[0]).toMatchObject({
      view: 'export',
      reason: 'rights',
      order: 'QL-1',
    });
    expect(codes(await call('person', 'access', key, '--out', out, '--purpose', 'rights:QL-1'))).toEqual(['input.file']);
  });
  it('erases what may go, names what must stay, and every decision still proves itself', async () => {
    const { key } = subjectLike('eligible');
    const brought = join(folder, 'contacts.csv');
    writeFileSync(brought, `公民身份号码,手机号码,电子邮箱\n${key},13987654321,someone@example.cn\n`);
    expect((await call('import', 'citizen-contacts', brought, '--kind', 'changes', '--as-of', '2026-04-15')).exit).toBe(0);
    const two = ['--maker', 'li.zhi', '--checker', 'wang.fu', '--purpose', 'rights:QL-2'] as const;
    const held = async () =>
      (
        await database.sql`
      select p.dataset from record_part p join record r using (register, subject_id) where r.key = ${key} order by 1`
      ).map((row) => row.dataset);
    const before = await held();
    expect(before).toContain('citizen-contacts');
    expect(codes(await call('person', 'erase', key, ...two.slice(0, 3), 'li.zhi', ...two.slice(4)))).toEqual(['state.same-person']);
    expect(codes(await call('person', 'erase', key, ...two.slice(0, 3), 'nobody', ...two.slice(4)))).toEqual(['input.option']);
    expect(await held()).toEqual(before);
    const told = (await call('person', 'erase', key, ...two, '--json')).json();
    expect(told.erased.length).toBe(1);
    expect(told.stays.map((one: { what: string }) => one.what)).toEqual(
      expect.arrayContaining(['部门报送的数据', '匹配结果和判定依据', '部门交付的原件', '已封存的数据快照', '查阅留痕']),
    );
    expect(await held()).toEqual(before.filter((dataset) => dataset !== 'citizen-contacts'));
    const audited = await database.sql`select action, reason, actor from audit_entry where action like 'subject.erase%' order by id`;
    expect(audited.map((row) => [row.action, row.reason])).toEqual([
      ['subject.erase', '本人查阅、更正、删除请求 QL-2'],
      ['subject.erase-checked', '本人查阅、更正、删除请求 QL-2'],
    ]);
    expect(new Set(audited.map((row) => row.actor)).size).toBe(2);
    expect((await call('replay', 'all', '--json')).json().differences).toEqual([]);
  });
  it('takes a past period, and refuses what is none', async () => {
    const { key } = subjectLike('eligible');
    expect((await call('why', item, key, ...saying, '--period', '2025-11')).text).toContain('2025年11月');
    expect(codes(await call('why', item, key, ...saying, '--period', '2026-13'))).toEqual(['input.period']);
    expect(codes(await call('why', item, key, ...saying, '--period', '2026-05'))).toEqual(['input.period']);
    expect(codes(await call('why', item, key, ...saying, '--period', '2020-01'))).toEqual(['input.period']);
  });
  it('never repeats a number it was given', async () => {
    const stranger = '110101199003070000';
    const called = await call('why', item, stranger);
    expect(codes(called)).toEqual(['missing.subject']);
    expect(JSON.stringify(called)).not.toContain(stranger.slice(0, 14));
  });
});

describe('rules forecast', () => {
  it('tells a draft from anywhere, of a known item or a new one, as one stable document', async () => {
    const draft = JSON.parse(readFileSync(join(shippedCatalogue, '../530128/luquan-gaoling.json'), 'utf8'));
    draft.conditions.all[1].value = 85;
    draft.examples = [];
    const known = join(folder, 'luquan-gaoling.json');
    writeFileSync(known, JSON.stringify(draft));
    const told = (await call('rules', 'forecast', known, '--sweep', '/conditions/all/1/value=80,85', '--json')).json();
    const run = (await call('rules', 'forecast', item, '--json', '--near', '0')).json();
    expect(told).toMatchObject({ format: 'zhixiang-forecast-1', item: { id: item }, period: { key: '2026-04' }, asIf: false });
    expect(told.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(told.counts.eligible).toBeLessThan(run.counts.eligible);
    expect(told.against.inForce).toMatchObject({
      version: 1,
      gained: { subjects: 0 },
      lost: { subjects: run.counts.eligible - told.counts.eligible },
    });
    expect(told.against.inForce.lost.reasons[0]).toMatchObject({ at: '/conditions/all/1', text: '当月末周岁达到 85 岁' });
    expect(told.sweep.points[0]).toMatchObject({ value: '80', eligible: run.counts.eligible, amountFen: run.counts.amountFen });
    expect(run.against.inForce.deltaFen).toBe('0');
    const fresh = join(folder, 'luquan-changshou.json');
    writeFileSync(fresh, JSON.stringify({ ...draft, id: 'luquan-changshou', title: '长寿津贴' }));
    const other = await call('rules', 'forecast', fresh, '--budget', '1000');
    expect(other.problems).toEqual([]);
    expect(other.text).toContain('长寿津贴（luquan-changshou）匡算：2026年4月');
    expect(other.text).toContain('预算 1,000.00 元');
    expect(other.text).not.toMatch(/\b\d{17}[\dX]\b/);
    expect(codes(await call('rules', 'forecast', known, '--sweep', 'x'))).toEqual(['input.sweep']);
    expect(codes(await call('rules', 'forecast', known, '--period', '2026Q1'))).toEqual(['input.period']);
  });
});

describe('rules submit, publish, diff, retire', () => {
  const people = { maker: ['--maker', 'li.zhi'], checker: ['--checker', 'wang.fu'] } as const;
  it('leads a new version past a second person, its effect accepted by name', async () => {
    const shipped = JSON.parse(readFileSync(join(shippedCatalogue, '..', '530128', `${item}.json`), 'utf8'));
    const file = join(folder, `${item}.json`);
    writeFileSync(file, JSON.stringify({ ...shipped, title: '高龄津贴（新）', lookback: 0, region: '530000', authority: '云南省民政厅' }));
    const told = (await call('rules', 'diff', item, file, '--json')).json();
    expect(told.differences.map((one: { text: string }) => one.text).join('\n')).toContain('高龄津贴（新）');
    const submitted = (await call('rules', 'submit', file, ...people.maker, '--json')).json();
    expect(submitted).toMatchObject({ state: 'review', effect: { exceeds: false, share: { people: 0, money: 0 } } });
    expect(codes(await call('rules', 'publish', submitted.id, '--checker', 'li.zhi'))).toEqual(['state.same-person']);
    expect((await call('rules', 'publish', submitted.id, ...people.checker, '--json')).json()).toMatchObject({ version: 2 });
    expect((await call('rules', 'diff', `${item}@1`, `${item}@2`)).text).toContain('名称：改变');
    const listed = (await call('rules', 'versions', item, '--json')).json();
    expect(listed.versions.map((one: { version: number }) => one.version)).toEqual([2, 1]);
    expect((await call('rules', 'reviews')).text).toContain('已发布');
    expect(codes(await call('rules', 'retire', `${item}@2`, ...people.checker))).toEqual(['input.reason']);
    expect((await call('rules', 'retire', `${item}@2`, ...people.checker, '--reason', '试行结束')).exit).toBe(0);
    expect(codes(await call('rules', 'retire', `${item}@2`, ...people.checker, '--reason', '再'))).toEqual(['missing.version']);
  });
  it('sends back and takes back, and refuses what is none', async () => {
    const other = 'sh-laonian';
    const { id, effect } = (await call('rules', 'submit', other, ...people.maker, '--json')).json();
    expect(effect.share).toBe(null);
    expect(codes(await call('rules', 'return', id, ...people.checker))).toEqual(['input.reason']);
    expect((await call('rules', 'return', id, ...people.checker, '--reason', '缺附件')).exit).toBe(0);
    const again = (await call('rules', 'submit', other, ...people.maker, '--draft', id, '--json')).json();
    expect(again).toMatchObject({ id, state: 'review' });
    expect((await call('rules', 'withdraw', id, ...people.maker)).exit).toBe(0);
    expect(codes(await call('rules', 'publish', 'nonsense', ...people.checker))).toEqual(['input.argument']);
    expect(codes(await call('rules', 'diff', `${item}@9`, item))).toEqual(['missing.version']);
    expect(codes(await call('rules', 'gate', '7', ...people.checker))).toEqual(['input.value']);
    expect((await call('rules', 'gate', '0.3', ...people.checker, '--json')).json()).toEqual({ gate: 0.3 });
    expect((await call('rules', 'differences', `${item}@1`, '--json')).json()).toEqual({ rows: [] });
  });
});

describe('snapshots', () => {
  it('are kept as long as somebody said, and longer where an auditor holds them', async () => {
    const list = async () => (await call('snapshots', '--json')).json();
    const before = await list();
    expect(before).toMatchObject({ days: 400, removed: 0, due: [], holds: [] });
    expect(before.kept.map((one: { needs: readonly string[] }) => one.needs)).toContainEqual(expect.arrayContaining(['newest']));
    await call('accounts', 'add', 'audits', '--name', '某审计', '--roles', 'auditor');
    const days = ['--from', '2026-01-01', '--to', '2026-12-31'] as const;
    expect(codes(await call('snapshots', 'hold', ...days, '--by', 'wang.fu', '--reason', '年度审计'))).toEqual(['scope.role']);
    expect(codes(await call('snapshots', 'hold', '--from', '2026-01-01', '--by', 'audits', '--reason', '年度审计'))).toEqual(['input.day']);
    const { hold } = (await call('snapshots', 'hold', ...days, '--by', 'audits', '--reason', '年度审计', '--json')).json();
    expect(await list()).toMatchObject({ holds: [{ id: hold, reason: '年度审计' }], kept: [{ needs: expect.arrayContaining(['audit']) }] });
    expect((await call('snapshots', 'lift', hold, '--by', 'audits', '--reason', '审计结束')).exit).toBe(0);
    expect(codes(await call('snapshots', 'lift', '1', '--by', 'audits', '--reason', '审计结束'))).toEqual(['input.argument']);
    expect(codes(await call('snapshots', 'keep', '--days', '61', '--by', 'shu.ju', '--reason', '短些'))).toHaveLength(1);
    expect((await call('snapshots', 'keep', '--days', '800', '--by', 'shu.ju', '--reason', '跨年审计')).exit).toBe(0);
    expect(await list()).toMatchObject({ days: 800, holds: [] });
    expect((await call('snapshots', 'remove', '--dry-run', '--json')).json()).toMatchObject({ removed: 0 });
    expect((await call('snapshots', 'remove', '--json')).json()).toMatchObject({ removed: 0, segments: 0, busy: false });
    expect(codes(await call('snapshots', 'forget'))).toEqual(['input.argument']);
  });
});

describe('replay and check', () => {
  it('finds nothing wrong', async () => {
    const report = (await call('replay', 'all', '--json')).json();
    expect(report.checked).toBeGreaterThan(5);
    expect(report.differences).toEqual([]);
    expect((await call('check', '--json')).json()).toMatchObject({ ok: true, invariants: [] });
    expect(codes(await call('replay', 'x'))).toEqual(['input.argument']);
    expect(codes(await call('replay', '00000000-0000-0000-0000-000000000000'))).toEqual(['missing.match']);
  });
  it('finds what is wrong, and fails', async () => {
    const [row] = await database.sql<{ id: string }[]>`select id from match where verdict = 'eligible' limit 1`;
    const id = row?.id ?? '';
    const { default: postgres } = await import('postgres');
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined });
    await owner`update match set lines = jsonb_set(lines::jsonb, '{0,award,amountFen}', '"1"') where id = ${id}`;
    await owner`delete from audit_entry where object_kind = 'item_version'`;
    await owner.end();
    const replayed = await call('replay', id, '--json');
    expect([replayed.exit, replayed.json().differences.length]).toEqual([1, 1]);
    const checked = await call('check');
    expect([checked.exit, checked.text.includes('第 8 条')]).toEqual([1, true]);
    expect(existsSync(join(folder, 'audit-anchor.jsonl'))).toBe(false);
  });
});
