// Land, machines, medical bills, funerals, small businesses, and the accounts benefits go to: the rest of what offices hold on residents.
import { ageAt, type Day, fieldsOf } from '../base/day.ts';
import type { Chance } from './chance.ts';
import type { Person } from './household.ts';
import { bankCodes } from './identity.ts';
import type { Employers } from './livelihood.ts';
import { bankNames } from './names.ts';
import { type MutableFacts, type ResidentSetting, recentDay } from './resident.ts';
import { type Element, held } from './subject.ts';

/** Hundredths as decimal text: areas and bills are never floats. */
export const hundredths = (n: number): string => `${Math.floor(n / 100)}.${String(n % 100).padStart(2, '0')}`;

const landFacts = (person: Person, { today, places, desk }: ResidentSetting): MutableFacts => {
  const { chance, household } = person;
  const facts: MutableFacts = {};
  const year = fieldsOf(today).year;
  if (chance.hit(places.isWithin(household.home, '411721') ? 420 : 60)) {
    facts.landParcels = Array.from(
      { length: chance.between(1, 4) },
      (): Element => ({
        parcelId: desk.serial('DK'),
        year: chance.hit(800) ? year : year - 1,
        eligibleMu: hundredths(chance.between(60, 900)),
      }),
    );
  }
  if (places.isWithin(household.home, '510700') && chance.hit(160)) {
    const mu = chance.pick([12, 30, 45, 99, 100, 140, 320, 500, 760]);
    facts.grainMu = { [String(year - 1)]: hundredths(mu * 100 + chance.below(60)), [String(year)]: hundredths(mu * 100) };
  }
  if (places.isWithin(household.home, '430000') && chance.hit(90)) {
    facts.machines = [
      {
        machineNo: desk.serial('NJ'),
        purchasedDate: `2021-0${chance.between(3, 9)}-1${chance.below(9)}`,
        category: chance.pick(['一般', '烘干机', '100马力以上拖拉机', '履带式拖拉机', '柴油水稻插秧机']),
        avgMarketPrice: chance.between(20, 900) * 1000,
        catalogListed: chance.hit(900),
      },
    ];
  }
  return facts;
};

const billFacts = (person: Person, age: number, { today, desk, places }: ResidentSetting): MutableFacts => {
  const { chance, household } = person;
  const facts: MutableFacts = {};
  if (chance.hit(age >= 60 ? 130 : 40)) {
    facts.medicalSettlements = Array.from(
      { length: chance.between(1, 3) },
      (): Element => ({
        settlementId: desk.serial('YB'),
        settledDate: recentDay(chance, today, 460),
        kind: chance.pick(['普通门诊', '门诊慢特病', '住院']),
        selfPay: hundredths(chance.between(20_00, 9_000_00)),
      }),
    );
  }
  if (places.isWithin(household.home, '150500') && age >= 40 && chance.hit(40))
    facts.funerals = [funeral(chance, household.home, desk.serial('BZ'), today)];
  return facts;
};

const funeral = (chance: Chance, region: string, funeralId: string, today: Day): Element => ({
  funeralId,
  servedDate: recentDay(chance, today, 300),
  region,
  categories: [chance.pick(['低保', '特困', '其他', '其他'])],
  ecoBurial: chance.hit(300),
  transport: chance.between(200, 500),
  storage: chance.between(0, 400),
  cremation: chance.between(180, 400),
  coffin: chance.between(100, 260),
  urn: chance.between(120, 400),
  keeping: chance.between(0, 300),
  ecoFee: chance.between(0, 900),
});

const businessFacts = (person: Person, age: number, employers: Employers, today: Day): MutableFacts => {
  const { chance, household } = person;
  if (age < 20 || age > 60 || !chance.hit(25)) return {};
  const firm = employers.near(chance, household.home);
  if (firm === null) return {};
  return {
    business: held([recentDay(chance, today, 2000), null, employers.keyOf(firm)]),
    leaseMatchesRegistered: chance.hit(700),
    leaseMonths: chance.between(3, 48),
  };
};

/** The first card of a household, which others in it may be paid on. */
export interface Cards {
  first: { readonly account: string; readonly holder: string } | null;
}

/** Social security cards of a household: now and then a child is paid on a parent's card, or a couple shares one. */
const cardFacts = (person: Person, cards: Cards, { desk }: ResidentSetting): MutableFacts => {
  const { chance } = person;
  const shared = cards.first;
  const bank = chance.below(bankNames.length);
  const account = desk.card();
  const borrows = shared !== null && chance.hit(person.role === 'child' ? 120 : 8);
  if (shared === null) cards.first = { account, holder: person.name };
  return {
    account: borrows ? shared.account : account,
    bankName: bankNames[bank] as string,
    bankCode: bankCodes[bank] as string,
    accountName: borrows ? shared.holder : person.name,
    sscFinancialActivated: chance.hit(955),
  };
};

export const contactFacts = (chance: Chance, { desk }: Pick<ResidentSetting, 'desk'>, mailPerMille: number): MutableFacts => {
  const phone = desk.phone();
  return { phone, email: chance.hit(mailPerMille) ? `r${phone}@example.com` : null };
};

export const villageFacts = (person: Person, cards: Cards, employers: Employers, s: ResidentSetting): MutableFacts => {
  const age = ageAt(person.birth, s.today);
  return {
    ...(person.household.rural && age >= 18 ? landFacts(person, s) : {}),
    ...billFacts(person, age, s),
    ...businessFacts(person, age, employers, s.today),
    ...cardFacts(person, cards, s),
    ...(age >= 16 && person.chance.hit(880) ? contactFacts(person.chance, s, 420) : {}),
  };
};
