// 兑现方式 that depends on conditions: read, linted, said aloud, chosen for one subject by both opinions, and cautious where nobody can tell.
import { describe, expect, it } from 'vitest';
import { mayDecide } from '../../src/catalogue/purpose.ts';
import { flowOf } from '../../src/disbursement/flow.ts';
import { digestOf } from '../../src/match/match.ts';
import { branchCoverage } from '../../src/policy/coverage.ts';
import { diffItems } from '../../src/policy/diff.ts';
import { exampleSource, runExamples } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import type { MatchKind, Mode } from '../../src/policy/item.ts';
import { lintItem } from '../../src/policy/lint.ts';
import { modeFor, modesOf, modeText } from '../../src/policy/mode.ts';
import { itemText } from '../../src/policy/say.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import { replaySource } from '../../src/rule/evidence.ts';
import type { Decision, DecisionPeriod } from '../../src/rule/facts.ts';
import { catalogue, compiled, decideFacts, problemsOf } from './fixture.ts';

const leaf = (fact: string, operator: string, value: unknown) => ({ fact, operator, value });
const mode = [
  { when: { all: [leaf('status', 'in', ['低保', '特困']), leaf('income', 'lessThan', 2000)] }, mode: 'auto', covers: ['/modes/0'] },
  { when: leaf('note', 'matches', '外地'), mode: 'apply', text: '人在外地的' },
  { mode: 'confirm' },
];
const who = { hukouRegion: '530128', birthDate: '1931-05-01', deathDate: null };
const flow = { first: ['guard', 'review', 'notice', 'confirm', 'pay'], continuing: ['guard', 'pay'] };
const example = (name: string, facts: object, expect: object) => ({ name, period: '2026-01', facts: { ...who, ...facts }, expect });
const eligible = (way: string) => ({ verdict: 'eligible', amount: '120.00', mode: way });
/** The fixture rule: who is on the books and poor is paid without a word, who lives elsewhere applies, the others confirm. */
const change = {
  mode,
  flow,
  confirm: { days: 7, clause: '第五条' },
  examples: [
    example('低保', { status: '低保', income: 500, note: '' }, eligible('auto')),
    example('收入超过', { status: '低保', income: 2000, note: '' }, eligible('confirm')),
    example('普通', { status: '普通', income: 500, note: '本地' }, eligible('confirm')),
    example('在外地', { status: '普通', income: 500, note: '外地' }, eligible('apply')),
    example('身份缺', { income: 500, note: '' }, eligible('confirm')),
    example('收入缺', { status: '低保', note: '' }, eligible('confirm')),
    example('备注缺', { status: '普通', income: 500 }, eligible('apply')),
    example('户籍缺', { hukouRegion: undefined }, { verdict: 'undetermined', missing: ['hukouRegion'] }),
    example('外县', { hukouRegion: '530129' }, { verdict: 'ineligible' }),
    example('七十九', { birthDate: '1947-05-01' }, { verdict: 'ineligible' }),
  ].map((e) => ({ ...e, facts: Object.fromEntries(Object.entries(e.facts).filter(([, v]) => v !== undefined)) })),
};

