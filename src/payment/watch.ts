// Whether a budget lasts: from what is left and the pace of the last months, three months ahead. And what many payments in one place look like. Pure.
import { addDays, type Day, daysBetween, dayText, endOfYear } from '../base/day.ts';

export interface Outlook {
  readonly itemId: string;
  readonly year: number;
  readonly kind: 'limited' | 'entitlement';
  readonly leftFen: bigint;
  /** Promised within the days the pace is measured over. */
  readonly paceFen: bigint;
}

export interface Warning extends Outlook {
  /** The first day on which the money is gone at this pace; today or before: it is gone. */
  readonly goneOn: Day;
  /** What is lacking until the end of the year at this pace. */
  readonly lackFen: bigint;
  readonly text: string;
}

export interface Concentration {
  readonly kind: 'account' | 'household' | 'unit';
  readonly place: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly records: number;
  readonly people: number;
  readonly fen: bigint;
  readonly subjects: readonly string[];
}

export const concentrationNames: Readonly<Record<Concentration['kind'], string>> = {
  account: '同一账户',
  household: '同一家庭户',
  unit: '同一单位新增',
};

/** Three months. */
const ahead = 92;

/** Budgets that at their pace are gone within three months and before the year is, the earliest first. */
export const warningsOf = (outlooks: readonly Outlook[], today: Day, paceDays: number): readonly Warning[] => {
  const end = endOfYear(today);
  const rest = BigInt(daysBetween(today, end) + 1);
  const warnings = outlooks.flatMap((one): Warning[] => {
    const { leftFen, paceFen } = one;
    if (leftFen >= 0n && paceFen <= 0n) return [];
    const days = leftFen <= 0n || paceFen <= 0n ? 0n : (leftFen * BigInt(paceDays)) / paceFen;
    const lackFen = (paceFen * rest) / BigInt(paceDays) - leftFen;
    if (days > BigInt(ahead) || lackFen <= 0n) return [];
    const goneOn = addDays(today, Number(days));
    return goneOn > end ? [] : [{ ...one, goneOn, lackFen, text: textOf(one, goneOn, today) }];
  });
  return warnings.toSorted((a, b) => (a.goneOn === b.goneOn ? (a.itemId < b.itemId ? -1 : 1) : a.goneOn < b.goneOn ? -1 : 1));
};

const textOf = ({ kind, leftFen }: Outlook, goneOn: Day, today: Day): string => {
  if (leftFen < 0n) return '已核定的超过已下达的指标，差额待拨，请追加指标。';
  const when = goneOn <= today ? '额度已用完' : `按近三个月的进度，额度${dayText(goneOn)}用完`;
  return kind === 'limited' ? `${when}，之后的排队等候。` : `${when}，应发的照常核定，请提前追加指标。`;
};
