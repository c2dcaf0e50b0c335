// The whole shipped catalogue of items: every file is right, says where it comes from, and its worked examples come out as the officer wrote.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { runExample, runExamples } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import { readRuleFile, ruleFilesBelow } from '../../src/policy/files.ts';

const here = (path: string) => new URL(path, import.meta.url).pathname;
const catalogueRead = await readCatalogue(here('../../rules/catalogue'));
if (!catalogueRead.ok) throw new Error(JSON.stringify(catalogueRead.problems, null, 1));
const { catalogue } = catalogueRead;
const files = await Promise.all((await ruleFilesBelow(here('../../rules'))).map((path) => readRuleFile(path, catalogue)));
const items = files.flatMap((f) => (f.result.ok ? [f.result] : []));

interface Node {
  readonly all?: readonly Node[];
  readonly any?: readonly Node[];
  readonly not?: Node;
  readonly aggregate?: { readonly where?: readonly Node[] };
}
interface Policy {
  readonly id: string;
  readonly mode: string;
  readonly conditions: readonly Node[];
  readonly exclusions: readonly unknown[];
  readonly amount: { readonly kind: string };
}
const corpus: readonly Policy[] = JSON.parse(readFileSync(here('../data/corpus.json'), 'utf8'));
const policyOf = new Map(corpus.map((p) => [p.id, p]));

/** Pointers an item must account for: every leaf, every filter of a counted list, every exclusion, the amount. */
const owedBy = (p: Policy): readonly string[] => {
  const leaves = (n: Node, at: string): readonly string[] => {
    const group = n.all === undefined ? (n.any === undefined ? null : 'any') : 'all';
    if (group !== null) return (n[group] ?? []).flatMap((c, i) => leaves(c, `${at}/${group}/${i}`));
    if (n.not !== undefined) return leaves(n.not, `${at}/not`);
    return [at, ...(n.aggregate?.where ?? []).flatMap((c, i) => leaves(c, `${at}/aggregate/where/${i}`))];
  };
  return [...p.conditions.flatMap((c, i) => leaves(c, `/conditions/${i}`)), ...p.exclusions.map((_, i) => `/exclusions/${i}`), '/amount'];
};

const coveredBy = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(coveredBy);
  if (typeof value !== 'object' || value === null) return [];
  const { covers, examples: _, ...rest } = value as { covers?: unknown; examples?: unknown };
  const own = (Array.isArray(covers) ? covers : [covers]).filter((c): c is string => typeof c === 'string');
  return [...own, ...Object.values(rest).flatMap(coveredBy)];
};

const formsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(formsIn);
  return typeof value === 'object' && value !== null ? [...Object.keys(value), ...Object.values(value).flatMap(formsIn)] : [];
};

const without = (record: Readonly<Record<string, unknown>>, key: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([k]) => k !== key));
const isRecord = (v: unknown): v is Readonly<Record<string, unknown>> => typeof v === 'object' && v !== null && !Array.isArray(v);

/** The same facts with one thing untold: a fact, a fact over a link, a field of one element, a period of a series. */
const withHoles = (facts: Readonly<Record<string, unknown>>): readonly (readonly [string, Record<string, unknown>])[] =>
  Object.entries(facts).flatMap(([key, value]) => {
    // Left out, the catalogue's own value would stand in.
    if (key.startsWith('external:') || key.startsWith('parameter:')) return [];
    const inside: (readonly [string, unknown])[] = [];
    if (isRecord(value)) for (const k of Object.keys(value)) inside.push([k, without(value, k)]);
    if (Array.isArray(value) && value.every(isRecord))
      for (const [i, element] of value.entries())
        for (const k of Object.keys(element)) inside.push([`${i}.${k}`, value.with(i, without(element, k))]);
    return [[key, without(facts, key)] as const, ...inside.map(([k, v]) => [`${key}.${k}`, { ...facts, [key]: v }] as const)];
  });

