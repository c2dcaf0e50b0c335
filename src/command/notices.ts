// `notices`: how notices go out at the command line: what waits, letters and call sheets, ticking off, offices, texts of one's own, whom to tell after a death,
// and how quickly notices leave.
import { readFile } from 'node:fs/promises';
import { fail, type Problem } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { insertLook } from '../consult/store.ts';
import { transaction } from '../db/handle.ts';
import { insertChoice, insertOffice, insertRelative, officesOf } from '../notice/around-store.ts';
import { checkNotice, tickLetter } from '../notice/hear-store.ts';
import { notePrinted, waitingLetters } from '../notice/letters-store.ts';
import { lintWording, sampleFrame, sampleTold } from '../notice/lint.ts';
import { handedOver } from '../notice/measure-store.ts';
import { channelNames, noticeStates, templateNames } from '../notice/notice.ts';
import { previewNotice } from '../notice/preview.ts';
import { countNotices } from '../notice/store.ts';
import { render } from '../notice/template.ts';
import { type TemplateName, templates, type Wording } from '../notice/template-table.ts';
import { readWording } from '../notice/wording.ts';
import { insertWording, listWordings, publishWording } from '../notice/wording-store.ts';
import { contactReader } from '../record/contact-store.ts';
import { placeNames } from '../steps.ts';
import { callSheet } from '../web/calls.ts';
import { lettersPage } from '../web/letters.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { idArgument, neededOption, texts } from './finance-actor.ts';
import { type Opened, stepsFor, textOption, withProduct } from './opening.ts';
import { writeSheets, writeWhole } from './out-file.ts';
import { itemFor } from './published.ts';
import { purposeFor } from './purpose.ts';
import { staffNamed } from './staff-named.ts';

type Run = (context: CommandContext, opened: Opened) => Promise<number>;

const done = (context: CommandContext, text: string, value: unknown): number => {
  context.out.say(text);
  if (context.out.asJson) context.out.json(value);
  return 0;
};

const list: Run = async (context, { db }) => {
  const counts = await countNotices(db, everything);
  const rows = counts.map((one) => [channelNames[one.channel], noticeStates[one.state].text, String(one.count)]);
  return done(context, rows.length === 0 ? '还没有告知。' : textTable(['方式', '状态', '封数'], rows, [2]), { counts });
};

/** Only with a purpose: names, amounts and phones leave the house. */
const print: Run = async (context, opened) => {
  const { db, catalogue, today } = await stepsFor(context, opened);
  const what = context.args[0] === 'calls' ? 'calls' : 'letters';
  const staff = await staffNamed(context, db, ['reviewer']);
  const file = neededOption(context, 'out', '写到哪个文件');
  const limit = wholeNumber('limit', context.options.limit, 1000, 1, 10_000);
  const place = placeNames(catalogue);
  const letters = await waitingLetters(db, { scope: staff.scope, division: textOption(context, 'division'), limit });
  if (letters.length === 0) return done(context, '没有待当面送达的告知。', { letters: 0 });
  if (what === 'calls') {
    const sheet = await transaction(db, (tx) => callSheet(tx, letters, contactReader(catalogue, today), place));
    await writeSheets(file, [sheet]);
  } else {
    const page = String(await lettersPage(letters, place));
    await writeWhole(
      file,
      (async function* () {
        yield Buffer.from(page);
      })(),
    );
  }
  await transaction(db, (tx) => notePrinted(tx, letters, what, { id: staff.userId, role: 'reviewer' }, context.now()));
  return done(context, `已写入 ${file}：${letters.length} 封。送到以后用 notices tick <查验码> 销号。`, { file, letters: letters.length });
};

const tick: Run = async (context, { db }) => {
  const [, ...codes] = context.args;
  const staff = await staffNamed(context, db, ['reviewer']);
  const outcome = textOption(context, 'failed') === null ? 'handed' : 'failed';
  const why = textOption(context, 'failed') ?? textOption(context, 'to');
  if (codes.length === 0) fail('input.argument', '', '没有写查验码。', '可以一次写几个：notices tick ABCD-EFGH-JKMN …');
  const at = context.now();
  await transaction(db, async (tx) => {
    const by = { outcome, actor: staff.userId, role: 'reviewer', scope: staff.scope, at, ...(why === null ? {} : { why }) } as const;
    for (const code of codes) await tickLetter(tx, { by: { code }, ...by });
  });
  return done(context, `已销号 ${codes.length} 封。`, { ticked: codes.length });
};

const check: Run = async (context, { db }) => {
  const found = await checkNotice(db, context.args[1] ?? '');
  return done(context, found === null ? '没有发过带这个查验码的告知。' : `是真的：${found.kind}，${found.office}，${found.issuedOn}。`, {
    found,
  });
};

