// `disbursement`: the life of disbursement records at the command line: lists, acts in somebody's name, many reviews from a file, objections, the public list.
import { readFileSync } from 'node:fs';
import { formatYuan } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import { divisionPrefix, everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { transaction } from '../db/handle.ts';
import { keepCaseDocument } from '../disbursement/ask.ts';
import { decideObjection } from '../disbursement/objection.ts';
import { listObjections, objectionKinds, objectionStates } from '../disbursement/objection-store.ts';
import { publicLines } from '../disbursement/publicity-store.ts';
import { type BulkDecision, reviewAll } from '../disbursement/review.ts';
import { allStates, type State, states } from '../disbursement/states.ts';
import { listDisbursements } from '../disbursement/store.ts';
import { readCsv } from '../sheet/csv.ts';
import { todayFor } from '../today.ts';
import { actBody, actingRoles, actNames, actShapes, doAct } from '../web/acts.ts';
import { actOf, reviewersOf } from '../web/life.ts';
import { personName } from '../web/words.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { isUuid, type Opened, textOption, withProduct } from './opening.ts';
import { fromCaller } from './place.ts';
import { staffNamed } from './staff-named.ts';

const contextOf = async (context: CommandContext, { db }: Opened) => ({ db, catalogue: await loadCatalogue(db), at: context.now() });

const idIn = (context: CommandContext, place: number): string => {
  const id = context.args[place] ?? '';
  return isUuid(id) ? id.toLowerCase() : fail('input.argument', '', '没有写是哪一条。', '写编号；编号见 disbursement list。');
};

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const state = textOption(context, 'state');
  if (state !== null && !(allStates as readonly string[]).includes(state))
    fail('input.option', '--state', '没有这个状态。', `可写：${allStates.map((one) => `${one}（${states[one].text}）`).join('、')}`);
  const item = textOption(context, 'item');
  const filter = { ...(state === null ? {} : { state: state as State }), ...(item === null ? {} : { itemId: item }) };
  const { rows } = await listDisbursements(db, { scope: everything, filter, limit: 200 });
  const cells = rows.map((d) => [
    d.id,
    d.itemId,
    d.periodKey,
    personName('citizen', d.payeeName),
    d.lineId === null ? '停发处理' : formatYuan(d.amountFen),
    states[d.state].text,
    d.gaps.join('、'),
    d.dueOn ?? '',
  ]);
  context.out.say(
    rows.length === 0 ? '没有兑付记录。' : textTable(['编号', '事项', '期别', '收款人', '金额', '状态', '还缺', '截止'], cells, [4]),
  );
  if (context.out.asJson)
    context.out.json({
      rows: rows.map(({ id, itemId, periodKey, state, gaps, dueOn, amountFen }) => ({
        id,
        itemId,
        periodKey,
        state,
        gaps,
        dueOn,
        amountFen: String(amountFen),
      })),
    });
  return 0;
};

/** `--field size=小型`, several times as `a=b;c=d`. */
const pairs = (context: CommandContext, name: string): Record<string, string> | undefined => {
  const text = textOption(context, name);
  if (text === null) return undefined;
  return Object.fromEntries(
    text.split(/[;；]/).map((part) => {
      const at = part.indexOf('=');
      return at < 1
        ? fail('input.option', `--${name}`, `--${name} 的写法不对。`, `写成 --${name} "编号=内容;编号=内容"`)
        : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    }),
  );
};

/** Documents named by a file are kept first; what stands for them is their hash. */
const scans = async (
  context: CommandContext,
  opened: Opened,
  of: Record<string, string>,
  actor: string,
): Promise<Record<string, string>> => {
  const kept: Record<string, string> = {};
  for (const [id, file] of Object.entries(of)) {
    const bytes = readFileSync(fromCaller(file, context.env));
    kept[id] = await keepCaseDocument(opened.db, bytes, { id: actor, role: 'reviewer' }, context.now());
  }
  return kept;
};

