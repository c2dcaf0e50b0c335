// Reads one condition tree from plain JSON: shape, names, operators, types and values, every problem at once, none thrown.
import { typeName } from '../feel/type.ts';
import { isObject } from './literal.ts';
import { clip, type Operand, type Report, readOperand, reportUnknown } from './operand.ts';
import { type Operator, operators, quoted } from './operators.ts';
import type { Ready, ReadyLeaf } from './ready.ts';
import { type FactShape, suggest, type Vocabulary } from './vocabulary.ts';

export interface CheckOptions {
  /** False inside awards: a payment condition there would change money after approval. */
  readonly payment: boolean;
  /** False when the period has no start (`once` without effective.from). */
  readonly hasStart: boolean;
}

const leafKeys = ['fact', 'operator', 'value', 'on', 'checkAt', 'clause', 'text', 'covers', 'name'];
const groupKeys = ['all', 'any', 'not', 'clause', 'text', 'covers', 'name'];
const deepest = 24;

/** The checked tree, or null when anything in it was reported. */
export const checkCondition = (
  raw: unknown,
  vocabulary: Vocabulary,
  at: string,
  report: Report,
  options: CheckOptions,
  depth = 0,
): Ready | null => {
  if (depth > deepest) {
    report('rule.too-deep', at, `条件嵌套超过 ${deepest} 层`, '拆成指标，或把条件写平');
    return null;
  }
  if (!isObject(raw)) {
    report('rule.shape', at, '条件须是一个对象', '写 {"fact": …, "operator": …, "value": …}，或 all / any / not');
    return null;
  }
  const groups = ['all', 'any', 'not'].filter((k) => Object.hasOwn(raw, k));
  if (groups.length > 1 || (groups.length === 1 && Object.hasOwn(raw, 'fact'))) {
    report('rule.shape', at, '一个条件只能是 all、any、not 或单项中的一种', '拆成几个条件，放进同一个 all 或 any');
    return null;
  }
  const [group] = groups;
  if (group === undefined) return checkLeaf(raw, vocabulary, at, report, options);
  const fine = checkKeys(raw, groupKeys, at, report) && checkTexts(raw, at, report);
  if (group === 'not') {
    const child = checkCondition(raw.not, vocabulary, `${at}/not`, report, options, depth + 1);
    return child === null || !fine ? null : { kind: 'not', at, child, ...texts(raw) };
  }
  const list = raw[group];
  if (!Array.isArray(list) || list.length === 0) {
    report('rule.empty-group', `${at}/${group}`, '这一组里没有条件', '空的一组会让所有人都符合；补上条件或删去这一组');
    return null;
  }
  const children = list.map((c, i) => checkCondition(c, vocabulary, `${at}/${group}/${i}`, report, options, depth + 1));
  if (!fine || !children.every((c): c is Ready => c !== null)) return null;
  return { kind: group as 'all' | 'any', at, children, ...texts(raw) };
};

const texts = (raw: Readonly<Record<string, unknown>>): { readonly text?: string; readonly clause?: string } => ({
  ...(typeof raw.text === 'string' ? { text: raw.text } : {}),
  ...(typeof raw.clause === 'string' ? { clause: raw.clause } : {}),
});

const advice: Readonly<Record<string, string>> = {
  path: '路径写进指标名，如 "spouse.hukouRegion"',
  params: '参数写进指标公式',
  priority: '条件没有先后，全部判断',
  condition: '引用别的条件请写成指标',
};

const checkKeys = (raw: Readonly<Record<string, unknown>>, known: readonly string[], at: string, report: Report): boolean => {
  const strangers = Object.keys(raw).filter((k) => !known.includes(k));
  for (const k of strangers)
    report('rule.unknown-key', `${at}/${pointer(k)}`, `不认识的键 ${clip(k)}`, advice[k] ?? suggest(k, known, `可用：${known.join('、')}`));
  return strangers.length === 0;
};

/** `~` and `/` as JSON Pointer asks. */
export const pointer = (key: string): string => clip(key).replaceAll('~', '~0').replaceAll('/', '~1');

const checkTexts = (raw: Readonly<Record<string, unknown>>, at: string, report: Report): boolean => {
  let fine = true;
  for (const k of ['text', 'clause', 'name']) {
    const v = raw[k];
    if (v === undefined || (typeof v === 'string' && v.length <= 500)) continue;
    report('rule.shape', `${at}/${k}`, `${k} 须是不超过 500 字的文字`, '改成文字或删去');
    fine = false;
  }
  const { covers } = raw;
  if (covers !== undefined && !(Array.isArray(covers) && covers.every((c) => typeof c === 'string' && c.startsWith('/')))) {
    report('rule.shape', `${at}/covers`, 'covers 须是以 / 开头的指针列表', '如 ["/conditions/0"]');
    fine = false;
  }
  return fine;
};

