// Random firms: what market regulation, industry, credit, social insurance and tax offices hold. Series over the years are in
// `firm-series.ts`, lists in `firm-lists.ts`. Plausible marginals, no decisions.
import { addDays, addMonths, type Day, fieldsOf, latest } from '../base/day.ts';
import { type Chance, chanceOf, fromQuantiles } from './chance.ts';
import { bankCodes, type IdentityDesk } from './identity.ts';
import type { Employers } from './livelihood.ts';
import { bankNames, firmName, type Trade } from './names.ts';
import type { Places } from './place.ts';
import { type MutableFacts, recentDay } from './resident.ts';
import { held } from './subject.ts';

export interface Firm {
  readonly number: number;
  readonly key: string;
  readonly name: string;
  readonly seat: string;
  readonly trade: Trade;
  readonly industry: string;
  readonly founded: Day;
  readonly headcount: number;
  readonly scale: '大型' | '中型' | '小型' | '微型';
  readonly orgType: string;
  readonly dispatch: boolean;
  /** In the industrial statistics since that day, null when it is not. */
  readonly aboveScaleSince: Day | null;
  readonly chance: Chance;
}

export interface FirmSetting {
  readonly seed: number;
  readonly today: Day;
  readonly places: Places;
  readonly desk: IdentityDesk;
}

/** The little that residents must know of a firm before it is written: its key and its seat. */
export interface FirmStub {
  readonly key: string;
  readonly seat: string;
}

export const firmStub = ({ seed, places, desk }: FirmSetting, number: number): FirmStub => {
  const seat = places.seatOf(chanceOf(seed, `seat ${number}`));
  return { seat, key: desk.uscc(seat) };
};

/** Nearest first: a firm of the same county, else of the province, else none; a few residents work anywhere. */
export const employersOf = (stubs: readonly FirmStub[], places: Places): Employers => {
  const around = new Map<string, number[]>();
  stubs.forEach((stub, i) => {
    for (const code of places.upward(stub.seat)) {
      const list = around.get(code) ?? [];
      list.push(i);
      around.set(code, list);
    }
  });
  return {
    near: (chance, home) => {
      if (chance.hit(60)) return stubs.length === 0 ? null : chance.below(stubs.length);
      for (const code of places.upward(home)) {
        const list = around.get(code);
        if (list !== undefined) return chance.pick(list);
      }
      return stubs.length === 0 ? null : chance.below(stubs.length);
    },
    keyOf: (firm) => (stubs[firm] as FirmStub).key,
    seatOf: (firm) => (stubs[firm] as FirmStub).seat,
  };
};

const industries: Readonly<Record<Trade, readonly string[]>> = {
  制造: [
    '13',
    '14',
    '175',
    '181',
    '195',
    '21',
    '23',
    '2614',
    '265',
    '272',
    '29',
    '3011',
    '3041',
    '307',
    '313',
    '325',
    '33',
    '34',
    '351',
    '36',
    '381',
    '382',
    '391',
    '397',
    '398',
    '40',
  ],
  商贸: ['512', '522', '525', '611', '612', '613', '6211', '622'],
  服务: ['543', '64', '651', '7263', '7291', '73', '74', '801', '8514', '786'],
  农业: ['011', '014', '031', '041', '05'],
};

/** Heads from 1 to some thousands, most firms small. */
const headQuantiles = [1, 2, 4, 6, 9, 14, 22, 38, 75, 210, 1600];

const scaleOf = (heads: number): Firm['scale'] => (heads >= 1000 ? '大型' : heads >= 300 ? '中型' : heads >= 20 ? '小型' : '微型');

const orgTypes = [
  ['企业', 880],
  ['个体工商户', 40],
  ['社会团体', 18],
  ['社会服务机构', 18],
  ['农民专业合作社', 16],
  ['律师事务所', 8],
  ['会计师事务所', 5],
  ['基金会', 3],
  ['事业单位', 9],
  ['机关', 3],
] as const;

export const firmOf = (setting: FirmSetting, number: number, stub: FirmStub): Firm => {
  const { seed, today, places } = setting;
  const chance = chanceOf(seed, `firm ${number}`);
  const trade = chance.weighted([
    ['制造', 56],
    ['商贸', 18],
    ['服务', 20],
    ['农业', 6],
  ] as const);
  const orgType = trade === '农业' && chance.hit(500) ? '农民专业合作社' : chance.weighted(orgTypes);
  const headcount = fromQuantiles(chance, headQuantiles);
  const founded = addDays(today, -fromQuantiles(chance, [60, 500, 1100, 1900, 3000, 4500, 6500, 9500]));
  const industrial = trade === '制造' && headcount >= 18 && chance.hit(700);
  const city = places.upward(stub.seat).find((code) => code.endsWith('00') && !code.endsWith('0000')) ?? stub.seat;
  return {
    number,
    key: stub.key,
    name: firmName(chance, places.name(city).replace(/(市|地区|自治州|县|区)$/, ''), trade),
    seat: stub.seat,
    trade,
    industry: chance.pick(industries[trade]),
    founded,
    headcount,
    scale: scaleOf(headcount),
    orgType,
    dispatch: trade === '服务' && chance.hit(60),
    aboveScaleSince: industrial
      ? latest(addMonths(founded, 13), `${chance.between(2014, 2025)}-${chance.pick(['01', '03', '09', '11'])}-01` as Day)
      : null,
    chance,
  };
};

