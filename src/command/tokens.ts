// `tokens`: what departments' programs show when they deliver over HTTP: one dataset, one division, until a day. Shown once, kept as a hash.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { type Db, transaction } from '../db/handle.ts';
import { treesOf } from '../policy/vocabulary.ts';
import { deliveryTokens, insertToken, revokeToken } from '../record/upload-store.ts';
import { randomToken, tokenHash } from '../web/auth.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { atTheMachine, isUuid, textOption, withProduct } from './opening.ts';

const list = async (context: CommandContext, db: Db): Promise<number> => {
  const tokens = await deliveryTokens(db);
  const now = context.now();
  const rows = tokens.map((one) => [
    one.id,
    one.label,
    one.dataset,
    one.division ?? '全部',
    one.expiresAt.toISOString().slice(0, 10),
    one.revokedAt !== null ? '已吊销' : one.expiresAt <= now ? '已过期' : '有效',
  ]);
  context.out.say(tokens.length === 0 ? '还没有交付令牌。' : textTable(['编号', '给谁', '数据集', '范围', '到期', '状态'], rows, []));
  if (context.out.asJson) context.out.json({ tokens });
  return 0;
};

const add = async (context: CommandContext, db: Db): Promise<number> => {
  const dataset = context.args[1] ?? '';
  const catalogue = await loadCatalogue(db);
  if (!catalogue.datasets.some((one) => one.id === dataset))
    fail('import.dataset', dataset.slice(0, 60), '数据目录里没有这个数据集。', '请核对数据集编号。');
  const label = textOption(context, 'label') ?? fail('input.option', '--label', '没有说明给谁用。', '例如 --label 民政局救助系统');
  const division = textOption(context, 'division');
  if (division !== null && treesOf(catalogue).get('division')?.has(division) !== true)
    fail('input.option', '--division', '行政区划里没有这个代码。', '核对代码；全库的不写 --division。');
  const days = wholeNumber('days', context.options.days, 365, 1, 1100);
  const token = `zxd_${randomToken()}`;
  const createdAt = context.now();
  const expiresAt = new Date(createdAt.getTime() + days * 86_400_000);
  const id = await transaction(db, async (tx) => {
    const made = await insertToken(tx, { hash: tokenHash(token), dataset, division, label, createdAt, expiresAt, createdBy: atTheMachine });
    await audit(tx, {
      actor: atTheMachine,
      role: 'system',
      action: 'delivery-token.add',
      objectKind: 'delivery_token',
      objectId: made,
      after: { dataset, division, label, expiresAt },
      at: createdAt,
    });
    return made;
  });
  context.out.say(
    `已建立交付令牌 ${id}，${expiresAt.toISOString().slice(0, 10)} 到期。\n  令牌    ${token}\n  只显示这一次；请求头写 Authorization: Bearer <令牌>。`,
  );
  if (context.out.asJson) context.out.json({ id, token, dataset, division, expiresAt });
  return 0;
};

const revoke = async (context: CommandContext, db: Db): Promise<number> => {
  const id = context.args[1] ?? '';
  const at = context.now();
  const done =
    isUuid(id) &&
    (await transaction(db, async (tx) => {
      if (!(await revokeToken(tx, id, at))) return false;
      await audit(tx, {
        actor: atTheMachine,
        role: 'system',
        action: 'delivery-token.revoke',
        objectKind: 'delivery_token',
        objectId: id,
        at,
      });
      return true;
    }));
  if (!done) fail('missing.token', id.slice(0, 40), '没有这个有效的令牌。', '编号见 tokens。');
  context.out.say('已吊销，马上不能再用。');
  if (context.out.asJson) context.out.json({ id, revokedAt: at });
  return 0;
};

export const tokensCommand: Command = {
  name: 'tokens',
  usage: ['[list] [--json]', 'add <数据集> --label <给谁用> [--division <区划代码>] [--days 365] [--json]', 'revoke <令牌编号> [--json]'],
  options: { label: { type: 'string' }, division: { type: 'string' }, days: { type: 'string' } },
  run: (context) =>
    withProduct(context, ({ db }) => {
      const [verb = 'list'] = context.args;
      if (verb === 'list') return list(context, db);
      if (verb === 'add') return add(context, db);
      if (verb === 'revoke') return revoke(context, db);
      return fail('input.argument', verb.slice(0, 40), '不认识的动作。', '可用：list、add、revoke。');
    }),
};
