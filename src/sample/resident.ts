// What police, civil affairs, health and the disabled persons' federation know of a random resident. Plausible marginals, no decisions.
import { addDays, addMonths, ageAt, type Day, latest } from '../base/day.ts';
import type { Chance } from './chance.ts';
import type { Person } from './household.ts';
import type { IdentityDesk } from './identity.ts';
import type { Places } from './place.ts';
import { type Element, type FactValue, held, type Spans } from './subject.ts';

export interface ResidentSetting {
  readonly today: Day;
  readonly places: Places;
  readonly desk: IdentityDesk;
}

export type MutableFacts = Record<string, FactValue>;

/** A day within the last `days`. */
export const recentDay = (chance: Chance, today: Day, days: number): Day => addDays(today, -1 - chance.below(days));

/** Dies with a chance that grows with age, within the last two years; three sources, three days, one of which may be missing. */
const deathFacts = (person: Person, age: number, setting: ResidentSetting): MutableFacts => {
  const { chance } = person;
  if (!chance.hit(age >= 90 ? 110 : age >= 80 ? 55 : age >= 65 ? 18 : 1)) return { deathDate: null };
  const died = latest(recentDay(chance, setting.today, 600), addDays(person.birth, 1));
  const sources: Record<string, Day> = { 'health-deaths': addDays(died, chance.below(3)) };
  if (chance.hit(850)) sources['civil-cremations'] = addDays(died, chance.between(0, 4));
  if (chance.hit(800)) sources['police-residents'] = addDays(died, chance.between(0, 12));
  for (const [source, day] of Object.entries(sources)) if (day > setting.today) delete sources[source];
  return { deathDate: { sources: { 'police-residents': null, ...sources } } };
};

const hukouFacts = (person: Person, { today, places }: ResidentSetting): MutableFacts => {
  const { chance, birth, household } = person;
  const type = household.rural ? '农村' : '城镇';
  const moved = recentDay(chance, today, 500);
  if (!chance.hit(35) || moved <= birth) return { hukouRegion: held([birth, null, household.home]), hukouType: held([birth, null, type]) };
  const elsewhere = places.homeOf(chance);
  const [before, after] = chance.hit(500) ? [elsewhere, household.home] : [household.home, elsewhere];
  return {
    hukouRegion: held([birth, moved, before], [moved, null, after]),
    hukouType: held([birth, moved, type], [moved, null, type]),
  };
};

const childRows = (person: Person, setting: ResidentSetting): readonly Element[] => {
  const { chance, household } = person;
  const own = person.children.map(
    (child, i): Element => ({
      childId: child.key,
      birthDate: child.birth,
      order: i + 1,
      gender: child.gender,
      hukouRegion: household.home,
      lawfulBirth: true,
      adopted: false,
      premarital: person.wedding !== null && child.birth < person.wedding,
      alive: true,
      disabilityLevel: null,
    }),
  );
  const grown = person.grown.map((birth, i): Element => {
    const alive = !chance.hit(25);
    return {
      childId: setting.desk.serial('ZN'),
      birthDate: birth,
      order: i + 1,
      gender: chance.hit(520) ? '男' : '女',
      hukouRegion: chance.hit(700) ? household.home : setting.places.homeOf(chance),
      lawfulBirth: true,
      adopted: chance.hit(20),
      premarital: false,
      alive,
      disabilityLevel: chance.hit(25) ? chance.between(1, 4) : null,
    };
  });
  return [...own, ...grown];
};

const since = (chance: Chance, person: Person, today: Day, v: FactValue & (string | readonly string[] | boolean | number)): Spans =>
  held([latest(recentDay(chance, addMonths(today, -6), 2200), person.birth), chance.hit(40) ? recentDay(chance, today, 150) : null, v]);

const medicalClass: Readonly<Record<string, string>> = { 低保: '低保', 特困: '特困', 低保边缘: '低保边缘' };

/** Help is given to the household: its first member's chance decides for all of them, so the class is passed in. */
const assistanceFacts = (person: Person, help: string | null, today: Day): MutableFacts => {
  if (help === null) return {};
  const facts: MutableFacts = { householdAssistance: since(person.chance, person, today, [help]) };
  const medical = medicalClass[help];
  if (medical !== undefined) facts.assistanceCategories = since(person.chance, person, today, [medical]);
  return facts;
};

