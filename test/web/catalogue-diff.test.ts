// What a published catalogue changed against the one before: each kind of change by name, nothing where nothing changed, and going back mirrors going on.
import { describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { catalogueDiff } from '../../src/web/catalogue-diff.ts';

const shipped = async (): Promise<Catalogue> => {
  const read = await readCatalogue(new URL('../../rules/catalogue', import.meta.url).pathname);
  if (!read.ok) throw new Error(JSON.stringify(read.problems[0]));
  return read.catalogue;
};

describe('two catalogues', () => {
  it('name what is new, gone and different, in Chinese', async () => {
    const before = await shipped();
    const [wage, ...parameters] = before.parameters;
    const [first, ...values] = wage?.values ?? [];
    if (wage === undefined || first === undefined) throw new Error('no parameter');
    const [residents, ...datasets] = before.datasets;
    if (residents === undefined) throw new Error('no dataset');
    const after: Catalogue = {
      ...before,
      parameters: [
        { ...wage, values: [{ ...first, value: '9999' }, ...values, { ...first, from: day('2031-01-01'), to: null, value: '8888' }] },
        ...parameters.slice(1),
      ],
      trees: before.trees.map((tree) =>
        tree.id === 'division'
          ? { ...tree, nodes: [...tree.nodes, { code: '990000', name: '样例新区', parent: null, from: day('2031-01-01') }] }
          : tree,
      ),
      datasets: [{ ...residents, freshnessDays: residents.freshnessDays + 1 }, ...datasets],
    };
    expect(catalogueDiff(before, before)).toEqual([]);
    const found = catalogueDiff(before, after);
    const gone = parameters[0];
    expect(found.map(({ part, kind }) => `${part} ${kind}`)).toEqual([
      'parameter changed',
      'parameter added',
      ...(gone?.values.map(() => 'parameter removed') ?? []),
      'tree added',
      'dataset changed',
    ]);
    expect(found[0]?.before).toContain(`${first.value} ${wage.unit}`);
    expect(found[0]?.after).toContain(`9999 ${wage.unit}`);
    expect(found.find(({ part }) => part === 'tree')?.after).toBe('样例新区（2031年1月1日起）');
    const back = catalogueDiff(after, before);
    const mirrored = { added: 'removed', removed: 'added', changed: 'changed' } as const;
    const plain = (rows: ReturnType<typeof catalogueDiff>) => rows.map((one) => JSON.stringify(one)).toSorted();
    expect(plain(back)).toEqual(plain(found.map((one) => ({ ...one, kind: mirrored[one.kind], before: one.after, after: one.before }))));
  });
});
