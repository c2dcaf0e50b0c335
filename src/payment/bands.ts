// How many checkers a batch needs by its amount, and of which offices: data of the authority, kept as a setting and audited. What was signed keeps counting; who seals, checks
// and signs next goes by the bands as they stand then.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import type { Db, Tx } from '../db/handle.ts';
import { readSetting, writeSetting } from '../db/setting-store.ts';
import { type Band, bandFor, type CheckerRole, checkerRoles, defaultBands } from './payment.ts';

const key = 'approval.bands';

interface StoredBand {
  readonly upToFen: string | null;
  readonly checkers: number;
  readonly roles?: readonly CheckerRole[];
}

const stored = (bands: readonly Band[]): readonly StoredBand[] =>
  bands.map(({ upToFen, checkers, roles = [] }) => ({ upToFen: upToFen === null ? null : String(upToFen), checkers, roles }));

const opened = (bands: readonly StoredBand[]): readonly Band[] =>
  bands.map(({ upToFen, checkers, roles = [] }) => ({ upToFen: upToFen === null ? null : BigInt(upToFen), checkers, roles }));

interface Stored {
  readonly bands: readonly StoredBand[];
  /** Who told them, and what stood before he began to: for himself that keeps standing where it asks for more. */
  readonly by: string;
  readonly before: readonly StoredBand[];
}

export const readBands = async (reader: Db | Tx): Promise<readonly Band[]> => {
  const found = await readSetting<Stored>(reader, key);
  return found === null ? defaultBands : opened(found.bands);
};

/** The band, or what stood before where one of these people has told the bands himself and it asked for more: nobody lowers the bar he must pass. */
export const barFor = async (tx: Tx, band: Band, ask: { readonly totalFen: bigint; readonly people: readonly string[] }): Promise<Band> => {
  const found = await readSetting<Stored>(tx, key);
  if (found === null || !ask.people.includes(found.by)) return band;
  const before = bandFor(opened(found.before), ask.totalFen);
  const roles = [...new Set([...(band.roles ?? []), ...(before.roles ?? [])])];
  return { upToFen: band.upToFen, checkers: Math.max(band.checkers, before.checkers, roles.length), roles };
};

/** `input.bands`: ascending amounts, the last without a bound, one to five checkers, never fewer for more money, and no office twice or lost on the way up. */
export const setBands = async (
  tx: Tx,
  bands: readonly Band[],
  by: { readonly actor: string; readonly role: string; readonly at: Date },
): Promise<void> => {
  const wrong = bands.some((band, i) => {
    const before = bands[i - 1];
    const last = i === bands.length - 1;
    if (last !== (band.upToFen === null) || !Number.isInteger(band.checkers) || band.checkers < 1 || band.checkers > 5) return true;
    const offices = band.roles ?? [];
    if (offices.length > band.checkers || new Set(offices).size !== offices.length || offices.some((one) => !checkerRoles.includes(one)))
      return true;
    if ((before?.roles ?? []).some((one) => !offices.includes(one))) return true;
    return before !== undefined && (before.checkers > band.checkers || (band.upToFen !== null && band.upToFen <= (before.upToFen ?? 0n)));
  });
  if (bands.length === 0 || wrong)
    fail(
      'input.bands',
      '/bands',
      '复核档次不对。',
      '金额从小到大，最后一档不写上限；人数 1 至 5，人数和要有的岗位只增不减，如 50 万元以内 1 人，以上 2 人且有财政负责人。',
    );
  const found = await readSetting<Stored>(tx, key);
  const now = stored(await readBands(tx));
  const before = found?.by === by.actor ? found.before : now;
  await writeSetting(tx, key, { bands: stored(bands), by: by.actor, before } satisfies Stored, by.at);
  await audit(tx, { ...by, action: 'approval.bands', objectKind: 'setting', objectId: key, before: now, after: stored(bands) });
};
