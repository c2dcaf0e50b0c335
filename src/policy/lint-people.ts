// What an item does to people: lists that expose them, silence taken for a refusal, payments to the dead, a reach beyond the authority.
import { isList, type Value } from '../feel/value.ts';
import type { MatchKind } from './item.ts';
import { type Finding, finding, type Looked } from './lint-look.ts';
import { treesOf } from './vocabulary.ts';

const stepsOf = (l: Looked): ReadonlySet<string> => {
  const { flow } = l.compiled.item;
  return new Set((Object.keys(flow) as MatchKind[]).flatMap((kind) => flow[kind] ?? []));
};

const textsOf = (v: Value): readonly string[] => (typeof v === 'string' ? [v] : isList(v) ? v.flatMap(textsOf) : []);

const exposing = /孤儿|未成年|儿童|婴|计生|特扶|失独|大病|疾病|罕见病|精神|艾滋/;

export const publicity = (l: Looked): readonly Finding[] => {
  const { item } = l.compiled;
  if (!stepsOf(l).has('publicity') || item.audience !== 'citizen') return [];
  const values = l.leaves.flatMap((leaf) => (leaf.operand.kind === 'literal' ? textsOf(leaf.operand.value) : []));
  const found = [item.title, ...l.leaves.map((leaf) => leaf.label), ...values].find((text) => exposing.test(text));
  if (found === undefined) return [];
  const why = `公示名单会暴露未成年人、孤儿、计生特殊家庭或患病者（${found.slice(0, 40)}）`;
  return [finding('publicity', '/publicity', why, '从流程中删去公示（publicity），并写明不公示的原因（"publicity": {"none": "原因"}）')];
};

/** 视同放弃 ends a person's claim by silence; for what people live on it needs words in the document. */
export const waive = (l: Looked): readonly Finding[] => {
  const { item } = l.compiled;
  if (item.audience !== 'citizen' || !stepsOf(l).has('confirm') || item.confirm?.clause !== undefined) return [];
  return [
    finding(
      'waive',
      '/confirm',
      '给居民的待遇逾期不确认就视同放弃，但没有写依据的条款',
      '在 confirm.clause 写明文件哪一条；没有依据的不要设确认',
    ),
  ];
};

export const death = (l: Looked): readonly Finding[] => {
  const { item } = l.compiled;
  const paid = item.audience === 'citizen' && item.mode !== 'push' && l.compiled.plan.deathFact !== null;
  if (!paid || l.leaves.some((leaf) => leaf.fact === 'deathDate')) return [];
  return [finding('death', '/conditions', '没有判断是否已去世，可能发给已去世的人', '加上：没有死亡日期，或死亡日期不早于期初')];
};

const taxWords = /纳税额|纳税总额|税收贡献|缴税额|财政贡献/;

export const tax = (l: Looked): readonly Finding[] =>
  l.leaves
    .filter((leaf) => taxWords.test(leaf.label))
    .map((leaf) => finding('tax', leaf.at, `以“${leaf.label}”为条件，可能违反公平竞争审查条例`, '请法规部门确认，或改用与税收无关的条件'));

const suffix = /(特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|自治州|自治县|省|市|县|区|镇|乡|街道)$/;
/** 禄劝彝族苗族自治县 is called 禄劝县 as well: the first two characters and what it is. */
const shortNames = (name: string): readonly string[] => {
  const kind = name.at(-1) ?? '';
  const bare = name.replace(suffix, '');
  return name.includes('族') ? [name, `${name.slice(0, 2)}${kind}`] : bare.length < 2 ? [name] : [name, bare + kind];
};

/** An authority named after a place may rule there and below. An authority whose name says no place is left alone. */
export const region = (l: Looked): readonly Finding[] => {
  const { item } = l.compiled;
  const divisions = treesOf(l.catalogue).get('division');
  const tree = l.catalogue.trees.find((t) => t.id === 'division');
  if (divisions === undefined || tree === undefined) return [];
  const named = tree.nodes.filter((n) => shortNames(n.name).some((name) => name.length >= 2 && item.authority.startsWith(name)));
  if (named.length === 0) return [];
  // Towns and districts share names: one of them that fits is enough. 「山东省济南市…局」 names the province first and fits below it.
  if (item.region !== null && named.some((n) => divisions.within(item.region as string, n.code) === true)) return [];
  const place = item.region === null ? '全国' : (divisions.node(item.region)?.name ?? item.region);
  return [
    finding(
      'region',
      '/region',
      `适用地区是${place}，超出主管部门“${item.authority.slice(0, 40)}”的辖区`,
      '核对适用地区（region）和主管部门（authority）',
    ),
  ];
};
