// 桂林一次性留工培训补助 2022: units insured in 450300, where risk areas were named in March 2022: 500 yuan for each insured worker of that month. (The other way, hard-hit trades in a
// city without risk areas, cannot occur in Guilin in 2022.)
import { held, type Scalar, type Series, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

/** Insured workers: 7 in February, as told in March, 9 in June. */
const workers = (march: Scalar | typeof unknown): PlantedFacts => ({
  insuredCount: { '2022-02': 7, '2022-03': march, '2022-06': 9 } as Series,
  insuredElsewhere: { '2022-02': 0, '2022-03': 0, '2022-06': 0 },
});

export const guilinLiugong2022: PlantedTable = {
  item: 'guilin-liugong-2022',
  register: 'enterprise',
  division: '450305',
  period: 'once',
  base: {
    regionCode: '450305',
    businessStatus: '在营',
    insuredRegion: '450305',
    unemploymentPaidMonths: 90,
    industryCode: '36',
    ...workers(120),
  },
  cases: [
    yes('制造业 120 人', {}, 60000, '120 × 500'),
    yes('餐饮业 20 人', { industryCode: '6211', ...workers(20) }, 10000, '20 × 500, by March and not by June'),
    yes('零售业 3 人', { industryCode: '522', ...workers(3) }, 1500, '3 × 500'),
    yes('旅行社 12 人', { industryCode: '7291', ...workers(12) }, 6000, '12 × 500'),
    yes('刚好 1 人', workers(1), 500, 'one worker', edge),
    no('三月没有参保职工', workers(0), 'nobody insured in March', edge),
    yes('2000 人', workers(2000), 1000000, 'no cap'),
    yes('大型企业', { enterpriseScale: '大型', ...workers(1500) }, 750000, 'the size does not matter'),
    yes('国有企业', { ownership: '国有' }, 60000, 'the ownership does not matter'),
    yes('社会团体', { orgType: '社会团体', ...workers(4) }, 2000, '4 × 500'),
    yes('临桂区参保', { insuredRegion: '450312' }, 60000, 'another district', { division: '450312' }),
    yes('阳朔县参保', { insuredRegion: '450321', ...workers(30) }, 15000, 'a county of the city', { division: '450321' }),
    yes('在市本级参保', { insuredRegion: '450300' }, 60000, 'the city itself'),
    yes('已享稳岗返还', { enjoyedPolicies: held(['2022-05-01', null, ['稳岗返还']]) }, 60000, 'both may be drawn'),
    no('南宁参保', { insuredRegion: '450102' }, 'insured in 南宁', { division: '450102' }),
    no('省外参保', { insuredRegion: '520102' }, 'insured in 贵阳', { division: '520102' }),
    no('从未申报人数', { insuredCount: undefined, insuredElsewhere: undefined }, 'no insured workers at all'),
    open('三月人数缺失', workers(unknown), 'the row of March is empty'),
    open('参保地缺失', { insuredRegion: unknown }, 'nobody can tell where the unit is insured'),
    no('南宁参保且人数缺失', { insuredRegion: '450102', ...workers(unknown) }, 'not insured here', { division: '450102' }),
  ],
};
