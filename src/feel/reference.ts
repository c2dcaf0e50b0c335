// docs/feel.md, made from the table of built-ins; a test holds the file against it.

import type { Builtin } from './builtin.ts';
import { builtinThemes } from './builtins.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const example = ([text, result, facts]: Builtin['examples'][number]): string => {
  const given =
    facts === undefined
      ? ''
      : `（${Object.entries(facts)
          .map(([k, v]) => `${k} = \`${v}\``)
          .join('，')}）`;
  return `\`${text}\` → \`${result === '' ? '""' : result}\`${given}`;
};

const rowOf = (b: Builtin): string =>
  `| \`${cell(b.signature)}\` | ${cell(b.zh)} | ${cell(b.about)} | ${cell(b.examples.map(example).join('<br>'))} |`;

const theme = (t: (typeof builtinThemes)[number]): string =>
  [`## ${t.title}${t.house ? '（本产品增加）' : ''}`, '', '| 写法 | 名称 | 说明 | 例子 |', '|---|---|---|---|', ...t.rows.map(rowOf)].join(
    '\n',
  );

const intro = `# 表达式语言

<!-- Made by src/feel/reference.ts from the table of built-ins; the test test/feel/reference.test.ts rewrites it when run with UPDATE_DOCS=1. -->

表达式用 FEEL（OMG DMN 1.5）书写，名称可用中文：\`count(用工[类别 = "毕业生" and 参保月数 >= 3]) * 1500\`。
数值是精确的分数；运行之前先核对名称、类型和单位；全角标点自动按半角理解，或指出怎样改。

- **未知与空不同**：没有人提供的指标是未知，会带着缺少的指标名传到结果；查过而没有的是空（null）。
- \`and\`、\`or\`、\`not\` 按三值逻辑；\`if\` 的条件未知时，只有两个分支相同才有值。
- 筛选保留“肯定有”和“可能有”的项，因此 \`count(…) >= 3\` 在个别项未知时也可能已有定论。
- \`x * 0\` 在 x 未知时仍是未知（x 也可能是空）。空清单的 \`sum\` 是空，合计请用 \`total\`。
- \`-5 ** 2\` 是 25，\`3 ** 4 ** 5\` 从左到右算：这是标准的规定。

写法里：\`name?\` 可省略；\`type?\` 可为空；\`...list\` 给一个清单或逐个给出；\`*items\` 任意多个；\`T0\` 与第一个参数同类，\`E0\` 与其元素同类。
`;

export const referenceMarkdown = (): string => `${[intro, ...builtinThemes.map(theme)].join('\n\n').replace(/\n{3,}/g, '\n\n')}\n`;
