// 育儿补贴: for each child born lawfully since 2022-01-01 and under three. Born before 2025: 300 yuan for each month from January 2025 to the month of the third
// birthday; born later: 3,600 in the year of birth and the two after. Decided for 2026; one line per child.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const child = (birthDate: string | typeof unknown, more: Element = {}): Element => ({
  childId: fresh,
  birthDate,
  order: 1,
  gender: '女',
  hukouRegion: '500103',
  lawfulBirth: true,
  adopted: false,
  premarital: false,
  alive: true,
  disabilityLevel: null,
  ...more,
});
const children = (...rows: Element[]): PlantedFacts => ({ children: rows });
const first = (yuan: number) => ({ lines: [{ at: 0, verdict: 'eligible' as const, yuan }] });
const firstOnEdge = (yuan: number) => ({ ...first(yuan), ...edge });

export const cnYuerButie: PlantedTable = {
  item: 'cn-yuer-butie',
  register: 'citizen',
  division: '500103',
  period: '2026',
  each: { list: 'children', keyField: 'childId' },
  base: { gender: '女', birthDate: '1994-02-14', hukouRegion: '500103', hukouType: '城镇', ...children(child('2025-03-08')) },
  cases: [
    yes('2025 年出生', {}, 3600, 'the year after birth', first(3600)),
    yes('2025 年元旦出生', children(child('2025-01-01')), 3600, 'born on the day: whole years', firstOnEdge(3600)),
    yes('2024 年最后一天出生', children(child('2024-12-31')), 3600, 'by months: 12 × 300', firstOnEdge(3600)),
    yes('本月出生', children(child('2026-04-01')), 3600, 'the year of birth', firstOnEdge(3600)),
    yes('2023 年 12 月出生', children(child('2023-12-20')), 3600, '24 months in all, 12 of them in 2026', first(3600)),
    yes('2023 年元旦出生', children(child('2023-01-01')), 300, 'third birthday in January 2026: 1 month', firstOnEdge(300)),
    no('2022 年最后一天出生', children(child('2022-12-31')), 'the last month was December 2025', edge),
    no('2021 年最后一天出生', children(child('2021-12-31')), 'born before 2022', edge),
    yes('2023 年 6 月出生', children(child('2023-06-15')), 1800, 'January to June 2026: 6 × 300', first(1800)),
    yes('2023 年 11 月出生', children(child('2023-11-30')), 3300, 'January to November 2026: 11 × 300', first(3300)),
    yes('两个孩子', children(child('2023-06-15'), child('2025-03-08', { order: 2 })), 5400, '1,800 + 3,600', {
      lines: [
        { at: 0, verdict: 'eligible', yuan: 1800 },
        { at: 1, verdict: 'eligible', yuan: 3600 },
      ],
    }),
    yes('双胞胎', children(child('2024-05-05'), child('2024-05-05', { order: 2 })), 7200, '2 × 3,600', {
      lines: [
        { at: 0, verdict: 'eligible', yuan: 3600 },
        { at: 1, verdict: 'eligible', yuan: 3600 },
      ],
    }),
    yes('大孩超龄二孩在内', children(child('2016-05-05'), child('2024-08-01', { order: 2 })), 3600, 'only the younger one', {
      lines: [{ at: 1, verdict: 'eligible', yuan: 3600 }],
    }),
    no('没有子女', { children: undefined }, 'no child'),
    no('大孩都已超龄', children(child('2015-01-01'), child('2018-01-01', { order: 2 })), 'all older than three'),
    no('违法生育', children(child('2025-03-08', { lawfulBirth: false })), 'not born lawfully'),
    yes(
      '合法的一孩与违法的二孩',
      children(child('2024-03-03'), child('2025-03-08', { order: 2, lawfulBirth: false })),
      3600,
      'only the lawful one',
      { lines: [{ at: 0, verdict: 'eligible', yuan: 3600 }] },
    ),
    open('是否合法生育缺失', children(child('2025-03-08', { lawfulBirth: unknown })), 'nobody wrote it down', {
      lines: [{ at: 0, verdict: 'undetermined' }],
    }),
    open('子女出生日期缺失', children(child(unknown)), 'nobody can tell the age of the child', {
      lines: [{ at: 0, verdict: 'undetermined' }],
    }),
    yes(
      '一孩清楚二孩缺失',
      children(child('2024-03-03'), child('2025-03-08', { order: 2, lawfulBirth: unknown })),
      3600,
      'the first child is certain, the second waits',
      {
        lines: [
          { at: 0, verdict: 'eligible', yuan: 3600 },
          { at: 1, verdict: 'undetermined' },
        ],
      },
    ),
    open('子女数据未送达', { children: undefined }, 'the office of this district never delivered its children', { division: '310151' }),
    no('去年去世', { deathDate: '2025-12-30' }, 'died before 2026'),
  ],
};