const office: Run = async (context, { db }) => {
  const authority = context.args[1] ?? '';
  if (authority === '') return fail('input.argument', '', '没有写哪个主管部门。', '写规则文件里的 authority。');
  const phone = textOption(context, 'phone');
  if (phone === null) {
    const found = (await officesOf(db, [authority])).get(authority) ?? null;
    return done(context, found === null ? '还没有登记。' : `${found.name}，电话 ${found.phone}，${found.address}（${found.hours}）`, {
      office: found,
    });
  }
  const staff = await staffNamed(context, db, ['officer']);
  const told = {
    name: textOption(context, 'name') ?? authority,
    phone,
    address: neededOption(context, 'address', '地址'),
    hours: neededOption(context, 'hours', '办公时间'),
  };
  await transaction(db, (tx) => insertOffice(tx, authority, told, { id: staff.userId, role: 'officer' }, context.now()));
  return done(context, '已登记，之后写出的告知都用它。', { office: told });
};

const wordingFile = async (context: CommandContext): Promise<{ template: TemplateName; wording: Wording }> => {
  const template = context.args[2] as TemplateName;
  if (!Object.hasOwn(templates, template ?? ''))
    fail(
      'input.argument',
      '',
      '没有这种告知。',
      `可用：${Object.entries(templateNames)
        .map(([key, name]) => `${key} ${name}`)
        .join('、')}。`,
    );
  const file = textOption(context, 'file');
  return { template, wording: file === null ? templates[template] : readWording(await readFile(file, 'utf8')) };
};

const sayProblems = (context: CommandContext, problems: readonly Problem[]): void => {
  for (const one of problems) context.out.say(`  ✗ ${one.at} ${one.message}${one.hint}`);
};

const text: Run = async (context, opened) => {
  const { db, catalogue, today } = await stepsFor(context, opened);
  const [, verb = ''] = context.args;
  if (verb === 'list') {
    const rows = await listWordings(db, null);
    const cells = rows.map((one) => [
      one.id,
      one.authority,
      one.itemId || '全部',
      templateNames[one.template],
      String(one.version),
      one.publishedAt === null ? '待发布' : '已发布',
    ]);
    return done(
      context,
      rows.length === 0 ? '都用出厂文本。' : textTable(['编号', '主管部门', '事项', '种类', '版本', '状态'], cells, [4]),
      { rows },
    );
  }
  if (verb === 'publish') {
    const staff = await staffNamed(context, db, ['officer']);
    await transaction(db, (tx) => publishWording(tx, idArgument(context, 2, '文本'), { id: staff.userId, role: 'officer' }, context.now()));
    return done(context, '已发布，之后写出的告知都用它。', { published: true });
  }
  const { template, wording } = await wordingFile(context);
  if (verb === 'preview') {
    const [{ item }] = await itemFor(db, neededOption(context, 'item', '哪个事项'));
    const purpose = await purposeFor(context, db);
    const options = { today, read: contactReader(catalogue, today), label: (fact: string) => fact, place: placeNames(catalogue) };
    const shown = await transaction(db, (tx) =>
      previewNotice(
        tx,
        {
          template,
          itemId: item.id,
          subjectId: textOption(context, 'subject'),
          scope: everything,
          ...(textOption(context, 'file') === null ? {} : { wording }),
        },
        options,
      ),
    );
    await insertLook(db, {
      ...purpose,
      subjectId: shown.subjectId,
      view: 'notice',
      itemId: item.id,
      facts: [],
      actor: 'command-line',
      role: 'system',
      at: context.now(),
    });
    return done(context, `${shown.subject}\n\n${shown.body}\n\n短信：${shown.short}`, {
      subject: shown.subject,
      body: shown.body,
      short: shown.short,
    });
  }
  const authority = textOption(context, 'authority') ?? '';
  const problems = lintWording(template, wording, (await officesOf(db, [authority])).has(authority));
  if (verb === 'draft' && problems.length === 0) {
    const staff = await staffNamed(context, db, ['officer']);
    if (authority === '') return fail('input.option', '--authority', '没有写哪个主管部门。', '写规则文件里的 authority。');
    const itemId = textOption(context, 'item') === null ? '' : (await itemFor(db, textOption(context, 'item') ?? ''))[0].item.id;
    const draft = { template, authority, itemId, content: wording };
    const id = await transaction(db, (tx) => insertWording(tx, draft, { id: staff.userId, role: 'officer' }, context.now()));
    return done(context, `已存为 ${id}，请另一位政策管理员发布。`, { id });
  }
  if (verb !== 'lint' && verb !== 'draft') return fail('input.argument', '', '写法不对。', '见 notices --help。');
  sayProblems(context, problems);
  const sample = render(template, sampleTold, sampleFrame, wording);
  done(context, problems.length === 0 ? `没有问题。样子：${sample.short}` : `${problems.length} 处要改。`, { problems, sample });
  return problems.length === 0 ? 0 : 2;
};

