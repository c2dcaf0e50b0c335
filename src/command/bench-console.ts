// `bench --only console`: how long somebody at a desk waits after a key or a click, in a real Chromium on the sample city: each role walks its screens by the
// navigation, goes through rows by keyboard, opens lists of choices, scrolls, and goes on. What the browser itself says of each interaction counts (Event
// Timing: from the key or click to the next picture), and how long the server took for each answer.
import type { Page } from 'playwright-core';
import { buildBundle, freshBundle } from '../web/bundle.ts';
import type { Role } from '../web/role.ts';
import { driveList, type ListTimes, listRows, longLists } from './bench-lists.ts';
import { percentile } from './bench-little.ts';
import { type CommandContext, textTable } from './command.ts';
import { seatOf } from './shots-console.ts';
import { openChromium } from './shots-draw.ts';
import { inSmallCity } from './small-city.ts';

const targetMs = 100;
/** Below this the browser tells of no interaction: it was drawn in the next picture. */
const leastMs = 16;
const walkers: readonly Role[] = ['officer', 'reviewer', 'steward', 'finance-maker', 'auditor', 'admin'];
/** Screens that count, as people do who come by. */
const settleMs = 60_000;

interface Interaction {
  readonly role: Role;
  readonly screen: string;
  readonly what: string;
  /** From the key or click to the next picture. */
  readonly ms: number;
}
interface Opened {
  readonly role: Role;
  readonly screen: string;
  /** From the click until everything asked for stood there, and three pictures more. */
  readonly ms: number;
}
interface Answered {
  readonly path: string;
  readonly ms: number;
}

type Spread = Readonly<Record<'p50' | 'p95' | 'p99' | 'most', number>>;

export interface ConsoleRow {
  readonly measure: 'console';
  readonly interactions: number;
  readonly ms: Spread;
  readonly screens: number;
  readonly screenMs: Spread;
  readonly answers: number;
  readonly answerMs: Spread;
  readonly target: { readonly p95Ms: number; readonly met: boolean };
  readonly slowest: readonly Interaction[];
  readonly slowestAnswers: readonly Answered[];
  readonly lists: readonly ListTimes[];
}

export const tenths = (ms: number): number => Math.round(ms * 10) / 10;
export const spreadOf = (ms: readonly number[]): Spread => {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number): number => tenths(percentile(sorted, share));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: tenths(sorted.at(-1) ?? 0) };
};

/** In the page, before its own scripts: what the browser says of interactions and answers. As text: it is run there, not here. */
const watching = `
  window.__seen = { longest: 0, answers: [] };
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.interactionId > 0) window.__seen.longest = Math.max(window.__seen.longest, one.duration);
  }).observe({ type: 'event', durationThreshold: ${leastMs}, buffered: true });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      const { pathname } = new URL(one.name);
      if (pathname.startsWith('/api/')) window.__seen.answers.push({ path: pathname, ms: one.responseEnd - one.requestStart });
    }
  }).observe({ type: 'resource', buffered: true });`;
/** Two pictures later whatever was drawn has been told of. */
const drawn = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))';
const taken = '(() => { const longest = window.__seen.longest; window.__seen.longest = 0; return longest; })()';
const answersTaken = 'window.__seen.answers.splice(0)';

interface Walk {
  readonly page: Page;
  readonly asking: ReadonlySet<object>;
  readonly role: Role;
  screen: string;
  readonly interactions: Interaction[];
  readonly opened: Opened[];
  readonly answers: Answered[];
}

/** One key or click, and what the browser says of it. */
const act = async (walk: Walk, what: string, doing: () => Promise<unknown>): Promise<void> => {
  const { page, role, screen } = walk;
  await page.evaluate(drawn);
  await page.evaluate(taken);
  await doing();
  await page.evaluate(drawn);
  // None told: below the least there is to tell.
  const told = Number(await page.evaluate(taken));
  walk.interactions.push({ role, screen, what, ms: told === 0 ? leastMs / 2 : told });
};

