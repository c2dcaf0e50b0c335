// `rules versions`, `diff`, `differences`: published versions, what tells two apart, and what one that reaches back changed per person.
import { formatYuan } from '../base/amount.ts';
import { maskName } from '../base/codes.ts';
import { fail, ProblemError } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { diffItems } from '../policy/diff.ts';
import { readRuleFile } from '../policy/files.ts';
import { publishedItem, versionsOf } from '../policy/store.ts';
import { personDifferences } from '../review/store.ts';
import { type CommandContext, textTable } from './command.ts';
import { type Opened, withProduct } from './opening.ts';
import { loadShippedCatalogue, ruleFilesFor } from './rule-files.ts';

/** The one argument of a verb. */
export const one = (names: readonly string[], what: string): string =>
  names.length === 1 ? (names[0] as string) : fail('input.argument', '', `要写一个${what}。`, '用法见 rules --help。');

/** `luquan-gaoling@2`. */
export const versionNamed = (text: string): { readonly itemId: string; readonly version: number } => {
  const m = /^([a-z0-9][a-z0-9-]{1,63})@(\d{1,6})$/.exec(text);
  return m === null
    ? fail('input.argument', '', '版本写成 编号@版本。', '例如 luquan-gaoling@2')
    : { itemId: m[1] as string, version: Number(m[2]) };
};

export const versions = async (context: CommandContext, { db }: Opened, names: readonly string[]): Promise<number> => {
  const all = await versionsOf(db, one(names, '事项编号'));
  if (all.length === 0) fail('missing.item', names[0] ?? '', '没有发布过这个事项。', '编号是规则文件的文件名。');
  const rows = all.map((v) => ({
    version: v.version,
    hash: v.hash,
    maker: v.maker,
    checker: v.checker,
    effective: v.item.effective,
    publishedAt: v.publishedAt.toISOString(),
    retiredAt: v.retiredAt?.toISOString() ?? null,
    document: v.document,
  }));
  context.out.say(
    textTable(
      ['版本', '施行', '经办', '复核', '发布', '废止', '指纹'],
      rows.map((v) => [
        String(v.version),
        `${v.effective.from ?? ''}—${v.effective.to ?? ''}`,
        v.maker,
        v.checker,
        v.publishedAt.slice(0, 10),
        v.retiredAt?.slice(0, 10) ?? '',
        v.hash.slice(0, 12),
      ]),
      [0],
    ),
  );
  if (context.out.asJson) context.out.json({ item: names[0], versions: rows });
  return 0;
};

/** A file or the id of a shipped rule, or `item@version` out of the database. */
const sideOf = async (
  context: CommandContext,
  text: string,
  opened: () => Promise<Opened>,
  catalogue: Catalogue,
): Promise<CompiledItem> => {
  if (/@\d+$/.test(text)) {
    const { itemId, version } = versionNamed(text);
    const known = await publishedItem((await opened()).db, itemId, version);
    return compileItem((known ?? fail('missing.version', text, '没有这个版本。', '见 rules versions。')).item, catalogue);
  }
  const [path = ''] = await ruleFilesFor(context, [text]);
  const { name, result } = await readRuleFile(path, catalogue);
  if (!result.ok) throw new ProblemError(result.problems.map((p) => ({ ...p, at: `${name}.json ${p.at}`.trim() })));
  return result.compiled;
};

export const diff = async (context: CommandContext, names: readonly string[]): Promise<number> => {
  const [a, b] = names;
  if (a === undefined || b === undefined || names.length > 2)
    return fail('input.argument', '', '要写两个版本。', '文件、编号，或 编号@版本。');
  const compare = async (opened: Opened | null): Promise<number> => {
    const catalogue = opened === null ? await loadShippedCatalogue() : await loadCatalogue(opened.db);
    const product = async (): Promise<Opened> => opened as Opened;
    const [before, after] = [await sideOf(context, a, product, catalogue), await sideOf(context, b, product, catalogue)];
    const told = diffItems(before, after, catalogue);
    context.out.say(told.length === 0 ? '两个版本没有实质差别。' : told.map((d) => d.text).join('\n'));
    if (context.out.asJson) context.out.json({ before: a, after: b, differences: told });
    return 0;
  };
  return names.some((n) => /@\d+$/.test(n)) ? withProduct(context, compare) : compare(null);
};

export const differences = async (context: CommandContext, { db }: Opened, names: readonly string[]): Promise<number> => {
  const { itemId, version } = versionNamed(one(names, '版本'));
  const rows = await personDifferences(db, itemId, version, 10_000, everything);
  context.out.say(
    textTable(
      ['对象编号', '姓名', '所属期', '补差', '待追回'],
      rows.map((r) => [r.subjectId, maskName(r.name ?? ''), r.periods.join('、'), formatYuan(r.topUpFen), formatYuan(r.recoverFen)]),
      [3, 4],
    ),
  );
  context.out.say(`${rows.length} 人（户），补差合计 ${formatYuan(rows.reduce((sum, r) => sum + r.topUpFen, 0n))}。`);
  if (context.out.asJson)
    context.out.json({
      rows: rows.map(({ subjectId, periods, topUpFen, recoverFen }) => ({
        subjectId,
        periods,
        topUpFen: String(topUpFen),
        recoverFen: String(recoverFen),
      })),
    });
  return 0;
};
