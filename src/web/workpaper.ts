// 审计底稿: one payment on one page to print: the sentence of the document, the rule, every value with its source, the amount step by step, who approved
// what, what the bank said, what was booked, and the hashes by which each of it is proved. HTML that stands alone, no script.

import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { figureYuan, formatYuan, yuanInCapitals } from '../base/amount.ts';
import { canonicalJson } from '../base/canonical.ts';
import { maskAccount } from '../base/codes.ts';
import { dayText } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import { states } from '../disbursement/states.ts';
import { type DisbursementEvent, disbursementById } from '../disbursement/store.ts';
import { batchStates } from '../payment/payment.ts';
import { type PaperEntry, type PaperLine, type PaperPosting, paperEntries, paperLines, paperPostings } from '../reconcile/paper-store.ts';
import { lineById, type SettledLine } from '../settlement/read-store.ts';
import type { WebContext } from './context.ts';
import { type Explanation, explanationOf } from './explanation.ts';
import { sourceDays } from './staff/parts.ts';
import { staffAccounts } from './store.ts';
import type { Html } from './view.ts';
import { momentText, periodText, shown } from './words.ts';
import { paperStyle } from './workpaper-style.ts';

export interface Workpaper {
  readonly explanation: Explanation;
  readonly record: Disbursement;
  readonly events: readonly DisbursementEvent[];
  readonly settled: SettledLine | null;
  readonly lines: readonly PaperLine[];
  readonly postings: readonly PaperPosting[];
  readonly entries: readonly PaperEntry[];
  /** Account id → name; steps of the machine keep their own. */
  readonly names: ReadonlyMap<string, string>;
}

/** null when there is no such record within the scope, or it is a stop without money. */
export const workpaperOf = async (web: Pick<WebContext, 'db'>, disbursementId: string, scope: Scope): Promise<Workpaper | null> => {
  const found = await disbursementById(web.db, disbursementId, scope);
  if (found === null) return null;
  const { record, events } = found;
  const explanation = await explanationOf(web, record.matchId, scope);
  if (explanation === null) return null;
  const lines = await paperLines(web.db, record.id);
  const objects: (readonly [string, string])[] = [
    ['disbursement', record.id],
    ...(record.lineId === null ? [] : [['settlement_line', record.lineId] as const]),
    ...[...new Set(lines.map((line) => line.batchId))].map((id) => ['batch', id] as const),
  ];
  return {
    explanation,
    record,
    events,
    settled: record.lineId === null ? null : await lineById(web.db, record.lineId, scope),
    lines,
    postings: record.lineId === null ? [] : await paperPostings(web.db, record.lineId),
    entries: await paperEntries(web.db, objects),
    names: new Map((await staffAccounts(web.db)).map((one) => [one.userId, one.name])),
  };
};

const steps: Readonly<Record<string, string>> = {
  run: '匹配程序',
  'step:settle': '结算程序',
  'step:prefill': '预填程序',
  'step:advance': '流程程序',
};
const order = ['maker', 'checker', 'issuer'];
const roles: Readonly<Record<string, string>> = { maker: '经办', checker: '复核', issuer: '签发' };
const wordNames: Readonly<Record<string, string>> = {
  withheld: '签发时未报',
  cancelled: '批次退回',
  sent: '报盘',
  accepted: '银行已受理',
  paid: '到账',
  returned: '退汇',
  unknown: '状态不明',
};
const accountNames: Readonly<Record<string, string>> = { available: '可用', reserved: '预留', committed: '占用', paid: '到账' };

const actorOf = (paper: Workpaper, id: string): string => paper.names.get(id) ?? steps[id] ?? shown(id);
const short = (hash: string | null | undefined): Html | string => (hash ? html`<code>${hash.slice(0, 16)}…</code>` : '—');

/** The account in a posting as people say it; only what changes the promise's place. */
const placeOf = (account: string): string => accountNames[account.slice(account.lastIndexOf(':') + 1)] ?? account;

const rows = (header: readonly string[], body: readonly (readonly (Html | string)[])[], figures: readonly number[] = []): Html =>
  html`<table><thead><tr>${header.map((title, i) => html`<th class="${figures.includes(i) ? 'figure' : ''}">${title}</th>`)}</tr></thead><tbody>${body.map(
    (cells) => html`<tr>${cells.map((cell, i) => html`<td class="${figures.includes(i) ? 'figure' : ''}">${cell}</td>`)}</tr>`,
  )}</tbody></table>`;

