// A near miss in words: 「参保职工数还差 2 人」「2027年3月12日起：年满80周岁」.
import { dayText } from '../base/day.ts';
import { equal, type Rational, sign, sub } from '../base/rational.ts';
import { closeGaps, periodWords } from '../feel/say-value.ts';
import type { FeelType } from '../feel/type.ts';
import { isList, isNumber, type Value } from '../feel/value.ts';
import { type Speaker, sayLeaf, sayValue } from '../rule/explain.ts';
import { leavesOf, type ReadyLeaf } from '../rule/ready.ts';
import type { CompiledItem } from './compile.ts';
import type { Change, NearMiss } from './near-miss.ts';

const unitOf = (type: FeelType | undefined): string | undefined =>
  type?.kind === 'number' || type?.kind === 'series' ? type.unit : undefined;

const figure = (n: Rational, unit: string | undefined, speaker: Speaker): string =>
  sayValue(n, unit === undefined ? { kind: 'number' } : { kind: 'number', unit }, speaker);

const moved = (label: string, from: Value, to: Rational, unit: string | undefined, speaker: Speaker): string => {
  const now = isNumber(from) ? from : null;
  const gap = now === null ? to : sub(to, now);
  const was = now === null ? '现在没有' : `现为 ${figure(now, unit, speaker)}`;
  if (now !== null && equal(gap, { kind: 'number', num: 0n, den: 1n })) return `${label}${was}`;
  const [size, word] = sign(gap) < 0 ? [sub({ kind: 'number', num: 0n, den: 1n }, gap), '高出'] : [gap, '还差'];
  return `${label}${word} ${figure(size, unit, speaker)}（${was}，须为 ${figure(to, unit, speaker)}）`;
};

const listWords = (from: Value): readonly Value[] => (isList(from) ? from : []);

const sayChange = (change: Change, compiled: CompiledItem, speaker: Speaker): string => {
  const leaf: ReadyLeaf | undefined = leavesOf(compiled.match).find((l) => l.at === change.at);
  if (change.kind === 'wait') {
    const what = leaf === undefined ? '条件' : (leaf.text ?? sayLeaf(leaf, speaker));
    return `${dayText(change.day)}起：${what}`;
  }
  const label = speaker.label(change.fact) ?? '这一项';
  const type = compiled.plan.find(change.fact)?.type;
  switch (change.kind) {
    case 'add': {
      // Counted by a fact of the item, in its unit: 「符合条件的新招用人数还差 2 人」.
      const unit = leaf?.fact !== change.fact && leaf?.type.kind === 'number' ? leaf.type.unit : undefined;
      return unit === undefined ? `${label}还差 ${change.count} 项` : `${leaf?.label ?? label}还差 ${change.count} ${unit}`;
    }
    case 'series':
      return isNumber(change.to)
        ? moved(`${periodWords(change.period) ?? ''}${label}`, change.from, change.to, unitOf(type), speaker)
        : label;
    case 'set': {
      if (isNumber(change.to)) return moved(label, change.from, change.to, unitOf(type), speaker);
      if (typeof change.to === 'boolean') return `${label}须为“${change.to ? '是' : '否'}”`;
      if (!isList(change.to)) return `${label}须为“${sayValue(change.to, type ?? { kind: 'any' }, speaker)}”`;
      const [before, after] = [listWords(change.from), change.to];
      const more = after.filter((v) => !before.includes(v));
      const fewer = before.filter((v) => !after.includes(v));
      const named = (values: readonly Value[]): string => values.map((v) => `“${String(v)}”`).join('、');
      return more.length > 0 ? `${label}须有${named(more)}` : `${label}须不再有${named(fewer)}`;
    }
  }
};

/** One sentence; changes that belong together joined. */
export const sayNear = (near: NearMiss, compiled: CompiledItem, speaker: Speaker): string =>
  closeGaps(near.changes.map((c) => sayChange(c, compiled, speaker)).join('，并且'));
