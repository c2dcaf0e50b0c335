// Every setting of the program, read from the environment in one place; all problems are reported at once. Nothing else reads process.env.
// An empty variable counts as absent, as compose files and service units write it.
import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { type Problem, ProblemError, problem } from './base/problem.ts';
import { makeDataDirectory } from './db/ground.ts';
import { type NoticeSettings, noticeHints, noticeSettings, noticeSettingsOf } from './notice/settings.ts';
import { keysInFile, parseKeys } from './vault/keys.ts';
import { makeVault, type Vault } from './vault/vault.ts';

export interface Config {
  /** Owner's address of an existing PostgreSQL; null: the product's own server in `dataDir`. */
  readonly databaseUrl: string | null;
  /** A login without owner rights; null: the owner's login under role `zhixiang_app`. */
  readonly databaseAppUrl: string | null;
  /** null: notices stay in the outbox that the pages show. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** How notices leave: gateway, pace, quiet hours, trial, returned mail. */
  readonly notice: NoticeSettings;
  /** Who is sent the head of the audit chain every day; null: nobody, the anchor file alone. */
  readonly auditMail: string | null;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The address people see, without a slash at the end; null: http://localhost and the port that was taken. */
  readonly baseUrl: string | null;
  /** The unified identity provider people sign in with; null: none. */
  readonly identity: {
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly claims: { readonly number: string; readonly name: string; readonly code: string; readonly part: string };
  } | null;
  readonly dataDir: string;
  /** null: made once and kept in the data directory (`authSecret`). */
  readonly givenAuthSecret: string | null;
  /** null: made once and kept in the data directory (`openVault`). */
  readonly givenKeys: string | null;
  /** Watched folder that departments put files into, one folder per dataset; null: none. */
  readonly inbox: string | null;
  /** Addresses of departments' databases by the name of their setting (`ZHIXIANG_SOURCE_…`). */
  readonly sources: Readonly<Record<string, string>>;
  /** Bytes of sealed columns kept between two 试算, in the process that serves the web. */
  readonly hotBytes: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

// Workers have no directory; there the data directory is never used.
const project = path.join(import.meta.dirname ?? '/', '..');

const address = (schemes: readonly string[]) => (text: string) => {
  try {
    return schemes.includes(new URL(text).protocol.slice(0, -1));
  } catch {
    return false;
  }
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be refused (header injection)
const oneMailbox = /^[^\u0000-\u001f\u007f]*[^\s@<>]+@[^\s@<>]+>?$/;

const settings = z.object({
  DATABASE_URL: z
    .string()
    .refine(address(['postgres', 'postgresql']), '不是 PostgreSQL 的地址。')
    .optional(),
  DATABASE_APP_URL: z
    .string()
    .refine(address(['postgres', 'postgresql']), '不是 PostgreSQL 的地址。')
    .optional(),
  SMTP_URL: z
    .string()
    .refine(address(['smtp', 'smtps']), '不是邮件服务器的地址。')
    .optional(),
  MAIL_FROM: z.string().regex(oneMailbox, '不是一个邮箱地址。').optional(),
  AUDIT_MAIL: z.string().regex(oneMailbox, '不是一个邮箱地址。').optional(),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, '不是主机名或地址。')
    .default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, '不是端口号。')
    .refine((text) => Number(text) <= 65_535, '不是端口号。')
    .default('3000'),
  BASE_URL: z
    .string()
    .refine(address(['http', 'https']), '不是网址。')
    .optional(),
  OIDC_ISSUER: z
    .string()
    .refine(address(['http', 'https']), '不是网址。')
    .optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_CLAIMS: z
    .string()
    .regex(/^(?:(?:number|name|code|part)=[\w.:/-]+)(?:,(?:number|name|code|part)=[\w.:/-]+)*$/, '写法不对。')
    .optional(),
  ZHIXIANG_DATA: z.string().default(path.join(project, 'data')),
  BETTER_AUTH_SECRET: z.string().min(32, '太短，容易被猜出。').optional(),
  ZHIXIANG_KEYS: z.string().optional(),
  ZHIXIANG_INBOX: z.string().optional(),
  ...noticeSettings,
  ZHIXIANG_HOT_MB: z
    .string()
    .regex(/^\d{1,5}$/, '不是 0 到 99999 的整数。')
    .default('256'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], '不是日志级别。').default('info'),
});

