// The public conformance suite: 1,541 cases of the DMN TCK, values and nulls counted apart, and neither count may sink.

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countCases, type FeelCase } from '../../src/feel/cases.ts';

const file = new URL('../../../shared/feel-tck/cases.json', import.meta.url);
const there = existsSync(file);

/** What passes today. Raise when it rises. */
const floor = { values: 843, nulls: 686 };

describe('FEEL agrees with the DMN TCK', () => {
  if (!there && process.env.CI === undefined) {
    console.log(`feel-tck: ${file.pathname} is not here, conformance is not measured`);
    it.skip('cases.json is not here', () => undefined);
    return;
  }

  const counts = (() => {
    const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly FeelCase[];
    return countCases(cases, '2026-01-31T10:00:00');
  })();

  it('on values', () => {
    expect(counts.values.passed / counts.values.total).toBeGreaterThanOrEqual(0.97);
    expect(counts.values.passed).toBeGreaterThanOrEqual(floor.values);
  });

  it('on nulls', () => {
    expect(counts.nulls.passed / counts.nulls.total).toBeGreaterThanOrEqual(0.97);
    expect(counts.nulls.passed).toBeGreaterThanOrEqual(floor.nulls);
  });
});
