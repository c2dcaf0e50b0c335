// `certify`: 资格认证 at the command line: the visit list out, visits in one by one or as the filled-in list, the nightly step by hand.
import { readFileSync } from 'node:fs';
import { formatYuan } from '../base/amount.ts';
import { maskName } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { certificationStates } from '../certification/certification.ts';
import { importVisits } from '../certification/visit-list.ts';
import { keepCaseDocument } from '../disbursement/ask.ts';
import { divisionName } from '../record/lookup.ts';
import { certifyStep } from '../steps.ts';
import { certificationKinds, doVisit, mostListed, takeVisitList, turnsFor, visitBody, visitRoles, visitStates } from '../web/certify.ts';
import { actOf } from '../web/life.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { fileAsked } from './compare.ts';
import { type Opened, stepsFor, textOption, withProduct } from './opening.ts';
import { writeSheets } from './out-file.ts';
import { fromCaller } from './place.ts';
import { staffNamed } from './staff-named.ts';

const shownRows = 200;

const asked = (context: CommandContext) => {
  const [item, village, state] = ['item', 'village', 'state'].map((name) => textOption(context, name) ?? undefined);
  const known = certificationKinds.find((one) => one === state);
  if (state !== undefined && known === undefined)
    fail('input.option', '--state', '没有这种状态。', `可选：${certificationKinds.join('、')}。`);
  if (village !== undefined && !/^\d{2,12}$/.test(village)) fail('input.option', '--village', '区划代码不对。', '写 2 到 12 位数字。');
  return { scope: everything, item, village, state: known };
};

/** The visit list as a file, in the name of whoever takes it along. */
const take = async (context: CommandContext, { db }: Opened, out: string): Promise<number> => {
  const staff = await staffNamed(context, db, visitRoles);
  const { state, ...ask } = asked(context);
  const { sheet, people } = await takeVisitList(db, {
    ...ask,
    ...{ scope: staff.scope, states: state === undefined ? visitStates : [state], limit: mostListed },
    ...{ catalogue: await loadCatalogue(db), actor: { id: staff.userId, role: 'reviewer' }, at: context.now() },
  });
  if (people >= mostListed) fail('limit.rows', '--out', `超过 ${mostListed} 人。`, '用 --village 按村分开导出。');
  await writeSheets(fromCaller(out, context.env), [sheet]);
  context.out.say(`${people} 人的核查名单写到 ${out}；填好“核查结果”等列后用 certify import 读入。`);
  if (context.out.asJson) context.out.json({ people });
  return 0;
};

const list = async (context: CommandContext, opened: Opened): Promise<number> => {
  const out = textOption(context, 'out');
  if (out !== null) return await take(context, opened, out);
  const { db } = opened;
  const { state, ...ask } = asked(context);
  const states = state === undefined ? certificationKinds.filter((one) => certificationStates[one].live) : [state];
  const rows = await turnsFor(db, { ...ask, states });
  const catalogue = await loadCatalogue(db);
  const cells = rows
    .slice(0, shownRows)
    .map((one) => [
      one.code,
      one.division === null ? '' : divisionName(catalogue, one.division),
      maskName(one.name ?? ''),
      one.title,
      one.dueOn,
      certificationStates[one.state].text,
      one.pausedCount === 0 ? '' : formatYuan(one.pausedFen),
    ]);
  context.out.say(
    rows.length === 0
      ? '没有要认证的。规则里写了 certify 的事项，到期后每夜自动列入。'
      : textTable(['核查码', '村（社区）', '姓名', '事项', '期限', '现在', '暂停'], cells, [6]),
  );
  if (rows.length > shownRows) context.out.say(`只列 ${shownRows} 条，共 ${rows.length} 条。`);
  if (context.out.asJson)
    context.out.json({
      rows: rows.map(({ code, subjectId, itemId, division, state: now, anchorOn, dueOn, pausedCount, pausedFen }) => ({
        ...{ code, subjectId, itemId, division, state: now, anchorOn, dueOn, pausedCount },
        pausedFen: String(pausedFen),
      })),
    });
  return 0;
};

/** `--document <file>`: kept first; what stands for it is its hash. */
const scan = async (context: CommandContext, { db }: Opened, actor: string): Promise<string | undefined> => {
  const named = textOption(context, 'document');
  if (named === null) return undefined;
  await fileAsked(context, named);
  return await keepCaseDocument(db, readFileSync(fromCaller(named, context.env)), { id: actor, role: 'reviewer' }, context.now());
};

