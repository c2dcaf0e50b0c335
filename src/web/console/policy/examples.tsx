// 测试: examples as people one can picture, what is expected of each and what the rule says, condition by condition; which branches nobody has tried yet. An
// example is filled in by hand or from a real person's facts, without name and numbers.
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { Mark, Nothing, type Tone } from '../page.tsx';
import { countText, money } from '../words.ts';
import type { ExampleTold, Looked } from './ask.ts';
import { below, drop, get, insert, isJson, type Json, put, set } from './document.ts';
import { MoreOfExample } from './example-more.tsx';
import { FactsForm } from './facts-form.tsx';
import { FindingLines, useFindings } from './findings.tsx';
import { FromRecord } from './from-record.tsx';
import type { Keep } from './keep.ts';

export const verdicts: Readonly<Record<string, { readonly text: string; readonly tone: Tone }>> = {
  eligible: { text: '符合', tone: 'good' },
  ineligible: { text: '不符合', tone: 'plain' },
  undetermined: { text: '待核', tone: 'warn' },
};

const VerdictMark = ({ verdict }: { readonly verdict: string | null }) =>
  verdict === null ? (
    <span className="hint">算不出</span>
  ) : (
    <Mark tone={verdicts[verdict]?.tone ?? 'plain'}>{verdicts[verdict]?.text ?? verdict}</Mark>
  );

/** The result condition by condition, and the amount step by step. */
export const TraceLines = ({ told }: { readonly told: ExampleTold }) => (
  <div className="trace">
    {told.lines.map((line) => (
      <div
        key={line.at}
        style={{ paddingLeft: line.depth * 16 }}
        className={`trace-${line.answer === '满足' ? 'yes' : line.answer === '不满足' ? 'no' : 'open'}`}
      >
        <span className="trace-answer">{line.answer}</span>
        <span>{line.text}</span>
        {line.actual === null ? null : <span className="hint">　实际 {line.actual}</span>}
        {line.missing.length === 0 ? null : <span className="warn-text">　缺 {line.missing.join('、')}</span>}
      </div>
    ))}
    {told.steps.length === 0 ? null : <p>金额：{told.steps.join('；')}</p>}
  </div>
);

