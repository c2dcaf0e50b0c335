// A choice between matters that exclude each other: told to the person with what there is, how much, by when and what follows; made by the person, or by staff
// who heard it; taken back and made anew until the money is sealed. Whoever does not choose gets the highest.
import { createHash } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { canonicalJson } from '../base/canonical.ts';
import { addDays, type Day, earliest } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything, type Scope } from '../base/scope.ts';
import { inChunks } from '../db/chunk.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { type OwedDetail, type OwedTemplate, owe } from '../outbox/store.ts';
import {
  chooserOf,
  insertExclusiveChoice,
  loadChoices,
  lookChoosers,
  markGivenBack,
  noteTold,
  type OptionLine,
  optionsOf,
} from './choice-store.ts';
import { choiceKeyOf } from './compete.ts';
import { exclusivesOf, heaviest, vertexKey } from './exclude.ts';
import { restoreLines } from './restore-store.ts';
import { withdrawLines } from './withdraw-store.ts';

/** What one person chooses between: one group of matters, one span. */
export interface Offer {
  readonly key: string;
  readonly subjectId: string;
  /** The last day; null once it was decided. */
  readonly until: Day | null;
  /** The item chosen last; null: none was. */
  readonly chosen: string | null;
  readonly options: readonly Option[];
}

export interface Option {
  readonly itemId: string;
  readonly title: string;
  /** '' where several periods are meant. */
  readonly periodKey: string;
  readonly fen: bigint;
  /** What is taken where nobody chooses. */
  readonly highest: boolean;
  readonly lines: readonly OptionLine[];
}

const keysOf = (line: OptionLine): readonly string[] => exclusivesOf(line.item).map((limit) => choiceKeyOf(line, limit));

/** The offers that stand for these lines of one or more subjects. Those nobody was ever asked about are none. */
export const offersOf = (lines: readonly OptionLine[], chosen: ReadonlyMap<string, string>): readonly Offer[] => {
  const asked = new Set([
    ...chosen.keys(),
    ...lines.flatMap((line) => (line.state === 'waiting' && line.blockedOn !== null ? [line.blockedOn] : [])),
  ]);
  return [...asked].sort().flatMap((key): Offer[] => {
    const own = lines.filter((line) => keysOf(line).includes(key));
    const [first] = own;
    if (first === undefined || new Set(own.map((line) => line.itemId)).size < 2) return [];
    const winners = heaviest(own.map((line) => ({ item: line.item, periodKey: line.periodKey, year: line.year, fen: line.fen })));
    const days = own.flatMap((line) => (line.state === 'waiting' && line.until !== null ? [line.until] : []));
    const options = [...Map.groupBy(own, (line) => line.itemId).values()].map((of): Option => {
      const [one] = of as [OptionLine];
      return {
        itemId: one.itemId,
        title: one.item.title,
        periodKey: of.length === 1 ? one.periodKey : '',
        fen: of.reduce((sum, line) => sum + line.fen, 0n),
        highest: of.some((line) => winners.has(vertexKey(line))),
        lines: of,
      };
    });
    return [
      {
        key,
        subjectId: first.subjectId,
        until: days.length === 0 ? null : days.reduce(earliest),
        chosen: chosen.get(key) ?? null,
        options,
      },
    ];
  });
};

export const offersFor = async (reader: Db | Tx, subjectId: string): Promise<readonly Offer[]> =>
  offersOf(await optionsOf(reader, [subjectId]), await loadChoices(reader as Tx, [subjectId]));

export interface TellChoicesReport {
  told: number;
  reminded: number;
}

/** Tells whoever has to choose, once for what there is to choose from, and reminds once after two thirds of the days. May run side by side. */
export const tellChoices = async (
  db: Db,
  options: { readonly now: Date; readonly today: Day; readonly chunk?: number },
): Promise<TellChoicesReport> => {
  const report: TellChoicesReport = { told: 0, reminded: 0 };
  await inChunks<string>({
    look: (after, limit) => transaction(db, (tx) => lookChoosers(tx, options.today, after, limit)),
    take: (subjects) =>
      transaction(db, async (tx) => {
        const offers = offersOf(await optionsOf(tx, subjects), await loadChoices(tx, subjects));
        let said = 0;
        for (const offer of offers) {
          if (offer.chosen !== null || offer.until === null || offer.until < options.today) continue;
          const told = await tellOffer(tx, offer, 'choose', options.now);
          const reminded = !told && reminderDue(offer, options.today) && (await tellOffer(tx, offer, 'choose-reminder', options.now));
          report.told += told ? 1 : 0;
          report.reminded += reminded ? 1 : 0;
          said += told || reminded ? 1 : 0;
        }
        return said;
      }),
    chunk: options.chunk ?? 500,
  });
  return report;
};

