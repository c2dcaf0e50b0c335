// The catalogue facts behind the names an item reads: its own and those one link away.
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { factsOf } from '../catalogue/env.ts';
import type { FactRead } from './compile.ts';

/** Sorted by path. `elements`: names that are no facts of the subject. */
export const readsOf = (
  paths: ReadonlySet<string>,
  catalogue: Catalogue,
  register: string,
  elements: ReadonlySet<string>,
): readonly FactRead[] => {
  const own = factsOf(catalogue, register);
  const out = new Map<string, FactRead>();
  const put = (fact: Fact, link: Fact | null): void => {
    const path = link === null ? fact.key : `${link.key}.${fact.key}`;
    const timed = (fact.timed ?? false) || (link?.timed ?? false);
    out.set(path, { path, fact: fact.key, register: fact.register, link: link?.key ?? null, timed, datasets: fact.datasets });
  };
  for (const name of paths) {
    const [head = name, field] = name.split('.');
    const fact = elements.has(head) ? undefined : own.get(head);
    if (fact === undefined) continue;
    put(fact, null);
    const target = fact.type === 'link' && field !== undefined ? factsOf(catalogue, fact.to ?? '').get(field) : undefined;
    if (target !== undefined) put(target, fact);
  }
  const death = own.get('deathDate');
  if (death !== undefined) put(death, null);
  return [...out.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
};
