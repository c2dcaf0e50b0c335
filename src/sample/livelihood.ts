// Work, insurance, pay and school of a random resident, and the other end of it: whom a firm took on. Plausible marginals, no decisions.
import { addDays, addMonths, ageAt, type Day, daysBetween, fieldsOf, latest, monthsBetween } from '../base/day.ts';
import type { Chance } from './chance.ts';
import type { Person } from './household.ts';
import { type MutableFacts, type ResidentSetting, recentDay } from './resident.ts';
import { type Element, held, type Series } from './subject.ts';

/** Elements that firms will deliver about residents: firm number → rows. Bounded by the number of recent hires, not by the city. */
export interface Payroll {
  readonly hires: Map<number, Element[]>;
  readonly trainees: Map<number, Element[]>;
  readonly disabled: Map<number, Element[]>;
}

export const emptyPayroll = (): Payroll => ({ hires: new Map(), trainees: new Map(), disabled: new Map() });

const add = (to: Map<number, Element[]>, firm: number, row: Element): void => {
  const rows = to.get(firm);
  if (rows === undefined) to.set(firm, [row]);
  else rows.push(row);
};

export interface Employers {
  /** A firm number near the home, and its key and seat. */
  readonly near: (chance: Chance, home: string) => number | null;
  readonly keyOf: (firm: number) => string;
  readonly seatOf: (firm: number) => string;
}

export interface LivelihoodSetting extends ResidentSetting {
  readonly employers: Employers;
  readonly payroll: Payroll;
}

/** Last school day of a young adult: 30 June of the year of 18–23, null where there was no college. */
const graduationOf = (person: Person, today: Day): Day | null => {
  const { chance } = person;
  const college = chance.hit(560);
  const day = `${fieldsOf(person.birth).year + chance.between(21, 23)}-06-30` as Day;
  return college && day <= today ? day : null;
};

const monthsBack = (today: Day, count: number): string[] =>
  Array.from({ length: count }, (_, i) => addMonths(today, i + 1 - count).slice(0, 7));

const payrollRows = (person: Person, firm: number, since: Day, graduated: Day | null, facts: MutableFacts, s: LivelihoodSetting): void => {
  const { chance, birth, key } = person;
  const months = monthsBetween(since, s.today);
  if (daysBetween(since, s.today) < 540 && ageAt(birth, s.today) <= 30) {
    const row: Element = {
      personId: key,
      hiredDate: since,
      graduationDate: graduated,
      graduationYear: graduated === null ? null : fieldsOf(graduated).year,
      birthDate: birth,
      employedBefore: chance.hit(250),
      registeredUnemployed: chance.hit(300),
      hasLaborContract: chance.hit(960),
      jointInsuredMonths: Math.max(0, months - chance.below(2)),
    };
    add(s.payroll.hires, firm, row);
    // Now and then a second firm claims the same young person a little later; settlement must see it.
    const other = chance.hit(30) ? s.employers.near(chance, s.employers.seatOf(firm)) : null;
    if (other !== null && other !== firm) add(s.payroll.hires, other, { ...row, hiredDate: addDays(since, chance.between(10, 60)) });
  }
  if (facts.disabilityLevel === undefined) return;
  add(s.payroll.disabled, firm, {
    personId: key,
    certificate: chance.hit(900) ? '残疾人证' : '残疾军人证1-8级',
    disabilityType: chance.pick(['视力', '听力', '言语', '肢体', '智力', '精神']),
    disabilityLevel: chance.between(1, 4),
    contractMonths: chance.pick([12, 24, 36, 36]),
    monthlyWage: chance.between(21, 68) * 100,
    socialInsured: chance.hit(970),
    hiredDate: since,
  });
};

const contributions = (chance: Chance, months: number, since: Day): MutableFacts => ({
  unemploymentPaidMonths: months + chance.below(60),
  maternityConsecutiveMonths: Math.min(months, 120),
  sameEmployerMonths: months,
  contractMonths: chance.pick([12, 24, 36, 36, 60]),
  unemploymentBenefitFrom: null,
  insuredSince: since,
});

const employed = (person: Person, graduated: Day | null, facts: MutableFacts, s: LivelihoodSetting): MutableFacts => {
  const { chance, household, birth } = person;
  const firm = s.employers.near(chance, household.home);
  const grownUp = addMonths(birth, 12 * 18);
  const since = latest(latest(recentDay(chance, s.today, chance.hit(300) ? 500 : 4200), grownUp), graduated ?? grownUp);
  if (firm !== null) payrollRows(person, firm, since, graduated, facts, s);
  const months = Math.max(0, monthsBetween(since, s.today));
  const { insuredSince: _, ...paid } = contributions(chance, months, since);
  const wage = chance.between(42, 190) * 1000;
  const out: MutableFacts = {
    employmentStatus: held([since, null, chance.hit(80) ? '机关事业单位职工' : '企业在职职工']),
    registeredUnemployed: held([since, null, false]),
    involuntaryUnemployed: held([since, null, false]),
    insuredRegion: held([since, null, firm === null ? household.home : s.employers.seatOf(firm)]),
    insuredType: held([since, null, '职工']),
    employer: held([since, null, firm === null ? null : s.employers.keyOf(firm)]),
    annualWage: { 2023: wage, 2024: Math.floor(wage * 1.04), 2025: Math.floor(wage * 1.07) },
    ...paid,
  };
  if (chance.hit(40)) out.certificates = [certificate(chance, s)];
  const youngest = person.children.at(-1);
  if (person.gender === '女' && youngest !== undefined && daysBetween(youngest.birth, s.today) < 550) {
    out.birthEvents = [birthEvent(chance, youngest.birth, s)];
  }
  return out;
};

