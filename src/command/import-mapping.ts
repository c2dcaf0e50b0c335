// `import … --propose`: which column of a file would be which column of the dataset, for a person to look at; with `--save` as the dataset's next mapping.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { nearest } from '../base/nearest.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Db } from '../db/handle.ts';
import type { How } from '../record/binding.ts';
import { formatWords, scaleWords } from '../record/delivered.ts';
import { fileContent } from '../record/import.ts';
import { type Asked, type Proposal, proposeMapping, saveMapping } from '../record/mapping.ts';
import type { CommandContext } from './command.ts';
import { atTheMachine, textOption } from './opening.ts';
import { fromCaller } from './place.ts';

const howWords: Readonly<Record<How, string>> = {
  exact: '列名相同',
  same: '列名相同（写法略有不同）',
  saved: '已保存的对应',
  synonym: '同义，请核对',
  unit: '单位不同或没有写在目录里，请核对',
};

/** `甲=乙;丙=丁`: what the person says, file's label first. */
const givenIn = (text: string | null): Asked['given'] =>
  (text ?? '')
    .split(/[;；]/)
    .filter((pair) => pair.trim() !== '')
    .map((pair) => {
      const [label = '', to = ''] = pair.split('=').map((side) => side.trim());
      if (label === '' || to === '')
        fail('input.option', '--map', '看不懂列的对应关系。', '写作 --map "文件里的列名=数据集的列名;另一列=…"。');
      return { label, to };
    });

const tell = (say: (text: string) => void, proposal: Proposal): void => {
  say(`${formatWords(proposal.format)}，第 ${proposal.headerLine} 行是表头`);
  for (const { to, label, how, scale } of proposal.columns) {
    say(
      label === null || how === null
        ? `  ✕ ${to} ← （没有找到）`
        : `  ${how === 'synonym' || how === 'unit' ? '△' : '✓'} ${to} ← ${label}（${howWords[how]}${scaleWords(scale)}）`,
    );
  }
  if (proposal.unused.length > 0) say(`  不用的列：${proposal.unused.join('、')}`);
  for (const line of proposal.open) say(`  ! ${line}`);
};

/** Exit code 0; 2 while something is open. Nothing is imported. */
export const proposeColumns = async (context: CommandContext, db: Db): Promise<number> => {
  const catalogue = await loadCatalogue(db);
  const [id = '', file = ''] = context.args;
  const problems: Problem[] = [];
  const dataset = catalogue.datasets.find((d) => d.id === id);
  if (dataset === undefined)
    problems.push(
      problem(
        'import.dataset',
        id.slice(0, 60),
        '数据目录里没有这个数据集。',
        `是不是 ${
          nearest(
            id,
            catalogue.datasets.map((d) => d.id),
          ).join('、') || '（请核对）'
        }？`,
      ),
    );
  const path = fromCaller(file, context.env);
  const readable =
    file !== '' &&
    (await access(path, constants.R_OK).then(
      () => true,
      () => false,
    ));
  if (!readable) problems.push(problem('input.file', file, '读不到这个文件。', '请检查路径和权限。'));
  if (problems.length > 0 || dataset === undefined) throw new ProblemError(problems);
  const given = givenIn(textOption(context, 'map'));
  const proposal = await proposeMapping(db, catalogue, { content: fileContent(path), dataset, sheet: textOption(context, 'sheet'), given });
  tell(context.out.say, proposal);
  const save = context.options.save === true;
  const version = save
    ? await saveMapping(db, dataset, proposal, { actor: atTheMachine, role: 'system', at: context.now() })
    : proposal.version;
  if (save) context.out.say(version === null ? '列名与目录一致，不需要保存。' : `已保存为第 ${version} 版，以后的导入照此对应。`);
  else if (proposal.labels !== null && proposal.open.length === 0) context.out.say('核对无误后，加上 --save 保存；保存后再导入。');
  if (context.out.asJson) context.out.json({ dataset: dataset.id, file: basename(path), ...proposal, version, saved: save });
  return proposal.open.length === 0 ? 0 : 2;
};
