// Records of a stretch of a register in bundles: what one dataset said of many subjects, as one value, instead of a row each. A seal reads millions of them;
// a row's way through the database's protocol costs as much as the rest of its life.
import type { Day } from '../base/day.ts';
import type { Vault } from '../vault/vault.ts';
import type { Envelope, OwnCells } from './record.ts';
import { joined, partPlace, type StoredCells } from './sealed.ts';

/** What one dataset, last heard on one day, says of some subjects. */
export interface Bundle {
  readonly dataset: string;
  readonly asOf: Day;
  /** As `Provenance.refused`. */
  readonly refused: Day | null;
  /** Places of the subjects, in no order. */
  readonly ordinals: readonly number[];
  /** As the database has them, one per subject. */
  readonly cells: readonly StoredCells[];
}

export interface Sheaf {
  /** In the order of their ordinals. */
  readonly subjects: readonly Envelope[];
  readonly bundles: readonly Bundle[];
}

const fromUtf8 = new TextDecoder();

/** Of every part of a bundle what was sealed in it, undefined where nothing was: opened one by one, each bound to its place, and read as one text. */
export const openBundle = (
  vault: () => Vault,
  { dataset, ordinals, cells }: Bundle,
  subjectAt: (ordinal: number) => Pick<Envelope, 'register' | 'key'>,
): readonly (OwnCells | undefined)[] => {
  const found: number[] = [];
  const plain: Uint8Array[] = [];
  let size = 0;
  let open: ((sealed: Uint8Array, last: string) => Uint8Array) | null = null;
  for (let i = 0; i < cells.length; i++) {
    const sealed = (cells[i] as StoredCells).$;
    if (sealed === undefined) continue;
    const { register, key } = subjectAt(ordinals[i] as number);
    open ??= vault().opener(partPlace(register, dataset, '').slice(0, -1));
    const bytes = open(Buffer.from(sealed[0].x, 'base64'), key);
    found.push(i);
    plain.push(bytes);
    size += bytes.length + 1;
  }
  const out = new Array<OwnCells | undefined>(cells.length);
  if (found.length === 0) return out;
  const text = new Uint8Array(size + 1);
  text[0] = 0x5b;
  let at = 1;
  for (const bytes of plain) {
    text.set(bytes, at);
    at += bytes.length;
    text[at++] = 0x2c;
  }
  text[at - 1] = 0x5d;
  const inside = JSON.parse(fromUtf8.decode(text)) as readonly OwnCells[];
  if (inside.length !== found.length) throw new Error('a sealed part is not one value');
  found.forEach((i, n) => {
    out[i] = inside[n] as OwnCells;
  });
  return out;
};

/** The cells of one fact, delivered open or sealed. */
export const cellsIn = (stored: StoredCells, inside: OwnCells | undefined, fact: string): OwnCells[string] | undefined => {
  const outside = stored[fact] as OwnCells[string] | undefined;
  const sealed = inside?.[fact];
  return sealed === undefined ? outside : joined(outside, sealed);
};
