// Reading aloud: an item from its structure, a decision with its values.
import { describe, expect, it } from 'vitest';
import { itemText } from '../../src/policy/say.ts';
import { speakerOf } from '../../src/policy/speaker.ts';
import { explainedLines, explainTrace, toldLines } from '../../src/rule/explain.ts';
import { catalogue, compiled, decideFacts } from './fixture.ts';

const item = () =>
  compiled({
    conditions: {
      all: [
        { fact: 'hukouRegion', operator: 'within', value: ['530128', '530129'], on: 'every', clause: '第二条' },
        { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
        {
          any: [
            { fact: 'deathDate', operator: 'absent', value: true },
            { fact: 'deathDate', operator: 'onOrAfter', value: { fact: 'period.start' } },
          ],
        },
        { not: { fact: 'groups', operator: 'intersects', value: ['孤儿'] } },
        { fact: 'disabled', operator: 'equal', value: true },
        { fact: 'birthDate', operator: 'between', value: { from: '1930-01-01', below: '1950-01-01' } },
        { fact: 'birthDate', operator: 'olderThan', value: 'P1Y6M' },
        { fact: 'status', operator: 'notEqual', value: '特困', checkAt: 'payment' },
      ],
    },
    award: {
      tiers: { by: 'age', rows: [{ below: 90, yuan: 60 }, { below: 100, yuan: 120 }, { yuan: 500 }] },
      cap: 400,
      deduct: 'paid("other")',
    },
    flow: { first: ['guard', 'review', 'notice', 'publicity', 'pay'], continuing: ['guard', 'pay'], ended: ['notice'] },
    publicity: { workingDays: 5 },
    limits: [{ once: 'period' }, { cap: { yuan: 5000, per: 'subject-year' } }],
    budget: { kind: 'limited', yuan: 1_000_000, order: 'birthDate' },
  });

describe('an item', () => {
  it('says who is paid where that is not the subject alone', () => {
    const payees = [
      { share: '1/3', to: null },
      { share: '2/3', to: { fact: 'spouse' } },
    ];
    expect(itemText(compiled({ payees }), catalogue)).toContain('收款人：本人1/3，配偶2/3；不足一分的归本人');
    expect(itemText(compiled({ payee: { fact: 'spouse' } }), catalogue)).toContain('收款人：配偶');
  });

  it('says bounds that are facts by their names', () => {
    const value = { above: 100, upTo: { fact: 'capFact' } };
    const conditions = { all: [{ fact: 'income', operator: 'between', value }] };
    expect(itemText(compiled({ conditions }), catalogue)).toContain('月收入超过 100 元、不超过个人限额');
  });

  it('says which fee is reduced, and of no budget', () => {
    const award = { fixed: { yuan: 15 }, reduces: '水费' };
    const text = itemText(compiled({ award, flow: { first: ['guard', 'notice'], continuing: ['guard'] } }), catalogue);
    expect(text).toContain('标准（每月，减免水费，不发钱）');
    expect(text).not.toContain('预算');
  });

  it('reads aloud', () => {
    expect(itemText(item(), catalogue).split('\n')).toEqual([
      '高龄津贴（禄劝县民政局）',
      '  依据：测试办法，第二条',
      '  对象：禄劝县的居民；按月；免申即享：符合的直接兑现，无需申请',
      '  施行日期：2025年1月1日起',
      '  条件（都要满足）',
      '    期内每一天户籍地属于禄劝县、寻甸县（第二条）',
      '    当月周岁达到 80 岁',
      '    以下各项满足其一即可：',
      '      没有死亡日期',
      '      死亡日期不早于当月初',
      '    以下情形不能有：',
      '      人群类别包含孤儿',
      '    持残疾证：是',
      '    出生日期不早于 1930年1月1日、早于 1950年1月1日',
      '    出生日期到当月末已满 1 年 6 个月',
      '  付款时再核',
      '    身份不是特困',
      '  其中',
      '    当月周岁：当年 − 出生日期的年份',
      '  标准（每月）',
      '    按当月周岁分档',
      '      低于 90 岁：60 元',
      '      达到 90 岁、低于 100 岁：120 元',
      '      达到 100 岁：500 元',
      '      以上结果最高 400 元，扣除此前已发的另一事项金额，扣完为止',
      '  限制',
      '    每月只发一次',
      '    每户每年合计不超过 5,000 元',
      '  流程',
      '    首次符合：核验名单与状态 → 部门审核 → 告知 → 公示 → 拨付',
      '    继续符合：核验名单与状态 → 拨付',
      '    不再符合：告知',
      '    公示 5 个工作日',
      '  预算：1,000,000 元，用完为止，按出生日期先后',
    ]);
  });
});

describe('a decision', () => {
  it('is explained with what is asked, found, from where and since when', () => {
    const it_ = item();
    const d = decideFacts(it_, { hukouRegion: '530128', birthDate: '1931-05-01', deathDate: '2026-01-20', groups: ['老人'] });
    const lines = explainedLines(explainTrace(d.trace, it_.match, speakerOf(it_, catalogue)));
    expect(lines).toEqual([
      '以下各项都要满足：缺数据',
      '  期内每一天户籍地属于禄劝县、寻甸县：禄劝县，满足（第二条）（hukouRegion-data，2026年1月31日）',
      '  当月周岁达到 80 岁：95 岁，满足',
      '  以下各项满足其一即可：满足',
      '    没有死亡日期：2026年1月20日，不满足（deathDate-data，2026年1月31日）',
      '    死亡日期不早于当月初：2026年1月20日，满足（deathDate-data，2026年1月31日）',
      '  以下情形不能有：满足',
      '    人群类别包含孤儿：老人，不满足（groups-data，2026年1月31日）',
      '  持残疾证：是：缺数据，缺数据——持残疾证：disabled-data，尚未报送',
      '  出生日期不早于 1930年1月1日、早于 1950年1月1日：1931年5月1日，满足（birthDate-data，2026年1月31日）',
      '  出生日期到当月末已满 1 年 6 个月：1931年5月1日，满足（birthDate-data，2026年1月31日）',
    ]);
  });

  it('is told to the one it is about, in the words of the document, with its clause', () => {
    const one = compiled({
      conditions: {
        all: [
          { fact: 'age', operator: 'greaterThanInclusive', value: 80, text: '年满80周岁', clause: '第三条' },
          { fact: 'disabled', operator: 'equal', value: true },
          { fact: 'groups', operator: 'intersects', value: ['孤儿', '老人'] },
        ],
      },
    });
    const d = decideFacts(one, { birthDate: '1931-05-01', groups: [] });
    expect(toldLines(explainTrace(d.trace, one.match, speakerOf(one, catalogue)), '您')).toEqual([
      '以下各项都要满足：不满足',
      '  年满80周岁（第三条）：您 95 岁，满足',
      '  持残疾证为是：您的数据还缺，还不能判断',
      '    还缺 持残疾证：disabled-data，尚未报送',
      '  人群类别至少包含孤儿、老人之一：您没有，不满足',
    ]);
  });
});
