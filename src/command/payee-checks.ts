// `payee checks`: lists of accounts to be tried before the first payment, out to the bank and back. Numbers stand in the file alone; here the last four.
import { open } from 'node:fs/promises';
import { type Answer, answers, endOf, type ListMethod, listMethods, listStates, referenceOf } from '../account/check.ts';
import { type AnswerReport, answerCheck, tellCheck } from '../account/check-answer.ts';
import { checkTemplates } from '../account/check-file.ts';
import { type CheckActor, cancelCheck, makeCheck, releaseCheck, takeCheckFile } from '../account/check-make.ts';
import { answersOf, checkList, checkLists, checkRows } from '../account/check-store.ts';
import { formatYuan, parseYuan, yuanText } from '../base/amount.ts';
import { plainJson } from '../base/canonical.ts';
import { maskName } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { fileContent } from '../sheet/content.ts';
import { openKept } from '../vault/kept.ts';
import type { Role } from '../web/role.ts';
import { needed } from './attest-actor.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { isUuid, listOption, type Opened, textOption } from './opening.ts';
import { staffNamed } from './staff-named.ts';

const by = async (context: CommandContext, { db }: Opened, wanted: readonly Role[]): Promise<CheckActor> => {
  const account = await staffNamed(context, db, wanted);
  return { id: account.userId, role: account.roles.find((role) => wanted.includes(role)) ?? 'staff', scope: account.scope };
};

const listNamed = (context: CommandContext, at = 2): string => {
  const id = context.args[at] ?? '';
  return isUuid(id) ? id.toLowerCase() : fail('input.argument', '', '没有写名单编号。', '编号见 payee checks。');
};

const endsText = (ends: Readonly<Partial<Record<Answer, number>>>): string =>
  Object.entries(answers)
    .flatMap(([answer, text]) => (ends[answer as Answer] ? [`${text} ${ends[answer as Answer]}`] : []))
    .join('，') || '还没有结果';

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const lists = await checkLists(db, everything, 200);
  const rows = lists.map((one) => [one.id, listMethods[one.method], listStates[one.state], String(one.rows), endsText(one.ends)]);
  context.out.say(
    lists.length === 0
      ? '还没有账户验证名单。用 payee checks make 做一份。'
      : textTable(['名单', '方式', '状态', '户数', '结果'], rows, [3]),
  );
  if (context.out.asJson) context.out.json(plainJson({ lists }));
  return 0;
};

const make = async (context: CommandContext, opened: Opened): Promise<number> => {
  const method = textOption(context, 'method') ?? 'bank-file';
  if (!Object.hasOwn(listMethods, method))
    fail('input.option', '--method', '没有这种验证方式。', '可用：bank-file（银行核对户名）、small-amount（小额打款）。');
  const limit = context.options.limit === undefined ? undefined : wholeNumber('limit', context.options.limit, 1, 1, 20_000);
  const ask = {
    method: method as ListMethod,
    template: textOption(context, 'template') ?? 'xlsx',
    itemIds: listOption(context, 'items'),
    limit,
  };
  const actor = await by(context, opened, ['finance-maker']);
  const made = await makeCheck(opened.db, { ...ask, again: context.options.again === true }, actor, context.now());
  const sum = made.totalFen === 0n ? '' : `，打款合计 ${formatYuan(made.totalFen)}`;
  context.out.say(
    `名单 ${made.id}：${made.rows} 个账户${sum}。\n文件哈希 ${made.fileSha256}\n由财政复核放行：payee checks release ${made.id} --hash ${made.fileSha256} --by <财政复核账号>`,
  );
  if (context.out.asJson) context.out.json(plainJson(made));
  return 0;
};

const show = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const found =
    (await checkList(db, listNamed(context), everything)) ?? fail('missing.check', '', '没有这份账户验证名单。', '编号见 payee checks。');
  const said = Map.groupBy(await answersOf(db, found.id), (one) => one.position);
  const rows = (await checkRows(db, found.id)).map((row) => {
    const own = said.get(row.position) ?? [];
    const end = endOf(own.map((one) => one.answer));
    const amount = row.amountFen === null ? '' : yuanText(row.amountFen);
    return {
      reference: referenceOf(found.id, row.position),
      name: maskName(row.name),
      tail: row.tail,
      item: row.itemId,
      amount,
      end,
      words: own.at(-1)?.words ?? '',
    };
  });
  context.out.say(`${listMethods[found.method]}，${listStates[found.state]}，${found.rows} 个账户，文件哈希 ${found.fileSha256}`);
  const cells = rows.map((row) => [
    row.reference,
    row.name,
    row.tail,
    row.item,
    row.amount,
    row.end === null ? '' : answers[row.end],
    row.words,
  ]);
  context.out.say(textTable(['编号', '户名', '尾号', '事项', '打款（元）', '结果', '银行的话'], cells, [4]));
  if (context.out.asJson) context.out.json(plainJson({ ...found, accounts: rows }));
  return 0;
};

const release = async (context: CommandContext, opened: Opened): Promise<number> => {
  const id = listNamed(context);
  const hash = needed(context, 'hash', '名单的文件哈希');
  const done = await releaseCheck(opened.db, id, hash, await by(context, opened, ['finance-checker']), context.now());
  context.out.say(`已放行：${done.rows} 个账户验证中。取文件：payee checks file ${id} --out <文件> --by <财政账号>`);
  if (context.out.asJson) context.out.json(plainJson(done));
  return 0;
};

