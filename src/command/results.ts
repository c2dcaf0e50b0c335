// `result`, `suspense`, `reissue`: what the bank answered, what of it fits nothing, and what came back and is put right.
import { formatYuan } from '../base/amount.ts';
import { plainJson } from '../base/canonical.ts';
import { maskName } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { transaction } from '../db/handle.ts';
import { listReturned, listSuspense } from '../payment/list-store.ts';
import { lineEventNames } from '../payment/payment.ts';
import { returnReasons } from '../payment/reason.ts';
import { correctReturned } from '../payment/reissue.ts';
import { applyResults, previewResults, type ResultReport } from '../payment/result.ts';
import { readResultFile } from '../payment/result-file.ts';
import { settleSuspense } from '../payment/suspense-store.ts';
import { fileContent } from '../sheet/content.ts';
import { civilDay } from '../today.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { financeActor, idArgument, neededOption, texts } from './finance-actor.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { fromCaller } from './place.ts';

const shown = 200;

const reportLines = (report: ResultReport): readonly string[] => {
  if (report.already) return ['这份文件以前导入过，没有再办一次。'];
  const moved = report.moved.map(
    ({ from, to, lines, fen }) => `  ${lineEventNames[from]} → ${lineEventNames[to]}：${lines} 笔 ${formatYuan(fen)}`,
  );
  return [`${report.words} 条回音，挂账 ${report.suspense} 条。`, ...(moved.length === 0 ? ['  没有一笔因此改变。'] : moved)];
};

const importResult = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [, name = ''] = context.args;
  if (name === '') return fail('input.argument', '', '没有写回盘文件。', '用法见 result --help。');
  const actor = await financeActor(context, opened, ['finance-maker']);
  const content = fileContent(fromCaller(name, context.env));
  const { format, words } = await readResultFile(content);
  const file = { name: name.split('/').at(-1) ?? name, format, words, content };
  const dry = context.options['dry-run'] === true;
  const report = await (dry ? previewResults : applyResults)(opened.db, file, actor, context.now());
  if (dry) context.out.say('试读，没有写入：');
  for (const line of reportLines(report)) context.out.say(line);
  if (context.out.asJson) context.out.json(plainJson({ ...report, format, dryRun: dry }));
  return 0;
};

const suspenseList = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const { rows, next } = await listSuspense(db, {
    settled: context.options.settled === true,
    limit: shown,
    after: textOption(context, 'after'),
  });
  const cells = rows.map((one) => [
    one.id,
    civilDay(one.at),
    `${one.file} 第 ${one.position} 条`,
    one.reference,
    lineEventNames[one.kind as keyof typeof lineEventNames] ?? one.kind,
    one.amountFen === null ? '' : formatYuan(one.amountFen),
    one.reason ?? one.why,
  ]);
  context.out.say(
    rows.length === 0 ? '没有挂账的回音。' : textTable(['挂账', '日期', '文件', '流水号', '银行说', '金额', '原因'], cells, [5]),
  );
  if (next !== null) context.out.say(`还有更多：--after ${next}`);
  if (context.out.asJson) context.out.json(plainJson({ suspense: rows, next }));
  return 0;
};

const suspenseSettle = async (context: CommandContext, opened: Opened): Promise<number> => {
  const actor = await financeActor(context, opened, ['finance-checker']);
  const id = idArgument(context, 1, '挂账');
  const ask = { id, reason: neededOption(context, 'reason', '查到了什么、怎样处理'), actor: actor.id, role: actor.role, at: context.now() };
  await transaction(opened.db, (tx) => settleSuspense(tx, ask));
  context.out.say('已记下。');
  if (context.out.asJson) context.out.json({ id, settled: true });
  return 0;
};