describe('a mode by conditions', () => {
  it('takes the first row that holds, and says so in its examples', () => {
    const item = compiled(change);
    expect(runExamples(item, catalogue).filter((r) => !r.ok)).toEqual([]);
    expect(branchCoverage(item, catalogue).open.filter((at) => at.startsWith('/mode'))).toEqual([]);
    expect([modesOf(item.item), modeText(item.item)]).toEqual([['auto', 'apply', 'confirm'], '免申即享或限时兑现或即申即享（依条件）']);
  });

  it('takes the most cautious of what is possible, with the fact that is missing', () => {
    const item = compiled(change);
    const found = (facts: object) => {
      const d = decideFacts(item, { ...who, ...facts });
      return [d.verdict, d.mode?.mode, d.mode?.at, d.mode?.missing.map((m) => m.fact), d.missing.map((m) => m.fact)];
    };
    expect(found({ income: 500, note: '' })).toEqual(['eligible', 'confirm', '/mode/2', ['status'], []]);
    expect(found({ status: '低保', note: '外地' })).toEqual(['eligible', 'apply', '/mode/1', ['income'], []]);
    expect(found({ status: '低保' })).toEqual(['eligible', 'apply', '/mode/1', ['income', 'note'], []]);
    // Sure although something is missing: income alone rules the first row out.
    expect(found({ income: 3000, note: '' })).toEqual(['eligible', 'confirm', '/mode/2', [], []]);
    expect(decideFacts(item, { ...who, hukouRegion: '530129' }).mode).toBeUndefined();
  });

  it('is no doubt where every way out comes to the same', () => {
    const twice = compiled({
      ...change,
      examples: [],
      mode: [{ when: leaf('status', 'equal', '低保'), mode: 'confirm' }, ...mode.slice(0, 1), { mode: 'confirm' }],
    });
    const d = decideFacts(twice, { ...who, income: 3000 });
    expect([d.mode?.mode, d.mode?.missing]).toEqual(['confirm', []]);
  });

  it('is found again by the second opinion and from the evidence', async () => {
    const item = compiled(change);
    for (const e of item.item.examples) {
      const period = periodFor(item.item, e) as DecisionPeriod;
      const source = exampleSource(catalogue, 'citizen', e, period.knownAt);
      const second = await secondOpinion(item, source, period);
      expect([e.name, second.mode]).toEqual([e.name, e.expect.mode]);
      const first = decideFacts(item, e.facts);
      const read = JSON.parse(JSON.stringify(first.read)) as Decision['read'];
      const again = await secondOpinion(
        item,
        replaySource(read, (n) => item.plan.find(n)?.type),
        period,
      );
      expect(again.mode).toBe(first.mode?.mode);
    }
  });

  it('reads aloud', () => {
    const lines = itemText(compiled(change), catalogue).split('\n');
    const from = lines.findIndex((line) => line.startsWith('  兑现方式'));
    expect(lines.slice(2, 3)).toEqual(['  对象：禄劝县的居民；按月；免申即享或限时兑现或即申即享（依条件）']);
    expect(lines.slice(from, from + 7)).toEqual([
      '  兑现方式（从上到下，先满足的为准；缺数据、无法判断的，按其中较慎重的一种）',
      '    满足以下条件的，免申即享：符合的直接兑现，无需申请',
      '      身份为低保、特困之一',
      '      月收入低于 2000 元',
      '    否则人在外地的，满足以下条件的，限时兑现：预填表单，提交后在期限内审核兑现',
      '      备注符合格式外地',
      '    其余的，即申即享：符合的告知后一键确认即兑现',
    ]);
    expect(lines).toContain('    首次符合：核验名单与状态 → 部门审核 → 告知 → 本人确认（免申即享的略过） → 拨付');
  });

  it('is told apart from another by the diff', () => {
    const other = [mode[0], { mode: 'confirm' }];
    const texts = diffItems(compiled({ ...change, examples: [] }), compiled({ ...change, mode: other, examples: [] }), catalogue).map(
      (d) => d.text,
    );
    expect(texts.some((t) => t.startsWith('兑现方式：取消') && t.includes('限时兑现'))).toBe(true);
  });
});

describe('its steps', () => {
  it('leave out what a mode has not; nobody who must confirm is paid without', () => {
    const { item } = compiled(change);
    const at = (kind: MatchKind, chosen: string | null) => flowOf(item, kind, chosen).join(' ');
    expect(at('first', 'auto')).toBe('guard review notice pay');
    expect(at('first', 'confirm')).toBe('guard review notice confirm pay');
    expect(at('first', 'apply')).toBe('guard apply review notice confirm pay');
    // An accepted list, or the answer of a version that had one mode, has chosen nothing.
    expect(at('first', null)).toBe('guard apply review notice confirm pay');
    expect(modeFor(item, null)).toBe<Mode>('apply');
    expect(at('continuing', 'auto')).toBe('guard pay');
    expect(at('ended', null)).toBe('review notice');
  });

  it('count another mode as a change', () => {
    const plainly = (key: string): string => key;
    const item = compiled(change);
    const [auto, confirm] = [{ status: '低保' }, { status: '普通' }].map((s) => decideFacts(item, { ...who, ...s, income: 500, note: '' }));
    expect(digestOf(auto as Decision, plainly)).not.toBe(digestOf(confirm as Decision, plainly));
    const plain = compiled({});
    const d = decideFacts(plain, who);
    expect(digestOf(d, plainly)).toBe(digestOf({ verdict: d.verdict, lines: d.lines }, plainly));
  });
});

