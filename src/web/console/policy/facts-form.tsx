// What is known of one example person or firm, fact by fact: a value, known to be none, or not known. Links hold the other's facts, lists their elements.
import { Button, Input, Segmented } from 'antd';
import { useState } from 'react';
import { below, drop, get, isJson, type Json, put } from './document.ts';
import { FindingLines, useFindings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { type Name, type Type, typeText, useWords } from './names.tsx';
import { ManyValues, OneValue } from './value.tsx';

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

/** Values the forms have no shape for: periods of a figure, values that change over time. */
const JsonValue = ({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) => {
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

const Elements = ({
  name,
  value,
  onChange,
}: {
  readonly name: Name;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) => {
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

const Value = ({
  name,
  value,
  onChange,
}: {
  readonly name: Name;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) => {
  const { type } = name;
  const dated = name.timed && Array.isArray(value) && value.every((one) => isJson(one) && 'value' in one) && value.length > 0;
  if (type.kind === 'series' || type.kind === 'other' || dated) return <JsonValue label={name.label} value={value} onChange={onChange} />;
  if (type.kind === 'list') return <Elements name={name} value={value} onChange={onChange} />;
  if (type.kind === 'set')
    return (
      <ManyValues label={name.label} type={{ ...type, kind: type.tree === null ? 'text' : 'code' }} value={value} onChange={onChange} />
    );
  return <OneValue label={name.label} type={type} value={value} onChange={onChange} />;
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

/** `reads`: what the rule asks for; what an example holds beyond it is kept and shown as it is. */
export const FactsForm = ({ at, reads, keep }: { readonly at: string; readonly reads: readonly string[]; readonly keep: Keep }) => {
  const facts = get(keep.item, at);
  const held: Json = isJson(facts) ? facts : {};
  const heads = new Set(reads.map((path) => path.split('.')[0] ?? path));
  const others = Object.keys(held).filter((key) => !heads.has(key));
  return (
    <>
      <table className="facts-form">
        <tbody>
          {reads.map((path) => (
            <FactRow key={path} path={path} facts={at} keep={keep} />
          ))}
        </tbody>
      </table>
      {others.length === 0 ? null : <p className="hint">另写了规则不看的：{others.join('、')}（在「JSON」里改）。</p>}
    </>
  );
};