const statusFacts = (firm: Firm, { today, places }: FirmSetting): MutableFacts => {
  const { chance, founded, seat } = firm;
  const changed = recentDay(chance, today, 700);
  if (changed <= founded || !chance.hit(70))
    return { businessStatus: held([founded, null, '在营']), regionCode: held([founded, null, seat]) };
  if (chance.hit(350)) {
    // Moved its seat: the status says nothing new, but the row of the office holds both.
    const other = places.seatOf(chance);
    return {
      businessStatus: held([founded, changed, '在营'], [changed, null, '在营']),
      regionCode: held([founded, changed, other], [changed, null, seat]),
    };
  }
  const end = chance.weighted([
    ['注销', 5],
    ['吊销', 2],
    ['停业', 3],
  ] as const);
  return {
    businessStatus: held([founded, changed, '在营'], [changed, null, end]),
    regionCode: held([founded, changed, seat], [changed, null, seat]),
  };
};

const creditFacts = (firm: Firm, today: Day): MutableFacts => {
  const { chance } = firm;
  const facts: MutableFacts = { taxArrears: chance.hit(25) ? chance.between(1_000, 400_000) : 0 };
  if (chance.hit(22)) {
    const kind = chance.weighted([
      ['经营异常名录', 6],
      ['严重失信主体名单', 2],
      ['失信企业', 2],
      ['僵尸企业', 1],
    ] as const);
    facts.blacklists = held([recentDay(chance, today, 900), chance.hit(350) ? recentDay(chance, today, 60) : null, [kind]]);
  }
  if (chance.hit(4)) facts.safetyAccidentLevel = held([recentDay(chance, today, 700), null, chance.pick(['一般', '一般', '较大'])]);
  return facts;
};

const catalogFacts = (firm: Firm, { places }: FirmSetting): MutableFacts => {
  const { chance, seat, trade, founded } = firm;
  const facts: MutableFacts = {};
  const catalogs: string[] = [];
  if (trade === '制造' && places.isWithin(seat, '460000') && chance.hit(600)) catalogs.push('海南高新技术产业目录2024-制造业');
  if (trade === '制造' && chance.hit(60)) catalogs.push('数字经济核心产业制造业');
  if (catalogs.length > 0) facts.industryCatalog = held([latest(founded, '2023-01-01' as Day), null, catalogs]);
  if (trade === '制造' && chance.hit(50))
    facts.officialLists = held([latest(founded, '2022-06-01' as Day), null, ['省战略性新兴产业年报库']]);
  if (places.isWithin(seat, '120000') && chance.hit(500)) facts.disabledQuotaAudited = held(['2025-06-01', null, true]);
  if (chance.hit(15)) facts.enjoyedPolicies = held([latest(founded, '2024-01-01' as Day), null, [chance.pick(['小升规奖励', '稳岗返还'])]]);
  return facts;
};

const insuranceFacts = (firm: Firm, { today }: FirmSetting): MutableFacts => {
  const { chance, seat } = firm;
  const months = Math.max(0, (fieldsOf(today).year - fieldsOf(firm.founded).year) * 12 - chance.below(9));
  return {
    insuredRegion: seat,
    unemploymentPaidMonths: Math.min(months, chance.hit(80) ? chance.below(12) : 240),
    insuredConsecutiveMonths: Math.min(months, 60),
    insuredAsUnit: firm.orgType !== '个体工商户' || chance.hit(400),
  };
};

const accountFacts = (firm: Firm, { desk }: FirmSetting): MutableFacts => {
  const { chance } = firm;
  if (chance.hit(25)) return {};
  const bank = chance.below(bankNames.length);
  return {
    account: desk.publicAccount(),
    bankName: bankNames[bank] as string,
    bankCode: bankCodes[bank] as string,
    accountName: chance.hit(990) ? firm.name : firm.name.replace('有限公司', '公司'),
  };
};

/** Everything about the firm that is no series and no list. */
export const firmFacts = (firm: Firm, setting: FirmSetting): MutableFacts => ({
  orgType: firm.orgType,
  fullyFunded: firm.orgType === '机关' || firm.orgType === '事业单位' ? true : null,
  ownership: firm.chance.weighted([
    ['民营', 84],
    ['国有', 7],
    ['外资', 6],
    ['集体', 3],
  ] as const),
  establishedDate: firm.founded,
  isLaborDispatch: firm.dispatch,
  industryCode: firm.dispatch ? '7263' : firm.industry,
  isLegalEntity: firm.orgType !== '个体工商户',
  enterpriseScale: firm.scale,
  ...statusFacts(firm, setting),
  ...creditFacts(firm, setting.today),
  ...catalogFacts(firm, setting),
  ...insuranceFacts(firm, setting),
  ...accountFacts(firm, setting),
});
