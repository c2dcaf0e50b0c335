// `backup`: the whole database into one sealed file, while the product works.
import { backup } from '../backup/backup.ts';
import { fail } from '../base/problem.ts';
import { openVault, readConfig } from '../config.ts';
import { openAsOwner } from '../db/handle.ts';
import type { Command } from './command.ts';
import { writeWhole } from './out-file.ts';
import { ownerFor } from './product.ts';

export const backupCommand: Command = {
  name: 'backup',
  usage: [
    '<文件> [--json]    整个数据库写成一个加密的文件；直享照常运行，内容是开始那一刻的',
    '    密钥不在备份里：ZHIXIANG_DATA 里的 keys、auth-secret 和 audit-anchor.jsonl 要另行保存，与备份分开。详见 docs/backup.md',
  ],
  run: async (context) => {
    const [file, ...rest] = context.args;
    if (file === undefined || rest.length > 0) return fail('input.argument', '', '没有说明写到哪个文件。', 'backup <文件>');
    const config = readConfig(context.env);
    const owner = await ownerFor(config, context.now(), context.out.say);
    const database = openAsOwner(owner.url);
    try {
      const { head, written } = await context.out.step(
        'backup',
        '备份',
        () => backup(database.db, openVault(config), context.now(), (bytes) => writeWhole(file, bytes)),
        (done) => `${done.head.tables.length} 张表，${done.written.toLocaleString('en-US')} 字节`,
      );
      context.out.say(`已写入 ${file}。密钥另存：没有密钥，备份打不开。`);
      if (context.out.asJson) context.out.json({ file, bytes: written, tables: head.tables.length, madeAt: head.madeAt });
      return 0;
    } finally {
      await database.close();
      await owner.close();
    }
  },
};
