// Values of an example that are more than one: a figure period by period, a value that changed over time.
import { Button, Input } from 'antd';
import type { ClipboardEvent, ReactNode } from 'react';
import { isJson, type Json } from './document.ts';
import { pastedCells } from './tier-rows.ts';
import { DayInput, exact } from './value.tsx';

interface Given {
  readonly label: string;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

/** '' is not known; 无 is known to be none. */
const read = (text: string): unknown => (text === '无' ? null : exact(text.replaceAll(/[,，\s]/g, '')));

/** Period and figure, one row each; a block pasted from a spreadsheet becomes as many. */
export const SeriesValue = ({ label, value, onChange }: Given) => {
  const rows: readonly (readonly [string, unknown])[] = isJson(value) ? Object.entries(value) : [];
  const write = (next: readonly (readonly [string, unknown])[]) => onChange(Object.fromEntries(next));
  const paste = (i: number) => (event: ClipboardEvent) => {
    const table = pastedCells(event.clipboardData.getData('text/plain'));
    if (table === null) return;
    event.preventDefault();
    write([...rows.slice(0, i), ...table.map(([key = '', figure = '']) => [key, read(figure)] as const)]);
  };
  return (
    <div className="elements">
      <table className="sheet">
        <thead>
          <tr>
            <th>期</th>
            <th>数（查明没有的写“无”）</th>
            <th> </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, figure], i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is named by its place
            <tr key={i}>
              <td>
                <Input
                  aria-label={`${label}第 ${i + 1} 行的期`}
                  className="figure-input"
                  placeholder="2025、2025Q1"
                  value={key}
                  onChange={(event) => write(rows.with(i, [event.target.value.trim(), figure]))}
                  onPaste={paste(i)}
                />
              </td>
              <td>
                <Input
                  aria-label={`${label}第 ${i + 1} 行的数`}
                  className="figure-input"
                  value={figure === null ? '无' : String(figure)}
                  onChange={(event) => write(rows.with(i, [key, read(event.target.value)]))}
                />
              </td>
              <td>
                <Button size="small" type="text" aria-label={`删去${label}第 ${i + 1} 行`} onClick={() => write(rows.toSpliced(i, 1))}>
                  删去
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button size="small" onClick={() => write([...rows, [nextKey(rows.at(-1)?.[0]), 0]])}>
        加一期
      </Button>
    </div>
  );
};

/** The period after it, so that years need not be typed one by one. */
const nextKey = (key: string | undefined): string => {
  const [, year = '', part = ''] = /^(\d{4})(.*)$/.exec(key ?? '') ?? [];
  if (year === '') return '';
  const [, kind = '', n = ''] = /^(-|Q)(\d+)$/.exec(part) ?? [];
  if (part === '') return String(Number(year) + 1);
  const most = kind === 'Q' ? 4 : 12;
  const over = Number(n) >= most;
  const next = String(over ? 1 : Number(n) + 1);
  return `${over ? Number(year) + 1 : year}${kind}${kind === 'Q' ? next : next.padStart(2, '0')}`;
};

export const isTimed = (value: unknown): value is readonly Json[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => isJson(one) && 'value' in one);

/** Values with the days from and before which they held. */
export const TimedValue = ({
  label,
  value,
  onChange,
  one,
}: Given & { readonly one: (value: unknown, onChange: (value: unknown) => void, label: string) => ReactNode }) => {
  const rows = isTimed(value) ? value : [];
  return (
    <div className="elements">
      {rows.map((row, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is named by its place
        <div className="leaf" key={i}>
          {one(row.value, (next) => onChange(rows.with(i, { ...row, value: next })), `${label}第 ${i + 1} 段`)}
          自
          <DayInput label={`${label}第 ${i + 1} 段起`} value={row.from} onChange={(from) => onChange(rows.with(i, { ...row, from }))} />
          到（不含）
          <DayInput label={`${label}第 ${i + 1} 段止`} value={row.to} onChange={(to) => onChange(rows.with(i, { ...row, to }))} />
          <Button
            size="small"
            type="text"
            aria-label={`删去${label}第 ${i + 1} 段`}
            disabled={rows.length === 1}
            onClick={() => onChange(rows.toSpliced(i, 1))}
          >
            删去
          </Button>
        </div>
      ))}
      <div className="group-adds">
        <Button
          size="small"
          onClick={() => onChange([...rows, { value: rows.at(-1)?.value ?? null, from: rows.at(-1)?.to ?? null, to: null }])}
        >
          加一段
        </Button>
        <Button size="small" type="text" onClick={() => onChange(rows.at(-1)?.value ?? null)}>
          一直如此
        </Button>
      </div>
    </div>
  );
};
