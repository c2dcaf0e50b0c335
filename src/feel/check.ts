// Types before anything runs (stub).
import type { Problem } from '../base/problem.ts';
import type { Node } from './ast.ts';
import type { BuiltinTable } from './builtin.ts';
import { anyType, type FeelType, type TypeEnv } from './type.ts';

export interface CheckInput {
  readonly env: TypeEnv;
  readonly text: string;
  readonly builtins: BuiltinTable;
  readonly units: boolean;
}
export const check = (
  _root: Node,
  _input: CheckInput,
): { problems: readonly Problem[]; type: FeelType; types: ReadonlyMap<Node, FeelType>; reads: readonly string[] } => ({
  problems: [],
  type: anyType,
  types: new Map(),
  reads: [],
});
