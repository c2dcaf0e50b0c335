// Households as the police register them: who belongs to which since when, and where an elder lived before moving in with the children. And who looks after
// an orphan. Nothing here is drawn by chance: the city stays what it was without it.
import { addDays, type Day, latest } from '../base/day.ts';
import type { Household, Person } from './household.ts';
import { type Facts, held, type Subject } from './subject.ts';

export interface Homes {
  /** The household, and those its elders came from. */
  readonly subjects: readonly Subject[];
  readonly membership: (person: Person) => Facts;
}

const keyOf = (household: Household, part = 0): string =>
  `${household.home.slice(0, 6)}${String(household.number * 10 + part).padStart(10, '0')}`;

const roleOf = (person: Person, head: Person): string => {
  if (person === head) return '户主';
  if (person === head.spouse) return '配偶';
  if (person.role === 'child') return '子女';
  return person.role === 'elder' && head.role === 'parent' ? '父母' : '其他';
};

/** An elder in a family moved in some years ago; until then there was a household of his own. */
const movedIn = (person: Person, head: Person): boolean => person.role === 'elder' && head.role === 'parent';

export const homesOf = (household: Household, today: Day): Homes => {
  const [head] = household.people;
  if (head === undefined) return { subjects: [], membership: () => ({}) };
  const key = keyOf(household);
  const elders = household.people.filter((person) => movedIn(person, head));
  const before = keyOf(household, 1);
  const moved = addDays(today, -(400 + (household.number % 1500)));
  const subject = (own: string, of: Person): Subject => ({
    register: 'household',
    key: own,
    name: of.name,
    division: household.home,
    facts: { head: of.key },
  });
  const since = (person: Person): Day =>
    person === head.spouse && head.wedding !== null
      ? head.wedding
      : person.role === 'child'
        ? person.birth
        : latest(person.birth, head.birth);
  return {
    subjects: [subject(key, head), ...(elders[0] === undefined ? [] : [subject(before, elders[0])])],
    membership: (person) => {
      const role = roleOf(person, head);
      if (!movedIn(person, head)) return { household: held([since(person), null, key]), householdRole: held([since(person), null, role]) };
      const own = person === elders[0] ? '户主' : '配偶';
      return {
        household: held([person.birth, moved, before], [moved, null, key]),
        householdRole: held([person.birth, moved, own], [moved, null, role]),
      };
    },
  };
};

/** The grown-up who lives with an orphan is the guardian the civil affairs office has entered. */
export const guardianFacts = (person: Person): Facts => {
  const guardian = person.role === 'orphan' ? person.household.people.find((one) => one.role === 'elder') : undefined;
  return guardian === undefined ? {} : { guardian: held([addDays(person.birth, 200), null, guardian.key]) };
};
