// The reports, as data: a name, a title, and the sheet each makes. No identity number or account is in any; names are masked unless who asks may see them.
import { yuanText } from '../base/amount.ts';
import { maskName } from '../base/codes.ts';
import { addDays, type Day } from '../base/day.ts';
import type { Db } from '../db/handle.ts';
import { states } from '../disbursement/states.ts';
import { returnReasons } from '../payment/reason.ts';
import { listBudgets } from '../settlement/read-store.ts';
import type { Sheet, SheetCell } from '../sheet/xlsx-write.ts';
import { ageing, effect, late, promisedLately, type ReportAsk, recovery, returns, undrawn } from './store.ts';

export interface ReportOptions extends ReportAsk {
  readonly today: Day;
  /** Names as they are; else 张**. */
  readonly names: boolean;
  /** Item id → title. */
  readonly titles: ReadonlyMap<string, string>;
}

interface Report {
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: (db: Db, ask: ReportOptions) => Promise<readonly (readonly SheetCell[])[]>;
}

const yuan = (fen: bigint): SheetCell => ({ number: yuanText(fen) });
const count = (n: number | null): SheetCell => (n === null ? null : { number: String(n) });
const titleOf = (ask: ReportOptions, id: string): string => ask.titles.get(id) ?? id;
const others: Readonly<Record<string, string>> = { waiting: '额度不足，排队', blocked: '规则停用', settled: '已结算，待预填' };
const stateText = (state: string): string => others[state] ?? states[state as keyof typeof states]?.text ?? state;

/** When a limited budget is used up if people go on as in the last 90 days; null: it lasts, or nothing was promised lately. */
export const exhaustedOn = (today: Day, availableFen: bigint, lastNinetyFen: bigint): Day | null => {
  if (lastNinetyFen <= 0n) return null;
  if (availableFen <= 0n) return today;
  const days = (availableFen * 90n) / lastNinetyFen;
  return days > 3_650n ? null : addDays(today, Number(days));
};

const reasonTexts = new Map(returnReasons.map((reason) => [reason.code, reason]));
const lateRows = 10_000;

export const reports = {
  'burn-down': {
    title: '额度进度',
    header: [
      '事项',
      '年度',
      '类别',
      '下达（元）',
      '预留（元）',
      '占用（元）',
      '到账（元）',
      '可用（元）',
      '排队人次',
      '排队（元）',
      '照近 90 天速度用完',
    ],
    rows: async (db, ask) => {
      const lately = await promisedLately(db, ask.today);
      return (await listBudgets(db, ask.scope))
        .filter((one) => ask.itemId === undefined || one.itemId === ask.itemId)
        .map((one) => {
          const limited = one.kind === 'limited';
          const end = limited ? exhaustedOn(ask.today, one.availableFen, lately.get(one.id) ?? 0n) : null;
          return [
            titleOf(ask, one.itemId),
            count(one.year),
            limited ? '限额' : '据实保障',
            limited ? yuan(one.appropriatedFen) : null,
            yuan(one.reservedFen),
            yuan(one.committedFen),
            yuan(one.paidFen),
            limited ? yuan(one.availableFen) : null,
            count(one.waiting),
            yuan(one.waitingFen),
            end === null ? null : { day: end },
          ];
        });
    },
  },
  ageing: {
    title: '待付账龄',
    header: ['事项', '已等天数', '停在', '人数', '笔数', '金额（元）', '最久（天）'],
    rows: async (db, ask) =>
      (await ageing(db, ask)).map((one) => [
        titleOf(ask, one.itemId),
        one.bucket,
        stateText(one.state),
        count(one.people),
        count(one.count),
        yuan(one.fen),
        count(one.oldestDays),
      ]),
  },
  undrawn: {
    title: '应享未享',
    header: ['事项', '停在', '人数', '金额（元）'],
    rows: async (db, ask) =>
      (await undrawn(db, ask)).map((one) => [titleOf(ask, one.itemId), stateText(one.why), count(one.people), yuan(one.fen)]),
  },
  late: {
    title: '超期清单',
    header: ['事项', '期别', '区划', '停在', '应于', '超期（天）', '收款人', '金额（元）', '兑付记录'],
    rows: async (db, ask) =>
      (await late(db, ask, lateRows)).map((one) => [
        titleOf(ask, one.itemId),
        one.periodKey,
        one.division ?? '',
        stateText(one.state),
        { day: one.dueOn as Day },
        count(one.lateDays),
        one.payeeName === null ? '' : ask.names ? one.payeeName : maskName(one.payeeName),
        yuan(one.fen),
        one.id,
      ]),
  },
  returns: {
    title: '退汇原因',
    header: ['事项', '原因', '怎么办', '笔数', '金额（元）', '已重发', '待更正'],
    rows: async (db, ask) =>
      (await returns(db, ask)).map((one) => {
        const reason = reasonTexts.get(one.code ?? 'other');
        return [
          titleOf(ask, one.itemId),
          reason?.text ?? one.code ?? '',
          reason?.fix ?? '',
          count(one.count),
          yuan(one.fen),
          count(one.reissued),
          count(one.open),
        ];
      }),
  },
  recovery: {
    title: '多付和追回',
    header: [
      '事项',
      '人数',
      '件数',
      '多付（元）',
      '待立案（元）',
      '已退回（元）',
      '已抵扣（元）',
      '已核销（元）',
      '还欠（元）',
      '逾期（元）',
    ],
    rows: async (db, ask) =>
      (await recovery(db, ask)).map((one) => [
        titleOf(ask, one.itemId),
        count(one.people),
        count(one.cases),
        yuan(one.fen),
        yuan(one.unopenedFen),
        yuan(one.returnedFen),
        yuan(one.offsetFen),
        yuan(one.writtenOffFen),
        yuan(one.owedFen),
        yuan(one.overdueFen),
      ]),
  },
  effect: {
    title: '成效',
    header: ['事项', '应享人数', '已到账人数', '到账率（%）', '到账（元）', '半数到账用时（天）', '九成到账用时（天）'],
    rows: async (db, ask) =>
      (await effect(db, ask)).map((one) => [
        titleOf(ask, one.itemId),
        count(one.entitled),
        count(one.paid),
        { number: ((one.paid / Math.max(1, one.entitled)) * 100).toFixed(1) },
        yuan(one.paidFen),
        count(one.halfDays),
        count(one.mostDays),
      ]),
  },
} as const satisfies Readonly<Record<string, Report>>;

export type ReportName = keyof typeof reports;
export const reportNames = Object.keys(reports) as [ReportName, ...ReportName[]];

export const reportSheet = async (
  db: Db,
  name: ReportName,
  ask: ReportOptions,
): Promise<Sheet & { readonly rows: readonly (readonly SheetCell[])[] }> => {
  const { title, header, rows } = reports[name];
  return { name: title, header, rows: await rows(db, ask) };
};
