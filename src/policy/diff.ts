// Two versions of an item side by side, in Chinese, by structure: conditions added, removed, made another; amounts, limits, steps and dates. Moving a
// condition within its group, or wording its remark otherwise, is no difference. Pure.
import type { Catalogue } from '../catalogue/catalogue.ts';
import { sayEach } from '../feel/say.ts';
import { linesOf, type Said, type Speaker, sayCondition, sayLeaf } from '../rule/explain.ts';
import type { Ready, ReadyLeaf } from '../rule/ready.ts';
import type { CompiledItem } from './compile.ts';
import type { Item } from './item.ts';
import { sayItem } from './say.ts';
import { speakerOf } from './speaker.ts';

export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** Which part of the rule: 条件, 其中, 标准, 限制, 流程, 预算, 依据 … */
  readonly part: string;
  /** JSON pointer into the later version (into the earlier one for what was removed); '' where a part has no single place. */
  readonly at: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The same as one sentence. */
  readonly text: string;
}

const words = { added: '增加', removed: '取消', changed: '改变' } as const;

const tell = (part: string, at: string, before: string | null, after: string | null): Difference => {
  const kind = before === null ? 'added' : after === null ? 'removed' : 'changed';
  const body = before !== null && after !== null ? `「${before}」改为「${after}」` : `「${after ?? before}」`;
  return { kind, part, at, before, after, text: `${part}：${words[kind]}${body}` };
};

interface Side {
  readonly compiled: CompiledItem;
  readonly speaker: Speaker;
}

const flat = (s: Said): string =>
  linesOf(s)
    .map((line) => line.trim())
    .join(' ');

/** What a condition means, without its place, its remark and its clause. */
const meaning = (ready: Ready, speaker: Speaker): string => {
  switch (ready.kind) {
    case 'leaf': {
      const { text: _, clause: __, ...bare } = ready;
      return `${bare.fact} ${bare.on} ${bare.checkAt} ${sayLeaf(bare, speaker)}`;
    }
    case 'not':
      return `not(${meaning(ready.child, speaker)})`;
    default:
      // A set: order among equals means nothing.
      return `${ready.kind}(${ready.children
        .map((c) => meaning(c, speaker))
        .sort()
        .join('; ')})`;
  }
};

const say = (ready: Ready, speaker: Speaker): string =>
  ready.kind === 'leaf' ? bareLeaf(ready, speaker) : flat(sayCondition(ready, speaker));

const bareLeaf = (leaf: ReadyLeaf, speaker: Speaker): string => {
  const { text: _, clause: __, ...bare } = leaf;
  return sayLeaf(bare, speaker);
};

/** How much two conditions that are not the same have in common: 3 same fact and operator, 2 same fact, 1 groups of one kind, 0 nothing. */
const kinship = (a: Ready, b: Ready): number => {
  if (a.kind === 'leaf' && b.kind === 'leaf')
    return a.fact !== b.fact || a.checkAt !== b.checkAt ? 0 : a.operator.name === b.operator.name ? 3 : 2;
  return a.kind === b.kind ? 1 : 0;
};

const conditions = (a: Ready, b: Ready, old: Side, fresh: Side): readonly Difference[] => {
  if (meaning(a, old.speaker) === meaning(b, fresh.speaker)) return [];
  if (a.kind === 'not' && b.kind === 'not') return conditions(a.child, b.child, old, fresh);
  if ((a.kind === 'all' || a.kind === 'any') && a.kind === b.kind) return children(a.children, b.children, old, fresh);
  // One side is a group, the other not: a lone condition is an `all` of one.
  if (a.kind === 'all' || b.kind === 'all')
    return children(a.kind === 'all' ? a.children : [a], b.kind === 'all' ? b.children : [b], old, fresh);
  return [tell('条件', b.at, say(a, old.speaker), say(b, fresh.speaker))];
};

const children = (before: readonly Ready[], after: readonly Ready[], old: Side, fresh: Side): readonly Difference[] => {
  const left = [...before];
  let right = [...after];
  // What stands on both sides is no difference, wherever it stands.
  for (const one of before) {
    const hit = right.findIndex((r) => meaning(r, fresh.speaker) === meaning(one, old.speaker));
    if (hit < 0) continue;
    right = right.filter((_, i) => i !== hit);
    left.splice(left.indexOf(one), 1);
  }
  const out: Difference[] = [];
  for (const grade of [3, 2, 1]) {
    for (const one of [...left]) {
      const other = right.find((r) => kinship(one, r) === grade);
      if (other === undefined) continue;
      left.splice(left.indexOf(one), 1);
      right.splice(right.indexOf(other), 1);
      out.push(
        ...(one.kind === 'leaf'
          ? [tell('条件', other.at, say(one, old.speaker), say(other, fresh.speaker))]
          : conditions(one, other, old, fresh)),
      );
    }
  }
  return [
    ...out,
    ...left.map((one) => tell('条件', one.at, say(one, old.speaker), null)),
    ...right.map((one) => tell('条件', one.at, null, say(one, fresh.speaker))),
  ];
};

