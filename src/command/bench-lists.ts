// Lists of 50,000 rows in the same browser: opened, scrolled to the very end page by page, narrowed, widened again, taken as a table.
import type { Page } from 'playwright-core';
import { fillRecords, fillTrail } from '../bench/lists-store.ts';
import type { Db } from '../db/handle.ts';
import type { Role } from '../web/role.ts';

export const listRows = 50_000;

interface LongList {
  readonly name: string;
  readonly role: Role;
  readonly path: string;
  /** The same list, narrowed. */
  readonly narrowed: string;
  readonly file: string;
  readonly fill: (owner: Db, count: number) => Promise<number>;
}

export const longLists: readonly LongList[] = [
  {
    name: '兑付记录',
    role: 'finance-maker',
    path: '/payment/records',
    narrowed: '/payment/records?state=paid',
    file: '/api/disbursement-file?format=csv',
    fill: fillRecords,
  },
  {
    name: '审计留痕',
    role: 'auditor',
    path: '/oversight/trail',
    narrowed: '/oversight/trail?action=account',
    file: '/api/audit-file?format=csv',
    fill: fillTrail,
  },
];

export interface ListTimes {
  readonly name: string;
  readonly rows: number;
  /** Rows that stood there when it was given up; all of them where it came to its end. */
  readonly reached: number;
  /** Milliseconds: until the first rows stood there; from a turn of the wheel to the next picture, each time; until the end was reached; narrowed; the table whole. */
  readonly openMs: number;
  readonly wheelMs: readonly number[];
  readonly endMs: number;
  readonly narrowMs: number;
  readonly fileMs: number;
  readonly fileRows: number;
}

const drawn = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
/** Pixels: some sixty rows, as a fling of the wheel. */
const turn = 2_400;
const mostMs = 150_000;

const opened = async (page: Page, address: string): Promise<number> => {
  const began = performance.now();
  await page.goto(address);
  await page.locator('main tr[data-index], main .nothing').first().waitFor({ timeout: 60_000 });
  return performance.now() - began;
};

/** `address` of the console; somebody of the list's role is signed in. */
export const driveList = async (page: Page, base: string, list: LongList, rows: number): Promise<ListTimes> => {
  const openMs = await opened(page, `${base}/console${list.path}`);
  const wheelMs: number[] = [];
  const began = performance.now();
  const whole = page.getByText(/^共 [\d,]+ 条$/);
  await page.mouse.move(800, 500);
  while ((await whole.count()) === 0 && performance.now() - began < mostMs) {
    const turned = performance.now();
    await page.mouse.wheel(0, turn);
    await page.evaluate(drawn);
    wheelMs.push(performance.now() - turned);
  }
  const endMs = performance.now() - began;
  const there = await page.getByText(/^(?:已列出|共) [\d,]+ 条/).textContent();
  const reached = Number((there ?? '').replaceAll(/\D/g, ''));
  const narrowMs = await opened(page, `${base}/console${list.narrowed}`);
  const took = (await page.evaluate(`(async () => {
    const began = performance.now();
    const text = await (await fetch(${JSON.stringify(list.file)})).text();
    return { ms: performance.now() - began, rows: text.trim().split('\\r\\n').length - 1 };
  })()`)) as { readonly ms: number; readonly rows: number };
  return { name: list.name, rows, reached, openMs, wheelMs, endMs, narrowMs, fileMs: took.ms, fileRows: took.rows };
};