const checkLeaf = (
  raw: Readonly<Record<string, unknown>>,
  vocabulary: Vocabulary,
  at: string,
  report: Report,
  options: CheckOptions,
): ReadyLeaf | null => {
  const keysFine = checkKeys(raw, leafKeys, at, report);
  const textsFine = checkTexts(raw, at, report);
  const fact = findFact(raw.fact, vocabulary, at, report);
  const operator = findOperator(raw.operator, at, report);
  const times = fact === null ? null : checkTimes(raw, fact, at, report, options);
  if (!Object.hasOwn(raw, 'value')) {
    report('rule.shape', at, '条件没有写要求的值（value）', '每个条件都要有指标、运算符和值（fact、operator、value）');
    return null;
  }
  // A fact of unknown type was reported where it is defined; a second complaint here would only hide that.
  if (fact === null || operator === null || fact.type.kind === 'any') return null;
  if (!fits(operator, fact)) {
    const others = operatorsFor(fact).map(quoted);
    report(
      'rule.type',
      `${at}/operator`,
      `${quoted(operator)}不适用于${fact.label}（${typeName(fact.type)}）`,
      `可用：${others.join('、')}`,
    );
    return null;
  }
  const operand: Operand | null = readOperand(raw.value, operator, fact, vocabulary, `${at}/value`, report);
  if (operand === null || times === null || !keysFine || !textsFine) return null;
  const element = fact.type.kind === 'list' ? fact.type.element : fact.type;
  return {
    kind: 'leaf',
    at,
    fact: fact.name,
    label: fact.label,
    type: fact.type,
    operator,
    operand,
    tree: element.kind === 'code' ? element.tree : null,
    ...times,
    ...texts(raw),
  };
};

/** What may be asked of the fact, in the table's order. */
export const operatorsFor = (fact: FactShape): readonly Operator[] => [...operators.values()].filter((o) => fits(o, fact));

/** Sets are lists of scalars; a list of records answers only `absent`, everything else of it goes through FEEL. */
const fits = (operator: Operator, fact: FactShape): boolean => {
  if (operator.name === 'absent') return true;
  if (!operator.fits.includes(fact.type.kind)) return false;
  return fact.type.kind !== 'list' || ['string', 'code', 'number', 'date'].includes(fact.type.element.kind);
};

const findFact = (raw: unknown, vocabulary: Vocabulary, at: string, report: Report): FactShape | null => {
  if (typeof raw !== 'string') {
    report(
      'rule.shape',
      `${at}/fact`,
      raw === undefined ? '条件没有写指标（fact）' : '指标（fact）须是文字',
      '选一个指标，或写它的名，如 "hukouRegion"',
    );
    return null;
  }
  const fact = vocabulary.find(raw);
  if (fact === undefined) {
    reportUnknown(raw, vocabulary, `${at}/fact`, report, '指标须先登记在指标目录，或在本规则里定义');
    return null;
  }
  return fact;
};

const findOperator = (raw: unknown, at: string, report: Report): Operator | null => {
  const operator = typeof raw === 'string' ? operators.get(raw) : undefined;
  if (operator !== undefined) return operator;
  const names = [...operators.keys()];
  const message = typeof raw === 'string' && raw !== '' ? `没有名为 ${clip(raw)} 的运算符` : '条件没有写运算符（operator）';
  report(
    'rule.unknown-operator',
    `${at}/operator`,
    message,
    suggest(typeof raw === 'string' ? raw : '', names, `可用：${names.join('、')}`),
  );
  return null;
};

const ons = ['start', 'end', 'any', 'every'] as const;
const checkAts = ['period', 'match', 'payment'] as const;

const checkTimes = (
  raw: Readonly<Record<string, unknown>>,
  fact: FactShape,
  at: string,
  report: Report,
  options: CheckOptions,
): Pick<ReadyLeaf, 'on' | 'checkAt'> | null => {
  const on = ons.find((o) => o === (raw.on ?? 'end'));
  const checkAt = checkAts.find((c) => c === (raw.checkAt ?? 'period'));
  let fine = true;
  const refuse = (where: string, message: string, hint: string): void => {
    fine = false;
    report('rule.time', `${at}/${where}`, message, hint);
  };
  if (on === undefined) refuse('on', 'on 只能是 start、end、any、every', '不写就是 end：期末（或死亡前一日、数据日中最早的一天）');
  if (checkAt === undefined) refuse('checkAt', 'checkAt 只能是 period、match、payment', '不写就是 period');
  if (on !== undefined && on !== 'end' && !fact.timed)
    refuse('on', `${fact.label}不随时间记载，不能按 ${on} 读取`, '删去 on，或在指标目录中把它登记为 timed');
  if (on === 'start' && !options.hasStart) refuse('on', '一次性事项没有写 effective.from，期初无从谈起', '补上 effective.from，或删去 on');
  if (on !== undefined && on !== 'end' && checkAt !== undefined && checkAt !== 'period')
    refuse('on', 'on 只用于 checkAt 为 period 的条件', '删去 on 或 checkAt');
  if (checkAt === 'payment' && !options.payment) refuse('checkAt', '金额中的条件不能等到支付时再判断', '移到 conditions 里');
  if (!options.hasStart && usesStart(raw))
    refuse('value', '一次性事项没有写 effective.from，period.start 没有值', '补上 effective.from，或改用 period.end');
  return fine && on !== undefined && checkAt !== undefined ? { on, checkAt } : null;
};

const usesStart = (raw: Readonly<Record<string, unknown>>): boolean =>
  raw.fact === 'period.start' ||
  (isObject(raw.value) &&
    (raw.value.fact === 'period.start' ||
      raw.value.of === 'period.start' ||
      Object.values(raw.value).some((v) => isObject(v) && v.fact === 'period.start')));
