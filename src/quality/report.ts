// The quality report 数据质量报告: what is late and who waits, what is missing, stale, contradictory, impossible, told twice under two ids, or unlike the
// delivery before. One consistent look at the records; writes nothing but the profiles the next report compares with.
import { type Day, daysBetween, dayText } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import type { ItemVersion } from '../match/match.ts';
import { divisionName } from '../record/lookup.ts';
import { type Drift, driftOf } from './drift.ts';
import type { Finding } from './finding.ts';
import { sureNames, type Twins, twinNames } from './identity.ts';
import { type Delivered, type LateDataset, lateDatasets } from './late.ts';
import { type Look, look, type Reading } from './look.ts';
import { profileOf, type Survey, type Tally } from './profile.ts';
import { type Oddity, oddityNames } from './range.ts';
import { type DatedProfile, keepProfiles, profilesBefore } from './store.ts';

export interface QualityReport {
  readonly knownAt: Day;
  readonly subjects: number;
  readonly datasets: readonly Delivered[];
  readonly late: readonly LateDataset[];
  readonly findings: readonly Finding[];
}

export interface QualityOptions {
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly at: Date;
  /** Live versions, as far as the reader may see them. */
  readonly items: readonly ItemVersion[];
  /**
   * Only people of these divisions are looked at; null or absent: everybody. Of a part nothing is kept to compare with, so it tells no drift, and who waits in
   * the whole city is not its business.
   */
  readonly divisions?: readonly string[] | null | undefined;
}

export const qualityReport = async (db: Db, options: QualityOptions): Promise<QualityReport> => {
  const [seen] = await look(db, [options.divisions ?? null], options);
  return await reportOf(db, seen as Look, options);
};

/** Reports for many readers from one reading, in their order. */
export const qualityReports = async (
  db: Db,
  readers: readonly Pick<QualityOptions, 'items' | 'divisions'>[],
  reading: Reading & { readonly at: Date },
): Promise<readonly QualityReport[]> => {
  const parts = new Map(readers.map(({ divisions = null }) => [JSON.stringify(divisions), divisions]));
  const looks = await look(db, [...parts.values()], reading);
  const byPart = new Map([...parts.keys()].map((key, i) => [key, looks[i] as Look]));
  const reports: QualityReport[] = [];
  for (const reader of readers) {
    reading.signal?.throwIfAborted();
    const seen = byPart.get(JSON.stringify(reader.divisions ?? null)) as Look;
    reports.push(await reportOf(db, seen, { ...reading, ...reader }));
  }
  return reports;
};

const reportOf = async (db: Db, { survey, delivered, twins }: Look, options: QualityOptions): Promise<QualityReport> => {
  const { catalogue, today, at } = options;
  const now = [...survey.datasets].flatMap(([dataset, open]): readonly DatedProfile[] => {
    const asOf = delivered.find((one) => one.dataset === dataset)?.asOf ?? null;
    return asOf === null ? [] : [{ dataset, asOf, profile: profileOf(open) }];
  });
  const whole = (options.divisions ?? null) === null;
  const before = new Map((whole ? await profilesBefore(db, now) : []).map((one) => [one.dataset, one]));
  if (whole) await transaction(db, (tx) => keepProfiles(tx, now, at));
  const words = wordsOf(catalogue);
  const drifts = now.flatMap((one) => {
    const old = before.get(one.dataset);
    return old === undefined ? [] : driftOf(old.profile, one.profile).map((drift) => driftFinding(one, old, drift, words));
  });
  return {
    knownAt: today,
    subjects: survey.subjects,
    datasets: delivered,
    late: await lateDatasets(db, delivered, { ...options, people: whole }),
    findings: [
      ...staleFindings(survey, words, today),
      ...conflictFindings(survey, words),
      ...oddFindings(survey, words),
      ...twinFindings(twins),
      ...drifts,
      ...missingFindings(survey, words),
    ],
  };
};

interface Words {
  dataset(id: string): string;
  fact(dataset: string | null, key: string): string;
  department(id: string): string;
  /** Behind a dataset's name; nothing where it is everywhere. */
  place(code: string): string;
  limit(id: string): number;
}

const wordsOf = (catalogue: Catalogue): Words => {
  const datasets = new Map(catalogue.datasets.map((d) => [d.id, d]));
  return {
    dataset: (id) => datasets.get(id)?.title ?? id,
    fact: (dataset, key) => catalogue.facts.find((f) => f.key === key && (dataset === null || f.datasets.includes(dataset)))?.label ?? key,
    place: (code) => (code === '' ? '' : `在${divisionName(catalogue, code)}`),
    department: (id) => datasets.get(id)?.department ?? id,
    limit: (id) => datasets.get(id)?.freshnessDays ?? 0,
  };
};

const parts = (name: string): readonly [string, string, string] => {
  const [a = '', b = '', c = ''] = name.split('\n');
  return [a, b, c];
};
const byCount = (a: readonly [string, Tally], b: readonly [string, Tally]): number => b[1].count - a[1].count || (a[0] < b[0] ? -1 : 1);
const percent = (n: number, of: number): string => `${((100 * n) / Math.max(1, of)).toFixed(1)}%`;

const staleFindings = (survey: Survey, words: Words, today: Day): readonly Finding[] =>
  [...survey.stale].sort(byCount).map(([name, { count, examples }]) => {
    const [dataset, division] = parts(name);
    const of = survey.listed.get(name) ?? count;
    return {
      measure: 'stale',
      dataset,
      fact: null,
      division: division === '' ? null : division,
      kind: 'older-than-limit',
      count,
      of,
      message: `“${words.dataset(dataset)}”${words.place(division)}有 ${count} 份超过 ${words.limit(dataset)} 天没有更新（到${dayText(today)}）`,
      hint: `请${words.department(dataset)}补报；补报前用到它的事项待核。`,
      examples,
    };
  });

