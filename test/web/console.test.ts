// The console in a real browser: signing in, the frame by role, a batch from sealing to the bank's answer by its people, a queue decided with a reason each,
// what is refused and how it is said, and nothing serious by axe-core.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/base/day.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { transaction } from '../../src/db/handle.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { proposeRecoveries } from '../../src/disbursement/recovery.ts';
import { readBands, setBands } from '../../src/payment/bands.ts';
import { sampleKey } from '../../src/today.ts';
import { changeAccount, createAccount } from '../../src/web/account.ts';
import { bundleBuilt, consoleFolder, freshBundle } from '../../src/web/bundle.ts';
import type { Role } from '../../src/web/role.ts';
import { grantScope, staffAccounts, userIdOf } from '../../src/web/store.ts';
import { testDatabase } from '../database.ts';
import { lifeOf } from '../disbursement/ground.ts';
import { paying, person, publishable, ready } from '../payment/ground.ts';
import { broken, calendar, complete, itemOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { everything, type TestApp, testApp } from './app.ts';
import { accountOf, builtConsole, inChromium, signInOn, stageOver } from './in-chromium.ts';
import { type Bound, boundAccount, totp } from './totp.ts';

const database = testDatabase();
let test: TestApp;
const stage = stageOver(database, () => test);
let base = '';
beforeAll(async () => {
  await builtConsole();
  test = testApp(database);
  // Sessions live by the machine's clock.
  test.clock = new Date();
  ({ base } = stage);
});

describe('the files', () => {
  it('are built from the sources as they are, small enough to open at once', () => {
    expect(freshBundle()).not.toBe(null);
    // Styles of a page loaded later count as sources, too.
    expect(bundleBuilt()?.files).toContain('src/web/console/policy/style.css');
    const kilobytes = (bundleBuilt()?.baseBytes ?? 0) / 1024;
    expect(kilobytes).toBeGreaterThan(100);
    expect(kilobytes).toBeLessThan(480);
  });

  it('come packed, for ever, with a policy that lets in no other script; the page itself is asked for each time', async () => {
    const get = (path: string) => fetch(base + path);
    const page = await get('/console/payment/batches?state=sealed');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect([page.status, page.headers.get('cache-control'), policy.includes("script-src 'self';"), policy.includes('unsafe-eval')]).toEqual(
      [...[200, 'no-cache', true, false]],
    );
    const [, asset = ''] = /src="(\/console\/assets\/[^"]+)"/.exec(await page.text()) ?? [];
    const script = await get(asset);
    expect([script.status, script.headers.get('cache-control'), script.headers.get('content-encoding')]).toEqual([
      ...[200, 'public, max-age=31536000, immutable', 'gzip'],
    ]);
    expect(await script.text()).toBe(readFileSync(join(consoleFolder, asset.replace('/console/', '')), 'utf8'));
    for (const path of ['/console/assets/none.js', '/console/assets/..%2Findex.html', '/console/assets/%2e%2e%2fbuild.json'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    expect((await get('/staff/sign-in')).headers.get('content-security-policy')).not.toContain('script-src');
  });
});

inChromium('in a browser', () => {
  const { findings, odd } = stage;
  let page: Page;
  let finance = '';
  let admin = '';
  beforeAll(() => {
    ({ page } = stage);
  });
  const account = (username: string, roles: readonly Role[]) => accountOf(test, database, username, roles);
  const signIn = async (username: string, password: string, path = '/console'): Promise<void> => {
    await page.context().clearCookies();
    await page.goto(base + path);
    await signInOn(page, { username, password });
  };

  /** The session somebody has who bound an authenticator. */
  const enter = async ({ one }: Bound, path: string): Promise<void> => {
    await page.context().clearCookies();
    await page.context().addCookies([...one.cookies].map(([name, value]) => ({ name, value, url: base })));
    await page.goto(base + path);
  };

  /** Somebody sits at another desk from now on. */
  const moved = async (username: string, roles: readonly Role[]): Promise<void> => {
    const userId = (await userIdOf(database.db, username)) ?? '';
    await transaction(database.db, (tx) => grantScope(tx, userId, roles, everything));
  };

  /** Acts that are another's, tried by whoever sits at the page, past its buttons. */
  const tried = (...paths: readonly string[]): Promise<readonly string[]> =>
    page.evaluate(
      async (all) =>
        await Promise.all(
          all.map(async (path) => {
            const headers = { 'content-type': 'application/json', accept: 'application/json' };
            const answer = await fetch(path, { method: 'POST', headers, body: '{}' });
            const told = (await answer.json()) as { readonly problems?: readonly { readonly code: string }[] };
            return `${answer.status} ${told.problems?.[0]?.code}`;
          }),
        ),
      [...paths],
    );
  const notTheirs = (...paths: readonly string[]) => paths.map(() => '403 scope.role');

  it('says what a wrong password means, and opens the address that was asked for after a right one', async () => {
    finance = await account('finance.one', ['finance-maker']);
    await signIn('finance.one', 'not-it', '/console/payment/batches?state=sealed');
    await page.getByRole('alert').getByText('用户名或密码不对').waitFor();
    expect(await findings()).toEqual([]);
    await signIn('finance.one', finance, '/console/payment/batches?state=sealed');
    await page.getByRole('heading', { name: '批次', level: 1 }).waitFor();
    await page.getByText('没有符合这些条件的批次').waitFor();
    expect([new URL(page.url()).searchParams.get('state'), (await page.locator('.filters').textContent())?.includes('待复核')]).toEqual([
      'sealed',
      true,
    ]);
    expect(await findings()).toEqual([]);
  });

  it('offers what the role has to do, by name, and an address that is none is said to be none', async () => {
    const nav = page.getByRole('navigation', { name: '主导航' });
    expect(await nav.getByRole('link').allTextContents()).toEqual(expect.arrayContaining(['待我处理', '批次']));
    expect(await nav.getByText('账号').count()).toBe(0);
    await page.goto(`${base}/console/nothing/here`);
    await page.getByText('没有这个页面').waitFor();
    expect(await findings()).toEqual([]);
    admin = await account('admin.one', ['admin']);
    await signIn('admin.one', admin);
    await nav.getByText('账号').waitFor();
    expect(await nav.getByText('批次', { exact: true }).count()).toBe(0);
  });

  it('loses nothing that was typed when the session ends, counts a double click once, and says whether an act counted whose answer was lost', async () => {
    const made = async () =>
      (await database.sql<{ username: string }[]>`select username from "user" where username like 'typed.%' order by username`).map(
        (one) => one.username,
      );
    const windowed = page.getByRole('dialog', { name: '新账号' });
    const over = page.getByRole('dialog', { name: '请重新登录' });
    const begin = async (username: string) => {
      await page.getByRole('button', { name: '新账号' }).click();
      await windowed.getByLabel('用户名').fill(username);
      await windowed.getByLabel('姓名').fill('填了一半的人');
      await windowed.getByRole('checkbox', { name: '财政经办' }).check();
    };
    await page.goto(`${base}/console/settings/accounts`);
    await begin('typed.one');
    // A click beside the window is a slip.
    await page.mouse.click(700, 880);
    expect(await windowed.getByLabel('姓名').inputValue()).toBe('填了一半的人');
    // What the page still asks would bring the form before the click does.
    await page.waitForLoadState('networkidle');
    await page.context().clearCookies();
    await windowed.getByRole('button', { name: '新建' }).dblclick();
    await over.getByText('填了一半的还在').waitFor();
    expect(await findings()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    expect([await over.isVisible(), await page.locator('.frame').isVisible(), await made()]).toEqual([true, false, []]);
    // The same person is back, and what was pressed goes on.
    await signInOn(page, { username: 'admin.one', password: admin });
    await page.getByText('“typed.one”的密码：').waitFor();
    expect([await made(), await over.count()]).toEqual([['typed.one'], 0]);
    await page.getByRole('button', { name: '已交给本人' }).click();
    // It counted, and the answer never came.
    const clicked = Promise.withResolvers<void>();
    await page.route('**/api/accounts', async (route) => {
      if (route.request().method() !== 'POST') return await route.continue();
      await clicked.promise;
      await route.fetch();
      await route.abort();
    });
    await begin('typed.two');
    await windowed.getByRole('button', { name: '新建' }).dblclick();
    clicked.resolve();
    await windowed.getByText('还不知道这一步办成了没有').waitFor();
    await windowed.getByRole('button', { name: '看办成没有' }).click();
    await windowed.getByRole('list', { name: '这段时间办成的' }).getByText('账号 新建').first().waitFor();
    expect([await made(), await findings()]).toEqual([['typed.one', 'typed.two'], []]);
    await page.unroute('**/api/accounts');
    // Somebody else takes the seat: nothing of it is there for them, and nothing that was asked happens in their name.
    await windowed.getByLabel('用户名').fill('typed.three');
    await page.context().clearCookies();
    await windowed.getByRole('button', { name: '新建', includeHidden: true }).dispatchEvent('click');
    await over.waitFor();
    await signInOn(page, { username: 'finance.one', password: finance });
    await page.locator('.side footer').getByText('甲finance.one').waitFor();
    expect([await windowed.count(), await over.count(), await made()]).toEqual([0, 0, ['typed.one', 'typed.two']]);
  });

  it('takes a batch from sealing to the answer of the bank: each step by its own person, the second factor where it is owed', async () => {
    await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, test.clock);
    await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: test.clock });
    await ready(
      database,
      { A: person('甲', 1), B: person('乙', 2), C: person('丙', 3) },
      {
        item: paying('a', { overpaid: { tellWorkingDays: 5, dueMonths: 3, clause: '第十二条' } }),
      },
    );
    const bands = [{ upToFen: null, checkers: 2, roles: [] }];
    await transaction(database.db, (tx) => setBands(tx, bands, { actor: 'head', role: 'finance-head', at: test.clock }));
    await signIn('maker.one', await account('maker.one', ['finance-maker']), '/console/payment/openings');
    await page.getByRole('button', { name: /^封批/ }).click();
    const windowed = page.getByRole('dialog');
    await windowed.getByRole('button', { name: '封批' }).click();
    await windowed.getByText('没有人被留下').waitFor();
    await windowed.getByRole('link', { name: '看这一批' }).click();
    await page.getByText('还要 2 人复核').waitFor();
    expect(await page.locator('.page-head .amount').textContent()).toBe('300.00 元');
    expect(await page.getByRole('button', { name: '复核通过' }).count()).toBe(0);
    expect(await findings()).toEqual([]);
    const address = new URL(page.url()).pathname;

    const batch = address.replace('/console/payment/batches/', '/api/batches/');
    // Whoever sealed neither checks nor lets out; whoever checks neither seals, lets out nor brings the bank's answer; whoever lets out neither seals nor checks.
    const [seals, checks, lets, brings] = [
      ['/api/batches'],
      [`${batch}/approve`],
      [`${batch}/issue`, `${batch}/release`],
      ['/api/results'],
    ];
    const never = { maker: [...checks, ...lets], checker: [...seals, ...lets, ...brings], issuer: [...seals, ...checks, ...brings] };
    expect(await tried(...never.maker)).toEqual(notTheirs(...never.maker));

    // Whoever sealed may have moved to the checkers' desk since: the button is there, this batch is not hers to check.
    const twice = () => page.getByText('同一个人在一个批次里只能办一步').first().waitFor();
    await moved('maker.one', ['finance-checker']);
    await page.goto(base + address);
    await page.getByRole('button', { name: '复核通过' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '复核通过' }).click();
    await twice();
    expect(await findings()).toEqual([]);

    const checker = await boundAccount(test, database, 'checker.one', ['finance-checker']);
    await enter(checker, `${address}?tab=lines`);
    await page.getByRole('button', { name: '复核通过' }).waitFor();
    expect(await tried(...never.checker)).toEqual(notTheirs(...never.checker));
    expect(await page.getByRole('link', { name: '甲' }).getAttribute('href')).toMatch(/^\/console\/people\/.+reason=handle/);
    await page.getByRole('button', { name: '复核通过' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '复核通过' }).click();
    const proof = page.getByRole('dialog', { name: '请当场验证动态口令' });
    await proof.getByLabel('手机验证器上的六位数字').fill('000000');
    await proof.getByRole('button', { name: '验证并继续' }).click();
    await proof.getByRole('alert').getByText('动态口令不对').waitFor();
    test.clock = new Date(test.clock.getTime() + 90_000);
    await proof.getByLabel('手机验证器上的六位数字').fill(checker.code(test.clock.getTime()));
    await proof.getByRole('button', { name: '验证并继续' }).click();
    await page.getByText('还要 1 人复核').waitFor();
    // Two checkers are two people.
    await page.getByRole('button', { name: '复核通过' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '复核通过' }).click();
    await twice();
    await signIn('checker.two', await account('checker.two', ['finance-checker']), address);
    await page.getByRole('button', { name: '复核通过' }).click();
    await page.getByRole('tooltip').getByRole('button', { name: '复核通过' }).click();
    await page.getByText('复核已齐，等财政签发：').waitFor();

    // Whoever has checked it does not let it out either, at whichever desk she sits by now.
    await moved('checker.two', ['finance-issuer']);
    await page.reload();
    await page.getByRole('button', { name: '生成报盘文件' }).click();
    await page.getByText('没有扣下的，全批报盘。').waitFor();
    await page.getByRole('button', { name: '签发 300.00 元' }).click();
    await twice();

    const issuer = await boundAccount(test, database, 'issuer.one', ['finance-issuer']);
    await enter(issuer, address);
    await page.getByRole('button', { name: '生成报盘文件' }).waitFor();
    expect(await tried(...never.issuer)).toEqual(notTheirs(...never.issuer));
    await page.getByRole('button', { name: '生成报盘文件' }).click();
    test.clock = new Date(test.clock.getTime() + 90_000);
    await proof.getByLabel('手机验证器上的六位数字').fill(issuer.code(test.clock.getTime()));
    await proof.getByRole('button', { name: '验证并继续' }).click();
    await page.getByText('没有扣下的，全批报盘。').waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: '签发 300.00 元' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '取报盘文件' }).click()]);
    expect(readFileSync(await file.path(), 'utf8')).toContain('甲');

    const lines = await database.sql<
      { id: string; who: string }[]
    >`select end_to_end_id as id, payee_name as who from payment_line order by position`;
    const said = lines.map(({ id }, i) => (i === 1 ? `${id},退汇,100.00,账户已销户` : `${id},成功,100.00,`));
    await signIn('maker.two', await account('maker.two', ['finance-maker']), '/console/payment/results');
    const back = Buffer.from(['流水号,处理结果,金额,失败原因', ...said, ''].join('\r\n'));
    await page.getByLabel('银行回盘文件').setInputFiles({ name: 'back.csv', mimeType: 'text/csv', buffer: back });
    await page.getByText('这是试算，还没有记账。').waitFor();
    expect((await database.sql`select id from line_event where kind = 'paid'`).length).toBe(0);
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: '确认导入' }).click();
    await page.getByText('已导入。').waitFor();
    expect((await database.sql`select id from line_event where kind = 'paid'`).length).toBe(2);

    await page.getByRole('link', { name: '退汇', exact: true }).first().click();
    await page.getByRole('button', { name: /^更正/ }).click();
    const right = page.getByRole('dialog');
    await right.getByText('原账户不能再用').waitFor();
    await right.getByLabel('新账号').fill('6222020000099999');
    await right.getByLabel('依据').fill('本人来窗口提供新卡');
    await right.getByRole('button', { name: '更正，下一批重发' }).click();
    await page.getByText('没有待更正的退汇。').waitFor();
    await page.goto(`${base}/console/payment/statement`);
    await page.getByText('各处合计一致').waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('link', { name: '月报', exact: true }).click();
    await page.getByText('与账面一致').waitFor();
    expect([await page.locator('.page-head .amount').textContent(), await tried('/api/month-closes')]).toEqual([
      ...['200.00 元 到账', ['403 scope.role']],
    ]);
    expect(await findings()).toEqual([]);
    await page.getByRole('link', { name: '额度进度', exact: true }).click();
    await page.getByRole('table', { name: '额度进度' }).getByRole('link').first().click();
    await page.getByRole('img', { name: /额度逐月/ }).waitFor();
    await page.getByText('据实保障，不封顶。').first().waitFor();
    expect(await findings()).toEqual([]);
    // 局长一页纸 is one page.
    await page.goto(`${base}/api/reports/chief`);
    const printed = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(printed.match(/\/Type\s*\/Page\b/g)?.length).toBe(1);
    await page.goto(`${base}/console`);
    expect(await broken(database)).toEqual([]);
  });

  it('registers where money comes from and when it goes out; what it refuses stands at its field', async () => {
    await stage.enter('maker.three', ['finance-maker'], '/console/payment/sources?act=new');
    const form = page.getByRole('dialog', { name: '登记资金来源' });
    await form.getByLabel('事项').click();
    await page.locator('.ant-select-item-option').first().click();
    const filled = {
      ...{ 指标文号: '云财社〔2026〕88号', '指标金额（元）': '5000.00', 项目编码: 'P-88', 科目编码: '2080502' },
      ...{
        付款户名: '示例县财政局',
        付款账号: '53001234567890',
        代理银行: '示例银行',
        '付款行联行号（12 位）': '313651027013',
        '份额（%，不分摊的留空）': '60',
      },
    };
    for (const [label, value] of Object.entries(filled)) await form.getByLabel(label, { exact: true }).fill(value);
    for (const [label, value] of [
      ['预算级次', '县级'],
      ['资金性质', '预算资金'],
      ['报盘格式', '代理银行批量代发（CSV，UTF-8）'],
    ] as const) {
      await form.getByLabel(label).click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: value }).click();
    }
    await form.getByRole('button', { name: '登记资金来源' }).click();
    await form.locator('.ant-form-item-has-error').filter({ hasText: '付款行联行号不对。' }).waitFor();
    expect(await findings()).toEqual([]);
    await form.getByLabel('付款行联行号（12 位）').fill('313651027012');
    await form.getByRole('button', { name: '登记资金来源' }).click();
    const row = page.getByRole('table', { name: '资金来源' }).getByRole('row', { name: /88号/ });
    await row.getByText('份额合计 60%，不能封批').waitFor();
    expect(new URL(page.url()).searchParams.get('act')).toBe(null);
    await row.getByRole('button', { name: '停用' }).click();
    const ending = page.getByRole('dialog', { name: '停用' });
    await ending.getByText(/余额 5,000.00 元不再据此封批/).waitFor();
    await ending.getByLabel('理由').fill('指标收回');
    await ending.getByRole('button', { name: '停用' }).click();
    await row.waitFor({ state: 'detached' });
    expect(
      await database.sql`select ended_at is not null as ended, share_bp as share from funding_source where document like '%88号'`,
    ).toEqual([{ ended: true, share: 6000 }]);

    await page.getByRole('link', { name: '发放日', exact: true }).click();
    await page.getByRole('button', { name: '登记停办期' }).click();
    const span = page.getByRole('dialog', { name: '登记停办期' });
    await span.getByLabel('第一天').fill('2027-12-31');
    await span.getByLabel('最后一天').fill('2027-12-26');
    await span.getByLabel('理由').fill('年终封账');
    await span.getByRole('button', { name: '登记停办期' }).click();
    await span.locator('.ant-form-item-has-error').filter({ hasText: '止日在起日之前。' }).waitFor();
    await span.getByLabel('第一天').fill('2027-12-24');
    await span.getByRole('button', { name: '登记停办期' }).click();
    await page.getByRole('button', { name: '登记发放日' }).click();
    await page.getByRole('dialog', { name: '登记发放日' }).getByLabel('发放日', { exact: true }).fill('2027-12-20');
    await page.getByRole('dialog', { name: '登记发放日' }).getByRole('button', { name: '登记发放日' }).click();
    const days = page.getByRole('table', { name: '发放日和停办期' });
    await days.getByText('2027年12月20日').waitFor();
    expect(await findings()).toEqual([]);
    for (const day of [/12月20日/, /12月24日/]) {
      const one = days.getByRole('row', { name: day });
      await one.getByRole('button', { name: '撤销' }).click();
      await page.getByRole('dialog', { name: '撤销' }).getByLabel('理由').fill('登记错了');
      await page.getByRole('dialog', { name: '撤销' }).getByRole('button', { name: '撤销' }).click();
      await one.waitFor({ state: 'detached' });
    }
    expect(await database.sql`select kind from payment_calendar where ended_at is not null order by kind`).toEqual([
      { kind: 'freeze' },
      { kind: 'pay' },
    ]);
  });

  it('decides on a queue with a reason each, tried first; what another has decided meanwhile is refused and says so', async () => {
    const names = ['D', 'E'];
    await settlePeople(database, Object.fromEntries(names.map((name) => [name, complete])));
    await publish(database, [
      itemOf('r', { review: { levels: [{ name: '审核' }] }, flow: { first: ['guard', 'review', 'pay'], continuing: ['pay'] } }),
    ]);
    await runWith(
      database,
      names.map((subject) => ({ item: 'r', subject })),
    );
    await lifeOf(database).tick();
    await signIn('reviewer.one', await account('reviewer.one', ['reviewer']));
    await page.getByRole('table').getByRole('link', { name: '待审核' }).click();
    await page.getByText('2 件，先到期的在前。').waitFor();
    await page.getByRole('checkbox', { name: '全选' }).check();
    await page.getByRole('button', { name: '领取 2 件' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '领取' }).click();
    await page.getByText('已领取 2 件。').waitFor();
    await page.getByText('我领的', { exact: true }).click();
    expect(new URL(page.url()).searchParams.get('whose')).toBe('mine');
    await page.getByRole('checkbox', { name: '全选' }).check();
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: '办理选中的 2 件' }).click();
    const windowed = page.getByRole('dialog');
    expect(await windowed.getByRole('button', { name: '先试办' }).isDisabled()).toBe(true);
    await windowed.getByLabel('填入每一件的理由').fill('材料齐全，同意');
    // Tried, and no more: the button that acts comes to stand where this one was.
    await windowed.getByRole('button', { name: '先试办' }).dblclick();
    await windowed.getByText('可以办理 2 件').waitFor();
    expect(await findings()).toEqual([]);
    const states = async () =>
      (await database.sql<{ state: string }[]>`select state from disbursement where item_id = 'r'`).map((one) => one.state);
    expect(await states()).toEqual(['reviewing', 'reviewing']);
    await database.sql`update disbursement set revision = revision + 1 where id = (select min(id::text)::uuid from disbursement where item_id = 'r')`;
    await windowed.getByRole('button', { name: '办理可以办的 2 件' }).click();
    await windowed.getByText('没有办理 1 件').waitFor();
    await windowed.getByText('导出之后已经有变动').waitFor();
    expect(await windowed.getByRole('button', { name: '先不办' }).count()).toBe(0);
    expect((await states()).toSorted()).toEqual(['ready', 'reviewing']);
    await windowed.getByRole('button', { name: '知道了' }).click();
    await page.getByText('1 件，先到期的在前。').waitFor();
  });

  it('says that all which is listed is not all there is, and acts on what was ticked', async () => {
    const names = Array.from({ length: 104 }, (_, n) => `Q${n}`);
    await settlePeople(database, Object.fromEntries(names.map((name) => [name, complete])));
    await runWith(
      database,
      names.map((subject) => ({ item: 'r', subject })),
    );
    await lifeOf(database).tick();
    await page.reload();
    await page.getByText('全部', { exact: true }).click();
    await page.getByRole('checkbox', { name: '全选列出的 100 条' }).check();
    const short = page.getByText('选中的是列出的 100 条；另外 5 条还没有列出来，没有选上。');
    await short.waitFor();
    await page.getByRole('button', { name: '办理选中的 100 件' }).waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: '再列 100 条' }).click();
    await page.getByRole('checkbox', { name: '全选', exact: true }).check();
    await page.getByRole('button', { name: '办理选中的 105 件' }).waitFor();
    expect(await short.count()).toBe(0);
  });

  it('gives up what cannot be had back by three people, none of them twice', async () => {
    await runWith(database, [{ item: 'a', subject: 'A', verdict: 'ineligible', kind: 'ended' }]);
    await lifeOf(database).tick();
    await proposeRecoveries(database.db, { now: test.clock, today, calendar });
    const at = '/console/payment/recoveries';
    await stage.enter('reviewer.two', ['reviewer'], at);
    const reasoned = async (name: string) => {
      await page.getByRole('button', { name, exact: true }).click();
      await page.getByRole('dialog', { name }).getByLabel('理由').fill('法院终结执行裁定书');
      await page.getByRole('dialog', { name }).getByRole('button', { name }).click();
    };
    await reasoned('立案');
    await page.getByRole('button', { name: '分期退' }).click();
    const plan = page.getByRole('dialog', { name: '分期退' });
    const parts = plan.getByLabel('退（元）');
    expect(await parts.inputValue()).toBe('100.00');
    await parts.fill('40');
    await plan.getByRole('button', { name: '加一期' }).click();
    expect(await parts.nth(1).inputValue()).toBe('60.00');
    await plan.getByRole('textbox', { name: '第 1 期' }).fill(addDays(today, 40));
    await plan.getByRole('textbox', { name: '第 2 期' }).fill(addDays(today, 30));
    await plan.getByLabel('理由').fill('家庭困难，双方说定');
    expect(await findings()).toEqual([]);
    await plan.getByRole('button', { name: '分期退' }).click();
    await plan.getByText('从明天起，一期比一期晚。').waitFor();
    await plan.getByRole('textbox', { name: '第 2 期' }).fill(addDays(today, 70));
    await plan.getByRole('button', { name: '分期退' }).click();
    await page.getByText('已定分期，会告知当事人。').waitFor();
    expect(await database.sql`select due_on::text as day, amount_fen::int as fen from recovery_plan order by due_on`).toEqual([
      { day: addDays(today, 40), fen: 4000 },
      { day: addDays(today, 70), fen: 6000 },
    ]);
    await reasoned('提出核销');
    await page.getByText('核销由别人审批').waitFor();
    expect(await findings()).toEqual([]);
    const agree = async () => {
      await page.getByRole('button', { name: '同意核销' }).click();
      await page.getByRole('tooltip').getByRole('button', { name: '同意核销' }).click();
    };
    await stage.enter('maker.three', ['finance-maker'], at);
    await agree();
    await page.getByText('核销由别人审批').waitFor();
    await page.getByText(/甲maker.three 已同意/).waitFor();
    await stage.enter('reviewer.three', ['reviewer'], at);
    await agree();
    await page.getByRole('table', { name: '追回' }).getByText('已结清').waitFor();
    expect(await database.sql`select w.state, r.state as case from write_off w join recovery r on r.id = w.recovery_id`).toEqual([
      { state: 'approved', case: 'closed' },
    ]);
    expect(await broken(database)).toEqual([]);
  });

  it('binds the second factor without leaving the console, and takes a recovery code once where the phone is not at hand', async () => {
    const who = { username: 'new.one', name: '新来的', roles: ['reviewer'], scope: everything } as const;
    const { password } = await createAccount(test.auth, database.db, who, 'test', test.clock);
    await signIn('new.one', password, '/console/review/stops');
    await page.getByRole('heading', { name: '绑定动态口令' }).waitFor();
    await page.getByLabel('登录密码').fill('not-it-at-all');
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('alert').getByText('密码不对。').waitFor();
    await page.getByLabel('登录密码').fill(password);
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByRole('img', { name: '绑定用的二维码' }).waitFor();
    expect(await findings()).toEqual([]);
    const secret = (await page.locator('code').textContent()) ?? '';
    const code = page.getByLabel('手机验证器上的六位数字');
    await code.fill('12345');
    await page.getByRole('button', { name: '完成绑定' }).click();
    await page.getByRole('alert').getByText('动态口令不对。').waitFor();
    await code.fill(totp(secret, Date.now()));
    await page.getByRole('button', { name: '完成绑定' }).click();
    const codes = page.getByRole('list', { name: '备用码' });
    await codes.waitFor();
    expect(await findings()).toEqual([]);
    const [spare = ''] = await codes.getByRole('listitem').allTextContents();
    await page.getByRole('button', { name: '已抄下，进入工作台' }).click();
    await page.getByRole('heading', { name: '停发和继承人', level: 1 }).waitFor();
    const again = await page.evaluate(async (body) => {
      const headers = { 'content-type': 'application/json', accept: 'application/json' };
      return (await fetch('/api/session/two-factor', { method: 'POST', headers, body })).text();
    }, JSON.stringify({ password }));
    expect(again).toContain('state.two-factor');

    await signIn('new.one', password);
    await code.fill(spare);
    await page.getByRole('button', { name: '继续' }).click();
    await page.getByRole('heading', { name: '待我处理', level: 1 }).waitFor();
    await signIn('new.one', password);
    await code.fill(spare);
    await page.getByRole('button', { name: '继续' }).click();
    await page.getByRole('alert').getByText('动态口令不对或已过期。').waitFor();
    await code.fill(totp(secret, Date.now()));
    await page.getByRole('button', { name: '继续' }).click();
    await page.getByRole('heading', { name: '待我处理', level: 1 }).waitFor();
    const done =
      await database.sql`select action from audit_entry where action in ('account.bind-totp', 'account.recovery-code') and object_id = (
      select id from "user" where username = 'new.one') order by at, action`;
    expect(done.map((one) => one.action)).toEqual(['account.bind-totp', 'account.recovery-code']);
  });

  it('says by what amount how many have to check, and has it changed by those who check', async () => {
    await stage.enter('maker.three', ['finance-maker'], '/console/payment/batches');
    await page.getByText('复核档次：以上：2 人复核').waitFor();
    expect(await page.getByRole('button', { name: '改复核档次' }).count()).toBe(0);
    await stage.enter('head.three', ['finance-head'], '/console/payment/batches');
    await page.getByRole('button', { name: '改复核档次' }).click();
    const windowed = page.getByRole('dialog', { name: '改复核档次' });
    await windowed.getByRole('button', { name: '加一档' }).click();
    await windowed.getByLabel('不超过（元）').fill('500000');
    await windowed.getByLabel('几人复核').first().fill('3');
    await windowed.getByRole('checkbox', { name: '要有财政负责人' }).last().check();
    expect(await findings()).toEqual([]);
    await windowed.getByRole('button', { name: '改复核档次' }).click();
    await windowed.getByText('人数 1 至 5，人数和要有的岗位只增不减').waitFor();
    await windowed.getByLabel('几人复核').first().fill('1');
    await windowed.getByRole('button', { name: '改复核档次' }).click();
    await page.getByText('复核档次：不超过 500,000.00 元：1 人复核；以上：2 人复核，要有财政负责人。').waitFor();
    expect(await readBands(database.db)).toEqual([
      { upToFen: 50_000_000n, checkers: 1, roles: [] },
      { upToFen: null, checkers: 2, roles: ['finance-head'] },
    ]);
  });

  it('gives an account its part of the country and of the items by name, and says it by name', async () => {
    await signIn('admin.one', admin, '/console/settings/accounts');
    await page.getByRole('button', { name: '新账号' }).click();
    const windowed = page.getByRole('dialog', { name: '新账号' });
    await windowed.getByLabel('用户名').fill('part.one');
    await windowed.getByLabel('姓名').fill('只管一个县的');
    await windowed.getByRole('checkbox', { name: '部门审核' }).check();
    for (const [label, text] of [
      ['区划', '测试县'],
      ['事项', '事项a'],
    ] as const) {
      await windowed.getByRole('combobox', { name: `${label}（空着就是全部）` }).fill(text);
      await page.locator('.ant-select-dropdown:visible .ant-select-item-option', { hasText: text }).first().click();
      await page.keyboard.press('Escape');
    }
    expect(await findings()).toEqual([]);
    await windowed.getByRole('button', { name: '新建' }).click();
    await page.getByText('“part.one”的密码：').waitFor();
    await page
      .getByRole('row', { name: /part\.one/ })
      .getByText('全部部门 · 区划 测试县 530128 · 事项 事项a')
      .waitFor();
    const kept = (await staffAccounts(database.db)).find(({ username }) => username === 'part.one');
    expect(kept?.scope).toEqual({ authorities: null, divisions: ['530128'], items: ['a'] });
  });

  it('tells whoever sits at a page that they work for others now, and says for whom: an emptied list is not taken for lost data', async () => {
    await signIn('finance.one', finance, '/console/payment/batches');
    await page.getByRole('table', { name: '批次' }).waitFor();
    await page.getByRole('link', { name: '可以封批' }).click();
    await page.getByRole('heading', { name: '可以封批', level: 1 }).waitFor();
    await changeAccount(
      database.db,
      {
        ...{ username: 'finance.one', roles: ['finance-maker'], was: ['finance-maker'] },
        scope: { authorities: ['别的局'], divisions: ['530128'], items: null },
      },
      { userId: 'admin', username: 'admin.one', reason: '改管别的局', at: test.clock },
    );
    // What the page before still asks may bring the form first: it covers the link then, and a pointer would wait for ever.
    await page.getByRole('link', { name: '退汇', exact: true, includeHidden: true }).dispatchEvent('click');
    await page.getByRole('dialog', { name: '请重新登录' }).waitFor();
    await signInOn(page, { username: 'finance.one', password: finance });
    const told = page.getByText('您的范围刚被调整，现在是：部门 别的局，区划 测试县，全部事项。');
    await told.waitFor();
    await expect.poll(() => page.getByRole('table', { name: '批次' }).count()).toBe(0);
    expect(await findings()).toEqual([]);
    await page.getByRole('button', { name: '按现在的范围重开' }).click();
    await told.waitFor({ state: 'hidden' });
  });

  it('is over for whoever signs out, and asks for the password again', async () => {
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByLabel('用户名').waitFor();
    expect((await page.request.get(`${base}/api/session`)).status()).toBe(401);
  });

  it('broke no policy and threw nothing on the way', () => {
    expect(odd).toEqual([]);
  });
});