const reminderDue = (offer: Offer, today: Day): boolean => {
  const days = Math.max(
    ...offer.options.flatMap(({ lines }) => lines.flatMap((line) => exclusivesOf(line.item).map((one) => one.choose?.days ?? 0))),
  );
  return offer.until !== null && days > 1 && addDays(offer.until, -Math.floor(days / 3)) <= today;
};

/** What it is made of: told anew when it changes. */
const fingerprint = (offer: Offer): string =>
  createHash('sha256')
    .update(
      canonicalJson([
        offer.until,
        offer.options.map(({ itemId, fen, lines }) => [itemId, String(fen), lines.map((line) => line.periodKey)]),
      ]),
    )
    .digest('hex');

const tellOffer = async (tx: Tx, offer: Offer, template: Extract<OwedTemplate, `choose${string}`>, at: Date): Promise<boolean> => {
  const about = (offer.options.find((one) => one.highest) ?? offer.options[0])?.lines[0];
  if (about === undefined) return false;
  const { key, subjectId } = offer;
  if (!(await noteTold(tx, { subjectId, key, offer: fingerprint(offer), template }, at))) return false;
  const options: OwedDetail['options'] = offer.options.map(({ title, periodKey, fen, highest }) => ({
    title,
    periodKey,
    amountFen: String(fen),
    highest,
  }));
  const { itemId, version, matchId } = about;
  await owe(tx, [{ subjectId, itemId, version, matchId, disbursementId: null, template, detail: { dueOn: offer.until, options } }], at);
  return true;
};

export interface ChooseAsk {
  /** One of the lines of what is chosen. */
  readonly lineId: string;
  readonly scope: Scope;
  /** Given by the person: the line must be the subject's own. */
  readonly subjectId?: string;
  readonly at: Date;
  readonly actor: string;
  readonly role: string;
  /** Where and how it was said. */
  readonly reason: string;
}

/**
 * The person, or staff who heard it and say so, says which of several it shall be: while a line waits for that, and anew until what was chosen is sealed.
 * What was granted for another choice is given back by it; the next settling grants what was chosen. `missing.choice` where there is nothing to choose,
 * `state.line` once the money is in a sealed batch or paid.
 */
export const chooseItem = async (tx: Tx, ask: ChooseAsk): Promise<void> => {
  const { at, actor, role, reason } = ask;
  if (reason.trim() === '') fail('input.reason', '/reason', '请写明本人在哪里、怎样作的选择。', '一两句话即可，会留痕。');
  const subjectId = await chooserOf(tx, ask.lineId, ask.subjectId === undefined ? ask.scope : everything);
  const missing = (): never => fail('missing.choice', ask.lineId, '这一项现在不需要选择。', '可能已过选择期限，或已经付出；请刷新后查看。');
  if (subjectId === null || (ask.subjectId !== undefined && ask.subjectId !== subjectId)) return missing();
  const offer = (await offersFor(tx, subjectId)).find(
    (one) =>
      (one.until !== null || one.chosen !== null) && one.options.some(({ lines }) => lines.some((line) => line.lineId === ask.lineId)),
  );
  const pick = offer?.options.find(({ lines }) => lines.some((line) => line.lineId === ask.lineId));
  if (offer === undefined || pick === undefined || offer.chosen === pick.itemId) return missing();
  const rivals = offer.options.filter((one) => one.itemId !== pick.itemId).flatMap(({ lines }) => lines);
  const granted = rivals.filter((line) => line.state === 'granted' || line.state === 'reduced');
  const back = pick.lines.filter((line) => line.state === 'withdrawn');
  const by = { at, actor, role };
  const words = `本人改选《${pick.title}》：${reason.trim()}`;
  const asked = (lines: readonly OptionLine[]) => lines.map((line) => ({ subjectId, id: line.lineId, itemId: line.itemId, reason: words }));
  await restoreLines(tx, asked(back), by);
  await withdrawLines(tx, asked(granted), by);
  await markGivenBack(
    tx,
    subjectId,
    granted.map((line) => line.lineId),
    offer.key,
  );
  const lineIds = offer.options.flatMap(({ lines }) => lines.map((line) => line.lineId));
  await insertExclusiveChoice(tx, { subjectId, key: offer.key, itemId: pick.itemId, lineIds }, actor, at);
  await audit(tx, {
    ...{ at, actor, role, action: 'settlement.choose', objectKind: 'settlement_line', objectId: ask.lineId },
    ...{ before: { itemId: offer.chosen }, after: { itemId: pick.itemId, givenBack: granted.map((line) => line.lineId) }, reason },
  });
};
