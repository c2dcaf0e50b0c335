// Households: who lives together, who is whose spouse and child, when they were born, moved and died. Structure only; what offices
// know about each person is `resident.ts` and its neighbours.
import { addDays, addMonths, type Day, daysBetween } from '../base/day.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { IdentityDesk } from './identity.ts';
import { type Gender, personName, surnameOf } from './names.ts';
import type { Places } from './place.ts';

export interface Person {
  readonly key: string;
  readonly name: string;
  readonly gender: Gender;
  readonly birth: Day;
  readonly role: 'elder' | 'parent' | 'child' | 'single' | 'orphan';
  /** Own chance: what is asked of one person never changes another. */
  readonly chance: Chance;
  readonly household: Household;
  spouse: Person | null;
  wedding: Day | null;
  readonly children: Person[];
  /** Grown-up children who live elsewhere, by birth day. */
  readonly grown: Day[];
}

export interface Household {
  readonly number: number;
  readonly home: string;
  readonly rural: boolean;
  readonly people: Person[];
}

export interface HouseholdSetting {
  readonly seed: number;
  readonly today: Day;
  readonly places: Places;
  readonly desk: IdentityDesk;
}

/** A birth day that makes somebody between `young` and `old` complete years today. */
export const bornAged = (chance: Chance, today: Day, young: number, old: number): Day => {
  const last = addMonths(today, -12 * young);
  const first = addDays(addMonths(today, -12 * (old + 1)), 1);
  return addDays(first, chance.below(daysBetween(first, last) + 1));
};

const builder = (setting: HouseholdSetting, household: Household) => {
  const { seed, desk } = setting;
  return (role: Person['role'], gender: Gender, birth: Day, surname: string): Person => {
    const chance = chanceOf(seed, `person ${household.number}.${household.people.length}`);
    const name = personName(chance, gender, surname);
    const key = desk.citizenId(household.home, birth, gender);
    const person: Person = {
      key,
      name,
      gender,
      birth,
      role,
      chance,
      household,
      spouse: null,
      wedding: null,
      children: [],
      grown: [],
    };
    household.people.push(person);
    return person;
  };
};

type Builder = ReturnType<typeof builder>;

const marry = (a: Person, b: Person, wedding: Day): void => {
  a.spouse = b;
  b.spouse = a;
  a.wedding = wedding;
  b.wedding = wedding;
};

const couple = (chance: Chance, build: Builder, role: 'elder' | 'parent', today: Day, young: number, old: number): [Person, Person] => {
  const birth = bornAged(chance, today, young, old);
  const husband = build(role, '男', birth, surnameOf(chance));
  const wife = build(role, '女', addDays(birth, chance.between(-1000, 2200)), surnameOf(chance));
  marry(husband, wife, addDays(birth, chance.between(8400, 10_200)));
  return [husband, wife];
};

/** Elders have their children elsewhere; most of the older ones had two or three, the only-child years one. */
const elders = (chance: Chance, build: Builder, today: Day, surname?: string): void => {
  const alone = chance.hit(450);
  const grown = chance.weighted([
    [0, 4],
    [1, 38],
    [2, 36],
    [3, 22],
  ] as const);
  const people = alone
    ? [
        build(
          'elder',
          chance.hit(620) ? '女' : '男',
          bornAged(
            chance,
            today,
            62,
            chance.weighted([
              [79, 6],
              [94, 5],
              [103, 1],
            ]),
          ),
          surname ?? surnameOf(chance),
        ),
      ]
    : couple(
        chance,
        build,
        'elder',
        today,
        60,
        chance.weighted([
          [75, 6],
          [88, 3],
        ]),
      );
  const first = people[0] as Person;
  for (let i = 0; i < grown; i++) {
    const day = addDays(first.birth, 8600 + i * 1100 + chance.below(900));
    for (const p of people) p.grown.push(day);
  }
};

const family = (chance: Chance, build: Builder, today: Day): void => {
  const parents = couple(chance, build, 'parent', today, 25, 46);
  const wanted = chance.weighted([
    [0, 10],
    [1, 50],
    [2, 33],
    [3, 7],
  ] as const);
  const first = addDays(parents[0].wedding as Day, chance.between(200, 1500));
  for (let i = 0; i < wanted; i++) {
    const birth = addDays(first, i * chance.between(700, 1500));
    if (birth > addDays(today, -20)) break;
    const child = build('child', chance.hit(515) ? '男' : '女', birth, parents[0].name.charAt(0));
    for (const p of parents) p.children.push(child);
  }
  if (chance.hit(180)) elders(chance, build, today, parents[0].name.charAt(0));
};

const orphanage = (chance: Chance, build: Builder, today: Day): void => {
  const surname = surnameOf(chance);
  build('orphan', chance.hit(500) ? '男' : '女', bornAged(chance, today, 2, 17), surname);
  if (chance.hit(700)) build('elder', chance.hit(600) ? '女' : '男', bornAged(chance, today, 58, 76), surname);
};

/** Household `number`, the same one for the same seed whoever asks. */
export const householdOf = (setting: HouseholdSetting, number: number): Household => {
  const { today, places } = setting;
  const chance = chanceOf(setting.seed, `household ${number}`);
  const home = places.homeOf(chance);
  // Towns and villages stand below counties in the tree; districts of cities are the two first county numbers.
  const countryside = home.length > 6 || Number(home.slice(4, 6)) > 20;
  const household: Household = { number, home, rural: chance.hit(countryside ? 640 : 120), people: [] };
  const build = builder(setting, household);
  const kind = chance.weighted([
    ['elders', 30],
    ['family', 40],
    ['single', 22],
    ['orphan', 1],
  ] as const);
  if (kind === 'elders') elders(chance, build, today);
  else if (kind === 'family') family(chance, build, today);
  else if (kind === 'orphan') orphanage(chance, build, today);
  else build('single', chance.hit(500) ? '男' : '女', bornAged(chance, today, 19, chance.hit(500) ? 27 : 58), surnameOf(chance));
  return household;
};
