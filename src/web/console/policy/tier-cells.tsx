// The cells of a tier: typed in, or the corner of a block pasted from a spreadsheet.
import { Button, Input, Select } from 'antd';
import type { ClipboardEvent } from 'react';
import { Builder } from './builder.tsx';
import { below, get, isJson, type Json, put, set } from './document.ts';
import type { Keep } from './keep.ts';
import { useWords } from './names.tsx';
import { cellsOf, columns, type Gives, givesOf, pastedCells, rowOf, withPaste } from './tier-rows.ts';
import { ManyValues } from './value.tsx';

export const rowsIn = (item: Json, at: string): readonly Json[] => {
  const rows = get(item, below(at, 'rows'));
  return Array.isArray(rows) ? rows.filter(isJson) : [];
};

export interface RowGiven {
  readonly at: string;
  readonly keep: Keep;
  readonly i: number;
  readonly base: boolean;
}

export const cellAt = ({ at, keep, i, base }: RowGiven) => {
  const rows = rowsIn(keep.item, at);
  const row = rows[i] ?? {};
  const gives = givesOf(row, base);
  return { rows, row, gives, cells: cellsOf(row, gives), here: below(at, 'rows', i) };
};

/** One cell of text: typed in, or the corner of a pasted block. */
export const Cell = ({
  column,
  label,
  hint,
  ...given
}: RowGiven & { readonly column: (typeof columns)[number]; readonly label: string; readonly hint: string }) => {
  const { at, keep, i, base } = given;
  const { rows, row, gives, cells, here } = cellAt(given);
  const paste = (event: ClipboardEvent) => {
    const table = pastedCells(event.clipboardData.getData('text/plain'));
    if (table === null) return;
    event.preventDefault();
    keep.change((item) =>
      put(item, below(at, 'rows'), withPaste(rows, { row: i, column: columns.indexOf(column) }, table, base ? 'rate' : 'yuan')),
    );
  };
  return (
    <Input
      aria-label={`第 ${i + 1} 档${label}`}
      className="figure-input"
      placeholder={hint}
      value={cells[column]}
      onChange={(event) =>
        keep.change((item) => put(item, here, rowOf(row, { ...cells, [column]: event.target.value }, gives)), `${here} ${column}`)
      }
      onPaste={paste}
    />
  );
};

export const Side = ({ side, label, ...given }: RowGiven & { readonly side: 'lowIn' | 'highIn'; readonly label: string }) => {
  const { row, gives, cells, here } = cellAt(given);
  return (
    <Select
      aria-label={`第 ${given.i + 1} 档${label}含不含`}
      variant="borderless"
      style={{ width: 66 }}
      value={cells[side]}
      onChange={(included: boolean) => given.keep.change((item) => put(item, here, rowOf(row, { ...cells, [side]: included }, gives)))}
      options={[
        { value: true, label: '含' },
        { value: false, label: '不含' },
      ]}
    />
  );
};

export const percent = (text: string): string => {
  const n = Number(text);
  return text.trim() !== '' && Number.isFinite(n) ? `= ${Number((n * 100).toFixed(6))}%` : '';
};

/** What the tier gives: yuan or a rate in the cell, another way of reckoning below. */
export const GivesCell = (given: RowGiven) => {
  const { keep, base } = given;
  const { row, gives, cells, here } = cellAt(given);
  if (row.award !== undefined) return <span className="hint">另算，见下</span>;
  const become = (next: Gives) =>
    keep.change((item) => {
      const { yuan: _y, rate: _r, ...rest } = row;
      return put(item, here, { [next]: 0, ...rest });
    });
  return (
    <span className="value">
      <Cell {...given} column="gives" label={gives === 'yuan' ? '金额' : '比例'} hint="" />
      {base ? (
        <Select<Gives>
          aria-label={`第 ${given.i + 1} 档给的是`}
          variant="borderless"
          style={{ width: 76 }}
          value={gives}
          onChange={become}
          options={[
            { value: 'rate', label: '比例' },
            { value: 'yuan', label: '元' },
          ]}
        />
      ) : null}
      {gives === 'rate' ? <span className="hint">{percent(cells.gives)}</span> : null}
    </span>
  );
};

/** Tiers by bounds on a figure, by categories, or each by conditions of its own. */
export type How = 'bounds' | 'is' | 'when';

/** A value, or conditions of its own, for each row. */
export const OtherCell = ({ how, ...given }: RowGiven & { readonly how: 'is' | 'when' }) => {
  const words = useWords();
  const { at, keep, i } = given;
  const { row, here } = cellAt(given);
  const fact = words.find(String(get(keep.item, below(at, 'by')) ?? ''));
  if (how === 'is' && fact !== undefined)
    return (
      <ManyValues
        label={`第 ${i + 1} 档取值`}
        type={fact.type}
        value={row.is ?? []}
        onChange={(next) => keep.change((item) => set(item, below(here, 'is'), (next as unknown[]).length === 0 ? undefined : next))}
      />
    );
  return row.when === undefined ? (
    <Button size="small" onClick={() => keep.change((item) => put(item, below(here, 'when'), { all: [] }))}>
      写条件
    </Button>
  ) : (
    <Builder at={below(here, 'when')} keep={keep} />
  );
};
