// `batch`: what can be sealed, sealing, looking, checking, signing, the file. Maker, checkers and issuer are different people; whoever checks, makes or
// releases shows a fresh code. Accounts show their last four.
import { formatYuan } from '../base/amount.ts';
import { plainJson } from '../base/canonical.ts';
import { maskAccount, maskName } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { readBands } from '../payment/bands.ts';
import { signatures } from '../payment/batch-store.ts';
import { batchInScope, exclusionsOf, linesByEnd, linesView, listBatches, openings } from '../payment/list-store.ts';
import { releasedFile } from '../payment/manifest.ts';
import { type Batch, type BatchState, batchStates, checkerRoles, lineEventNames, signatureNames } from '../payment/payment.ts';
import { prepareRelease, releaseBatch } from '../payment/release.ts';
import { sealBatch } from '../payment/seal.ts';
import { approveBatch, returnBatch } from '../payment/sign.ts';
import { civilDay, todayFor } from '../today.ts';
import { roles } from '../web/role.ts';
import { staffAccounts } from '../web/store.ts';
import { bands } from './bands.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { type FinanceActor, financeActor, idArgument, neededOption, steppedUp, texts } from './finance-actor.ts';
import { dayOption, type Opened, textOption, withProduct } from './opening.ts';
import { writeWhole } from './out-file.ts';
import { fromCaller } from './place.ts';

const shownRows = 200;

const open = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const rows = await openings(db, { scope: everything, today: await todayFor(db, context.now()) });
  const cells = rows.map((one) => [
    one.itemId,
    one.periodKey,
    String(one.records),
    formatYuan(one.amountFen),
    one.sourceId ?? '没有登记资金来源',
    one.document ?? '',
    one.openFen === null ? '' : formatYuan(one.openFen),
    one.format ?? '',
    one.payOn ?? '自定',
  ]);
  const header = ['事项', '期别', '笔数', '金额', '资金来源', '指标文号', '指标余额', '报盘格式', '拨付日'];
  context.out.say(rows.length === 0 ? '没有待拨付的记录。' : textTable(header, cells, [2, 3, 6]));
  if (context.out.asJson) context.out.json(plainJson({ openings: rows }));
  return 0;
};

const today = async (context: CommandContext, { db }: Opened) => ({
  catalogue: await loadCatalogue(db),
  today: await todayFor(db, context.now()),
  now: context.now(),
});

const seal = async (context: CommandContext, opened: Opened): Promise<number> => {
  const maker = await financeActor(context, opened, ['finance-maker']);
  const period = textOption(context, 'period');
  const report = await sealBatch(opened.db, {
    ...(await today(context, opened)),
    sourceId: neededOption(context, 'source', '资金来源'),
    payOn: dayOption(context, 'pay-on') ?? fail('input.option', '--pay-on', '没有写拨付日期。', '可用的拨付日见 batch open。'),
    maker,
    ...(period === null ? {} : { periodKey: period }),
    ...(context.options.limit === undefined ? {} : { limit: wholeNumber('limit', context.options.limit, 1, 1, 100_000) }),
  });
  const { batch, excluded } = report;
  context.out.say(
    batch === null
      ? '没有一笔今天能付，没有封批。'
      : `已封批 ${batch.id}\n  批次号 ${batch.number}  ${batch.lines} 笔  ${formatYuan(batch.totalFen)}\n  内容摘要 ${batch.hash}`,
  );
  if (excluded.length > 0) context.out.say(`没有进批次 ${excluded.length} 笔，留到下一批：`);
  for (const [why, rows] of Map.groupBy(excluded, (one) => one.reasons.join(''))) context.out.say(`  ${rows.length} 笔  ${why}`);
  if (context.out.asJson) context.out.json(plainJson(report));
  return batch === null ? 2 : 0;
};

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const state = textOption(context, 'state');
  if (state !== null && !Object.hasOwn(batchStates, state))
    fail(
      'input.option',
      '--state',
      '没有这个状态。',
      Object.entries(batchStates)
        .map(([id, { text }]) => `${id}（${text}）`)
        .join('、'),
    );
  const item = textOption(context, 'item');
  const filter = { ...(item === null ? {} : { itemId: item }), ...(state === null ? {} : { state: state as BatchState }) };
  const { rows, next } = await listBatches(db, { scope: everything, ...filter, limit: shownRows, after: textOption(context, 'after') });
  const cells = rows.map((one) => [
    one.id,
    one.number,
    one.itemId,
    one.periodKey ?? '各期',
    one.payOn,
    one.format,
    String(one.lines),
    formatYuan(one.totalFen),
    batchStates[one.state].text,
  ]);
  const header = ['批次', '批次号', '事项', '期别', '拨付日', '报盘格式', '笔数', '金额', '状态'];
  context.out.say(rows.length === 0 ? '还没有批次。可封的见 batch open。' : textTable(header, cells, [6, 7]));
  if (next !== null) context.out.say(`还有更多：--after ${next}`);
  if (context.out.asJson) context.out.json(plainJson({ batches: rows, next }));
  return 0;
};

