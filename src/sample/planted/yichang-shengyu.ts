// 宜昌生育津贴: women employed by a unit and insured in 420500 for six months running, who gave birth. Last year's average contribution wage of the unit ÷ 30 × days of
// leave, 128 after a normal birth, 143 after a difficult one or a caesarean. One decision per settlement, on its day; settlements of 2026 and 2025.
import { type Element, held, type Scalar, unknown } from '../subject.ts';
import { type Companion, edge, firmOf, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const birth = (more: Element = {}): PlantedFacts => ({
  birthEvents: [{ settlementId: fresh, settledDate: '2026-02-10', birthDate: '2026-02-06', deliveryType: '顺产', babies: 1, ...more }],
});
/** The unit with its average contribution wages of 2024 and 2025. */
const unit = (of2024: Scalar | typeof unknown, of2025: Scalar | typeof unknown, more: PlantedFacts = {}): Companion =>
  firmOf({ orgType: '企业', regionCode: '420503', avgContributionWage: { 2024: of2024, 2025: of2025 }, fullyFunded: null, ...more });

export const yichangShengyu: PlantedTable = {
  item: 'yichang-shengyu',
  register: 'citizen',
  division: '420503',
  period: { list: 'birthEvents', keyField: 'settlementId' },
  base: {
    gender: '女',
    birthDate: '1996-06-06',
    hukouRegion: '420503',
    hukouType: '城镇',
    employmentStatus: held(['2019-07-01', null, '企业在职职工']),
    registeredUnemployed: held(['2019-07-01', null, false]),
    involuntaryUnemployed: held(['2019-07-01', null, false]),
    insuredRegion: '420503',
    insuredType: '职工',
    employer: unit(3900, 4500),
    unemploymentPaidMonths: 60,
    maternityConsecutiveMonths: 60,
    sameEmployerMonths: 60,
    ...birth(),
  },
  cases: [
    yes('月均 4500 元顺产', {}, 19200, '4,500 ÷ 30 × 128'),
    yes('月均 4500 元剖宫产', birth({ deliveryType: '剖宫产' }), 21450, '4,500 ÷ 30 × 143'),
    yes('月均 4500 元难产', birth({ deliveryType: '难产' }), 21450, '4,500 ÷ 30 × 143'),
    yes('月均 6000 元顺产', { employer: unit(3900, 6000) }, 25600, '6,000 ÷ 30 × 128'),
    yes(
      '2025 年结算',
      birth({ settledDate: '2025-12-31', birthDate: '2025-12-27' }),
      16640,
      'the wage of 2024 counts: 3,900 ÷ 30 × 128',
      edge,
    ),
    yes('2026 年元旦结算', birth({ settledDate: '2026-01-01', birthDate: '2025-12-28' }), 19200, 'the wage of 2025 counts', edge),
    yes('双胞胎顺产', birth({ babies: 2 }), 19200, 'by the kind of birth alone'),
    yes('连续缴费满 6 个月', { maternityConsecutiveMonths: 6 }, 19200, 'six months are enough', edge),
    no('连续缴费 5 个月', { maternityConsecutiveMonths: 5 }, 'one month short', edge),
    no('外市参保', { insuredRegion: '420102' }, 'insured in 武汉', { division: '420102' }),
    no('灵活就业', { employmentStatus: '灵活就业', insuredType: '灵活就业', employer: undefined }, 'not employed by a unit'),
    no('未就业配偶', { employmentStatus: '未就业', insuredType: '未就业配偶', employer: undefined }, 'not employed by a unit'),
    no('男职工', { gender: '男' }, 'not a woman'),
    no(
      '机关职工',
      { employmentStatus: '机关事业单位职工', employer: unit(3900, 4500, { orgType: '机关', fullyFunded: true }) },
      'her unit is a government office',
    ),
    no(
      '全额拨款事业单位职工',
      { employmentStatus: '机关事业单位职工', employer: unit(3900, 4500, { orgType: '事业单位', fullyFunded: true }) },
      'her unit is fully funded',
    ),
    yes(
      '差额事业单位职工',
      { employmentStatus: '机关事业单位职工', employer: unit(3900, 4500, { orgType: '事业单位' }) },
      19200,
      'her unit is not fully funded',
    ),
    yes('夷陵区参保', { insuredRegion: '420506' }, 19200, 'a district of the city', { division: '420506' }),
    open('连续缴费月数缺失', { maternityConsecutiveMonths: unknown }, 'nobody can tell the months'),
    open('就业状态缺失', { employmentStatus: held(['2019-07-01', null, unknown]) }, 'nobody can tell whether employed'),
    open('分娩方式缺失', birth({ deliveryType: unknown }), 'the settlement does not say how'),
    yes('单位月均工资缺失', { employer: unit(3900, unknown) }, null, 'entitled; the amount waits for the wage'),
    no('外市参保且月数缺失', { insuredRegion: '420102', maternityConsecutiveMonths: unknown }, 'not insured here', { division: '420102' }),
  ],
};
