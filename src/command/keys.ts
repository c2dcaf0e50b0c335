// `keys`: a new key for what is sealed from now on, and what was sealed before brought under it, in bounded chunks. Secrets are never shown.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { readConfig } from '../config.ts';
import { type Db, transaction } from '../db/handle.ts';
import { rotateParts, rotateRefused } from '../record/rotate-store.ts';
import { vaultOf } from '../vault/hold.ts';
import { rotateKept } from '../vault/kept-store.ts';
import { addKey } from '../vault/keys.ts';
import type { Command, CommandContext } from './command.ts';
import { atTheMachine, textOption, withProduct } from './opening.ts';

const add = async (context: CommandContext): Promise<number> => {
  const config = readConfig(context.env);
  if (config.givenKeys !== null)
    return fail(
      'config.keys',
      'ZHIXIANG_KEYS',
      '密钥在环境变量里，不在文件里。',
      '在 ZHIXIANG_KEYS 末尾加一把新密钥，重新启动，再运行 keys rotate。',
    );
  const id = addKey(config.dataDir, textOption(context, 'algorithm') ?? 'aes-256-gcm');
  context.out.say(`已加入密钥 ${id}。请备份密钥文件，重新启动正在运行的直享，然后运行 keys rotate。旧密钥不要删。`);
  if (context.out.asJson) context.out.json({ added: id });
  return 0;
};

const rotate = async (context: CommandContext, db: Db): Promise<number> => {
  const { newest } = vaultOf(db);
  const [parts, rows, files] = [await rotateParts(db), await rotateRefused(db), await rotateKept(db)];
  const after = { key: newest, parts, rows, files };
  await transaction(db, (tx) =>
    audit(tx, {
      actor: atTheMachine,
      role: 'system',
      action: 'keys.rotate',
      objectKind: 'key',
      objectId: newest,
      after,
      at: context.now(),
    }),
  );
  context.out.say(
    `已换到密钥 ${newest}：敏感数据 ${parts} 份，退回行 ${rows} 行，原件 ${files} 份。已封存的快照、判定依据、兑付与发放记录里的账号仍用旧密钥，旧密钥要留着。`,
  );
  if (context.out.asJson) context.out.json(after);
  return 0;
};

export const keysCommand: Command = {
  name: 'keys',
  usage: ['add [--algorithm aes-256-gcm|sm4-ctr-sm3]    加一把新密钥，此后的数据用它加密', 'rotate [--json]    把已有的数据换到最新的密钥'],
  options: { algorithm: { type: 'string' } },
  run: async (context) => {
    const [verb = ''] = context.args;
    if (verb === 'add') return await add(context);
    if (verb === 'rotate') return await withProduct(context, ({ db }) => rotate(context, db));
    return fail('input.argument', '', '不认识这个办法。', '可用：add、rotate。');
  },
};
