// One condition: which fact, what is asked of it, and of what value; where it comes from below; the document's own words, the clause and when it is checked
// stand behind 「更多」.
import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { below, isJson, type Json, put, set } from './document.ts';
import type { Keep } from './keep.ts';
import { ListFactButton } from './list-condition.tsx';
import { type Name, sourceText, typeText, useWords, type Words } from './names.tsx';
import { firstValue, OperandEditor } from './operand.tsx';

const groups: readonly (readonly [string, (name: Name) => boolean])[] = [
  ['这个事项自己的指标', (name) => name.kind === 'item'],
  ['本人（本单位）', (name) => name.kind === 'fact'],
  ['这一件事', (name) => name.kind === 'element'],
  ['所属期', (name) => name.kind === 'period' || name.kind === 'subject'],
  ['关联的人或单位', (name) => name.kind === 'link'],
];

/** Which facts are offered where a form wants one of a kind; a condition takes whatever can be compared. */
const offered: Readonly<Record<NonNullable<Offered['of']>, (name: Name) => boolean>> = {
  compared: (name) => name.operators.length > 0,
  any: (name) => name.type.kind !== 'list',
  number: (name) => name.type.kind === 'number',
  link: () => false,
  list: (name) => name.fields.length > 0,
};

interface Offered {
  readonly value: string;
  readonly onChange: (name: string) => void;
  readonly of?: 'compared' | 'any' | 'number' | 'link' | 'list';
  readonly label?: string;
  /** May be left empty, which means this. */
  readonly clear?: string;
}

const optionsOf = (words: Words, of: NonNullable<Offered['of']>) =>
  groups.flatMap(([label, belongs]) => {
    const names = words.names.filter((one) => belongs(one) && offered[of](one));
    if (names.length === 0) return [];
    return [
      {
        label,
        title: label,
        options: names.map((one) => ({
          value: one.name,
          short: one.label,
          find: `${one.label} ${one.name} ${one.sources.map((source) => `${source.title}${source.department}`).join(' ')}`,
          label: (
            <div className="fact-option">
              <div>
                {one.label} <span className="hint">{typeText(one.type)}</span>
                {one.granted ? null : <span className="warn-text">　未授权本事项</span>}
              </div>
              <div className="hint">{sourceText(one)}</div>
            </div>
          ),
        })),
      },
    ];
  });

const linkOption = ({ name, label }: Words['links'][number]) => ({
  value: name,
  short: label,
  find: `${label} ${name}`,
  label: <>{label}</>,
});

/** Label, unit, source and freshness; found by label, name or source. */
export const FactInput = ({ value, onChange, of = 'compared', label = '指标', clear }: Offered) => {
  const words = useWords();
  const options = useMemo(
    () =>
      of === 'link' ? [{ label: '关联的人或单位', title: '', options: words.links.map((one) => linkOption(one)) }] : optionsOf(words, of),
    [words, of],
  );
  return (
    <Select
      aria-label={label}
      style={{ width: 152 }}
      popupMatchSelectWidth={380}
      showSearch={{ optionFilterProp: 'find' }}
      optionLabelProp="short"
      placeholder={clear ?? '找指标'}
      allowClear={clear !== undefined}
      value={value === '' ? null : value}
      onChange={(next?: string) => onChange(next ?? '')}
      notFoundContent="没有这个指标。先请数据管理员登记，或写成事项自己的指标。"
      options={options}
    />
  );
};

/** The leaf with another fact: what no longer fits starts anew. */
const withFact = (node: Json, before: Name | undefined, now: Name | undefined, operand: (name: string) => string): Json => {
  if (now === undefined) return node;
  const kept = now.operators.includes(String(node.operator));
  const operator = kept ? String(node.operator) : (now.operators[0] ?? 'equal');
  const same =
    kept &&
    before !== undefined &&
    before.type.kind === now.type.kind &&
    before.type.tree === now.type.tree &&
    before.type.values === now.type.values;
  return { ...node, fact: now.name, operator, value: same ? node.value : firstValue(operand(operator), now.type) };
};

