// 数据需求: what keeps people 待核, by the department that could tell it: one request per department, as rows to send or a letter to print. Counts and items, no people.
import type { Scope } from '../base/scope.ts';
import type { Sheet } from '../sheet/xlsx-write.ts';
import type { WebContext } from './context.ts';
import { type Gap, gapsOf } from './matches.ts';
import { periodText } from './words.ts';

export interface Want {
  readonly fact: string;
  readonly label: string;
  readonly dataset: string | null;
  readonly title: string | null;
  /** Why it is not there: not delivered, empty, too old, sources that disagree. */
  readonly reason: string;
  readonly items: readonly { readonly itemId: string; readonly title: string; readonly periodKey: string; readonly subjects: number }[];
  readonly subjects: number;
}
export interface DataRequest {
  /** null: no department delivers it; the authority settles it itself. */
  readonly department: string | null;
  readonly wants: readonly Want[];
  readonly subjects: number;
}

const wantOf = (gaps: readonly Gap[]): Want => {
  const { missing } = gaps[0] as Gap;
  const { fact, label, dataset, title, reason } = missing;
  const items = gaps.map(({ itemId, title: own, periodKey, subjects }) => ({ itemId, title: own, periodKey, subjects }));
  return { fact, label, dataset, title, reason, items, subjects: items.reduce((sum, one) => sum + one.subjects, 0) };
};

/** Those most people wait for first. One person may wait in several items and for several facts: the counts are 人次. */
export const requestsOf = (gaps: readonly Gap[]): readonly DataRequest[] =>
  [...Map.groupBy(gaps, ({ missing }) => missing.department)]
    .map(([department, own]) => {
      const wants = [...Map.groupBy(own, ({ missing: m }) => `${m.fact}\n${m.dataset}\n${m.reason}`).values()]
        .map(wantOf)
        .toSorted((a, b) => b.subjects - a.subjects);
      return { department, wants, subjects: wants.reduce((sum, one) => sum + one.subjects, 0) };
    })
    .toSorted((a, b) => b.subjects - a.subjects);

export const dataRequests = async (web: WebContext, scope: Scope): Promise<readonly DataRequest[]> => requestsOf(await gapsOf(web, scope));

/** One row per fact and item, to send along. */
export const requestSheet = (requests: readonly DataRequest[]): Sheet => ({
  name: '数据需求',
  header: ['部门', '数据集', '缺的指标', '为什么缺', '等它的事项', '期别', '在等的人次', '答复', '能提供的日期'],
  widths: [24, 26, 20, 22, 28, 14, 12, 24, 14],
  rows: requests.flatMap(({ department, wants }) =>
    wants.flatMap((want) =>
      want.items.map((one) => [
        department ?? '没有部门报送',
        want.title ?? '',
        ...[want.label, want.reason, one.title, periodText(one.periodKey)],
        { number: String(one.subjects) },
        ...[null, null],
      ]),
    ),
  ),
});
