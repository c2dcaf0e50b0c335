// `rules submit`, `reviews`, `publish`, `return`, `withdraw`, `retire`, `gate`: a version from draft to law, by hand.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { formatYuan } from '../base/amount.ts';
import { fail, ProblemError } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { readRuleFile } from '../policy/files.ts';
import { publishedItem } from '../policy/store.ts';
import { type Effect, type Review, reviewStates } from '../review/review.ts';
import { gateLimit, listReviews, readReview } from '../review/store.ts';
import { publishReview, retireVersion, returnReview, setGate, submitReview, withdrawReview } from '../review/work.ts';
import { staffAccounts } from '../web/store.ts';
import { type CommandContext, textTable } from './command.ts';
import { officerFor } from './officer.ts';
import { isUuid, type Opened, textOption, withProduct } from './opening.ts';
import { fromCaller } from './place.ts';
import { ruleFilesFor } from './rule-files.ts';
import { diff, differences, one, versionNamed, versions } from './versions.ts';

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
const yuan = (fen: string | bigint): string => formatYuan(BigInt(fen));

/** What publishing would change, in a few lines. */
export const effectLines = (effect: Effect | null): readonly string[] => {
  if (effect === null) return ['  还没有（按现行指标目录封存的）数据快照，影响无从估算。'];
  const { share, due, closed, limit } = effect;
  return [
    share === null
      ? `  首次发布：${due.counts.eligible} 人（户）符合，合计 ${yuan(due.counts.amountFen)}`
      : `  与现行版本相比：涉及 ${percent(share.people)} 的人（户）、${percent(share.money)} 的金额（界限 ${percent(limit)}）`,
    ...(closed.length === 0
      ? []
      : [
          `  重算已结束的所属期 ${closed.map((c) => c.periodKey).join('、')}：需补差 ${yuan(effect.topUpFen)}，多发 ${yuan(effect.overPaidFen)}（${effect.recovery === null ? '文件没有规定追回，不追回' : `依${effect.recovery}追回`}）`,
        ]),
    ...(effect.beyond === null ? [] : [`  ${effect.beyond} 及以前的所属期超出回看期，不重算。`]),
    ...(effect.exceeds ? ['  影响超出界限：复核人须以自己的名字确认（--accept <用户名>）。'] : []),
  ];
};

const documentOf = (review: Review) => ({
  id: review.id,
  item: review.itemId,
  title: review.title,
  state: review.state,
  maker: review.maker,
  checker: review.checker,
  reason: review.reason,
  version: review.version,
  warnings: review.warnings,
  effect: review.effect,
  acceptedBy: review.acceptedBy,
  document: review.document,
});

const submit = async (context: CommandContext, { db }: Opened, names: readonly string[]): Promise<number> => {
  const catalogue = await loadCatalogue(db);
  const [path = ''] = await ruleFilesFor(context, [one(names, '规则文件或事项编号')]);
  const file = await readRuleFile(path, catalogue);
  if (!file.result.ok) throw new ProblemError(file.result.problems.map((p) => ({ ...p, at: `${file.name}.json ${p.at}`.trim() })));
  const maker = await officerFor(context, db, 'maker', file.result.item);
  const named = textOption(context, 'document');
  const document = named === null ? {} : { document: await readDocument(context, named) };
  const again = textOption(context, 'draft');
  const review = await submitReview(db, {
    json: file.json,
    catalogue,
    maker,
    at: context.now(),
    ...document,
    ...(again === null ? {} : { draft: reviewId(again) }),
  });
  const { say } = context.out;
  say(`${review.title}（${review.itemId}）已送审，编号 ${review.id}。`);
  for (const w of review.warnings) say(`  △ ${w.at || '/'}  ${w.message}`);
  for (const line of effectLines(review.effect)) say(line);
  if (context.out.asJson) context.out.json(documentOf(review));
  return 0;
};

const readDocument = async (context: CommandContext, name: string) => {
  try {
    return { name: basename(name), bytes: new Uint8Array(await readFile(fromCaller(name, context.env))) };
  } catch {
    return fail('input.document', '--document', '读不到这个政策文件。', '请检查路径和权限。');
  }
};

const reviewId = (text: string): string =>
  isUuid(text) ? text : fail('input.argument', '', '送审编号写法不对。', '编号见 rules reviews。');

const found = async ({ db }: Opened, names: readonly string[]): Promise<Review> =>
  (await readReview(db, reviewId(one(names, '送审编号')))) ?? fail('missing.review', '', '没有这份送审。', '编号见 rules reviews。');

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const reviews = await listReviews(db, { scope: everything });
  context.out.say(
    textTable(
      ['编号', '事项', '状态', '经办', '复核', '版本'],
      reviews.map((r) => [
        r.id,
        r.itemId,
        reviewStates[r.state].text,
        r.maker,
        r.checker ?? '',
        r.version === null ? '' : String(r.version),
      ]),
      [],
    ),
  );
  if (context.out.asJson) context.out.json({ reviews: reviews.map(documentOf), gate: await gateLimit(db) });
  return 0;
};

