// `snapshots`: which sealed data are kept and why, how long, what the next removal lets go; days somebody keeps for an audit.
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { holdSnapshots, liftHold, planRemoval, removeSnapshots, setRetention } from '../match/retention.ts';
import { holds, type Need } from '../match/retention-store.ts';
import { countRemoved } from '../snapshot/store.ts';
import { todayFor } from '../today.ts';
import type { Role } from '../web/role.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { dayOption, isUuid, textOption, withProduct } from './opening.ts';
import { staffNamed } from './staff-named.ts';

const needNames: Readonly<Record<Need, string>> = {
  newest: '现行',
  term: '未到期',
  'last-run': '最近一次匹配',
  running: '匹配进行中',
  'held-run': '有事项等人放行',
  audit: '审计保留',
  case: '有未决的异议或追回',
  under: '别的快照叠在它上面',
};

const megabytes = (bytes: bigint): string => `${(Number(bytes) / 1e6).toFixed(1)} MB`;

const list = async (context: CommandContext, db: Db): Promise<number> => {
  const plan = await planRemoval(db, await todayFor(db, context.now()));
  const [removed, held] = [await countRemoved(db), (await holds(db)).filter((one) => one.liftedAt === null)];
  const rows = [...plan.kept, ...plan.due]
    .sort((a, b) => (a.knownAt < b.knownAt ? 1 : -1))
    .map((one) => [
      one.id.slice(0, 12),
      one.knownAt,
      one.needs.length === 0 ? '到期，待清除' : one.needs.map((n) => needNames[n]).join('、'),
    ]);
  const { say } = context.out;
  say(`快照保存 ${plan.days} 天（${plan.keptFrom} 起的未到期）；已清除 ${removed} 份。判定凭自己的依据重判，不需要快照。`);
  say(textTable(['快照', '数据到', '为什么留着'], rows, []));
  for (const one of held) say(`  审计保留 ${one.id}：${one.firstDay} – ${one.lastDay}，${one.heldBy}：${one.reason}`);
  say(`现在清除会去掉 ${plan.due.length} 份，腾出 ${megabytes(plan.frees.bytes)}。`);
  if (context.out.asJson) context.out.json({ ...plan, frees: { ...plan.frees, bytes: String(plan.frees.bytes) }, removed, holds: held });
  return 0;
};

const remove = async (context: CommandContext, db: Db): Promise<number> => {
  if (context.options['dry-run'] === true) return list(context, db);
  const today = await todayFor(db, context.now());
  const { removed, segments, bytes, busy } = await removeSnapshots(db, { today, at: context.now(), actor: 'step:retention' });
  context.out.say(`清除了 ${removed} 份快照，腾出 ${megabytes(bytes)}${busy ? '；有匹配或封存正在进行，其余的下次再清' : ''}。`);
  if (context.out.asJson) context.out.json({ removed, segments, bytes: String(bytes), busy });
  return 0;
};

const whoFor = async (context: CommandContext, db: Db, roles: readonly Role[]) => {
  const by = await staffNamed(context, db, roles);
  const role = roles.find((one) => by.roles.includes(one)) ?? '';
  return { by: by.userId, role, reason: textOption(context, 'reason') ?? '', at: context.now() };
};

const keep = async (context: CommandContext, db: Db): Promise<number> => {
  await setRetention(db, Number(textOption(context, 'days') ?? Number.NaN), await whoFor(context, db, ['admin', 'steward']));
  return list(context, db);
};

const hold = async (context: CommandContext, db: Db): Promise<number> => {
  const asked = (name: string): Day =>
    dayOption(context, name) ?? fail('input.day', `--${name}`, '没有写日子。', `例如 --${name} 2026-03-01`);
  const id = await holdSnapshots(db, { first: asked('from'), last: asked('to') }, await whoFor(context, db, ['auditor']));
  context.out.say(`已保留（${id}）。解除：snapshots lift ${id} --by <用户名> --reason <为什么>`);
  if (context.out.asJson) context.out.json({ hold: id });
  return 0;
};

const lift = async (context: CommandContext, db: Db): Promise<number> => {
  const id = context.args[1] ?? '';
  if (!isUuid(id)) return fail('input.argument', '', '没有写清是哪条保留。', '编号见 snapshots。');
  await liftHold(db, id, await whoFor(context, db, ['auditor']));
  context.out.say('已解除。');
  if (context.out.asJson) context.out.json({ lifted: id });
  return 0;
};

const verbs: Readonly<Record<string, (context: CommandContext, db: Db) => Promise<number>>> = { list, remove, keep, hold, lift };

export const snapshotsCommand: Command = {
  name: 'snapshots',
  usage: [
    '[list] [--json]    哪些数据快照留着、为什么，多久，下次清除会去掉哪些',
    'remove [--dry-run] [--json]    清除已过保存期的（夜间任务自己会做）；--dry-run 只看不动',
    'keep --days <天数> --by <用户名> --reason <依据>    改保存天数，默认 400；系统管理员或数据管理员',
    'hold --from <日> --to <日> --by <审计用户名> --reason <哪次审计>    这些天的快照不清除，直到解除',
    'lift <保留编号> --by <审计用户名> --reason <为什么>',
  ],
  options: {
    'dry-run': { type: 'boolean' },
    days: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    by: { type: 'string' },
    reason: { type: 'string' },
  },
  run: (context) =>
    withProduct(context, ({ db }) => {
      const verb = context.args[0] ?? 'list';
      const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
      return act === undefined
        ? fail('input.argument', verb.slice(0, 40), '不认识的动作。', `可用：${Object.keys(verbs).join('、')}。`)
        : act(context, db);
    }),
};
