// The database's own check of the product's promises (`drizzle/always/3_invariants.sql`), and the alarm a broken one raises: it stands until a person has
// found out why and a new look finds nothing; until then no payment leaves and no book is closed.
import { fail } from '../base/problem.ts';
import { type Db, rawSql, type Tx } from './handle.ts';
import { readSetting, writeSetting } from './setting-store.ts';

export interface BrokenInvariant {
  /** The number in the README. */
  readonly invariant: number;
  readonly message: string;
  /** One offending row by key, never by person. */
  readonly example: string | null;
}

/** The README's list in Chinese, by its numbers. */
export const promiseNames: Readonly<Record<number, string>> = {
  1: '同一对象、同组、同期只有一笔有效占用',
  2: '匹配结果就是按依据判出来的',
  3: '待核绝不变成钱',
  4: '限额预算：预留加已付不超过总额，余额等于流水之和',
  5: '没有足够的人看过这份内容，就没有报盘文件',
  6: '一条兑付记录最多一条有效支付，一条支付只在一个批次',
  7: '结果不明的支付，机器不再发',
  8: '每次状态变化都有审计留痕',
  9: '应发的告知都有结果',
  10: '人工暂缓不会被批次解除',
  11: '对外联系时没有未结束的事务',
  12: '证件、账号、电话不出现在日志、错误、网址和公开名单里',
  13: '谁也看不到范围以外的人',
  14: '人工核定的值都经第二个人看过材料复核',
};

export const brokenInvariants = (reader: Db | Tx): Promise<readonly BrokenInvariant[]> =>
  rawSql(reader)<BrokenInvariant[]>`select invariant, message, example from assert_invariants() order by invariant, message`;

export interface Alarm {
  /** ISO moment of the look that raised it. */
  readonly since: string;
  readonly broken: readonly BrokenInvariant[];
}

export const alarmKey = 'invariants.alarm';

/** null: none stands. */
export const standingAlarm = async (reader: Db | Tx): Promise<Alarm | null> =>
  (await readSetting<{ readonly alarm: Alarm | null }>(reader, alarmKey))?.alarm ?? null;

export const writeAlarm = (tx: Tx, alarm: Alarm | null, at: Date): Promise<void> => writeSetting(tx, alarmKey, { alarm }, at);

export const alarmText = ({ since, broken }: Alarm): string =>
  `${since.slice(0, 10)} 核对发现 ${broken.length} 处承诺被打破：${[...new Set(broken.map((one) => promiseNames[one.invariant] ?? one.message))].join('；')}`;

/** Throws `state.promises` while an alarm stands: before a payment leaves, before a book is closed. */
export const mustKeepPromises = async (reader: Db | Tx): Promise<void> => {
  const alarm = await standingAlarm(reader);
  if (alarm !== null)
    fail(
      'state.promises',
      '',
      `${alarmText(alarm)}。查清之前不签发、不取报盘、不关账。`,
      '请审计和系统管理员查明并改正，再解除：npm run -s zhixiang -- check --lift --help',
    );
};

/** A book is closed only on what keeps its promises at this very moment: `state.promises`. */
export const mustBeUnbroken = async (reader: Db | Tx, at: string): Promise<void> => {
  const [first] = await brokenInvariants(reader);
  if (first !== undefined)
    fail(
      'state.promises',
      at,
      `有承诺被打破，不能关账：${first.message}（${first.example ?? ''}）。`,
      '全部见 check；请审计和系统管理员查明。',
    );
};