const release = async (context: CommandContext, opened: Opened, names: readonly string[]): Promise<number> => {
  const { db } = opened;
  const review = await found(opened, names);
  const checker = await officerFor(context, db, 'checker', review.content);
  const accept = textOption(context, 'accept');
  const done = await publishReview(db, { id: review.id, catalogue: await loadCatalogue(db), checker, accept, at: context.now() });
  context.out.say(`  ✓ ${done.itemId}：发布为第 ${done.version} 版${done.blocked === null ? '' : `；暂不能兑付：${done.blocked}`}`);
  for (const line of effectLines(done.effect)) context.out.say(line);
  if (context.out.asJson) context.out.json(done);
  return 0;
};

const sendBack = async (context: CommandContext, opened: Opened, names: readonly string[]): Promise<number> => {
  const review = await found(opened, names);
  const checker = await officerFor(context, opened.db, 'checker', review.content);
  await returnReview(opened.db, review.id, checker, textOption(context, 'reason') ?? '', context.now());
  context.out.say(`已退回 ${review.itemId}。`);
  if (context.out.asJson) context.out.json({ id: review.id, state: 'returned' });
  return 0;
};

const withdraw = async (context: CommandContext, opened: Opened, names: readonly string[]): Promise<number> => {
  const review = await found(opened, names);
  await withdrawReview(opened.db, review.id, await officerFor(context, opened.db, 'maker', review.content), context.now());
  context.out.say(`已撤回 ${review.itemId}。`);
  if (context.out.asJson) context.out.json({ id: review.id, state: 'withdrawn' });
  return 0;
};

const retire = async (context: CommandContext, { db }: Opened, names: readonly string[]): Promise<number> => {
  const { itemId, version } = versionNamed(one(names, '版本'));
  const known =
    (await publishedItem(db, itemId, version)) ?? fail('missing.version', `${itemId}@${version}`, '没有这个版本。', '见 rules versions。');
  const by = await officerFor(context, db, 'checker', known.item);
  await retireVersion(db, { itemId, version, by, reason: textOption(context, 'reason') ?? '', at: context.now() });
  context.out.say(`${itemId} 第 ${version} 版已废止，今后不再据以判定；已有的匹配和兑付不变。`);
  if (context.out.asJson) context.out.json({ item: itemId, version, retired: true });
  return 0;
};

const gate = async (context: CommandContext, { db }: Opened, names: readonly string[]): Promise<number> => {
  const [share] = names;
  if (share !== undefined) {
    const by = textOption(context, 'checker')?.toLowerCase();
    const account = (await staffAccounts(db)).find((s) => s.username === by && s.leftAt === null && s.roles.includes('officer'));
    await setGate(
      db,
      Number(share),
      account?.username ?? fail('scope.role', '--checker', '界限由在职的政策管理员来定。', '写 --checker <用户名>。'),
      context.now(),
    );
  }
  const limit = await gateLimit(db);
  context.out.say(`影响超过 ${percent(limit)} 的版本，须复核人以自己的名字确认才能发布。`);
  if (context.out.asJson) context.out.json({ gate: limit });
  return 0;
};

type Verb = (context: CommandContext, opened: Opened, names: readonly string[]) => Promise<number>;

const verbs: Readonly<Record<string, Verb>> = {
  submit,
  reviews: list,
  publish: release,
  return: sendBack,
  withdraw,
  retire,
  versions,
  differences,
  gate,
};

export const reviewUsage = [
  'submit <文件或编号> --maker <用户名> [--document <PDF 或扫描件>] [--draft <送审编号>] [--json]    送审：检查、匡算影响',
  'reviews [--json]    送审的版本',
  'publish <送审编号> --checker <用户名> [--accept <同一用户名>] [--json]    另一人复核发布；影响超界限须具名确认',
  'return <送审编号> --checker <用户名> --reason <原因>    退回',
  'withdraw <送审编号> --maker <用户名>    撤回',
  'retire <编号@版本> --checker <用户名> --reason <原因>    废止',
  'versions <编号> [--json]    各版本',
  'diff <文件、编号或编号@版本> <另一个> [--json]    两个版本的差别',
  'differences <编号@版本> [--json]    溯及既往的版本：每人一条补差，列明所属期',
  'gate [0.2 --checker <用户名>] [--json]    发布前须具名确认的影响界限',
] as const;

export const reviewOptions = {
  maker: { type: 'string' },
  checker: { type: 'string' },
  accept: { type: 'string' },
  reason: { type: 'string' },
  document: { type: 'string' },
  draft: { type: 'string' },
} as const;

/** null: no verb of these. */
export const reviewVerb = (context: CommandContext, verb: string, names: readonly string[]): Promise<number> | null => {
  if (verb === 'diff') return diff(context, names);
  const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  return work === undefined ? null : withProduct(context, (opened) => work(context, opened, names));
};