export const householdHelp = (person: Person): string | null => {
  const poor = person.household.rural ? 90 : 45;
  if (!person.chance.hit(poor)) return null;
  return person.chance.weighted([
    ['低保', 5],
    ['低收入', 3],
    ['低保边缘', 2],
    ['特困', 1],
  ] as const);
};

const disabilityFacts = (person: Person, age: number, today: Day): MutableFacts => {
  const { chance } = person;
  if (!chance.hit(age >= 60 ? 60 : 28)) return {};
  const kinds = ['视力', '听力', '言语', '肢体', '智力', '精神'];
  const first = chance.weighted([
    ['肢体', 5],
    ['视力', 2],
    ['听力', 2],
    ['智力', 1],
    ['精神', 1],
  ] as const);
  const types = chance.hit(70) ? [...new Set([first, chance.pick(kinds)])] : [first];
  const from = latest(recentDay(chance, today, 3000), addDays(person.birth, 1));
  return { disabilityTypes: held([from, null, types]), disabilityLevel: held([from, null, chance.between(1, 4)]) };
};

const familyPlanningFacts = (person: Person, age: number, today: Day): MutableFacts => {
  if (age < 45) return {};
  const { chance } = person;
  const facts: MutableFacts = {};
  if (person.household.rural) facts.familyPlanningViolations = chance.hit(40) ? 1 : 0;
  if (age >= 49 && person.children.length === 0 && person.grown.length <= 1 && chance.hit(50)) {
    facts.familyPlanningSpecial = since(chance, person, today, true);
  }
  return facts;
};

const groupFacts = (person: Person, age: number, setting: ResidentSetting): MutableFacts => {
  const { chance } = person;
  const { today, places } = setting;
  const facts: MutableFacts = {};
  const groups: string[] = [];
  if (person.role === 'orphan') {
    groups.push(
      chance.weighted([
        ['孤儿', 6],
        ['事实无人抚养儿童', 4],
        ['艾滋病病毒感染儿童', 1],
      ] as const),
    );
    facts.careMode = since(chance, person, today, chance.hit(250) ? '集中养育' : '社会散居');
  }
  if (person.gender === '男' && age >= 22 && chance.hit(age >= 60 ? 90 : 35)) {
    groups.push('退役军人');
    const enlisted = addMonths(person.birth, 12 * chance.between(18, 21) + chance.below(12));
    facts.enlistDate = enlisted;
    facts.conscriptYears = chance.between(2, 6);
    if (chance.hit(60)) facts.enjoyedPolicies = since(chance, person, today, ['国家定期抚恤补助']);
  }
  if (person.household.rural && chance.hit(60)) groups.push('脱贫人口');
  if (groups.length > 0) facts.categories = since(chance, person, today, groups);
  if (places.isWithin(person.household.home, '652827') && person.household.rural && chance.hit(260)) {
    facts.designatedDate = addDays(today, -chance.between(300, 7900));
    facts.officialLists = held([facts.designatedDate, null, ['水库移民核定名册']]);
  }
  if (age >= 18 && chance.hit(2)) {
    facts.custodyStatus = held([recentDay(chance, today, 900), chance.hit(400) ? recentDay(chance, today, 60) : null, '服刑']);
  }
  return facts;
};

/** Everything these offices hold about the person. */
export const civilFacts = (person: Person, help: string | null, setting: ResidentSetting): MutableFacts => {
  const { today } = setting;
  const age = Math.max(0, ageAt(person.birth, today));
  const spouse = person.spouse;
  const children = childRows(person, setting);
  return {
    gender: person.gender,
    birthDate: person.birth,
    ...deathFacts(person, age, setting),
    ...hukouFacts(person, setting),
    ...(spouse === null || person.wedding === null ? {} : { spouse: held([person.wedding, null, spouse.key]) }),
    ...(children.length > 0 ? { children } : {}),
    ...assistanceFacts(person, help, today),
    ...disabilityFacts(person, age, today),
    ...familyPlanningFacts(person, age, today),
    ...groupFacts(person, age, setting),
  };
};
