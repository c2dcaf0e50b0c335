// Journey (e) in a real browser: somebody calls the hotline about one person; the office finds them, says why, reads the answer out and writes it down, asks that
// somebody looks again and enters what it saw in a document.
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { testDatabase } from '../database.ts';
import { actor, fund } from '../payment/ground.ts';
import { bankSays, referencesOf, word } from '../payment/way.ts';
import { signedIn, type TestApp, testApp } from './app.ts';
import { builtConsole, inChromium, stageOver } from './in-chromium.ts';
import { asOf, at, buildTown, own, ownFirm, ownItem, type Town } from './town.ts';

const order = 'GD-2026-0412';
const why = `reason=call&order=${order}`;

inChromium('a question to the hotline', () => {
  const database = testDatabase();
  let test: TestApp;
  let town: Town;
  const stage = stageOver(database, () => test);
  const { findings } = stage;
  let page: Page;
  let base = '';

  beforeAll(async () => {
    await builtConsole();
    test = testApp(database);
    town = await buildTown(database);
    ({ page, base } = stage);
    await stage.enter('hotline', ['reviewer'], '/console/people');
  });

  it('finds the person by number, with reason and work order in the trail and the number in no address', async () => {
    const [, , third] = own;
    await page.getByLabel('查谁').fill(third?.key ?? '');
    await page.getByRole('button', { name: '查', exact: true }).click();
    await page.getByText('请写工单号，2 到 40 个字').waitFor();
    expect(await findings()).toEqual([]);
    await page.getByLabel('工单号').fill(order);
    await page.getByRole('button', { name: '查', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: '禄**' }).waitFor();
    const address = new URL(page.url());
    expect([address.pathname, address.searchParams.get('order'), address.href.includes(third?.key ?? 'x')]).toEqual([
      ...[`/console/people/${town.own.subjects[2]}`, order, false],
    ]);
    const [trail] = await database.sql<{ reason: string }[]>`select reason from audit_entry where action = 'subject.search'`;
    expect(trail?.reason).toBe(`本人来电来访 ${order}`);
    const row = page.getByRole('row', { name: /高龄津贴/ });
    await row.getByText('待核').waitFor();
    expect(await row.textContent()).toContain('出生日期，应由');
    expect(await findings()).toEqual([]);
  });

  it('says why, condition by condition, with clause, source and the rule’s version, at an address that shows the same again', async () => {
    await page.getByRole('button', { name: /高龄津贴/ }).click();
    const drawer = page.getByRole('dialog', { name: /为什么/ });
    await drawer.getByRole('table', { name: '判定依据' }).first().waitFor();
    const told = (await drawer.textContent()) ?? '';
    for (const part of ['第 1 版', '缺出生日期', '缺数据', '当时', '按现在的数据再判一遍']) expect(told).toContain(part);
    expect(await findings()).toEqual([]);
    await page.reload();
    await drawer.getByRole('table', { name: '判定依据' }).first().waitFor();
    expect(new URL(page.url()).searchParams.get('item')).toBe(ownItem);
  });

  it('asks that somebody else looks again, and takes in what was seen in a document', async () => {
    const drawer = page.getByRole('dialog', { name: /为什么/ });
    await drawer.getByRole('button', { name: '请人重新看' }).click();
    const again = page.getByRole('dialog', { name: '请人重新看' });
    await again.getByLabel('哪里不对').fill('来电说户口本上有出生日期');
    await again.getByLabel('联系电话').fill('13800138000');
    await again.getByRole('button', { name: '登记' }).click();
    await page.getByText('已登记，由另一人在期限内答复。').waitFor();
    expect(await database.sql`select kind, about, state from objection`).toEqual([{ kind: 'human', about: 'undetermined', state: 'open' }]);

    await drawer.getByRole('button', { name: '人工核定' }).click();
    const seen = page.getByRole('dialog', { name: '人工核定' });
    await seen.getByText('出生日期').first().waitFor();
    await seen.getByLabel('材料上的值').fill('1941-01-02');
    const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
    await seen.getByLabel('扫描件（PDF 或图片）').setInputFiles({ name: 'hukou.png', mimeType: 'image/png', buffer: png });
    await seen.getByLabel('所见材料').fill('户口本原件');
    await seen.getByLabel('为什么要核定').fill('公安报送缺出生日期');
    expect(await findings()).toEqual([]);
    await seen.getByRole('button', { name: '录入，交另一人复核' }).click();
    await page.getByText('已录入，等另一人复核后生效。').waitFor();
    expect(await database.sql`select fact, state from attestation`).toEqual([{ fact: 'birthDate', state: 'entered' }]);
  });

  it('drafts the answer with its day, and writes down once what was said', async () => {
    await page.goto(`${base}/console/people/${town.own.subjects[2]}?${why}&tab=reply&item=${ownItem}`);
    const script = page.getByLabel('可以照读的答复（可以改）');
    await page.getByText('2026年4月22日 前答复').waitFor();
    const drafted = await script.inputValue();
    for (const part of ['您好，您的情况', '高龄津贴（2026年4月）：还没有结论，缺出生日期', '这不是不符合']) expect(drafted).toContain(part);
    for (const none of [own[2]?.name, '**']) expect(drafted).not.toContain(none);
    expect(await findings()).toEqual([]);
    await script.fill(`${drafted}\n已请公安核实，另请同事重新看。`);
    await page.getByRole('button', { name: '登记已照此答复' }).click();
    await page.getByRole('table', { name: '以前的答复' }).getByText('已请公安核实').waitFor();
    const kept = await database.sql<{ due: string; sealed: string }[]>`
      select due_on::text as due, encode(reply, 'escape') as sealed from call_reply`;
    expect(kept.map((one) => [one.due, one.sealed.includes('高龄')])).toEqual([['2026-04-22', false]]);
    expect(await database.sql`select reason from audit_entry where action = 'call.reply'`).toEqual([{ reason: `本人来电来访 ${order}` }]);

    const colleague = await signedIn(test, database, 'colleague', ['reviewer']);
    const said = { reason: 'call', order, text: '同一张工单，我也答复了一次。', receivedOn: '2026-04-15', dueOn: null };
    const path = `/api/subjects/${town.own.subjects[2]}/replies`;
    expect((await colleague.postJson(path, { ...said, seen: 0 })).status).toBe(409);
    expect((await colleague.postJson(path, { ...said, seen: 1 })).status).toBe(200);
    await script.fill('再补充一次，照上次说的办理。');
    await page.getByRole('button', { name: '登记已照此答复' }).click();
    await page.getByText('这张工单刚有人答复过，没有再记一次。').waitFor();
    expect((await database.sql`select ordinal from call_reply order by ordinal`).map((one) => one.ordinal)).toEqual([1, 2]);
  });

  it('answers who is paid with where the money is, and a firm alike; a name that is no name stays text', async () => {
    await page.goto(`${base}/console/people/${town.own.subjects[0]}?${why}`);
    const row = page.getByRole('row', { name: /高龄津贴/ });
    await row.getByText('符合', { exact: true }).waitFor();
    expect(await page.getByRole('tab', { name: /^钱/ }).textContent()).toBe('钱 1');
    await page.getByRole('tab', { name: /^钱/ }).click();
    await page.getByRole('table', { name: '钱' }).waitFor();
    expect(await findings()).toEqual([]);
    await page.goto(`${base}/console/people`);
    await page.getByLabel('查谁').fill(ownFirm);
    await page.getByLabel('工单号').fill(order);
    await page.getByRole('button', { name: '查', exact: true }).click();
    await page.getByText('<img src=x').first().waitFor();
    await page.getByText('还没有判定过').waitFor();
    expect(await findings()).toEqual([]);
  });

  /** The first record of the town, reviewed and made public, goes to the bank, which says that it has arrived; its number there. */
  const paid = async (): Promise<{ readonly batchId: string; readonly reference: string; readonly record: string }> => {
    const record = town.own.disbursements[0] ?? '';
    await database.sql`
      update disbursement set state = 'ready', due_on = null, gaps = '{}', step = array_position(flow, 'pay') - 1, revision = revision + 1 where id = ${record}`;
    const now = { now: at, today: asOf, catalogue: town.catalogue };
    const { batch, excluded } = await sealBatch(database.db, {
      ...now,
      sourceId: await fund(database, ownItem),
      payOn: asOf,
      maker: actor('maker'),
    });
    if (batch === null) throw new Error(`nothing sealed: ${JSON.stringify(excluded)}`);
    const content = { batchId: batch.id, hash: batch.hash };
    await approveBatch(database.db, { ...content, person: actor('checker'), now: at });
    const { sha256 } = await prepareRelease(database.db, { ...now, batchId: batch.id });
    await releaseBatch(database.db, { ...now, ...content, sha256, person: actor('issuer') });
    const [reference = ''] = await referencesOf(database, batch.id);
    await bankSays(database, [word(reference, 'paid', { amountFen: batch.totalFen })], 'journey c');
    return { batchId: batch.id, reference, record };
  };

  it('lets an auditor follow one payment from the batch, or from its number at the bank, to its reason, its rule and the words of the policy', async () => {
    const { batchId, reference, record } = await paid();
    const seen: string[] = [];
    page.on('framenavigated', (frame) => seen.push(new URL(frame.url()).pathname));
    await stage.enter('auditor.one', ['auditor'], `/console/payment/batches/${batchId}`);
    await page.getByRole('link', { name: '第 1 笔为什么发' }).click();
    await page.getByRole('table', { name: '进过的批次' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/payment/records/${record}`);
    await page
      .getByRole('row', { name: /已到账/ })
      .first()
      .click();
    await page.getByRole('table', { name: '银行的话' }).getByText('back.csv').waitFor();
    expect(await findings()).toEqual([]);
    // What the bank's statement shows is a number: it leads to the same payment.
    await page.goto(`${base}/console/payment/records`);
    await page.getByLabel('银行流水号').fill(reference);
    await page.getByLabel('银行流水号').press('Enter');
    await page.getByRole('table', { name: '进过的批次' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/payment/records/${record}`);
    await page.getByRole('link', { name: '为什么，看匹配结果' }).click();
    const whys = page.getByRole('table', { name: '各个条件' });
    await whys.waitFor();
    // The value, the department and dataset it came from, and the day that dataset speaks of.
    const told = (await whys.textContent()) ?? '';
    for (const part of ['当月年满80周岁', '公安', '2026年', '满足']) expect(told).toContain(part);
    expect((await page.locator('main').textContent()) ?? '').toContain('高龄津贴“免申即享”办事指南');
    await page.getByRole('button', { name: '重判并证明' }).click();
    await page.getByText('凭留存的依据重判，结论和金额与当时一致。').waitFor();
    expect(await findings()).toEqual([]);
    await page.getByRole('link', { name: '第 1 版' }).click();
    await page.getByText('〔当月年满80周岁〕（第二条）').waitFor();
    await page.goBack();
    // From the condition that was met straight to the paragraph it was made from.
    await whys.getByRole('link', { name: '第二条' }).click();
    await page
      .getByRole('table', { name: '文件原话' })
      .getByRole('row', { name: /^第二条 当月年满80周岁 条件/ })
      .waitFor();
    expect(await findings()).toEqual([]);
    const link = page.getByRole('link', { name: /高龄津贴“免申即享”办事指南/ });
    expect([new URL(page.url()).searchParams.get('version')?.replaceAll('"', ''), await link.getAttribute('href')]).toEqual([
      '1',
      'http://www.kmlq.gov.cn/c/2025-08-21/7044642.shtml',
    ]);
    expect(seen.filter((path) => !path.startsWith('/console'))).toEqual([]);
  });

  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const scan = { name: 'seen.png', mimeType: 'image/png', buffer: png };

  it('names who receives what waits of the dead; what the server says of a field stands at that field', async () => {
    const record = town.other.disbursements[0] ?? '';
    await database.sql`update disbursement set state = 'deceased', window_from = ${asOf}, due_on = ${asOf}, revision = revision + 1 where id = ${record}`;
    await stage.enter('hotline', ['reviewer'], '/console/review/stops?show=waiting');
    await page.getByRole('button', { name: '登记继承人' }).click();
    const form = page.getByRole('dialog', { name: '登记继承人' });
    await form.getByLabel('和逝者的关系').click();
    await page.locator('.ant-select-item-option', { hasText: '子女' }).click();
    await form.getByLabel('姓名').fill('禄小一');
    await form.getByLabel('公民身份号码').fill(`${own[1]?.key.slice(0, 17)}*`);
    await form.getByLabel('收款账号').fill('6222020000099999');
    await form.getByLabel('开户银行').fill('示例银行');
    await form.getByLabel('关系证明扫描件（PDF 或图片）').setInputFiles(scan);
    await form.getByLabel('理由（留痕）').fill('户口本上是独子，公证书在案');
    await form.getByRole('button', { name: '登记继承人' }).click();
    await form.locator('.ant-form-item-has-error').filter({ hasText: '证件号码的位数或校验位不对。' }).waitFor();
    expect([await form.getByLabel('姓名').inputValue(), await findings()]).toEqual(['禄小一', []]);
    await form.getByLabel('公民身份号码').fill(own[1]?.key ?? '');
    await form.getByRole('button', { name: '登记继承人' }).click();
    await page.getByText('已登记，等另一人确认。').waitFor();
    expect(await database.sql`select relation, state from heir`).toEqual([{ relation: 'child', state: 'named' }]);
  });

  it('orders a stop nobody proposed, from the list of stops, for whoever is found', async () => {
    await page.goto(`${base}/console/review/stops`);
    await page.getByRole('link', { name: '新的停发' }).click();
    await page.getByLabel('查谁').fill(own[0]?.key ?? '');
    await page.getByLabel('工单号').fill(order);
    await page.getByRole('button', { name: '查', exact: true }).click();
    const form = page.getByRole('dialog', { name: '停发' });
    await form.getByLabel('停哪个事项').click();
    await page.locator('.ant-select-item-option', { hasText: '高龄津贴' }).click();
    await form.getByLabel('原因').click();
    await page.locator('.ant-select-item-option', { hasText: '迁出' }).click();
    await form.getByLabel('最后一天（去世、迁出的那一天）').fill('2028-01-31');
    await form.getByLabel('凭据扫描件（PDF 或图片）').setInputFiles(scan);
    await form.getByLabel('理由（告知本人，留痕）').fill('女儿来电，已迁往昆明，看过迁移证');
    await form.getByRole('button', { name: '停发' }).click();
    await form.locator('.ant-form-item-has-error').filter({ hasText: '最后一天不对。' }).waitFor();
    expect([await database.sql`select id from stop_order`, await findings()]).toEqual([[], []]);
    await form.getByLabel('最后一天（去世、迁出的那一天）').fill('2026-04-20');
    await form.getByRole('button', { name: '停发' }).click();
    await page.getByText('已写下停发决定').waitFor();
    const [made] = await database.sql<{ kind: string; day: string; subject: string }[]>`
      select kind, last_on::text as day, subject_id as subject from stop_order`;
    expect([made, new URL(page.url()).searchParams.get('act')]).toEqual([
      ...[{ kind: 'moved', day: '2026-04-20', subject: town.own.subjects[0] }, null],
    ]);
  });
});
