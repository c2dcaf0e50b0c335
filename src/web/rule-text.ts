// A rule as both faces show it: read aloud from its structure alone.

import { html } from 'hono/html';
import { dayText } from '../base/day.ts';
import type { VersionView } from '../policy/view-store.ts';
import type { Said } from '../rule/explain.ts';
import type { Html } from './view.ts';

/** From when to when a version holds, as its document says. */
export const validity = ({ item }: VersionView): string => {
  const { from, to } = item.effective;
  if (from === null && to === null) return '来源未载';
  return `${from === null ? '' : `${dayText(from)}起`}${to === null ? '' : ` 至${dayText(to)}`}`;
};

/** One sentence and what stands below it. */
export const said = (one: Said): Html =>
  html`<li>${one.text}${one.children.length === 0 ? '' : html`<ul>${one.children.map(said)}</ul>`}</li>`;

/** Already told above the rule, as facts with links. */
const toldAbove = /^(依据|施行日期)：/;

/** A rule read aloud: sentences, then each part under its heading. */
export const ruleBlock = (whole: Said): Html => {
  const parts = whole.children.filter((one) => !toldAbove.test(one.text));
  const sentences = parts.filter((one) => one.children.length === 0);
  const sections = parts.filter((one) => one.children.length > 0);
  return html`<div class="rule">${sentences.map((one) => html`<p>${one.text}</p>`)}${sections.map((one) => html`<h3>${one.text}</h3><ul>${one.children.map(said)}</ul>`)}</div>`;
};
