// What an expression reads from while it runs: facts by name, and the built-ins whose answer depends on the surroundings.

import { unknown, type Value } from './value.ts';

export interface Scope {
  /** The fact's value; `unknown(name)` when nobody told us, null when it is known that there is none. Never throws. */
  get(name: string): Value;
  /**
   * Built-ins that need the surroundings: `within` (tree, code, ancestor), `parameter` (name, …keys), `paid` (…).
   * Absent, or answering undefined: the call is unknown.
   */
  call?(name: string, args: readonly Value[]): Value | undefined;
}

/** A scope over a plain table; what is not in it is unknown. */
export const scopeOf = (facts: Readonly<Record<string, Value>> | ReadonlyMap<string, Value>, call?: Scope['call']): Scope => {
  const table: ReadonlyMap<string, Value> = facts instanceof Map ? facts : new Map(Object.entries(facts));
  const get = (name: string): Value => {
    const v = table.get(name);
    return v === undefined ? unknown(name) : v;
  };
  return call === undefined ? { get } : { get, call };
};
