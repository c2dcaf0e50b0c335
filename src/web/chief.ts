// 局长一页纸: on one printed page what the head of the bureau must know: who got what, how fast, what is stuck and where, what runs out, what came back.
import { html, raw } from 'hono/html';
import { figureYuan, roundYuan } from '../base/amount.ts';
import { addDays, type Day, dayText } from '../base/day.ts';
import type { Db } from '../db/handle.ts';
import { exhaustedOn, type ReportOptions } from '../report/report.ts';
import { ageing, effect, late, promisedLately, recovery, returns, undrawn } from '../report/store.ts';
import { listBudgets } from '../settlement/read-store.ts';
import type { Html } from './view.ts';
import { countText, momentText } from './words.ts';
import { paperStyle } from './workpaper-style.ts';

const total = <T>(rows: readonly T[], pick: (row: T) => bigint): bigint => rows.reduce((sum, row) => sum + pick(row), 0n);
const sum = <T>(rows: readonly T[], pick: (row: T) => number): number => rows.reduce((all, row) => all + pick(row), 0);
const percent = (part: bigint, whole: bigint): number => (whole <= 0n ? 0 : Math.min(100, Number((part * 100n) / whole)));
const waits: Readonly<Record<string, string>> = { '0-30': '30 天以内', '31-60': '31 至 60 天', '61-90': '61 至 90 天', '91+': '90 天以上' };

const load = async (db: Db, ask: ReportOptions) => {
  const lately = await promisedLately(db, ask.today);
  const budgets = await listBudgets(db, ask.scope);
  return {
    effects: await effect(db, ask),
    ages: await ageing(db, ask),
    undrawn: await undrawn(db, ask),
    late: await late(db, ask, 10_000),
    returned: await returns(db, ask),
    over: await recovery(db, ask),
    budgets: budgets
      .filter((one) => one.kind === 'limited')
      .map((one) => ({ ...one, end: exhaustedOn(ask.today as Day, one.availableFen, lately.get(one.id) ?? 0n) })),
  };
};

export const chiefPage = async (db: Db, ask: ReportOptions, now: Date): Promise<Html> => {
  const found = await load(db, ask);
  const title = (id: string): string => ask.titles.get(id) ?? id;
  const entitled = sum(found.effects, (one) => one.entitled);
  const paid = sum(found.effects, (one) => one.paid);
  const owed = total(found.ages, (one) => one.fen);
  const buckets = Object.keys(waits).map((bucket) => ({
    bucket,
    fen: total(
      found.ages.filter((one) => one.bucket === bucket),
      (one) => one.fen,
    ),
  }));
  const arrived = total(found.effects, (one) => one.paidFen);
  // Further off nobody has to do anything about it yet; who waits for money does so today.
  const near = found.budgets.filter((one) => (one.end !== null && one.end <= addDays(ask.today as Day, 365)) || one.waiting > 0);
  const most = found.effects.toSorted((a, b) => b.entitled - a.entitled).slice(0, 12);
  return html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>局长一页纸 ${ask.today}</title><style>${raw(paperStyle)}</style></head>
<body><header><div><h1>免申即享 一页纸</h1><p>截至 ${dayText(ask.today)}</p></div></header>
<div class="cards">
<div class="card"><strong>${countText(paid)}</strong><span>人次已到账，<b>应享 ${countText(entitled)}（${percent(BigInt(paid), BigInt(entitled))}%）</b></span></div>
<div class="card"><strong>${roundYuan(arrived)}</strong><span>已到账，<b>${figureYuan(arrived)} 元</b></span></div>
<div class="card"><strong>${roundYuan(owed)}</strong><span>已核定未到账，<b>${figureYuan(owed)} 元</b></span></div>
<div class="card"><strong>${countText(found.late.length)}</strong><span>件超期</span></div>
</div>
<section><h2>已核定未到账，等了多久</h2><table><tbody>${buckets.map(
    ({ bucket, fen }) =>
      html`<tr><td>${waits[bucket]}</td><td style="width:50%"><span class="bar"><i style="width:${percent(fen, owed)}%"></i></span></td><td class="figure">${figureYuan(fen)} 元</td></tr>`,
  )}</tbody></table></section>
<section><h2>各事项</h2><table><thead><tr><th>事项</th><th class="figure">应享</th><th class="figure">已到账</th><th class="figure">到账（元）</th><th class="figure">半数用时</th></tr></thead><tbody>${most.map(
    (one) =>
      html`<tr><td>${title(one.itemId)}</td><td class="figure">${countText(one.entitled)}</td><td class="figure">${countText(one.paid)}</td><td class="figure">${figureYuan(one.paidFen)}</td><td class="figure">${one.halfDays === null ? '—' : `${one.halfDays} 天`}</td></tr>`,
  )}</tbody></table>${found.effects.length > most.length ? html`<p>另有 ${found.effects.length - most.length} 个事项，见成效表。</p>` : ''}</section>
<section><h2>一年内要用完的额度</h2>${
    near.length === 0
      ? html`<p>没有。</p>`
      : html`<ul>${near
          .slice(0, 8)
          .map(
            (one) =>
              html`<li>${title(one.itemId)} ${one.year} 年：可用 ${figureYuan(one.availableFen)} 元${one.end === null ? '' : `，照近 90 天的速度 ${dayText(one.end)} 用完`}${one.waiting > 0 ? `；${one.waiting} 笔排队，差 ${figureYuan(one.waitingFen)} 元` : ''}</li>`,
          )}</ul>`
  }</section>
<section><h2>应享未享、退汇、多付</h2><ul>
<li>应享未享 ${countText(sum(found.undrawn, (one) => one.people))} 人次，${figureYuan(total(found.undrawn, (one) => one.fen))} 元</li>
<li>退汇 ${countText(sum(found.returned, (one) => one.count))} 笔，${figureYuan(total(found.returned, (one) => one.fen))} 元；已重发 ${countText(sum(found.returned, (one) => one.reissued))} 笔，待更正 ${countText(sum(found.returned, (one) => one.open))} 笔</li>
<li>多付待追回 ${countText(sum(found.over, (one) => one.people))} 人，${figureYuan(total(found.over, (one) => one.unopenedFen + one.owedFen))} 元</li></ul></section>
<footer><p>${momentText(now)} 由直享生成。明细见各张报表。</p></footer></body></html>`;
};
