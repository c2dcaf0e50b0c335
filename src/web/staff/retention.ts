// 保存期: how long delivered files and refused rows of each dataset are kept, how much is kept now, and when the next may go. The nightly step lets go of it.

import { Hono } from 'hono';
import { html } from 'hono/html';
import { dayText } from '../../base/day.ts';
import { retentionDays } from '../../match/retention.ts';
import { type RetentionTerm, retentionTerms } from '../../record/retention.ts';
import { countRemoved } from '../../snapshot/store.ts';
import { access, type Env, staffOf } from '../access.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { badge, type Html, table } from '../view.ts';
import { countText, dayAt } from '../words.ts';
import { dataLinks } from './data-parts.ts';
import { staffPage } from './frame.ts';

const daysText = (days: number): string => (days % 365 === 0 ? `${days / 365} 年` : `${countText(days)} 天`);

const termTable = (rows: readonly RetentionTerm[], title: (id: string) => string, now: Date): Html =>
  table<RetentionTerm>(
    [
      { title: '数据集', cell: (one) => html`<a href="/staff/data/${one.dataset}">${title(one.dataset)}</a>` },
      { title: '保存', cell: (one) => html`${daysText(one.days)}${one.own ? '' : html`<span class="own">通行的</span>`}` },
      { title: '原件', figure: true, cell: (one) => countText(one.files) },
      { title: '最早收到', cell: (one) => (one.oldest === null ? '—' : dayText(dayAt(one.oldest))) },
      {
        title: '何时可清除',
        cell: (one) =>
          one.nextAt === null
            ? '—'
            : html`${dayText(dayAt(one.nextAt))}${one.nextAt <= now ? html` ${badge('open', '已到期，等夜间清除')}` : ''}`,
      },
      { title: '已清除', figure: true, cell: (one) => countText(one.removed) },
      { title: '还留着被退的行', figure: true, cell: (one) => countText(one.refused) },
    ],
    rows,
    '还没有报送过数据。',
  );

export const retentionPages = (web: WebContext) =>
  new Hono<Env>().get('/staff/retention', access(...businessRoles), async (c) => {
    const catalogue = await web.catalogue();
    const titles = new Map(catalogue.datasets.map((d) => [d.id, d.title]));
    // Whole files hold people of every division.
    const rows = staffOf(c).scope.divisions === null ? await retentionTerms(web.db, catalogue) : [];
    const kept = rows.filter((one) => one.files > 0 || one.removed > 0);
    const first = kept.flatMap((one) => (one.nextAt === null ? [] : [one.nextAt])).sort((a, b) => a.getTime() - b.getTime())[0];
    const [days, removed] = [await retentionDays(web.db), await countRemoved(web.db)];
    const body = html`<h1>保存期</h1>${dataLinks('/staff/retention')}
<p class="lead">部门交来的原件加密保存，到期由夜间任务清除，被退的行一并清空；哈希、报告和已经读出的数据不受影响，判定依据另存。${first === undefined ? '' : `最早的一份从 ${dayText(dayAt(first))} 起可以清除。`}</p>
<p>每晚封存的数据快照保存 ${countText(days)} 天，到期清除${removed === 0 ? '' : `，已清除 ${countText(removed)} 份`}；现行的、在用的、审计保留的和有争议未决的不清除。判定凭自己的依据重判，不需要快照。</p>
${termTable(
  [...kept].sort((a, b) => (a.nextAt?.getTime() ?? Number.MAX_SAFE_INTEGER) - (b.nextAt?.getTime() ?? Number.MAX_SAFE_INTEGER)),
  (id) => titles.get(id) ?? id,
  c.get('now'),
)}`;
    return c.html(staffPage(c, web, '保存期', body));
  });
