// What commands on the product's database have in common: settings read, database joined or started, closed whatever happens, the day they live in.
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { type Config, readConfig } from '../config.ts';
import { type Database, type Db, openAsOwner } from '../db/handle.ts';
import type { StepContext } from '../steps.ts';
import { todayFor } from '../today.ts';
import { holdVault } from '../vault/hold.ts';
import type { CommandContext } from './command.ts';
import { openForCommand } from './product.ts';

export interface Opened {
  readonly config: Config;
  readonly database: Database;
  readonly db: Db;
}

/** Who the audit trail names for what is done by hand at the machine: the shell knows no account of ours. */
export const atTheMachine = 'command-line';

export const withProduct = async <T>(context: CommandContext, work: (opened: Opened) => Promise<T>): Promise<T> => {
  const config = readConfig(context.env);
  const product = await openForCommand(config, context.now(), context.out.say);
  try {
    return await work({ config, database: product.database, db: product.database.db });
  } finally {
    await product.close();
  }
};

/** As the owner of the tables, for what the program itself may not do. */
export const withOwner = async <T>(context: CommandContext, work: (owner: Db) => Promise<T>): Promise<T> => {
  const product = await openForCommand(readConfig(context.env), context.now(), context.out.say);
  const owner = openAsOwner(product.ownerUrl);
  holdVault(owner.db, product.vault);
  try {
    return await work(owner.db);
  } finally {
    await owner.close();
    await product.close();
  }
};

/** What the steps of the flow are handed, as the schedule hands it to them. */
export const stepsFor = async (context: CommandContext, { config, db }: Opened): Promise<StepContext> => ({
  db,
  catalogue: await loadCatalogue(db),
  today: await todayFor(db, context.now()),
  now: context.now,
  mail: config.smtpUrl !== null,
  sms: config.notice.gateway !== null,
  messageDomain: /@([^\s>]+)/.exec(config.mailFrom)?.[1] ?? 'zhixiang.invalid',
});

/** `--<name> 2026-04-15`; null where it was not given. */
export const dayOption = (context: CommandContext, name: string): Day | null => {
  const text = context.options[name];
  if (text === undefined) return null;
  return (
    (typeof text === 'string' ? parseDay(text) : null) ??
    fail('input.option', `--${name}`, `--${name} 要是一个日子。`, `例如 --${name} 2026-04-15`)
  );
};

/** A text option, trimmed; null where it was not given or is blank. */
export const textOption = (context: CommandContext, name: string): string | null => {
  const text = context.options[name];
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null;
};

/** `a,b` or `a，b、c` as a list; null where it was not given. */
export const listOption = (context: CommandContext, name: string): readonly string[] | null => {
  const text = textOption(context, name);
  if (text === null) return null;
  return text
    .split(/[,，、]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
};

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
