// 数据需求函 to one department: what is lacking, who waits for it, until when an answer is asked for; a page to print.
import { html, raw } from 'hono/html';
import { type Day, dayText } from '../base/day.ts';
import type { DataRequest, Want } from './data-requests.ts';
import { type Html, table } from './view.ts';
import { countText, periodText, shown } from './words.ts';
import { paperStyle } from './workpaper-style.ts';

const itemsText = ({ items }: Want): string =>
  items
    .slice(0, 4)
    .map(({ title, periodKey }) => `${title}（${periodText(periodKey)}）`)
    .join('、') + (items.length > 4 ? ` 等 ${items.length} 项` : '');

/** `answerBy`: the day an answer is asked for; null: beyond the official calendar, then it is left to be filled in. */
export const requestLetter = (
  request: DataRequest,
  about: { readonly today: Day; readonly answerBy: Day | null },
): Html => html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>数据需求函</title><meta name="viewport" content="width=device-width,initial-scale=1"><style>${raw(paperStyle)}</style></head><body><main>
<header><h1>关于补报数据的函</h1></header>
<p>${shown(request.department ?? '')}：</p>
<p>在免申即享事项的比对中，因下列数据没有报送、空缺或者过期，有 ${countText(request.subjects)} 人次暂时无法判定，既没有算作符合，也没有算作不符合。请按数据共享约定补报，或者说明情况。</p>
${table<Want>(
  [
    { title: '缺的数据', cell: (one) => one.label },
    { title: '所在数据集', cell: (one) => one.title ?? '—' },
    { title: '情况', cell: (one) => one.reason },
    { title: '等它的事项', long: true, cell: itemsText },
    { title: '在等的人次', figure: true, cell: (one) => countText(one.subjects) },
  ],
  request.wants,
  '没有缺的数据。',
)}
<p>请于 ${about.answerBy === null ? '____年__月__日' : dayText(about.answerBy)} 前补报到数据接口或者报送文件夹；无法提供的，请回函说明原因和预计时间。数据补齐后自动重新比对，已经过去的各期一并补发，不需要当事人申请。</p>
<footer>（盖章） ${dayText(about.today)}</footer>
</main></body></html>`;
