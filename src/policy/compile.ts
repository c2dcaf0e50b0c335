// Turns an item into what runs: conditions checked, item facts in order, award tree, claims, and the list of facts it reads.
// `build` works on plain JSON and reports every problem, so that reading a file and compiling it are one pass over the same code.
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { factsOf, factType } from '../catalogue/env.ts';
import type { Expression } from '../feel/feel.ts';
import { isObject } from '../rule/literal.ts';
import { type Report, shown } from '../rule/operand.ts';
import { factsOf as factsIn, type Ready } from '../rule/ready.ts';
import type { Plan } from '../rule/session.ts';
import { suggest } from '../rule/vocabulary.ts';
import { awardAt, instalmentsAt } from './award-check.ts';
import { awardReads } from './award-reads.ts';
import type { Figure, ReadyAward, ReadyInstalments } from './award-ready.ts';
import { type Checker, conditionAt, feelAt, figureAt, type Json, onlyKeys, partedAt } from './checker.ts';
import type { ReadyClosing } from './closing.ts';
import { closingFits, readsOfClosing } from './closing-check.ts';
import { compileFacts } from './facts.ts';
import type { ClaimKey, Item } from './item.ts';
import { modesAt, type ReadyMode } from './mode.ts';
import { orderAt, type ReadyOrder } from './order.ts';
import { checkPayees } from './payees.ts';
import { readsOf } from './reads.ts';
import { elementNames, namesOf, type OwnName, registerOf } from './vocabulary.ts';

export interface ReadyEach {
  readonly list: string;
  readonly as: string;
  readonly where: Expression;
  readonly key: string;
}

export interface ReadyEvent {
  readonly list: string;
  readonly day: string;
  readonly key: string;
}

export interface ReadyClaim {
  /** Index into the item's limits. */
  readonly limit: number;
  readonly kind: string;
  readonly group: string;
  readonly per: ClaimKey['per'];
  readonly object: Expression;
  readonly orderBy: Expression | null;
}

/** A catalogue fact the item reads, its own or over a link, and who may deliver it. */
export interface FactRead {
  /** `hukouRegion` or `spouse.hukouRegion`. */
  readonly path: string;
  readonly fact: string;
  readonly register: string;
  readonly link: string | null;
  readonly timed: boolean;
  readonly datasets: readonly string[];
}

export interface CompiledItem {
  readonly item: Item;
  /** The version before, where some subjects are still decided by it (新老划断). */
  readonly before?: CompiledItem;
  /** `citizen` or `enterprise`. */
  readonly register: string;
  readonly catalogueHash: string;
  readonly plan: Plan;
  /** Ranks and pools, in the order they must be closed. */
  readonly closings: readonly ReadyClosing[];
  /** Conditions of the match verdict. */
  readonly match: Ready;
  /** Conditions decided at seal and release; null: none. */
  readonly payment: Ready | null;
  /** Rows of a mode that depends on conditions; empty: the item has one. */
  readonly modes: readonly ReadyMode[];
  /** Who goes first for a limited budget; null: no such budget. */
  readonly order: ReadyOrder | null;
  readonly each: ReadyEach | null;
  readonly event: ReadyEvent | null;
  readonly award: ReadyAward;
  readonly instalments: ReadyInstalments | null;
  readonly claims: readonly ReadyClaim[];
  /** Limits whose cap is a fact or a number, by index into the item's limits. */
  readonly caps: readonly { readonly limit: number; readonly figure: Figure }[];
  /** Sorted by path. */
  readonly reads: readonly FactRead[];
}

