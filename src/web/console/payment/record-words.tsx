// How states of a record and words of the bank are marked, for the pages that show one.
import { type State, states } from '../../../disbursement/states.ts';
import type { LineEventKind } from '../../../payment/states.ts';
import { Mark, type Tone } from '../page.tsx';

const groups = { open: 'now', waits: 'warn', bank: 'now', over: 'plain' } as const satisfies Record<string, Tone>;
const own: Partial<Record<State, Tone>> = { paid: 'good', returned: 'bad', unknown: 'bad' };

export const RecordMark = ({ state }: { readonly state: State }) => (
  <Mark tone={own[state] ?? groups[states[state].group]}>{states[state].text}</Mark>
);

export const wordTones: Readonly<Record<LineEventKind, Tone>> = {
  ...{ withheld: 'warn', cancelled: 'plain', sent: 'now', accepted: 'now', paid: 'good', returned: 'bad', unknown: 'bad' },
};

const weights: readonly LineEventKind[] = ['cancelled', 'withheld', 'returned', 'paid', 'unknown', 'accepted', 'sent'];
/** Of all that was said of a line, what it comes to, as the server weighs it: a late word that the order was taken changes nothing. */
export const weightiest = (said: readonly { readonly kind: LineEventKind }[]): LineEventKind | undefined =>
  weights.find((kind) => said.some((one) => one.kind === kind));
