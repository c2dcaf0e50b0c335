// The yearly summary: once a year each authority tells everybody it paid how much that was in the year before. One notice per person, year and authority: an
// authority knows what it paid itself, and what another paid is none of its business. May run twice, side by side, and be killed anywhere.
import { inChunks } from '../db/chunk.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type Owed, owe } from '../outbox/store.ts';
import { lookPaid, takeYear, type YearSum } from './yearly-store.ts';

/** Owes a summary of `year` to everybody who was paid in it and has not been told; returns how many. */
export const oweYearly = (db: Db, ask: { readonly year: number; readonly now: Date; readonly chunk?: number }): Promise<number> =>
  inChunks<string>({
    look: (after, limit) => transaction(db, (tx) => lookPaid(tx, after, limit)),
    take: (subjects) =>
      transaction(db, async (tx) => {
        const sums = await takeYear(tx, { subjects, year: ask.year, now: ask.now });
        const owed = [...Map.groupBy(sums, (one) => `${one.subjectId} ${one.authority}`).values()].flatMap((own) =>
          summaryOf(own, ask.year),
        );
        await owe(tx, owed, ask.now);
        return owed.length;
      }),
    chunk: ask.chunk ?? 500,
  });

/** Under the item most was paid for. */
const summaryOf = (own: readonly YearSum[], year: number): readonly Owed[] => {
  const [most] = own;
  if (most === undefined) return [];
  const { subjectId, itemId, version, register, division } = most;
  return [
    {
      ...{ subjectId, itemId, version, matchId: null, disbursementId: null, template: 'yearly' },
      detail: {
        ...{ periodKey: String(year), register, division },
        amountFen: String(own.reduce((sum, one) => sum + one.amountFen, 0n)),
        lines: own.reduce((sum, one) => sum + one.lines, 0),
        sums: own.map(({ title, lines, amountFen }) => ({ title, lines, amountFen: String(amountFen) })),
      },
    },
  ];
};
