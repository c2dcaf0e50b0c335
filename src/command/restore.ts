// `restore`: a backup into an empty database, verified before anything is touched; then what the bank has already, before anything leaves again.
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { mustBeEmpty, restore, verifyBackup } from '../backup/restore.ts';
import { fail } from '../base/problem.ts';
import { openVault, readConfig } from '../config.ts';
import { openAsOwner } from '../db/handle.ts';
import { migrate } from '../db/migrate.ts';
import { explainRestore, reconcileRestore, restoreStatus, unclearIn } from '../payment/after-restore.ts';
import { readResultFile } from '../payment/result-file.ts';
import type { Command, CommandContext } from './command.ts';
import { listOption, type Opened, textOption, withProduct } from './opening.ts';
import { ownerForRestore } from './product.ts';
import { staffNamed } from './staff-named.ts';

const contentOf = (file: string) => ({ open: () => createReadStream(file) });

const load = async (context: CommandContext, file: string): Promise<number> => {
  if (!existsSync(file)) return fail('missing.file', file, '没有这个文件。', '请核对路径。');
  const config = readConfig(context.env);
  // A key ring made anew would open nothing: better said now.
  if (config.givenKeys === null && !existsSync(join(config.dataDir, 'keys')))
    fail(
      'config.keys',
      'ZHIXIANG_KEYS',
      '没有密钥，备份打不开。',
      `先把另行保存的 keys 和 auth-secret 放进 ${config.dataDir}，或设置 ZHIXIANG_KEYS。`,
    );
  const vault = openVault(config);
  const content = contentOf(file);
  const { out } = context;
  await out.step(
    'verify',
    '核对备份',
    () => verifyBackup(vault, content),
    ({ head, rows }) => `${head.madeAt} 所做，${rows.toLocaleString('en-US')} 行，完好`,
  );
  const owner = await ownerForRestore(config, context.now(), out.say);
  const database = openAsOwner(owner.url);
  try {
    await mustBeEmpty(database.db);
    await migrate({ ownerUrl: owner.url, appUrl: config.databaseAppUrl ?? undefined });
    const report = await out.step(
      'restore',
      '恢复',
      () => restore(database.db, vault, content, context.now()),
      (done) => `${done.tables} 张表，${done.rows.toLocaleString('en-US')} 行`,
    );
    out.say('备份之后发出去的内容，这个库不知道：核对之前不签发、不下载报盘、不发告知。');
    out.say('接着办：check、replay all、audit verify，然后 restore status、restore reconcile。');
    if (out.asJson) out.json(report);
    return 0;
  } finally {
    await database.close();
    await owner.close();
  }
};

const status = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const { out } = context;
  const found = await restoreStatus(db);
  if (found === null) out.say('这个数据库没有恢复过。');
  else {
    const { mark, open } = found;
    out.say(
      `${mark.restoredAt} 从 ${mark.madeAt} 的备份恢复。${mark.reconciled === null ? '还没有核对，什么都不外发。' : `${mark.reconciled.at} 已核对。`}`,
    );
    const unclear = mark.reconciled === null ? 0 : unclearIn(mark.reconciled);
    if (unclear > 0) out.say(`${unclear} 笔备份之后的付款等着查明：restore explain。`);
    if (open.length > 0) out.say('备份时还没有签发、之后可能已经报给银行的批次：');
    for (const batch of open) out.say(`  ${batch.number}  ${batch.state === 'sealed' ? '待复核' : '待签发'}`);
  }
  if (out.asJson) out.json(found && { ...found, open: found.open.map((batch) => ({ ...batch, totalFen: String(batch.totalFen) })) });
  return 0;
};

const reconcile = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const files = listOption(context, 'bank') ?? [];
  if (files.length === 0 && context.options['nothing-sent'] !== true)
    fail(
      'input.option',
      '--bank',
      '没有给出银行的清单。',
      '向代理银行要备份时刻以来收到的全部付款（camt.053、pain.002 或表格），写 --bank <文件>,<文件>；银行书面确认什么都没收到时写 --nothing-sent。',
    );
  const references: string[] = [];
  for (const file of files) {
    if (!existsSync(file)) fail('missing.file', file, '没有这个文件。', '请核对路径。');
    references.push(...(await readResultFile(contentOf(file))).words.map((word) => word.endToEndId));
  }
  const by = await staffNamed(context, db, ['finance-issuer', 'finance-checker']);
  const report = await reconcileRestore(db, {
    references,
    by: { id: by.userId, role: 'finance' },
    reason: textOption(context, 'reason') ?? '',
    now: context.now(),
  });
  const { out } = context;
  out.say(`银行有 ${references.length} 笔：${report.known} 笔对得上。`);
  for (const { number } of report.sentBatches) out.say(`  批次 ${number} 银行已收到：照原样签发，文件不会再外发，直接读入回盘。`);
  if (report.held.length > 0) out.say(`  ${report.held.length} 条兑付记录的付款在备份之后，已暂缓，核实后再办。`);
  for (const id of report.open) out.say(`  ✕ 兑付记录 ${id} 的付款在备份之后，而它现在的状态不能暂缓：请先核实。`);
  for (const one of report.unexplained) out.say(`  ✕ 流水号 ${one.slice(0, 40)} 在这个库里没有对应的记录。`);
  const unclear = report.held.length + report.open.length + report.unexplained.length;
  out.say('核对已留痕，可以继续签发和告知。');
  if (unclear > 0) out.say('上面这些查明之前，有关的记录和恢复之后新做的记录不封批、不签发；查明并处理之后写 restore explain。');
  if (out.asJson) out.json(report);
  return 0;
};

const explain = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const by = await staffNamed(context, db, ['finance-issuer', 'finance-checker']);
  const reason = textOption(context, 'reason') ?? '';
  await explainRestore(db, { by: { id: by.userId, role: 'finance' }, reason, now: context.now() });
  context.out.say('已记下：有关的记录照各自的状态办理。');
  if (context.out.asJson) context.out.json({ explained: true });
  return 0;
};

export const restoreCommand: Command = {
  name: 'restore',
  usage: [
    '<备份文件> [--json]    恢复到一个空的数据目录或空库；先核对整个备份，不完好就什么都不动',
    'status [--json]        恢复之后等着核对什么',
    'reconcile --bank <银行清单>,… --by <财政签发或复核> --reason <怎样核对的> [--json]    核对之后才外发',
    'explain --by <财政签发或复核> --reason <查到了什么、各条记录怎样处理>    备份之后的付款都查明了；在此之前有关的记录不付',
    'reconcile --nothing-sent --by <用户名> --reason <…>    银行确认备份之后什么都没收到',
  ],
  options: { bank: { type: 'string' }, by: { type: 'string' }, reason: { type: 'string' }, 'nothing-sent': { type: 'boolean' } },
  run: async (context) => {
    const [what] = context.args;
    if (what === undefined) return fail('input.argument', '', '没有说明恢复哪个备份。', 'restore <备份文件>');
    if (what === 'status') return await withProduct(context, (opened) => status(context, opened));
    if (what === 'explain') return await withProduct(context, (opened) => explain(context, opened));
    if (what === 'reconcile') return await withProduct(context, (opened) => reconcile(context, opened));
    return await load(context, what);
  },
};