const known = async ({ db }: Opened, id: string, actor: FinanceActor | null): Promise<Batch> =>
  (await batchInScope(db, id, actor?.scope ?? everything)) ??
  fail('missing.batch', id, '没有这个批次，或者不在您的范围内。', '编号见 batch list。');

const show = async (context: CommandContext, opened: Opened): Promise<number> => {
  const { db } = opened;
  const batch = await known(opened, idArgument(context, 1, '批次'), null);
  const names = new Map((await staffAccounts(db)).map((one) => [one.userId, one.name]));
  const signed = await signatures(db, batch.id);
  const ends = await linesByEnd(db, batch.id);
  const lines = context.options.lines === true ? await linesView(db, { batchId: batch.id, after: 0, limit: shownRows }) : [];
  const { say } = context.out;
  say(`${batch.number}  ${batch.itemId}  ${batch.periodKey ?? '各期'}  ${batchStates[batch.state].text}`);
  say(`  ${batch.lines} 笔  ${formatYuan(batch.totalFen)}  拨付日 ${batch.payOn}  ${batch.format}`);
  say(`  内容摘要 ${batch.hash}`);
  if (batch.fileSha256 !== null) say(`  报盘文件 ${batch.fileSha256}`);
  for (const one of signed)
    say(
      `  ${one.office === 'finance-head' ? roles[one.office] : signatureNames[one.role]}  ${names.get(one.person) ?? one.person}  ${civilDay(one.at)}`,
    );
  for (const one of ends) say(`  ${one.end === 'sealed' ? '未签发' : lineEventNames[one.end]}  ${one.lines} 笔  ${formatYuan(one.fen)}`);
  const cells = lines.map((one) => [
    String(one.position),
    maskName(one.payeeName),
    maskAccount(one.account),
    one.bank,
    formatYuan(one.amountFen),
    one.replaces === null ? '' : '重发',
    one.flags.join('；'),
    one.said.map(({ kind, text }) => text ?? lineEventNames[kind]).join('；'),
  ]);
  if (lines.length > 0) say(textTable(['序号', '收款人', '账户', '银行', '金额', '', '提醒', '结果'], cells, [0, 4]));
  const masked = lines.map((one) => ({ ...one, payeeName: maskName(one.payeeName), account: maskAccount(one.account) }));
  if (context.out.asJson) context.out.json(plainJson({ batch, signatures: signed, ends, lines: masked }));
  return 0;
};

const exclusions = async (context: CommandContext, opened: Opened): Promise<number> => {
  const batch = await known(opened, idArgument(context, 1, '批次'), null);
  const rows = await exclusionsOf(opened.db, { batchId: batch.id, after: textOption(context, 'after'), limit: shownRows });
  context.out.say(
    rows.length === 0
      ? '封批时没有落下的。'
      : textTable(
          ['兑付记录', '为什么没有进批次'],
          rows.map((one) => [one.disbursementId, one.reasons.join('')]),
          [],
        ),
  );
  if (context.out.asJson) context.out.json(plainJson({ exclusions: rows }));
  return 0;
};

const signing = async (context: CommandContext, opened: Opened, roles: Parameters<typeof steppedUp>[2]) => {
  const batchId = idArgument(context, 1, '批次');
  const hash = neededOption(context, 'hash', '核对过的内容摘要（batch show 里的）');
  const person = await steppedUp(context, opened, roles);
  await known(opened, batchId, person);
  return { batchId, hash, person, now: context.now() };
};

const approve = async (context: CommandContext, opened: Opened): Promise<number> => {
  const ask = await signing(context, opened, checkerRoles);
  const missing = await approveBatch(opened.db, { ...ask, bands: await readBands(opened.db) });
  context.out.say(missing === 0 ? '已复核，可以签发。' : `已复核，还要 ${missing} 人复核。`);
  if (context.out.asJson) context.out.json({ batch: ask.batchId, missing });
  return 0;
};

const sendBack = async (context: CommandContext, opened: Opened): Promise<number> => {
  const ask = await signing(context, opened, [...checkerRoles, 'finance-issuer']);
  await returnBatch(opened.db, { ...ask, reason: neededOption(context, 'reason', '退回的理由') });
  context.out.say('已退回：各笔回到待拨付，下一批再付。');
  if (context.out.asJson) context.out.json({ batch: ask.batchId, returned: true });
  return 0;
};

