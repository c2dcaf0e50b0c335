// Which edges of the table of states were really walked: from, to and by whom, as the moves were written in transactions that held.
import { type Mover, type State, states } from '../../src/disbursement/states.ts';

export type Edge = `${State} → ${State} by ${Mover}`;
export const edge = (from: State, to: State, by: Mover): Edge => `${from} → ${to} by ${by}`;

/** Every edge of the table, by mover. */
export const everyEdge: readonly Edge[] = (Object.keys(states) as State[]).flatMap((from) =>
  Object.entries(states[from].next).flatMap(([to, ways]) =>
    [...new Set(ways.flatMap((way) => way.by))].map((by) => edge(from, to as State, by)),
  ),
);
