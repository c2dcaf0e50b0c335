// for, some, every: nested iterators over lists, ranges and countings, each turn with its certainty.

import { fromInt, isInteger, toInt } from '../base/rational.ts';
import type { Iterator, Node } from './ast.ts';
import { isUnknownTruth, type Truth, truthOf } from './compare.ts';
import { type Budget, type Frame, OutOfSteps, type Run, spend, weighed } from './frame.ts';
import type { Binder } from './names.ts';
import { elementsOf, listFrom } from './select.ts';
import { date } from './temporal.ts';
import { type FeelRange, isList, isUncertain, isUnknown, type Maybe, missingOf, type Unknown, unknown, type Value } from './value.ts';

type Domain = { readonly elements: readonly Maybe[]; readonly missing: readonly string[] } | Unknown | null;

/** Longer countings are refused before a single turn is taken. */
const maxCounting = 200_000;

const sure = (value: Value): Maybe => ({ value, sure: true });

const counting = (from: number, to: number, make: (n: number) => Value, b: Budget): readonly Maybe[] => {
  const step = from <= to ? 1 : -1;
  const length = Math.abs(to - from) + 1;
  if (length > maxCounting) throw new OutOfSteps();
  spend(b, length);
  return Array.from({ length }, (_, i) => sure(make(from + i * step)));
};

/** `a..b`: whole numbers or dates, up or down. */
const countingOf = (from: Value, to: Value, b: Budget): Domain => {
  if (isUnknown(from) || isUnknown(to)) return unknown(...missingOf(from, to));
  if (from === null || to === null || typeof from !== 'object' || typeof to !== 'object' || isList(from) || isList(to)) return null;
  if (from.kind === 'date' && to.kind === 'date') return { elements: counting(from.epochDay, to.epochDay, date, b), missing: [] };
  if (from.kind !== 'number' || to.kind !== 'number' || !isInteger(from) || !isInteger(to)) return null;
  const [x, y] = [toInt(from), toInt(to)];
  if (x === null || y === null) throw new OutOfSteps();
  return { elements: counting(x, y, fromInt, b), missing: [] };
};

const ofRange = (r: FeelRange, b: Budget): Domain => {
  const counted = countingOf(r.low ?? null, r.high ?? null, b);
  if (counted === null || !('elements' in counted)) return counted;
  const start = r.lowClosed ? 0 : 1;
  const end = counted.elements.length - (r.highClosed ? 0 : 1);
  return { elements: counted.elements.slice(start, end), missing: [] };
};

const domainOf = (v: Value, b: Budget): Domain => {
  if (v === null) return null;
  if (isUnknown(v)) return v;
  if (typeof v === 'object' && !isList(v) && v.kind === 'range') return ofRange(v, b);
  return { elements: elementsOf(v) ?? [], missing: isUncertain(v) ? v.missing : [] };
};

interface Loop {
  readonly slot: number;
  readonly domain: Run;
  readonly end: Run | null;
}

type Build = (n: Node, binders: readonly Binder[]) => Run;

/** Later iterators see the earlier ones' variables. */
const buildLoops = (
  iterators: readonly Iterator[],
  binders: readonly Binder[],
  build: Build,
): { loops: readonly Loop[]; inner: readonly Binder[] } => {
  let inner = binders;
  const loops = iterators.map((it) => {
    const slot = inner.length;
    const loop = { slot, domain: build(it.domain, inner), end: it.end === null ? null : build(it.end, inner) };
    inner = [...inner, { kind: 'variable', name: it.name, slot }];
    return loop;
  });
  return { loops, inner };
};

/** Runs every turn; `turn` says false to stop. The answer is null, an unknown domain, or undefined when all turns were run. */
const runLoops = (
  f: Frame,
  loops: readonly Loop[],
  depth: number,
  certain: boolean,
  turn: (sure: boolean, missing: readonly string[]) => boolean,
  open: readonly string[],
): null | Unknown | undefined | 'stop' => {
  const loop = loops[depth];
  if (loop === undefined) return turn(certain, open) ? undefined : 'stop';
  const from = loop.domain(f);
  const domain = loop.end === null ? domainOf(from, f.budget) : countingOf(from, loop.end(f), f.budget);
  if (domain === null || 'kind' in domain) return domain;
  const missing = domain.missing.length > 0 ? [...open, ...domain.missing] : open;
  for (const e of domain.elements) {
    spend(f.budget, 1);
    f.locals[loop.slot] = e.value;
    const end = runLoops(f, loops, depth + 1, certain && e.sure, turn, missing);
    if (end !== undefined) return end;
  }
  return undefined;
};

export const buildFor = (node: Node & { op: 'for' }, binders: readonly Binder[], build: Build, usesPartial: boolean): Run => {
  const partialSlot = binders.length;
  const start: readonly Binder[] = [...binders, { kind: 'variable', name: 'partial', slot: partialSlot }];
  const { loops, inner } = buildLoops(node.iterators, start, build);
  const body = build(node.body, inner);
  return (f) => {
    const out: Maybe[] = [];
    const missing = new Set<string>();
    const turn = (certain: boolean, open: readonly string[]): boolean => {
      if (usesPartial) {
        spend(f.budget, out.length);
        f.locals[partialSlot] = listFrom(out.slice(), [...missing]);
      }
      if (!certain) for (const m of open) missing.add(m);
      out.push({ value: body(f), sure: certain });
      return true;
    };
    f.locals[partialSlot] = [];
    const end = runLoops(f, loops, 0, true, turn, []);
    if (end === null || (end !== undefined && end !== 'stop')) return end;
    return weighed(listFrom(out, [...missing]));
  };
};

/** Kleene: one sure witness decides; a possible witness, or an unknown answer, leaves it open; null leaves it null. */
export const buildQuantified = (node: Node & { op: 'some' | 'every' }, binders: readonly Binder[], build: Build): Run => {
  const { loops, inner } = buildLoops(node.iterators, binders, build);
  const body = build(node.body, inner);
  const witness = node.op === 'some';
  return (f) => {
    let decided = false;
    let sawNull = false;
    const missing: string[] = [];
    const turn = (certain: boolean, open: readonly string[]): boolean => {
      const t: Truth = truthOf(body(f));
      if (isUnknownTruth(t)) missing.push(...t.missing, ...(certain ? [] : open));
      else if (t === witness) {
        if (certain) decided = true;
        else missing.push(...open);
      } else if (t === null) {
        sawNull = true;
        // An element that may not belong may also not spoil the answer with its null.
        if (!certain) missing.push(...open);
      }
      return !decided;
    };
    const end = runLoops(f, loops, 0, true, turn, []);
    if (decided) return witness;
    // A later domain that is null makes it null, unless an open turn before it might still decide.
    if (end === null && missing.length > 0) return unknown(...missing);
    if (end === null || (end !== undefined && end !== 'stop')) return end;
    if (missing.length > 0) return unknown(...missing);
    return sawNull ? null : !witness;
  };
};
