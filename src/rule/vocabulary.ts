// What a condition may name, seen from the rule: an interface, so that rules need not know the catalogue that answers it.
import { nearest } from '../base/nearest.ts';
import type { FeelType } from '../feel/type.ts';

/** One name a condition or an expression may read. */
export interface FactShape {
  readonly name: string;
  readonly label: string;
  readonly type: FeelType;
  /** Holds `[from, to)` values, so that `on` means something. */
  readonly timed: boolean;
  /** `fact` of the catalogue, `link` path to another subject's fact, `item` fact, the `period`'s ends and the `subject`'s own key, `element` of a list (each, event). */
  readonly kind: 'fact' | 'link' | 'item' | 'period' | 'subject' | 'element';
}

export interface Vocabulary {
  find(name: string): FactShape | undefined;
  /** Every name, for suggestions. */
  readonly names: readonly string[];
  hasCode(tree: string, code: string): boolean;
  /** The node's Chinese name; null when the tree does not know the code. */
  codeName(tree: string, code: string): string | null;
}

/** 「是否想写 birthDate？」, or the general advice when nothing is near. */
export const suggest = (name: string, names: Iterable<string>, otherwise: string): string => {
  const near = nearest(name, names);
  return near.length === 0 ? otherwise : `是否想写 ${near.join('、')}？`;
};
