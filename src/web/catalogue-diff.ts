// What changed between two published catalogues, in Chinese: dated parameters, nodes of trees, datasets, facts and the delivery calendar. Pure.
import { dayText } from '../base/day.ts';
import type { Catalogue, Parameter, TreeNode } from '../catalogue/catalogue.ts';

export interface CatalogueChange {
  readonly part: 'parameter' | 'tree' | 'dataset' | 'fact' | 'calendar';
  readonly kind: 'added' | 'removed' | 'changed';
  /** What it is about: a parameter and region, a node, a dataset. */
  readonly what: string;
  readonly before: string | null;
  readonly after: string | null;
}

type Texts = ReadonlyMap<string, { readonly what: string; readonly text: string }>;

const span = (from: string | null | undefined, to: string | null | undefined): string =>
  from == null && to == null ? '' : `（${from == null ? '起初' : dayText(from)}起${to == null ? '' : `，到${dayText(to)}前一日`}）`;

const parameterTexts = (parameters: readonly Parameter[], place: (code: string) => string): Texts =>
  new Map(
    parameters.flatMap(({ key, label, unit, values }) =>
      values.map(({ region, from, to, value, document }) => [
        `${key} ${region ?? ''} ${from}`,
        {
          what: `${label}，${region === null ? '全国' : place(region)}，${dayText(from)}起`,
          text: `${value} ${unit}${to === null ? '' : `，到${dayText(to)}前一日`}${document === undefined ? '' : `，${document}`}`,
        },
      ]),
    ),
  );

const nodeTexts = (id: string, label: string, nodes: readonly TreeNode[]): Texts => {
  const names = new Map(nodes.map((node) => [node.code, node.name]));
  return new Map(
    nodes.map(({ code, name, parent, from, to }) => [
      `${id} ${code}`,
      {
        what: `${label} ${code}`,
        text: `${name}${parent === null ? '' : `，属${names.get(parent) ?? parent}`}${span(from, to)}`,
      },
    ]),
  );
};

const compare = (part: CatalogueChange['part'], before: Texts, after: Texts): readonly CatalogueChange[] => [
  ...[...after].flatMap(([key, { what, text }]): CatalogueChange[] => {
    const old = before.get(key);
    if (old === undefined) return [{ part, kind: 'added', what, before: null, after: text }];
    return old.text === text ? [] : [{ part, kind: 'changed', what, before: old.text, after: text }];
  }),
  ...[...before].flatMap(([key, { what, text }]): CatalogueChange[] =>
    after.has(key) ? [] : [{ part, kind: 'removed', what, before: text, after: null }],
  ),
];

const all = (catalogue: Catalogue) => {
  const divisions = new Map(catalogue.trees.find((tree) => tree.id === 'division')?.nodes.map((node) => [node.code, node.name]));
  const texts = <T>(rows: readonly T[], of: (row: T) => readonly [string, string, string]): Texts =>
    new Map(
      rows.map((row) => {
        const [key, what, text] = of(row);
        return [key, { what, text }];
      }),
    );
  return {
    parameter: parameterTexts(catalogue.parameters, (code) => divisions.get(code) ?? code),
    tree: new Map(catalogue.trees.flatMap(({ id, label, nodes }) => [...nodeTexts(id, label, nodes)])),
    dataset: texts(catalogue.datasets, (d) => [
      d.id,
      `数据集 ${d.title}`,
      `${d.department}，${d.freshnessDays} 天内作数，列：${d.columns.map(({ header }) => header).join('、')}`,
    ]),
    fact: texts(catalogue.facts, (f) => [`${f.register} ${f.key}`, `指标 ${f.label}`, `来自 ${f.datasets.join('、')}`]),
    calendar: texts(catalogue.deliveries ?? [], (term) => [
      term.dataset,
      `报送日历 ${catalogue.datasets.find(({ id }) => id === term.dataset)?.title ?? term.dataset}`,
      JSON.stringify([term.every, term.by, term.contact.role]),
    ]),
  } as const;
};

/** In the order people ask: parameters, trees, datasets, facts, the calendar. */
export const catalogueDiff = (before: Catalogue, after: Catalogue): readonly CatalogueChange[] => {
  const [old, now] = [all(before), all(after)];
  return (['parameter', 'tree', 'dataset', 'fact', 'calendar'] as const).flatMap((part) => compare(part, old[part], now[part]));
};