/** Where a division lacks twice what all lack, and a fifth of its own, it is named by itself. */
const missingFindings = (survey: Survey, words: Words): readonly Finding[] => {
  const all = new Map<string, { count: number; readonly examples: string[] }>();
  for (const [name, { count, examples }] of survey.missing) {
    const [dataset, fact] = parts(name);
    const sum = all.get(`${dataset}\n${fact}`) ?? { count: 0, examples: [] };
    all.set(`${dataset}\n${fact}`, sum);
    sum.count += count;
    if (sum.examples.length < 3) sum.examples.push(...examples.slice(0, 3 - sum.examples.length));
  }
  const finding = (
    dataset: string,
    fact: string,
    division: string | null,
    count: number,
    of: number,
    examples: readonly string[],
  ): Finding => ({
    measure: 'missing',
    dataset,
    fact,
    division,
    kind: 'no-value',
    count,
    of,
    message: `“${words.dataset(dataset)}”${words.place(division ?? '')}的${words.fact(dataset, fact)}缺 ${count} 个（${percent(count, of)}）`,
    hint: `请${words.department(dataset)}核对这一列；没有的写明“无”，空着等于没有说。`,
    examples,
  });
  const whole = [...all].sort(byCount).map(([name, { count, examples }]) => {
    const [dataset, fact] = parts(name);
    return finding(dataset, fact, null, count, survey.datasets.get(dataset)?.subjects ?? count, examples);
  });
  const places = [...survey.missing].sort(byCount).flatMap(([name, { count, examples }]) => {
    const [dataset, fact, division] = parts(name);
    const of = survey.listed.get(`${dataset}\n${division}`) ?? count;
    const overall = (all.get(`${dataset}\n${fact}`)?.count ?? 0) / Math.max(1, survey.datasets.get(dataset)?.subjects ?? 1);
    const sticksOut = count >= 5 && count / of >= Math.max(0.2, 2 * overall);
    return division !== '' && sticksOut ? [finding(dataset, fact, division, count, of, examples)] : [];
  });
  return [...whole, ...places];
};

const conflictFindings = (survey: Survey, words: Words): readonly Finding[] =>
  [...survey.conflicts].sort(byCount).map(([name, { count, examples }]) => {
    const [fact, a, b] = parts(name);
    return {
      measure: 'conflict',
      dataset: a,
      fact,
      division: null,
      kind: b,
      count,
      of: survey.datasets.get(a)?.subjects ?? count,
      message: `${words.fact(a, fact)}：“${words.dataset(a)}”与“${words.dataset(b)}”有 ${count} 份说法不同`,
      hint: `请${words.department(a)}与${words.department(b)}核对；核对前按目录规定的先后取值。`,
      examples,
    };
  });

const oddFindings = (survey: Survey, words: Words): readonly Finding[] =>
  [...survey.odd].sort(byCount).map(([name, { count, examples }]) => {
    const [dataset, fact, what] = parts(name);
    return {
      measure: 'range',
      dataset,
      fact,
      division: null,
      kind: what,
      count,
      of: survey.datasets.get(dataset)?.subjects ?? count,
      message: `“${words.dataset(dataset)}”的${words.fact(dataset, fact)}有 ${count} 个${oddityNames[what as Oddity]}`,
      hint: `请${words.department(dataset)}校核纠错；改正后重新报送。`,
      examples,
    };
  });

const twinFindings = (twins: readonly Twins[]): readonly Finding[] =>
  [...Map.groupBy(twins, (t) => `${t.register}\n${t.kind}\n${t.sure}`)].map(([name, own]) => {
    const [register, kind, sure] = parts(name);
    return {
      measure: 'duplicate',
      dataset: null,
      fact: null,
      division: null,
      kind,
      count: own.length,
      of: own.length,
      message: `${sureNames[sure as Twins['sure']]}重复 ${own.length} 对：${twinNames[kind as Twins['kind']]}`,
      hint: register === 'citizen' ? '请公安核对户籍；确认前两份档案各自判定，兑付前留意同名同账户。' : '请市场监管核对登记。',
      examples: own.slice(0, 3).flatMap((t) => t.subjectIds),
    };
  });

const driftWords: Readonly<Record<Drift['kind'], string>> = {
  rows: '份数',
  none: '“无”的比例',
  missing: '缺失的比例',
  spread: '取值分布',
  median: '中位数',
};

const driftFinding = (now: DatedProfile, old: DatedProfile, drift: Drift, words: Words): Finding => {
  const isShare = drift.kind === 'none' || drift.kind === 'missing' || drift.kind === 'spread';
  const text = (n: number): string => (isShare ? `${(100 * n).toFixed(1)}%` : n.toLocaleString('en-US'));
  const what = drift.fact === null ? '' : `的${words.fact(now.dataset, drift.fact)}`;
  return {
    measure: 'drift',
    dataset: now.dataset,
    fact: drift.fact,
    division: null,
    kind: drift.kind,
    count: now.profile.subjects,
    of: old.profile.subjects,
    message: `“${words.dataset(now.dataset)}”${what}${driftWords[drift.kind]}${drift.value === undefined ? '' : `（${drift.value}）`}由 ${text(drift.before)} 变为 ${text(drift.now)}`,
    hint: `与${dayText(old.asOf)}的报送相比（隔 ${daysBetween(old.asOf, now.asOf)} 天）；请${words.department(now.dataset)}说明，属实的不必处理。`,
    examples: [],
  };
};