const pairs = (list: readonly (readonly [string, Html | string])[]): Html =>
  html`<dl>${list.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

const basisPart = ({ explanation, record }: Workpaper): Html => {
  const { basis } = record;
  return html`<section><h2>一、依据</h2>${pairs([
    ['文件', `${basis.document}${basis.number === null ? '' : `（${basis.number}）`}`],
    ...(basis.clause === null ? [] : [['条款', basis.clause] as const]),
    ['规则', html`${explanation.title}，第 ${explanation.match.version} 版 ${short(explanation.match.evidence.itemHash)}`],
  ])}</section>`;
};

const truthText = (truth: boolean | null): string => (truth === null ? '待核' : truth ? '满足' : '不满足');

/** The column of clauses stands only where a rule names one. */
const whyPart = ({ explanation }: Workpaper): Html => {
  const leaves = explanation.conditions.filter((node) => node.kind === 'leaf');
  const clauses = leaves.some((node) => (node.clause ?? '') !== '');
  return html`<section class="judged"><h2>二、判定</h2>${rows(
    ['要求', ...(clauses ? ['条款'] : []), '实际', '来源', '数据日期', '结果'],
    leaves.map((node) => [
      node.text ?? node.required ?? '',
      ...(clauses ? [node.clause ?? ''] : []),
      html`${node.actual ?? '—'}${node.inputs.length === 0 ? '' : html`<span class="own">${[...new Set(node.inputs.map((one) => `${one.label} ${one.value}`))].join('；')}</span>`}`,
      node.sources.map((one) => `${one.department}《${one.title}》`).join('、') || '—',
      sourceDays(node.sources),
      truthText(node.truth),
    ]),
  )}</section>`;
};

/** What was kept back of this record for what was over-paid before, by the books. */
const keptBack = ({ postings, record }: Pick<Workpaper, 'postings' | 'record'>): bigint =>
  postings
    .filter((one) => one.kind === 'offset' && one.amountFen > 0n && one.transaction.endsWith(`:${record.id}`))
    .reduce((sum, one) => sum + one.amountFen, 0n);

const moneyPart = (paper: Workpaper): Html => {
  const { explanation, settled, record } = paper;
  const kept = keptBack(paper);
  const line = explanation.lines.find((one) => one.amountFen !== null && one.amountFen === settled?.grossFen) ?? explanation.lines[0];
  return html`<section><h2>三、金额</h2><ol>${(line?.steps ?? []).map((step) => html`<li>${step.text}</li>`)}