/** Both sides always have conditions of the match; conditions of the payment may come and go. */
const allConditions = (old: Side, fresh: Side): readonly Difference[] => {
  const [a, b] = [old.compiled.payment, fresh.compiled.payment];
  const payment =
    a !== null && b !== null
      ? conditions(a, b, old, fresh)
      : a !== null
        ? [tell('条件', a.at, say(a, old.speaker), null)]
        : b !== null
          ? [tell('条件', b.at, null, say(b, fresh.speaker))]
          : [];
  return [...conditions(old.compiled.match, fresh.compiled.match, old, fresh), ...payment];
};

const places: Readonly<Record<string, string>> = {
  依据: '/basis',
  对象: '',
  兑现方式: '/mode',
  施行日期: '/effective',
  条件: '/each',
  其中: '/facts',
  标准: '/award',
  限制: '/limits',
  流程: '/flow',
  预算: '/budget',
};

/** A line's own part: what stands before the colon, or the heading of its section. */
const sections = (said: Said): ReadonlyMap<string, readonly string[]> => {
  const out = new Map<string, readonly string[]>([['名称', [said.text]]]);
  for (const child of said.children) {
    const [whole = child.text, ...rest] = child.text.split('：');
    const head = whole.replace(/（.*）$/, '');
    if (child.children.length === 0) out.set(head, [rest.join('：')]);
    else
      out.set(
        head,
        child.children.flatMap((c) => linesOf(c).map((line) => line.trim())),
      );
  }
  return out;
};

const bigrams = (text: string): ReadonlySet<string> =>
  new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)));

/** 0 to 1: how alike two lines are, by the pairs of letters they share. */
const alike = (a: string, b: string): number => {
  const [x, y] = [bigrams(a), bigrams(b)];
  const shared = [...x].filter((pair) => y.has(pair)).length;
  return x.size + y.size === 0 ? 0 : (2 * shared) / (x.size + y.size);
};

const kin = 0.4;

/** Lines that stand on both sides are left out; of the rest those most alike are told as changed. */
const lines = (part: string, before: readonly string[], after: readonly string[]): readonly Difference[] => {
  const at = places[part] ?? '';
  const left = before.filter((line) => !after.includes(line));
  const right = after.filter((line) => !before.includes(line));
  const out: Difference[] = [];
  for (const line of left) {
    const near = right.map((other) => ({ other, score: alike(line, other) })).sort((a, b) => b.score - a.score)[0];
    const single = before.length === 1 && after.length === 1;
    if (near === undefined || (near.score < kin && !single)) out.push(tell(part, at, line, null));
    else {
      right.splice(right.indexOf(near.other), 1);
      out.push(tell(part, at, line, near.other));
    }
  }
  return [...out, ...right.map((line) => tell(part, at, null, line))];
};

const selected = {
  'period-start': '期初日',
  'period-end': '期末日',
  event: '事件日',
  application: '申请日',
  payment: '兑付时的数据日',
} as const;
const transitions = { old: '此前的仍按旧版', new: '一律按新版', better: '此前的按新旧两版中较高的' } as const;

/** What governs the passage from one version to the next, and the rest that `sayItem` leaves to other readers. */
const transitionLines = (item: Item): readonly string[] => [
  ...(item.selectedBy === undefined ? [] : [`按${selected[item.selectedBy]}选用版本`]),
  ...(item.transition === undefined ? [] : [`新老划断：${transitions[item.transition]}`]),
  ...(item.recovery === undefined ? [] : [`多发的可以追回：${item.recovery.clause}`]),
  ...(item.lookback === undefined ? [] : [`回看 ${item.lookback} 期`]),
  ...(item.statement === undefined ? [] : [`到账附言：${item.statement}`]),
  ...(item.notice === undefined ? [] : [`告知附言：${item.notice.text}`]),
];

/** The lines of the conditions themselves are compared by structure, not by their wording. */
const eachOnly = (side: Side, catalogue: Catalogue): ReadonlyMap<string, readonly string[]> => {
  const all = new Map(sections(sayItem(side.compiled, catalogue)));
  const { speaker } = side;
  const { each, item } = side.compiled;
  all.set('衔接', [...transitionLines(item)]);
  all.set('条件', each === null ? [] : [`${speaker.label(each.list) ?? each.list}逐项须${sayEach(each.where, speaker.label).join('；')}`]);
  all.delete('付款时再核');
  return all;
};

/** Empty: the two say the same. */
export const diffItems = (before: CompiledItem, after: CompiledItem, catalogue: Catalogue): readonly Difference[] => {
  const old: Side = { compiled: before, speaker: speakerOf(before, catalogue) };
  const fresh: Side = { compiled: after, speaker: speakerOf(after, catalogue) };
  const [x, y] = [eachOnly(old, catalogue), eachOnly(fresh, catalogue)];
  const rest = [...new Set([...x.keys(), ...y.keys()])].flatMap((part) => lines(part, x.get(part) ?? [], y.get(part) ?? []));
  return [...allConditions(old, fresh), ...rest];
};