type Name = keyof z.infer<typeof settings>;

const hints: Readonly<Record<Name, string>> = {
  DATABASE_URL: '写成 postgres://用户:口令@主机:5432/库名；不设置时使用自带的数据库。口令里的特殊字符要用百分号编码。',
  DATABASE_APP_URL: '写成 postgres://用户:口令@主机:5432/库名，用没有所有者权限的登录名。',
  SMTP_URL: '写成 smtp://用户:口令@主机:587 或 smtps://用户:口令@主机:465；不设置时告知只进发件箱页面。',
  MAIL_FROM: '写成 某某局 <notice@example.gov.cn>。',
  AUDIT_MAIL: '写成 audit@example.gov.cn；要同时设置 SMTP_URL。',
  HOST: '写成 127.0.0.1（只本机）或 0.0.0.0（所有网卡）。',
  PORT: '写 0 到 65535 的整数，例如 3000；0 表示任选一个空闲端口。',
  BASE_URL: '写成 https://zhixiang.example.gov.cn。',
  OIDC_ISSUER: '写成统一身份认证平台的签发地址，例如 https://id.example.gov.cn；要同时设置 OIDC_CLIENT_ID 和 OIDC_CLIENT_SECRET。',
  OIDC_CLIENT_ID: '写认证平台分配的应用编号。',
  OIDC_CLIENT_SECRET: '写认证平台分配的应用密钥。',
  OIDC_CLAIMS: '写成 number=id_number,name=name,code=uscc,part=uscc_role：身份证号码、姓名、统一社会信用代码、在单位的身份各在哪一项里。',
  ZHIXIANG_DATA: '写一个目录。',
  BETTER_AUTH_SECRET: '至少 32 个字符，可用 openssl rand -base64 32 生成；不设置时自动生成并保存在数据目录。',
  ZHIXIANG_KEYS: '写成 index <密钥>;k1 aes-256-gcm <密钥>；不设置时自动生成并保存在数据目录的 keys 文件里。',
  ZHIXIANG_INBOX: '写一个文件夹；里面每个数据集一个同名的文件夹。',
  ...noticeHints,
  ZHIXIANG_HOT_MB: '写试算时内存里最多留多少 MB 的数据列，例如 256；0 表示不留，每次都从数据库读。',
  LOG_LEVEL: '可选 fatal、error、warn、info、debug、trace、silent。',
};

