// The shipped catalogue reads without a problem; a bent one names every problem with its place.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/base/canonical.ts';
import type { Problem } from '../../src/base/problem.ts';
import { parseCatalogue, readCatalogue } from '../../src/catalogue/read.ts';
import { type Content, city } from './city.ts';

const shipped = new URL('../../rules/catalogue', import.meta.url).pathname;

const problemsOf = (content: Content): readonly Problem[] => {
  const result = parseCatalogue(content);
  return result.ok ? [] : result.problems;
};
const bent = (bend: (c: Content) => void): readonly string[] => {
  const content = city();
  bend(content);
  return problemsOf(content).map((p) => `${p.code} ${p.at}`);
};

describe('the shipped catalogue', () => {
  it('has no problem', async () => {
    const result = await readCatalogue(shipped);
    expect(result.ok ? [] : result.problems).toEqual([]);
  });

  it('keeps personal facts of residents above internal', async () => {
    const result = await readCatalogue(shipped);
    if (!result.ok) throw new Error('unreadable');
    const open = result.catalogue.facts.filter((f) => f.register === 'citizen' && ['public', 'internal'].includes(f.sensitivity));
    expect(open.map((f) => f.key)).toEqual([]);
  });

  it('takes the day of death from police, health and cremation, the earliest first', async () => {
    const result = await readCatalogue(shipped);
    const death = result.ok ? result.catalogue.facts.find((f) => f.key === 'deathDate') : undefined;
    expect(death?.combine).toBe('earliest');
    expect(death?.datasets).toEqual(['police-residents', 'health-deaths', 'civil-cremations']);
  });
});

