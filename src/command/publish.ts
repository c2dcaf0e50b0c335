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
import { alreadyPublished, publishProblems } from '../policy/publish.ts';
import type { Review } from '../review/review.ts';
import { heldProblem, publishReview, submitReview, withdrawReview } from '../review/work.ts';
import { type StaffAccount, staffAccounts } from '../web/store.ts';
import type { Command, CommandContext } from './command.ts';
import { officerNamed } from './officer.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { effectLines } from './review.ts';
import { loadShippedCatalogue, ruleFilesFor } from './rule-files.ts';

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

interface Done {
  readonly id: string;
  readonly version: number;
  readonly already: boolean;
  readonly blocked: string | null;
}

/** All are put into review first; what goes beyond the gate without the checker's name holds every one of them. */
const publishAll = async (
  context: CommandContext,
  db: Db,
  ready: readonly Ready[],
  catalogue: Catalogue,
  people: { readonly maker: string; readonly checker: string },
): Promise<readonly Done[]> => {
  const { out, now } = context;
  const accept = textOption(context, 'accept')?.toLowerCase() ?? null;
  const known: Done[] = [];
  const reviews: Review[] = [];
  const held: Problem[] = [];
  for (const { json, item } of ready) {
    const before = await alreadyPublished(db, item);
    if (before !== null) {
      known.push({ id: item.id, version: before.version, already: true, blocked: before.blocked });
      out.say(`  · ${item.id}：已发布过，第 ${before.version} 版`);
      continue;
    }
    const review = await submitReview(db, { json, catalogue, maker: people.maker, at: now() });
    reviews.push(review);
    if (review.effect?.exceeds === true && accept === null) held.push({ ...heldProblem(review.effect), at: `${item.id}.json` });
  }
  if (held.length > 0) {
    for (const review of reviews) await withdrawReview(db, review.id, people.maker, now());
    throw new ProblemError(held);
  }
  for (const review of reviews) {
    const {
      itemId: id,
      version,
      already,
      blocked,
    } = await publishReview(db, {
      id: review.id,
      catalogue,
      checker: people.checker,
      accept,
      at: now(),
    });
    known.push({ id, version, already, blocked });
    out.say(`  ✓ ${id}：发布为第 ${version} 版${blocked === null ? '' : `；暂不能兑付：${blocked}`}`);
    for (const line of effectLines(review.effect)) out.say(line);
  }
  return known;
};

const publish = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const { out, now } = context;
  const problems: Problem[] = [];
  const accounts = await staffAccounts(db);
  const maker = officerNamed(context, 'maker', accounts, problems);
  const checker = officerNamed(context, 'checker', accounts, problems);
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
  const items = await publishAll(context, db, ready, catalogue, { maker: maker.username, checker: checker.username });
  const fresh = items.filter((one) => !one.already).length;
  out.say(`${items.length} 个事项，新发布 ${fresh} 个，已发布过 ${items.length - fresh} 个。`);
  if (out.asJson) out.json({ catalogue: { number, hash: catalogue.hash, already: !published }, published: fresh, items });
  return 0;
};

export const publishCommand: Command = {
  name: 'publish',
  usage: [
    '--maker <用户名> --checker <用户名> [--accept <复核人>] [--json]    发布全部随附规则',
    '<文件、文件夹或编号…> --maker <用户名> --checker <用户名> [--accept <复核人>] [--json]',
  ],
  options: { maker: { type: 'string' }, checker: { type: 'string' }, accept: { type: 'string' } },
  run: (context) => withProduct(context, (opened) => publish(context, opened)),
};
