// 大连技能提升补贴 2023: insured in 210200 for 12 months, employed by a firm or drawing the benefit, a certificate of level five 1,000, four 1,500 or three 2,000 yuan, not
// twice for one occupation and level, and the social security card's bank side opened. One decision per certificate, on its day in 2023.
import { type Element, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

const certificate = (more: Element = {}): Element => ({
  certNo: fresh,
  occupation: '焊工',
  level: '五级',
  issuedDate: '2023-08-01',
  trainingSubsidised: null,
  ...more,
});
const certificates = (...rows: Element[]): PlantedFacts => ({ certificates: rows });

export const dalianJineng2023: PlantedTable = {
  item: 'dalian-jineng-2023',
  register: 'citizen',
  division: '210202',
  period: { list: 'certificates', keyField: 'certNo' },
  base: {
    gender: '男',
    birthDate: '1988-03-01',
    hukouRegion: '210202',
    hukouType: '城镇',
    employmentStatus: '企业在职职工',
    insuredRegion: '210202',
    insuredType: '职工',
    unemploymentPaidMonths: 60,
    sscFinancialActivated: true,
    ...certificates(certificate()),
  },
  cases: [
    yes('五级', {}, 1000, 'level five'),
    yes('四级', certificates(certificate({ level: '四级' })), 1500, 'level four'),
    yes('三级', certificates(certificate({ level: '三级' })), 2000, 'level three', edge),
    no('二级', certificates(certificate({ level: '二级' })), 'above the three levels', edge),
    yes('领失业金人员', { employmentStatus: '领取失业保险金人员' }, 1000, 'draws the benefit'),
    no('灵活就业', { employmentStatus: '灵活就业' }, 'neither employed by a firm nor drawing the benefit'),
    no('未就业', { employmentStatus: '未就业' }, 'not employed'),
    yes('缴费满 12 个月', { unemploymentPaidMonths: 12 }, 1000, '12 months are enough', edge),
    no('缴费 11 个月', { unemploymentPaidMonths: 11 }, 'one month short', edge),
    yes('元旦核发', certificates(certificate({ issuedDate: '2023-01-01' })), 1000, 'the first day of 2023', edge),
    yes('年末核发', certificates(certificate({ issuedDate: '2023-12-31' })), 1000, 'the last day of 2023', edge),
    no('同职业同等级曾有', certificates(certificate(), certificate({ issuedDate: '2021-05-05' })), 'the same occupation and level before'),
    yes(
      '同职业曾有四级',
      certificates(certificate(), certificate({ level: '四级', issuedDate: '2021-05-05' })),
      1000,
      'only the same level is named here',
    ),
    yes(
      '其他职业同等级曾有',
      certificates(certificate(), certificate({ occupation: '电工', issuedDate: '2021-05-05' })),
      1000,
      'another occupation',
    ),
    no('社保卡未开通金融功能', { sscFinancialActivated: false }, 'the card must be opened'),
    no('沈阳参保', { insuredRegion: '210102' }, 'insured in 沈阳', { division: '210102' }),
    yes('瓦房店参保', { insuredRegion: '210281' }, 1000, 'a county of the city', { division: '210281' }),
    open('缴费月数缺失', { unemploymentPaidMonths: unknown }, 'nobody can tell the months'),
    open('社保卡状态缺失', { sscFinancialActivated: unknown }, 'nobody can tell whether it is opened'),
    open('证书等级缺失', certificates(certificate({ level: unknown })), 'the level was left empty'),
    no('沈阳参保且月数缺失', { insuredRegion: '210102', unemploymentPaidMonths: unknown }, 'not insured here', { division: '210102' }),
  ],
};
