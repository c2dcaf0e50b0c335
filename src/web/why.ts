// Why a subject is in or out: the stored trace laid over the rule it was decided by, each condition with what is asked, what was found,
// where that came from and how old it is. Pure; pages and the API show the same.

import { maskId } from '../base/codes.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CompactTrace } from '../match/match.ts';
import { awardReads } from '../policy/award-reads.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { modeNames } from '../policy/mode.ts';
import { sayAward } from '../policy/say-award.ts';
import { speakerOf } from '../policy/speaker.ts';
import { attestedIn, attestedTitle } from '../record/attested.ts';
import { placeName } from '../record/lookup.ts';
import { linesOf, type Said, sayConditions, sayLeaf } from '../rule/explain.ts';
import type { Missing, ModeChosen, ReadEntry, Truth } from '../rule/facts.ts';
import type { Ready, ReadyLeaf } from '../rule/ready.ts';
import { valueText, type Wording } from './value.ts';
import { periodText, reasonNames } from './words.ts';

/** One dataset that spoke: its title and department as the catalogue has them. */
export interface SourceNote {
  readonly dataset: string;
  readonly title: string;
  readonly department: string;
  readonly asOf: string;
}

export interface MissingNote {
  readonly fact: string;
  readonly label: string;
  readonly dataset: string | null;
  readonly title: string | null;
  readonly department: string | null;
  readonly reason: string;
}

/** 出生日期：公安局《常住人口基本信息》没有报送. */
export const missingText = (one: MissingNote): string =>
  `${one.label}：${one.title === null ? '' : `${one.department ?? ''}《${one.title}》`}${one.reason}`;

/** One node of the tree in reading order; `depth` 0 is the whole. */
export interface Condition {
  readonly at: string;
  readonly depth: number;
  readonly kind: 'all' | 'any' | 'not' | 'leaf';
  readonly truth: Truth;
  /** The officer's own words, where the rule has them. */
  readonly text: string | null;
  readonly clause: string | null;
  readonly fact: string | null;
  readonly required: string | null;
  readonly actual: string | null;
  /** What a computed value was computed from. */
  readonly inputs: readonly { readonly label: string; readonly value: string }[];
  readonly sources: readonly SourceNote[];
  readonly missing: readonly MissingNote[];
}

export interface Explained {
  readonly compiled: CompiledItem;
  readonly catalogue: Catalogue;
  readonly trace: CompactTrace;
  readonly read: readonly ReadEntry[];
  readonly missing: readonly Missing[];
}

/** Names, values and sources of one item as people read them. */
export interface Voice {
  label(fact: string): string;
  value(fact: string, raw: unknown): string;
  source(dataset: string, asOf: string): SourceNote;
  missing(one: Missing): MissingNote;
}

const wordingOf = (catalogue: Catalogue, labels: ReadonlyMap<string, string>): Wording => ({
  codeName: (tree, code) => placeName(catalogue, tree, code),
  fieldLabel: (field) => labels.get(field) ?? null,
});

/** `parameter:minWage:530100` → 最低工资; `paid:item` → 已发金额; `within:…` is bookkeeping and has no label. */
const oddLabel = (catalogue: Catalogue, fact: string): string => {
  const [head = '', name = ''] = fact.split(':');
  if (head === 'parameter') return catalogue.parameters.find((one) => one.key === name)?.label ?? '参数';
  if (head === 'external') return catalogue.external.find((one) => one.key === name)?.label ?? '公开指数';
  if (head === 'paid') return '此前已发金额';
  return '指标';
};

/** 人工核定 by role and document: who the two were stands in the audit trail, not in a trace that the subject may see. null: an ordinary dataset. */
const attestedNote = (dataset: string, asOf: string, titleOf: (dataset: string) => string): SourceNote | null => {
  const attested = attestedIn(dataset);
  if (attested === null) return null;
  const under = attested.under === null ? '' : `${titleOf(attested.under)}，部分期间为`;
  return { dataset, title: `${under}${attestedTitle}（材料 ${attested.document.slice(0, 12)}）`, department: '部门审核两人', asOf };
};

/** Facts that may come as a band or a yes-no only, and what the item computes from them: their figures are shown to nobody. */
const bandedNames = (compiled: CompiledItem, catalogue: Catalogue): ReadonlySet<string> => {
  const facts = new Map(catalogue.facts.map((one) => [`${one.register} ${one.key}`, one]));
  const banded = new Set(compiled.reads.filter((r) => facts.get(`${r.register} ${r.fact}`)?.legalUse === 'banded').map((r) => r.path));
  // Item facts come in the order in which they may read each other.
  for (const [name, { reads }] of compiled.plan.itemFacts) if (reads.some((one) => banded.has(one))) banded.add(name);
  return banded;
};

