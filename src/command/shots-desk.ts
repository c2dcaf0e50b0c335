// The console's pages of one person, of records and budgets, of whoever runs the house, and what it says where something is wrong.
import type { Page } from 'playwright-core';
import { everything } from '../base/scope.ts';
import { heldWithin } from '../record/view-store.ts';
import type { Told } from './shots-console.ts';
import { shownIn } from './shots-store.ts';
import type { Ground } from './shots-visit.ts';

const why = 'reason=call&order=GD-2026-0415';

/** Somebody who is paid, as whoever answers the hotline sees them. */
const onePerson = async ({ db }: Ground): Promise<readonly Told[]> => {
  const [one] = await shownIn(db, 'reviewing', 'citizen');
  if (one === undefined) return [];
  const person = `/people/${one.subjectId}`;
  const drawer = async (page: Page) => {
    await page.getByRole('dialog').getByRole('table', { name: '判定依据' }).first().waitFor();
  };
  const filled = async (page: Page) => {
    await page.getByLabel('查谁').fill('没有此人');
    await page.getByLabel('工单号').fill('GD-2026-0415');
    await page.getByRole('button', { name: '查', exact: true }).click();
    await page.getByText(/没有查到/).waitFor();
  };
  return [
    ['people', '查一人', 'reviewer', '/people'],
    ['people-none', '查一人：没有查到', 'reviewer', '/people', filled],
    ['person', '一人一页', 'reviewer', `${person}?${why}`],
    ['person-why', '为什么', 'reviewer', `${person}?${why}&item=${one.itemId}`, drawer],
    ['person-money', '一人一页：钱', 'reviewer', `${person}?${why}&tab=money`],
    ['person-reply', '给来电人的答复', 'reviewer', `${person}?${why}&tab=reply&item=${one.itemId}`],
    ['person-purpose', '没有写为什么查', 'reviewer', person],
  ];
};

/** After people were told. */
export const deskTold = async (ground: Ground): Promise<readonly Told[]> => {
  const [[held], [one]] = await Promise.all([heldWithin(ground.db, everything), shownIn(ground.db, 'reviewing', 'citizen')]);
  return [
    ...(await onePerson(ground)),
    ['delivery', '一次交付', 'steward', `/data/deliveries/${held?.id ?? ''}`],
    ['requests-item', '一个事项在等谁', 'steward', `/data/requests/${one?.itemId ?? ''}`],
    ['notices', '告知', 'reviewer', '/oversight/notices'],
    ['queue-corrections', '校核单', 'reviewer', '/review/corrections'],
    ['attestations', '人工核定', 'reviewer', '/review/attestations'],
    ['ratings', '评价', 'reviewer', '/review/ratings'],
    ['certifications', '资格认证', 'reviewer', '/review/certifications'],
    ['stops', '停发和继承人', 'reviewer', '/review/stops'],
    ['jobs', '定时任务', 'admin', '/settings/jobs'],
    ['channels', '渠道', 'admin', '/settings/channels'],
    ['freezes', '冻结期', 'finance-head', '/settings/freezes'],
    ['error-none', '没有这个页面', 'reviewer', '/nothing'],
    ['error-role', '不是这个岗位的页面', 'reviewer', '/settings/accounts'],
    ['error-record', '没有这一条', 'finance-maker', `/payment/records/${crypto.randomUUID()}`],
  ];
};

/** After the money moved. */
export const deskPaid = async ({ db }: Ground): Promise<readonly Told[]> => {
  const [[paid], [returned]] = await Promise.all([shownIn(db, 'paid'), shownIn(db, 'returned')]);
  const month = async (page: Page) => {
    await page.getByRole('table').first().waitFor();
  };
  return [
    ['records', '兑付记录', 'finance-maker', '/payment/records'],
    ['record-paid', '一条兑付记录，已到账', 'auditor', `/payment/records/${paid?.id ?? ''}`],
    ['record-returned', '一条兑付记录，被退回', 'finance-maker', `/payment/records/${returned?.id ?? ''}`],
    ['budgets', '额度进度', 'finance-head', '/payment/budgets', month],
    ['budget', '一个事项一年的额度', 'finance-head', `/payment/budgets/${paid?.itemId ?? ''}/2026`],
    ['month', '月报', 'finance-head', '/payment/month', month],
    ['stops-paid', '有人去世以后的停发', 'reviewer', '/review/stops'],
  ];
};