const act = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [verb = '', , decision] = context.args;
  const staff = await staffNamed(context, opened.db, actingRoles);
  const option = (name: string) => textOption(context, name) ?? undefined;
  const reason = option('reason') ?? '';
  const documents = await scans(context, opened, pairs(context, 'scan') ?? {}, staff.userId);
  const fields = { ...pairs(context, 'field'), ...(verb === 'answer' ? documents : {}) };
  const raw = {
    review: { decision, reason },
    answer: {
      reason,
      ...(option('account') === undefined ? {} : { account: option('account') }),
      ...(option('bank') === undefined ? {} : { bank: option('bank') }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(option('settled') === undefined ? {} : { settled: option('settled')?.split(/[;；]/) }),
    },
    submit: { reason, attachments: documents },
    object: {
      kind: option('kind') ?? 'public',
      ...{ name: option('name') ?? '', number: option('number') ?? '', text: option('text') ?? '' },
      ...(option('phone') === undefined ? {} : { phone: option('phone') }),
      ...(option('email') === undefined ? {} : { email: option('email') }),
      ...(documents.evidence === undefined ? {} : { document: documents.evidence }),
    },
  }[verb] ?? { reason };
  const read = actBody.safeParse({ act: verb, ...raw });
  if (!read.success) return fail('input.option', '', '写法不对，或少写了内容。', '见 disbursement --help。');
  const made = await doAct(await contextOf(context, opened), staff, idIn(context, 1), read.data);
  context.out.say(`已办理：${actNames[read.data.act].text}${made === null ? '' : `，编号 ${made}`}。`);
  if (context.out.asJson) context.out.json({ done: true, made });
  return 0;
};

const decisions: Readonly<Record<string, BulkDecision['decision']>> = {
  通过: 'pass',
  退回: 'return',
  不予: 'refuse',
  pass: 'pass',
  return: 'return',
  refuse: 'refuse',
};

const reviewFile = async (context: CommandContext, opened: Opened): Promise<number> => {
  const staff = await staffNamed(context, opened.db, ['reviewer']);
  const file = fromCaller(textOption(context, 'file') ?? '', context.env);
  const rows: BulkDecision[] = [];
  const bytes = readFileSync(file);
  const pieces = async function* () {
    yield bytes;
  };
  for await (const batch of readCsv(pieces()))
    for (const { cells, line } of batch) {
      const [id = '', word = '', reason = ''] = cells.map((cell) => cell.trim());
      if (line === 1 && !isUuid(id)) continue;
      const decision =
        decisions[word] ?? fail('input.value', `/${line}`, `第 ${line} 行的意见不对。`, '写 通过、退回 或 不予；三列：编号、意见、理由。');
      rows.push({ id, decision, reason });
    }
  const base = { ...(await actOf(await contextOf(context, opened), staff, ['reviewer'])), roster: await reviewersOf(opened.db) };
  const decided = await transaction(opened.db, (tx) => reviewAll(tx, base, rows));
  context.out.say(`已审核 ${decided} 条。`);
  if (context.out.asJson) context.out.json({ decided });
  return 0;
};

const objections = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const { rows } = await listObjections(db, { scope: everything, limit: 200 });
  const cells = rows.map((one) => [
    one.id,
    one.disbursementId ?? '',
    objectionKinds[one.kind],
    objectionStates[one.state],
    one.dueOn ?? '',
  ]);
  context.out.say(rows.length === 0 ? '没有异议。' : textTable(['异议', '兑付记录', '种类', '状态', '复核期限'], cells, []));
  if (context.out.asJson)
    context.out.json({ rows: rows.map(({ id, disbursementId, kind, state, dueOn }) => ({ id, disbursementId, kind, state, dueOn })) });
  return 0;
};

const rule = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [, , decision] = context.args;
  if (decision !== 'upheld' && decision !== 'rejected')
    return fail('input.argument', '', '没有写结论。', '写 upheld（成立）或 rejected（不成立）。');
  const staff = await staffNamed(context, opened.db, ['reviewer']);
  const base = await actOf(await contextOf(context, opened), staff, ['reviewer']);
  const reason = textOption(context, 'reason') ?? '';
  await transaction(opened.db, (tx) => decideObjection(tx, { ...base, id: idIn(context, 1), decision, reason }));
  context.out.say('已复核，答复随告知发出。');
  if (context.out.asJson) context.out.json({ done: true });
  return 0;
};