const visit = async (context: CommandContext, opened: Opened): Promise<number> => {
  const staff = await staffNamed(context, opened.db, visitRoles);
  const option = (name: string) => textOption(context, name) ?? undefined;
  const raw = {
    ...{
      code: context.args[1] ?? '',
      result: option('result'),
      way: option('way'),
      visitedOn: option('on'),
      visitor: option('visitor') ?? '',
    },
    ...{ note: option('note'), diedOn: option('died') },
  };
  const read = visitBody.safeParse(Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined)));
  if (!read.success)
    return fail(
      'input.option',
      '',
      '写法不对，或少写了内容。',
      '见 certify --help：核查码、--result、--on、--visitor、--note 或 --document。',
    );
  const document = await scan(context, opened, staff.userId);
  const acting = { db: opened.db, catalogue: await loadCatalogue(opened.db), at: context.now() };
  const done = await doVisit(acting, staff, { ...read.data, ...(document === undefined ? {} : { document }) });
  const then = done.resumed === 0 ? '' : `；恢复发放 ${done.resumed} 笔，随下一批补发`;
  context.out.say(done.news ? `已登记：${certificationStates[done.state].text}${then}。` : '这次核查已经登记过。');
  if (context.out.asJson) context.out.json(done);
  return 0;
};

const bring = async (context: CommandContext, opened: Opened): Promise<number> => {
  const staff = await staffNamed(context, opened.db, visitRoles);
  const { content } = await fileAsked(context, context.args[1]);
  const document = await scan(context, opened, staff.userId);
  const act = await actOf({ db: opened.db, catalogue: await loadCatalogue(opened.db), at: context.now() }, staff, visitRoles);
  const done = await importVisits(opened.db, content, { ...act, ...(document === undefined ? {} : { document }) });
  context.out.say(
    `读入 ${done.rows} 行，新登记 ${done.news}：已认证 ${done.certified}，报告去世 ${done.deceased}；恢复发放 ${done.resumed} 笔。`,
  );
  if (context.out.asJson) context.out.json(done);
  return 0;
};

const look = async (context: CommandContext, opened: Opened): Promise<number> => {
  const done = await certifyStep(await stepsFor(context, opened));
  context.out.say(
    `到期告知 ${done.opened}，无感认证 ${done.traced}，提醒 ${done.reminded}，列入入户名单 ${done.visiting}，逾期暂停 ${done.suspended} 人、${done.paused} 笔，恢复 ${done.resumed} 笔。`,
  );
  if (context.out.asJson) context.out.json(done);
  return 0;
};

const verbs = { list, visit, import: bring, look };

export const certifyCommand: Command = {
  name: 'certify',
  usage: [
    '[list] [--item <事项>] [--village <区划>] [--state <状态>] [--out 名单.xlsx --by <审核>]   谁要认证、期限、暂停了多少；--out 写入户核查名单（取用留痕）',
    'visit <核查码> --result met|not-met|moved|deceased --on 2026-05-01 --visitor <核查人> --note <怎样见到> --by <审核>',
    '    [--way home|counter|video] [--document <扫描件>] [--died 日期]   见到本人即认证，暂停的各期补发；已去世的等人决定停发',
    'import <填好的名单> --by <审核> [--document <签字名单的扫描件>]   有一行不对就都不写；同一份再读入不重复',
    'look   现在就做一遍每夜的检查：到期、无感认证、提醒、入户、逾期暂停、恢复',
    '    事项在规则的 certify 里写多久认证一次、期限、哪些部门记录算认证；逾期只暂停，从不由机器停发。',
  ],
  options: Object.fromEntries(
    ['item', 'village', 'state', 'out', 'result', 'way', 'on', 'visitor', 'note', 'document', 'died', 'by'].map(
      (name): [string, { type: 'string' }] => [name, { type: 'string' }],
    ),
  ),
  run: async (context) => {
    const [verb = 'list'] = context.args;
    if (!Object.hasOwn(verbs, verb))
      return fail('input.argument', '', `不认识“certify ${verb.slice(0, 40)}”。`, '不写就是列出；另有 visit、import、look。');
    return withProduct(context, (opened) => verbs[verb as keyof typeof verbs](context, opened));
  },
};
