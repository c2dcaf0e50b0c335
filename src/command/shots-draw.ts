// Pages drawn by a real Chromium: every scene of a face in each width and size of letters, as PNG files, with what a machine can see wrong in them.
// Knows no face: scenes are data (`shots-portal.ts`).
import { existsSync, mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { fail } from '../base/problem.ts';
import { lookScript } from './shots-look.ts';
import { fewColours } from './shots-palette.ts';

export interface Scene {
  /** Name of the picture's file, without size and ending. */
  readonly name: string;
  /** What is seen, for the table. */
  readonly title: string;
  readonly path: string;
  readonly cookies?: Readonly<Record<string, string>>;
  /** The answer it must have; default 200. */
  readonly status?: number;
  /** What a hand does before the picture; returns the status of the page it led to, where it led to one. */
  readonly act?: (page: Page) => Promise<number | undefined>;
  /** Around the scene, each time it is drawn. */
  readonly before?: () => Promise<void>;
  readonly after?: () => Promise<void>;
  /** Words in Latin letters that belong there. */
  readonly latin?: RegExp;
  /** Findings by rules of another face: a desk is no telephone. */
  readonly fine?: RegExp;
  /** As it comes out of a printer, once. */
  readonly print?: boolean;
}

export interface Size {
  /** Part of the file's name. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly cookies?: Readonly<Record<string, string>>;
  /** Letters this many times as large, as a reader sets it in the browser. */
  readonly zoom?: number;
  /** Looked at and not drawn. */
  readonly unseen?: boolean;
  /** Every rule of axe-core is held against the page, whatever its weight, or those that weigh most. */
  readonly axe?: boolean | 'serious';
  /** What the page itself complains of counts: errors nobody caught, refused scripts. */
  readonly errors?: boolean;
}

export interface Drawn {
  readonly scene: Scene;
  readonly size: string;
  readonly file: string | null;
  readonly status: number;
  readonly findings: readonly string[];
}

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** Where a Chromium stands: the setting, else the usual places; null where there is none. */
export const findChromium = (env: Readonly<Record<string, string | undefined>>): string | null =>
  [env.CHROMIUM, ...places].find((path) => path !== undefined && path !== '' && existsSync(path)) ?? null;

export const chromiumArgs = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
] as const;

