// Figures of random firms over years, quarters and months: revenue, output, electricity, premiums, heads. Whole yuan, growth drawn
// year by year, so that thresholds of real policies are met by some and missed by most.
import { addMonths, type Day, fieldsOf, periodOf, periodsBetween } from '../base/day.ts';
import { type Chance, fromQuantiles } from './chance.ts';
import type { Firm, FirmSetting } from './firm.ts';
import type { MutableFacts } from './resident.ts';
import type { Scalar, Series } from './subject.ts';

const years = (from: number, to: number): number[] => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** Per mille of the year before: most firms creep, some leap, some shrink. */
const growth = (chance: Chance): number => fromQuantiles(chance, [700, 900, 970, 1010, 1040, 1070, 1110, 1180, 1320, 1700]);

/** Yearly values that end in `last`, walked from a first year so that the end fits the firm's size. */
const walk = (chance: Chance, first: number, span: readonly number[]): Record<string, number> => {
  const values: Record<string, number> = {};
  let value = first;
  for (const year of span) {
    values[String(year)] = value;
    value = Math.floor((value * growth(chance)) / 1000);
  }
  return values;
};

const scaled = (values: Readonly<Record<string, number>>, perMille: () => number): Record<string, Scalar> =>
  Object.fromEntries(Object.entries(values).map(([year, v]) => [year, Math.floor((v * perMille()) / 1000)]));

/** Quarters closed by today. */
const closedQuarters = (from: Day, today: Day): string[] =>
  periodsBetween('quarterly', from, today)
    .filter((p) => p.end < today)
    .map((p) => p.key);

const gridFacts = (firm: Firm, revenue: number, today: Day): MutableFacts => {
  const { chance } = firm;
  const kwh: Record<string, Scalar | null> = {};
  const cost: Record<string, Scalar | null> = {};
  const differential: Record<string, Scalar | null> = {};
  const base = Math.floor(revenue / 40);
  for (const quarter of closedQuarters('2023-01-01' as Day, today)) {
    const opened = periodOf('quarterly', firm.founded).key;
    const used = quarter <= opened ? 0 : Math.floor((base * growth(chance)) / 1000);
    kwh[quarter] = used === 0 && chance.hit(500) ? null : used;
    cost[quarter] = Math.floor(used * 0.66);
    differential[quarter] = firm.industry.startsWith('31') && chance.hit(200) ? Math.floor(used / 10) : null;
  }
  return {
    electricityKwh: kwh as Series,
    electricityCost: cost as Series,
    differentialPriceKwh: differential as Series,
    ownMeterSameName: chance.hit(900),
  };
};

const industrialFacts = (firm: Firm, revenue: Readonly<Record<string, number>>, setting: FirmSetting): MutableFacts => {
  const { chance, aboveScaleSince } = firm;
  if (aboveScaleSince === null) return {};
  const output = scaled(revenue, () => chance.between(950, 1080));
  const entered = fieldsOf(aboveScaleSince).year;
  const gone = chance.hit(40);
  const left = addMonths(setting.today, -chance.between(3, 20));
  const stays = gone && left > aboveScaleSince ? left : null;
  const strategic = chance.hit(90);
  const facts: MutableFacts = {
    isAboveScaleIndustry: { spans: [{ from: aboveScaleSince, to: stays, v: true }] },
    isAboveScaleManufacturing: { spans: [{ from: aboveScaleSince, to: stays, v: true }] },
    firstAboveScaleDate: aboveScaleSince,
    aboveScaleExits: stays === null ? 0 : 1,
    statEntryDate: aboveScaleSince,
    commissionedDate: addMonths(firm.founded, 8),
    statProvince: setting.places.provinceOf(firm.seat),
    firstStatReportYear: entered,
    strategicEntryYear: strategic ? chance.between(2023, 2025) : null,
    output,
    valueAdded: scaled(revenue, () => chance.between(180, 260)),
    strategicOutput: scaled(revenue, () => (strategic ? chance.between(300, 700) : 0)),
    sales: scaled(revenue, () => chance.between(960, 1040)),
    energyQuotaCompliant: { spans: [{ from: '2024-01-01' as Day, to: null, v: chance.hit(930) }] },
  };
  const quarterly: Record<string, Scalar> = {};
  for (const quarter of closedQuarters('2021-01-01' as Day, setting.today)) {
    const year = revenue[quarter.slice(0, 4)] ?? revenue[String(fieldsOf(setting.today).year - 1)] ?? 0;
    quarterly[quarter] = Math.floor((year / 4) * (growth(chance) / 1000));
  }
  return { ...facts, outputQuarterly: quarterly, salesQuarterly: quarterly };
};

