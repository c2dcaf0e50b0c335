// That what a match read stood in the sealed data: its snapshot's id is a Merkle root over all segments, so one segment, the path beside it and the day give
// that id or they do not. The path is made when asked for and costs no match a byte; it
// can be made for as long as the snapshot's data are kept (retention.ts). Reads only.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/canonical.ts';
import { fail } from '../base/problem.ts';
import { catalogueByHash } from '../catalogue/store.ts';
import type { Db } from '../db/handle.ts';
import type { ReadEntry, Reading } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import { loadBlock } from '../snapshot/open.ts';
import {
  deltaColumn,
  type Leaf,
  type MerklePath,
  merklePath,
  provesSegment,
  removalText,
  type Snapshot,
  subjectColumn,
} from '../snapshot/snapshot.ts';
import { readOwnLeaves, readSegments, readSnapshot, removalOf } from '../snapshot/store.ts';
import { columnSource } from './source.ts';
import { type MatchDetail, ordinalOf, versionContent } from './store.ts';

export interface ProvedSegment extends Leaf {
  /** The snapshot that names it: the match's own, or one it adds rows to. */
  readonly snapshot: string;
  readonly path: MerklePath;
  readonly proved: boolean;
}

export interface ProvedValue {
  readonly fact: string;
  readonly dataset: string | null;
  readonly asOf: string | null;
  /** null: it is not in the subject's own sealed row (another subject's over a link, a parameter, what was paid, a rank, a trusted late dataset). */
  readonly proved: boolean | null;
}

export interface Proof {
  readonly matchId: string;
  readonly snapshot: Pick<Snapshot, 'id' | 'knownAt' | 'catalogueHash' | 'parent'>;
  readonly values: readonly ProvedValue[];
  readonly segments: readonly ProvedSegment[];
  /** Every segment leads to the root, and every value of the subject's own row stands in them. */
  readonly proved: boolean;
}

/** Throws ProblemError where the match stands on no snapshot that is kept; `missing.snapshot-removed`: past its term, and when it went. */
export const proveMatch = async (db: Db, match: MatchDetail): Promise<Proof> => {
  const { evidence, itemId, version, subjectId } = match;
  const gone = (what: string): never =>
    fail('missing.snapshot', match.id, `这条匹配结果依据的${what}没有保存，无法证明。`, '重判用 replay，只凭依据本身。');
  const snapshot = await readSnapshot(db, evidence.snapshot);
  const [published, held] = [await versionContent(db, itemId, version), await catalogueByHash(db, evidence.catalogueHash)];
  if (snapshot === null || held === null || published === null) return gone('数据快照');
  const removal = await removalOf(db, snapshot.id);
  if (removal !== null)
    return fail(
      'missing.snapshot-removed',
      match.id,
      `${removalText(removal)}，依据的封存证明已经做不出来。`,
      '依据本身没有动：重判用 replay。',
    );
  const register = published.item.audience === 'citizen' ? 'citizen' : 'enterprise';
  const ordinal = await ordinalOf(db, register, subjectId);
  if (ordinal === null) return gone('对象');
  const place = { register, block: blockOf(ordinal) };
  const own = evidence.read.filter((entry) => isOwn(entry, held.catalogue.facts, register));
  const facts = [...new Set(own.map(({ fact }) => fact))];
  const segments = await segmentsFor(db, snapshot, place, new Set([subjectColumn, deltaColumn, ...facts]));
  const bytes = await readSegments(db, segments);
  if (segments.length === 0 || segments.some(({ hash }) => !bytes.has(hash))) return gone('数据');
  const proved = segments.map((one) => ({ ...one, proved: one.proved && holds(one, bytes.get(one.hash) as Uint8Array) }));
  const block = await loadBlock(db, segments, { ...place, facts });
  const context = { catalogue: held.catalogue, link: () => undefined, paid: [], purpose: published.item };
  const source = columnSource({ block, row: rowOf(ordinal) }, context);
  const same = block.subjects.id(rowOf(ordinal)) === subjectId;
  const readings = (entry: ReadEntry): readonly Reading[] => {
    const day = entry.day ?? evidence.period.knownAt;
    return entry.to === undefined ? [source.read(entry.fact, day)] : source.readAll(entry.fact, day, entry.to);
  };
  const late = new Set((evidence.extensions ?? []).map((one) => one.dataset));
  const values = evidence.read.map((entry): ProvedValue => {
    const { dataset, asOf } = { dataset: entry.source?.dataset ?? entry.missing?.dataset ?? null, asOf: entry.source?.asOf ?? null };
    if (!own.includes(entry) || (dataset !== null && late.has(dataset))) return { fact: entry.fact, dataset, asOf, proved: null };
    return { fact: entry.fact, dataset, asOf, proved: same && readings(entry).some((reading) => says(reading, entry)) };
  });
  const { id, knownAt, catalogueHash, parent } = snapshot;
  return {
    matchId: match.id,
    snapshot: { id, knownAt, catalogueHash, parent },
    values,
    segments: proved,
    proved: proved.every((one) => one.proved) && values.every((one) => one.proved !== false),
  };
};

const isOwn = ({ fact }: ReadEntry, facts: readonly { readonly key: string; readonly register: string }[], register: string): boolean =>
  facts.some((one) => one.register === register && one.key === fact);

/** Value, dataset and day as sealed; or nothing told, as the evidence says. */
const says = ({ value, source }: Reading, entry: ReadEntry): boolean => {
  if ((entry.source === null) !== (source === null)) return false;
  if (source === null) return entry.value === undefined;
  return (
    source.dataset === entry.source?.dataset &&
    source.asOf === entry.source?.asOf &&
    canonicalJson(plain(value) ?? null) === canonicalJson(entry.value ?? null)
  );
};

/** A fact's column is hashed as it is kept; subjects and deltas leave the database's own ids out of their hash and are bound to it by their seal. */
const holds = ({ column, hash }: Leaf, bytes: Uint8Array): boolean =>
  column.startsWith('$') || createHash('sha256').update(bytes).digest('hex') === hash;

const segmentsFor = async (
  db: Db,
  snapshot: Snapshot,
  place: { readonly register: string; readonly block: number },
  columns: ReadonlySet<string>,
): Promise<readonly ProvedSegment[]> => {
  const found: ProvedSegment[][] = [];
  for (let at: Snapshot | null = snapshot; at !== null; at = at.parent === null ? null : await readSnapshot(db, at.parent)) {
    const named: Snapshot = at;
    const leaves = await readOwnLeaves(db, named.id);
    const wanted = leaves.filter((leaf) => leaf.register === place.register && leaf.block === place.block && columns.has(leaf.column));
    found.push(
      wanted.map((leaf) => {
        const path = merklePath(leaves, leaf) ?? [];
        return { ...leaf, snapshot: named.id, path, proved: provesSegment(leaf, path, named) };
      }),
    );
  }
  // What adds rows lies over what it adds to.
  return found.reverse().flat();
};
