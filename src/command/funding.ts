// `funding`: where an item's money of a year comes from: registered, listed with what is left, ended. The payer's account shows its last four.
import { formatYuan, parseYuan } from '../base/amount.ts';
import { plainJson } from '../base/canonical.ts';
import { maskAccount } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { transaction } from '../db/handle.ts';
import { formats } from '../payment/format.ts';
import { addFundingSource, endFundingSource, type FundingStanding, fundingStandings } from '../payment/funding-store.ts';
import { fundingLevels, fundingNatures } from '../payment/payment.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { financeActor, idArgument, neededOption, texts } from './finance-actor.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { itemFor } from './published.ts';

const shareText = ({ shareBp, rank }: FundingStanding): string => (shareBp === null ? `先后 ${rank}` : `${shareBp / 100}%`);

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const itemId = textOption(context, 'item');
  const year = context.options.year === undefined ? undefined : wholeNumber('year', context.options.year, 2026, 2000, 2100);
  const rows = await fundingStandings(db, {
    scope: everything,
    ended: context.options.ended === true,
    ...(itemId === null ? {} : { itemId }),
    ...(year === undefined ? {} : { year }),
  });
  const cells = rows.map((one) => [
    one.id,
    one.itemId,
    String(one.year),
    one.document,
    `${fundingLevels[one.level]}${fundingNatures[one.nature]}`,
    shareText(one),
    formatYuan(one.amountFen),
    formatYuan(one.openFen),
    formatYuan(one.sealedFen),
    formatYuan(one.spentFen),
    one.format,
    one.endedAt === null ? '' : '已停用',
  ]);
  const header = ['资金来源', '事项', '年度', '指标文号', '性质', '用法', '指标', '余额', '在批次', '已支出', '报盘格式', ''];
  context.out.say(rows.length === 0 ? '还没有登记资金来源。用 funding add 登记。' : textTable(header, cells, [6, 7, 8, 9]));
  if (context.out.asJson)
    context.out.json(
      plainJson({ sources: rows.map(({ payerAccount, ...rest }) => ({ ...rest, payerAccount: maskAccount(payerAccount) })) }),
    );
  return 0;
};

const among = <T extends string>(context: CommandContext, name: string, known: Readonly<Record<T, string>>): T => {
  const text = neededOption(context, name, name === 'level' ? '预算级次' : '资金性质');
  if (!Object.hasOwn(known, text))
    fail(
      'input.option',
      `--${name}`,
      '没有这一种。',
      Object.entries(known)
        .map(([id, label]) => `${id}（${label}）`)
        .join('、'),
    );
  return text as T;
};

/** `60` or `33.33`, per cent, as parts of ten thousand; exact. */
const shareOption = (context: CommandContext): number | null => {
  const text = textOption(context, 'share');
  if (text === null) return null;
  const m = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text);
  return m === null
    ? fail('input.share', '--share', '份额写百分数，最多两位小数。', '如 --share 60 或 --share 33.33。')
    : Number(m[1]) * 100 + Number((m[2] ?? '').padEnd(2, '0'));
};

const add = async (context: CommandContext, opened: Opened): Promise<number> => {
  const actor = await financeActor(context, opened, ['finance-maker']);
  const [{ item }] = await itemFor(opened.db, neededOption(context, 'item', '事项'));
  const amount = neededOption(context, 'amount', '指标金额（元）');
  const source = {
    itemId: item.id,
    year: wholeNumber('year', neededOption(context, 'year', '预算年度'), 2026, 2000, 2100),
    document: neededOption(context, 'document', '指标文号'),
    projectCode: neededOption(context, 'project', '项目编码'),
    subjectCode: neededOption(context, 'subject-code', '预算科目编码'),
    nature: among(context, 'nature', fundingNatures),
    level: among(context, 'level', fundingLevels),
    payerName: neededOption(context, 'payer-name', '付款户名'),
    payerAccount: neededOption(context, 'payer-account', '付款账号').replaceAll(/\s/g, ''),
    payerBank: neededOption(context, 'payer-bank', '代理银行'),
    payerBankCode: neededOption(context, 'payer-bank-code', '付款行联行号'),
    format: neededOption(context, 'format', '报盘格式'),
    amountFen: parseYuan(amount) ?? fail('input.amount', '--amount', '金额读不懂。', '写元，最多两位小数，如 1200000.00。'),
    shareBp: shareOption(context),
    rank: wholeNumber('rank', context.options.rank, 0, 0, 1_000),
  };
  const by = { actor: actor.id, role: actor.role, at: context.now() };
  const id = await transaction(opened.db, (tx) => addFundingSource(tx, source, by));
  context.out.say(`已登记资金来源 ${id}。`);
  if (context.out.asJson) context.out.json({ id });
  return 0;
};

const end = async (context: CommandContext, opened: Opened): Promise<number> => {
  const actor = await financeActor(context, opened, ['finance-maker']);
  const id = idArgument(context, 1, '资金来源');
  const by = { actor: actor.id, role: actor.role, at: context.now(), reason: neededOption(context, 'reason', '停用的理由') };
  await transaction(opened.db, (tx) => endFundingSource(tx, id, by));
  context.out.say('已停用：不再据此封批，已在途的照常办完。');
  if (context.out.asJson) context.out.json({ id, ended: true });
  return 0;
};

const verbs = { list, add, end };

export const fundingCommand: Command = {
  name: 'funding',
  usage: [
    '[list] [--item <事项>] [--year 年度] [--ended] [--json]   各资金来源的指标、余额、在批次、已支出',
    'add --item <事项> --year <年度> --document <指标文号> --project <项目编码> --subject-code <科目编码> --nature budget|transfer|insurance',
    '    --level central|province|city|county --amount <元> --payer-name <户名> --payer-account <账号> --payer-bank <银行> --payer-bank-code <联行号>',
    `    --format ${[...formats.keys()].join('|')} [--share 百分数] [--rank 先后] --by <财政经办>`,
    'end <资金来源> --reason <理由> --by <财政经办>   停用；已在途的照常办完，退回的钱仍回到它',
    '    同一事项、年度、付款账户的各来源一起付：都写份额（合计 100%）的每笔按份额拆分，都不写的按先后用完再用下一个；收款人只收到一笔。',
  ],
  options: {
    ended: { type: 'boolean' },
    ...texts(
      'item',
      'year',
      'document',
      'project',
      'subject-code',
      'nature',
      'level',
      'amount',
      'payer-name',
      'payer-account',
      'payer-bank',
    ),
    ...texts('payer-bank-code', 'format', 'share', 'rank', 'reason', 'by'),
  },
  run: async (context) => {
    const [verb = 'list'] = context.args;
    if (!Object.hasOwn(verbs, verb))
      return fail('input.argument', '', `不认识“funding ${verb.slice(0, 40)}”。`, '不写就是列出；另有 add、end。');
    return withProduct(context, (opened) => verbs[verb as keyof typeof verbs](context, opened));
  },
};