<li>匹配核定 ${formatYuan(settled?.grossFen ?? record.amountFen)}</li>
${(settled?.reasons ?? []).map((reason) => html`<li>${shown(reason.text)}</li>`)}
<li>结算 ${formatYuan(settled?.grantedFen ?? record.amountFen)}${settled !== null && settled.grantedFen !== record.amountFen ? `，本笔为其中一份 ${formatYuan(record.amountFen)}` : ''}</li>
${kept === 0n ? '' : html`<li>抵扣以前多发的 ${formatYuan(kept)}，实发 ${formatYuan(record.amountFen - kept)}</li>`}</ol></section>`;
};

/** In the order things happened; who signed which batch stands beside the batch. */
const lifePart = (paper: Workpaper): Html =>
  html`<section><h2>四、办理</h2><ol class="life">${paper.events.map(
    (event) =>
      html`<li>${momentText(event.at)} ${event.from === null ? '' : `${states[event.from].text} → `}${states[event.to].text}，${actorOf(paper, event.actor)}${event.reason === null || event.reason === '' ? '' : `：${shown(event.reason)}`}</li>`,
  )}</ol></section>`;

const signed = (paper: Workpaper, line: PaperLine): Html =>
  html`${line.signatures
    .toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role))
    .map(
      (one) => html`<span class="own">${roles[one.role] ?? one.role} ${actorOf(paper, one.person)} ${momentText(new Date(one.at))}</span>`,
    )}<span class="own">内容 ${short(line.batchHash)}</span>`;

const bankPart = (paper: Workpaper): Html =>
  html`<section class="bank"><h2>五、审批、拨付与银行回音</h2>${
    paper.lines.length === 0
      ? html`<p>还没有封批。</p>`
      : rows(
          ['流水号和批次', '审批', '资金来源和报盘文件', '银行回音', '金额（元）'],
          paper.lines.map((line) => [
            html`<code>${line.reference}</code><span class="own">${line.batchNumber}，${dayText(line.payOn)} 拨付，${batchStates[line.batchState as keyof typeof batchStates]?.text ?? line.batchState}</span>${line.replaces === null ? '' : html`<span class="own">重发，接上一笔退汇</span>`}`,
            signed(paper, line),
            html`${line.sources.map((source) => html`<span class="own">${source.document} 项目 ${source.projectCode} 科目 ${source.subjectCode} ${figureYuan(BigInt(source.amountFen))} 元</span>`)}<span class="own">${line.fileName ?? '未报盘'} ${short(line.fileSha256)}</span>`,
            html`${line.words.map((word) => html`<span class="own">${momentText(new Date(word.at))} ${wordNames[word.kind] ?? word.kind}${word.text === null ? '' : `：${shown(word.text)}`}${word.file === null ? '' : `（${shown(word.file)}）`}</span>`)}`,
            figureYuan(line.amountFen),
          ]),
          [4],
        )
  }</section>`;

/** One line per booking, from one account to another; a booking of more than two lines stands as it was written. */
const bookPart = ({ postings }: Workpaper): Html =>
  html`<section><h2>六、记账</h2>${rows(
    ['序号', '时间', '业务', '从', '到', '金额（元）'],
    [...Map.groupBy(postings, (one) => one.transaction).values()].flatMap((own) => {
      const [first, second] = own;
      if (first === undefined) return [];
      const head = (one: PaperPosting) => [momentText(one.at), one.kind === 'restore' ? '退回' : (bookings[one.kind] ?? one.kind)];
      if (own.length === 2 && second !== undefined && first.amountFen + second.amountFen === 0n) {
        const [from, to] = first.amountFen < 0n ? [first, second] : [second, first];
        return [[`${first.id}、${second.id}`, ...head(first), placeOf(from.account), placeOf(to.account), figureYuan(to.amountFen)]];
      }
      return own.map((one) => {
        const place = placeOf(one.account);
        return [
          String(one.id),
          ...head(one),
          one.amountFen < 0n ? place : '—',
          one.amountFen < 0n ? '—' : place,
          figureYuan(one.amountFen < 0n ? -one.amountFen : one.amountFen),
        ];
      });
    }),
    [5],
  )}</section>`;
const bookings: Readonly<Record<string, string>> = { reserve: '预留', commit: '封批', pay: '到账', release: '释放' };

const proofPart = ({ entries, lines, explanation }: Workpaper): Html => {
  const { evidence } = explanation.match;
  const chained = entries.filter((one) => one.position !== null);
  return html`<section class="proof"><h2>七、指纹</h2>${pairs([
    ['数据快照', short(evidence.snapshot)],
    ['规则', short(evidence.itemHash)],
    ['目录', short(evidence.catalogueHash)],
    ['判定程序', html`<code>${evidence.evaluator}</code>`],
    ...lines.map((line, i) => [`第 ${i + 1} 次支付`, html`${short(line.hash)} 批次 ${short(line.batchHash)}`] as const),
    [
      '留痕',
      `${entries.length} 条，接链 ${chained.length} 条${chained.length === 0 ? '' : `：第 ${chained.map((one) => one.position).join('、')} 环`}`,
    ],
    ...(chained.length === 0 ? [] : [['最后一环', short(chained.at(-1)?.link)] as const]),
  ])}</section>`;
};

/** Over everything the page says; the same payment in the same state has the same. */
export const paperHash = ({ explanation, record, events, settled, lines, postings, entries }: Workpaper): string =>
  createHash('sha256')
    .update(
      canonicalJson({
        match: { id: explanation.match.id, evidence: explanation.match.evidence, lines: explanation.match.lines },
        record: { ...record, account: record.account === null ? null : maskAccount(record.account) },
        events,
        settled,
        lines,
        postings,
        entries: entries.map(({ id, hash, position }) => ({ id, hash, position })),
      }),
    )
    .digest('hex');

export const workpaperPage = (paper: Workpaper, now: Date): Html => {
  const { explanation, record } = paper;
  return html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>审计底稿 ${explanation.title} ${periodText(record.periodKey)}</title><style>${raw(paperStyle)}</style></head>
<body><header><div><h1>审计底稿</h1><p>${explanation.title} · ${periodText(record.periodKey)} · ${record.authority}</p></div>
<div class="sum"><strong>${formatYuan(record.amountFen)}</strong><p>${yuanInCapitals(record.amountFen)}</p><p class="state">${states[record.state].text}</p></div></header>
${pairs([
  ['姓名或单位', html`<bdi>${explanation.person}</bdi>（证件尾号 ${explanation.keyTail}）`],
  ['收款账户', `${record.bank ?? '—'} ${record.account === null ? '—' : `尾号 ${maskAccount(record.account).slice(-4)}`}`],
  ['附言', shown(record.statementText)],
  ['兑付记录', html`<code>${record.id}</code>`],
])}
${basisPart(paper)}${whyPart(paper)}${moneyPart(paper)}${lifePart(paper)}${bankPart(paper)}${bookPart(paper)}${proofPart(paper)}
<footer><p>本页指纹 <code>${paperHash(paper)}</code></p><p>${momentText(now)} 由直享生成。凭兑付记录编号可重新生成并比对指纹；留痕可离线核对。</p></footer></body></html>`;
};
