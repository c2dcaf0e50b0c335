// For a chunk of people to tell: whose text, which office, who reads it (the person, or after a death the relative who was named or the village), and what the
// reader wants of messages.
import type { Tx } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { contactText } from '../record/contact-store.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { choicesOf, officesOf, relativesOf } from './around-store.ts';
import type { Instead, Office } from './field.ts';
import { type TemplateName, templates, type Wording } from './template-table.ts';
import type { Choice, Reach } from './ways.ts';
import { wordingKey, wordingsOf } from './wording-store.ts';

export interface Reader {
  readonly reach: Reach;
  readonly choice: Choice | null;
  /** Whether the notice stands on a portal the reader sees. */
  readonly portal: boolean;
  /** Where it is not the person. */
  readonly instead?: Instead;
}

export interface Around {
  /** null: the authority has not said how it is reached. */
  readonly office: (authority: string) => Office | null;
  /** The text in force, and under which name it is kept: `shipped`, or the id of the published one. */
  readonly wording: (item: Item, template: TemplateName) => { readonly wording: string; readonly content: Wording };
  readonly reader: (person: ResolvedRecord | null, division: string | null, place?: (division: string) => string) => Reader;
  /** Somebody no register need have: who objected. */
  readonly stranger: (one: { readonly email: string | null }) => Reader;
}

const nobody: Reach = { email: null, phone: null };

export const aroundOf = async (tx: Tx, authorities: readonly string[], people: readonly ResolvedRecord[]): Promise<Around> => {
  const dead = people.filter(hasDied).map((person) => person.subjectId);
  const offices = await officesOf(tx, authorities);
  const wordings = await wordingsOf(tx, authorities);
  const choices = await choicesOf(
    tx,
    people.map((person) => person.subjectId),
  );
  const relatives = dead.length === 0 ? new Map() : await relativesOf(tx, dead);
  return {
    office: (authority) => offices.get(authority) ?? null,
    wording: (item, template) => {
      const own = wordings.get(wordingKey(item.authority, item.id, template)) ?? wordings.get(wordingKey(item.authority, '', template));
      return own === undefined ? { wording: 'shipped', content: templates[template] } : { wording: own.id, content: own.content };
    },
    reader: (person, division, place) => {
      if (person === null) return { reach: nobody, choice: null, portal: true };
      if (!hasDied(person)) {
        const reach = { email: contactText(person, 'email'), phone: contactText(person, 'phone') };
        return { reach, choice: choices.get(person.subjectId) ?? null, portal: true };
      }
      const relative = relatives.get(person.subjectId);
      if (relative === undefined) {
        const instead = { kind: 'village', name: villageOf(division ?? person.division, place) } as const;
        return { reach: nobody, choice: null, portal: false, instead };
      }
      const { email, phone } = relative;
      return { reach: { email, phone }, choice: null, portal: false, instead: { kind: 'relative', name: relative.name } };
    },
    stranger: ({ email }) => ({ reach: { email, phone: null }, choice: null, portal: false }),
  };
};

/** Known to have died; what nobody told us is no death. */
const hasDied = (person: ResolvedRecord): boolean => person.register === 'citizen' && contactText(person, 'deathDate') !== null;

const villageOf = (division: string | null, place?: (division: string) => string): string => {
  const name = division === null ? '' : (place?.(division) ?? '');
  return /(?:委员会|委会|办事处|政府)$/.test(name) ? name : `${name}村（居）民委员会`;
};
