// `keys`: which keys there are and what each still seals; a new key for what is sealed from now on; what was sealed before brought under it; and the end of a
// key that nothing needs any more. Secrets are never shown.
import { existsSync } from 'node:fs';
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { readConfig } from '../config.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type KeyUse, keyUses, requireNewest, rotateKeys } from '../rotate.ts';
import { vaultOf } from '../vault/hold.ts';
import { addKey, dropKey, withoutKey } from '../vault/keys.ts';
import type { Command, CommandContext } from './command.ts';
import { atTheMachine, textOption, withOwner } from './opening.ts';
import { fromCaller } from './place.ts';

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
  context.out.say(
    `已加入密钥 ${id}。请备份密钥文件，重新启动正在运行的直享，然后运行 keys rotate；旧密钥到 keys 显示不再使用为止都要留着。`,
  );
  if (context.out.asJson) context.out.json({ added: id });
  return 0;
};

const useLines = (uses: readonly KeyUse[], newest: string): readonly string[] =>
  uses.flatMap(({ key, held, values, columns }) => [
    `${key}${key === newest ? '（正在使用）' : ''}：${values === 0 ? '没有数据再用它' : `${values} 处`}${held ? '' : '，但密钥环里没有它，这些数据读不出来，请把它放回去'}`,
    ...columns.map((one) => `  ${one.title}（${one.at}）${one.values} 处`),
  ]);

const show = async (context: CommandContext, db: Db): Promise<number> => {
  const { newest } = vaultOf(db);
  const uses = await keyUses(db);
  for (const line of useLines(uses, newest)) context.out.say(line);
  if (context.out.asJson) context.out.json({ newest, keys: uses });
  return uses.some((use) => !use.held) ? 1 : 0;
};

const rotate = async (context: CommandContext, owner: Db): Promise<number> => {
  const report = await rotateKeys(owner, { now: context.now, actor: atTheMachine });
  context.out.say(`已换到密钥 ${report.key}：${report.values} 处。`);
  for (const one of report.columns) context.out.say(`  ${one.title}（${one.at}）${one.values} 处`);
  if (report.left.length > 0) {
    context.out.say('还有数据用着旧密钥（正被别的工作占用），请稍后再运行一次：');
    for (const line of useLines(report.left, report.key)) context.out.say(line);
  } else context.out.say('旧密钥没有数据再用；此前的数据库备份仍要靠它们恢复。停用：keys retire <编号>。');
  if (context.out.asJson) context.out.json(report);
  return report.left.length > 0 ? 1 : 0;
};

/** What still needs a key is counted as the owner, past everything; the file is written only after nothing was found. */
const retire = async (context: CommandContext, id: string): Promise<number> => {
  const config = readConfig(context.env);
  const keep = textOption(context, 'keep-in');
  const destroy = context.options.destroy === true;
  if ((keep === null) === !destroy)
    return fail(
      'input.option',
      '--keep-in',
      '停用密钥要说清楚它的去处。',
      '--keep-in <新文件> 把它移到那个文件（恢复旧备份还要用到它，请离线保管）；--destroy 彻底不留。',
    );
  const keepIn = keep === null ? null : fromCaller(keep, context.env);
  if (keepIn !== null && existsSync(keepIn)) return fail('input.option', '--keep-in', '那里已经有一个文件。', '请另写一个还没有的文件名。');
  if (config.givenKeys === null) withoutKey(config.dataDir, id);
  await withOwner(context, async (owner) => {
    await requireNewest(owner);
    const { newest, ring } = vaultOf(owner);
    if (id === newest || !ring.includes(id))
      fail('input.argument', id, `${id} 不是密钥环里可以停用的密钥。`, `现有：${ring.join('、')}；最后一把正在使用。`);
    const use = (await keyUses(owner)).find(({ key }) => key === id);
    if (use !== undefined && use.values > 0)
      fail(
        'state.key-in-use',
        id,
        `还有 ${use.values} 处数据用着密钥 ${id}：${use.columns.map((one) => `${one.title} ${one.values} 处`).join('，')}。`,
        '请先运行 keys rotate。',
      );
    const entry = { actor: atTheMachine, role: 'system', action: 'keys.retire', objectKind: 'key', objectId: id, at: context.now() };
    await transaction(owner, (tx) => audit(tx, { ...entry, after: { kept: keep !== null, newest } }));
  });
  if (config.givenKeys === null) {
    dropKey(config.dataDir, id, keepIn);
    context.out.say(`密钥 ${id} 已停用${keepIn === null ? '，没有留底' : '，已移到您指定的文件，请离线保管'}。请重新启动正在运行的直享。`);
  } else context.out.say(`没有数据再用密钥 ${id}：可以把它从 ZHIXIANG_KEYS 里去掉，然后重新启动。`);
  if (context.out.asJson) context.out.json({ retired: id, kept: keep !== null });
  return 0;
};

export const keysCommand: Command = {
  name: 'keys',
  usage: [
    '[--json]    每把密钥还有多少数据在用',
    'add [--algorithm aes-256-gcm|sm4-ctr-sm3]    加一把新密钥，此后的数据用它加密',
    'rotate [--json]    把已有的数据换到最新的密钥；中断后再运行会接着做',
    'retire <编号> --keep-in <新文件> | --destroy    停用不再有数据使用的旧密钥；恢复旧备份仍要用到它',
  ],
  options: { algorithm: { type: 'string' }, 'keep-in': { type: 'string' }, destroy: { type: 'boolean' } },
  run: async (context) => {
    const [verb, id] = context.args;
    if (verb === undefined) return await withOwner(context, (owner) => show(context, owner));
    if (verb === 'add') return await add(context);
    if (verb === 'rotate') return await withOwner(context, (owner) => rotate(context, owner));
    if (verb === 'retire' && id !== undefined) return await retire(context, id);
    return fail('input.argument', '', '不认识这个办法。', '可用：add、rotate、retire <编号>；不写则列出各把密钥的使用情况。');
  },
};