describe('what may not be written', () => {
  const way = (raw: unknown, more: object = {}) => problemsOf({ ...change, examples: [], mode: raw, ...more });
  const auto = { when: leaf('status', 'equal', '低保'), mode: 'auto' };
  it.each<[string, unknown, readonly string[]]>([
    ['a push among those who are paid', [auto, { mode: 'push' }], ['rule.mode /mode/1/mode']],
    ['no row for the rest', [auto, { ...auto, mode: 'confirm' }], ['rule.mode /mode/1']],
    ['a row behind the rest', [{ mode: 'confirm' }, auto], ['rule.mode /mode/0', 'rule.mode /mode/1']],
    ['one row', [{ mode: 'auto' }], ['rule.mode /mode']],
    ['none', [], ['rule.mode /mode']],
    ['another word', 'automatic', ['rule.shape /mode']],
    ['a number', 3, ['rule.shape /mode']],
    ['nothing', undefined, ['rule.shape /mode']],
    ['an unknown fact', [{ ...auto, when: leaf('statsu', 'equal', '低保') }, { mode: 'confirm' }], ['rule.unknown-fact /mode/0/when/fact']],
    ['an unknown key', [{ ...auto, wehn: 1 }, { mode: 'confirm' }], ['rule.unknown-key /mode/0/wehn']],
    ['a row that is none', [auto, 'confirm'], ['rule.shape /mode/1']],
    [
      'a condition at payment',
      [{ ...auto, when: { ...auto.when, checkAt: 'payment' } }, { mode: 'confirm' }],
      ['rule.time /mode/0/when/checkAt'],
    ],
  ])('%s', (_, raw, problems) => expect(way(raw)).toEqual(problems));

  it('a flow without the confirmation that some need', () => {
    const rows = [auto, { mode: 'confirm' }];
    expect(way(rows, { flow: { first: ['guard', 'pay'], continuing: ['pay'] }, confirm: undefined })).toEqual(['rule.flow /flow/first']);
    expect(way(rows, { flow: { ...flow, changed: ['guard', 'pay'] } })).toEqual(['rule.flow /flow/changed']);
    expect(way(rows, { flow: { ...flow, changed: ['guard', 'confirm', 'pay'], resumed: [] } })).toEqual([]);
    expect(way([auto, { mode: 'apply' }], { flow: { first: ['guard', 'pay'], continuing: ['pay'] }, confirm: undefined })).toEqual([]);
  });

  it('a fee reduced on demand; an example that expects a mode of one who gets nothing', () => {
    const reduced = {
      award: { fixed: { yuan: 15 }, reduces: '水费' },
      flow: { first: ['guard', 'notice'], continuing: ['guard'] },
      confirm: undefined,
    };
    expect(way([auto, { mode: 'apply' }], reduced)).toContain('rule.reduces /mode');
    const odd = (expect: object) => problemsOf({ ...change, examples: [example('x', {}, expect)] });
    expect(odd({ verdict: 'ineligible', mode: 'auto' })).toEqual(['rule.example /examples/0/expect/mode']);
    expect(problemsOf({ examples: [example('x', {}, eligible('auto'))] })).toEqual(['rule.example /examples/0/expect/mode']);
  });
});

describe('the lint', () => {
  const codes = (raw: unknown, more: object = {}) =>
    lintItem(compiled({ ...change, examples: [], mode: raw, ...more }), catalogue)
      .findings.map((f) => `${f.code.replace('rule.lint-', '')} ${f.at}`)
      .filter((c) => c.includes('/mode') && !c.startsWith('unsupplied'));
  const age = (operator: string, value: number, to: string) => ({ when: leaf('age', operator, value), mode: to });
  it.each<[string, unknown, readonly string[]]>([
    ['rows that all come to the same', [{ ...age('lessThan', 90, 'confirm') }, { mode: 'confirm' }], ['mode-same /mode']],
    ['a row the conditions leave nobody for', [age('lessThan', 70, 'auto'), { mode: 'confirm' }], ['mode-unreachable /mode/0']],
    [
      'a row behind a wider one',
      [age('lessThan', 95, 'auto'), age('lessThan', 90, 'apply'), { mode: 'confirm' }],
      ['mode-unreachable /mode/1'],
    ],
    ['a rest that is empty', [age('greaterThanInclusive', 80, 'auto'), { mode: 'confirm' }], ['mode-unreachable /mode/1']],
    [
      'a condition nobody meets',
      [{ when: { all: [leaf('income', 'lessThan', 1), leaf('income', 'greaterThan', 2)] }, mode: 'auto' }, { mode: 'confirm' }],
      ['dead-branch /mode/0/when/all/1', 'mode-unreachable /mode/0'],
    ],
    [
      'a fact that may only pre-fill, where one path is automatic',
      [{ when: leaf('secret', 'greaterThan', 1), mode: 'auto' }, { mode: 'confirm' }],
      ['precompute /mode/0/when'],
    ],
    ['the same where nobody is paid without a word', [{ when: leaf('secret', 'greaterThan', 1), mode: 'apply' }, { mode: 'confirm' }], []],
    ['nothing, where every row has somebody', mode, []],
  ])('finds %s', (_, raw, found) => expect(codes(raw).filter((c) => !c.startsWith('untried'))).toEqual(found));

  it('asks examples to try every row and outcome', () => {
    expect(codes(mode)).toContain('untried /mode/1');
    expect(codes(mode, { examples: change.examples })).toEqual([]);
  });

  it('lets a fact for pre-filling decide only where no path is automatic', () => {
    const rows = (...modes: ('auto' | 'confirm' | 'apply')[]) => modes.map((m) => ({ mode: m }));
    expect(mayDecide({ legalUse: 'precompute' }, rows('confirm', 'auto'))).toBe(false);
    expect(mayDecide({ legalUse: 'precompute' }, rows('confirm', 'apply'))).toBe(true);
    expect(mayDecide({ legalUse: 'decide' }, rows('auto', 'apply'))).toBe(true);
  });
});
