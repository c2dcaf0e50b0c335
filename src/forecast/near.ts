// How near the others are: of those a draft leaves out, who would come in by one change, by two, or by waiting. Whoever no change could bring in is ruled
// out by the kernel, with every condition left open that a change or time could turn; the rest are asked one by one, at most so many of them.
import { compare, type Rational, toDecimalString } from '../base/rational.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { isNumber } from '../feel/value.ts';
import { decideAt, kernelItem, paidBesides } from '../match/batch.ts';
import { columnSource } from '../match/source.ts';
import { canChange, movesWithTime } from '../policy/moves.ts';
import { type Change, type NearMiss, nearMisses } from '../policy/near-miss.ts';
import { factOf } from '../record/lookup.ts';
import { type Speaker, sayValue } from '../rule/explain.ts';
import { leavesOf } from '../rule/ready.ts';
import { andNotInto, rowsOf } from '../snapshot/bitmap.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import type { NearTold } from './document.ts';
import type { BlockView } from './survey.ts';

/** How far ahead waiting is counted: the year that a budget is made for. */
const monthsAhead = 12;
const batchRows = 256;

interface Kind {
  readonly change: Change;
  subjects: number;
  /** In the fact's unit, where it is a figure. */
  readonly distances: Rational[];
}

export interface Near {
  /** Rows some change could bring in, and how many of them were asked. */
  candidates: number;
  examined: number;
  one: number;
  two: number;
  waiting: number;
  readonly kinds: Map<string, Kind>;
}

export const openNear = (): Near => ({ candidates: 0, examined: 0, one: 0, two: 0, waiting: 0, kinds: new Map() });

/** `most`: rows asked in this block; where there are more, every so many. */
export const takeNear = async (near: Near, block: OpenBlock, draft: BlockView, most: number): Promise<void> => {
  const { job, tally } = draft;
  const { compiled, frame, period } = job;
  if (compiled.event !== null || compiled.closings.length > 0 || most === 0) return;
  const { catalogue } = frame;
  const moving = new Set(leavesOf(compiled.match).flatMap((leaf) => (movesWithTime(compiled, leaf) ? [leaf.fact] : [])));
  const asked = kernelItem(compiled, period, frame);
  const { kernel } = await frame.block(block.register, block.block);
  const possible = kernel
    .match({
      ...asked,
      // What is computed may change with what it is computed from, or with time.
      computed: new Map(),
      fact: (name) => {
        const fact = factOf(catalogue, compiled.register, name);
        return moving.has(name) || canChange(fact) ? null : asked.fact(name);
      },
    })
    .possibly.slice();
  andNotInto(possible, tally.eligible);
  andNotInto(possible, tally.undetermined);
  const rows = rowsOf(possible);
  const step = Math.max(1, Math.ceil(rows.length / most));
  const chosen = rows.filter((_, i) => i % step === 0);
  near.candidates += rows.length;
  near.examined += chosen.length;
  for (let from = 0; from < chosen.length; from += batchRows) {
    const batch = await draft.batch(chosen.slice(from, from + batchRows));
    for (const at of batch.rows) {
      const paid = paidBesides(batch, at.subject.subjectId, compiled.item.id, period);
      const source = columnSource({ block, row: at.row }, { catalogue, link: frame.link, paid, purpose: compiled.item });
      const decision = decideAt(job, block, batch, at, period);
      countNear(near, nearMisses({ compiled, catalogue, source, period, decision, months: monthsAhead }));
    }
  }
};

const countNear = (near: Near, found: readonly NearMiss[]): void => {
  const single = found.filter((n) => n.changes.length === 1);
  if (single.some((n) => n.changes[0]?.kind !== 'wait')) near.one++;
  else if (single.length > 0) near.waiting++;
  else if (found.length > 0) near.two++;
  const seen = new Set<string>();
  for (const change of found.flatMap((n) => n.changes)) {
    const key = keyOf(change);
    const kind = near.kinds.get(key) ?? { change, subjects: 0, distances: [] };
    near.kinds.set(key, kind);
    if (!seen.has(key)) kind.subjects++;
    seen.add(key);
    if ((change.kind === 'set' || change.kind === 'series') && change.distance !== null) kind.distances.push(change.distance);
  }
};

/** Changes that are one to whoever makes policy: the same fact, the same direction, the same month. */
const keyOf = (change: Change): string => {
  if (change.kind === 'wait') return `wait ${change.day.slice(0, 7)}`;
  if (change.kind !== 'set') return `${change.kind} ${change.fact}`;
  if (isNumber(change.to)) return `set ${change.fact} ${isNumber(change.from) && compare(change.to, change.from) < 0 ? 'less' : 'more'}`;
  return `set ${change.fact} ${JSON.stringify(change.to)}`;
};

const monthText = (month: string): string => month.replace(/^(\d+)-0?(\d+)$/, '$1年$2月');

const textOf = (change: Change, speaker: Speaker): string => {
  if (change.kind === 'wait') return `到 ${monthText(change.day.slice(0, 7))}`;
  const label = speaker.label(change.fact) ?? '这一项';
  if (change.kind === 'add') return `${label}增加`;
  if (change.kind === 'series') return `${label}的数值`;
  if (isNumber(change.to)) return `${label}${isNumber(change.from) && compare(change.to, change.from) < 0 ? '降低' : '提高'}`;
  const to = Array.isArray(change.to)
    ? change.to.map(String).join('、')
    : sayValue(change.to, speaker.find(change.fact)?.type ?? { kind: 'any' }, speaker);
  return `${label}为“${to}”`;
};

/** Most first; distances as decimal text in the fact's unit. */
export const tellNear = (near: Near, speaker: Speaker, catalogue: Catalogue, register: string): NearTold => ({
  candidates: near.candidates,
  examined: near.examined,
  one: near.one,
  two: near.two,
  waiting: near.waiting,
  changes: [...near.kinds]
    .sort(([a, x], [b, y]) => y.subjects - x.subjects || (a < b ? -1 : 1))
    .slice(0, 50)
    .map(([, { change, subjects, distances }]) => {
      const sorted = [...distances].sort(compare);
      const at = (i: number): string | null => (sorted[i] === undefined ? null : toDecimalString(sorted[i] as Rational));
      const fact = change.kind === 'wait' ? null : change.fact;
      return {
        text: textOf(change, speaker),
        fact,
        unit: fact === null ? null : (factOf(catalogue, register, fact)?.unit ?? null),
        subjects,
        least: at(0),
        median: at(Math.max(0, Math.ceil(sorted.length / 2) - 1)),
        most: at(sorted.length - 1),
      };
    }),
});
