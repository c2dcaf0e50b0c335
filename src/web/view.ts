// The frame of every server-rendered page and the few pieces pages share. Chinese, no script, readable without style (LOOK.md).
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Staff } from './access.ts';
import type { Role } from './role.ts';
import { roles } from './role.ts';
import { style } from './style.ts';
import { shown } from './words.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export const styleHash = createHash('sha256').update(style).digest('hex').slice(0, 12);
export const stylePath = `/assets/${styleHash}.css`;

interface NavEntry {
  readonly path: string;
  readonly label: string;
  readonly roles: readonly Role[];
}

const everyone: readonly Role[] = [
  'officer',
  'steward',
  'reviewer',
  'finance-maker',
  'finance-checker',
  'finance-head',
  'finance-issuer',
  'auditor',
];
const navigation: readonly NavEntry[] = [
  { path: '/staff', label: '总览', roles: everyone },
  { path: '/staff/items', label: '政策事项', roles: everyone },
  { path: '/staff/runs', label: '匹配批次', roles: everyone },
  { path: '/staff/matches', label: '匹配结果', roles: everyone },
  { path: '/staff/undetermined', label: '待核', roles: everyone },
  { path: '/staff/disbursements', label: '兑付记录', roles: everyone },
  { path: '/staff/certifications', label: '资格认证', roles: everyone },
  { path: '/staff/notices', label: '告知', roles: everyone },
  { path: '/staff/data', label: '数据', roles: everyone },
  { path: '/staff/people', label: '查一人', roles: everyone },
  { path: '/staff/accounts', label: '账号', roles: ['admin'] },
];

export interface PageFrame {
  readonly title: string;
  readonly staff?: Staff | null;
  readonly path?: string;
  readonly csrf?: string;
  /** One column of 640 px, for sign-in and the public. */
  readonly narrow?: boolean;
  readonly body: Html;
}

const topBar = (frame: PageFrame): Html =>
  frame.staff
    ? html`<nav class="nav" aria-label="主导航"><a class="brand" href="/staff">直享</a><div class="links">${links(frame)}</div><details class="menu"><summary>菜单</summary><div>${links(frame)}</div></details><span class="who">${shown(frame.staff.name)} · ${frame.staff.roles.map((role) => roles[role]).join('、')}</span><form method="post" action="/staff/sign-out"><input type="hidden" name="csrf" value="${frame.csrf ?? ''}"><button class="link">退出</button></form></nav>`
    : html`<nav class="nav" aria-label="主导航"><a class="brand" href="/">直享</a><span class="who"><a href="/staff/sign-in">工作人员登录</a></span></nav>`;

/** Twice in the page: a row on wide screens, a menu on narrow ones; style shows one of them. */
const links = (frame: PageFrame): readonly Html[] =>
  navigation
    .filter((entry) => entry.roles.some((role) => frame.staff?.roles.includes(role)))
    .map((entry) => html`<a href="${entry.path}" ${isHere(frame.path, entry.path) ? raw('aria-current="page"') : ''}>${entry.label}</a>`);

/** Pages that belong to an entry though their address does not begin with it. */
const below: Readonly<Record<string, readonly string[]>> = {
  '/staff/disbursements': ['/staff/stops', '/staff/objections', '/staff/ratings'],
  '/staff/notices': ['/staff/notice-desk'],
  '/staff/data': ['/staff/quality', '/staff/names', '/staff/attestations', '/staff/tickets', '/staff/retention', '/staff/deliveries'],
};

const isHere = (path: string | undefined, entry: string): boolean => [entry, ...(below[entry] ?? [])].some((one) => isUnder(path, one));

const isUnder = (path: string | undefined, entry: string): boolean =>
  path !== undefined && (entry === '/staff' ? path === '/staff' : path === entry || path.startsWith(`${entry}/`));

export const page = (frame: PageFrame): Html => html`<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${frame.title} · 直享</title>
<link rel="stylesheet" href="${stylePath}">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
${topBar(frame)}
<main id="main" class="${frame.narrow ? 'narrow' : ''}">
${frame.body}
</main>
</body>
</html>`;

export interface TableColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => Html | string | number | bigint | null;
  /** Right-aligned tabular figures. */
  readonly figure?: boolean;
  /** May break into lines; so may the first column, all others keep to one. */
  readonly long?: boolean;
}

/** A table with an empty state that says why it is empty and what comes next. */
export const table = <Row>(columns: readonly TableColumn<Row>[], rows: readonly Row[], empty: string): Html =>
  rows.length === 0
    ? html`<p class="empty">${empty}</p>`
    : html`<div class="scroll" tabindex="0" role="region" aria-label="表格，可横向滚动"><table><thead><tr>${columns.map((column) => html`<th scope="col" class="${column.figure ? 'figure' : ''}">${column.title}</th>`)}</tr></thead><tbody>${rows.map(
        (row) =>
          html`<tr>${columns.map((column) => html`<td class="${column.figure ? 'figure' : column.long ? 'long' : ''}" data-label="${column.title}">${column.cell(row) ?? '—'}</td>`)}</tr>`,
      )}</tbody></table></div>`;

/** Name and value pairs, the facts of one object. */
export const facts = (pairs: readonly (readonly [string, Html | string | number | bigint | null | undefined])[]): Html =>
  html`<dl class="facts">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value ?? '—'}</dd></div>`)}</dl>`;

const marks = { good: '✓', bad: '✕', open: '？', plain: '·' } as const;
/** A state with a mark and a word, never colour alone. */
export const badge = (kind: keyof typeof marks, word: string): Html =>
  html`<span class="badge ${kind}"><span aria-hidden="true">${marks[kind]}</span> ${word}</span>`;

/** The way back to the list an object stands in. */
export const crumb = (path: string, label: string): Html => html`<p class="crumb"><a href="${path}">← ${label}</a></p>`;

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** A filter: native select, the current choice kept, 全部 first. */
export const select = (name: string, label: string, choices: readonly Choice[], current: string | undefined): Html =>
  html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}"><option value="">全部</option>${choices.map(
    (one) => html`<option value="${one.value}" ${one.value === current ? raw('selected') : ''}>${one.label}</option>`,
  )}</select></div>`;

/** Link to the next page of a list read by cursor. */
export const nextPage = (path: string, query: Readonly<Record<string, string | undefined>>, cursor: string | null): Html | string => {
  if (cursor === null) return '';
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  search.set('cursor', cursor);
  return html`<p><a class="button quiet" href="${path}?${search.toString()}">下一页</a></p>`;
};

/** What went wrong, what was kept, what to do. */
export const problemBox = (problems: readonly { readonly message: string; readonly hint: string }[]): Html =>
  html`<div class="problem" role="alert">${problems.map((one) => html`<p><strong>${one.message}</strong> ${one.hint}</p>`)}</div>`;
