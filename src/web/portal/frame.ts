// The frame of the portal's pages and the pieces they share: one thing per page, Chinese, no script, the same without style (LOOK.md).
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { html, raw } from 'hono/html';
import { formatYuan } from '../../base/amount.ts';
import { ProblemError } from '../../base/problem.ts';
import { asNames, type Visitor } from '../../visitor/visitor.ts';
import type { Env } from '../access.ts';
import type { Html } from '../view.ts';
import { periodText, personName, shown, tailText } from '../words.ts';
import { portalStylePath } from './style.ts';

export const sizeCookie = 'zx_size';

export interface PortalFrame {
  readonly title: string;
  readonly body: Html;
  /** Whom the visit is for, as the page has read it already. */
  readonly for?: { readonly name: string | null; readonly register: string } | null;
  /** Shown to whoever asks, and to no search engine. */
  readonly noindex?: true;
  readonly back?: { readonly path: string; readonly label: string };
}

const isLarge = (c: Context<Env>): boolean => getCookie(c, sizeCookie) === 'large';

/** Whom it is all about, always in sight where it is not oneself. */
const forBar = (visitor: Visitor | null, frame: PortalFrame): Html | string => {
  const acting = visitor?.acting ?? null;
  if (frame.for == null || acting === null || (acting.as === 'own' && visitor?.way !== 'demo')) return '';
  const name = personName(frame.for.register, frame.for.name);
  return html`<aside class="for" aria-label="替谁办理"><p>正在查看“${name}”的事项，您的身份：${asNames[acting.as]}。${visitor?.personId == null ? '' : html` <a href="/my/for">换一位</a>`}</p></aside>`;
};

const topBar = (c: Context<Env>): Html => {
  const visitor = c.get('visitor');
  const here = c.req.method === 'GET' ? c.req.path : '/';
  const size = isLarge(c)
    ? html`<a href="/size?to=usual&amp;next=${encodeURIComponent(here)}">标准字</a>`
    : html`<a href="/size?to=large&amp;next=${encodeURIComponent(here)}">大字版</a>`;
  return html`<header><div><a class="brand" href="${visitor ? '/my' : '/'}">直享</a>${size}<a href="/items">查政策</a>${
    visitor
      ? html`<form method="post" action="/sign-out">${token(c)}<button class="link">退出</button></form>`
      : html`<a href="/sign-in">登录</a>`
  }</div></header>`;
};

/** The hidden field every form of a signed-in visitor carries. */
export const token = (c: Context<Env>): Html | string => {
  const formToken = c.get('formToken');
  return formToken === null ? '' : html`<input type="hidden" name="csrf" value="${formToken}">`;
};

/** The whole page; pages of a visit are kept by no cache. */
export const portalPage = (c: Context<Env>, frame: PortalFrame): Html => {
  if (c.get('visitor')) c.header('cache-control', 'no-store');
  if (frame.noindex) c.header('x-robots-tag', 'noindex, nofollow, noarchive');
  return html`<!doctype html>
<html lang="zh-CN" class="${isLarge(c) ? 'large' : ''}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${frame.title} · 直享</title>${
    frame.noindex
      ? html`
<meta name="robots" content="noindex, nofollow, noarchive">`
      : ''
  }
<link rel="stylesheet" href="${portalStylePath}">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
${topBar(c)}
${forBar(c.get('visitor'), frame)}
<main id="main">
${frame.back ? html`<p class="crumb"><a href="${frame.back.path}">← ${frame.back.label}</a></p>` : ''}
${frame.body}
</main>
<footer><div><p>不用申请，不收费用。没有人会为此要您的密码、验证码或转账。</p><p><a href="/check">查验告知</a> <a href="/help">怎么办理、找谁问</a> <a href="/staff/sign-in">工作人员</a></p></div></footer>
</body>
</html>`;
};

/** 1,234.50 with its unit a size smaller, read aloud as one amount. */
export const amountOf = (fen: bigint): Html =>
  html`<p class="amount">${formatYuan(fen).replace(/ ?元$/, '')} <span class="unit">元</span></p>`;

/** A period as people say it: of an event only the end of its key, which stands on their own paper. */
export const periodOf = (key: string): string =>
  key === 'once' || /^\d{4}(?:-\d{2}|Q[1-4])?$/.test(key) ? periodText(key) : `编号${tailText(key)}`;

export interface Step {
  readonly text: string;
  readonly state: 'done' | 'now' | 'next';
  readonly own?: string | null;
}

const stepWords = { done: '已完成', now: '现在', next: '之后' } as const;

/** The way of a benefit as a numbered list; the state stands in words for who cannot see the marks. */
export const stepBar = (steps: readonly Step[]): Html =>
  html`<ol class="steps">${steps.map(
    (step) =>
      html`<li class="${step.state}" ${step.state === 'now' ? raw('aria-current="step"') : ''}>${step.text} <span class="own">${stepWords[step.state]}${step.own ? `，${step.own}` : ''}</span></li>`,
  )}</ol>`;

export type Problems = ProblemError['problems'];
/** What a form is shown again with; anything unforeseen goes on. */
export const problemsIn = (error: unknown): Problems => {
  if (error instanceof ProblemError) return error.problems;
  throw error;
};

const typed = (value: unknown): string => (typeof value === 'string' ? shown(value) : '');

/** In one's own words, at most a thousand characters. */
export const formText = (name: string, label: string, hint: string, given?: unknown): Html =>
  html`<label for="${name}">${label}</label><p class="hint" id="${name}-hint">${hint}</p><textarea id="${name}" name="${name}" maxlength="1000" aria-describedby="${name}-hint" required>${typed(given)}</textarea>`;

/** How the answer reaches whoever asks. */
export const formPhone = (given?: unknown): Html =>
  html`<label for="phone">联系电话</label><p class="hint" id="phone-hint">有不清楚的，工作人员打这个电话。</p><input id="phone" name="phone" type="tel" autocomplete="tel" maxlength="20" value="${typed(given)}" aria-describedby="phone-hint" required>`;

/** Only paths of the portal may follow a sign-in. */
export const portalNext = (next: string | undefined): string =>
  next && /^\/(?:my|items|publicity)(?:[/?][^\s\\]*)?$/.test(next) ? shown(next) : '/my';

/** The way in that leads on to this page of the portal. */
export const signInTo = (path: string): string => `/sign-in?next=${encodeURIComponent(path)}`;
