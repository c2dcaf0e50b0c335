// Planted subjects against what the run said: the answer was written down from the policy's text, so any difference is a bug of ours.
import type { Db } from '../db/handle.ts';
import { type Answer, answersFor } from '../match/verdict-store.ts';
import type { Item } from '../policy/item.ts';
import type { Planted } from '../sample/plant.ts';

export interface PlantedMismatch {
  readonly item: string;
  readonly name: string;
  readonly why: string;
  readonly expected: string;
  readonly got: string;
}

export interface PlantedCheck {
  readonly checked: number;
  readonly wrong: readonly PlantedMismatch[];
}

const shown = (verdict: string, amountFen: bigint | null): string => (amountFen === null ? verdict : `${verdict} ${amountFen}`);

const shownLines = (lines: readonly { readonly key: string | null; readonly verdict: string }[] | undefined): string =>
  (lines ?? [])
    .map((line) => `${line.key}:${line.verdict}`)
    .sort()
    .join(' ');

/** Lines are compared by key and verdict where the planted case names them; a line may be undetermined while the match stands. */
const differs = (planted: Planted, answer: Answer | undefined): string | null => {
  if (answer === undefined) return '没有入库';
  const wanted = shown(planted.expect.verdict, planted.expect.amountFen);
  // An eligible match whose amount is not known yet is told apart by the null on both sides.
  const got = shown(answer.verdict, answer.verdict === 'eligible' ? answer.amountFen : null);
  if (wanted !== got) return got;
  if (planted.expect.lines === undefined || answer.verdict !== 'eligible') return null;
  const keys = new Set(planted.expect.lines.map((line) => line.key));
  const told = shownLines(answer.lines.filter((line) => line.key !== null && keys.has(line.key)));
  return told === shownLines(planted.expect.lines) ? null : `${got} ${told}`;
};

export const checkPlanted = async (
  db: Db,
  planted: readonly Planted[],
  items: readonly Item[],
): Promise<ReadonlyMap<string, PlantedCheck>> => {
  const result = new Map<string, { checked: number; wrong: PlantedMismatch[] }>();
  const groups = Map.groupBy(planted, (one) => JSON.stringify([one.item, one.periodKey, one.register]));
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const item = items.find((one) => one.id === first.item);
    const answers = await answersFor(db, {
      itemId: first.item,
      periodKey: first.periodKey,
      perEvent: item?.period === 'per-event',
      register: first.register,
      keys: group.map((one) => one.key),
    });
    const entry = result.get(first.item) ?? { checked: 0, wrong: [] };
    result.set(first.item, entry);
    for (const one of group) {
      entry.checked += 1;
      const got = differs(one, answers.get(one.key));
      if (got !== null)
        entry.wrong.push({ item: one.item, name: one.name, why: one.why, expected: shown(one.expect.verdict, one.expect.amountFen), got });
    }
  }
  return result;
};