const reissueList = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const item = textOption(context, 'item');
  const { rows, next } = await listReturned(db, {
    scope: everything,
    limit: shown,
    after: textOption(context, 'after'),
    ...(item === null ? {} : { itemId: item }),
  });
  const fixOf = (codes: readonly string[]): string =>
    returnReasons.flatMap((one) => (codes.includes(one.code) ? [`${one.fix}${one.sameAccount ? '' : '（原账户不能再用）'}`] : [])).join('');
  const cells = rows.map((one) => [
    one.disbursementId,
    one.itemId,
    one.periodKey,
    maskName(one.payeeName ?? ''),
    formatYuan(one.amountFen),
    one.text ?? '',
    fixOf(one.codes),
  ]);
  context.out.say(
    rows.length === 0 ? '没有退汇等着更正。' : textTable(['兑付记录', '事项', '期别', '收款人', '金额', '银行说', '怎么办'], cells, [4]),
  );
  if (next !== null) context.out.say(`还有更多：--after ${next}`);
  if (context.out.asJson)
    context.out.json(
      plainJson({ returned: rows.map((one) => ({ ...one, payeeName: maskName(one.payeeName ?? ''), fix: fixOf(one.codes) })), next }),
    );
  return 0;
};

const reissueCorrect = async (context: CommandContext, opened: Opened): Promise<number> => {
  const actor = await financeActor(context, opened, ['finance-maker']);
  const told = { account: textOption(context, 'account'), payeeName: textOption(context, 'name'), bank: textOption(context, 'bank') };
  const bankCode = textOption(context, 'bank-code');
  const given = Object.fromEntries(Object.entries({ ...told, bankCode }).filter(([, value]) => value !== null)) as Record<string, string>;
  const disbursementId = idArgument(context, 1, '兑付记录');
  const { id, role, scope } = actor;
  await transaction(opened.db, (tx) =>
    correctReturned(tx, {
      disbursementId,
      ...given,
      reason: neededOption(context, 'reason', '更正的依据'),
      actor: { id, role },
      by: 'finance',
      scope,
      now: context.now(),
    }),
  );
  context.out.say('已更正，下一批按新的付款指令重发，并写明替换哪一笔。');
  if (context.out.asJson) context.out.json({ disbursement: disbursementId, ready: true });
  return 0;
};

type Verbs = Readonly<Record<string, (context: CommandContext, opened: Opened) => Promise<number>>>;

const running = (name: string, verbs: Verbs, hint: string): Command['run'] => {
  return async (context) => {
    const [verb = 'list'] = context.args;
    const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (work === undefined) return fail('input.argument', '', `不认识“${name} ${verb.slice(0, 40)}”。`, hint);
    return withProduct(context, (opened) => work(context, opened));
  };
};

export const resultCommand: Command = {
  name: 'result',
  usage: [
    'import <回盘文件> [--dry-run] --by <财政经办> [--json]   pain.002、camt.053、camt.054、银行的表格和各银行自己的模板；同一份文件只办一次',
    '    --dry-run 只看会有什么结果，什么也不写。流水号不认得、金额不符的进挂账，一条也不丢；状态不明的不会自动重发。',
  ],
  options: { ...texts('by'), 'dry-run': { type: 'boolean' } },
  run: running('result', { import: importResult }, '只有 import。'),
};

export const suspenseCommand: Command = {
  name: 'suspense',
  usage: [
    '[list] [--settled] [--after <位置>] [--json]   银行说了、但对不上任何一笔的回音',
    'settle <挂账> --reason <查到了什么、怎样处理> --by <财政复核>   办结一条；原文不改',
  ],
  options: { ...texts('reason', 'by', 'after'), settled: { type: 'boolean' } },
  run: running('suspense', { list: suspenseList, settle: suspenseSettle }, '不写就是列出；另有 settle。'),
};

export const reissueCommand: Command = {
  name: 'reissue',
  usage: [
    '[list] [--item <事项>] [--after <位置>] [--json]   退汇、银行的原因、可能的原因和办法',
    'correct <兑付记录> [--account <账号>] [--name <户名>] [--bank <银行>] [--bank-code <联行号>] --reason <依据> --by <财政经办>',
    '    更正后进入下一批，用新的付款指令；原因已消除的（如社保卡已激活）可以不写账号，照原账户重发。',
  ],
  options: texts('item', 'after', 'account', 'name', 'bank', 'bank-code', 'reason', 'by'),
  run: running('reissue', { list: reissueList, correct: reissueCorrect }, '不写就是列出；另有 correct。'),
};
