// 每月体检: one printed page on whether the whole still runs as it should: data, items, runs, money, promises; each line says how it stands and what to do.

import { html, raw } from 'hono/html';
import { auditHead } from '../audit/chain.ts';
import { formatYuan } from '../base/amount.ts';
import { dayText } from '../base/day.ts';
import { alarmText, standingAlarm } from '../db/invariant-store.ts';
import { heldItems } from '../match/brake-store.ts';
import { warningsOf } from '../payment/watch.ts';
import { arrears, outlooks, paceDays } from '../payment/watch-store.ts';
import type { ReportOptions } from '../report/report.ts';
import { late } from '../report/store.ts';
import type { WebContext } from './context.ts';
import { dataRequests } from './data-requests.ts';
import { datasetViews } from './datasets.ts';
import { readinessFor } from './readiness.ts';
import { type Html, table } from './view.ts';
import { countText, momentText, periodText } from './words.ts';
import { paperStyle } from './workpaper-style.ts';

interface Line {
  readonly what: string;
  readonly good: boolean;
  readonly found: string;
  readonly next: string;
}

const mostNamed = 6;
const some = (names: readonly string[]): string =>
  `${names.slice(0, mostNamed).join('、')}${names.length > mostNamed ? ` 等 ${countText(names.length)} 个` : ''}`;
const lateMost = 10_000;

const dataLines = async (web: WebContext, ask: ReportOptions, now: Date): Promise<readonly Line[]> => {
  const [{ rows }, requests] = await Promise.all([datasetViews(web, ask.scope, now), dataRequests(web, ask.scope)]);
  const stale = rows.filter(({ freshness }) => freshness === 'stale').map(({ dataset }) => dataset.title);
  const waiting = requests.reduce((sum, one) => sum + one.subjects, 0);
  return [
    {
      what: '数据在有效期里',
      good: stale.length === 0,
      found: stale.length === 0 ? '都在有效期里' : `过期的：${some(stale)}`,
      next: '请部门补报，见“数据集”',
    },
    {
      what: '没有人因缺数据待核',
      good: waiting === 0,
      found:
        waiting === 0
          ? '没有'
          : `${countText(waiting)} 人次，缺得最多的是${some(requests.map(({ department }) => department ?? '没有部门报送的'))}`,
      next: '打印数据需求函，见“待核”',
    },
  ];
};

const runLines = async (web: WebContext, ask: ReportOptions, now: Date): Promise<readonly Line[]> => {
  const [{ rows, titles }, every] = await Promise.all([readinessFor(web, ask.scope, now), heldItems(web.db)]);
  const waiting = rows
    .filter(({ state }) => state === 'waiting')
    .map((one) => `${titles.get(one.itemId) ?? one.itemId}（${periodText(one.periodKey)}）`);
  const held = every.filter(({ itemId }) => ask.titles.has(itemId)).map(({ title }) => title);
  return [
    {
      what: '各事项都能办',
      good: waiting.length === 0,
      found: waiting.length === 0 ? '都能办' : `在等数据：${some(waiting)}`,
      next: '见“能不能办”',
    },
    {
      what: '没有因变化过大停着的',
      good: held.length === 0,
      found: held.length === 0 ? '没有' : `停着：${some([...new Set(held)])}`,
      next: '核对后放行，见“匹配批次”',
    },
  ];
};

const moneyLines = async ({ db }: WebContext, ask: ReportOptions): Promise<readonly Line[]> => {
  const [overdue, due, views] = await Promise.all([
    late(db, ask, lateMost),
    arrears(db, ask.scope, ask.today),
    outlooks(db, ask.scope, ask.today),
  ]);
  const warned = warningsOf(views, ask.today, paceDays);
  const owed = due.filter(({ days }) => days > 30);
  const fen = owed.reduce((sum, one) => sum + one.fen, 0n);
  const titlesOf = (rows: readonly { readonly itemId: string }[]): string =>
    some([...new Set(rows.map(({ itemId }) => ask.titles.get(itemId) ?? itemId))]);
  return [
    {
      what: '没有超过期限的事',
      good: overdue.length === 0,
      found: overdue.length === 0 ? '没有' : `${countText(overdue.length)} 件：${titlesOf(overdue)}`,
      next: '按谁手里催办，见超期清单',
    },
    {
      what: '核定后 30 天内到账',
      good: owed.length === 0,
      found: owed.length === 0 ? '都到了' : `${formatYuan(fen)} 没有到账：${titlesOf(owed)}`,
      next: '见“预警”',
    },
    {
      what: '额度三个月内够用',
      good: warned.length === 0,
      found: warned.length === 0 ? '够用' : `不够的：${titlesOf(warned)}`,
      next: '追加指标或调整，见“预警”',
    },
  ];
};

const promiseLines = async ({ db }: WebContext): Promise<readonly Line[]> => {
  const [alarm, head] = await Promise.all([standingAlarm(db), auditHead(db)]);
  return [
    {
      what: '各条承诺夜夜核对',
      good: alarm === null,
      found: alarm === null ? '没有报警' : alarmText(alarm),
      next: '查明改正后解除，见 check',
    },
    {
      what: '审计留痕成链',
      good: head !== null,
      found: head === null ? '还没有接链' : `到第 ${head.position} 环，链头 ${head.hash.slice(0, 16)}`,
      next: '核对整条链，见“审计留痕”',
    },
  ];
};

export const checkUpPage = async (web: WebContext, ask: ReportOptions, now: Date): Promise<Html> => {
  const lines = (await Promise.all([dataLines(web, ask, now), runLines(web, ask, now), moneyLines(web, ask), promiseLines(web)])).flat();
  const bad = lines.filter(({ good }) => !good).length;
  return html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>每月体检 ${ask.today}</title><style>${raw(paperStyle)}</style></head>
<body><header><div><h1>每月体检</h1><p>截至 ${dayText(ask.today)}</p></div><div class="sum"><strong>${bad === 0 ? '都正常' : `${bad} 项要办`}</strong><p>共查 ${lines.length} 项</p></div></header>
${table<Line>(
  [
    { title: '查什么', cell: (one) => one.what },
    { title: '结果', cell: (one) => (one.good ? '✓ 正常' : '✕ 要办') },
    { title: '情况', long: true, cell: (one) => one.found },
    { title: '怎么办', long: true, cell: (one) => (one.good ? '' : one.next) },
  ],
  lines,
  '',
)}
<footer><p>${momentText(now)} 由直享生成，范围是打开这一页的人的范围。查的人签名：____________　日期：____________</p></footer></body></html>`;
};
