// 失业保险技能提升补贴 2024: unemployment insurance for 12 months, employed by a firm or drawing the benefit, a new certificate; level five 1,000, four 1,500, three 2,000
// yuan. Not the same occupation and level twice, none below a level held, none with a training subsidy. One decision per certificate, on its day in 2024.
import { type Element, held, unknown } from '../subject.ts';
import { edge, fresh, no, open, type PlantedFacts, type PlantedTable, yes } from './table.ts';

/** The certificate that is decided stands first; others were there before. */
const certificate = (more: Element = {}): Element => ({
  certNo: fresh,
  occupation: '电工',
  level: '四级',
  issuedDate: '2024-05-10',
  trainingSubsidised: false,
  ...more,
});
const certificates = (...rows: Element[]): PlantedFacts => ({ certificates: rows });

export const cnJineng2024: PlantedTable = {
  item: 'cn-jineng-2024',
  register: 'citizen',
  division: '330212',
  period: { list: 'certificates', keyField: 'certNo' },
  base: {
    gender: '男',
    birthDate: '1990-09-01',
    hukouRegion: '330212',
    hukouType: '城镇',
    employmentStatus: '企业在职职工',
    registeredUnemployed: false,
    involuntaryUnemployed: false,
    insuredRegion: '330212',
    insuredType: '职工',
    unemploymentPaidMonths: 40,
    maternityConsecutiveMonths: 40,
    sameEmployerMonths: 40,
    ...certificates(certificate()),
  },
  cases: [
    yes('四级', {}, 1500, 'level four'),
    yes('五级', certificates(certificate({ level: '五级' })), 1000, 'level five'),
    yes('三级', certificates(certificate({ level: '三级' })), 2000, 'level three', edge),
    no('二级', certificates(certificate({ level: '二级' })), 'above the three levels', edge),
    no('一级', certificates(certificate({ level: '一级' })), 'above the three levels'),
    yes('领失业金人员', { employmentStatus: '领取失业保险金人员', registeredUnemployed: true }, 1500, 'draws the benefit'),
    no('灵活就业', { employmentStatus: '灵活就业' }, 'neither employed by a firm nor drawing the benefit'),
    no('机关事业单位职工', { employmentStatus: '机关事业单位职工' }, 'not employed by a firm'),
    yes('参保满 12 个月', { unemploymentPaidMonths: 12 }, 1500, 'one year is enough', edge),
    no('参保 11 个月', { unemploymentPaidMonths: 11 }, 'one month short', edge),
    yes('元旦核发', certificates(certificate({ issuedDate: '2024-01-01' })), 1500, 'the first day of 2024', edge),
    yes('年末核发', certificates(certificate({ issuedDate: '2024-12-31' })), 1500, 'the last day of 2024', edge),
    no('同职业同等级曾有', certificates(certificate(), certificate({ issuedDate: '2022-03-03' })), 'the same occupation and level before'),
    yes(
      '其他职业同等级曾有',
      certificates(certificate(), certificate({ occupation: '焊工', issuedDate: '2022-03-03' })),
      1500,
      'another occupation',
    ),
    no('同职业已有三级', certificates(certificate(), certificate({ level: '三级', issuedDate: '2022-03-03' })), 'a higher level before'),
    yes(
      '同职业已有五级',
      certificates(certificate(), certificate({ level: '五级', issuedDate: '2022-03-03' })),
      1500,
      'a lower level before',
    ),
    no('该证书已领培训补贴', certificates(certificate({ trainingSubsidised: true })), 'not with a training subsidy'),
    yes('培训补贴无记录', certificates(certificate({ trainingSubsidised: null })), 1500, 'no subsidy on record'),
    open('参保月数缺失', { unemploymentPaidMonths: unknown }, 'nobody can tell the months'),
    open('就业状态缺失', { employmentStatus: held(['2000-01-01', null, unknown]) }, 'nobody can tell whether employed'),
    open('证书等级缺失', certificates(certificate({ level: unknown })), 'the level was left empty'),
    no('参保 6 个月而等级缺失', { unemploymentPaidMonths: 6, ...certificates(certificate({ level: unknown })) }, 'too short in any case'),
  ],
};
