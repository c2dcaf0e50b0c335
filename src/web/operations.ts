// What runs the house, as its pages show it: the jobs with their times and how they went, and the channels with what is set up. Never a secret: of an address
// no more than its host.
import type { Config } from '../config.ts';
import { cronText, nextDue } from '../cron.ts';
import type { Db } from '../db/handle.ts';
import type { JobRun } from '../job/run.ts';
import { failingJobs, lastRuns } from '../job/store.ts';
import { jobTitle, jobTitles } from '../job-titles.ts';
import { jobs } from '../jobs.ts';
import { type ChannelStanding, channelStandings } from '../notice/channel-store.ts';
import type { WebContext } from './context.ts';
import type { Role } from './role.ts';
import { staffAccounts } from './store.ts';

const names = jobs.map(({ name }) => name);

export interface JobView {
  readonly name: string;
  readonly title: string;
  readonly what: string;
  readonly cron: string;
  readonly when: string;
  readonly nextAt: Date | null;
  readonly last: JobRun | null;
  /** The last that did something or failed. */
  readonly telling: JobRun | null;
  /** Whether whoever asks may run it now, and stop it while it runs. */
  readonly mayRun: boolean;
  readonly stoppable: boolean;
}

/** All of them, or those named. */
export const jobViews = async (
  web: WebContext,
  roles: readonly Role[],
  now: Date,
  wanted: readonly string[] = names,
): Promise<readonly JobView[]> => {
  const runs = await lastRuns(web.db, wanted);
  const shown = jobs.filter(({ name }) => wanted.includes(name));
  return shown.map(({ name, what, cron, stoppable }) => ({
    ...{ name, title: jobTitle(name), what, cron, when: cronText(cron), nextAt: nextDue(cron, now) },
    last: runs.get(name)?.last ?? null,
    telling: runs.get(name)?.telling ?? null,
    mayRun: web.runner !== undefined && mayRun(name, roles),
    stoppable: stoppable === true && mayRun(name, roles),
  }));
};

export const mayRun = (name: string, roles: readonly Role[]): boolean => roles.some((role) => jobTitles[name]?.roles.includes(role));

/** How many jobs stand at a run that failed, for whoever may run them again. */
export const countFailing = async (db: Db, roles: readonly Role[]): Promise<number> =>
  (
    await failingJobs(
      db,
      names.filter((name) => mayRun(name, roles)),
    )
  ).length;

/** Names of accounts by id, those who left included; a step stays what it is called. */
export const namesOf = async (db: Db): Promise<(id: string | null) => string | null> => {
  const known = new Map((await staffAccounts(db)).map(({ userId, name }) => [userId, name]));
  return (id) => (id === null ? null : (known.get(id) ?? id));
};

export const channelKeys = ['mail', 'sms', 'bounces', 'audit', 'inbox', 'views', 'identity'] as const;
export type ChannelKey = (typeof channelKeys)[number];

export interface ChannelView {
  readonly key: ChannelKey;
  readonly title: string;
  readonly set: boolean;
  /** Where it leads, and what holds for it. */
  readonly detail: string;
  /** What to do to set it up. */
  readonly hint: string | null;
  readonly standing: ChannelStanding | null;
  readonly mayTest: boolean;
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).host : '地址读不懂');
const paceText = (n: number | null, unit: string): string => (n === null ? '' : `，每分钟最多 ${n} ${unit}`);
const hourText = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** null where this process knows no settings. */
export const channelViews = async (web: WebContext, now: Date): Promise<readonly ChannelView[] | null> => {
  if (web.runner === undefined) return null;
  const { config } = web.runner.context();
  const standings = new Map((await channelStandings(web.db, now)).map((one) => [one.channel, one]));
  const { notice } = config;
  const trial = notice.trial === null ? '' : `；试发中，只发给 ${notice.trial.length} 个工作人员的地址`;
  const view = (key: ChannelKey, title: string, detail: string | null, hint: string): ChannelView => ({
    ...{ key, title, set: detail !== null, detail: detail ?? '没有设置', hint: detail === null ? hint : null },
    standing: key === 'mail' || key === 'sms' ? (standings.get(key) ?? null) : null,
    mayTest: detail !== null && (key === 'mail' || key === 'sms'),
  });
  return [
    view('mail', '邮件', mailText(config, trial), '设 SMTP_URL 和 MAIL_FROM；没有设以前，告知留在发件箱。'),
    view('sms', '短信网关', smsText(config, trial), '设 SMS_GATEWAY_URL 和 SMS_GATEWAY_SECRET；没有设以前，改用下一种方式。'),
    view('bounces', '退信', notice.bounces === null ? null : '读退信文件夹', '设 ZHIXIANG_BOUNCES；没有设，被退回的邮件算已送出。'),
    view('audit', '审计链头', config.auditMail === null ? null : '每天寄给库外的保管人', '设 AUDIT_MAIL；没有设，链头只记在本机。'),
    view('inbox', '报送文件夹', config.inbox === null ? null : '每分钟看一次', '设 ZHIXIANG_INBOX；没有设，文件从页面或命令行导入。'),
    view('views', '部门数据库', sourcesText(config), '设 ZHIXIANG_SOURCE_<名称>；没有设，不读部门的视图。'),
    view('identity', '统一身份认证', identityText(config), '设 OIDC_ISSUER 等；没有设，群众只凭告知里的链接进入。'),
  ];
};

const mailText = (config: Config, trial: string): string | null =>
  config.smtpUrl === null ? null : `${hostOf(config.smtpUrl)}${paceText(config.notice.mailPerMinute, '封')}${trial}`;

const smsText = ({ notice }: Config, trial: string): string | null => {
  if (notice.gateway === null) return null;
  const quiet = notice.quiet === null ? '' : `，${hourText(notice.quiet.from)} 至 ${hourText(notice.quiet.to)} 不发`;
  return `${hostOf(notice.gateway.url)}${paceText(notice.smsPerMinute, '条')}${quiet}${trial}`;
};

const sourcesText = ({ sources }: Config): string | null => {
  const count = Object.keys(sources).length;
  return count === 0 ? null : `${count} 个`;
};

const identityText = ({ identity }: Config): string | null => (identity === null ? null : hostOf(identity.issuer));
