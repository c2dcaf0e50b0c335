// Lists by name and accounts at the command line, on a real database: a list with its title and number, its worklist settled, why an account is chosen.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteUses } from '../../src/account/store.ts';
import { transaction } from '../../src/db/handle.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { firm, person } from '../record/county.ts';
import { caller } from './call.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-names-'));
const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys }));
const codes = (called: { problems: readonly { code: string }[] }) => called.problems.map((one) => one.code);
const item = 'luquan-gaoling';
const account = '6217000010001234567';

const bring = async (dataset: string, kind: string, rows: readonly string[], ...more: readonly string[]) => {
  const file = join(folder, `${dataset}.csv`);
  writeFileSync(file, `${rows.join('\n')}\n`);
  return call('import', dataset, file, '--kind', kind, '--as-of', '2026-04-14', ...more);
};
const listed = [
  '企业名称,名录名称,生效日期,失效日期',
  '样例 (集团) 机械 有限公司,技术改造标杆项目,2026-01-01,',
  '样例双生商贸有限公司,技术改造标杆项目,2026-01-01,',
  '外地某某有限公司,技术改造标杆项目,2026-01-01,',
];

beforeAll(async () => {
  for (const [username, role] of [
    ['li.zhi', 'officer'],
    ['wang.fu', 'officer'],
    ['shu.ju', 'steward'],
    ['cai.zheng', 'finance-checker'],
  ] as const)
    expect((await call('accounts', 'add', username, '--name', `某人${username}`, '--roles', role)).exit).toBe(0);
  expect((await call('publish', item, '--maker', 'li.zhi', '--checker', 'wang.fu')).exit).toBe(0);
  const firms = ['样例（集团）机械有限公司', '样例双生商贸有限公司', '样例双生商贸有限公司'];
  const head = '统一社会信用代码,企业名称,登记地区划,组织类型,是否全额拨款,所有制,成立日期,是否劳务派遣,行业代码,是否法人';
  const landed = await bring('market-registration', 'full', [head, ...firms.map((name, n) => `${firm(n)},${name},530128,,,,,,,`)]);
  expect([landed.problems, landed.exit]).toEqual([[], 0]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('import of a list by name', () => {
  it('wants the title where anything else is said of the list, and days that are days', async () => {
    const refused = await bring('department-lists', 'list', listed, '--list-number', '样发〔2026〕1 号', '--published', '去年');
    expect(refused.problems.map((one) => one.at)).toEqual(['--published', '--list-title']);
    expect(await database.sql`select 1 from delivery where dataset = 'department-lists'`).toHaveLength(0);
  });

  it('keeps title, number, publication and validity, and says how many names wait', async () => {
    const note = [
      '--list-title',
      '2026 年样例名录',
      '--list-number',
      '样发〔2026〕1 号',
      '--published',
      '2026-01-10',
      '--valid-from',
      '2026-01-01',
    ];
    const brought = await bring('department-lists', 'list', listed, ...note, '--valid-to', '2027-01-01', '--json');
    expect(brought.json()).toMatchObject({ state: 'landed', names: { listed: 3, matched: 1, open: 2 } });
    expect(
      await database.sql`select title, number, published_on::text as on, valid_from::text as from, valid_to::text as to from name_list`,
    ).toMatchObject([{ title: '2026 年样例名录', number: '样发〔2026〕1 号', on: '2026-01-10', from: '2026-01-01', to: '2027-01-01' }]);
  });
});

describe('names', () => {
  interface Open {
    readonly delivery: string;
    readonly line: number;
    readonly name: string;
    readonly candidates: readonly { readonly subjectId: string }[];
  }
  const open = async (): Promise<readonly Open[]> => (await call('names', '--json')).json().open;

  it('lists what waits and who it may be', async () => {
    const called = await call('names');
    expect([called.exit, called.text]).toEqual([
      0,
      expect.stringContaining('《2026 年样例名录》（样发〔2026〕1 号）3 个名称中 2 个没有对上，待核对'),
    ]);
    expect(called.text).toContain('无人同名');
    expect((await open()).map((one) => [one.line, one.name, one.candidates.length])).toEqual([
      [3, '样例双生商贸有限公司', 2],
      [4, '外地某某有限公司', 0],
    ]);
    expect((await call('names', 'list', '--dataset', 'veterans')).text).toContain('名单上的名称都已对上');
    expect(codes(await call('names', 'guess'))).toEqual(['input.argument']);
  });

  it('settles with a steward’s word and a reason, once; nothing else moves a row', async () => {
    const [twins, stranger] = await open();
    const settle = (row: Open | undefined, who: string, ...more: readonly string[]) =>
      call('names', 'settle', row?.delivery ?? '', String(row?.line ?? ''), who, ...more);
    const by = ['--by', 'shu.ju', '--reason', '向市场监管局核对'] as const;
    expect(codes(await settle(undefined, 'none', ...by))).toEqual(['input.argument']);
    expect(codes(await settle(twins, firm(1), '--by', 'li.zhi', '--reason', '核对'))).toEqual(['scope.role']);
    expect(codes(await settle(twins, firm(1), '--by', 'shu.ju'))).toEqual(['input.option']);
    expect(codes(await settle(twins, '', ...by))).toEqual(['input.argument']);
    expect(codes(await settle(twins, firm(9), ...by))).toEqual(['missing.subject']);
    expect(await open()).toHaveLength(2);
    expect(await settle(twins, firm(1), ...by)).toMatchObject({ exit: 0, problems: [], text: expect.stringContaining('已记下并入库') });
    expect((await settle(stranger, 'none', ...by)).text).toContain('登记库里没有这一家');
    expect(codes(await settle(twins, firm(2), ...by))).toEqual(['state.edge']);
    expect((await call('names')).text).toContain('名单上的名称都已对上');
    const parts = await database.sql<{ key: string }[]>`
      select r.key from record_part p join record r using (register, subject_id) where p.dataset = 'department-lists' and p.cells <> '{}' order by r.key`;
    expect(parts.map((one) => one.key)).toEqual([firm(0), firm(1)].sort());
    expect(await database.sql`select 1 from audit_entry where action = 'name.settle' and reason = '向市场监管局核对'`).toHaveLength(2);
  });
});

describe('payee', () => {
  const [one, other] = [person(1), person(2)];
  beforeAll(async () => {
    const people = '公民身份号码,姓名,户籍地区划,性别,出生日期,死亡日期';
    await bring('police-residents', 'full', [people, `${one},样例甲,530128,女,1940-01-02,`, `${other},样例乙,530128,女,1941-01-02,`]);
    const cards = '公民身份号码,社会保障卡银行账号,开户银行,联行号,户名,金融功能是否开通,生效日期,失效日期';
    const brought = await bring('social-cards', 'changes', [cards, `${one},${account},样例银行,,样例甲,是,,`]);
    expect([brought.problems, brought.exit]).toEqual([[], 0]);
  });

  it('says which account and why, that others use it, and never the number', async () => {
    const alone = await call('payee', item, one);
    expect([alone.exit, alone.text]).toEqual([0, expect.stringContaining('社会保障卡账户：采用，数据日期2026年4月14日')]);
    expect(alone.text).toContain('尾号 4567，样例银行');
    expect(alone.text).toContain('验证      未验证');
    expect(alone.text).not.toContain('共用');
    const ids = await database.sql<{ id: string }[]>`select subject_id as id from record where register = 'citizen' order by key`;
    const uses = ids.map(({ id }) => ({ subjectId: id, holderSubjectId: id, account, source: 'card' }));
    await transaction(database.db, (tx) => noteUses(tx, uses, new Date('2026-04-15T02:00:00Z')));
    const told = await call('payee', item, one, '--json');
    expect(told.json()).toMatchObject({
      item,
      account: { source: 'card', tail: '4567', dataset: 'social-cards', asOf: '2026-04-14' },
      holder: 'same',
      shared: { beneficiaries: 2, allowed: false },
      check: 'unverified',
    });
    expect((await call('payee', item, one)).text).toContain('2 人领到这个账户，付款前要核对');
    expect(told.text + alone.text).not.toContain(account);
  });

  it('lets finance require a check before the first payment, and nobody else', async () => {
    expect((await call('payee', 'verify-first', '--json')).json()).toEqual({ required: false });
    expect(codes(await call('payee', 'verify-first', 'on', '--by', 'li.zhi'))).toEqual(['scope.role']);
    expect(codes(await call('payee', 'verify-first', 'yes', '--by', 'cai.zheng'))).toEqual(['input.argument']);
    expect((await call('payee', 'verify-first', 'on', '--by', 'cai.zheng')).text).toContain('必须验证账户');
    expect((await call('payee', 'verify-first', 'off', '--by', 'cai.zheng', '--json')).json()).toEqual({ required: false });
  });

  it('ends with 2 where there is none, and refuses what is nobody', async () => {
    const none = await call('payee', item, other);
    expect([none.exit, none.text]).toEqual([2, expect.stringContaining('社会保障卡账户：没有报送')]);
    expect(codes(await call('payee', item, person(9)))).toEqual(['missing.subject']);
    expect((await call('payee', 'nosuch', one)).exit).toBe(2);
  });
});