const issue = async (context: CommandContext, opened: Opened): Promise<number> => {
  const batchId = idArgument(context, 1, '批次');
  const person = await steppedUp(context, opened, ['finance-issuer']);
  await known(opened, batchId, person);
  const made = await prepareRelease(opened.db, { ...(await today(context, opened)), batchId });
  context.out.say(`${made.fileName}  ${made.lines} 笔  ${formatYuan(made.totalFen)}\n  内容摘要 ${made.hash}\n  文件摘要 ${made.sha256}`);
  if (made.withheld.length > 0) context.out.say(`按今天的数据要扣下 ${made.withheld.length} 笔，留到下一批：`);
  for (const one of made.withheld) context.out.say(`  ${one.disbursementId}  ${one.reasons.join('')}`);
  context.out.say('核对无误后签发：batch release <批次> --hash <内容摘要> --sha256 <文件摘要>');
  if (context.out.asJson) context.out.json(plainJson(made));
  return 0;
};

const release = async (context: CommandContext, opened: Opened): Promise<number> => {
  const sha256 = neededOption(context, 'sha256', '核对过的文件摘要（batch issue 给出的）');
  const ask = await signing(context, opened, ['finance-issuer']);
  await releaseBatch(opened.db, { ...ask, ...(await today(context, opened)), sha256, bands: await readBands(opened.db) });
  context.out.say('已签发。取报盘文件：batch file <批次> --out <文件>');
  if (context.out.asJson) context.out.json({ batch: ask.batchId, sha256 });
  return 0;
};

const file = async (context: CommandContext, opened: Opened): Promise<number> => {
  const batchId = idArgument(context, 1, '批次');
  const target = fromCaller(neededOption(context, 'out', '写到哪个文件'), context.env);
  const person = await financeActor(context, opened, ['finance-maker', 'finance-issuer']);
  await known(opened, batchId, person);
  const found = await releasedFile(opened.db, { batchId, person, now: context.now() });
  await writeWhole(target, found.open());
  const manifest = `${target}.manifest.json`;
  await writeWhole(
    manifest,
    (async function* () {
      yield Buffer.from(`${JSON.stringify(found.manifest, null, 2)}\n`);
    })(),
  );
  context.out.say(
    `已写入 ${target}（${found.manifest.lines} 笔，${formatYuan(BigInt(found.manifest.totalFen))}），清单在 ${manifest}。已留痕。`,
  );
  if (context.out.asJson) context.out.json({ file: target, name: found.name, sha256: found.sha256, manifest: found.manifest });
  return 0;
};

const verbs: Readonly<Record<string, (context: CommandContext, opened: Opened) => Promise<number>>> = {
  ...{ list, open, seal, show, exclusions, approve, issue, release, file, bands },
  return: sendBack,
};

export const batchCommand: Command = {
  name: 'batch',
  usage: [
    'open [--json]   可以封批的：事项、期别、资金来源、拨付日、报盘格式',
    'seal --source <资金来源> --pay-on <拨付日> [--period <期别>] [--limit 笔数] --by <财政经办>   封批；按最新数据再核一遍，不能付的说明原因，留到下一批',
    '[list] [--item <事项>] [--state <状态>] [--after <位置>] [--json]',
    'show <批次> [--lines] [--json]      exclusions <批次>   谁没有进批次、为什么',
    'approve <批次> --hash <内容摘要> --code <动态口令> --by <财政复核>',
    'return <批次> --hash <内容摘要> --reason <理由> --code <动态口令> --by <财政复核或签发>   整批退回',
    'issue <批次> --code <动态口令> --by <财政签发>   生成报盘文件，给出文件摘要和要扣下的；还没有签发',
    'release <批次> --hash <内容摘要> --sha256 <文件摘要> --code <动态口令> --by <财政签发>   签发；数据又有变化的要重新生成',
    'file <批次> --out <文件> --by <财政经办或签发>   取已签发的报盘文件和清单；取出前再读一遍，每次留痕',
    'bands [--set 500000:1,*:2+finance-head --code <动态口令> --by <财政复核>]   按金额要几人复核、要有什么岗位（元:人数+岗位，最后一档写 *）',
    '    经办、复核、签发是不同的人；拨付日已过的批次要退回重封；停办期内不能封批和签发。',
  ],
  options: {
    ...texts('source', 'pay-on', 'period', 'limit', 'by', 'item', 'state', 'after', 'hash', 'code', 'reason', 'sha256', 'out', 'set'),
    lines: { type: 'boolean' },
  },
  run: async (context) => {
    const [verb = 'list'] = context.args;
    const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (work === undefined) return fail('input.argument', '', `不认识“batch ${verb.slice(0, 40)}”。`, '用法见 batch --help。');
    return withProduct(context, (opened) => work(context, opened));
  },
};