const certificate = (chance: Chance, s: LivelihoodSetting): Element => ({
  certNo: s.desk.serial('JN'),
  occupation: chance.pick(['电工', '焊工', '养老护理员', '育婴员', '数控车工']),
  level: chance.pick(['五级', '四级', '四级', '三级']),
  issuedDate: recentDay(chance, s.today, 900),
});

const birthEvent = (chance: Chance, birth: Day, s: LivelihoodSetting): Element => ({
  settlementId: s.desk.serial('SY'),
  settledDate: addDays(birth, chance.between(3, 9)),
  birthDate: birth,
  deliveryType: chance.pick(['顺产', '顺产', '剖宫产', '难产']),
  babies: chance.hit(20) ? 2 : 1,
});

/** A place to learn on the job, for up to a year. */
const trainAt = (person: Person, graduated: Day | null, s: LivelihoodSetting): void => {
  const { chance } = person;
  const firm = s.employers.near(chance, person.household.home);
  if (firm === null) return;
  const startDate = recentDay(chance, s.today, 500);
  const endDate = addMonths(startDate, chance.between(3, 12));
  const ended = endDate < s.today;
  add(s.payroll.trainees, firm, {
    personId: person.key,
    startDate,
    endDate: ended ? endDate : null,
    graduationDate: graduated,
    birthDate: person.birth,
    employedBefore: chance.hit(200),
    registeredUnemployed: true,
    retained: ended ? chance.hit(480) : null,
  });
};

const unemployed = (person: Person, graduated: Day | null, s: LivelihoodSetting): MutableFacts => {
  const { chance, household } = person;
  const since = recentDay(chance, s.today, 420);
  if (ageAt(person.birth, s.today) <= 26 && chance.hit(450)) trainAt(person, graduated, s);
  const benefit = chance.hit(450);
  return {
    employmentStatus: held([since, null, benefit ? '领取失业保险金人员' : '登记失业']),
    registeredUnemployed: held([since, null, true]),
    involuntaryUnemployed: held([since, null, chance.hit(700)]),
    insuredRegion: held([addDays(since, -900), null, household.home]),
    insuredType: held([addDays(since, -900), null, '职工']),
    unemploymentPaidMonths: chance.between(3, 180),
    maternityConsecutiveMonths: 0,
    sameEmployerMonths: 0,
    contractMonths: null,
    unemploymentBenefitFrom: benefit ? (`${addDays(since, 20).slice(0, 7)}-01` as Day) : null,
  };
};

const flexible = (person: Person, s: LivelihoodSetting): MutableFacts => {
  const { chance, household } = person;
  const since = recentDay(chance, s.today, 1500);
  const monthly = chance.between(700, 1400);
  const pensionPaid: Series = Object.fromEntries(monthsBack(s.today, 13).map((m) => [m, monthly]));
  return {
    employmentStatus: held([since, null, '灵活就业']),
    registeredUnemployed: held([since, null, false]),
    involuntaryUnemployed: held([since, null, false]),
    insuredRegion: held([since, null, household.home]),
    insuredType: held([since, null, '灵活就业']),
    pensionPaid,
  };
};

const school = (person: Person, age: number, help: string | null, s: LivelihoodSetting): MutableFacts => {
  const { chance, household } = person;
  const [stage, from] =
    age < 6
      ? ['幼儿园', 3]
      : age < 12
        ? ['小学', 6]
        : age < 15
          ? ['初中', 12]
          : age < 18
            ? [chance.hit(620) ? '高中' : '中职', 15]
            : ['高校', 18];
  const entered = `${fieldsOf(person.birth).year + (from as number)}-09-01` as Day;
  if (entered > s.today) return {};
  const poor = help !== null || chance.hit(household.rural ? 90 : 25);
  const facts: MutableFacts = {
    schoolStage: held([entered, null, stage as string]),
    boarding: held([entered, null, chance.hit(household.rural ? 380 : 80)]),
    schoolRegion: held([entered, null, household.home]),
  };
  if (!poor) return facts;
  const named = [...(chance.hit(300) ? ['建档立卡'] : []), ...(household.rural && help === '低保' ? ['农村低保'] : [])];
  const assessed = latest(entered, '2025-09-01' as Day);
  facts.economicHardship = held([assessed, null, true]);
  facts.hardshipCategories = held([assessed, null, named.length > 0 ? named : null]);
  return facts;
};

/** Where the person learns or earns; below the working age only school. */
export const livelihoodFacts = (person: Person, help: string | null, facts: MutableFacts, s: LivelihoodSetting): MutableFacts => {
  const { chance } = person;
  const age = ageAt(person.birth, s.today);
  if (age < 3) return {};
  if (age < 18) return school(person, age, help, s);
  if (age >= 61) {
    const retired = addMonths(person.birth, 720);
    return { insuredRegion: held([retired, null, person.household.home]), insuredType: held([retired, null, '城乡居民']) };
  }
  const graduated = age <= 32 ? graduationOf(person, s.today) : null;
  const learned: MutableFacts = graduated === null ? {} : { graduationDate: graduated };
  if (age <= 21 && graduated === null && chance.hit(500)) return { ...school(person, age, help, s), ...learned };
  const state = chance.weighted([
    ['employed', 66],
    ['flexible', 14],
    ['unemployed', 6],
    ['none', 14],
  ] as const);
  if (state === 'employed') return { ...learned, ...employed(person, graduated, facts, s) };
  if (state === 'flexible') return { ...learned, ...flexible(person, s) };
  if (state === 'unemployed') return { ...learned, ...unemployed(person, graduated, s) };
  const grownUp = addMonths(person.birth, 12 * 18);
  return { ...learned, insuredRegion: held([grownUp, null, person.household.home]), insuredType: held([grownUp, null, '城乡居民']) };
};
