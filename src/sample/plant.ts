// Turns the tables of planted subjects into subjects with keys, names and accounts, and into expectations a demo or test can check.
import type { Day } from '../base/day.ts';
import { chanceOf } from './chance.ts';
import { bankCodes, type IdentityDesk, identityDesk } from './identity.ts';
import { bankNames, firmName, type Gender, personName } from './names.ts';
import { plantedTables } from './planted/all.ts';
import {
  type Companion,
  fresh,
  isCompanion,
  type PlantedCase,
  type PlantedFacts,
  type PlantedTable,
  someone,
  type Verdict,
  type YuanText,
} from './planted/table.ts';
import type { Element, Facts, FactValue, Subject } from './subject.ts';

/** What the policy's text says of one planted subject in one period. `amountFen` is the gross amount of the match, before settlement. */
export interface Planted {
  readonly item: string;
  readonly register: 'citizen' | 'enterprise';
  readonly key: string;
  readonly periodKey: string;
  readonly name: string;
  readonly why: string;
  readonly edge: boolean;
  readonly expect: {
    readonly verdict: Verdict;
    /** null: not entitled, not known, or the amount cannot be known yet. */
    readonly amountFen: bigint | null;
    readonly lines?: readonly { readonly key: string; readonly verdict: Verdict; readonly amountFen: bigint | null }[];
  };
}

/** `1500`, `"93.21"` → 分. */
export const fenOf = (yuan: YuanText | undefined): bigint | null => {
  if (yuan === undefined || yuan === null) return null;
  const [whole, fraction = ''] = String(yuan).split('.');
  if (fraction.length > 2) throw new RangeError(`more than 分: ${yuan}`);
  return BigInt((whole as string) + fraction.padEnd(2, '0'));
};

interface Plot {
  readonly desk: IdentityDesk;
  readonly seed: number;
  readonly visit: (subject: Subject) => void;
  count: number;
}

const isDayText = (value: unknown): value is Day => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value);

/** Fresh ids for `$person` and `$serial`; the element's birth date makes the id. */
const filled = (plot: Plot, element: Element, division: string): Element => {
  const birth = isDayText(element.birthDate) ? element.birthDate : ('1998-08-08' as Day);
  return Object.fromEntries(
    Object.entries(element).map(([field, value]) => {
      if (value === someone) return [field, plot.desk.citizenId(division, birth, '女')];
      return [field, value === fresh ? plot.desk.serial('PX') : value];
    }),
  );
};

const resolved = (plot: Plot, value: FactValue | Companion, division: string): FactValue => {
  if (isCompanion(value)) {
    const { register, facts } = value.companion;
    return plantSubject(plot, register, facts, value.companion.division ?? division).key;
  }
  return Array.isArray(value) && typeof value[0] === 'object'
    ? (value as readonly Element[]).map((element) => filled(plot, element, division))
    : value;
};

/** Payment details of their own, so that what a case says of the match is not spoilt by a missing account. */
const payable = (plot: Plot, register: Subject['register'], name: string): Facts => {
  const phone = plot.desk.phone();
  const shared = { bankName: bankNames[0], bankCode: bankCodes[0] as string, accountName: name, phone, email: `p${phone}@example.com` };
  return register === 'citizen'
    ? { ...shared, account: plot.desk.card(), sscFinancialActivated: true }
    : { ...shared, account: plot.desk.publicAccount() };
};

const plantSubject = (plot: Plot, register: Subject['register'], given: PlantedFacts, division: string): Subject => {
  const chance = chanceOf(plot.seed, `planted ${plot.count++}`);
  const facts: Record<string, FactValue> = {};
  for (const [fact, value] of Object.entries(given)) if (value !== undefined) facts[fact] = resolved(plot, value, division);
  const gender: Gender = facts.gender === '男' ? '男' : '女';
  const birth = isDayText(facts.birthDate) ? facts.birthDate : ('1980-01-01' as Day);
  const citizen = register === 'citizen';
  const key = citizen ? plot.desk.citizenId(division, birth, gender) : plot.desk.uscc(division);
  // A list by name must be able to tell a planted firm from all others; it once had another name, too.
  const listed = !citizen && facts.officialLists !== undefined;
  const drawn = citizen ? personName(chance, gender) : firmName(chance, '样例', '制造');
  const name = listed ? `样例（${plot.count}）${drawn.slice(2)}` : drawn;
  if (listed) facts.formerNames = [{ name: `样例旧名${plot.count}号厂`, until: '2020-06-01' }];
  const standing: Facts = citizen ? { gender, deathDate: null } : { orgType: '企业', isLegalEntity: true, isLaborDispatch: false };
  const subject: Subject = { register, key, name, division, facts: { ...standing, ...payable(plot, register, name), ...facts } };
  plot.visit(subject);
  return subject;
};

const elementKey = (subject: Subject, list: string, field: string, at: number): string => {
  const rows = subject.facts[list] as readonly Element[] | undefined;
  const key = rows?.[at]?.[field];
  if (typeof key !== 'string') throw new Error(`${subject.name}: no element ${at} in ${list}`);
  return key;
};

const plantCase = (plot: Plot, table: PlantedTable, one: PlantedCase): Planted => {
  const division = one.division ?? table.division;
  const subject = plantSubject(plot, table.register, { ...table.base, ...one.facts }, division);
  const { period, each } = table;
  const lines =
    each === undefined || one.lines === undefined
      ? undefined
      : one.lines.map((line) => ({
          key: elementKey(subject, each.list, each.keyField, line.at),
          verdict: line.verdict,
          amountFen: fenOf(line.yuan),
        }));
  return {
    item: table.item,
    register: table.register,
    key: subject.key,
    periodKey: typeof period === 'string' ? period : elementKey(subject, period.list, period.keyField, 0),
    name: one.name,
    why: one.why,
    edge: one.edge === true,
    expect: { verdict: one.verdict, amountFen: fenOf(one.yuan), ...(lines === undefined ? {} : { lines }) },
  };
};

/** Plants every table; the same subjects whatever the size and seed of the city around them. */
export const plantAll = (visit: (subject: Subject) => void): readonly Planted[] => {
  const plot: Plot = { desk: identityDesk('planted'), seed: 1, visit, count: 0 };
  return plantedTables.flatMap((table) => table.cases.map((one) => plantCase(plot, table, one)));
};
