// Pieces of staff pages that several of them share: badges of verdicts and freshness, a person's cell, datasets and days.

import { html } from 'hono/html';
import { formatYuan, roundYuan } from '../../base/amount.ts';
import { dayText } from '../../base/day.ts';
import type { MatchKind } from '../../policy/item.ts';
import { placeName } from '../../record/lookup.ts';
import type { Subject } from '../../record/view-store.ts';
import type { Verdict } from '../../rule/facts.ts';
import { notFound } from '../api/answer.ts';
import type { WebContext } from '../context.ts';
import { isUuid } from '../cursor.ts';
import type { Freshness } from '../datasets.ts';
import { badge, type Html } from '../view.ts';
import type { SourceNote } from '../why.ts';
import { kindNames, personName, shown, tailText, verdictNames } from '../words.ts';

// Not to qualify is no fault of anybody: grey, not red.
const verdictKinds = { eligible: 'good', ineligible: 'plain', undetermined: 'open' } as const;
export const verdictBadge = (verdict: Verdict): Html => badge(verdictKinds[verdict], verdictNames[verdict]);

const kindKinds = { first: 'plain', changed: 'plain', continuing: 'plain', suspended: 'open', resumed: 'plain', ended: 'bad' } as const;
export const kindBadge = (kind: MatchKind): Html => badge(kindKinds[kind], kindNames[kind]);

const freshKinds = { fresh: 'good', stale: 'open', never: 'plain' } as const;
export const freshNames: Readonly<Record<Freshness, string>> = { fresh: '有效', stale: '已过期', never: '未报送' };
export const freshBadge = (freshness: Freshness): Html => badge(freshKinds[freshness], freshNames[freshness]);

export const truthBadge = (truth: boolean | null): Html =>
  truth === null ? badge('open', '缺数据') : truth ? badge('good', '满足') : badge('bad', '不满足');

/** A name from outside stands in its own direction; control characters were made visible before. */
export const personLink = (one: { readonly subjectId: string; readonly register: string; readonly name: string | null }): Html =>
  html`<a href="/staff/people/${one.subjectId}"><bdi>${personName(one.register, one.name)}</bdi></a>`;

/** A person whose row is not at hand, by what `subjectsOf` found: 张* 尾号 1234. */
export const subjectLink = (subjects: ReadonlyMap<string, Subject>, id: string): Html => {
  const one = subjects.get(id);
  return html`<a href="/staff/people/${id}">${one === undefined ? '看档案' : html`<bdi>${personName(one.register, one.name)}</bdi> ${tailText(one.key)}`}</a>`;
};

/** In a column of amounts 万元 beside every number would only hide the numbers. */
export const yuanCell = (fen: bigint): string => formatYuan(fen).replace(/（.*）$/, '');
/** Beside a rounded sum, the exact one; nothing when the sum was not rounded. */
export const sumBeside = (fen: bigint): Html | string =>
  roundYuan(fen) === formatYuan(fen) ? '' : html` <span class="nowrap">${yuanCell(fen)}</span>`;
export const yuanOrDash = (fen: bigint | null): string => (fen === null ? '—' : yuanCell(fen));

/** Codes of divisions as names; a code the tree does not know stays a code. */
export const placesIn = async (web: WebContext): Promise<(code: string | null) => string> => {
  const catalogue = await web.catalogue();
  return (code) => (code === null ? '—' : (placeName(catalogue, 'division', code) ?? shown(code)));
};

/** Every source once with its department, and the days beside it in the same order. */
export const sourceTitles = (sources: readonly SourceNote[]): Html | string =>
  sources.length === 0
    ? '—'
    : html`${sources.map((one) => html`<span class="source">${one.title}${one.department === '' ? '' : html`<span class="own">${one.department}</span>`}</span>`)}`;
export const sourceDays = (sources: readonly SourceNote[]): string =>
  [...new Set(sources.map((one) => dayText(one.asOf)))].join('、') || '—';

/** An id from the address that cannot be one is answered like an unknown one. */
export const uuidOr404 = (text: string, what: string): string => (isUuid(text) ? text : notFound(what));

/** An empty choice of a form is no filter. */
export const chosen = <T extends string>(text: string | undefined, among: readonly T[]): T | undefined => among.find((one) => one === text);
export const given = (text: string | undefined): string | undefined => (text === undefined || text.trim() === '' ? undefined : text.trim());
