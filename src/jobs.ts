// The steps that run by themselves, as data: name, when (cron, Asia/Shanghai), what, how. Nothing here knows its runtime: schedule.ts drives the list
// with node-cron, worker.ts with the cron trigger of Workers. Every step may run twice, be killed anywhere and run in several processes at once.
import { lookAtPromises } from './audit/alarm.ts';
import type { Anchor } from './audit/anchor.ts';
import { chainAudit } from './audit/chain.ts';
import { mailAlarm, mailHead } from './audit/mail-head.ts';
import { newestCatalogue } from './catalogue/store.ts';
import type { Config } from './config.ts';
import { isDue } from './cron.ts';
import type { Db } from './db/handle.ts';
import { alarmText, standingAlarm } from './db/invariant-store.ts';
import { removeRuns } from './job/keep.ts';
import { alone, type Underway } from './job/run.ts';
import { removeSnapshots } from './match/retention.ts';
import { openMail } from './notice/mail.ts';
import { remind, sendReminders } from './readiness/remind.ts';
import { landAccepted } from './record/decide.ts';
import { departmentViews } from './record/department-view-store.ts';
import { takeInbox } from './record/inbox.ts';
import { pullView } from './record/pull.ts';
import { removePast } from './record/retention.ts';
import { sweepUploads } from './record/upload.ts';
import { reportJobs } from './report-jobs.ts';
import { sendingJobs } from './sending-jobs.ts';
import {
  advanceStep,
  certifyStep,
  choicesStep,
  eventStep,
  matchStep,
  prefillStep,
  recoverStep,
  type StepContext,
  sealStep,
  settleStep,
  tellStep,
} from './steps.ts';
import { civilDay, todayFor } from './today.ts';
import { staffAccounts } from './web/store.ts';
import { watchersOf } from './web/watchers.ts';

export interface JobContext {
  readonly db: Db;
  readonly config: Config;
  readonly now: Date;
  /** null where there is no disk (Workers). */
  readonly anchor: Anchor | null;
}

export interface Job {
  /** `<noun>.<verb>`. */
  readonly name: string;
  /** Five fields: minute, hour, day of month, month, day of week; `*`, numbers, lists, ranges and steps. */
  readonly cron: string;
  /** Chinese, for the schedule page. */
  readonly what: string;
  /** One Chinese line when something was done, null when there was nothing to do. */
  readonly run: (context: JobContext, underway?: Underway) => Promise<string | null>;
  /** It stops where nothing is left half done when it is asked to, and says how far it is. */
  readonly stoppable?: true;
}

/** What a step of the flow is handed; null before the first catalogue is published: then there is nothing to work on. */
const stepContext = async ({ db, config, now }: JobContext): Promise<StepContext | null> => {
  const catalogue = (await newestCatalogue(db))?.catalogue;
  if (catalogue === undefined) return null;
  return {
    db,
    catalogue,
    today: await todayFor(db, now),
    now: () => now,
    mail: config.smtpUrl !== null,
    sms: config.notice.gateway !== null,
    messageDomain: domainOf(config.mailFrom),
  };
};

const domainOf = (mailFrom: string): string => /@([^\s>]+)/.exec(mailFrom)?.[1] ?? 'zhixiang.invalid';

/** A job over the catalogue in force; `tell` says what came of it, null for nothing. */
const step =
  <Report>(run: (context: StepContext, underway: Underway) => Promise<Report>, tell: (report: Report) => string | null): Job['run'] =>
  async (context, underway = alone) => {
    const prepared = await stepContext(context);
    return prepared === null ? null : tell(await run(prepared, underway));
  };

const total = (counts: Readonly<Record<string, number | undefined>>): number =>
  Object.values(counts).reduce<number>((sum, n) => sum + (n ?? 0), 0);
const some = (count: number, text: string): string | null => (count === 0 ? null : `${text} ${count}`);

