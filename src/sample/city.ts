// The sample city: writes the CSV files that departments would deliver about made-up residents and firms, and says what was planted
// among them. The same seed and day give the same bytes on every machine.
import { type Day, day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type BadRow, blanker, writeBadRows } from './blemish.ts';
import { type Delivery, type DeliveryDesk, deliveryDesk } from './delivery.ts';
import { employersOf, type FirmSetting, type FirmStub, firmFacts, firmOf, firmStub } from './firm.ts';
import { firmLists } from './firm-lists.ts';
import { firmSeries } from './firm-series.ts';
import { guardianFacts, homesOf } from './home.ts';
import { type Household, householdOf } from './household.ts';
import { identityDesk } from './identity.ts';
import { emptyPayroll, type LivelihoodSetting, livelihoodFacts } from './livelihood.ts';
import { type Places, placesOf } from './place.ts';
import { type Planted, plantAll } from './plant.ts';
import { civilFacts, householdHelp } from './resident.ts';
import type { Subject } from './subject.ts';
import { contactFacts, villageFacts } from './village.ts';

export interface CityOptions {
  readonly firms: number;
  readonly residents: number;
  readonly seed: number;
  readonly asOf: Day;
  readonly catalogue: Catalogue;
  /** Directory the files are written to; made when missing. */
  readonly out: string;
}

export interface City {
  readonly deliveries: readonly Delivery[];
  readonly planted: readonly Planted[];
  /** Rows the import must refuse; every other row lands. */
  readonly expectedBadRows: readonly BadRow[];
}

/** What every command uses unless told otherwise. 2026Q1 is closed, April's allowances are due. */
export const cityDefaults = { firms: 3000, residents: 30_000, seed: 7, asOf: day('2026-04-15') } as const;

/** Called for every subject, planted ones first, residents after their household and before the firms that employ them. */
export type Visit = (subject: Subject, planted: boolean) => void;

export const placesIn = (catalogue: Catalogue): Places => {
  const tree = catalogue.trees.find((t) => t.id === 'division');
  if (tree === undefined) throw new Error('the catalogue has no division tree');
  return placesOf(tree);
};

/** The one county whose police have delivered the register of households so far. */
const registered = '530128';

const visitHousehold = (household: Household, setting: LivelihoodSetting, left: number, visit: Visit): number => {
  const head = household.people[0];
  const help = head === undefined ? null : householdHelp(head);
  const cards = { first: null };
  const homes = setting.places.isWithin(household.home, registered) ? homesOf(household, setting.today) : null;
  for (const one of homes?.subjects ?? []) visit(one, false);
  let count = 0;
  for (const person of household.people) {
    if (count >= left) break;
    const civil = civilFacts(person, help, setting);
    const facts = {
      ...homes?.membership(person),
      ...guardianFacts(person),
      ...civil,
      ...livelihoodFacts(person, help, civil, setting),
      ...villageFacts(person, cards, setting.employers, setting),
    };
    visit({ register: 'citizen', key: person.key, name: person.name, division: household.home, facts }, false);
    count++;
  }
  return count;
};

/** Walks through the whole city, one household and one firm at a time. */
export const walkCity = (options: Omit<CityOptions, 'out'>, places: Places, visit: Visit): readonly Planted[] => {
  const { seed, asOf: today } = options;
  const planted = plantAll((subject) => visit(subject, true));
  const desk = identityDesk('random');
  const firms: FirmSetting = { seed, today, places, desk };
  const stubs: FirmStub[] = [];
  for (let i = 0; i < options.firms; i++) stubs.push(firmStub(firms, i));
  const payroll = emptyPayroll();
  const setting: LivelihoodSetting = { today, places, desk, payroll, employers: employersOf(stubs, places) };
  let written = 0;
  for (let number = 0; written < options.residents; number++) {
    const household = householdOf({ seed, today, places, desk }, number);
    written += visitHousehold(household, setting, options.residents - written, visit);
  }
  stubs.forEach((stub, i) => {
    const firm = firmOf(firms, i, stub);
    const facts = { ...firmFacts(firm, firms), ...firmSeries(firm, firms), ...firmLists(firm, firms, payroll) };
    const contact = firm.chance.hit(930) ? contactFacts(firm.chance, firms, 700) : {};
    visit({ register: 'enterprise', key: firm.key, name: firm.name, division: firm.seat, facts: { ...facts, ...contact } }, false);
  });
  return planted;
};

/** On the lists by name, and in no register: they wait for somebody to say who they are. */
const strangers = ['样例查无此企业机械有限公司', '样例外省某某新材料有限公司', '样例查无此企业机械有限公司二分厂'];

const deliverTo = (desk: DeliveryDesk, seed: number): Visit => {
  const blank = blanker(seed);
  return (subject, planted) => desk.deliver(subject, planted ? undefined : blank);
};

/** Writes the city's first deliveries, all as of `asOf` or a few days before. Throws when a planted subject cannot be said in the catalogue's datasets. */
export const generateCity = (options: CityOptions): City => {
  const places = placesIn(options.catalogue);
  const { datasets } = options.catalogue;
  const desk = deliveryDesk({ datasets, places, today: options.asOf, directory: options.out });
  const planted = walkCity(options, places, deliverTo(desk, options.seed));
  for (const name of strangers) desk.raw('department-lists', '350582', [name, '省战略性新兴产业年报库', '2023-01-01', '']);
  const expectedBadRows = writeBadRows(desk, datasets, identityDesk('bad'));
  return { deliveries: desk.close(), planted, expectedBadRows };
};
