// The console's pages as data: each signed in to as somebody of the role whose work it is, on the sample city after people were told and after the money moved.
import { readdirSync, readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { ProblemError, problem } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import type { Database } from '../db/handle.ts';
import { disbursementById } from '../disbursement/store.ts';
import { confirmFreeze, proposeFreeze } from '../freeze/freeze.ts';
import { type Ending, endingOf, failureOf } from '../job/run.ts';
import { beginRun, endRun } from '../job/store.ts';
import { jobs } from '../jobs.ts';
import { lastRun, listMatches } from '../match/store.ts';
import { linesView, listBatches } from '../payment/list-store.ts';
import { listBudgets } from '../settlement/read-store.ts';
import { createAccount } from '../web/account.ts';
import { openAuth, randomToken } from '../web/auth.ts';
import { buildBundle, freshBundle } from '../web/bundle.ts';
import { type Role, roles } from '../web/role.ts';
import { casesPaid, casesTold, staffOf } from './shots-cases.ts';
import { deskPaid, deskTold } from './shots-desk.ts';
import type { Scene, Size } from './shots-draw.ts';
import { policyTold } from './shots-policy.ts';
import type { Ground } from './shots-visit.ts';

export const consoleSizes: readonly Size[] = [{ name: '1440', width: 1440, height: 900, axe: 'serious', errors: true }];

const sources = new URL('../web/console/', import.meta.url);

/** The addresses the console's router knows, as the rooms write them: `/people/:id`. */
export const consolePaths = (): readonly string[] =>
  readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('routes.ts'))
    .flatMap((file) => [...readFileSync(new URL(file, sources), 'utf8').matchAll(/path: '(\/[^']*)'/g)])
    .map(([, path = '']) => `/console${path === '/' ? '' : path.replaceAll('$', ':')}`);

/** Scenes the guide shows (docs/guide). */
export const guideScenes: ReadonlySet<string> = new Set([
  'inbox-reviewer',
  'policies',
  'rule-conditions',
  'rule-award',
  'rule-test',
  'rule-review',
  'queue-reviews',
  'queue-decide',
  'datasets',
  'import',
  'held',
  'names',
  'requests',
  'openings',
  'inbox-maker',
  'batch',
  'returned',
  'statement',
  'budgets',
  'people',
  'person',
  'person-why',
  'person-reply',
  'match',
  'record-paid',
  'trail',
  'accounts',
  'jobs',
  'effects',
  'warnings',
]);

/** Who sits before the pictures; by role, made once per city. */
const seats = new WeakMap<object, Map<Role, string>>();

export const seatOf = async ({ db, steps }: Ground, role: Role): Promise<{ readonly username: string; readonly password: string }> => {
  const username = `picture.${role.replace('-', '.')}`;
  const known = seats.get(db) ?? new Map<Role, string>();
  seats.set(db, known);
  const kept = known.get(role);
  if (kept !== undefined) return { username, password: kept };
  const auth = openAuth(db as Database['db'], { secret: randomToken(), baseUrl: 'http://localhost' });
  const who = { username, name: `${roles[role]}（样例）`, roles: [role], scope: everything, demo: true };
  const { password } = await createAccount(auth, db, who, 'start', steps.now());
  known.set(role, password);
  return { username, password };
};

/** Signs in on the page itself, which then shows what was asked for. */
const seated =
  (seat: { readonly username: string; readonly password: string }, then?: (page: Page) => Promise<unknown>) =>
  async (page: Page): Promise<undefined> => {
    await page.getByLabel('用户名').fill(seat.username);
    await page.getByLabel('密码', { exact: true }).fill(seat.password);
    await page.getByRole('button', { name: '登录' }).click();
    // An address that is none has no head.
    await page.locator('.page-head, .ant-result').first().waitFor();
    await page.waitForLoadState('networkidle');
    // Not by a function of the page's own: its policy lets in no text that is to be run.
    await page
      .getByText(/正在(?:读取|画图)/)
      .first()
      .waitFor({ state: 'hidden' });
    await then?.(page);
  };

/**
 * Rules for a thumb and for people who read no Latin letters do not hold at a desk: numbers of batches and files are letters. What a table's cell cuts off
 * stands whole when it is pointed at.
 */
const fine =
  /^(?:small target|amount smaller|more than one next action|not Chinese|cut off: (?:td|th|span|input|div\.ant-select-content)\b)/;

export type Told = readonly [name: string, title: string, role: Role, path: string, then?: (page: Page) => Promise<unknown>];

const scenesOf = async (ground: Ground, told: readonly Told[]): Promise<readonly Scene[]> => {
  const scenes: Scene[] = [];
  for (const [name, title, role, path, then] of told) {
    const act = seated(await seatOf(ground, role), then);
    scenes.push({ name, title, path: `/console${path === '/' ? '' : path}`, act, fine });
  }
  return scenes;
};

/** 数据 and 运行 on the city as it was told. */
const stewardTold: readonly Told[] = [
  ['datasets', '数据集', 'steward', '/data/datasets', settled],
  ['dataset', '一个数据集', 'steward', '/data/datasets/police-residents'],
  ['dataset-missing', '数据集里缺什么', 'steward', '/data/datasets/market-registration?tab=missing'],
  ['import', '导入数据', 'steward', '/data/import?dataset=police-hukou', uploaded],
  ['held', '待核对的交付', 'steward', '/data/held'],
  ['names', '名单核对', 'steward', '/data/names'],
  ['requests', '待核', 'steward', '/data/requests'],
  ['quality', '数据体检', 'steward', '/data/quality', settled],
  ['parameters', '参数', 'steward', '/data/reference'],
  ['trees', '代码', 'steward', '/data/reference?tab=trees&tree=industry'],
  ['runs', '匹配批次', 'officer', '/run/runs'],
  ['readiness', '能不能办', 'officer', '/run/readiness'],
  ['matches', '匹配结果', 'officer', '/run/matches?verdict=eligible'],
  ['accounts', '账号', 'admin', '/settings/accounts'],
  ['jobs', '定时任务', 'admin', '/settings/jobs'],
  ['channels', '渠道', 'steward', '/settings/channels'],
  ['freezes', '冻结期', 'finance-head', '/settings/freezes'],
  ['freeze-new', '提出冻结期', 'finance-head', '/settings/freezes', clicked('提出冻结期')],
  ['keys', '快捷键', 'officer', '/run/runs', clicked('快捷键 ?')],
];

function clicked(name: string) {
  return async (page: Page): Promise<void> => {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').waitFor();
  };
}

/** What takes longer than the page itself. */
async function settled(page: Page): Promise<void> {
  await page
    .getByText(/正在(?:算谁|逐项核对)/)
    .first()
    .waitFor({ state: 'hidden', timeout: 120_000 });
}

async function uploaded(page: Page): Promise<void> {
  const text = '身份证号,户籍地区划,户口,生效日期,失效日期\n530128194001020011,530128,城镇,2000-01-01,\n';
  await page.getByLabel('区划代码').waitFor();
  await page.getByLabel(/^部门报送的文件/).setInputFiles({ name: '户籍.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await page.getByRole('heading', { name: '列的对应' }).waitFor();
}

const overseen = async ({ db }: Ground): Promise<readonly Told[]> => {
  const [run, match] = await Promise.all([lastRun(db), listMatches(db, { scope: everything, verdict: 'eligible', limit: 1 })]);
  const one = match.rows[0];
  return [
    ['run', '一个匹配批次', 'officer', `/run/runs/${run?.id ?? ''}`],
    ['drift', '历次变化', 'officer', `/run/drift?item=${one?.itemId ?? ''}`],
    [
      'match',
      '一条匹配结果，重判过',
      'auditor',
      `/run/matches/${one?.id ?? ''}`,
      async (page) => {
        await page.getByRole('button', { name: '重判并证明' }).click();
        await page.getByText(/^凭留存的依据重判/).waitFor();
      },
    ],
    ['warnings', '早发现', 'officer', '/oversight/warnings', settled],
    ['effects', '成效', 'finance-head', '/oversight/effects'],
    ['effects-places', '按区划的成效', 'finance-head', '/oversight/effects?by=division'],
    ['effects-firms', '按企业规模的成效', 'finance-head', '/oversight/effects?by=firm'],
    ['papers', '审计底稿', 'auditor', '/oversight/papers'],
    ['trail', '审计留痕', 'auditor', '/oversight/trail?action=batch'],
  ];
};

/** A day of the house as it runs: most jobs had nothing to do, one failed, a freeze is asked for. */
const operated = async (ground: Ground): Promise<void> => {
  const { db, steps } = ground;
  const at = (seconds: number): Date => new Date(steps.now().getTime() - 600_000 + seconds * 1_000);
  const told: Readonly<Record<string, Ending>> = {
    'match.run': endingOf('匹配 49 个事项期别'),
    'settlement.settle': endingOf('结算笔数 6823'),
    'notice.tell': endingOf('写告知 312'),
    'view.pull': failureOf(new ProblemError([problem('import.source', '', '连不上公安局的数据库。', '请数据管理员核对网络和口令。')])),
  };
  for (const [i, { name }] of jobs.entries()) {
    const id = await beginRun(db, name, null, at(i));
    await endRun(db, id, told[name] ?? endingOf(null), at(i + 0.4 + (i % 5) * 3));
  }
  const [fromAt, toAt] = [new Date('2026-12-25T10:00:00Z'), new Date('2027-01-04T16:00:00Z')];
  const by = { actor: await staffOf(ground, 'head'), role: 'finance-head', at: steps.now() };
  await proposeFreeze(db, { acts: ['seal', 'release'], fromAt: new Date(toAt.getTime() - 9 * 86_400_000), toAt, reason: '年终封账' }, by);
  const publishing = await proposeFreeze(db, { acts: ['publish'], fromAt, toAt, reason: '换届移交' }, by);
  await confirmFreeze(db, publishing, { ...by, actor: await staffOf(ground, 'checker') });
};

export const consoleTold = async (ground: Ground): Promise<readonly Scene[]> => {
  await operated(ground);
  await casesTold(ground);
  if (freshBundle() === null) await buildBundle();
  const policies = await policyTold(ground);
  const pick = async (page: Page) => {
    for (const box of (await page.getByRole('checkbox', { name: '选这一行' }).all()).slice(0, 4)) await box.check();
    await page.getByRole('button', { name: /^办理选中的/ }).click();
    await page.getByLabel('填入每一件的理由').fill('材料齐全，同意');
    await page.getByRole('button', { name: '先试办' }).click();
    await page.getByRole('status').waitFor();
  };
  return [
    { name: 'sign-in', title: '登录', path: '/console', fine, act: async (page) => void (await page.getByLabel('用户名').waitFor()) },
    ...(await scenesOf(ground, [
      ['inbox-reviewer', '部门审核的待办', 'reviewer', '/'],
      ['queue-reviews', '待审核', 'reviewer', '/review/reviews'],
      ['queue-decide', '成批办理，先试办', 'reviewer', '/review/reviews', pick],
      ['queue-asks', '待补充', 'reviewer', '/review/asks'],
      ['queue-held', '暂缓中', 'reviewer', '/review/held'],
      ['batches-none', '还没有批次', 'finance-maker', '/payment/batches'],
      ['openings', '可以封批', 'finance-maker', '/payment/openings'],
      ['queue-objections', '异议', 'reviewer', '/review/objections'],
      ['queue-certifications', '资格认证', 'reviewer', '/review/certifications'],
      ['certifications-all', '资格认证，全部没有办完的', 'reviewer', '/review/certifications?state=live'],
      ['queue-attestations', '人工核定', 'reviewer', '/review/attestations'],
      ['queue-ratings', '评价', 'reviewer', '/review/ratings'],
      ...policies,
      ...stewardTold,
      ...(await deskTold(ground)),
    ])),
  ];
};

export const consolePaid = async (ground: Ground): Promise<readonly Scene[]> => {
  await casesPaid(ground);
  const { rows } = await listBatches(ground.db, { scope: everything, limit: 200 });
  const largest = rows.toSorted((a, b) => b.lines - a.lines)[0];
  const batch = `/payment/batches/${largest?.id ?? ''}`;
  const [line] = largest === undefined ? [] : await linesView(ground.db, { batchId: largest.id, after: 0, limit: 1 });
  const record = line === undefined ? null : await disbursementById(ground.db, line.disbursementId, everything);
  const budgets = (await listBudgets(ground.db, everything)).toSorted((a, b) => Number(b.paidFen - a.paidFen));
  const budget = budgets.find((one) => one.kind === 'limited') ?? budgets[0];
  const opened = async (page: Page) => {
    await page.getByRole('table', { name: '进过的批次' }).getByRole('row').nth(1).click();
    await page.getByRole('table', { name: '银行的话' }).waitFor();
  };
  return await scenesOf(ground, [
    ['inbox-maker', '财政经办的待办', 'finance-maker', '/'],
    ['inbox-auditor', '审计看到的待办', 'auditor', '/'],
    ['batches', '批次', 'finance-maker', '/payment/batches'],
    ['batch', '一个批次', 'finance-maker', batch],
    ['batch-left-out', '没有进批次的', 'finance-checker', `${batch}?tab=out`],
    ['batch-sums', '批次的合计', 'finance-checker', `${batch}?tab=sums`],
    ['batch-timeline', '批次的经过', 'finance-issuer', `${batch}?tab=time`],
    ['results', '导入回盘', 'finance-maker', '/payment/results'],
    ['suspense', '挂账', 'finance-checker', '/payment/suspense'],
    ['returned', '退汇', 'finance-maker', '/payment/returned'],
    ['recoveries', '追回', 'reviewer', '/payment/recoveries'],
    ['statement', '对账', 'finance-head', '/payment/statement'],
    ['statement-items', '按事项对账', 'finance-head', '/payment/statement?by=item'],
    ['outlook', '预警', 'finance-head', '/payment/outlook'],
    ['budgets', '额度进度', 'finance-head', '/payment/budgets'],
    [
      'budget',
      '一个年度的额度',
      'finance-head',
      budget === undefined ? '/payment/budgets' : `/payment/budgets/${budget.itemId}/${budget.year}`,
    ],
    ['sources', '资金来源', 'finance-maker', '/payment/sources'],
    ['pay-days', '发放日', 'finance-maker', '/payment/days'],
    ['month', '月报', 'finance-checker', '/payment/month'],
    ['records', '兑付记录', 'finance-maker', '/payment/records'],
    ['record', '一条兑付记录', 'auditor', `/payment/records/${line?.disbursementId ?? ''}`, opened],
    ['record-match', '为什么发', 'auditor', `/run/matches/${record?.record.matchId ?? ''}`],
    ['notices', '告知', 'reviewer', '/oversight/notices'],
    ['stops', '停发和继承人', 'reviewer', '/review/stops'],
    ['ratings-given', '评价，有要答复的', 'reviewer', '/review/ratings'],
    ['queue-withheld', '扣下待处理', 'finance-maker', '/review/withheld'],
    ...(await overseen(ground)),
    ...(await deskPaid(ground)),
  ]);
};
