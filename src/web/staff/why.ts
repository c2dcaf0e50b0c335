// The why of a match as a page shows it: the condition tree as a table that keeps its shape, the award step by step, the evidence folded away.

import { html } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import type { AwardLine, Explanation, ReadNote } from '../explanation.ts';
import { facts, type Html, table } from '../view.ts';
import { type Condition, missingText } from '../why.ts';
import { verdictNames } from '../words.ts';
import { sourceDays, sourceTitles, truthBadge } from './parts.ts';

const groupNames = { all: '以下各项都要满足', any: '以下各项满足其一即可', not: '以下情形不能有' } as const;

const asked = (node: Condition): Html => {
  const own = node.kind === 'leaf' ? node.required : groupNames[node.kind];
  const beside = [node.text === own ? null : node.text, node.clause].filter((text) => text !== null);
  return html`${own}${beside.length === 0 ? '' : html`<span class="own">${beside.join('，')}</span>`}`;
};

const found = (node: Condition): Html | string => {
  if (node.kind !== 'leaf') return '';
  if (node.truth === null && node.missing.length > 0)
    return html`${node.missing.map((one) => html`<span class="source">缺${missingText(one)}</span>`)}`;
  const inputs =
    node.inputs.length === 0
      ? ''
      : html`<span class="own">由${node.inputs.map((one) => `${one.label} ${one.value}`).join('，')}算出</span>`;
  return html`${node.actual ?? '缺'}${inputs}`;
};

/** The first row is the whole; depth shows as indentation and, where tables become lists, as a margin. */
export const whyTable = (conditions: readonly Condition[]): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-label="判定依据，可横向滚动"><table class="why"><thead><tr><th scope="col">要求</th><th scope="col">实际</th><th scope="col">来源</th><th scope="col">数据日期</th><th scope="col">结果</th></tr></thead><tbody>${conditions.map(
    (node) =>
      html`<tr class="d${Math.min(node.depth, 6)} ${node.kind === 'leaf' ? '' : 'group'}"><td data-label="">${asked(node)}</td><td data-label="实际">${found(node)}</td><td data-label="来源">${node.kind === 'leaf' ? sourceTitles(node.sources) : ''}</td><td data-label="数据日期">${node.kind === 'leaf' ? sourceDays(node.sources) : ''}</td><td data-label="结果">${truthBadge(node.truth)}</td></tr>`,
  )}</tbody></table></div>`;

const lineBody = (line: AwardLine): Html => {
  if (line.amountFen !== null)
    return html`<ol class="steps">${line.steps.map((step) => html`<li>${step.text}</li>`)}</ol><p>合计 <strong>${formatYuan(line.amountFen)}</strong></p>`;
  const between =
    line.betweenFen === null
      ? ''
      : html`<p>在 ${formatYuan(line.betweenFen[0])} 至 ${formatYuan(line.betweenFen[1])} 之间，缺的数据到了才能算准。</p>`;
  const gaps = line.missing.length === 0 ? '' : html`<ul>${line.missing.map((one) => html`<li>缺${missingText(one)}</li>`)}</ul>`;
  return html`<p>${line.verdict === 'eligible' ? '金额待定' : verdictNames[line.verdict]}</p>${between}${gaps}`;
};

export const awardBlock = (lines: readonly AwardLine[]): Html =>
  lines.length === 0
    ? html`<p class="muted">不符合或待核，没有金额。</p>`
    : html`${lines.map((line) => html`<section>${line.key === null ? '' : html`<h3>${line.key}</h3>`}${lineBody(line)}${line.claims.length === 0 ? '' : html`<p class="hint">占用：${line.claims.join('、')}。同一对象不能重复享受。</p>`}</section>`)}`;

const readTable = (read: readonly ReadNote[]): Html =>
  table<ReadNote>(
    [
      { title: '指标', cell: (one) => one.label },
      { title: '值', cell: (one) => (one.missing === null ? one.value : `缺：${one.missing}`) },
      { title: '取哪一天', cell: (one) => (one.day === null ? '—' : dayText(one.day)) },
      { title: '来源', cell: (one) => (one.source === null ? '—' : sourceTitles([one.source])) },
      { title: '数据日期', cell: (one) => (one.source === null ? '—' : dayText(one.source.asOf)) },
    ],
    read,
    '没有读取任何指标。',
  );

export const evidenceBlock = (explanation: Explanation): Html => {
  const { match, read } = explanation;
  const { evidence } = match;
  return html`<details><summary>读过的每个值</summary>${readTable(read)}</details>
<details><summary>版本、快照和指纹</summary>${facts([
    ['判定期间', `${evidence.period.start === null ? '' : `${dayText(evidence.period.start)} 至 `}${dayText(evidence.period.end)}`],
    ['数据到', dayText(evidence.period.knownAt)],
    ['规则版本', `第 ${match.version} 版`],
    ['规则指纹', html`<code>${evidence.itemHash}</code>`],
    ['目录指纹', html`<code>${evidence.catalogueHash}</code>`],
    ['数据快照', html`<code>${evidence.snapshot}</code>`],
    ['账目截止', `第 ${evidence.ledgerCut} 笔`],
    ['判定程序', html`<code>${evidence.evaluator}</code>`],
    ['结果编号', html`<code>${match.id}</code>`],
  ])}</details>`;
};
