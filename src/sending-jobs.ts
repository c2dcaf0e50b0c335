// The jobs by which notices leave and what comes back is read; part of the list in `jobs.ts`.
import { openChannels } from './channels.ts';
import type { Job } from './jobs.ts';
import { takeBounces } from './notice/bounces.ts';
import { send } from './notice/send.ts';
import { oweYearly } from './notice/yearly.ts';
import { todayFor } from './today.ts';

const some = (count: number, text: string): string | null => (count === 0 ? null : `${text} ${count}`);

export const sendingJobs: readonly Job[] = [
  {
    name: 'notice.yearly',
    // Every day of January after the first: who was missed while a machine stood still is told the next day, and nobody twice.
    cron: '20 9 2-31 1 *',
    what: '每年一月告诉每个人上一年一共收到多少',
    run: async ({ db, now }) => {
      const year = Number((await todayFor(db, now)).slice(0, 4)) - 1;
      return some(await oweYearly(db, { year, now }), '年度汇总');
    },
  },
  {
    name: 'notice.send',
    cron: '* * * * *',
    what: '发出到期的告知（邮件、短信），没有邮件服务器时留在发件箱',
    run: async ({ db, config, now }) => {
      const began = performance.now();
      const clock = () => new Date(now.getTime() + (performance.now() - began));
      const { lanes, close } = openChannels(config, clock);
      try {
        const { sent, retried, bounced, dead, trial } = await send(db, { lanes, clock });
        return some(sent + retried + bounced + dead + trial, '投递');
      } finally {
        close();
      }
    },
  },
  {
    name: 'notice.bounces',
    cron: '* * * * *',
    what: '读取退信，没有送达的改用下一种方式',
    run: async ({ db, config, now }) => {
      const folder = config.notice.bounces;
      if (folder === null) return null;
      const { heard, other } = await takeBounces(db, { folder, now });
      return some(heard + other, '读取退信');
    },
  },
];