const cancel = async (context: CommandContext, opened: Opened): Promise<number> => {
  const actor = await by(context, opened, ['finance-maker', 'finance-checker']);
  const done = await cancelCheck(opened.db, listNamed(context), needed(context, 'reason', '作废的原因'), actor, context.now());
  context.out.say('已作废，名单上的账户可以另做名单。');
  if (context.out.asJson) context.out.json(plainJson(done));
  return 0;
};

/** For its owner's eyes only; an existing file is not written over. */
const writeOut = async (path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> => {
  const handle = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) =>
    error.code === 'EEXIST'
      ? fail('input.file', '--out', '文件已经存在，没有覆盖。', '换一个文件名。')
      : fail('input.file', '--out', '文件写不进去。', '检查目录是否存在、是否可写。'),
  );
  try {
    for await (const piece of pieces) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
};

const file = async (context: CommandContext, opened: Opened): Promise<number> => {
  const out = needed(context, 'out', '写到哪个文件');
  const actor = await by(context, opened, ['finance-maker', 'finance-checker']);
  const taken = await takeCheckFile(opened.db, listNamed(context), actor, context.now());
  await writeOut(out, openKept(opened.db, taken.fileSha256));
  context.out.say(`已写出 ${taken.rows} 个账户。文件含完整账号，交给银行后请删除；在“结果”列填好后用 payee checks read 读回。`);
  if (context.out.asJson) context.out.json({ id: taken.id, sha256: taken.fileSha256, rows: taken.rows });
  return 0;
};

const tellReport = (context: CommandContext, report: AnswerReport): number => {
  context.out.say(
    `${report.answered} 行结果，${report.news} 行是新的；${report.moved} 个账户的状态变了。${endsText(report.ends)}；还有 ${report.open} 个没有答复。`,
  );
  if (context.out.asJson) context.out.json(report);
  return 0;
};

const read = async (context: CommandContext, opened: Opened): Promise<number> => {
  const path = context.args[3] ?? fail('input.argument', '', '没有写银行的回单文件。', 'payee checks read <名单> <文件> --by <财政账号>');
  const actor = await by(context, opened, ['finance-maker', 'finance-checker']);
  return tellReport(context, await answerCheck(opened.db, listNamed(context), fileContent(path), actor, context.now()));
};

const tell = async (context: CommandContext, opened: Opened): Promise<number> => {
  const reference = context.args[2] ?? '';
  const got = textOption(context, 'got');
  const result = textOption(context, 'result') ?? (got === null ? '' : 'ok');
  if (!Object.hasOwn(answers, result) || result === 'amount-differs')
    return fail(
      'input.option',
      '--result',
      '没有写结果。',
      '写 --got 0.37（小额打款，收款人看到的金额），或 --result ok|name-differs|closed|unknown。',
    );
  const gotFen = got === null ? null : (parseYuan(got) ?? fail('input.option', '--got', '金额读不懂。', '写作 0.37，单位元。'));
  const told = { reference, gotFen, answer: result as Exclude<Answer, 'amount-differs'>, reason: needed(context, 'reason', '依据') };
  const actor = await by(context, opened, ['finance-maker', 'finance-checker']);
  return tellReport(context, await tellCheck(opened.db, told, actor, context.now()));
};

const verbs = { list, make, show, release, cancel, file, read, answer: tell };

export const checksUsage: readonly string[] = [
  'checks [list] [--json]                 账户验证名单和结果',
  `checks make [--method bank-file|small-amount] [--template ${Object.keys(checkTemplates).join('|')}] [--items 事项,…] [--again] [--limit 户数] --by <财政经办>`,
  '    把没有验证过的收款账户做成一份名单；--again：验证未通过、改正后再验证的。small-amount 每户打款 0.01 至 0.99 元，按机率取',
  'checks show <名单>                      每个账户的编号、尾号和结果',
  'checks release <名单> --hash <文件哈希> --by <财政复核>   放行（不能是做名单的人），账户进入“验证中”',
  'checks cancel <名单> --reason <原因> --by <财政账号>      作废还没有放行的名单',
  'checks file <名单> --out <文件> --by <财政账号>           取出交给银行的文件',
  'checks read <名单> <文件> --by <财政账号>                 读回银行的结果：一致、户名不符、账户不能用、没有结果；可以分几份、不分先后',
  'checks answer <编号> [--got 0.37] [--result ok|name-differs|closed|unknown] --reason <依据> --by <财政账号>   登记一个账户的结果（不能是做名单的人）',
];

export const checksOptions = {
  method: { type: 'string' },
  template: { type: 'string' },
  items: { type: 'string' },
  again: { type: 'boolean' },
  limit: { type: 'string' },
  hash: { type: 'string' },
  out: { type: 'string' },
  reason: { type: 'string' },
  got: { type: 'string' },
  result: { type: 'string' },
} as const satisfies NonNullable<Command['options']>;

export const checks = (context: CommandContext, opened: Opened): Promise<number> => {
  const verb = context.args[1] ?? 'list';
  if (!Object.hasOwn(verbs, verb))
    return fail('input.argument', '', `不认识“payee checks ${verb.slice(0, 40)}”。`, `可用：${Object.keys(verbs).join('、')}。`);
  return verbs[verb as keyof typeof verbs](context, opened);
};
