// Editors for one value by its type: figures with their unit, yes or no, dates, one of a list, codes by name. What is typed stays exact: a figure is kept as
// its own decimal text wherever a number would not be the same.
import { useQuery } from '@tanstack/react-query';
import { Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { api, read } from '../client.ts';
import { useSettled } from './ask.ts';
import type { Type } from './names.tsx';

/** `80` as a number, `0.1` too; what a number would round stays text. */
export const exact = (text: string): number | string => (String(Number(text)) === text ? Number(text) : text);

interface Editor<V = unknown> {
  readonly label: string;
  readonly value: V;
  readonly onChange: (value: unknown) => void;
  readonly width?: number | string;
}

const percentOf = (value: unknown): string => {
  const n = Number(value);
  return Number.isFinite(n) && String(value) !== '' ? `= ${Number((n * 100).toFixed(6))}%` : '';
};

export const FigureInput = ({
  label,
  value,
  onChange,
  unit,
  width = 130,
  optional = false,
}: Editor & { readonly unit?: string | null; readonly optional?: boolean }) => (
  <span className="value">
    <InputNumber
      aria-label={label}
      style={{ width }}
      stringMode
      controls={false}
      value={typeof value === 'number' || typeof value === 'string' ? String(value) : null}
      status={!optional && (value === undefined || value === null || value === '') ? 'warning' : ''}
      placeholder={optional ? '不设' : ''}
      onChange={(next) => onChange(next === null ? null : exact(String(next)))}
      {...(unit == null || unit === '比例' ? {} : { suffix: <span className="unit">{unit}</span> })}
    />
    {unit === '比例' ? <span className="hint">{percentOf(value)}</span> : null}
  </span>
);

export const DayInput = ({ label, value, onChange, width = 150 }: Editor) => (
  <Input
    aria-label={label}
    type="date"
    style={{ width }}
    value={typeof value === 'string' ? value : ''}
    onChange={(event) => onChange(event.target.value || null)}
  />
);

const askCodes = (query: { readonly tree: string; readonly find?: string; readonly codes?: string }) =>
  read(api.rules.codes.$get({ query }));

/** Codes by their names: searched on the server, for a tree may hold a hundred thousand. */
export const CodeInput = ({
  label,
  value,
  onChange,
  tree,
  many,
  width = 260,
}: Editor<readonly string[]> & { readonly tree: string; readonly many: boolean }) => {
  const [find, setFind] = useState('');
  const settled = useSettled(find, 150);
  const found = useQuery({
    queryKey: ['rule-codes', tree, settled],
    queryFn: () => askCodes({ tree, find: settled }),
    staleTime: 5 * 60_000,
  });
  const held = value.join(',');
  const named = useQuery({
    queryKey: ['rule-code-names', tree, held],
    queryFn: () => askCodes({ tree, codes: held }),
    staleTime: 5 * 60_000,
    enabled: held !== '',
  });
  const rows = new Map([...(named.data?.rows ?? []), ...(found.data?.rows ?? [])].map((row) => [row.code, row]));
  const shown = [...(found.data?.rows.map((row) => row.code) ?? []), ...value];
  return (
    <Select
      aria-label={label}
      style={{ width, maxWidth: '100%' }}
      {...(many ? { mode: 'multiple' as const } : {})}
      placeholder="输入名称或代码找"
      notFoundContent={found.isFetching ? '正在找…' : '没有这个名称，换几个字'}
      showSearch={{ filterOption: false, onSearch: setFind }}
      value={many ? [...value] : value[0]}
      onChange={(next: string | string[] | undefined) => onChange(Array.isArray(next) ? next : next === undefined ? [] : [next])}
      optionLabelProp="short"
      options={[...new Set(shown)].map((code) => {
        const row = rows.get(code);
        return {
          value: code,
          short: row?.name ?? code,
          label: (
            <>
              {row?.name ?? code} <span className="hint">{`${row?.path ?? ''} ${code}`}</span>
            </>
          ),
        };
      })}
    />
  );
};

const yesNo = [
  { value: true, label: '是' },
  { value: false, label: '否' },
];

export const YesNo = ({ label, value, onChange, options = yesNo }: Editor & { readonly options?: typeof yesNo }) => (
  <Select
    aria-label={label}
    style={{ width: 100 }}
    value={typeof value === 'boolean' ? value : null}
    onChange={onChange}
    options={options}
  />
);

/** One value of the type. */
export const OneValue = ({ label, value, onChange, type, width }: Editor & { readonly type: Type }) => {
  const same = { label, value, onChange, ...(width === undefined ? {} : { width }) };
  switch (type.kind) {
    case 'number':
      return <FigureInput {...same} unit={type.unit} />;
    case 'boolean':
      return <YesNo {...same} />;
    case 'date':
      return <DayInput {...same} />;
    case 'code':
      return (
        <CodeInput
          {...same}
          tree={type.tree ?? ''}
          many={false}
          value={typeof value === 'string' ? [value] : []}
          onChange={(next) => onChange((next as string[])[0] ?? null)}
        />
      );
    default:
      return type.values === null ? (
        <Input
          aria-label={label}
          style={{ width: width ?? 180 }}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <Select
          aria-label={label}
          showSearch={{ optionFilterProp: 'value' }}
          style={{ width: width ?? 180 }}
          value={typeof value === 'string' ? value : null}
          onChange={onChange}
          options={type.values.map((one) => ({ value: one, label: one }))}
        />
      );
  }
};

/** Several values of the type, each once. */
export const ManyValues = ({ label, value, onChange, type }: Editor & { readonly type: Type }) => {
  const list = Array.isArray(value) ? value : value == null ? [] : [value];
  if (type.tree !== null) return <CodeInput label={label} many tree={type.tree} value={list.map(String)} onChange={onChange} width={220} />;
  const figures = type.kind === 'number';
  return (
    <Select
      aria-label={label}
      mode={type.values === null ? 'tags' : 'multiple'}
      style={{ width: 220, maxWidth: '100%' }}
      placeholder={type.values === null ? '输入后按回车，可以多个' : '选一个或多个'}
      tokenSeparators={['、', '，', ',', '\n', '\t']}
      value={list.map(String)}
      onChange={(next: string[]) => onChange(figures ? next.map(exact) : next)}
      options={(type.values ?? []).map((one) => ({ value: one, label: one }))}
    />
  );
};
