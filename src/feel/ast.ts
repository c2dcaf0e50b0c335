// The digested tree an expression runs on: no grammar nodes, no text to look at twice.

import type { Value } from './value.ts';

export interface Span {
  /** Offsets into the text, [from, to). */
  readonly from: number;
  readonly to: number;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '**';
export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface Iterator {
  readonly name: string;
  readonly domain: Node;
  /** `for i in a..b`: the domain runs from `domain` to `end`. */
  readonly end: Node | null;
}

export type Node = { readonly span: Span } & (
  | { readonly op: 'literal'; readonly value: Value }
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'path'; readonly target: Node; readonly name: string }
  | { readonly op: 'filter'; readonly target: Node; readonly condition: Node }
  | { readonly op: 'negate'; readonly operand: Node }
  | { readonly op: 'arithmetic'; readonly operator: BinaryOperator; readonly left: Node; readonly right: Node }
  | { readonly op: 'compare'; readonly operator: ComparisonOperator; readonly left: Node; readonly right: Node }
  | { readonly op: 'and'; readonly left: Node; readonly right: Node }
  | { readonly op: 'or'; readonly left: Node; readonly right: Node }
  | { readonly op: 'between'; readonly operand: Node; readonly low: Node; readonly high: Node }
  | { readonly op: 'in'; readonly operand: Node; readonly tests: readonly Node[] }
  | { readonly op: 'instance'; readonly operand: Node; readonly type: TypeName }
  | { readonly op: 'if'; readonly condition: Node; readonly yes: Node; readonly no: Node }
  | { readonly op: 'for'; readonly iterators: readonly Iterator[]; readonly body: Node }
  | { readonly op: 'some' | 'every'; readonly iterators: readonly Iterator[]; readonly body: Node }
  | { readonly op: 'list'; readonly elements: readonly Node[] }
  | { readonly op: 'context'; readonly entries: readonly { readonly key: string; readonly value: Node }[] }
  | {
      readonly op: 'range';
      readonly low: Node | null;
      readonly high: Node | null;
      readonly lowClosed: boolean;
      readonly highClosed: boolean;
    }
  /** A unary test, `> 5`, `!= 3`: a range, of which `in` asks whether the value is inside. */
  | { readonly op: 'test'; readonly operator: ComparisonOperator; readonly operand: Node }
  | { readonly op: 'function'; readonly parameters: readonly string[]; readonly body: Node }
  | { readonly op: 'call'; readonly callee: Node; readonly args: readonly Node[]; readonly names: readonly string[] | null }
);

/** The right side of `instance of`. */
export type TypeName =
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'list' | 'range'; readonly element: TypeName }
  | { readonly kind: 'context'; readonly fields: readonly { readonly name: string; readonly type: TypeName }[] }
  | { readonly kind: 'function'; readonly parameters: readonly TypeName[]; readonly result: TypeName };
