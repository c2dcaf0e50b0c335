// What things are called when an item is read aloud: facts, fields, codes, datasets, parameters, other items, and the item's own words for its period.
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Speaker } from '../rule/explain.ts';
import type { CompiledItem } from './compile.ts';
import type { PeriodKind } from './item.ts';
import { treesOf } from './vocabulary.ts';

/** How people speak of the period: its first and last day, itself, the one before. */
const periodWords: Readonly<Record<PeriodKind, Readonly<Record<'start' | 'end' | 'key' | 'previous', string>>>> = {
  monthly: { start: '当月初', end: '当月末', key: '当月', previous: '上月' },
  quarterly: { start: '当季初', end: '当季末', key: '当季', previous: '上季' },
  yearly: { start: '当年初', end: '当年末', key: '当年', previous: '上年' },
  'per-event': { start: '事项发生日', end: '事项发生日', key: '本次', previous: '上次' },
  once: { start: '施行日', end: '核定日', key: '本次', previous: '上次' },
};

type Spoken = Pick<CompiledItem, 'plan' | 'register'> & Partial<Pick<CompiledItem, 'item'>>;

/** `titles`: other items by id, where the caller knows them. */
export const speakerOf = (compiled: Spoken, catalogue: Catalogue, titles: ReadonlyMap<string, string> = new Map()): Speaker => {
  const datasets = new Map(catalogue.datasets.map((d) => [d.id, d.title]));
  const trees = treesOf(catalogue);
  const own = catalogue.facts.filter((f) => f.register === compiled.register);
  const fields = new Map<string, string>(
    own.flatMap((f) => (f.fields ?? []).map((field) => [`${f.key}.${field.key}`, field.label] as const)),
  );
  const named: Readonly<Record<string, (key: string) => string | undefined>> = {
    parameter: (key) => catalogue.parameters.find((p) => p.key === key.split(':')[0])?.label,
    external: (key) => catalogue.external.find((e) => e.key === key.split(':')[0])?.label,
    paid: () => '此前已发的金额',
    item: (id) => (id === compiled.item?.id ? '本事项' : titles.has(id) ? `《${titles.get(id)}》` : undefined),
    code: (code) => [...trees.values()].map((tree) => tree.node(code)?.name).find((name) => name !== undefined),
  };
  const label = (name: string): string | undefined => {
    const [, kind = '', key = ''] = /^([a-z]+):(.+)$/.exec(name) ?? [];
    if (kind !== '') return named[kind]?.(key);
    const [, part] = /^period\.(start|end|key|previous)$/.exec(name) ?? [];
    if (part !== undefined && compiled.item !== undefined) return periodWords[compiled.item.period][part as 'start'];
    const known = compiled.plan.inside(name)?.label ?? fields.get(name) ?? fieldLabel(compiled, own, name);
    // Of an event the reader must see whose field it is: the list it stands in has one of the same name.
    return known !== undefined && name.startsWith('event.') ? `本次${known}` : known;
  };
  return {
    find: (name) => compiled.plan.inside(name),
    label,
    codeName: (tree, code) => trees.get(tree)?.node(code)?.name ?? null,
    datasetTitle: (id) => datasets.get(id) ?? id,
  };
};

/** `团队.mode`, of a list the item itself computed: what every list of the register calls that field, when they agree. */
const fieldLabel = (compiled: Spoken, own: readonly Fact[], path: string): string | undefined => {
  const dot = path.lastIndexOf('.');
  if (dot < 0) return undefined;
  const kind = compiled.plan.inside(path.slice(0, dot))?.type.kind;
  if (kind !== undefined && kind !== 'list' && kind !== 'record') return undefined;
  const key = path.slice(dot + 1);
  const labels = new Set(own.flatMap((f) => (f.fields ?? []).filter((field) => field.key === key).map((field) => field.label)));
  return labels.size === 1 ? [...labels][0] : undefined;
};