describe('reading', () => {
  it('hashes content, not spelling: key order does not matter, values do', () => {
    const hashOf = (c: Content): string => {
      const r = parseCatalogue(c);
      return r.ok ? r.catalogue.hash : 'bad';
    };
    const turned = Object.fromEntries(Object.entries(city()).reverse());
    expect(hashOf(turned)).toBe(hashOf(city()));
    const other = city();
    other.parameters[0].values[0].value = '1001';
    expect(hashOf(other)).not.toBe(hashOf(city()));
  });

  it('writes canonical JSON with sorted keys and without undefined', () => {
    expect(canonicalJson({ b: [1, { d: 'é', c: null }], a: undefined })).toBe('{"b":[1,{"c":null,"d":"é"}]}');
  });

  it('names a missing file and a broken one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
    try {
      writeFileSync(join(folder, 'registers.json'), '[{');
      const result = await readCatalogue(folder);
      const seen = result.ok ? [] : result.problems.map((p) => `${p.code} ${p.at}`).sort();
      expect(seen).toEqual([
        'catalogue.no-file calendar.json',
        'catalogue.no-file datasets.json',
        'catalogue.no-file deliveries.json',
        'catalogue.no-file external.json',
        'catalogue.no-file parameters.json',
        'catalogue.syntax registers.json',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('checking the whole', () => {
  it('has nothing against the small city', () => {
    expect(problemsOf(city())).toEqual([]);
  });

  it.each<[string, (c: Content) => void, readonly string[]]>([
    [
      'a shape that is none, several at once',
      (c) => {
        c.facts[0].type = 'colour';
        c.parameters[0].values[1].value = 1500;
        c.registers[0].colour = 'red';
      },
      ['catalogue.shape /registers/0', 'catalogue.shape /facts/0/type', 'catalogue.shape /parameters/0/values/1/value'],
    ],
    ['a fact twice', (c) => c.facts.push(c.facts[1]), ['catalogue.duplicate /facts/7/key']],
    [
      'the same key in two registers is fine',
      (c) => {
        c.facts.push({ ...c.facts[6], key: 'employer' });
        c.datasets[4].columns.push({ header: '又', to: 'employer' });
      },
      [],
    ],
    [
      'an unknown dataset',
      (c) => {
        c.facts[1].datasets = ['people', 'nobody'];
      },
      ['catalogue.unknown-name /facts/1/datasets/1'],
    ],
    [
      'a dataset without the column',
      (c) => {
        c.datasets[0].columns.splice(2, 1);
      },
      ['catalogue.mismatch /facts/1/datasets/0'],
    ],
    [
      'a column nobody knows',
      (c) => {
        c.datasets[0].columns.push({ header: '身高', to: 'height' });
      },
      ['catalogue.unknown-name /datasets/0/columns/5/to'],
    ],
    [
      'a header twice',
      (c) => {
        c.datasets[1].columns[1].header = '起';
      },
      ['catalogue.duplicate /datasets/1/columns/2/header'],
    ],
    [
      'a timed dataset without its end',
      (c) => {
        c.datasets[1].columns.pop();
      },
      ['catalogue.incomplete /datasets/1/columns'],
    ],
    [
      'timed fact from a plain dataset',
      (c) => {
        c.facts[0].timed = false;
      },
      ['catalogue.mismatch /facts/0/datasets/0'],
    ],
    [
      'an unknown tree',
      (c) => {
        c.facts[0].tree = 'rivers';
      },
      ['catalogue.unknown-name /facts/0/tree'],
    ],
    [
      'a category without values',
      (c) => {
        delete c.facts[2].values;
      },
      ['catalogue.incomplete /facts/2'],
    ],
    [
      'a link to nowhere',
      (c) => {
        c.facts[3].to = 'household';
      },
      ['catalogue.unknown-name /facts/3/to'],
    ],
    [
      'a list without its element key',
      (c) => {
        c.facts[4].elementKey = 'name';
      },
      ['catalogue.unknown-name /facts/4/elementKey', 'catalogue.incomplete /datasets/2/columns'],
    ],
    [
      'a reserved name',
      (c) => {
        c.facts[1].key = 'period';
        c.datasets[0].columns[2].to = 'period';
      },
      ['catalogue.reserved /facts/1/key'],
    ],
    [
      'a field that hides the element',
      (c) => {
        c.facts[4].fields[1].key = 'each';
        c.datasets[2].columns[2].to = 'each';
      },
      ['catalogue.reserved /facts/4/fields/1/key'],
    ],
    [
      'a code with a missing parent',
      (c) => {
        c.trees[0].nodes[1].parent = '999999';
      },
      ['catalogue.unknown-name /trees/0/nodes/1/parent'],
    ],
    [
      'parents in a circle',
      (c) => {
        c.trees[0].nodes[0].parent = '530128';
      },
      [
        'catalogue.loop /trees/0/nodes/0/parent',
        'catalogue.loop /trees/0/nodes/1/parent',
        'catalogue.loop /trees/0/nodes/2/parent',
        'catalogue.loop /trees/0/nodes/3/parent',
      ],
    ],
    [
      'parameters that overlap',
      (c) => {
        c.parameters[0].values[1].to = '2025-02-01';
      },
      ['catalogue.overlap /parameters/0/values/2'],
    ],
    [
      'a parameter that ends before it starts',
      (c) => {
        c.parameters[0].values[1].to = '2023-01-01';
      },
      ['catalogue.dates /parameters/0/values/1/to'],
    ],
    [
      'a day that does not exist',
      (c) => {
        c.parameters[0].values[1].to = '2025-02-29';
      },
      ['catalogue.shape /parameters/0/values/1/to'],
    ],
    [
      'an external period of the wrong kind',
      (c) => {
        c.external[0].values[0].period = '2025Q1';
      },
      ['catalogue.dates /external/0/values/0/period'],
    ],
    [
      'a holiday on a weekend and a workday on a weekday',
      (c) => {
        c.calendar.holidays = ['2026-01-03'];
        c.calendar.workdays = ['2026-01-05'];
      },
      ['catalogue.dates /calendar/holidays/0', 'catalogue.dates /calendar/workdays/0'],
    ],
  ])('%s', (_name, bend, expected) => {
    expect(bent(bend)).toEqual(expected);
  });
});
