// `publish`: the shipped catalogue where its content is new, and rule files, into the product's database under two officers' names. All problems at
// once and before the first row: a half-published set of rules helps nobody.
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import { coversItem } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { publishCatalogue } from '../catalogue/publish.ts';
import { catalogueByHash, newestCatalogue } from '../catalogue/store.ts';
import type { Db } from '../db/handle.ts';
import { readRuleFile } from '../policy/files.ts';
import type { Item } from '../policy/item.ts';
import { publishItem, publishProblems } from '../policy/publish.ts';
import { roles } from '../web/role.ts';
import { type StaffAccount, staffAccounts } from '../web/store.ts';
import type { Command, CommandContext } from './command.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { loadShippedCatalogue, ruleFilesFor } from './rule-files.ts';

const part = { maker: '经办', checker: '复核' } as const;

/** The named officer; null with the reason among `problems`. */
const officer = (
  context: CommandContext,
  name: keyof typeof part,
  accounts: readonly StaffAccount[],
  problems: Problem[],
): StaffAccount | null => {
  const at = `--${name}`;
  const username = textOption(context, name)?.toLowerCase();
  if (username === undefined) {
    problems.push(problem('input.option', at, `没有说明${part[name]}是谁。`, `写 ${at} <用户名>；用户名见 accounts。`));
    return null;
  }
  const account = accounts.find((one) => one.username === username);
  if (account === undefined || account.leftAt !== null) {
    problems.push(
      problem('missing.account', at, `没有“${username.slice(0, 40)}”这个在职账号。`, '用户名见 accounts；新建用 accounts add。'),
    );
    return null;
  }
  if (!account.roles.includes('officer'))
    problems.push(problem('scope.role', at, `“${username}”不是${roles.officer}，不能发布规则。`, `请由${roles.officer}经办和复核。`));
  return account;
};

interface Ready {
  readonly file: string;
  readonly json: unknown;
  readonly item: Item;
}

/** A shipped catalogue that was published before, and replaced since, is not the one in force. */
const catalogueFor = async (db: Db): Promise<{ readonly catalogue: Catalogue; readonly isNew: boolean }> => {
  const shipped = await loadShippedCatalogue();
  const known = (await catalogueByHash(db, shipped.hash)) !== null;
  const newest = known ? await newestCatalogue(db) : null;
  return newest === null ? { catalogue: shipped, isNew: true } : { catalogue: newest.catalogue, isNew: false };
};

const prepare = async (context: CommandContext, catalogue: Catalogue, people: readonly StaffAccount[], problems: Problem[]) => {
  const ready: Ready[] = [];
  const paths = await ruleFilesFor(context, context.args).catch((error: unknown) => {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(...error.problems);
    return [];
  });
  for (const path of paths) {
    const { name, json, result } = await readRuleFile(path, catalogue);
    const found = result.ok ? publishProblems(json, catalogue).problems : result.problems;
    problems.push(...found.map((one) => ({ ...one, at: `${name}.json${one.at === '' ? '' : ` ${one.at}`}` })));
    if (!result.ok) continue;
    const outside = people.filter((one) => !coversItem(one.scope, result.item)).map((one) => one.username);
    if (outside.length > 0)
      problems.push(problem('scope.item', `${name}.json`, `${outside.join('、')}的范围里没有这个事项。`, '请由主管部门的人经办和复核。'));
    ready.push({ file: path, json, item: result.item });
  }
  return ready;
};

const publish = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const { out, now } = context;
  const problems: Problem[] = [];
  const accounts = await staffAccounts(db);
  const maker = officer(context, 'maker', accounts, problems);
  const checker = officer(context, 'checker', accounts, problems);
  if (maker !== null && maker.userId === checker?.userId)
    problems.push(problem('state.same-person', '--checker', '经办与复核是同一人。', '请另一位政策管理员复核。'));
  const { catalogue, isNew } = await catalogueFor(db);
  const people = [maker, checker].filter((one) => one !== null);
  const ready = await prepare(context, catalogue, people, problems);
  if (problems.length > 0 || maker === null || checker === null) throw new ProblemError(problems);
  const { number, published } = await publishCatalogue(db, {
    catalogue,
    maker: maker.username,
    checker: checker.username,
    at: now(),
  });
  out.say(published && isNew ? `  ✓ 指标目录：发布为第 ${number} 版` : `  · 指标目录：已发布过，第 ${number} 版`);
  const items: { id: string; version: number; already: boolean; blocked: string | null }[] = [];
  for (const { json, item } of ready) {
    const done = await publishItem(db, { json, catalogue, maker: maker.username, checker: checker.username, at: now() });
    if (!done.ok) throw new ProblemError(done.problems);
    const { version, already, blocked } = done;
    items.push({ id: item.id, version, already, blocked });
    const held = blocked === null ? '' : `；暂不能兑付：${blocked}`;
    out.say(already ? `  · ${item.id}：已发布过，第 ${version} 版` : `  ✓ ${item.id}：发布为第 ${version} 版${held}`);
  }
  const fresh = items.filter((one) => !one.already).length;
  out.say(`${items.length} 个事项，新发布 ${fresh} 个，已发布过 ${items.length - fresh} 个。`);
  if (out.asJson) out.json({ catalogue: { number, hash: catalogue.hash, already: !published }, published: fresh, items });
  return 0;
};

export const publishCommand: Command = {
  name: 'publish',
  usage: [
    '--maker <用户名> --checker <用户名> [--json]    发布全部随附规则',
    '<文件、文件夹或编号…> --maker <用户名> --checker <用户名> [--json]',
  ],
  options: { maker: { type: 'string' }, checker: { type: 'string' } },
  run: (context) => withProduct(context, (opened) => publish(context, opened)),
};