export type Built =
  | { readonly ok: true; readonly compiled: Omit<CompiledItem, 'item'> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks and compiles the parts of an item that say what is decided; the envelope (`read.ts`) is not looked at. */
export const build = (raw: Json, catalogue: Catalogue): Built => {
  const problems: Problem[] = [];
  const report: Report = (code, at, message, hint) => {
    problems.push(problem(code, at, message, hint));
  };
  const register = registerOf(raw.audience);
  const hasStart = raw.period !== 'once' || (isObject(raw.effective) && typeof raw.effective.from === 'string');
  const event = raw.event === undefined ? null : eventAt(raw.event, '/event', catalogue, register, report);
  const around = event === null ? [] : eventNames(event.list, catalogue, register);
  const facts = compileFacts(raw.facts, catalogue, register, around, hasStart, report, raw.conditions);
  const checker = (extra: readonly OwnName[]): Checker => ({
    ...namesOf(catalogue, register, [...around, ...facts.names, ...extra]),
    report,
    hasStart,
  });
  const whole = checker([]);
  const ready = conditionAt(raw.conditions, '/conditions', whole, true);
  const parted = partedAt(ready, report);
  const modes = modesAt(raw.mode, '/mode', whole);
  const order = orderAt(raw, whole);
  closingFits(raw, facts.closings, report);
  const each = raw.each === undefined ? null : eachAt(raw.each, '/each', checker, catalogue, register, report);
  const inner = each === null ? whole : checker(each.names);
  const award = awardAt(raw.award, '/award', inner);
  const instalments = raw.instalments === undefined ? null : instalmentsAt(raw.instalments, '/instalments', inner);
  const limits = limitsAt(raw.limits, inner, whole);
  checkPayees(raw, catalogue, register, report);
  if (problems.length > 0 || parted?.match == null || award === null || modes === null || order === undefined)
    return { ok: false, problems };
  const expressions = [...facts.expressions.values(), ...(each === null ? [] : [each.ready.where]), ...limits.expressions];
  const { match } = parted;
  const closings = facts.closings.map((c): ReadyClosing => ({ ...c, among: c.among ?? match }));
  const named = [...factsIn(ready as Ready), ...closings.flatMap(readsOfClosing), ...limits.figures.flatMap(readsOfFigure)];
  if (order !== null) named.push(order.fact);
  named.push(...modes.flatMap((row) => (row.when === null ? [] : factsIn(row.when))));
  const more = awardReads(award, instalments);
  const paths = new Set([...named, ...more.facts, ...[...expressions, ...more.expressions].flatMap((e) => e.reads)]);
  if (each !== null) paths.add(each.ready.list);
  if (event !== null) paths.add(event.list);
  const outside = new Set([...named, ...[...facts.expressions.values()].flatMap((e) => e.reads)].map((p) => p.split('.')[0]));
  const inside = (each?.names ?? []).filter((n) => !outside.has(n.name));
  const reads = readsOf(paths, catalogue, register, new Set([...around, ...inside].map((n) => n.name)));
  return {
    ok: true,
    compiled: {
      register,
      catalogueHash: catalogue.hash,
      plan: {
        find: whole.vocabulary.find,
        inside: inner.vocabulary.find,
        itemFacts: facts.expressions,
        closings: new Set(closings.map((c) => c.name)),
        links: linksOf(reads),
        deathFact: factsOf(catalogue, register).has('deathDate') ? 'deathDate' : null,
        event: event === null ? null : { list: event.list, key: event.key },
        region: typeof raw.region === 'string' ? raw.region : null,
      },
      closings,
      match,
      payment: parted.payment,
      modes,
      order,
      each: each?.ready ?? null,
      event,
      award,
      instalments,
      claims: limits.claims,
      caps: limits.figures,
      reads,
    },
  };
};

const readsOfFigure = ({ figure }: ReadyLimits['figures'][number]): readonly string[] => (figure.kind === 'fact' ? [figure.fact] : []);

/** Throws ProblemError: an item that was read has no problems left. */
export const compileItem = (item: Item, catalogue: Catalogue): CompiledItem => {
  const built = build(item as unknown as Json, catalogue);
  if (!built.ok) throw new ProblemError(built.problems);
  if (item.before === undefined) return { item, ...built.compiled };
  const before = compileItem(item.before.item, catalogue);
  const day =
    item.applicationDay === undefined ? [] : readsOf(new Set([item.applicationDay.fact]), catalogue, built.compiled.register, new Set());
  const reads = new Map([...before.reads, ...day, ...built.compiled.reads].map((r) => [r.path, r]));
  return { item, before, ...built.compiled, reads: [...reads.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
};

const listFact = (name: unknown, at: string, catalogue: Catalogue, register: string, report: Report): Fact | null => {
  const lists = [...factsOf(catalogue, register).values()].filter((f) => f.type === 'list');
  const fact = lists.find((f) => f.key === name);
  if (fact !== undefined) return fact;
  const names = lists.map((f) => f.key);
  report('rule.unknown-fact', at, `没有名为 ${shown(name)} 的清单指标`, suggest(shown(name), names, `可用：${names.join('、') || '无'}`));
  return null;
};

const fieldAt = (name: unknown, fact: Fact, at: string, report: Report, date = false): boolean => {
  const field = fact.fields?.find((f) => f.key === name);
  const keys = (fact.fields ?? []).filter((f) => !date || f.type === 'date').map((f) => f.key);
  if (field !== undefined && (!date || field.type === 'date')) return true;
  report(
    'rule.unknown-fact',
    at,
    `${fact.label}没有${date ? '日期' : ''}字段 ${shown(name)}`,
    suggest(shown(name), keys, `可用：${keys.join('、')}`),
  );
  return false;
};

const eventAt = (raw: unknown, at: string, catalogue: Catalogue, register: string, report: Report): ReadyEvent | null => {
  if (!isObject(raw) || !onlyKeys(raw, ['list', 'day', 'key', 'covers'], at, report)) {
    if (!isObject(raw))
      report('rule.shape', at, 'event 须写 list、day、key', '如 {"list": "hires", "day": "firstApprovedDate", "key": "personId"}');
    return null;
  }
  const fact = listFact(raw.list, `${at}/list`, catalogue, register, report);
  if (fact === null) return null;
  const fine = [fieldAt(raw.day, fact, `${at}/day`, report, true), fieldAt(raw.key, fact, `${at}/key`, report)];
  return fine.includes(false) ? null : { list: fact.key, day: raw.day as string, key: raw.key as string };
};

/** What formulas and conditions of an item that goes by events may say of the event: `event` and its fields. */
export const eventNames = (list: string, catalogue: Catalogue, register: string): readonly OwnName[] => {
  const fact = factsOf(catalogue, register).get(list);
  return fact === undefined ? [] : elementNames(fact, factType(catalogue, fact), ['event']).filter((n) => n.name === 'event');
};

const eachAt = (
  raw: unknown,
  at: string,
  checker: (extra: readonly OwnName[]) => Checker,
  catalogue: Catalogue,
  register: string,
  report: Report,
): { readonly ready: ReadyEach; readonly names: readonly OwnName[] } | null => {
  if (!isObject(raw) || !onlyKeys(raw, ['list', 'as', 'where', 'key', 'covers'], at, report)) {
    if (!isObject(raw))
      report(
        'rule.shape',
        at,
        'each 须写 list、as、where、key',
        '如 {"list": "hires", "as": "hire", "where": "category = \\"毕业生\\"", "key": "personId"}',
      );
    return null;
  }
  const fact = listFact(raw.list, `${at}/list`, catalogue, register, report);
  if (typeof raw.as !== 'string' || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(raw.as) || ['period', 'event', 'subject'].includes(raw.as)) {
    report('rule.shape', `${at}/as`, 'as 须是一个名字', '如 "hire"');
    return null;
  }
  if (fact === null || !fieldAt(raw.key, fact, `${at}/key`, report)) return null;
  const names = elementNames(fact, factType(catalogue, fact), [raw.as, 'each']);
  const where = feelAt(raw.where, `${at}/where`, checker(names), ['boolean']);
  return where === null ? null : { ready: { list: fact.key, as: raw.as, where, key: raw.key as string }, names };
};

interface ReadyLimits {
  readonly claims: readonly ReadyClaim[];
  readonly figures: readonly { readonly limit: number; readonly figure: Figure }[];
  readonly expressions: readonly Expression[];
}

/** Claims and caps need the item's names; the rest of a limit is shape (`read.ts`). */
const limitsAt = (raw: unknown, c: Checker, whole: Checker): ReadyLimits => {
  const claims: ReadyClaim[] = [];
  const figures: { readonly limit: number; readonly figure: Figure }[] = [];
  for (const [i, limit] of (Array.isArray(raw) ? raw : []).entries()) {
    const at = `/limits/${i}`;
    if (!isObject(limit)) continue;
    if (isObject(limit.claim)) {
      const claim = claimAt(limit.claim, i, `${at}/claim`, c);
      if (claim !== null) claims.push(claim);
    }
    if (isObject(limit.cap)) {
      const figure = figureAt(limit.cap.yuan, `${at}/cap/yuan`, whole, '封顶', true);
      if (figure !== null) figures.push({ limit: i, figure });
    }
  }
  return { claims, figures, expressions: claims.flatMap((x) => (x.orderBy === null ? [x.object] : [x.object, x.orderBy])) };
};

/** The envelope's check tells of one that is no text. */
const textOr = (raw: unknown): string => (typeof raw === 'string' ? raw : '');

const claimAt = (raw: Json, limit: number, at: string, c: Checker): ReadyClaim | null => {
  const object = feelAt(raw.object, `${at}/object`, c, ['string', 'code', 'number']);
  const orderBy = raw.orderBy === undefined ? null : feelAt(raw.orderBy, `${at}/orderBy`, c, ['date']);
  if (object === null || (raw.orderBy !== undefined && orderBy === null)) return null;
  return { limit, kind: textOr(raw.kind), group: textOr(raw.group), per: raw.per as ClaimKey['per'], object, orderBy };
};

const linksOf = (reads: readonly FactRead[]): ReadonlyMap<string, readonly string[]> => {
  const out = new Map<string, string[]>();
  for (const r of reads) if (r.link !== null) out.set(r.link, [...(out.get(r.link) ?? []), r.fact]);
  return out;
};
