// Which thing a name means at a place: a loop variable, a field of the element being filtered, a fact, a built-in.

import type { FeelType } from './type.ts';

/** What has been bound on the way down, innermost last; `slot` is its place among the frame's locals. */
export type Binder =
  | { readonly kind: 'variable'; readonly name: string; readonly slot: number }
  | { readonly kind: 'item'; readonly slot: number; readonly element: FeelType };

export interface Bound {
  readonly binders: readonly Binder[];
}

export type Meaning =
  | { readonly kind: 'local'; readonly slot: number }
  | { readonly kind: 'field'; readonly slot: number; readonly name: string }
  /** The element's type is not known: its own field if it has one, else `outer`. */
  | { readonly kind: 'maybe field'; readonly slot: number; readonly name: string; readonly outer: Meaning }
  | { readonly kind: 'free'; readonly name: string };

export const meaningOf = (name: string, binders: readonly Binder[]): Meaning => {
  for (let i = binders.length - 1; i >= 0; i--) {
    const b = binders[i] as Binder;
    if (b.kind === 'variable') {
      if (b.name === name) return { kind: 'local', slot: b.slot };
      continue;
    }
    if (name === 'item') return { kind: 'local', slot: b.slot };
    if (b.element.kind === 'record' && Object.hasOwn(b.element.fields, name)) return { kind: 'field', slot: b.slot, name };
    if (b.element.kind === 'any') return { kind: 'maybe field', slot: b.slot, name, outer: meaningOf(name, binders.slice(0, i)) };
  }
  return { kind: 'free', name };
};
