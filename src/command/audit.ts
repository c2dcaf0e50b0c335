// `audit`: the trail out to a file, and the check of it. With a file the check opens no database: it runs on Node alone, and so does src/audit/verify.ts by itself.
import { existsSync, readFileSync } from 'node:fs';
import { anchorFile } from '../audit/anchor.ts';
import { trailLines } from '../audit/trail.ts';
import { readAnchors, type TrailCheck, trailFile, trailWords, verifyTrail } from '../audit/verify.ts';
import { fail } from '../base/problem.ts';
import type { Command, CommandContext } from './command.ts';
import { listOption, type Opened, withProduct } from './opening.ts';
import { writeLines } from './out-file.ts';

const anchorsOf = (paths: readonly string[]) =>
  readAnchors(
    paths.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : fail('missing.file', path, '没有这个锚文件。', '请核对路径。'))),
  );

/** The trail in the database, held against the anchors in the data directory and in files that are given. */
export const checkTrail = ({ config, db }: Opened, at: Date, more: readonly string[]): Promise<TrailCheck> => {
  const own = anchorFile(config.dataDir);
  return verifyTrail(trailLines(db, at), anchorsOf([...(existsSync(own) ? [own] : []), ...more]));
};

const told = (context: CommandContext, check: TrailCheck): number => {
  for (const line of trailWords(check)) context.out.say(line);
  if (context.out.asJson) context.out.json({ ok: check.faultCount === 0, ...check });
  return check.faultCount === 0 ? 0 : 1;
};

const verify = async (context: CommandContext): Promise<number> => {
  const [, file] = context.args;
  const given = listOption(context, 'anchor') ?? [];
  if (file === undefined)
    return await withProduct(context, async (opened) => told(context, await checkTrail(opened, context.now(), given)));
  if (!existsSync(file)) return fail('missing.file', file, '没有这个文件。', '先用 audit export 导出留痕。');
  return told(context, await verifyTrail(trailFile(file), anchorsOf(given)));
};

const write = (context: CommandContext): Promise<number> =>
  withProduct(context, async ({ db }) => {
    const [, file] = context.args;
    if (file === undefined) return fail('input.argument', '', '没有说明写到哪个文件。', 'audit export <文件>');
    const lines = await writeLines(file, trailLines(db, context.now()));
    context.out.say(`留痕 ${lines - 2} 条写入 ${file}。核对：audit verify ${file} --anchor <锚文件>`);
    if (context.out.asJson) context.out.json({ entries: lines - 2 });
    return 0;
  });

export const auditCommand: Command = {
  name: 'audit',
  usage: [
    'verify [--anchor <文件>,…] [--json]            核对库里的留痕：改、插、删、换序、截尾、整段重写，指出在第几环',
    'export <文件>                                留痕导出成一行一条的 JSON',
    'verify <导出文件> --anchor <文件>,… [--json]   只凭文件核对，不开数据库；也可以：node src/audit/verify.ts <导出文件> --anchor <文件>',
  ],
  options: { anchor: { type: 'string' } },
  run: async (context) => {
    const [verb = ''] = context.args;
    if (verb === 'verify') return await verify(context);
    if (verb === 'export') return await write(context);
    return fail('input.argument', '', '不认识这个办法。', '可用：verify、export。');
  },
};