/** What is set. */
const given = (env: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** Throws `config.chromium` or `config.playwright` with the way out. */
export const openChromium = async (env: Readonly<Record<string, string | undefined>>): Promise<Browser> => {
  const executablePath =
    findChromium(env) ??
    fail(
      'config.chromium',
      'CHROMIUM',
      '这台机器上没有找到 Chromium，画不了页面。',
      '安装 chromium 或 google-chrome，或用 CHROMIUM=<程序的路径> 指明。',
    );
  // A development dependency: an installation that only serves does not have it.
  const playwright = await import('playwright-core').catch(() =>
    fail(
      'config.playwright',
      'playwright-core',
      '没有安装 playwright-core，画不了页面。',
      '它是开发依赖：在源码目录里运行 npm ci（不带 --omit=dev）。',
    ),
  );
  return await playwright.chromium.launch({ executablePath, args: [...chromiumArgs], env: given(env) });
};

/** Codes people know by these letters, and what is the product's own address. */
const knownLatin = /^(?:PDF|MB|JPG|PNG|Excel|IT)$/;

const look = async (page: Page, scene: Scene): Promise<readonly string[]> =>
  ((await page.evaluate(lookScript)) as string[]).filter((one) => {
    const [, word] = /^not Chinese: (.+)$/.exec(one) ?? [];
    if (scene.fine?.test(one) === true) return false;
    return word === undefined || !(knownLatin.test(word) || scene.latin?.test(word) === true);
  });

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** What fades in is paler than it will be: whatever ends is brought to its end, what blinks on is not. */
const still = `for (const one of document.getAnimations()) if (one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime)) one.finish()`;

/** Runs axe-core in the page: the rules that are broken. It is handed to the page once. */
export const axeViolations = async (page: Page): Promise<readonly Violation[]> => {
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(await axe());
  return (await page.evaluate(
    `${still}; axe.run({ resultTypes: ['violations'] }).then((result) => result.violations)`,
  )) as readonly Violation[];
};

export const isSerious = ({ impact }: Violation): boolean => impact === 'serious' || impact === 'critical';

/** One line per rule, with the first place. */
const axeLines = async (page: Page, all: boolean): Promise<readonly string[]> =>
  (await axeViolations(page)).filter((one) => all || isSerious(one)).map(({ id, nodes }) => `axe ${id}: ${nodes[0]?.html.slice(0, 100)}`);

let source: Promise<string> | null = null;
const axe = (): Promise<string> => {
  // A development dependency, as the browser's driver is.
  source ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  return source;
};

/** What a page says by itself, gathered from now on; what an answer's state is belongs to `status`. */
const complaintsOf = (page: Page): readonly string[] => {
  const said: string[] = [];
  page.on('pageerror', (error) => said.push(`error nobody caught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/^Failed to load resource/.test(message.text())) said.push(`the page says: ${message.text()}`);
  });
  return said;
};

/** Pictures of some scenes for a document besides: one screen each, in few colours. */
export interface Document {
  readonly folder: string;
  readonly names: ReadonlySet<string>;
}

const forDocument = async (page: Page, scene: Scene, document: Document | undefined): Promise<void> => {
  if (document === undefined || !document.names.has(scene.name)) return;
  await writeFile(join(document.folder, `${scene.name}.png`), fewColours(await page.screenshot()));
};

interface Easel {
  readonly base: string;
  readonly size: Size;
  readonly folder: string;
  readonly document?: Document | undefined;
}

const drawOne = async (context: BrowserContext, scene: Scene, { base, size, folder, document }: Easel): Promise<Drawn> => {
  await context.clearCookies();
  const cookies = { ...size.cookies, ...scene.cookies };
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: base })));
  const page = await context.newPage();
  const complaints = size.errors === true ? complaintsOf(page) : [];
  try {
    await scene.before?.();
    const answer = await page.goto(`${base}${scene.path}`);
    const status = (await scene.act?.(page)) ?? answer?.status() ?? 0;
    if (size.zoom !== undefined) await page.addStyleTag({ content: `html,html.large{font-size:${18 * size.zoom}px}` });
    const wanted = scene.status ?? 200;
    const findings = [
      ...(status === wanted ? [] : [`answered ${status} instead of ${wanted}`]),
      ...(await look(page, scene)),
      ...(size.axe === undefined || size.axe === false ? [] : await axeLines(page, size.axe === true)),
      ...complaints,
    ];
    await forDocument(page, scene, document);
    const file = size.unseen === true ? null : join(folder, `${scene.name}-${size.name}.png`);
    if (file !== null) await page.screenshot({ path: file, fullPage: true });
    return { scene, size: size.name, file, status, findings };
  } catch (error) {
    return { scene, size: size.name, file: null, status: 0, findings: [`not drawn: ${String(error).split('\n')[0]}`] };
  } finally {
    await page.close();
    await scene.after?.();
  }
};

/** Paths of the route table that no scene shows: a new page is not forgotten. */
export const unseenPaths = (paths: readonly string[], scenes: readonly Scene[]): readonly string[] => {
  const shown = scenes.map((one) => one.path.replace(/[?#].*$/, ''));
  const pattern = (path: string): RegExp => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`);
  return paths.filter((path) => !shown.some((one) => one === path || (path.includes(':') && pattern(path).test(one))));
};

/** One browser, one page after the other. */
export const draw = async (
  browser: Browser,
  base: string,
  scenes: readonly Scene[],
  sizes: readonly Size[],
  folder: string,
  document?: Document,
): Promise<readonly Drawn[]> => {
  for (const one of [folder, ...(document === undefined ? [] : [document.folder])]) mkdirSync(one, { recursive: true });
  const drawn: Drawn[] = [];
  for (const size of sizes) {
    const context = await browser.newContext({
      viewport: { width: size.width, height: size.height },
      deviceScaleFactor: 1,
      locale: 'zh-CN',
    });
    // What a hand does is done for pictures only: links die of too many wrong tries.
    for (const scene of scenes.filter((one) => size.unseen !== true || one.act === undefined)) {
      drawn.push(await drawOne(context, scene, { base, size, folder, document }));
    }
    await context.close();
  }
  return [...drawn, ...(await print(browser, base, scenes, folder))];
};

/** What goes on paper, as the printer gets it. */
const print = async (browser: Browser, base: string, scenes: readonly Scene[], folder: string): Promise<readonly Drawn[]> => {
  const context = await browser.newContext({ viewport: { width: 794, height: 1123 }, locale: 'zh-CN' });
  const drawn: Drawn[] = [];
  for (const scene of scenes.filter((one) => one.print === true)) {
    await context.clearCookies();
    await context.addCookies(Object.entries(scene.cookies ?? {}).map(([name, value]) => ({ name, value, url: base })));
    const page = await context.newPage();
    const answer = await page.goto(`${base}${scene.path}`);
    const file = join(folder, `${scene.name}.pdf`);
    await page.pdf({ path: file, format: 'A4', margin: { top: '18mm', bottom: '18mm', left: '18mm', right: '18mm' } });
    drawn.push({ scene, size: 'paper', file, status: answer?.status() ?? 0, findings: [] });
    await page.close();
  }
  await context.close();
  return drawn;
};
