// Lists of random firms: qualifications, patents, loans, tour groups, certified products; people come from the residents' side.
import { addDays, addMonths, type Day, latest } from '../base/day.ts';
import { type Chance, fromQuantiles } from './chance.ts';
import type { Firm, FirmSetting } from './firm.ts';
import type { Payroll } from './livelihood.ts';
import { type MutableFacts, recentDay } from './resident.ts';
import type { Element } from './subject.ts';

const brands = ['国家4A景区', '国家3A景区', '五星级饭店', '四星级饭店', '甲级民宿', '乙级民宿', '省级夜间文旅集聚区'];

const qualificationRows = (firm: Firm, trains: boolean, { today, desk, places }: FirmSetting): readonly Element[] => {
  const { chance, trade } = firm;
  const rows: Element[] = [];
  const grant = (type: string, recognition: string, days: number, validMonths: number | null): void => {
    const date = latest(recentDay(chance, today, days), addDays(firm.founded, 30));
    const validTo = validMonths === null ? null : addMonths(date, validMonths);
    rows.push({ certNo: desk.serial('ZZ'), type, recognition, brand: null, date, validTo });
  };
  if ((trade === '制造' || trade === '服务') && chance.hit(190))
    grant('高新技术企业', chance.pick(['首次认定', '首次认定', '重新认定', '整体迁入']), 1300, 36);
  if (trade === '制造' && chance.hit(70)) grant('专精特新中小企业', chance.pick(['首次认定', '复核']), 1000, 36);
  if (trade === '制造' && chance.hit(20)) grant('瞪羚企业', '首次认定', 900, 36);
  if ((trains && chance.hit(700)) || (places.isWithin(firm.seat, '410700') && chance.hit(400)))
    grant('就业见习单位', '首次认定', 900, null);
  if ((firm.industry === '786' || firm.industry.startsWith('61')) && chance.hit(350)) {
    const type = chance.pick(brands);
    const date = recentDay(chance, today, 1100);
    rows.push({ certNo: desk.serial('ZZ'), type, recognition: '首次认定', brand: desk.serial('PP'), date, validTo: null });
  }
  return rows;
};

const propertyFacts = (firm: Firm, { today, desk }: FirmSetting): MutableFacts => {
  const { chance, trade } = firm;
  const facts: MutableFacts = {};
  if (trade !== '制造' || !chance.hit(260)) return facts;
  facts.patents = Array.from({ length: chance.between(1, 4) }, (): Element => {
    const granted = chance.hit(600);
    const exam = recentDay(chance, today, 2400);
    return {
      patentNo: desk.serial('ZL'),
      type: chance.pick(['发明', '发明', '实用新型', '外观设计']),
      domestic: chance.hit(930),
      status: granted ? '授权' : '进入实审',
      examDate: exam,
      grantDate: granted ? addDays(exam, chance.between(200, 900)) : null,
      countries: null,
      feePaidYear3: granted ? chance.hit(800) : null,
      feePaidYear5: granted ? chance.hit(500) : null,
    };
  });
  if (chance.hit(600)) {
    facts.ipRights = [{ rightNo: desk.serial('IP'), class: chance.pick(['I', 'II']), grantDate: recentDay(chance, today, 2000) }];
  }
  return facts;
};

/** Round principals of 100,000 yuan; most fixed-asset loans of 2026 are young. */
const loanRows = (firm: Firm, { today, desk }: FirmSetting): readonly Element[] => {
  const { chance } = firm;
  const count = chance.hit(240) ? chance.between(1, 3) : 0;
  return Array.from({ length: count }, (): Element => {
    const disbursedDate = recentDay(chance, today, chance.hit(600) ? 105 : 1500);
    const repaid = chance.hit(250);
    return {
      loanNo: desk.serial('DK'),
      principal: fromQuantiles(chance, [1, 5, 12, 30, 80, 300]) * 100_000,
      rate: `0.0${chance.between(22, 58)}`,
      disbursedDate,
      repaidDate: repaid ? addDays(disbursedDate, chance.between(20, 300)) : null,
      purpose: chance.pick(['固定资产', '固定资产', '生产经营', '其他']),
      field: chance.pick(['重点产业链', '上下游配套', '其他']),
      localBank: chance.hit(880),
      subsidies: chance.hit(60) ? ['中央财政其他贴息'] : null,
    };
  });
};

const tradeLists = (firm: Firm, { today, desk }: FirmSetting): MutableFacts => {
  const { chance } = firm;
  const facts: MutableFacts = {};
  if (firm.industry === '7291') {
    facts.groups = Array.from(
      { length: chance.between(1, 8) },
      (): Element => ({
        groupId: desk.serial('TD'),
        date: recentDay(chance, '2024-12-31' as Day, 230),
        mode: chance.pick(['散团', '散团', '包机', '专列']),
        origin: chance.pick(['区外', '区外', '境外']),
        size: chance.between(18, 420),
        nights: chance.between(1, 5),
        hotelClass: chance.pick(['三星级以上', '绿色饭店', '等级民宿', '其他']),
      }),
    );
  }
  if (firm.trade === '农业' && chance.hit(300)) facts.agriProducts = products(chance, desk.serial, today);
  return facts;
};

const products = (chance: Chance, serial: (prefix: string) => string, today: Day): readonly Element[] =>
  Array.from({ length: chance.between(1, 3) }, (): Element => {
    const kind = chance.pick(['无公害产地', '无公害产品', '绿色食品', '有机食品']);
    const mu = kind === '无公害产地' ? chance.between(80, 2600) : null;
    return { certNo: serial('SP'), kind, category: chance.pick(['种植', '畜禽', '水产']), mu, certDate: recentDay(chance, today, 3000) };
  });

/** Every list of the firm. */
export const firmLists = (firm: Firm, setting: FirmSetting, payroll: Payroll): MutableFacts => {
  const facts: MutableFacts = { ...propertyFacts(firm, setting), ...tradeLists(firm, setting) };
  const named: Record<string, readonly Element[]> = {
    qualifications: qualificationRows(firm, payroll.trainees.has(firm.number), setting),
    loans: loanRows(firm, setting),
    hires: payroll.hires.get(firm.number) ?? [],
    trainees: payroll.trainees.get(firm.number) ?? [],
    disabledEmployees: payroll.disabled.get(firm.number) ?? [],
  };
  for (const [key, rows] of Object.entries(named)) if (rows.length > 0) facts[key] = rows;
  return facts;
};