const investmentFacts = (firm: Firm, revenue: Readonly<Record<string, number>>): MutableFacts => {
  const { chance, trade } = firm;
  const facts: MutableFacts = {};
  if (trade === '制造' && chance.hit(220)) {
    facts.equipmentInvestment = scaled(revenue, () => chance.between(0, 120));
    facts.robotInvestment = scaled(revenue, () => (chance.hit(200) ? chance.between(5, 40) : 0));
    facts.equityInvestment = scaled(revenue, () => (chance.hit(80) ? chance.between(20, 200) : 0));
  }
  if (trade !== '服务' && chance.hit(180)) facts.tradeVolume = scaled(revenue, () => chance.between(100, 700));
  return facts;
};

const socialFacts = (firm: Firm, { today, places }: FirmSetting): MutableFacts => {
  const { chance, headcount } = firm;
  const premium: Record<string, Scalar> = {};
  const layoff: Record<string, Scalar> = {};
  const wage: Record<string, Scalar> = {};
  const heads: Record<string, Scalar> = {};
  const thisYear = fieldsOf(today).year;
  for (const year of years(Math.max(2023, fieldsOf(firm.founded).year), thisYear - 1)) {
    premium[year] = headcount * chance.between(480, 1150);
    layoff[year] = chance.hit(550) ? 0 : `0.${String(chance.between(1, 240)).padStart(3, '0')}`;
    wage[year] = chance.between(38, 110) * 100;
    heads[year] = headcount;
  }
  const insured: Record<string, Scalar> = {};
  const elsewhere: Record<string, Scalar> = {};
  // The last half year, the last year's end, and 2022 where the epidemic's allowances look back to it.
  const epidemic = places.isWithin(firm.seat, '450300') || places.isWithin(firm.seat, '520000');
  const recent = Array.from({ length: 6 }, (_, i) => addMonths(today, i - 6).slice(0, 7));
  const months = [...(epidemic ? ['2022-03', '2022-06', '2022-09'] : []), `${thisYear - 2}-12`, ...recent];
  for (const month of months.filter((m) => m >= firm.founded.slice(0, 7))) {
    insured[month] = headcount;
    elsewhere[month] = chance.hit(60) ? chance.below(Math.max(1, Math.floor(headcount / 4))) : 0;
  }
  return {
    unemploymentPremium: premium,
    layoffRate: layoff,
    avgContributionWage: wage,
    headcount: heads,
    insuredCount: insured,
    insuredElsewhere: elsewhere,
  };
};

/** Every series of the firm, and the facts that only stand beside them. */
export const firmSeries = (firm: Firm, setting: FirmSetting): MutableFacts => {
  const { chance } = firm;
  const lastYear = fieldsOf(setting.today).year - 1;
  const span = years(Math.max(2014, fieldsOf(firm.founded).year + 1), lastYear);
  const first = firm.headcount * fromQuantiles(chance, [90_000, 180_000, 320_000, 560_000, 1_100_000, 2_600_000]);
  const revenue = walk(chance, first, span);
  const last = revenue[String(lastYear)] ?? first;
  const research = firm.trade === '农业' || chance.hit(500) ? 0 : chance.between(5, 90);
  // Tax declarations are delivered for the last seven years; statistics reach back to 2014.
  const declared = Object.fromEntries(Object.entries(revenue).filter(([year]) => Number(year) > lastYear - 7));
  return {
    revenue: declared,
    totalRevenue: scaled(declared, () => chance.between(1000, 1060)),
    rdSpend: scaled(declared, () => research),
    rdDeductible: scaled(declared, () => Math.floor(research * 0.9)),
    ...socialFacts(firm, setting),
    ...(firm.trade === '制造' ? gridFacts(firm, last, setting.today) : {}),
    ...industrialFacts(firm, revenue, setting),
    ...investmentFacts(firm, declared),
  };
};