/** Nothing is asked any more, and nothing says that it is being read: three pictures long. */
const settled = async ({ page, asking }: Pick<Walk, 'page' | 'asking'>): Promise<void> => {
  const until = performance.now() + settleMs;
  for (let quiet = 0; quiet < 3 && performance.now() < until; ) {
    await page.evaluate(drawn);
    const busy = asking.size > 0 || (await page.getByText(/正在(?:读取|画图|逐项核对|算谁)/).count()) > 0;
    quiet = busy ? 0 : quiet + 1;
  }
};

/** Requests on their way. */
const askingOn = (page: Page): ReadonlySet<object> => {
  const asking = new Set<object>();
  page.on('request', (one) => void asking.add(one));
  page.on('requestfinished', (one) => void asking.delete(one));
  page.on('requestfailed', (one) => void asking.delete(one));
  return asking;
};

const rowsByKeyboard = async (walk: Walk): Promise<void> => {
  const { page } = walk;
  const row = page.locator('main tr[data-index]').first();
  if ((await row.count()) === 0) return;
  await row.focus();
  for (let n = 0; n < 3; n++) await act(walk, '下一行', () => page.keyboard.press('ArrowDown'));
};

const choices = async (walk: Walk): Promise<void> => {
  const { page } = walk;
  const select = page.locator('main .filters .ant-select').first();
  if ((await select.count()) === 0) return;
  await act(walk, '打开选单', () => select.click());
  await act(walk, '收起选单', () => page.keyboard.press('Escape'));
};

const typed = async (walk: Walk): Promise<void> => {
  const { page } = walk;
  await act(walk, '跳到查找', () => page.keyboard.press('/'));
  if (!(await page.evaluate('document.activeElement instanceof HTMLInputElement'))) return;
  for (const key of ['a', 'b', 'c']) await act(walk, '打字', () => page.keyboard.press(key));
  await page.keyboard.press('Escape');
  await page.evaluate('document.activeElement?.blur()');
};

const scrolled = async (walk: Walk): Promise<void> => {
  const { page } = walk;
  for (let n = 0; n < 4; n++) {
    await page.mouse.wheel(0, 2_000);
    await page.evaluate(drawn);
  }
  await act(walk, '回到顶上', () => page.keyboard.press('Home'));
};

/** One screen, by its link. */
const look = async (walk: Walk, name: string): Promise<void> => {
  const { page, role } = walk;
  const link = page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name, exact: true });
  walk.screen = name;
  await link.scrollIntoViewIfNeeded();
  const began = performance.now();
  await act(walk, '打开', () => link.click());
  await page.locator('.page-head').waitFor();
  await settled(walk);
  walk.opened.push({ role, screen: name, ms: performance.now() - began });
  await rowsByKeyboard(walk);
  await choices(walk);
  await typed(walk);
  await scrolled(walk);
  walk.answers.push(...((await page.evaluate(answersTaken)) as Answered[]));
};

const signIn = async (page: Page, address: string, seat: Awaited<ReturnType<typeof seatOf>>): Promise<void> => {
  await page.goto(`${address}/console`);
  await page.getByLabel('用户名').fill(seat.username);
  await page.getByLabel('密码', { exact: true }).fill(seat.password);
  await page.getByRole('button', { name: '登录' }).click();
  await page.locator('.page-head').waitFor();
};

interface Driven {
  readonly walks: readonly Walk[];
  readonly lists: readonly ListTimes[];
}