/** A year is no figure: `first period above 5000 万` says when, and that is what a band is for. */
const isFigure = (raw: unknown): boolean =>
  (typeof raw === 'string' && /^-?\d+([.]\d+)?$/.test(raw) && !/^(19|20)\d\d$/.test(raw)) || (typeof raw === 'object' && raw !== null);

export const voiceOf = (compiled: CompiledItem, catalogue: Catalogue): Voice => {
  const datasets = new Map(catalogue.datasets.map((one) => [one.id, one]));
  const own = catalogue.facts.filter((one) => one.register === compiled.register);
  const links = new Set(own.filter((one) => one.type === 'link').map((one) => one.key));
  const fields = new Map<string, string>(own.flatMap((one) => (one.fields ?? []).map((field) => [`${one.key}.${field.key}`, field.label])));
  const banded = bandedNames(compiled, catalogue);
  const byList = Map.groupBy(
    own.filter((one) => one.fields),
    (one) => one.key,
  );
  const label = (fact: string): string => {
    // One period of a series: `revenue[2025]`.
    const [, series, period] = /^(.+)\[(.+)\]$/.exec(fact) ?? [];
    if (series !== undefined && period !== undefined) return `${label(series)}（${periodText(period)}）`;
    const known = compiled.item.facts?.[fact]?.text ?? compiled.plan.find(fact)?.label ?? fields.get(fact);
    return known ?? (fact.includes(':') ? oddLabel(catalogue, fact) : '指标');
  };
  const titleOf = (dataset: string) => datasets.get(dataset)?.title ?? dataset;
  return {
    label,
    value: (fact, raw) => {
      if (banded.has(fact.replace(/\[.*$/, '')) && isFigure(raw)) return '依法只看区间，不显示数值';
      if (links.has(fact)) return raw === null ? '无' : typeof raw === 'string' ? `尾号 ${maskId(raw).slice(-4)}` : '缺';
      const labels = new Map((byList.get(fact)?.[0]?.fields ?? []).map((field) => [field.key, field.label]));
      return valueText(raw, compiled.plan.find(fact)?.type ?? { kind: 'any' }, wordingOf(catalogue, labels));
    },
    source: (dataset, asOf) =>
      attestedNote(dataset, asOf, titleOf) ?? {
        dataset,
        title: titleOf(dataset),
        department: datasets.get(dataset)?.department ?? '',
        asOf,
      },
    missing: ({ fact, dataset, reason }) => ({
      fact,
      label: label(fact),
      dataset,
      title: dataset === null ? null : titleOf(dataset),
      department: dataset === null ? null : (datasets.get(dataset)?.department ?? null),
      reason: reasonNames[reason],
    }),
  };
};

const nodesOf = (ready: Ready): readonly Ready[] => [
  ready,
  ...(ready.kind === 'leaf' ? [] : ready.kind === 'not' ? nodesOf(ready.child) : ready.children.flatMap(nodesOf)),
];

/** 「户籍地区划属于禄劝县」, read from the rule alone; where the other side is a fact or a span of time, its value of then follows. */
const requiredText = (leaf: ReadyLeaf, trace: CompactTrace, explained: Explained, voice: Voice): string => {
  const asked = sayLeaf(leaf, speakerOf(explained.compiled, explained.catalogue));
  return leaf.operand.kind === 'literal' || trace.r === undefined ? asked : `${asked}（${voice.value(leaf.fact, trace.r)}）`;
};

/** What was read for a name: itself, or what it is computed from, however deep. */
const entriesFor = (fact: string, explained: Explained, seen = new Set<string>()): readonly ReadEntry[] => {
  if (seen.has(fact)) return [];
  seen.add(fact);
  const { event, itemFacts } = explained.compiled.plan;
  if (event !== null && (fact === 'event' || fact.startsWith('event.'))) return entriesFor(event.list, explained, seen);
  const expression = itemFacts.get(fact);
  if (expression !== undefined) return expression.reads.flatMap((name) => entriesFor(name, explained, seen));
  return explained.read.filter((entry) => entry.fact === fact || fact.startsWith(`${entry.fact}.`) || entry.fact.startsWith(`${fact}.`));
};

/** What a computed value stands on; a list is counted here and stands in full among what was read. */
const inputsOf = (entries: readonly ReadEntry[], voice: Voice): Condition['inputs'] =>
  entries
    .filter((entry) => !entry.fact.startsWith('within:'))
    .map(({ fact, value }) => ({
      label: voice.label(fact),
      value: Array.isArray(value) && value.some((one) => typeof one === 'object') ? `${value.length} 项` : voice.value(fact, value),
    }));

const leafOf = (
  leaf: ReadyLeaf,
  trace: CompactTrace,
  explained: Explained,
  voice: Voice,
): Omit<Condition, 'depth' | 'at' | 'kind' | 'truth' | 'text' | 'clause'> => {
  const entries = entriesFor(leaf.fact, explained);
  const direct = entries.find((entry) => entry.fact === leaf.fact && entry.to === undefined);
  const raw = trace.a === undefined ? direct?.value : trace.a;
  const computed = explained.compiled.plan.itemFacts.has(leaf.fact);
  const sources = new Map<string, SourceNote>();
  for (const { source } of entries) if (source) sources.set(`${source.dataset} ${source.asOf}`, voice.source(source.dataset, source.asOf));
  const gaps = new Map(explained.missing.map((one) => [one.fact, one]));
  for (const entry of explained.read) if (entry.missing) gaps.set(entry.missing.fact, entry.missing);
  return {
    fact: leaf.fact,
    required: requiredText(leaf, trace, explained, voice),
    actual: voice.value(leaf.fact, raw),
    inputs: computed ? inputsOf(entries, voice) : [],
    sources: [...sources.values()],
    missing: (trace.m ?? []).map((fact) => voice.missing(gaps.get(fact) ?? { fact, dataset: null, reason: 'empty' })),
  };
};

/** How the amount comes about: the award as the rule has it, read aloud, and what it was worked out from. */
export interface AwardNote {
  readonly says: Said;
  readonly inputs: readonly { readonly label: string; readonly value: string; readonly source: SourceNote | null }[];
}

export const awardNote = (explained: Explained): AwardNote => {
  const { compiled, catalogue } = explained;
  const voice = voiceOf(compiled, catalogue);
  const { facts, expressions } = awardReads(compiled.award, compiled.instalments);
  const seen = new Set<string>();
  const read = [...new Set([...facts, ...expressions.flatMap((one) => one.reads)])].flatMap((name) => entriesFor(name, explained, seen));
  const inputs = [...new Set(read)].flatMap((entry) =>
    inputsOf([entry], voice).map((one) => ({
      ...one,
      source: entry.source === null ? null : voice.source(entry.source.dataset, entry.source.asOf),
    })),
  );
  return { says: sayAward(compiled.award, speakerOf(compiled, catalogue)), inputs };
};

const none = { fact: null, required: null, actual: null, inputs: [], sources: [], missing: [] } as const;

/** The tree in reading order. A node the rule no longer names (it cannot happen with the version the match was decided by) is left out. */
export const explain = (explained: Explained): readonly Condition[] => {
  const nodes = new Map(nodesOf(explained.compiled.match).map((node) => [node.at, node]));
  const voice = voiceOf(explained.compiled, explained.catalogue);
  const walk = (trace: CompactTrace, depth: number): readonly Condition[] => {
    const node = nodes.get(trace.at);
    if (node === undefined) return [];
    const about = { at: trace.at, depth, kind: trace.k, truth: trace.t, text: node.text ?? null, clause: node.clause ?? null };
    const own = node.kind === 'leaf' ? leafOf(node, trace, explained, voice) : none;
    return [{ ...about, ...own }, ...(trace.c ?? []).flatMap((child) => walk(child, depth + 1))];
  };
  return walk(explained.trace, 0);
};

/** Leaves that settle the whole: those whose answer is why the tree answers as it does. `conditions` is in reading order, the whole first. */
export const decisive = (conditions: readonly Condition[]): readonly Condition[] => {
  const walk = (at: number): readonly Condition[] => {
    const node = conditions[at];
    if (node === undefined) return [];
    if (node.kind === 'leaf') return [node];
    const children: number[] = [];
    for (let i = at + 1; i < conditions.length && (conditions[i]?.depth ?? 0) > node.depth; i++)
      if (conditions[i]?.depth === node.depth + 1) children.push(i);
    return children.filter((i) => node.kind === 'not' || conditions[i]?.truth === node.truth).flatMap(walk);
  };
  return walk(0);
};

/** 兑现方式 of one decision, where the item's depends: which, by what, and what nobody could tell of the milder ones. */
export interface ModeNote {
  readonly mode: ModeChosen['mode'];
  readonly text: string;
  readonly missing: readonly MissingNote[];
}

/** A decision by the version before may name a row this one has not: then the mode alone is told. */
export const modeNote = (compiled: CompiledItem, catalogue: Catalogue, chosen: ModeChosen): ModeNote => {
  const row = compiled.modes.find((one) => one.at === chosen.at && one.mode === chosen.mode);
  const said = row?.when == null ? [] : sayConditions(row.when, speakerOf(compiled, catalogue)).flatMap((one) => linesOf(one));
  const by =
    row === undefined ? '' : row.when === null ? '（其余的情形）' : `（${row.text ?? said.map((line) => line.trim()).join('；')}）`;
  const open = chosen.missing.length > 0;
  return {
    mode: chosen.mode,
    text: `${modeNames[chosen.mode]}${open ? '：缺数据，无法判断，按较慎重的方式' : by}`,
    missing: chosen.missing.map(voiceOf(compiled, catalogue).missing),
  };
};
