// The last steps of money in a real browser, where something changes on the way: people die after the batch was checked and again after the file was looked at, the
// same person acts in two windows, the year ends, and somebody loses the post while a reason is half written.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { transaction } from '../../src/db/handle.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { sampleKey } from '../../src/today.ts';
import type { Role } from '../../src/web/role.ts';
import { grantScope, userIdOf } from '../../src/web/store.ts';
import { testDatabase } from '../database.ts';
import { actor, payDay, paying, person, publishable, ready, retell, steps } from '../payment/ground.ts';
import { broken, idOf, today } from '../settlement/ground.ts';
import { everything, type TestApp, testApp } from './app.ts';
import { builtConsole, inChromium, stageOver } from './in-chromium.ts';
import { type Bound, boundAccount } from './totp.ts';

inChromium('the last steps of money', () => {
  const database = testDatabase();
  let test: TestApp;
  const stage = stageOver(database, () => test);
  let issuer: Bound;
  let page: Page;
  let batchId = '';

  const prove = async (): Promise<void> => {
    test.clock = new Date(test.clock.getTime() + 90_000);
    const proof = page.getByRole('dialog', { name: '请当场验证动态口令' });
    await proof.getByLabel('手机验证器上的六位数字').fill(issuer.code(test.clock.getTime()));
    await proof.getByRole('button', { name: '验证并继续' }).click();
  };
  const moved = async (...roles: readonly Role[]): Promise<void> => {
    const userId = (await userIdOf(database.db, 'issuer.one')) ?? '';
    await transaction(database.db, (tx) => grantScope(tx, userId, roles, everything));
  };
  /** The civil day of the books. */
  const itIs = (asOf: string) => writeSetting(database.db, sampleKey, { asOf, firms: 0, residents: 0, seed: 0 }, test.clock);

  beforeAll(async () => {
    await builtConsole();
    ({ page } = stage);
    test = testApp(database);
    // Sessions live by the machine's clock.
    test.clock = new Date();
    await itIs(today);
    await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: test.clock });
    const item = paying('a', { budget: { kind: 'limited', yuan: 1000, order: 'deathDate' } });
    const sourceId = await ready(database, { A: person('甲', 1), B: person('乙', 2), C: person('丙', 3) }, { item });
    const { batch } = await sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker') });
    batchId = batch?.id ?? '';
    await approveBatch(database.db, { batchId, hash: batch?.hash ?? '', person: actor('checker'), now: steps().now });
    issuer = await boundAccount(test, database, 'issuer.one', ['finance-issuer']);
    await page.context().addCookies([...issuer.one.cookies].map(([name, value]) => ({ name, value, url: stage.base })));
  });

  it('leaves out who died after the batch was checked, and lets no file out that is no longer what was looked at', async () => {
    await retell(database, idOf('B'), { deathDate: '2026-10-31' });
    await page.goto(`${stage.base}/console/payment/batches/${batchId}`);
    await page.getByRole('button', { name: '生成报盘文件' }).click();
    await prove();
    const looked = page.getByRole('dialog', { name: '核对报盘文件，然后签发' });
    await looked.getByText('扣下 1 笔').waitFor();
    await looked.getByRole('row', { name: /乙.*去世/ }).waitFor();
    expect(await stage.findings()).toEqual([]);
    // While it is looked at, another one dies.
    await retell(database, idOf('C'), { deathDate: '2026-11-01' });
    await looked.getByRole('button', { name: '签发 200.00 元' }).click();
    await looked.getByText('签发前数据有变化，文件内容已不同。').waitFor();
    expect([
      await looked.getByRole('button', { name: '照现在的再办一次' }).count(),
      await database.sql`select id from line_event where kind = 'sent'`,
    ]).toEqual([0, []]);
    await looked.getByRole('button', { name: '重新生成文件' }).click();
    await looked.getByText('扣下 2 笔').waitFor();
    await looked.getByRole('button', { name: '签发 100.00 元' }).waitFor();
  });

  it('lets it out once: the other window of the same person is told who did it', async () => {
    const other = await page.context().newPage();
    await other.goto(`${stage.base}/console/payment/batches/${batchId}`);
    await other.getByRole('button', { name: '整批退回' }).click();
    const back = other.getByRole('dialog', { name: '整批退回' });
    await back.getByLabel('理由').fill('有人去世，重新封批');
    const third = await page.context().newPage();
    await third.goto(`${stage.base}/console/payment/batches/${batchId}`);
    await third.getByRole('button', { name: '生成报盘文件' }).click();
    const looked = third.getByRole('dialog', { name: '核对报盘文件，然后签发' });
    await looked.getByRole('button', { name: '签发 100.00 元' }).waitFor();
    await page.getByRole('button', { name: '签发 100.00 元' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '取报盘文件' }).click()]);
    const text = readFileSync(await file.path(), 'utf8');
    expect(['甲', '乙', '丙'].map((name) => text.includes(name))).toEqual([true, false, false]);
    await back.getByRole('button', { name: '整批退回' }).click();
    // The button is gone with what stands now; why it was refused and what was typed are not.
    await other.getByRole('button', { name: '取报盘文件' }).waitFor();
    await back
      .getByText(/已经?签发/)
      .first()
      .waitFor();
    expect([await back.getByLabel('理由').inputValue(), await other.getByRole('button', { name: '整批退回' }).count()]).toEqual([
      '有人去世，重新封批',
      1,
    ]);
    await other.close();
    // The same of a window of its own kind: it stays, and says why, when the button it came from has gone.
    await looked.getByRole('button', { name: '签发 100.00 元' }).click();
    await looked.getByRole('alert').waitFor();
    await third.getByRole('button', { name: '取报盘文件' }).waitFor();
    expect([await third.getByRole('button', { name: '生成报盘文件' }).count(), await looked.getByRole('alert').innerText()]).toEqual([
      0,
      expect.stringMatching(/签发/),
    ]);
    await third.close();
    expect(await broken(database)).toEqual([]);
  });

  it('closes a year tried first, with the code of who may; a post lost meanwhile loses nothing that was typed', async () => {
    await itIs('2027-01-05');
    test.clock = new Date(Math.max(Date.parse('2027-01-05T02:00:00Z'), test.clock.getTime()));
    // The same person, signed in on that day.
    await database.sql`update session set created_at = ${test.clock}`;
    await page.goto(`${stage.base}/console/payment/budgets/a/2026`);
    const end = page.getByRole('region', { name: '年终结转' });
    await end.getByText('转入 2027 年').waitFor();
    await end.getByText('700.00 元').waitFor();
    await end.getByText('收回', { exact: true }).click();
    await end.getByRole('button', { name: '收回', exact: true }).click();
    const asked = page.getByRole('dialog', { name: '收回' });
    await asked.getByLabel('理由').fill('云财预〔2027〕3号');
    expect(await stage.findings()).toEqual([]);
    await moved('officer');
    await asked.getByRole('button', { name: '收回' }).click();
    await asked.getByText('您的岗位没有办理这件事的权限').waitFor();
    await page.getByText('您的岗位刚被调整').waitFor();
    expect([await asked.getByLabel('理由').inputValue(), await database.sql`select item_id from year_close`]).toEqual([
      '云财预〔2027〕3号',
      [],
    ]);
    await moved('finance-issuer');
    await asked.getByRole('button', { name: '收回' }).click();
    await prove();
    await end.getByText(/2026 年已收回：/).waitFor();
    expect(await database.sql`select way, reason from year_close`).toEqual([{ way: 'release', reason: '云财预〔2027〕3号' }]);
    expect([await broken(database), await stage.findings(), stage.odd]).toEqual([[], [], []]);
  });
});
