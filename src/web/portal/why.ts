// 为什么符合: every condition of the rule with what is asked, what the registers say of the reader, who said so and when.

import { type Context, Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { everything } from '../../base/scope.ts';
import { veilOf } from '../../match/sealed.ts';
import type { Truth } from '../../rule/facts.ts';
import { access, type Env } from '../access.ts';
import type { WebContext } from '../context.ts';
import { explanationOf } from '../explanation.ts';
import { badge, type Html } from '../view.ts';
import { type Condition, missingText } from '../why.ts';
import { awardSteps, linesFor } from './benefit.ts';
import { portalPage } from './frame.ts';
import { ownRecord, visitFor } from './visit.ts';

const groupTexts = { all: '下面各项都要满足', any: '下面满足一项即可', not: '不能有下面的情形' } as const;
const truthMark = (truth: Truth): Html =>
  truth === true ? badge('good', '满足') : truth === false ? badge('bad', '不满足') : badge('open', '缺数据');

/** One of several ways that is not the reader's: nothing is lacking, so nothing is red. */
const spare = badge('plain', '不是这一条');

/** The colour at its side repeats what mark and word say. */
const sideOf = (node: Condition, met: boolean): string => (node.truth === true ? 'yes' : met ? '' : node.truth === false ? 'no' : 'open');

const leaf = (node: Condition, met: boolean): Html => html`<p>${node.required}</p>
${met && node.truth !== true ? spare : truthMark(node.truth)}
${node.truth === null && node.missing.length > 0 ? html`<span class="source">缺${node.missing.map(missingText).join('；')}</span>` : html`<span class="source">登记的是：${node.actual ?? '缺'}${node.inputs.length === 0 ? '' : `（由${node.inputs.map((one) => `${one.label} ${one.value}`).join('，')}算出）`}</span>`}
${node.sources.length === 0 ? '' : html`<span class="source">来源：${node.sources.map((one) => `${one.department}《${one.title}》${dayText(one.asOf)}`).join('；')}</span>`}`;

/** The conditions in reading order as nested lists: they keep their shape without style and in a screen reader. */
export const conditionTree = (conditions: readonly Condition[]): Html => {
  const walk = (at: number, met: boolean): Html => {
    const node = conditions[at] as Condition;
    if (node.kind === 'leaf') return html`<li class="leaf ${sideOf(node, met)}">${leaf(node, met)}</li>`;
    const children: number[] = [];
    for (let i = at + 1; i < conditions.length && (conditions[i]?.depth ?? 0) > node.depth; i++)
      if (conditions[i]?.depth === node.depth + 1) children.push(i);
    const any = node.kind === 'any' && node.truth === true;
    return html`<li>${met && node.truth !== true ? spare : truthMark(node.truth)} ${node.text ?? groupTexts[node.kind]}<ul class="tree">${children.map((child) => walk(child, any))}</ul></li>`;
  };
  return conditions.length === 0 ? html`<p class="empty">这项没有条件。</p>` : html`<ul class="tree whole">${walk(0, false)}</ul>`;
};

const whyPage = async (c: Context<Env>, web: WebContext): Promise<Html> => {
  const visit = await visitFor(c, web, 'view');
  const { record } = await ownRecord(web, visit, c.req.param('id') ?? '');
  const found = await explanationOf(web, record.matchId, everything);
  const body = html`<h1>为什么符合</h1><p class="lead">${record.basis.title}</p>
<p>比对用的是部门报送到${found === null ? '' : dayText(found.match.evidence.period.knownAt)}的数据。</p>
${found === null ? '' : conditionTree(found.conditions)}
<h2>钱怎么算的</h2>${awardSteps(linesFor(record, found, veilOf(web.db)), found?.award ?? null)}
${visit.acting.powers.includes('object') ? html`<p><a class="button quiet" href="/my/items/${record.itemId}/wrong?record=${record.id}">数据不对，请部门核对</a></p>` : html`<p class="hint">数据不对的，请用统一身份认证登录后提出，或带材料到村（居）委会。</p>`}`;
  return portalPage(c, {
    title: '为什么符合',
    for: visit.subject,
    back: { path: `/my/benefits/${record.id}`, label: record.basis.title },
    body,
  });
};

export const whyPages = (web: WebContext) =>
  new Hono<Env>().get('/my/benefits/:id/why', access('visitor'), async (c) => c.html(await whyPage(c, web)));