const benchIn = async (context: CommandContext, rounds: number): Promise<Driven> =>
  await inSmallCity(context, async ({ ground, web }) => {
    if (freshBundle() === null) await buildBundle();
    const browser = await openChromium(context.env);
    const walks: Walk[] = [];
    const lists: ListTimes[] = [];
    try {
      for (const role of walkers) {
        const seat = await seatOf(ground, role);
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
        const asking = askingOn(page);
        await page.addInitScript(watching);
        await signIn(page, web.address, seat);
        await settled({ page, asking });
        const walk: Walk = { page, asking, role, screen: '', interactions: [], opened: [], answers: [] };
        const names = await page.getByRole('navigation', { name: '主导航' }).locator('a:not(:has(.elsewhere))').allTextContents();
        for (let round = 0; round < rounds; round++) for (const name of names) await look(walk, name.trim());
        await act(walk, '快捷键', () => page.keyboard.press('?'));
        await act(walk, '关上', () => page.keyboard.press('Escape'));
        walks.push(walk);
        await page.close();
      }
      for (const list of longLists) {
        const rows = await list.fill(ground.owner, listRows);
        const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' });
        await signIn(page, web.address, await seatOf(ground, list.role));
        lists.push(await driveList(page, web.address, list, rows));
        await page.close();
      }
    } finally {
      await browser.close();
    }
    return { walks, lists };
  });

/** The sample city as `start` makes it, unless another size is asked for. */
const cityOf = (context: CommandContext): CommandContext => ({
  ...context,
  options: { firms: '3000', residents: '30000', ...context.options },
});

export const benchConsole = async (context: CommandContext): Promise<ConsoleRow> => {
  const { walks, lists } = await benchIn(cityOf(context), 1);
  const interactions = walks.flatMap((one) => one.interactions);
  const opened = walks.flatMap((one) => one.opened);
  const answers = walks.flatMap((one) => one.answers);
  const ms = spreadOf(interactions.map((one) => one.ms));
  const row: ConsoleRow = {
    measure: 'console',
    ...{ interactions: interactions.length, ms, screens: opened.length, screenMs: spreadOf(opened.map((one) => one.ms)) },
    ...{ answers: answers.length, answerMs: spreadOf(answers.map((one) => one.ms)) },
    target: { p95Ms: targetMs, met: ms.p95 <= targetMs },
    slowest: interactions.toSorted((a, b) => b.ms - a.ms).slice(0, 12),
    slowestAnswers: answers
      .toSorted((a, b) => b.ms - a.ms)
      .slice(0, 12)
      .map(({ path, ms: took }) => ({ path, ms: tenths(took) })),
    lists,
  };
  const line = (what: string, count: number, { p50, p95, p99, most }: Spread): readonly string[] => [
    what,
    ...[count, p50, p95, p99, most].map(String),
  ];
  context.out.say(
    textTable(
      ['毫秒', '次数', '中位', '95%', '99%', '最长'],
      [
        line('按键、点击到画出', row.interactions, row.ms),
        line('点开到一页都在', row.screens, row.screenMs),
        line('服务器的回答', row.answers, row.answerMs),
      ],
      [1, 2, 3, 4, 5],
    ),
  );
  context.out.say(
    `  目标：95% 的按键和点击在 ${targetMs} 毫秒内画出，${row.target.met ? '达到' : '没有达到'}。${leastMs} 毫秒以内的浏览器不报，记作 ${leastMs / 2}。`,
  );
  const listed = lists.map((one) => {
    const turns = spreadOf(one.wheelMs);
    const all = [
      one.rows,
      one.reached,
      tenths(one.openMs),
      turns.p50,
      turns.p95,
      turns.most,
      tenths(one.endMs),
      tenths(one.narrowMs),
      tenths(one.fileMs),
    ];
    return [one.name, ...all.map(String), String(one.fileRows)];
  });
  context.out.say(
    textTable(
      ['长清单，毫秒', '行数', '滚到', '打开', '滚动中位', '95%', '最长', '滚到底', '筛选', '导出', '导出行数'],
      listed,
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    ),
  );
  const worst = row.slowest.map((one) => [one.role, one.screen, one.what, String(one.ms)]);
  context.out.say(textTable(['岗位', '页面', '做什么', '毫秒'], worst, [3]));
  context.out.say(
    textTable(
      ['最慢的回答', '毫秒'],
      row.slowestAnswers.map((one) => [one.path, String(one.ms)]),
      [1],
    ),
  );
  return row;
};
