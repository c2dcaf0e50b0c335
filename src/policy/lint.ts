// Findings beyond what reading refuses: an item that runs, but that may not be published like this (`error`), or that an officer should look at again
// (`warning`). Each has a place, a reason and a way out. The rules stand in `lint-*.ts`, their codes and gravity in `lint-look.ts`.
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CompiledItem } from './compile.ts';
import { branchCoverage, type Coverage } from './coverage.ts';
import type { Item } from './item.ts';
import { bounded, lowCap, tiers } from './lint-award.ts';
import { legalUse, parameters, purpose, supplied, unused } from './lint-data.ts';
import { life } from './lint-life.ts';
import { type LogicFinding, logicFindings } from './lint-logic.ts';
import { type Finding, finding, type Looked, look, wide } from './lint-look.ts';
import { ways } from './lint-mode.ts';
import { death, publicity, region, tax, waive } from './lint-people.ts';
import { sameMatter, splitPeriods } from './lint-set.ts';

const logicTexts: Readonly<Record<Exclude<LogicFinding['kind'], 'wide'>, readonly [string, string]>> = {
  contradiction: ['条件互相矛盾，没有人能满足', '核对各个界限和取值'],
  'dead-branch': ['这一支的条件互相矛盾，永远不成立', '核对各个界限和取值，或删去这一支'],
  tautology: ['条件总是成立，等于没有条件', '核对各个界限和取值，或删去'],
  duplicate: ['条件重复', '删去一个'],
  subsumed: ['条件已被同组另一个包含，不起作用', '删去，或核对界限'],
};

const logic = (l: Looked): readonly Finding[] =>
  [
    ...l.trees.flatMap((tree) => logicFindings(tree, l.catalogue)),
    ...l.compiled.modes.flatMap((row) => (row.when === null ? [] : logicFindings(row.when, l.catalogue, false))),
  ].map((f) => {
    if (f.kind === 'wide') return wide(f.at);
    const [what, hint] = logicTexts[f.kind];
    return finding(f.kind, f.at, `${f.label}：${what}${f.other === null ? '' : `（见 ${f.other}）`}`, hint);
  });

/** The event's own day is the period's end: asking whether it lies within the last year is always answered yes. */
const eventDay = (l: Looked): readonly Finding[] => {
  const { item, event } = l.compiled;
  if (event === null) return [];
  const own = new Set(
    Object.entries(item.facts ?? {}).flatMap(([name, f]) => ('feel' in f && f.feel.trim() === `event.${event.day}` ? [name] : [])),
  );
  return l.leaves
    .filter((leaf) => own.has(leaf.fact) && leaf.checkAt === 'period' && leaf.operator.name === 'withinLast')
    .map((leaf) =>
      finding(
        'tautology',
        leaf.at,
        `${leaf.label}：期末就是这一天，条件总是成立`,
        '改为比对时核（"checkAt": "match"），按数据日回看；或删去',
      ),
    );
};

const fewest = 3;
const outcomes: Readonly<Record<string, string>> = { true: '满足', false: '不满足', unknown: '缺数据' };

const examples = (l: Looked, coverage: Coverage): readonly Finding[] => {
  const count = l.compiled.item.examples.length;
  const few =
    count >= fewest ? [] : [finding('few-examples', '/examples', `只有 ${count} 个例子`, `至少写 ${fewest} 个：符合、不符合、缺数据`)];
  const open = coverage.open.map((o) => {
    const [at = '', outcome] = o.split(' ');
    const what = outcome === undefined ? '没有例子用到这一档或这一部分' : `没有例子试过这个条件“${outcomes[outcome]}”`;
    return finding('untried', at, what, '补一个例子');
  });
  return [...few, ...open];
};

export interface Lint {
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
}

const rules = [
  legalUse,
  purpose,
  supplied,
  unused,
  parameters,
  tax,
  logic,
  eventDay,
  publicity,
  waive,
  life,
  death,
  region,
  bounded,
  lowCap,
  tiers,
  ways,
];

/** What may not be published, without asking which branches the examples have tried. */
export const lintErrors = (compiled: CompiledItem, catalogue: Catalogue): readonly Finding[] => {
  const l = look(compiled, catalogue);
  return rules.flatMap((rule) => rule(l)).filter((f) => f.severity === 'error');
};

/** Every finding of a compiled item. `others`: items and earlier versions it will stand beside. */
export const lintItem = (compiled: CompiledItem, catalogue: Catalogue, others: readonly Item[] = []): Lint => {
  const l = look(compiled, catalogue);
  const coverage = branchCoverage(compiled, catalogue);
  const { item } = compiled;
  const beside = [...splitPeriods(item, others), ...sameMatter(item, others, catalogue)];
  return { findings: [...rules.flatMap((rule) => rule(l)), ...beside, ...examples(l, coverage)], coverage };
};
