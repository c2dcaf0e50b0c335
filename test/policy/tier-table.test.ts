// A decision table pasted from a spreadsheet: how bounds are read, what becomes of gaps and overlaps, and that no text at all makes it fall over.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toDecimalString } from '../../src/base/rational.ts';
import { readCell } from '../../src/policy/bounds.ts';
import { tiersFromTable } from '../../src/policy/tier-table.ts';
import { namesOf } from '../../src/policy/vocabulary.ts';
import { catalogue, compiled } from './fixture.ts';

const age = { name: 'age', label: '年龄', type: { kind: 'number', unit: '岁' }, kind: 'item' } as const;
const { vocabulary } = namesOf(catalogue, 'citizen', [age]);
const table = (...lines: readonly string[]) => tiersFromTable(lines.join('\n'), { vocabulary });
const rows = (...lines: readonly string[]): unknown => {
  const read = table(...lines);
  return read.ok ? read.tiers.rows : read.problems.map((p) => `${p.at} ${p.message}`);
};

const shown = (cell: string): string => {
  const read = readCell(cell, '年龄');
  if (read.kind !== 'bounds') return read.kind;
  const { low, high } = read;
  return `${low === null ? '(' : `${low.closed ? '[' : '('}${toDecimalString(low.value)}`},${high === null ? ')' : `${toDecimalString(high.value)}${high.closed ? ']' : ')'}`}`;
};

describe('one cell', () => {
  it.each([
    ['≥80且<90', '[80,90)'],
    ['>=80，<90', '[80,90)'],
    ['80≤年龄<90', '[80,90)'],
    ['80＜x≤90', '(80,90]'],
    ['80岁以上不满90岁', '[80,90)'],
    ['80周岁（含）至90周岁（不含）', '[80,90)'],
    ['80—89', '[80,89]'],
    ['80-89岁', '[80,89]'],
    ['80～89', '[80,89]'],
    ['[80，90）', '[80,90)'],
    ['(80,90]', '(80,90]'],
    ['年满80岁', '[80,)'],
    ['80岁以上', '[80,)'],
    ['80岁及以上', '[80,)'],
    ['80岁以下', '(,80]'],
    ['80岁以内', '(,80]'],
    ['不满80岁', '(,80)'],
    ['未满80岁', '(,80)'],
    ['不足80岁', '(,80)'],
    ['超过80岁', '(80,)'],
    ['80岁以外', '(80,)'],
    ['80岁以上（不含）', '(80,)'],
    ['80岁以下（不含80岁本数）', 'unreadable'],
    ['80岁（不含）以下', '(,80)'],
    ['不低于80', '[80,)'],
    ['不超过80', '(,80]'],
    ['高于80', '(80,)'],
    ['大于等于80且小于90', '[80,90)'],
    ['100以上', '[100,)'],
    ['1,000以上', '[1000,)'],
    ['500万以上', '[5000000,)'],
    ['0.5万元以上不满1.5万元', '[5000,15000)'],
    ['90', '[90,90]'],
    ['其余', 'rest'],
    ['80以上90以上', 'unreadable'],
    ['80，90', 'unreadable'],
    ['老人', 'unreadable'],
    ['', 'unreadable'],
  ])('%s', (cell, expected) => {
    expect(shown(cell)).toBe(expected);
  });
  it('holds exactly the numbers the civil code says', () => {
    const words: readonly (readonly [string, (n: number) => boolean])[] = [
      ['以上', (n) => n >= 80],
      ['以下', (n) => n <= 80],
      ['以内', (n) => n <= 80],
      ['以外', (n) => n > 80],
    ];
    for (const [word, holds] of words)
      for (const n of [79, 80, 81]) {
        const read = readCell(`80岁${word}`);
        const low = read.kind === 'bounds' ? read.low : null;
        const high = read.kind === 'bounds' ? read.high : null;
        const inside = (low === null || (low.closed ? n >= 80 : n > 80)) && (high === null || (high.closed ? n <= 80 : n < 80));
        expect([word, n, inside]).toEqual([word, n, holds(n)]);
      }
  });
});

