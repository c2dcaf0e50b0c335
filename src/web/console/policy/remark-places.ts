// Where a remark stands now: at the place it was made on while that reads as it did, after it where the same words moved, and what it was about where they are
// gone. Pure.
import { canonicalJson } from '../../../base/canonical.ts';
import { below, get, isJson } from './document.ts';

export interface Pinned {
  readonly place: string;
  /** What stood there; undefined: too long to be kept. */
  readonly was?: unknown;
}

export interface Standing {
  /** null: nothing stands there any more. */
  readonly at: string | null;
  /** It reads otherwise than when the remark was made. */
  readonly changed: boolean;
}

/** The same, whatever the order of its keys. */
const alike = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

const foundIn = (here: unknown, at: string, was: unknown): string | null => {
  if (isJson(here) && alike(here, was)) return at;
  const inside = Array.isArray(here) ? here.entries() : isJson(here) ? Object.entries(here) : [];
  for (const [key, value] of inside) {
    const found = foundIn(value, below(at, key), was);
    if (found !== null) return found;
  }
  return null;
};

export const standingOf = ({ place, was }: Pinned, item: unknown): Standing => {
  const now = get(item, place);
  if (now !== undefined && (was === undefined || alike(now, was))) return { at: place, changed: false };
  // A figure is everywhere; a condition or a tier is itself wherever it stands.
  const moved = isJson(was) ? foundIn(item, '', was) : null;
  if (moved !== null) return { at: moved, changed: false };
  return { at: now === undefined ? null : place, changed: true };
};

/** The place itself or the nearest around it that is there to be shown; null: none. */
export const nearestOf = (at: string, shown: ReadonlySet<string>): string | null => {
  for (let here = at; here !== ''; here = here.slice(0, here.lastIndexOf('/'))) if (shown.has(here)) return here;
  return null;
};