const More = ({
  at,
  node,
  fact,
  keep,
}: {
  readonly at: string;
  readonly node: Json;
  readonly fact: Name | undefined;
  readonly keep: Keep;
}) => {
  const write = (key: string) => (value: unknown) => keep.change((item) => set(item, below(at, key), value), `${at}/${key}`);
  return (
    <div className="more">
      <Input
        aria-label="文件原话"
        placeholder="文件原话（读给群众听的说法）"
        value={typeof node.text === 'string' ? node.text : ''}
        onChange={(event) => write('text')(event.target.value)}
      />
      <Input
        aria-label="条款"
        placeholder="条款，如 第二条"
        style={{ width: 140 }}
        value={typeof node.clause === 'string' ? node.clause : ''}
        onChange={(event) => write('clause')(event.target.value)}
      />
      {fact?.timed === true ? (
        <Select
          aria-label="看哪一天"
          style={{ width: 130 }}
          value={typeof node.on === 'string' ? node.on : 'end'}
          onChange={(on: string) => write('on')(on === 'end' ? undefined : on)}
          options={[
            { value: 'end', label: '看期末' },
            { value: 'start', label: '看期初' },
            { value: 'any', label: '期内任何一天' },
            { value: 'every', label: '期内每一天' },
          ]}
        />
      ) : null}
      <Select
        aria-label="何时核"
        style={{ width: 130 }}
        value={typeof node.checkAt === 'string' ? node.checkAt : 'period'}
        onChange={(when: string) => write('checkAt')(when === 'period' ? undefined : when)}
        options={[
          { value: 'period', label: '匹配时核' },
          { value: 'match', label: '按匹配当日核' },
          { value: 'payment', label: '付款前再核' },
        ]}
      />
    </div>
  );
};

export const Leaf = ({ at, node, keep }: { readonly at: string; readonly node: Json; readonly keep: Keep }) => {
  const words = useWords();
  const [open, setOpen] = useState(false);
  const fact = words.find(String(node.fact));
  const operator = words.operator(String(node.operator));
  const operandOf = (name: string) => words.operator(name)?.operand ?? 'one';
  const pick = (name: string) => keep.change((item) => put(item, at, withFact(node, fact, words.find(name), operandOf)));
  const ask = (name: string) => {
    const same = operandOf(name) === operandOf(String(node.operator));
    const value = same || fact === undefined ? node.value : firstValue(operandOf(name), fact.type);
    keep.change((item) => put(item, at, { ...node, operator: name, value }));
  };
  const own = isJson(keep.item.facts) ? keep.item.facts[String(node.fact)] : undefined;
  return (
    <>
      <div className="leaf">
        <FactInput value={String(node.fact)} onChange={pick} />
        <Select
          aria-label="怎么比"
          style={{ width: 112 }}
          popupMatchSelectWidth={180}
          value={operator === undefined ? String(node.operator) : operator.name}
          onChange={ask}
          options={(fact?.operators ?? []).map((name) => ({ value: name, label: words.operator(name)?.label ?? name }))}
        />
        {fact === undefined || operator === undefined ? (
          <span className="hint">{words.ready ? '先选指标' : ''}</span>
        ) : (
          <OperandEditor
            fact={fact}
            operand={operator.operand}
            value={node.value}
            onChange={(value) => keep.change((item) => put(item, below(at, 'value'), value), `${at}/value`)}
          />
        )}
      </div>
      <div className="leaf-foot">
        <span className="hint">{fact === undefined ? '' : sourceText(fact)}</span>
        {fact !== undefined && !fact.granted ? <span className="warn-text">来源部门没有授权本事项使用</span> : null}
        {isJson(own) ? <ListFactButton name={String(node.fact)} keep={keep} /> : null}
        <Button type="link" size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {typeof node.text === 'string' && !open ? `原话：${node.text.slice(0, 16)}` : open ? '收起' : '更多'}
        </Button>
      </div>
      {open ? <More at={at} node={node} fact={fact} keep={keep} /> : null}
    </>
  );
};
