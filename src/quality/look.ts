// One reading of every record, for however many readers: each sees the people of its own divisions. Memory grows with facts and divisions, not with people.
import type { Day } from '../base/day.ts';
import { coversDivision } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { peopledDivisions, readHeard } from '../readiness/store.ts';
import { countRecords, coverages, streamRecords } from '../record/store.ts';
import { citizenTwins, type Envelope, firmTwins, type Twins } from './identity.ts';
import { type Delivered, deliveredOf } from './late.ts';
import { openSurvey, type Survey, surveyor } from './profile.ts';
import { sameFirm, sameNameAndBirth } from './store.ts';

export interface Look {
  readonly survey: Survey;
  readonly delivered: readonly Delivered[];
  readonly twins: readonly Twins[];
}

/** null: everybody. */
type Divisions = readonly string[] | null;

/** One reading of the records, whoever asks. */
export interface Reading {
  readonly catalogue: Catalogue;
  readonly today: Day;
  /** Aborted, the reading ends with its reason; nothing was written. */
  readonly signal?: AbortSignal | undefined;
  /** Called on the way with how much of the records is read, 0 to 1. */
  readonly far?: ((share: number) => void) | undefined;
}

/** Between two looks at whether to go on. */
const stretch = 1_024;

interface Part {
  readonly survey: Survey;
  readonly registered: Map<string, number>;
  readonly within: (division: string | null) => boolean;
}

/** Reads every record once, for all these parts of the country; of a part nothing is kept but counts and a few ids. */
export const look = async (db: Db, parts: readonly Divisions[], { catalogue, today, signal, far }: Reading): Promise<readonly Look[]> =>
  await transaction(
    db,
    async (tx) => {
      const open = parts.map((divisions): Part => {
        const scope = { authorities: null, items: null, divisions };
        return { survey: openSurvey(), registered: new Map(), within: (division) => coversDivision(scope, division) };
      });
      const visit = surveyor(catalogue, await coverages(tx), today);
      let total = 0;
      for (const { id } of catalogue.registers) total += await countRecords(tx, id);
      let read = 0;
      for (const { id } of catalogue.registers) {
        const ofDivision = new Map<string | null, readonly Part[]>();
        for await (const record of streamRecords(tx, id)) {
          if (read++ % stretch === 0) {
            signal?.throwIfAborted();
            far?.(total === 0 ? 1 : Math.min(1, read / total));
          }
          let own = ofDivision.get(record.division);
          if (own === undefined) {
            own = open.filter(({ within }) => within(record.division));
            ofDivision.set(record.division, own);
          }
          for (const { survey, registered } of own) {
            visit(survey, record);
            registered.set(id, (registered.get(id) ?? 0) + 1);
          }
        }
      }
      signal?.throwIfAborted();
      const [heard, peopled, citizens, firms] = [
        await readHeard(tx),
        await peopledDivisions(tx),
        await sameNameAndBirth(tx),
        await sameFirm(tx),
      ];
      return open.map(({ survey, registered, within }): Look => {
        const listed = new Map([...survey.datasets].map(([dataset, one]) => [dataset, one.subjects]));
        const context = { catalogue, today, heard, peopled, listed, registered };
        const seen = (group: readonly Envelope[]): readonly Envelope[] => group.filter((one) => within(one.division));
        const twins = [...citizens.map(seen).flatMap(citizenTwins), ...firms.map(seen).flatMap(firmTwins)];
        return { survey, delivered: catalogue.datasets.map((dataset) => deliveredOf(dataset, context)), twins };
      });
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