/** Reads and checks everything; throws one ProblemError with all problems (family `config`). Values never appear in them: addresses hold passwords. */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value.trim() !== ''));
  const read = settings.safeParse(present);
  const problems: Problem[] = [];
  for (const issue of read.error?.issues ?? []) {
    const name = String(issue.path[0]) as Name;
    problems.push(problem('config.setting', name, `设置 ${name} ${issue.message}`, hints[name]));
  }
  if (present.DATABASE_APP_URL !== undefined && present.DATABASE_URL === undefined) {
    problems.push(
      problem(
        'config.setting',
        'DATABASE_APP_URL',
        '设置了 DATABASE_APP_URL，却没有设置 DATABASE_URL。',
        '迁移要用所有者的 DATABASE_URL，请一并设置。',
      ),
    );
  }
  if (present.SMTP_URL !== undefined && present.MAIL_FROM === undefined) {
    problems.push(problem('config.setting', 'MAIL_FROM', '设置了 SMTP_URL，却没有说明用哪个地址发信。', hints.MAIL_FROM));
  }
  if (present.AUDIT_MAIL !== undefined && present.SMTP_URL === undefined)
    problems.push(problem('config.setting', 'AUDIT_MAIL', '设置了 AUDIT_MAIL，却没有邮件服务器。', hints.SMTP_URL));
  const oidc = (['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const).filter((name) => present[name] === undefined);
  if (oidc.length === 1 || oidc.length === 2)
    problems.push(problem('config.setting', oidc[0] ?? '', `设置了统一身份认证，却没有设置 ${oidc.join('、')}。`, hints.OIDC_ISSUER));
  if ((present.SMS_GATEWAY_URL === undefined) !== (present.SMS_GATEWAY_SECRET === undefined))
    problems.push(
      problem('config.setting', 'SMS_GATEWAY_SECRET', '短信网关的地址和签名密钥只设置了一个。', noticeHints.SMS_GATEWAY_SECRET),
    );
  const sources = Object.entries(present).filter(([name]) => /^ZHIXIANG_SOURCE_[A-Z0-9_]+$/.test(name));
  for (const [name, value] of sources)
    if (!address(['postgres', 'postgresql'])(value ?? ''))
      problems.push(problem('config.setting', name, `设置 ${name} 不是 PostgreSQL 的地址。`, hints.DATABASE_URL));
  try {
    if (present.ZHIXIANG_KEYS !== undefined) parseKeys(present.ZHIXIANG_KEYS, 'ZHIXIANG_KEYS');
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(...error.problems);
  }
  if (problems.length > 0 || !read.success) throw new ProblemError(problems);
  const { data } = read;
  return {
    databaseUrl: data.DATABASE_URL ?? null,
    databaseAppUrl: data.DATABASE_APP_URL ?? null,
    smtpUrl: data.SMTP_URL ?? null,
    mailFrom: data.MAIL_FROM ?? '直享 <zhixiang@localhost>',
    notice: noticeSettingsOf({
      ...data,
      ...(data.ZHIXIANG_BOUNCES === undefined ? {} : { ZHIXIANG_BOUNCES: path.resolve(data.ZHIXIANG_BOUNCES) }),
    }),
    auditMail: data.AUDIT_MAIL ?? null,
    host: data.HOST,
    port: Number(data.PORT),
    baseUrl: data.BASE_URL?.replace(/\/+$/, '') ?? null,
    identity: identityIn(data),
    dataDir: path.resolve(data.ZHIXIANG_DATA),
    givenAuthSecret: data.BETTER_AUTH_SECRET ?? null,
    givenKeys: data.ZHIXIANG_KEYS ?? null,
    inbox: data.ZHIXIANG_INBOX === undefined ? null : path.resolve(data.ZHIXIANG_INBOX),
    sources: Object.fromEntries(sources.map(([name, value]) => [name, value ?? ''])),
    hotBytes: Number(data.ZHIXIANG_HOT_MB) * 1_000_000,
    logLevel: data.LOG_LEVEL,
  };
};

const identityIn = (data: z.infer<typeof settings>): Config['identity'] => {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret, OIDC_CLAIMS } = data;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return null;
  const told = Object.fromEntries(
    (OIDC_CLAIMS ?? '').split(',').flatMap((one) => (one === '' ? [] : [one.split('=') as [string, string]])),
  );
  return { issuer, clientId, clientSecret, claims: { number: 'id_number', name: 'name', code: 'uscc', part: 'uscc_role', ...told } };
};

/** The keys to what stands encrypted in the database: given, or made once and kept in the data directory. */
export const openVault = (config: Config): Vault =>
  makeVault(config.givenKeys === null ? keysInFile(makeDataDirectory(config.dataDir)) : parseKeys(config.givenKeys, 'ZHIXIANG_KEYS'));

/** The secret behind staff sessions: given, or made once and kept in the data directory, readable by its owner only. */
export const authSecret = (config: Config): string => {
  if (config.givenAuthSecret !== null) return config.givenAuthSecret;
  const file = path.join(makeDataDirectory(config.dataDir), 'auth-secret');
  try {
    // `wx`: of two processes one writes, the other reads what it wrote.
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    chmodSync(file, 0o600);
  }
  return readFileSync(file, 'utf8').trim();
};
