// What is known of one example person or firm, fact by fact: a value, known to be none, or not known. Links hold the other's facts, lists their elements.
import { Button, Input, Segmented, Select } from 'antd';
import { useState } from 'react';
import { below, drop, get, isJson, type Json, put } from './document.ts';
import { isTimed, SeriesValue, TimedValue } from './facts-values.tsx';
import { FindingLines, useFindings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { type Name, type Type, typeText, useWords } from './names.tsx';
import { FigureInput, ManyValues, OneValue } from './value.tsx';

const plainFirst = (type: Type): unknown => {
  switch (type.kind) {
    case 'number':
      return 0;
    case 'boolean':
      return true;
    case 'set':
    case 'list':
      return [];
    case 'series':
      return {};
    default:
      return type.values?.[0] ?? '';
  }
};

interface Single {
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** Values the forms have no shape for. */
const JsonValue = ({ label, value, onChange }: Single) => {
  const [text, setText] = useState(() => JSON.stringify(value));
  const write = (next: string) => {
    setText(next);
    try {
      onChange(JSON.parse(next) as unknown);
    } catch {
      // Not whole yet; what was there before stays.
    }
  };
  return (
    <Input aria-label={label} className="code-text" style={{ width: 300 }} value={text} onChange={(event) => write(event.target.value)} />
  );
};

const Elements = ({ name, value, onChange }: Omit<Single, 'label'> & { readonly name: Name }) => {
  const rows = Array.isArray(value) ? (value as readonly unknown[]) : [];
  const change = (i: number, key: string, next: unknown) => onChange(rows.with(i, { ...(isJson(rows[i]) ? rows[i] : {}), [key]: next }));
  return (
    <div className="elements">
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an element is named by its place
        <fieldset key={i}>
          <legend>
            第 {i + 1} 项{' '}
            <button type="button" className="link" onClick={() => onChange(rows.toSpliced(i, 1))}>
              删去
            </button>
          </legend>
          {name.fields
            .filter((field) => field.type.kind !== 'series')
            .map((field) => (
              <span key={field.name} className="value">
                {field.label}
                {field.type.kind === 'set' ? (
                  <ManyValues
                    label={field.label}
                    type={{ ...field.type, kind: 'text' }}
                    value={isJson(row) ? row[field.name] : []}
                    onChange={(next) => change(i, field.name, next)}
                  />
                ) : (
                  <OneValue
                    label={field.label}
                    type={field.type}
                    value={isJson(row) ? (row[field.name] ?? null) : null}
                    onChange={(next) => change(i, field.name, next)}
                    width={130}
                  />
                )}
              </span>
            ))}
        </fieldset>
      ))}
      <Button size="small" onClick={() => onChange([...rows, {}])}>
        加一项
      </Button>
    </div>
  );
};

const OneFact = ({ name, label, value, onChange }: Single & { readonly name: Name }) => {
  const { type } = name;
  if (type.kind === 'list') return <Elements name={name} value={value} onChange={onChange} />;
  if (type.kind === 'set')
    return <ManyValues label={label} type={{ ...type, kind: type.tree === null ? 'text' : 'code' }} value={value} onChange={onChange} />;
  return <OneValue label={label} type={type} value={value} onChange={onChange} />;
};

const Value = ({ name, value, onChange }: Omit<Single, 'label'> & { readonly name: Name }) => {
  const { type, label } = name;
  const one = (held: unknown, change: (value: unknown) => void, own: string) => (
    <OneFact name={name} label={own} value={held} onChange={change} />
  );
  if (type.kind === 'series') return <SeriesValue label={label} value={value} onChange={onChange} />;
  if (type.kind === 'other') return <JsonValue label={label} value={value} onChange={onChange} />;
  if (name.timed && isTimed(value)) return <TimedValue label={label} value={value} onChange={onChange} one={one} />;
  return (
    <span className="value">
      {one(value, onChange, label)}
      {name.timed && type.kind !== 'list' ? (
        <Button size="small" type="text" onClick={() => onChange([{ value, from: null, to: null }])}>
          随时间变化
        </Button>
      ) : null}
    </span>
  );
};

const standings = [
  { value: 'value', label: '有' },
  { value: 'none', label: '查明没有' },
  { value: 'unknown', label: '不知道' },
];