const published = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const division = textOption(context, 'division');
  const catalogue = await loadCatalogue(db);
  const names = new Map(catalogue.trees.find((tree) => tree.id === 'division')?.nodes.map((node) => [node.code, node.name]) ?? []);
  const rows = await publicLines(db, {
    scope: everything,
    today: await todayFor(db, context.now()),
    itemId: textOption(context, 'item') ?? undefined,
    prefix: division === null ? undefined : divisionPrefix(division),
    limit: 10_000,
  });
  const cells = rows.map((row) => [
    names.get(row.division ?? '') ?? row.division ?? '',
    row.title,
    row.name,
    row.amountFen === null ? '待补信息' : formatYuan(row.amountFen),
    row.until ?? '',
  ]);
  context.out.say(rows.length === 0 ? '没有公示中的名单。' : textTable(['村社', '事项', '姓名', '金额', '公示至'], cells, [3]));
  if (context.out.asJson)
    context.out.json({ rows: rows.map((row) => ({ ...row, amountFen: row.amountFen === null ? null : String(row.amountFen) })) });
  return 0;
};

const verbs: Readonly<Record<string, (context: CommandContext, opened: Opened) => Promise<number>>> = {
  list,
  objections,
  rule,
  public: published,
  ...Object.fromEntries(Object.keys(actShapes).map((name) => [name, act])),
};

export const disbursementCommand: Command = {
  name: 'disbursement',
  usage: [
    '[list] [--state reviewing|asking|…] [--item 事项] [--json]',
    'review <编号> pass|return|refuse [--reason 理由] --by <用户名>      review --file 意见.csv --by <用户名>   三列：编号、意见（通过/退回/不予）、理由；有一行不能办就都不办',
    'hold|lift <编号> --reason <理由> --by <用户名>   暂缓、恢复；任何批次都不会解除人工暂缓',
    'answer <编号> [--account -] [--bank 开户行] [--field "size=小型"] [--scan "letter=授权书.pdf"] [--settled 已补正的项] --reason <在哪里、怎样说的> --by <用户名>',
    'submit <编号> --scan "licence=执照.pdf;photo=照片.jpg" --reason … --by <用户名>   代收申请',
    'confirm|decline|come-back <编号> --reason <在哪里、怎样说的> --by <用户名>   代为确认、放弃、撤回放弃',
    'object <编号> [--kind public|own] --name <姓名> --number - [--phone -] [--email -] --text <内容> [--scan "evidence=证据.pdf"] --by <用户名>   登记实名异议',
    '    写 - 的账号、证件号、电话、邮箱从标准输入读，一行一个，按命令里的先后；不写在命令行上',
    'objections                          异议和复核期限',
    'rule <异议> upheld|rejected --reason <理由> --by <另一人>',
    'public [--item 事项] [--division 区划]   公示名单：按村社，姓名遮蔽，期满自动撤下',
  ],
  options: Object.fromEntries(
    [
      'state',
      'item',
      'division',
      'reason',
      'by',
      'file',
      'account',
      'bank',
      'field',
      'scan',
      'settled',
      'kind',
      'name',
      'number',
      'phone',
      'email',
      'text',
    ].map((name): [string, { type: 'string' }] => [name, { type: 'string' }]),
  ),
  personal: ['account', 'number', 'phone', 'email'],
  run: (context) => {
    const [verb = 'list'] = context.args;
    if (verb === 'review' && textOption(context, 'file') !== null) return withProduct(context, (opened) => reviewFile(context, opened));
    const run = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (run === undefined)
      return fail('input.argument', '', `不认识“disbursement ${verb.slice(0, 40)}”。`, `可用：${Object.keys(verbs).join('、')}。`);
    return withProduct(context, (opened) => run(context, opened));
  },
};
