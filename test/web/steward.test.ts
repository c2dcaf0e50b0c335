// What the console offers the data steward, whoever watches the runs, and the auditor, in a real browser: a delivery that is held and let go by a second person,
// names settled, requests to departments; what runs the house: jobs, channels, freezes; an item the brake held let go; long tables and the keyboard.
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import postgres from 'postgres';
import { beforeAll, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { readConfig } from '../../src/config.ts';
import { transaction } from '../../src/db/handle.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { makeRunner } from '../../src/job-runner.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { setLimits } from '../../src/match/brake.ts';
import { runItems } from '../../src/match/run.ts';
import { liveItems } from '../../src/policy/store.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { sampleKey } from '../../src/today.ts';
import type { Role } from '../../src/web/role.ts';
import { testDatabase } from '../database.ts';
import { type TestApp, testApp } from './app.ts';
import { builtConsole, inChromium, stageOver } from './in-chromium.ts';
import { at, buildTown, other, own, ownFirm, type Town } from './town.ts';

inChromium('in a browser', () => {
  const database = testDatabase();
  let test: TestApp;
  let town: Town;
  const stage = stageOver(database, () => test);
  const { findings, odd } = stage;
  let page: Page;
  let base = '';

  const enter = async (username: string, roles: readonly Role[], path: string): Promise<void> => {
    await stage.enter(username, roles, path);
    await page.locator('.page-head').waitFor();
  };
  /** By the navigation, as people go. */
  const go = async (name: string): Promise<void> => {
    await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  };
  const whole = async (): Promise<void> => {
    await page
      .getByText(/正在(?:读取|算谁|逐项核对)/)
      .first()
      .waitFor({ state: 'hidden' });
  };

  /** Nobody reads or writes a table until then; the program itself may not shut others out. */
  const locked = async (until: Promise<void>, table: string): Promise<{ readonly done: Promise<unknown> }> => {
    const owner = postgres(database.ownerUrl, { max: 1 });
    const taken = Promise.withResolvers<void>();
    const work = owner.begin(async (tx) => {
      await tx`lock table ${tx(table)} in access exclusive mode`;
      taken.resolve();
      await until;
    });
    const done = work.finally(() => owner.end());
    await Promise.race([taken.promise, done]);
    return { done };
  };

  beforeAll(async () => {
    await builtConsole();
    ({ page, base } = stage);
    const config = readConfig({ SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'notice@test.example' });
    const context = () => ({ db: database.db, config, now: test.clock, anchor: null });
    test = testApp(database, { runner: makeRunner({ context, now: () => new Date() }) });
    // Sessions live by the machine's clock, what is looked at by the town's.
    test.clock = new Date();
    town = await buildTown(database);
    await writeSetting(database.db, sampleKey, { asOf: '2026-04-15', firms: 0, residents: 0, seed: 0 }, at);
    await database.sql`update record set name = '禄劝样例有限公司' where key = ${ownFirm}`;
    const rows = ['禄劝样例公司', '查无此家有限公司'].map((name) => `${name},技术改造标杆项目,2022-01-01,`);
    const list = { title: '2026 年标杆项目', number: '样发〔2026〕3 号', publishedOn: null, validFrom: null, validTo: null };
    await importDelivery(
      database.db,
      town.catalogue,
      {
        ...{ dataset: 'department-lists', kind: 'list', division: '530128', asOf: day('2026-04-14'), fileName: 'f.csv' },
        content: bytesContent(new TextEncoder().encode(`企业名称,名录名称,生效日期,失效日期\n${rows.join('\n')}\n`)),
        ...{ receivedBy: 'test', role: 'system', list },
      },
      { now: at },
    );
  });

  it('brings a delivery in: columns looked at, held because of a row that is nobody, let go by another steward with a reason', async () => {
    await enter('steward.one', ['steward'], '/console/data/datasets');
    await page.getByRole('link', { name: '户籍登记', exact: true }).waitFor();
    await whole();
    expect(await findings()).toEqual([]);
    await page.goto(`${base}/console/data/import?dataset=police-hukou`);
    // Files may be chosen once it is known for what.
    await page.getByLabel('区划代码').waitFor();
    const people = [...own, ...other].slice(1);
    const lines = people.map((p) => `${p.key},${p.division},城镇,2000-01-01,`);
    const text = ['身份证号,户籍地区划,户口性质,生效日期,失效日期', ...lines, '530128194001020000,530128,城镇,2000-01-01,', ''].join('\n');
    // What the server would not take is not even read.
    const huge = join(mkdtempSync(join(tmpdir(), 'zhixiang-huge-')), '户籍.csv');
    writeFileSync(huge, '');
    truncateSync(huge, 600_000_000);
    await page.getByLabel('部门报送的文件').setInputFiles(huge);
    await page.getByText('文件有 600 MB，最大 512 MB，没有上传。').waitFor();
    rmSync(dirname(huge), { recursive: true });
    expect(await database.sql`select id from upload`).toEqual([]);
    await page.getByLabel('部门报送的文件').setInputFiles({ name: '户籍.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
    await page.getByText('各列都对上了，其中 1 列是猜的').waitFor();
    expect(await findings()).toEqual([]);
    expect((await database.sql`select id from delivery where dataset = 'police-hukou'`).length).toBe(1);
    // While somebody else writes there it waits, and says how far it has come.
    const goOn = Promise.withResolvers<void>();
    const writing = await locked(goOn.promise, 'delivery_problem');
    await page.getByRole('button', { name: '核对无误，存下并入库' }).click();
    await page
      .getByText(/可以离开这一页，导入不会停/)
      .filter({ hasText: /正在逐行核对|正在与库里比对|正在写入|正在记账留痕/ })
      .waitFor();
    goOn.resolve();
    await writing.done;
    await page.getByText('先放着，等另一位数据管理员核对。').waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('link', { name: /^看这次交付/ }).click();
    await page.getByText('要由另一位数据管理员决定').waitFor();
    expect(await page.getByRole('button', { name: '放行' }).count()).toBe(0);

    await enter('steward.two', ['steward'], '/console');
    await go('待核对的交付');
    await page.getByRole('table', { name: '待核对的交付' }).getByRole('link').first().click();
    await page.getByRole('button', { name: '放行' }).click();
    const windowed = page.getByRole('dialog');
    await windowed.getByRole('textbox').fill('与派出所核对，该行为外地户籍');
    expect(await findings()).toEqual([]);
    await windowed.getByRole('button', { name: '放行' }).click();
    await page.getByText('决定的理由：与派出所核对').waitFor();
    await page.getByRole('table', { name: '有问题的行' }).waitFor();
    expect(await findings()).toEqual([]);
    const [{ state, held } = { state: '', held: 0 }] = await database.sql<{ state: string; held: number }[]>`
      select state, (select count(*)::int from delivery where state = 'held') as held from delivery where dataset = 'police-hukou' order by received_at desc limit 1`;
    expect([state, held]).toEqual(['landed', 0]);
  });

  it('settles the names of a list: one is a firm we know, one is nobody here', async () => {
    await go('名单核对');
    await page.getByRole('button', { name: '认定 禄劝样例公司' }).click();
    const windowed = page.getByRole('dialog');
    await windowed.getByRole('button', { name: '认定' }).click();
    await windowed.getByText('请选一个，或选“登记库里没有”').waitFor();
    await windowed.getByRole('radio', { name: /^禄劝样例有限公司/ }).check();
    await windowed.getByRole('textbox').fill('登记机关查得为同一企业');
    expect(await findings()).toEqual([]);
    await windowed.getByRole('button', { name: '认定' }).click();
    await page.getByRole('button', { name: '认定 禄劝样例公司' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '认定 查无此家有限公司' }).click();
    await windowed.getByRole('radio', { name: /^登记库里没有/ }).check();
    await windowed.getByRole('textbox').fill('不在本县登记');
    await windowed.getByRole('button', { name: '认定' }).click();
    await page.getByText('名单上的名称都已对上').waitFor();
    const states = await database.sql<{ state: string }[]>`select state from named_row order by line`;
    expect(states.map((one) => one.state)).toEqual(['settled', 'outside']);
    expect(await findings()).toEqual([]);
  });

  it('says what is missing by department, as a table and a letter to it; what each dataset leaves out; parameters, codes, versions', async () => {
    await go('待核');
    await page.getByText('出生日期').first().waitFor();
    expect(await findings()).toEqual([]);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '导出需求表' }).click()]);
    expect(file.suggestedFilename()).toBe('data-request.xlsx');
    const department = (await page.locator('section.part').first().getAttribute('aria-label')) ?? '';
    const letter = await page.request.get(`${base}/api/data-requests/letter?department=${encodeURIComponent(department)}`);
    const words = await letter.text();
    expect([letter.status(), words.includes('关于补报数据的函'), words.includes(`${department}：`), words.includes('出生日期')]).toEqual([
      ...[200, true, true, true],
    ]);
    await go('数据体检');
    await whole();
    expect(await findings()).toEqual([]);
    await go('参数和代码');
    await page.getByRole('table', { name: '参数' }).waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('tab', { name: '代码' }).click();
    await page.getByRole('table', { name: '代码' }).waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('tab', { name: '目录的版本' }).click();
    await page.getByText('这是第一版，没有可比的上一版。').waitFor();
  });

  it('shows a run, what each item waits for, one decision with its whole reason, and decides it again', async () => {
    await enter('officer.one', ['officer'], '/console/run/runs');
    await page.getByRole('table', { name: '匹配批次' }).getByRole('link').first().click();
    await page.getByRole('table', { name: '各事项' }).waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('table', { name: '各事项' }).getByRole('link').first().click();
    await page.getByRole('table', { name: '历次匹配' }).waitFor();
    await go('能不能办');
    await whole();
    expect(await findings()).toEqual([]);
    await go('匹配结果');
    await page.getByRole('table', { name: '匹配结果' }).getByRole('link').first().click();
    await page.getByRole('table', { name: '各个条件' }).getByText('公安局').first().waitFor();
    await page.getByRole('button', { name: '重判并证明' }).click();
    await page.getByText('凭留存的依据重判，结论和金额与当时一致。').waitFor();
    await page.getByText('封存的数据里').waitFor();
    expect(await findings()).toEqual([]);
    await go('早发现');
    await page.getByText(/正在逐项核对/).waitFor({ state: 'hidden' });
    expect(await findings()).toEqual([]);
    const sheet = await (await page.request.get(`${base}/api/reports/check-up`)).text();
    expect([sheet.includes('每月体检'), sheet.includes('共查 9 项'), sheet.includes('没有人因缺数据待核')]).toEqual([true, true, true]);
    await go('成效');
    await page.getByRole('table', { name: '成效' }).waitFor();
    await page.getByRole('img', { name: /应享和到账人次/ }).waitFor();
    const sums = await Promise.all(
      ['item', 'division', 'size', 'firm'].map(async (by) => {
        const { rows } = (await (await page.request.get(`${base}/api/effects?by=${by}`)).json()) as {
          rows: readonly { entitled: number }[];
        };
        return rows.reduce((sum, row) => sum + row.entitled, 0);
      }),
    );
    // Nothing here is due to a firm.
    expect([sums[0] === 0, new Set(sums.slice(0, 3)).size, sums[3]]).toEqual([false, 1, 0]);
    expect(await findings()).toEqual([]);
  });

  it('lets the auditor leaf through the trail, see before and after, and check the chain; nobody else is offered it', async () => {
    expect(await page.getByRole('navigation', { name: '主导航' }).getByText('审计留痕').count()).toBe(0);
    await enter('auditor.one', ['auditor'], '/console/oversight/trail');
    await page.getByLabel('做什么').fill('交付');
    await page.getByRole('option', { name: '交付', exact: true }).waitFor({ state: 'attached' });
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: '查', exact: true }).click();
    await page.getByText('与派出所核对，该行为外地户籍').click();
    await page.getByText('"state": "accepted"').waitFor();
    expect(new URL(page.url()).searchParams.get('action')).toBe('delivery');
    await page.getByRole('button', { name: '核对整条链' }).click();
    await page.getByText('链是完整的').waitFor();
    expect(await findings()).toEqual([]);
    await go('审计底稿');
    await page.getByText('还没有到账的支付。').waitFor();
  });

  it('stops long work where nothing is left half done, says by whom, and begins it again', async () => {
    await go('匹配批次');
    const goOn = Promise.withResolvers<void>();
    const deciding = await locked(goOn.promise, 'match');
    await page.getByRole('button', { name: '重判全部匹配结果' }).click();
    await page.getByRole('button', { name: '停下 重判全部结果' }).click();
    await page.getByText('甲auditor.one要求停下，正在收尾…').waitFor();
    // Its process hears of it with its next sign of life.
    const seen = async () =>
      (await database.sql<{ seen: Date }[]>`select seen_at as seen from job_run where name = 'match.replay'`)[0]?.seen.getTime() ?? 0;
    const before = await seen();
    await expect.poll(seen, { timeout: 60_000 }).toBeGreaterThan(before);
    goOn.resolve();
    await deciding.done;
    await page.getByText(/由甲auditor\.one停下了，没有留下办了一半的/).waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: '重判全部匹配结果' }).click();
    await page.getByText('全部一致').waitFor();
  });

  it('gives accounts: posts that exclude each other are refused, the password is said once, whoever leaves is out', async () => {
    await enter('admin.one', ['admin'], '/console/settings/accounts');
    await page.getByRole('button', { name: '新账号' }).click();
    const windowed = page.getByRole('dialog');
    await windowed.getByLabel('用户名').fill('zhang.min');
    await windowed.getByLabel('姓名').fill('张敏');
    await windowed.getByRole('checkbox', { name: '财政经办' }).check();
    await windowed.getByRole('checkbox', { name: '财政复核' }).check();
    expect(await findings()).toEqual([]);
    await windowed.getByRole('button', { name: '新建' }).click();
    await windowed.getByText('“财政经办”和“财政复核”不能由同一人担任。').waitFor();
    await windowed.getByRole('checkbox', { name: '财政复核' }).uncheck();
    await windowed.getByRole('button', { name: '新建' }).click();
    await page.getByText('“zhang.min”的密码：').waitFor();
    expect(await findings()).toEqual([]);
    const posts = async () =>
      (
        await database.sql<{ roles: string[] }[]>`
        select s.roles from staff_scope s join "user" u on u.id = s.user_id where u.username = 'zhang.min'`
      )[0]?.roles.toSorted();
    await page.getByRole('button', { name: '调整 zhang.min' }).click();
    await windowed.getByRole('checkbox', { name: '财政签发' }).check();
    await windowed.getByLabel('理由').fill('轮岗');
    await windowed.getByRole('button', { name: '调整' }).click();
    // At the field it is about, and with what to do below the form.
    await windowed.locator('.ant-form-item-explain').getByText('“财政经办”和“财政签发”不能由同一人担任。').waitFor();
    await windowed.getByRole('checkbox', { name: '财政经办' }).uncheck();
    // Somebody else was faster: who, and what, is said, and nothing is lost.
    await database.sql`update staff_scope set roles = '{reviewer}' where user_id = (select id from "user" where username = 'zhang.min')`;
    await windowed.getByRole('button', { name: '调整' }).click();
    await windowed.locator('.trouble').getByText('这个账号的岗位刚被别人改过').waitFor();
    expect([await windowed.getByLabel('理由').inputValue(), await posts()]).toEqual(['轮岗', ['reviewer']]);
    await windowed.getByRole('button', { name: '看现在的状态' }).click();
    await windowed.getByText('现在：部门审核').waitFor();
    await windowed.getByRole('button', { name: '照现在的再办一次' }).click();
    await windowed.waitFor({ state: 'hidden' });
    expect(await posts()).toEqual(['finance-issuer']);
    await page
      .getByRole('row', { name: /zhang\.min/ })
      .getByRole('button', { name: '离岗' })
      .click();
    await page.getByRole('dialog').getByRole('textbox').fill('调离');
    await page.getByRole('dialog').getByRole('button', { name: '离岗' }).click();
    await page.getByRole('row', { name: /zhang\.min/ }).waitFor({ state: 'detached' });
    const [row] = await database.sql<{ left: boolean }[]>`
      select s.left_at is not null as left from staff_scope s join "user" u on u.id = s.user_id where u.username = 'zhang.min'`;
    expect(row?.left).toBe(true);
  });

  it('shows every job with its time and how it went; one that failed is retried by whom it concerns, and waits in the inbox until then', async () => {
    await database.sql`insert into job_run (name, started_at, seen_at, ended_at, outcome, code, message, hint) values
      ('audit.chain', now(), now(), now(), 'failed', 'internal.database-lost', '与数据库的连接断了。', '请稍后重试。'),
      ('notice.tell', now(), now(), now(), 'idle', null, null, null)`;
    await page.goto(`${base}/console`);
    await page.getByRole('link', { name: '没有办成的任务' }).click();
    const jobs = page.getByRole('table', { name: '定时任务' });
    await jobs.getByRole('row', { name: /审计留痕接链.*每分钟.*与数据库的连接断了/ }).waitFor();
    expect([await jobs.getByRole('row').count(), await jobs.getByRole('button', { name: '现在运行 匹配' }).count()]).toEqual([26, 1]);
    expect(await findings()).toEqual([]);
    await jobs.getByRole('button', { name: '重试 审计留痕接链' }).click();
    await page.getByText('已开始：审计留痕接链').waitFor();
    await page
      .getByRole('table', { name: '历次运行' })
      .getByRole('row', { name: /审计留痕接链.*办成.*接链 \d+ 条留痕/ })
      .waitFor();
    await jobs.getByRole('button', { name: '现在运行 审计留痕接链' }).waitFor();
    const asked = await database.sql`select from audit_entry where action = 'job.run' and object_id = 'audit.chain'`;
    expect(asked.length).toBe(1);
    await page.getByRole('button', { name: '改保存天数' }).click();
    const windowed = page.getByRole('dialog');
    await windowed.getByLabel('办成和没有办成的，天').fill('365');
    await windowed.getByLabel('理由').fill('审计要求保存一年');
    await windowed.getByRole('button', { name: '改保存天数' }).click();
    await page.getByText('办成和没有办成的保存 365 天').waitFor();
  });

  it('says which channels are set up, and tries one on whoever asks: where nobody answers, that is what is told', async () => {
    await go('渠道');
    await page.getByRole('row', { name: /邮件.*已设.*127\.0\.0\.1:1/ }).waitFor();
    await page.getByRole('row', { name: /短信网关.*未设/ }).waitFor();
    await page.getByRole('button', { name: '试发给自己：邮件' }).click();
    const windowed = page.getByRole('dialog');
    await windowed.getByLabel('您自己的邮箱').fill('不是邮箱');
    await windowed.getByRole('button', { name: '试发', exact: true }).click();
    await windowed.getByText('这不是一个邮箱地址').waitFor();
    await windowed.getByLabel('您自己的邮箱').fill('admin@test.example');
    await windowed.getByRole('button', { name: '试发', exact: true }).click();
    await windowed.getByText('没有交出去').waitFor();
    expect(await findings()).toEqual([]);
    const [entry] = await database.sql<{ detail: string }[]>`select detail::text from audit_entry where action = 'channel.test'`;
    expect([entry?.detail.includes('retry'), entry?.detail.includes('admin@test.example')]).toEqual([true, false]);
    await windowed.getByRole('button', { name: '关上' }).click();
  });

  it('freezes what two agree on: asked for by one, confirmed by another, lifted by somebody else again', async () => {
    await enter('head.one', ['finance-head'], '/console/settings/freezes');
    await page.getByText('没有定过冻结期').waitFor();
    await page.getByRole('button', { name: '提出冻结期' }).click();
    const windowed = page.getByRole('dialog');
    const local = (hours: number) => new Date(Date.now() + (8 + hours) * 3_600_000).toISOString().slice(0, 16);
    await windowed.getByLabel('从').fill(local(-1));
    await windowed.getByLabel(/^到/).fill(local(-2));
    await windowed.getByLabel('理由').fill('年终封账');
    await windowed.getByRole('button', { name: '提出冻结期' }).click();
    await windowed.getByText('结束早于开始').waitFor();
    await windowed.getByLabel(/^到/).fill(local(48));
    expect(await findings()).toEqual([]);
    await windowed.getByRole('button', { name: '提出冻结期' }).click();
    await page.getByRole('row', { name: /等第二人确认.*年终封账/ }).waitFor();
    expect(await page.getByRole('button', { name: '确认' }).count()).toBe(0);
    await enter('officer.two', ['officer'], '/console');
    await page.getByRole('link', { name: '冻结期待确认' }).click();
    await page.getByRole('button', { name: '确认' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '确认' }).click();
    await page.getByText('正在停办封批、签发').waitFor();
    await page.getByRole('button', { name: '解除' }).click();
    await windowed.getByRole('textbox').fill('提前办完');
    await windowed.getByRole('button', { name: '解除' }).click();
    await page.getByRole('row', { name: /已解除.*甲head\.one 提出，甲officer\.two 确认/ }).waitFor();
  });

  it('lets go of what the brake held, with what was looked at; the next run goes on from it', async () => {
    await setLimits(database.db, { itemId: null, limits: { share: 0.01, people: 1, fen: 0n }, by: 'u', role: 'officer', at });
    // A month later the registers are too old: whoever qualified is undetermined now.
    const { snapshotId } = await seal(database.db, { catalogue: town.catalogue, knownAt: day('2026-07-20'), at, actor: 'test' });
    const run = { snapshotId, items: await liveItems(database.db), catalogue: town.catalogue, at, actor: 'test' };
    await runItems(database.db, { ...run, ledgerCut: await transaction(database.db, ledgerCut) });
    await page.goto(`${base}/console/oversight/warnings`);
    await whole();
    await page
      .getByRole('row', { name: /变化过大.*核对变化属实，放行或留着/ })
      .first()
      .getByRole('link')
      .click();
    await page.getByText('个事项与上次相比变化过大').waitFor();
    const held = page.getByRole('table', { name: '各事项' }).getByRole('row', { name: /等人放行/ });
    const before = await held.count();
    await held.first().getByRole('button', { name: '放行' }).click();
    const windowed = page.getByRole('dialog');
    await windowed.getByRole('textbox').fill('已与公安核对，登记过期属实');
    await windowed.getByRole('button', { name: '放行' }).click();
    await page.getByText('已放行，接着结算、告知。').waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await held.nth(before - 1).waitFor({ state: 'detached' });
    const [entry] = await database.sql<
      { reason: string }[]
    >`select reason from audit_entry where action = 'run.release-item' order by id desc limit 1`;
    expect(entry?.reason).toBe('已与公安核对，登记过期属实');
  });

  it('keeps a list of thousands in hand: few rows stand in the page, more come as one scrolls, each says its number', async () => {
    await database.sql`insert into job_run (name, started_at, seen_at, ended_at, outcome, line)
      select 'settlement.settle', now(), now(), now(), 'done', '结算笔数 ' || n from generate_series(1, 1200) as n`;
    await enter('admin.one', ['admin'], '/console/settings/jobs?name=settlement.settle');
    const runs = page.getByRole('table', { name: '历次运行' });
    await runs.getByText('结算笔数 1200').waitFor();
    for (let more = true; more; ) {
      await page.evaluate('scrollTo(0, document.body.scrollHeight)');
      await page.waitForTimeout(50);
      more = (await page.getByText('共 1,200 条').count()) === 0;
    }
    await page.evaluate('scrollTo(0, document.body.scrollHeight)');
    await runs.getByText('结算笔数 1', { exact: true }).waitFor();
    expect([await runs.getAttribute('aria-rowcount'), await runs.locator('tr[aria-rowindex="1201"]').count()]).toEqual(['1201', 1]);
    expect(await runs.locator('tr[data-index]').count()).toBeLessThan(200);
    expect(await findings()).toEqual([]);
    await page.evaluate('scrollTo(0, 0)');
    await runs.getByText('结算笔数 1200').waitFor();
  });

  it('is worked by keyboard: rows by arrows, opened by Enter; letters to screens, a list of them all; nothing of it while somebody types', async () => {
    await enter('officer.one', ['officer'], '/console');
    await page.getByRole('link', { name: '匹配结果', exact: true }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: '匹配批次', level: 1 }).waitFor();
    const rows = page.getByRole('table', { name: '匹配批次' }).locator('tr[data-index]');
    await rows.first().waitFor();
    await rows.first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await page.evaluate('document.activeElement?.dataset.index')).toBe('1');
    await page.keyboard.press('Enter');
    await page.getByRole('table', { name: '各事项' }).waitFor();
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: '快捷键' });
    await keys.getByText('到“早发现”').waitFor();
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: '查一人', level: 1 }).waitFor();
    const field = page.getByLabel('查谁');
    await field.fill('');
    await field.press('?');
    await field.press('g');
    await field.press('w');
    expect([await field.inputValue(), await keys.count()]).toEqual(['?gw', 0]);
    await field.blur();
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement?.id')).toBe(await field.getAttribute('id'));
  });

  it('broke no policy and threw nothing on the way', () => {
    expect(odd).toEqual([]);
  });
});
