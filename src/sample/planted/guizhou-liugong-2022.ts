// 贵州一次性留工培训补助 2022: units insured in a city of 520000 with risk areas (贵阳 and 安顺 in September 2022): 400 yuan for each worker of that month, without those sent to public
// offices, other places or projects elsewhere. No public offices. Decided for 2022.
import { type Scalar, type Series, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

type Count = Scalar | typeof unknown;
/** Insured workers and those sent elsewhere in September; other months differ on purpose. */
const workers = (september: Count, elsewhere: Count = 0): PlantedFacts => ({
  insuredCount: { '2022-08': 777, '2022-09': september, '2022-10': 777 } as Series,
  insuredElsewhere: { '2022-08': 0, '2022-09': elsewhere, '2022-10': 0 } as Series,
});

export const guizhouLiugong2022: PlantedTable = {
  item: 'guizhou-liugong-2022',
  register: 'enterprise',
  division: '520102',
  period: '2022',
  base: {
    regionCode: '520102',
    businessStatus: '在营',
    insuredRegion: '520102',
    unemploymentPaidMonths: 90,
    industryCode: '36',
    ...workers(80),
  },
  cases: [
    yes('贵阳 80 人', {}, 32000, '80 × 400'),
    yes('剔除 5 人', workers(80, 5), 30000, '75 × 400'),
    yes('剔除后剩 1 人', workers(80, 79), 400, 'one worker', edge),
    no('全部剔除', workers(80, 80), 'nobody left', edge),
    yes('安顺 30 人', { insuredRegion: '520402', ...workers(30) }, 12000, 'another city with risk areas', { division: '520402' }),
    no('遵义 30 人', { insuredRegion: '520302', ...workers(30) }, 'no risk areas in 遵义', { division: '520302' }),
    no('遵义汇川区', { insuredRegion: '520303' }, 'no risk areas in 遵义', { division: '520303' }),
    yes('云岩区参保', { insuredRegion: '520103' }, 32000, 'another district of 贵阳', { division: '520103' }),
    yes('贵阳市本级参保', { insuredRegion: '520100' }, 32000, 'the city itself'),
    no('省外参保', { insuredRegion: '450305' }, 'insured in 桂林', { division: '450305' }),
    no('事业单位', { orgType: '事业单位' }, 'a public office'),
    no('机关', { orgType: '机关' }, 'a public office'),
    yes('社会团体', { orgType: '社会团体', ...workers(6) }, 2400, '6 × 400'),
    no('九月没有参保职工', workers(0), 'nobody insured in September', edge),
    yes('刚好 1 人', workers(1), 400, 'one worker', edge),
    yes('3000 人', workers(3000), 1200000, 'no cap'),
    no('从未申报人数', { insuredCount: undefined, insuredElsewhere: undefined }, 'no insured workers at all'),
    open('九月人数缺失', workers(unknown), 'the row of September is empty'),
    open('组织类型缺失', { orgType: unknown }, 'a public office would be out'),
    open('参保地缺失', { insuredRegion: unknown }, 'nobody can tell where the unit is insured'),
    no('遵义且人数缺失', { insuredRegion: '520302', ...workers(unknown) }, 'no risk areas there', { division: '520302' }),
  ],
};