const yuanOf = (fen: string): string => {
  const digits = fen.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

const Expected = ({ at, keep, told }: { readonly at: string; readonly keep: Keep; readonly told: ExampleTold | undefined }) => {
  const expect = get(keep.item, below(at, 'expect'));
  const verdict = isJson(expect) ? String(expect.verdict ?? '') : '';
  const become = (next: string) =>
    keep.change((item) => {
      const { amount, missing, mode, ...rest } = isJson(expect) ? expect : {};
      return put(item, below(at, 'expect'), {
        ...rest,
        verdict: next,
        ...(next === 'eligible' && amount !== undefined ? { amount, mode } : {}),
      });
    });
  return (
    <div className="leaf">
      预期
      <Select
        aria-label="预期结果"
        style={{ width: 110 }}
        value={verdict === '' ? null : verdict}
        onChange={become}
        options={Object.entries(verdicts).map(([value, { text }]) => ({ value, label: text }))}
      />
      {verdict === 'eligible' ? (
        <Input
          aria-label="预期金额"
          style={{ width: 130 }}
          placeholder="120.00"
          suffix="元"
          value={isJson(expect) ? String(expect.amount ?? '') : ''}
          onChange={(event) => keep.change((item) => set(item, below(at, 'expect', 'amount'), event.target.value), `${at}/expect`)}
        />
      ) : null}
      {told === undefined ? null : (
        <>
          算得 <VerdictMark verdict={told.verdict} />
          {told.amountFen === null ? null : <span className="figure">{money(told.amountFen)}</span>}
          {told.ok ? <Mark tone="good">与预期相同</Mark> : <Mark tone="bad">{told.differences.join('；')}</Mark>}
          {!told.ok && told.verdict === 'eligible' && told.amountFen !== null && verdict === 'eligible' ? (
            <Button
              size="small"
              onClick={() => keep.change((item) => put(item, below(at, 'expect', 'amount'), yuanOf(told.amountFen ?? '')))}
            >
              核过了，预期就写这个数
            </Button>
          ) : null}
        </>
      )}
    </div>
  );
};

const periodHints: Readonly<Record<string, string>> = { monthly: '2026-01', quarterly: '2026Q1', yearly: '2026' };

const One = ({ i, keep, looked }: { readonly i: number; readonly keep: Keep; readonly looked: Looked | undefined }) => {
  const at = below('/examples', i);
  const example = get(keep.item, at);
  const told = looked?.examples[i];
  const found = useFindings(at, [below(at, 'facts')]);
  const [reads, setReads] = useState<readonly string[]>([]);
  // While the rule cannot be read, what it asked for last.
  if (looked !== undefined && looked.problems.length === 0 && looked.reads !== reads && looked.reads.join() !== reads.join())
    setReads(looked.reads);
  if (!isJson(example)) return null;
  return (
    <div>
      <div className="leaf">
        <Input
          aria-label="例子的名字"
          style={{ width: 220 }}
          value={String(example.name ?? '')}
          onChange={(event) => keep.change((item) => put(item, below(at, 'name'), event.target.value), `${at}/name`)}
        />
        <Input
          aria-label="例子的所属期"
          style={{ width: 120 }}
          placeholder={periodHints[String(keep.item.period)] ?? '2026-01-31'}
          value={String(example.period ?? '')}
          onChange={(event) => keep.change((item) => put(item, below(at, 'period'), event.target.value), `${at}/period`)}
        />
        <FromRecord keep={keep} at={at} reads={reads} />
      </div>
      <Expected at={at} keep={keep} told={told} />
      <FindingLines rows={found} />
      <FactsForm at={below(at, 'facts')} reads={reads} keep={keep} />
      <MoreOfExample at={at} reads={reads} keep={keep} />
      {told === undefined ? null : <TraceLines told={told} />}
    </div>
  );
};

const outcomes: Readonly<Record<string, string>> = { true: '满足', false: '不满足', unknown: '缺数据' };

/** Branches without an example, in the words of the rule. */
export const Untried = ({ looked }: { readonly looked: Looked }) => {
  const { coverage } = looked;
  if (coverage === null) return null;
  const text = new Map(looked.examples.flatMap((one) => one.lines.map((line) => [line.at, line.text] as const)));
  return (
    <details className="untried" open={coverage.open.length > 0 && coverage.open.length <= 6}>
      <summary>
        试到 {countText(coverage.tried)} / {countText(coverage.total)} 种情形
        {coverage.open.length === 0 ? '，都试到了' : `，还有 ${countText(coverage.open.length)} 种没有例子`}
      </summary>
      <ul>
        {coverage.open.slice(0, 20).map((one) => {
          const [at = '', outcome] = one.split(' ');
          return (
            <li key={one}>
              {text.get(at) ?? `标准的 ${at.replace('/award', '')}`}
              {outcome === undefined ? '：没有用到' : `：没有试过“${outcomes[outcome] ?? outcome}”`}
            </li>
          );
        })}
      </ul>
    </details>
  );
};

const freshExample = (item: Json, n: number): Json => ({
  name: `例子${n}`,
  period: periodHints[String(item.period)] ?? '2026-01-31',
  facts: {},
  expect: { verdict: 'eligible' },
});

export const ExamplesPane = ({ keep, looked }: { readonly keep: Keep; readonly looked: Looked | undefined }) => {
  const given = get(keep.item, '/examples');
  const list = Array.isArray(given) ? given.filter(isJson) : [];
  const [picked, setPicked] = useState(0);
  const add = (made: Json) => {
    keep.change((item) => insert(item, '/examples', list.length, made));
    setPicked(list.length);
  };
  const at = Math.min(picked, list.length - 1);
  return (
    <div>
      <div className="examples">
        <ul aria-label="例子">
          {list.map((one, i) => {
            const told = looked?.examples[i];
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: an example is named by its place
              <li key={i}>
                <button type="button" className={i === at ? 'here' : ''} onClick={() => setPicked(i)}>
                  {String(one.name)}
                  {told === undefined ? null : told.ok ? <Mark tone="good">对</Mark> : <Mark tone="bad">不同</Mark>}
                </button>
              </li>
            );
          })}
        </ul>
        <div className="group-adds">
          <Button size="small" type="primary" ghost onClick={() => add(freshExample(keep.item, list.length + 1))}>
            加例子
          </Button>
          {list[at] === undefined ? null : (
            <>
              <Button size="small" onClick={() => add({ ...list[at], name: `${String(list[at]?.name)}（另一种）` })}>
                照这个再写一个
              </Button>
              <Button size="small" onClick={() => keep.change((item) => drop(item, below('/examples', at)))}>
                删去这个
              </Button>
            </>
          )}
        </div>
      </div>
      {looked === undefined ? null : <Untried looked={looked} />}
      {list[at] === undefined ? (
        <Nothing>还没有例子。至少写三个：一个符合、一个不符合、一个缺数据的；每个像一个真的人，写上预期的结果。</Nothing>
      ) : (
        <One key={at} i={at} keep={keep} looked={looked} />
      )}
    </div>
  );
};