const relative: Run = async (context, { db }) => {
  const subjectId = idArgument(context, 1, '对象');
  const staff = await staffNamed(context, db, ['reviewer']);
  const named = textOption(context, 'relative');
  const one =
    named === null
      ? null
      : {
          name: named,
          relation: neededOption(context, 'relation', '关系'),
          phone: textOption(context, 'relative-phone'),
          email: textOption(context, 'relative-email'),
        };
  await transaction(db, (tx) => insertRelative(tx, subjectId, one, { id: staff.userId, role: 'reviewer' }, context.now()));
  return done(context, one === null ? '已取消，之后告诉村（居）委会。' : '已登记，本人去世后告诉这位亲属。', { named: one !== null });
};

const choice: Run = async (context, { db }) => {
  const subjectId = idArgument(context, 1, '对象');
  const staff = await staffNamed(context, db, ['reviewer']);
  const asked = textOption(context, 'prefer');
  const prefer = (['mail', 'sms', 'letter'] as const).find((way) => way === asked) ?? null;
  if (asked !== null && prefer === null) return fail('input.option', '--prefer', '没有这种方式。', '可写 mail、sms、letter。');
  const one = { stopPush: context.options['stop-push'] === true, prefer };
  await transaction(db, (tx) => insertChoice(tx, subjectId, one, { id: staff.userId, role: 'reviewer' }, context.now()));
  return done(context, '已登记；依法要告知的仍会告知。', one);
};

const measure: Run = async (context, { db }) => {
  await loadCatalogue(db);
  const days = wholeNumber('days', context.options.days, 7, 1, 366);
  const since = new Date(context.now().getTime() - days * 86_400_000);
  const found = await handedOver(db, since);
  const share = found.total === 0 ? null : found.within / found.total;
  const lines = [
    `近 ${days} 天写出、应由机器送的 ${found.total} 封：10 秒内交出 ${found.within} 封${share === null ? '' : `（${(share * 100).toFixed(2)}%）`}，中位 ${found.medianMs} 毫秒，99% 在 ${found.p99Ms} 毫秒内。`,
  ];
  return done(context, lines.join('\n'), { ...found, share });
};

const runs: Readonly<Record<string, Run>> = { list, letters: print, calls: print, tick, check, office, text, relative, choice, measure };

export const noticesCommand: Command = {
  name: 'notices',
  usage: [
    '[list] [--json]                    各种方式、各种状态各有多少',
    'letters|calls --out <文件.html|文件.xlsx> --by <审核> [--division 530128] [--limit 1000]   待当面送达的：打印的信，或电话告知单',
    'tick <查验码…> --by <审核> [--to <送到谁>] [--failed <为什么没有送到>]      送达销号',
    'check <查验码>                      这份告知是不是真的',
    'office <主管部门> [--phone … --address … --hours … --name … --by <政策管理员>]   不用链接怎样找到这个单位',
    'text list                           各部门自己的告知文本',
    'text lint|draft <种类> --file <文本.json> --authority <主管部门> [--item <事项>] [--by <政策管理员>]    检查，存为新版本',
    'text publish <编号> --by <另一位政策管理员>',
    'text preview <种类> --item <事项> [--file <文本.json>] [--subject <对象>] --purpose call:<工单号>   按真实对象预览，姓名遮去',
    'relative <对象> --relative - --relation 子 [--relative-phone -] [--relative-email -] --by <审核>       本人去世后告诉谁，姓名和联系方式从标准输入逐行读；不写 --relative 取消',
    'choice <对象> [--stop-push] [--prefer mail|sms|letter] --by <审核>       本人要不要推送、先用哪种方式',
    'measure [--days 7]                  写出到交给邮件服务器或网关用了多久',
  ],
  options: {
    ...texts('out', 'by', 'division', 'limit', 'to', 'failed', 'phone', 'address', 'hours', 'name', 'file', 'authority', 'item', 'subject'),
    ...texts('purpose', 'relation', 'relative', 'relative-phone', 'relative-email', 'prefer', 'days'),
    'stop-push': { type: 'boolean' },
  },
  personal: ['relative', 'relative-phone', 'relative-email'],
  run: (context) => {
    const run = runs[context.args[0] ?? 'list'];
    if (run === undefined) return fail('input.argument', '', '没有这个用法。', '见 notices --help。');
    return withProduct(context, (opened) => run(context, opened));
  },
};