describe('a pasted table', () => {
  it('becomes tiers that the house reads', () => {
    const read = table('年龄\t标准（元/月）\t备注', '80岁以上不满90岁\t60\t', '90岁以上不满100岁\t120元\t', '100岁以上\t500元/人月\t百岁');
    expect(read).toEqual({
      ok: true,
      tiers: {
        by: 'age',
        rows: [
          { from: '80', below: '90', yuan: '60' },
          { from: '90', below: '100', yuan: '120' },
          { from: '100', yuan: '500' },
        ],
      },
    });
    if (read.ok) expect(compiled({ award: { tiers: read.tiers } }).award.form).toBe('tiers');
  });
  it('takes neighbours of counted things, categories, ten thousands and rates', () => {
    expect(rows('年龄\t标准', '80—89\t60', '90—99\t120')).toEqual([
      { from: '80', upTo: '89', yuan: '60' },
      { from: '90', upTo: '99', yuan: '120' },
    ]);
    expect(rows('身份\t标准（万元）', '低保、特困\t1.5', '其他\t0.5')).toEqual([{ is: ['低保', '特困'], yuan: '15000' }, { yuan: '5000' }]);
    expect(rows('存款\t标准', '10万元以下\t60', '超过10万元\t30')).toEqual([
      { upTo: '10', yuan: '60' },
      { above: '10', yuan: '30' },
    ]);
    const rated = tiersFromTable('月收入\t比例（%）\n1000元以下\t80\n超过1000元\t50', { vocabulary, base: 'expense' });
    expect(rated).toMatchObject({
      ok: true,
      tiers: {
        by: 'income',
        base: 'expense',
        rows: [
          { upTo: '1000', rate: '0.8' },
          { above: '1000', rate: '0.5' },
        ],
      },
    });
  });
  it('takes several columns as conditions of each row', () => {
    expect(rows('年龄\t身份\t标准', '80岁以上\t低保\t100', '80岁以上\t特困\t90', '不满80岁\t低保\t50')).toEqual([
      {
        when: {
          all: [
            { fact: 'age', operator: 'greaterThanInclusive', value: '80' },
            { fact: 'status', operator: 'equal', value: '低保' },
          ],
        },
        yuan: '100',
      },
      {
        when: {
          all: [
            { fact: 'age', operator: 'greaterThanInclusive', value: '80' },
            { fact: 'status', operator: 'equal', value: '特困' },
          ],
        },
        yuan: '90',
      },
      {
        when: {
          all: [
            { fact: 'age', operator: 'lessThan', value: '80' },
            { fact: 'status', operator: 'equal', value: '低保' },
          ],
        },
        yuan: '50',
      },
    ]);
  });
  it('reads quoted cells as a spreadsheet writes them', () => {
    expect(rows('"年龄"\t"标准\n（元）"', '"80岁以上"\t"1,060"')).toEqual([{ from: '80', yuan: '1060' }]);
  });
  it('tells overlap and gap by row, with the law', () => {
    expect(rows('年龄\t标准', '80岁以下\t60', '80岁以上\t120')).toEqual(['第 3 行 与第 2 行重叠：都包括 80。']);
    expect(rows('年龄\t标准', '不满80岁\t60', '90岁以上\t120')).toEqual(['第 3 行 与第 2 行之间有空隙（80 与 90 之间）。']);
    expect(rows('月收入\t标准', '0—89\t60', '90—99\t120')).toEqual(['第 3 行 与第 2 行之间有空隙（89 与 90 之间）。']);
    expect(rows('年龄\t标准', '不满80岁\t60', '超过80岁\t120')).toEqual(['第 3 行 与第 2 行之间有空隙（80 与 80 之间）。']);
    expect(rows('身份\t标准', '低保\t60', '低保\t70')).toEqual(['第 3 行 “低保”在第 2 行已经写过。']);
    expect(rows('年龄\t身份\t标准', '80岁以上\t低保\t100', '90岁以上\t低保\t90')).toEqual(['第 3 行 与第 2 行重叠：有人同时落在两行。']);
    const read = table('年龄\t标准', '80岁以下\t60', '80岁以上\t120');
    expect(read.ok ? '' : read.problems[0]?.hint).toContain('民法典');
  });
  it('tells every cell it cannot read, by row and column', () => {
    expect(rows('年龄\t标准', '老人\t60', '80岁以上\t很多', '90人以上\t3')).toEqual([
      '第 2 行第 1 列 看不懂这一格的界限：“老人”。',
      '第 3 行第 2 列 看不懂给多少：“很多”。',
      '第 4 行第 1 列 单位与年龄（岁）不合：“90人以上”。',
    ]);
    expect(rows('天气\t标准', '晴\t60')).toEqual(['第 1 行第 1 列 不知道“天气”这一列是什么。']);
    expect(rows('年龄\t标准\t标准', '80\t1\t2')).toEqual(['第 1 行 须有且只有一列写给多少。']);
    expect(rows('身份\t标准', '富豪\t60')).toEqual(['第 2 行第 1 列 身份没有“富豪”这个取值。']);
    expect(rows('年龄')).toEqual([' 没有表头或没有数据行。']);
  });
});

describe('any table written out', () => {
  it('gives each number to the tier its words say', () => {
    const bounds = fc
      .uniqueArray(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 6 })
      .map((list) => list.sort((a, b) => a - b));
    fc.assert(
      fc.property(bounds, fc.nat(130), (cuts, n) => {
        const lines = [
          `不满${cuts[0]}岁\t0`,
          ...cuts.slice(1).map((cut, i) => `${cuts[i]}岁以上不满${cut}岁\t${i + 1}`),
          `${cuts.at(-1)}岁以上\t${cuts.length}`,
        ];
        const read = table('年龄\t标准', ...lines);
        if (!read.ok) throw new Error(JSON.stringify(read.problems));
        const hit = read.tiers.rows.filter(
          (r) => (r.from === undefined || n >= Number(r.from)) && (r.below === undefined || n < Number(r.below)),
        );
        expect(hit.map((r) => Number(r.yuan))).toEqual([cuts.filter((cut) => cut <= n).length]);
      }),
      { numRuns: 200, seed: 4 },
    );
  });
});
