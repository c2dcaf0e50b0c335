// The population of a worked example: the example's own subject and the others it writes down, closed like a real one.
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { DecisionPeriod, FactSource } from '../rule/facts.ts';
import { type ClosedTable, closedTable, withClosed } from './closed.ts';
import { closeTable, entryOf } from './closing.ts';
import type { CompiledItem } from './compile.ts';
import { exampleSource } from './example.ts';
import type { Example } from './item.ts';

const own = 'example';

/** The example's source, with its ranks and pools told. */
export const closedExample = (
  compiled: CompiledItem,
  catalogue: Catalogue,
  example: Pick<Example, 'facts' | 'paid' | 'population'>,
  source: FactSource,
  period: DecisionPeriod,
): FactSource => {
  if (compiled.closings.length === 0) return source;
  const others = (example.population ?? []).flatMap(({ times = 1, facts }, i) => {
    const each = exampleSource(catalogue, compiled.register, { facts }, period.knownAt);
    return Array.from({ length: times }, (_, n) => ({ id: `other-${i}-${n}`, source: each }));
  });
  const tables: ClosedTable[] = [];
  for (const closing of compiled.closings) {
    const entries = [{ id: own, source }, ...others].map((who) =>
      entryOf(compiled, closing, withClosed(who.source, tables, who.id, period.knownAt), period, { subjectId: who.id, key: who.id }),
    );
    tables.push(closedTable(closing.name, closeTable(entries, closing)));
  }
  return withClosed(source, tables, own, period.knownAt);
};
