// `replay`: matches decided again from their evidence alone, by the plain path. A difference means that code or rows changed under an old decision.
import { writeFile } from 'node:fs/promises';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { corpusText, exportCorpus } from '../match/corpus.ts';
import { proveMatch } from '../match/prove.ts';
import { replay } from '../match/replay.ts';
import { matchById } from '../match/store.ts';
import type { Command, CommandContext } from './command.ts';
import { isUuid, withProduct } from './opening.ts';

const listed = 20;

/** Of one item, kind and verdict. */
const ofEach = 2;

const exportTo = (context: CommandContext, file: string): Promise<number> =>
  withProduct(context, async ({ db }) => {
    const corpus = await exportCorpus(db, ofEach);
    await writeFile(file, corpusText(corpus));
    context.out.say(`写下 ${corpus.decisions.length} 条判定，${Object.keys(corpus.items).length} 个事项版本。`);
    if (context.out.asJson) context.out.json({ decisions: corpus.decisions.length, items: Object.keys(corpus.items).length });
    return 0;
  });

const standing = (proved: boolean | null): string => (proved === null ? '不在本人封存的行里' : proved ? '✓' : '✕ 对不上');

const prove = (context: CommandContext, which: string): Promise<number> =>
  withProduct(context, async ({ db }) => {
    const match = which === 'all' ? null : await matchById(db, which, everything);
    if (match === null) return fail('missing.match', which, '没有这条匹配结果。', '--prove 一次证明一条，写它的编号。');
    const proof = await proveMatch(db, match);
    context.out.say(`数据快照 ${proof.snapshot.id}（数据到 ${proof.snapshot.knownAt}）`);
    for (const one of proof.values) context.out.say(`  ${one.fact}  ${one.dataset ?? ''} ${one.asOf ?? ''}  ${standing(one.proved)}`);
    for (const one of proof.segments)
      context.out.say(
        `  ${one.register}/${one.block}/${one.column}  ${one.hash.slice(0, 12)}…  路径 ${one.path.length} 步  ${standing(one.proved)}`,
      );
    context.out.say(proof.proved ? '✓ 依据里的值都在封存的数据里。' : '✕ 依据与封存的数据对不上。');
    if (context.out.asJson) context.out.json(proof);
    return proof.proved ? 0 : 1;
  });

export const replayCommand: Command = {
  name: 'replay',
  usage: [
    '<匹配结果编号> [--json]',
    '<匹配结果编号> --prove [--json]    证明依据里的值就在封存的数据里：每一列到快照编号（默克尔根）的路径',
    'all [--json]    全部匹配结果',
    'export <文件>    各事项、各类结果各取几条，连同事项版本和目录存成一份，以后每个程序版本都重判一遍',
  ],
  options: { prove: { type: 'boolean' } },
  run: async (context) => {
    const [which, ...rest] = context.args;
    if (which === 'export' && rest.length === 1) return exportTo(context, rest[0] as string);
    if (which === undefined || rest.length > 0 || !(which === 'all' || isUuid(which)))
      return fail('input.argument', '', '要写一个匹配结果的编号，或 all。', '编号在匹配结果页的“版本、快照和指纹”里。');
    if (context.options.prove === true) return prove(context, which);
    return withProduct(context, async ({ db }) => {
      const { checked, differing, differences } = await replay(db, which);
      if (checked === 0 && which !== 'all') fail('missing.match', which, '没有这条匹配结果。', '核对编号。');
      context.out.say(`重判 ${checked.toLocaleString('en-US')} 条，不一致 ${differing.toLocaleString('en-US')} 条。`);
      for (const one of differences.slice(0, listed))
        context.out.say(`  ✕ ${one.itemId} ${one.periodKey}（${one.matchId}）\n      当时 ${one.stored}\n      重判 ${one.replayed}`);
      if (differing > listed) context.out.say(`  先列 ${listed} 条，前一千条见 --json。`);
      if (context.out.asJson) context.out.json({ checked, differing, differences });
      return differing === 0 ? 0 : 1;
    });
  },
};
