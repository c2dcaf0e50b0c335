// The day-one check 体检: a payee list held against what the item would decide for the same period. Reads only; whoever keeps it calls the store.
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { ledgerCut } from '../ledger/store.ts';
import { type ItemVersion, jsonText } from '../match/match.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { speakerOf } from '../policy/speaker.ts';
import { withinTree } from '../record/lookup.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import type { Decision, DecisionPeriod, Verdict } from '../rule/facts.ts';
import { openSnapshot } from '../snapshot/open.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { type Compared, type ComparedRow, type Flag, type Payee, repeated, type Standing, sameName } from './opening.ts';
import { type Shadowed, shadowRun } from './shadow.ts';
import { whyNot } from './why-not.ts';

export interface CompareOptions {
  readonly version: ItemVersion;
  readonly catalogue: Catalogue;
  readonly period: DecisionPeriod;
  readonly payees: readonly Payee[];
  readonly at: Date;
}

/** Against the newest snapshot. Throws `state.no-snapshot`, `state.other-catalogue`. Rows: the list's in its order, then those who are not on it. */
export const compare = async (db: Db, options: CompareOptions): Promise<Compared> => {
  const { version, catalogue, period, payees, at } = options;
  const latest = await latestSnapshot(db);
  const snapshot = latest === null ? null : await openSnapshot(db, latest.id);
  if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照。', '先运行 npm run -s zhixiang -- seal。');
  if (snapshot.snapshot.catalogueHash !== catalogue.hash)
    return fail('state.other-catalogue', '', '最新的快照是按另一版指标目录封存的。', '先运行 npm run -s zhixiang -- seal。');
  const compiled = compileItem(version.item, catalogue);
  const cut = await transaction(db, (tx) => ledgerCut(tx));
  const asked = new Set(payees.map((payee) => payee.key));
  const found = new Map<string, Shadowed>();
  const unlisted: Shadowed[] = [];
  await shadowRun(db, { snapshot, catalogue, version, compiled, period, ledgerCut: cut, at, asked }, (one) => {
    if (asked.has(one.subject.key)) found.set(one.subject.key, one);
    else unlisted.push(one);
  });
  const context: Context = { compiled, catalogue, period, ...repeated(payees) };
  return {
    itemId: version.item.id,
    version: version.version,
    itemHash: version.hash,
    register: compiled.register,
    period,
    snapshotId: snapshot.snapshot.id,
    knownAt: snapshot.snapshot.knownAt,
    ledgerCut: cut,
    rows: [
      ...payees.map((payee) => listedRow(payee, found.get(payee.key) ?? null, context)),
      ...unlisted.map((one, i) => entitledRow(one, -1 - i)),
    ],
  };
};

interface Context {
  readonly compiled: CompiledItem;
  readonly catalogue: Catalogue;
  readonly period: DecisionPeriod;
  readonly accounts: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

/** As a run says it of a subject: one eligible event is enough, one open one keeps it open. */
const verdictOf = (decisions: readonly Decision[]): Verdict =>
  decisions.some((d) => d.verdict === 'eligible')
    ? 'eligible'
    : decisions.some((d) => d.verdict === 'undetermined')
      ? 'undetermined'
      : 'ineligible';

/** null while an eligible decision's amount is open. */
const amountOf = (decisions: readonly Decision[]): bigint | null =>
  decisions
    .filter((d) => d.verdict === 'eligible')
    .reduce<bigint | null>((sum, d) => (sum === null || d.amountFen === null ? null : sum + d.amountFen), 0n);

const decided = (one: Shadowed) => ({
  subjectId: one.subject.subjectId,
  ordinal: one.ordinal,
  division: one.subject.division,
  digest: one.digest === '' ? null : one.digest,
  lines: one.decisions.length === 1 ? jsonText(one.decisions[0]?.lines ?? []) : null,
});

const standingOf = (payee: Payee, verdict: Verdict, ourFen: bigint | null): Standing => {
  if (verdict !== 'eligible') return 'listed';
  return payee.amountFen === null || payee.amountFen === ourFen ? 'both' : 'differs';
};

const listedRow = (payee: Payee, one: Shadowed | null, context: Context): ComparedRow => {
  const flags: Flag[] = [];
  if (context.keys.has(payee.key)) flags.push('twice');
  if (payee.account !== null && context.accounts.has(payee.account)) flags.push('shared-account');
  const base = { line: payee.line, key: payee.key, village: payee.village, listedFen: payee.amountFen };
  if (one === null) {
    const none = { subjectId: null, ordinal: null, division: null, verdict: null, ourFen: null, digest: null, lines: null };
    return { ...base, ...none, name: payee.name, standing: 'stranger', flags, reasons: ['登记库里没有这个号码。'] };
  }
  const verdict = verdictOf(one.decisions);
  if (one.record !== null) flags.push(...recordFlags(payee, one.record, verdict, context));
  const ourFen = verdict === 'eligible' ? amountOf(one.decisions) : null;
  const standing = standingOf(payee, verdict, ourFen);
  const reasons = verdict === 'eligible' ? (ourFen === null ? ['金额还有待定的数据。'] : []) : reasonsOf(one, context);
  return { ...base, ...decided(one), name: one.subject.name ?? payee.name, standing, verdict, ourFen, flags, reasons };
};

const entitledRow = (one: Shadowed, line: number): ComparedRow => {
  const ourFen = amountOf(one.decisions);
  const { key, name } = one.subject;
  const reasons = ourFen === null ? ['金额还有待定的数据。'] : [];
  return {
    line,
    key,
    village: null,
    listedFen: null,
    ...decided(one),
    name,
    standing: 'entitled',
    verdict: 'eligible',
    ourFen,
    flags: [],
    reasons,
  };
};

const reasonsOf = (one: Shadowed, { compiled, catalogue }: Context): readonly string[] => {
  const speaker = speakerOf(compiled, catalogue);
  if (one.decisions.length === 0) return ['没有发生过要办的事。'];
  return [...new Set(one.decisions.flatMap((decision) => whyNot(decision, compiled.match, speaker)))].slice(0, 6);
};

/** Facts every register of people and firms calls the same. */
const deathFact = 'deathDate';

const recordFlags = (payee: Payee, record: ResolvedRecord, verdict: Verdict, { compiled, catalogue, period }: Context): readonly Flag[] => {
  const flags: Flag[] = [];
  const died = record.facts[deathFact]?.cells?.find((cell) => typeof cell.v === 'string')?.v;
  if (typeof died === 'string' && died <= period.knownAt) flags.push('dead');
  const { region } = compiled.item;
  // Where the rule asks for something else than the place of registration, whoever fulfils it has not moved away from it.
  if (
    verdict !== 'eligible' &&
    record.division !== null &&
    region !== null &&
    withinTree(catalogue, 'division', record.division, region, period.end) === false
  )
    flags.push('moved');
  if (payee.name !== null && record.name !== null && !sameName(payee.name, record.name)) flags.push('other-name');
  return flags;
};
