// `shots`: draws every page of a face on the sample city in a temporary database, and says what a machine can see wrong. One command, nothing left running.
import { join } from 'node:path';
import { fail } from '../base/problem.ts';
import { readConfig } from '../config.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { cityOptions } from './demo.ts';
import { payOut } from './demo-money.ts';
import { textOption } from './opening.ts';
import { fromCaller } from './place.ts';
import { consolePaid, consolePaths, consoleSizes, consoleTold, guideScenes } from './shots-console.ts';
import { type Drawn, draw, openChromium, type Scene, type Size, unseenPaths } from './shots-draw.ts';
import { isPortalPage, paidScenes, portalSizes, toldScenes } from './shots-portal.ts';
import type { Ground } from './shots-visit.ts';
import { inSmallCity } from './small-city.ts';

/** A face: its sizes, and its scenes after people were told and after the money moved. */
interface Face {
  readonly sizes: readonly Size[];
  /** Which paths of the route table it must show. */
  readonly shows: (paths: readonly string[]) => readonly string[];
  /** Scenes of which a document gets pictures. */
  readonly guide?: ReadonlySet<string>;
  readonly told: (ground: Ground) => Promise<readonly Scene[]>;
  readonly paid: (ground: Ground) => Promise<readonly Scene[]>;
}

const faces: Readonly<Record<string, Face>> = {
  console: { sizes: consoleSizes, shows: consolePaths, guide: guideScenes, told: consoleTold, paid: consolePaid },
  portal: { sizes: portalSizes, shows: (paths) => paths.filter(isPortalPage), told: toldScenes, paid: paidScenes },
};

const summaryOf = (drawn: readonly Drawn[], folder: string): string =>
  textTable(
    ['图', '看到的', '尺寸', '问题'],
    [...Map.groupBy(drawn, (one) => one.scene.name)].map(([name, all]) => [
      name,
      all[0]?.scene.title ?? '',
      String(all.filter((one) => one.file?.startsWith(folder)).length),
      String(new Set(all.flatMap((one) => one.findings)).size || '—'),
    ]),
    [2, 3],
  );

const run = async (context: CommandContext): Promise<number> => {
  const { out, env } = context;
  const [name = ''] = context.args;
  const face = faces[name] ?? fail('input.argument', '', `没有“${name}”这一面。`, `可以画：${Object.keys(faces).join('、')}。`);
  const target = textOption(context, 'out');
  const folder = target === null ? join(readConfig(env).dataDir, 'shots', name) : fromCaller(target, env);
  const pages = textOption(context, 'guide');
  const document = pages === null || face.guide === undefined ? undefined : { folder: fromCaller(pages, env), names: face.guide };
  // First: whoever has no Chromium should not wait for a city.
  // The browser's own words (dates, file inputs) as its readers have them, where it has the language.
  const browser = await openChromium({ ...env, LANGUAGE: 'zh_CN' });
  try {
    return await inSmallCity(context, async ({ ground, web, cast, choice, deliveries, directory }) => {
      const wanted = textOption(context, 'only')?.split(',') ?? null;
      const paint = async (label: string, all: readonly Scene[]) => {
        const scenes = all.filter((one) => wanted === null || wanted.some((part) => one.name.startsWith(part)));
        return await out.step(
          'draw',
          label,
          () => draw(browser, web.address, scenes, face.sizes, folder, document),
          (done) => `${scenes.length} 页，${done.filter((one) => one.file !== null).length} 张`,
        );
      };
      const told = await paint('告知以后', await face.told(ground));
      await payOut({ cast, steps: ground.steps, seed: choice.seed, deliveries, directory, out: null, output: out });
      const drawn = [...told, ...(await paint('拨付以后', await face.paid(ground)))];
      const scenes = drawn.map((one) => one.scene);
      return report(context, drawn, wanted === null ? unseenPaths(face.shows(web.paths), scenes) : [], folder);
    });
  } finally {
    await browser.close();
  }
};

/** 1 where a machine sees something wrong in a page. */
const report = ({ out }: CommandContext, drawn: readonly Drawn[], forgotten: readonly string[], folder: string): number => {
  out.say(summaryOf(drawn, folder));
  const wrong = drawn.filter((one) => one.findings.length > 0);
  for (const one of wrong) out.say(`  ✕ ${one.scene.name} ${one.size}：${one.findings.join('；')}`);
  for (const path of forgotten) out.say(`  ✕ ${path}：没有一张图画到这个地址`);
  out.say(`  图在 ${folder}`);
  if (out.asJson)
    out.json({
      folder,
      pictures: drawn.map(({ scene, size, file, status, findings }) => ({ name: scene.name, size, file, status, findings })),
    });
  return wrong.length + forgotten.length === 0 ? 0 : 1;
};

export const shotsCommand: Command = {
  name: 'shots',
  usage: [
    `<${Object.keys(faces).join('|')}> [--out <文件夹>] [--firms 300] [--residents 3000] [--seed 7] [--only <图名的开头，用逗号分开>] [--json]`,
    '在临时数据库里放一座小的示例城市，把这一面的每一页画成图（portal：360 和 1280 宽，标准字和大字版，打印件是 PDF；console：1440 宽），并指出机器看得出的毛病',
    '--guide docs/guide/img 把使用手册里用到的几页另存成小图（只有 console）',
    '需要 Chromium（CHROMIUM=<路径>）和开发依赖 playwright-core',
  ],
  options: { ...cityOptions, out: { type: 'string' }, guide: { type: 'string' }, only: { type: 'string' } },
  run,
};
