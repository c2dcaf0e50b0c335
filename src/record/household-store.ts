// Households over time: a household is a subject of its own register, membership a dated link of each member. Who belongs to it on a day, and where somebody
// belonged when; read from what the sources deliver, attested values included.
import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { attestedDataset } from './attested.ts';
import { factOf } from './lookup.ts';
import { type ResolvedRecord, resolver } from './resolve.ts';
import { coverages, recordById } from './store.ts';
import { holdsOn } from './timeline.ts';

/** The citizen's facts that make membership. */
const membership = { link: 'household', role: 'householdRole' } as const;

export interface Member {
  readonly subjectId: string;
  /** 户主, 配偶 …; null: not told. */
  readonly role: string | null;
  /** `[from, to)`; null: open. */
  readonly from: Day | null;
  readonly to: Day | null;
}

const textOn = (record: ResolvedRecord, fact: string, day: Day): string | null => {
  const cell = record.facts[fact]?.cells?.find((c) => holdsOn(c, day));
  return typeof cell?.v === 'string' ? cell.v : null;
};

/** Members on a day as known on `knownAt`, in the order of the register. A membership past its freshness is unknown and so nobody's. */
export const membersOn = async (
  reader: Db | Tx,
  catalogue: Catalogue,
  household: string,
  day: Day,
  knownAt: Day,
): Promise<readonly Member[]> => {
  const datasets = [...(factOf(catalogue, 'citizen', membership.link)?.datasets ?? []), attestedDataset];
  // Whoever was ever said to belong to it; which of them did on the day is for the resolution to say.
  const rows = await rawSql(reader)<{ id: string }[]>`
    select distinct subject_id as id from record_part where register = 'citizen' and dataset = any(${datasets}::text[])
      and cells -> ${membership.link}::text @> ${JSON.stringify([{ v: household }])}::text::jsonb`;
  const resolve = resolver(await coverages(reader), catalogue, knownAt);
  const members: { readonly ordinal: number; readonly member: Member }[] = [];
  for (const { id } of rows) {
    const record = await recordById(reader, 'citizen', id);
    const resolved = record === null ? null : resolve(record);
    const cell = resolved?.facts[membership.link]?.cells?.find((c) => holdsOn(c, day));
    if (resolved === null || cell?.v !== household) continue;
    const role = textOn(resolved, membership.role, day);
    members.push({ ordinal: resolved.ordinal, member: { subjectId: id, role, from: cell.from ?? null, to: cell.to ?? null } });
  }
  return members.sort((a, b) => a.ordinal - b.ordinal).map((one) => one.member);
};
