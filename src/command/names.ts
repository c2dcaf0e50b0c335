// `names`: the worklist of lists keyed by name, and a person's word on one of its rows.
import { plainCode } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { settleName } from '../record/names.ts';
import { nameGaps, openNames } from '../record/names-store.ts';
import { gapTexts } from '../web/lists.ts';
import { personName } from '../web/words.ts';
import { actorNamed, needed, subjectNamed } from './attest-actor.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { isUuid, type Opened, textOption, withProduct } from './opening.ts';

const shownRows = 200;

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const catalogue = await loadCatalogue(db);
  const dataset = textOption(context, 'dataset');
  const byName = catalogue.datasets.filter((d) => d.keyedBy === 'name').map((d) => d.id);
  const gaps = await nameGaps(db, byName);
  const rows = await openNames(db, { scope: everything, limit: shownRows, ...(dataset === null ? {} : { dataset }) });
  for (const text of gapTexts(gaps, catalogue)) context.out.say(text);
  const cells = rows.map((one) => [
    one.deliveryId,
    String(one.line),
    personName(one.register, one.name),
    one.bearers.length === 0 ? '无人同名' : one.bearers.map((b) => `${b.subjectId} ${personName(one.register, b.name)}`).join('；'),
  ]);
  context.out.say(rows.length === 0 ? '名单上的名称都已对上。' : textTable(['交付', '行', '名单上的名称', '可能是'], cells, [1]));
  if (context.out.asJson) {
    const work = rows.map(({ deliveryId, line, dataset: of, register, name, bearers, list: note }) => {
      const candidates = bearers.map((b) => ({ subjectId: b.subjectId, name: personName(register, b.name), division: b.division }));
      return { delivery: deliveryId, line, dataset: of, name: personName(register, name), list: note, candidates };
    });
    context.out.json({ lists: gaps, open: work });
  }
  return 0;
};

const settle = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const [, deliveryId = '', line = '', who = ''] = context.args;
  if (!isUuid(deliveryId) || !/^\d{1,9}$/.test(line))
    return fail('input.argument', '', '没有写交付编号和行号。', '两样都在 names 的列表里。');
  const actor = await actorNamed(context, db);
  if (!actor.roles.includes('steward')) return fail('scope.role', '--by', '这个账号的岗位不能办这件事。', '需要：数据管理员。');
  if (who === '') return fail('input.argument', '', '没有写是哪一个对象。', '写对象编号或统一社会信用代码；登记库里没有的写 none。');
  const subjectId = who === 'none' ? null : (await subjectNamed(db, isUuid(who) ? who : plainCode(who))).subjectId;
  const decision = { deliveryId, line: Number(line), subjectId, reason: needed(context, 'reason', '理由') };
  const by = { by: actor.id, role: 'steward', scope: actor.scope };
  await settleName(db, await loadCatalogue(db), { ...decision, ...by }, context.now());
  context.out.say(subjectId === null ? '已记下：登记库里没有这一家。以后的名单不再问。' : '已记下并入库，以后的名单照此对上。');
  if (context.out.asJson) context.out.json({ delivery: deliveryId, line: Number(line), subjectId });
  return 0;
};

const verbs = { list, settle };

export const namesCommand: Command = {
  name: 'names',
  usage: [
    '[list] [--dataset <数据集>] [--json]   按名称报送的名单里还没有对上的行，和各自可能是谁',
    'settle <交付> <行> <对象编号或信用代码>|none --reason <理由> --by <用户名>   认定一次，以后的名单照此对上；none：登记库里没有',
    '    比较名称时不计全半角、大小写、空格、括号和引号的写法，也认曾用名；“有限公司”与“有限责任公司”是两个名称。',
    '    没有对上的行认定之前，同名的各家、只差括号或公司形式的各家在这份名单上算“不知道”，其他各家算“不在名单上”。',
  ],
  options: { dataset: { type: 'string' }, reason: { type: 'string' }, by: { type: 'string' } },
  run: async (context) => {
    const [verb = 'list'] = context.args;
    if (!Object.hasOwn(verbs, verb))
      return fail('input.argument', '', `不认识“names ${verb.slice(0, 40)}”。`, '不写就是列出；另有 settle。');
    return withProduct(context, (opened) => verbs[verb as keyof typeof verbs](context, opened));
  },
};
