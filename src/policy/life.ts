// What an item says of the life of a disbursement: what is asked for, who reviews, what an application needs, how long an objection may take and what
// becomes of what was paid too much. Limits of time are data here, never code; what takes something away
// from people names the clause that says so.
import type { Certify } from './certify.ts';
import type { Item, MatchKind, Ratio, Yuan } from './item.ts';

/** What is asked for beside the account: one of several (企业规模, 发放方式), or a document. */
export interface AskField {
  readonly id: string;
  readonly label: string;
  readonly kind: 'choice' | 'document';
  readonly options?: readonly string[];
  /** A fact of the catalogue that answers by itself where a department has delivered it. */
  readonly fact?: string;
}

/** `late`: who has not answered in time keeps waiting, or is deemed to have given up, named in public for `named` working days before. */
export interface Ask {
  readonly fields?: readonly AskField[];
  readonly days?: number;
  readonly workingDays?: number;
  readonly late?: 'wait' | 'waive';
  readonly named?: { readonly workingDays: number };
  readonly clause?: string;
}

/** Which reviewers look: those whose scope is of this level of divisions; left out: whoever's scope covers the record. */
export type ReviewDivision = 'town' | 'county' | 'city' | 'province';

/** `need`: one of those who may, each of them, or so many. A refusal is decided by one. */
export interface ReviewLevel {
  readonly name: string;
  readonly division?: ReviewDivision;
  readonly need?: 'any' | 'all' | number;
  readonly workingDays?: number;
}

export interface Review {
  readonly levels: readonly ReviewLevel[];
}

export interface Attachment {
  readonly id: string;
  readonly title: string;
  readonly required?: boolean;
}

/** `days`: how long it may be handed in after it was offered; `reviewWorkingDays`: the limit promised to whoever handed it in. */
export interface Apply {
  readonly attachments: readonly Attachment[];
  readonly days?: number;
  readonly reviewWorkingDays: number;
}

/** Re-check of an objection, and for how long somebody who was refused is invited to object. */
export interface ObjectionTerm {
  readonly workingDays: number;
  readonly withinDays?: number;
}

/** 停发: whether an order to stop takes one person or two (one where the item says nothing), and the clause it rests on. */
export interface StopTerm {
  readonly people: 1 | 2;
  readonly clause?: string;
}

/**
 * 抵扣: what is owed may be kept back from later payments of the same item, at most a share of each, at most so many yuan of a period, and never so that less
 * than `keepYuan` of a payment is left. What takes something away names its clause.
 */
export interface Offset {
  readonly share?: Ratio;
  readonly yuan?: Yuan;
  readonly keepYuan?: Yuan;
  readonly clause: string;
}

/** 追回: told within so many working days of being found, due within so many months of being opened. */
export interface Overpaid {
  readonly tellWorkingDays: number;
  readonly dueMonths: number;
  readonly clause: string;
  readonly offset?: Offset;
}

export interface Life {
  readonly ask?: Ask;
  readonly review?: Review;
  readonly apply?: Apply;
  readonly objection?: ObjectionTerm;
  readonly overpaid?: Overpaid;
  readonly certify?: Certify;
  readonly stop?: StopTerm;
  /** 基本生活类: what a person lives on. Nothing is kept back from it unless the document says so and something is left. */
  readonly livelihood?: true;
  /** 放弃、视同放弃以后: for how many days it can be taken back. */
  readonly waived?: { readonly days: number };
  /** 好差评: within how many working days whoever was not content is answered. */
  readonly rating?: { readonly answerWorkingDays: number };
}

const oneLevel: readonly ReviewLevel[] = [{ name: '审核' }];

/** The levels a record goes through. Nobody is stopped or suspended by machine alone: there is always one for those. */
export const levelsOf = (item: Pick<Item, 'review'>, kind: MatchKind): readonly ReviewLevel[] => {
  const levels = item.review?.levels ?? oneLevel;
  return levels.length === 0 && (kind === 'suspended' || kind === 'ended') ? oneLevel : levels;
};

/**
 * What holds where a document says nothing: the house's own terms, in one place, each of which an item's data take the place of. The reader asks for the
 * confirm window and the publicity of whoever has them; these stand for records of versions before it did.
 */
const unsaid = {
  objectionWorkingDays: 10,
  objectWithinDays: 60,
  confirmDays: 7,
  publicityWorkingDays: 5,
  waivedDays: 30,
  ratingWorkingDays: 15,
} as const;

export const objectionDays = (item: Pick<Item, 'objection'>): number => item.objection?.workingDays ?? unsaid.objectionWorkingDays;
/** Days somebody who was refused is invited to object. */
export const objectWithin = (item: Pick<Item, 'objection'>): number => item.objection?.withinDays ?? unsaid.objectWithinDays;
export const confirmDays = (item: Pick<Item, 'confirm'>): number => item.confirm?.days ?? unsaid.confirmDays;
export const publicityWorkingDays = (item: Pick<Item, 'publicity'>): number => item.publicity?.workingDays ?? unsaid.publicityWorkingDays;
export const ratingDays = (item: Pick<Item, 'rating'>): number => item.rating?.answerWorkingDays ?? unsaid.ratingWorkingDays;
/** Days for which what was given up, or counts as given up, is kept and can be taken back. */
export const waivedDays = (item: Pick<Item, 'waived'>): number => item.waived?.days ?? unsaid.waivedDays;