const FactRow = ({ path, facts, keep }: { readonly path: string; readonly facts: string; readonly keep: Keep }) => {
  const words = useWords();
  const name = words.find(path);
  const at = below(facts, ...path.split('.'));
  const value = get(keep.item, at);
  const found = useFindings(at);
  const standing = value === undefined ? 'unknown' : value === null ? 'none' : 'value';
  if (name === undefined) return null;
  const become = (next: string) =>
    keep.change((item) => (next === 'unknown' ? drop(item, at) : put(item, at, next === 'none' ? null : plainFirst(name.type))));
  return (
    <tr>
      <th scope="row">
        {name.label} <span className="hint">{typeText(name.type)}</span>
      </th>
      <td>
        <Segmented
          size="small"
          aria-label={`${name.label}知不知道`}
          value={standing}
          onChange={(next) => become(String(next))}
          options={standings}
        />
      </td>
      <td>
        {standing === 'value' ? (
          <Value name={name} value={value} onChange={(next) => keep.change((item) => put(item, at, next), at)} />
        ) : null}
        <FindingLines rows={found} />
      </td>
    </tr>
  );
};

const At = ({ at }: { readonly at: string }) => <FindingLines rows={useFindings(at)} />;

/** Named figures a rule reads beside facts: `parameter:minWage`, `external:cpi:2025-12`. */
const Figures = ({ at, keep, names }: { readonly at: string; readonly keep: Keep; readonly names: readonly string[] }) => {
  const words = useWords();
  const [added, setAdded] = useState('');
  const [key, setKey] = useState('');
  const label = (name: string) => {
    const [, head = '', ...rest] = name.split(':');
    return `${words.parameters.find((one) => one.key === head)?.label ?? head}${rest.length === 0 ? '' : `（${rest.join(' ')}）`}`;
  };
  const found = words.parameters.find((one) => one.key === added);
  const add = () => {
    const name = `${found?.external === true ? 'external' : 'parameter'}:${added}${key === '' ? '' : `:${key}`}`;
    keep.change((item) => put(item, below(at, name), 0));
    setAdded('');
    setKey('');
  };
  return (
    <>
      {names.length === 0 ? null : (
        <table className="facts-form">
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">
                  {label(name)} <span className="hint">参数</span>
                </th>
                <td>
                  <FigureInput
                    label={label(name)}
                    unit=""
                    value={get(keep.item, below(at, name))}
                    onChange={(next) => keep.change((item) => put(item, below(at, name), next), below(at, name))}
                  />
                  <At at={below(at, name)} />
                </td>
                <td>
                  <Button size="small" type="text" onClick={() => keep.change((item) => drop(item, below(at, name)))}>
                    删去
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div className="group-adds">
        <Select
          aria-label="例子里的参数"
          style={{ width: 220 }}
          placeholder="参数另取一个数（可不写）"
          showSearch={{ optionFilterProp: 'label' }}
          value={added === '' ? null : added}
          onChange={setAdded}
          options={words.parameters.map((one) => ({ value: one.key, label: one.label }))}
        />
        {added === '' ? null : (
          <>
            <Input
              aria-label="参数的期或地区"
              style={{ width: 160 }}
              placeholder="期或地区（可不写）"
              value={key}
              onChange={(event) => setKey(event.target.value.trim())}
            />
            <Button size="small" onClick={add}>
              加上
            </Button>
          </>
        )}
      </div>
    </>
  );
};

const isFigure = (name: string): boolean => /^(parameter|external):/.test(name);

/** `reads`: what the rule asks for; what an example holds beyond it is shown after it. */
export const FactsForm = ({ at, reads, keep }: { readonly at: string; readonly reads: readonly string[]; readonly keep: Keep }) => {
  const words = useWords();
  const facts = get(keep.item, at);
  const held: Json = isJson(facts) ? facts : {};
  const asked = new Set(reads);
  // A link holds the other's facts, each by its path.
  const paths = Object.entries(held).flatMap(([key, value]) =>
    isJson(value) && words.find(key) === undefined ? Object.keys(value).map((inside) => `${key}.${inside}`) : [key],
  );
  const others = paths.filter((path) => !asked.has(path) && !isFigure(path) && words.find(path) !== undefined);
  const strange = paths.filter((path) => !asked.has(path) && !isFigure(path) && words.find(path) === undefined && !path.endsWith('.key'));
  return (
    <>
      <table className="facts-form">
        <tbody>
          {reads.map((path) => (
            <FactRow key={path} path={path} facts={at} keep={keep} />
          ))}
          {others.length === 0 ? null : (
            <tr>
              <td colSpan={3} className="hint">
                例子里另写了规则不看的：
              </td>
            </tr>
          )}
          {others.map((path) => (
            <FactRow key={path} path={path} facts={at} keep={keep} />
          ))}
        </tbody>
      </table>
      {strange.length === 0 ? null : <p className="hint">还有目录里没有的指标：{strange.join('、')}</p>}
      <Figures at={at} keep={keep} names={Object.keys(held).filter(isFigure)} />
    </>
  );
};