export const jobs: readonly Job[] = [
  {
    name: 'delivery.land',
    cron: '* * * * *',
    what: '把已放行、还没有导入的交付导入',
    run: step(
      ({ db, catalogue, now }) => landAccepted(db, catalogue, { now: now() }),
      (landed) => some(landed, '导入已放行的交付'),
    ),
  },
  {
    name: 'upload.sweep',
    cron: '*/5 * * * *',
    what: '导入传完而没有导入的文件，清掉一天没有动静的上传',
    run: step(
      ({ db, catalogue, now }) => sweepUploads(db, catalogue, { now: now() }),
      ({ landed, abandoned }) => some(landed + abandoned, '收尾的上传'),
    ),
  },
  {
    name: 'inbox.take',
    cron: '* * * * *',
    what: '导入部门放进报送文件夹的文件',
    run: async (context) => {
      const { inbox } = context.config;
      const prepared = inbox === null ? null : await stepContext(context);
      if (inbox === null || prepared === null) return null;
      const { db, catalogue } = prepared;
      const report = await takeInbox(db, catalogue, { folder: inbox, now: context.now, today: civilDay(context.now) });
      return report === null ? null : some(report.done + report.refused, '处理报送文件');
    },
  },
  {
    name: 'view.pull',
    cron: '*/10 * * * *',
    what: '从部门数据库的视图读取变化',
    run: async (context) => {
      const prepared = await stepContext(context);
      if (prepared === null) return null;
      const { db, catalogue } = prepared;
      const options = { now: context.now, today: civilDay(context.now), addresses: context.config.sources };
      let brought = 0;
      for (const view of await departmentViews(db)) if ((await pullView(db, catalogue, view, options))?.report) brought++;
      return some(brought, '读取部门视图');
    },
  },
  {
    name: 'snapshot.seal',
    cron: '30 1 * * *',
    what: '封存当天的数据快照',
    stoppable: true,
    run: step(sealStep, (report) => (report.already ? null : '封存了新的数据快照')),
  },
  {
    name: 'match.run',
    cron: '*/10 * * * *',
    what: '按最新的快照匹配各事项到期的一期',
    run: step(matchStep, (report) => (report === null || report.already ? null : `匹配 ${report.items.length} 个事项期别`)),
  },
  {
    name: 'match.event',
    cron: '* * * * *',
    what: '刚刚变化的少数记录，按在办的各事项即时匹配',
    run: step(eventStep, (report) => some(report.written, '即时匹配写下')),
  },
  {
    name: 'settlement.settle',
    cron: '* * * * *',
    what: '结算：占用、互斥、封顶、额度',
    run: step(settleStep, (report) => some(total(report.lines), '结算笔数')),
  },
  {
    name: 'settlement.choices',
    cron: '* * * * *',
    what: '告知有几项同类政策可选的人：各多少、到哪天、不选发哪项；提醒',
    run: step(choicesStep, ({ told, reminded }) => some(told + reminded, '告知选择')),
  },
  {
    name: 'disbursement.prefill',
    cron: '* * * * *',
    what: '预填兑付记录',
    run: step(prefillStep, (report) => some(report.made + report.stops, '预填记录')),
  },
  {
    name: 'disbursement.advance',
    cron: '* * * * *',
    what: '按流程推进兑付记录',
    run: step(advanceStep, (report) => some(total(report), '推进记录')),
  },
  {
    name: 'recovery.propose',
    cron: '*/10 * * * *',
    what: '找出多发的，提请立案追回；到期前提醒退回',
    run: step(recoverStep, (found) => some(found, '提请追回、提醒退回')),
  },
  {
    name: 'certification.look',
    cron: '40 2 * * *',
    what: '资格认证：到期的告知、无感认证、列入入户名单，逾期暂停、认证后恢复',
    run: step(certifyStep, (report) => some(total({ ...report }), '资格认证')),
  },
  { name: 'notice.tell', cron: '* * * * *', what: '写告知', run: step(tellStep, (report) => some(total(report), '写告知')) },
  ...sendingJobs,
  ...reportJobs,
  {
    name: 'readiness.remind',
    cron: '20 8 * * *',
    what: '按报送日历催报',
    run: async (context) => {
      const prepared = await stepContext(context);
      if (prepared === null) return null;
      const { db, catalogue, today, mail, messageDomain } = prepared;
      const written = await remind(db, { catalogue, today, at: context.now, mail: { enabled: mail, domain: messageDomain } });
      return some(written, '催报');
    },
  },
  {
    name: 'readiness.send-reminders',
    cron: '*/5 * * * *',
    what: '发出催报邮件，没有邮件服务器时只在页面上显示',
    run: async ({ db, config, now }) => {
      if (config.smtpUrl === null) return null;
      const began = performance.now();
      const channel = openMail({ url: config.smtpUrl, from: config.mailFrom });
      try {
        return some(await sendReminders(db, channel, () => new Date(now.getTime() + (performance.now() - began))), '发出催报');
      } finally {
        channel.close();
      }
    },
  },
  {
    name: 'retention.remove',
    cron: '40 3 * * *',
    what: '清除已过保存期的报送原件、退回行、数据快照和任务记录；现行的、在用的、审计保留的、有争议未决的快照留着',
    run: async (context) => {
      const runs = some(await removeRuns(context.db, context.now), '清除任务记录');
      const prepared = await stepContext(context);
      if (prepared === null) return runs;
      const { db, today } = prepared;
      const { files, deliveries } = await removePast(db, prepared.catalogue, context.now);
      const { removed } = await removeSnapshots(db, { today, at: context.now, actor: 'step:retention' });
      return some(files + deliveries + removed, '清除原件、退回行和快照') ?? runs;
    },
  },
  {
    name: 'invariants.look',
    cron: '30 2 * * *',
    what: '每夜核对各条承诺；有一条被打破就记入审计留痕并报警，签发、取报盘和关账停下，等人查明',
    run: async ({ db, config, now }) => {
      const { broken } = await lookAtPromises(db, now);
      const alarm = await standingAlarm(db);
      if (alarm === null) return null;
      const text = `✕ ${alarmText(alarm)}。由${watchersOf(await staffAccounts(db))}查明；签发、取报盘和关账停着。`;
      if (config.smtpUrl === null || config.auditMail === null) return text;
      const channel = openMail({ url: config.smtpUrl, from: config.mailFrom });
      try {
        await mailAlarm(channel, { to: config.auditMail, text, broken, now });
      } finally {
        channel.close();
      }
      return text;
    },
  },
  {
    name: 'audit.chain',
    cron: '* * * * *',
    what: '把新的审计留痕接成链，并把链头记到数据库之外',
    run: async ({ db, now, anchor }) => {
      const { chained } = await chainAudit(db, now, anchor);
      return chained === 0 ? null : `接链 ${chained} 条留痕`;
    },
  },
  {
    name: 'audit.mail-head',
    cron: '10 0 * * *',
    what: '每天把审计链头寄给库外的保管人',
    run: async ({ db, config, now }) => {
      if (config.smtpUrl === null || config.auditMail === null) return null;
      const channel = openMail({ url: config.smtpUrl, from: config.mailFrom });
      try {
        return await mailHead(db, channel, { to: config.auditMail, now });
      } finally {
        channel.close();
      }
    },
  },
];

/** The jobs whose minute is `at`. Workers tick every minute in UTC and ask here, so that the schedule is written down once, in Chinese time. */
export const dueJobs = (list: readonly Job[], at: Date): readonly Job[] => list.filter((job) => isDue(job.cron, at));
