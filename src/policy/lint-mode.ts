// Rows of a mode that nobody comes to: what the conditions or earlier rows leave for them contradicts what they ask.
import type { Ready } from '../rule/ready.ts';
import { contradictory, openLook } from './lint-logic.ts';
import { type Finding, finding, type Looked, wide } from './lint-look.ts';

const not = (child: Ready): Ready => ({ kind: 'not', at: child.at, child });

export const ways = (l: Looked): readonly Finding[] => {
  const { modes, match } = l.compiled;
  const [first] = modes;
  if (first === undefined) return [];
  if (modes.every((row) => row.mode === first.mode))
    return [finding('mode-same', '/mode', '各行的兑现方式都一样，等于没有条件', '直接写这一种方式，或改正其中一行')];
  // A contradiction of the conditions themselves is told there.
  const tried = openLook(l.catalogue);
  if (contradictory([match], tried)) return [];
  const before: Ready[] = [match];
  const unreached = modes.flatMap(({ at, when }) => {
    const dead = contradictory(when === null ? before : [...before, when], tried);
    if (when !== null) before.push(not(when));
    return dead
      ? [finding('mode-unreachable', at, '按条件和前面各行，没有人会落在这一行', '核对这一行与条件、与前面各行的界限，或删去这一行')]
      : [];
  });
  return tried.tries >= 0 ? unreached : [...unreached, wide('/mode')];
};
