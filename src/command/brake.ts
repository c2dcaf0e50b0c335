// `brake`: items a run held because they changed too much since the last one: look, let one go with a reason, set how much is too much.
import { formatYuan, parseYuan } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { brakeWords, limitsFor, releaseBrake, setLimits } from '../match/brake.ts';
import { heldItems } from '../match/brake-store.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { isUuid, textOption, withProduct } from './opening.ts';
import { staffNamed } from './staff-named.ts';

const list = async (context: CommandContext, db: Db): Promise<number> => {
  const rows = await heldItems(db);
  const { say } = context.out;
  if (rows.length === 0) say('没有因变化过大停下的事项。');
  for (const row of rows) {
    say(`${row.title}（${row.itemId}） 批次 ${row.runId}${row.overtaken ? '，后来的批次已重新判定' : ''}`);
    say(`  ${brakeWords(row.reasons)}`);
  }
  if (context.out.asJson) context.out.json({ held: rows });
  return 0;
};

const release = async (context: CommandContext, db: Db): Promise<number> => {
  const [, runId = '', itemId = ''] = context.args;
  if (!isUuid(runId) || itemId === '') return fail('input.argument', runId.slice(0, 40), '没有写清哪个批次、哪个事项。', '见 brake list。');
  const by = await staffNamed(context, db, ['officer', 'reviewer']);
  const role = by.roles.includes('officer') ? 'officer' : 'reviewer';
  const ask = { runId, itemId, by: by.userId, role, scope: by.scope, reason: textOption(context, 'reason') ?? '', at: context.now() };
  await releaseBrake(db, ask);
  context.out.say('已放行。下一次结算会接着办。');
  if (context.out.asJson) context.out.json({ released: { runId, itemId } });
  return 0;
};

const limits = async (context: CommandContext, db: Db): Promise<number> => {
  const itemId = context.args[1] ?? null;
  const share = textOption(context, 'share');
  const people = textOption(context, 'people');
  const yuan = textOption(context, 'yuan');
  const { say } = context.out;
  if (share !== null || people !== null || yuan !== null) {
    const by = await staffNamed(context, db, ['officer']);
    const now = (await limitsFor(db))(itemId ?? '');
    const wanted = {
      share: share === null ? now.share : Number(share),
      people: people === null ? now.people : Number(people),
      fen:
        yuan === null
          ? now.fen
          : (parseYuan(yuan) ?? fail('input.argument', '--yuan', '金额写成元，最多两位小数。', '例如 --yuan 50000。')),
    };
    await setLimits(db, { itemId, limits: wanted, by: by.userId, role: 'officer', at: context.now() });
  }
  const now = (await limitsFor(db))(itemId ?? '');
  const rows = [[itemId ?? '各事项', `${now.share * 100}%`, String(now.people), formatYuan(now.fen)]];
  say(textTable(['事项', '比例', '人数', '金额'], rows, [1, 2, 3]));
  say('比例和人数（或金额）都超过，才停下。');
  if (context.out.asJson) context.out.json({ itemId, limits: now });
  return 0;
};

export const brakeCommand: Command = {
  name: 'brake',
  usage: [
    '[list] [--json]',
    'release <批次> <事项> --by <用户名> --reason <核对了什么> [--json]',
    'limits [<事项>] [--share 0.3] [--people 50] [--yuan 50000] [--by <用户名>] [--json]',
  ],
  options: {
    by: { type: 'string' },
    reason: { type: 'string' },
    share: { type: 'string' },
    people: { type: 'string' },
    yuan: { type: 'string' },
  },
  run: (context) =>
    withProduct(context, ({ db }) => {
      const [verb = 'list'] = context.args;
      if (verb === 'list') return list(context, db);
      if (verb === 'release') return release(context, db);
      if (verb === 'limits') return limits(context, db);
      return fail('input.argument', verb.slice(0, 40), '不认识的动作。', '可用：list、release、limits。');
    }),
};
