// 赣州毕业生灵活就业社保补贴: registered in 360700, within two years of graduation, insured as flexibly employed; at most two thirds of what was paid, estimated in full and cut
// to the fen. April 2026, two years counted to its end.
import { held, type Scalar, unknown } from '../subject.ts';
import { edge, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const paid = (april: Scalar | typeof unknown): PlantedFacts => ({ pensionPaid: { '2026-02': 900, '2026-03': 900, '2026-04': april } });

export const ganzhouLinghuo: PlantedTable = {
  item: 'ganzhou-linghuo',
  register: 'citizen',
  division: '360702',
  period: '2026-04',
  base: {
    birthDate: '2002-05-20',
    hukouRegion: '360702',
    hukouType: '城镇',
    graduationDate: '2025-06-30',
    employmentStatus: '灵活就业',
    insuredRegion: '360702',
    insuredType: '灵活就业',
    ...paid(900),
  },
  cases: [
    yes('实缴 900 元', {}, 600, '900 × 2 ÷ 3'),
    yes('实缴 1200 元', paid(1200), 800, '1,200 × 2 ÷ 3'),
    yes('实缴 1000 元', paid(1000), '666.66', '666.666…, cut to the fen', edge),
    yes('实缴 0.02 元', paid('0.02'), '0.01', '0.0133…, cut to the fen', edge),
    yes('毕业刚好两年', { graduationDate: '2024-04-30' }, 600, 'two years to 30 April 2026', edge),
    no('毕业两年零一天', { graduationDate: '2024-04-29' }, 'one day too long ago', edge),
    yes('今年毕业', { graduationDate: '2026-01-10' }, 600, 'within two years'),
    no('五年前毕业', { graduationDate: '2021-06-30' }, 'too long ago'),
    no('没有毕业信息', { graduationDate: undefined }, 'not among the graduates'),
    no('职工参保', { insuredType: '职工', employmentStatus: '企业在职职工' }, 'not insured as flexibly employed'),
    no('城乡居民参保', { insuredType: '城乡居民' }, 'not insured as flexibly employed'),
    no('四月未缴费', { pensionPaid: { '2026-02': 900, '2026-03': 900 } }, 'no payment in April'),
    no('四月缴费为零', paid(0), 'nothing paid', edge),
    no('外市户籍', { hukouRegion: '440103' }, 'registered in 广州', { division: '440103' }),
    yes('瑞金户籍', { hukouRegion: '360781' }, 600, 'a county of the city', { division: '360781' }),
    no('三月迁出', { hukouRegion: held(['2002-05-20', '2026-03-05', '360702'], ['2026-03-05', null, '440103']) }, 'moved out in March'),
    no(
      '四月一日起职工参保',
      {
        insuredRegion: held(['2025-07-01', '2026-04-01', '360702'], ['2026-04-01', null, '360702']),
        insuredType: held(['2025-07-01', '2026-04-01', '灵活就业'], ['2026-04-01', null, '职工']),
      },
      'insured by a unit since 1 April',
      edge,
    ),
    open('户籍地缺失', { hukouRegion: unknown }, 'nobody can tell where the graduate is registered'),
    open('参保类型缺失', { insuredType: unknown }, 'nobody can tell how the graduate is insured'),
    open('四月缴费额缺失', paid(unknown), 'the row of April is empty'),
    no('外市户籍且参保类型缺失', { hukouRegion: '440103', insuredType: unknown }, 'not registered here', { division: '440103' }),
  ],
};
