// A snapshot 数据快照: the records of every register as they were known on one day, in segments per register, block and column. Shapes and the
// Merkle root that names it; `seal.ts` makes it, `open.ts` reads it, `store.ts` keeps it.
import { createHash } from 'node:crypto';
import type { Day } from '../base/day.ts';
import type { Basis } from './renew.ts';

export interface Snapshot {
  /** Merkle root over segments, catalogue and knownAt, hex. */
  readonly id: string;
  readonly knownAt: Day;
  readonly catalogueHash: string;
  /** Subjects per register. */
  readonly counts: Readonly<Record<string, number>>;
  readonly sequence: bigint;
  readonly sealedAt: Date;
  /** The snapshot it adds a few rows to; null: it names all of its segments itself. */
  readonly parent: string | null;
  /** What another seal needs to go on from it; null: none can. */
  readonly basis: Basis | null;
}

/** Column names that are no facts. */
export const recordColumn = '$record';

/** A block's records lie in books of some rows, each named by its first row; before, they lay in one, named by nothing. */
export const bookColumn = (first: number): string => `${recordColumn}/${String(first).padStart(5, '0')}`;

/** null: no book. */
export const bookStart = (column: string): number | null =>
  column === recordColumn ? 0 : column.startsWith(`${recordColumn}/`) ? Number(column.slice(recordColumn.length + 1)) : null;
export const subjectColumn = '$subject';
/** Rows sealed since the block's base; of several in one block the later lies over the earlier. */
export const deltaColumn = '$delta';

export interface SegmentName {
  readonly register: string;
  readonly block: number;
  readonly column: string;
}

export interface Leaf extends SegmentName {
  /** sha256 over the segment's content, hex. */
  readonly hash: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A leaf binds content to its place; the prefix keeps leaves and inner nodes apart. */
const leafHash = (leaf: Leaf): string => sha256(`leaf\n${leaf.register}\n${leaf.block}\n${leaf.column}\n${leaf.hash}`);

const inOrder = (a: Leaf, b: Leaf): number => {
  if (a.register !== b.register) return a.register < b.register ? -1 : 1;
  if (a.block !== b.block) return a.block - b.block;
  return a.column < b.column ? -1 : a.column > b.column ? 1 : 0;
};

const levelUp = (hashes: readonly string[]): string[] => {
  const up: string[] = [];
  for (let i = 0; i < hashes.length; i += 2)
    up.push(i + 1 < hashes.length ? sha256(`node\n${hashes[i]}\n${hashes[i + 1]}`) : (hashes[i] as string));
  return up;
};

const merkleRoot = (leaves: readonly Leaf[]): string => {
  let level = [...leaves].sort(inOrder).map(leafHash);
  if (level.length === 0) return sha256('empty');
  while (level.length > 1) level = levelUp(level);
  return level[0] as string;
};

const rootText = (root: string, catalogueHash: string, knownAt: Day, parent: string | null): string =>
  `snapshot\n${root}\n${catalogueHash}\n${knownAt}${parent === null ? '' : `\n${parent}`}`;

/** `leaves`: the snapshot's own, beside those of its parent. */
export const snapshotId = (leaves: readonly Leaf[], catalogueHash: string, knownAt: Day, parent: string | null = null): string =>
  sha256(rootText(merkleRoot(leaves), catalogueHash, knownAt, parent));

/** What stands beside a leaf on the way to the root, so that one segment can be proved without the others. */
export type MerklePath = readonly { readonly side: 'left' | 'right'; readonly hash: string }[];

export const merklePath = (leaves: readonly Leaf[], name: SegmentName): MerklePath | null => {
  const sorted = [...leaves].sort(inOrder);
  let index = sorted.findIndex((l) => l.register === name.register && l.block === name.block && l.column === name.column);
  if (index < 0) return null;
  const path: { side: 'left' | 'right'; hash: string }[] = [];
  for (let level = sorted.map(leafHash); level.length > 1; level = levelUp(level), index >>= 1) {
    const sibling = index ^ 1;
    if (sibling < level.length) path.push({ side: sibling < index ? 'left' : 'right', hash: level[sibling] as string });
  }
  return path;
};

/** True when the leaf, the path, the catalogue and the day (and the parent) together give the snapshot's id. */
export const provesSegment = (
  leaf: Leaf,
  path: MerklePath,
  { catalogueHash, knownAt, parent, id }: Pick<Snapshot, 'catalogueHash' | 'knownAt' | 'parent' | 'id'>,
): boolean => {
  const root = path.reduce(
    (h, step) => sha256(step.side === 'left' ? `node\n${step.hash}\n${h}` : `node\n${h}\n${step.hash}`),
    leafHash(leaf),
  );
  return sha256(rootText(root, catalogueHash, knownAt, parent)) === id;
};

/** `register\nfact` of every fact somebody was told anything about. */
export const sealedFacts = (leaves: readonly Leaf[]): ReadonlySet<string> =>
  new Set(leaves.filter((l) => !l.column.startsWith('$')).map((l) => `${l.register}\n${l.column}`));

/** Registers that hold subjects. */
export const registersOf = (leaves: readonly Leaf[]): ReadonlySet<string> =>
  new Set(leaves.filter((l) => l.column === subjectColumn).map((l) => l.register));

/** Why the data of a snapshot are not there any more. */
export interface Removal {
  readonly knownAt: Day;
  /** How many days snapshots were kept when it went. */
  readonly days: number;
  readonly removedOn: Day;
}

export const removalText = ({ knownAt, days, removedOn }: Removal): string =>
  `数据到 ${knownAt} 的快照已过 ${days} 天的保存期，${removedOn} 清除`;