describe('the shipped items', () => {
  it('are the only ones that facts name as their purpose', () => {
    const ids = new Set(['*', ...items.map(({ item }) => item.id)]);
    expect(catalogue.facts.flatMap((f) => f.purposes.filter((p) => !ids.has(p)).map((p) => `${f.key} → ${p}`))).toEqual([]);
  });

  it('read without a problem', () => {
    expect(files.flatMap((f) => (f.result.ok ? [] : f.result.problems.map((p) => `${f.name}${p.at} ${p.message}`)))).toEqual([]);
  });

  it('stand in the folder of their region under their id, each id once', () => {
    expect(files.filter((f) => f.result.ok && basename(dirname(f.path)) !== (f.result.item.region ?? '000000')).map((f) => f.path)).toEqual(
      [],
    );
    expect(new Set(files.map((f) => f.name)).size).toBe(files.length);
  });

  it('show residents and firms, every kind of amount, every form of award and three modes', () => {
    const kinds = new Set(items.map(({ item }) => policyOf.get(item.id)?.amount.kind));
    expect(kinds).toEqual(new Set(['fixed', 'per-unit', 'rate', 'tiers', 'formula']));
    expect(new Set(items.map(({ item }) => item.mode))).toEqual(new Set(['auto', 'confirm', 'push']));
    const forms = new Set(items.flatMap(({ item }) => formsIn({ award: item.award, instalments: item.instalments })));
    for (const form of [
      'fixed',
      'perUnit',
      'rate',
      'tiers',
      'sum',
      'formula',
      'cap',
      'rounding',
      'minimum',
      'deduct',
      'multiplier',
      'parts',
    ]) {
      expect(forms, form).toContain(form);
    }
    for (const audience of ['citizen', 'enterprise'])
      expect(items.filter(({ item }) => item.audience === audience).length).toBeGreaterThanOrEqual(8);
  });
});

describe.each(items.map(({ item, compiled }) => [item.id, item, compiled] as const))('%s', (_id, item, compiled) => {
  it('gives its worked examples', () => {
    const wrong = runExamples(compiled, catalogue).filter((r) => !r.ok);
    expect(wrong.map((r) => `${r.name}：${r.differences.join('；')}`)).toEqual([]);
  });

  it('never answers otherwise because something is not told', () => {
    const wrong: string[] = [];
    for (const example of item.examples.filter((e) => e.expect.verdict !== 'undetermined')) {
      const whole = runExample(compiled, catalogue, example).decision;
      for (const [what, facts] of withHoles(example.facts)) {
        const part = runExample(compiled, catalogue, { ...example, facts }).decision;
        // Lines of a list stand alone: one that is open takes nothing from the others.
        const open = part?.lines.some((l) => l.verdict === 'undetermined') ?? false;
        const sameMoney = open || part?.amountFen === null || part?.amountFen === whole?.amountFen;
        if (part?.verdict !== 'undetermined' && (part?.verdict !== whole?.verdict || !sameMoney)) {
          wrong.push(`${example.name} 缺 ${what}：${part?.verdict} ${part?.amountFen}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has examples of all three verdicts, inside its validity', () => {
    expect(new Set(item.examples.map((e) => e.expect.verdict))).toEqual(new Set(['eligible', 'ineligible', 'undetermined']));
    const outside = item.examples.filter((e) => {
      const period = periodFor(item, e);
      const { from, to } = item.effective;
      return period === null || (from !== null && period.end < from) || (to !== null && period.start !== null && period.start > to);
    });
    expect(outside.map((e) => e.name)).toEqual([]);
  });

  it('accounts for every condition, exclusion and the amount of its policy', () => {
    const policy = policyOf.get(item.id);
    const owed = new Set(policy === undefined ? [] : owedBy(policy));
    const covered = new Set(coveredBy(item));
    expect([...owed].filter((p) => !covered.has(p))).toEqual([]);
    const pointsNowhere = [...covered].filter((p) => !owed.has(p) && ![...owed].some((o) => o.startsWith(`${p}/`)));
    expect(policy === undefined ? [] : pointsNowhere).toEqual([]);
    expect(policy?.mode ?? item.mode).toBe(item.mode);
  });

  it('reads only facts whose purposes name it', () => {
    const facts = new Map(catalogue.facts.map((f) => [`${f.register}/${f.key}`, f]));
    const refused = compiled.reads.filter((r) => {
      const purposes = facts.get(`${r.register}/${r.fact}`)?.purposes ?? [];
      return !purposes.includes('*') && !purposes.includes(item.id);
    });
    expect(refused.map((r) => r.path)).toEqual([]);
  });

  it('is sure of its money: caps and budgets are amounts, unsupported limits say why', () => {
    const blocked = item.limits.flatMap((l) => ('unsupported' in l ? [l.unsupported.reason] : []));
    expect(blocked.every((reason) => reason.length > 0)).toBe(true);
    if (item.mode === 'push') expect(item.flow.continuing).toEqual([]);
  });
});
