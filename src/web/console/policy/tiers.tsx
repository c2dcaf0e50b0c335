// Tiers as a spreadsheet: cells to type in and to paste into, and a mark where two tiers leave a gap or overlap.
import { Button, Input, Segmented, Select } from 'antd';
import type { ClipboardEvent } from 'react';
import { Mark } from '../page.tsx';
import { Builder } from './builder.tsx';
import { below, drop, get, isJson, type Json, put, set } from './document.ts';
import { Findings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { FactInput } from './leaf.tsx';
import { useWords } from './names.tsx';
import { cellsOf, columns, pastedCells, rowOf, seamOf, type TierCells, withPaste } from './tier-rows.ts';
import { ManyValues } from './value.tsx';

interface Given {
  readonly at: string;
  readonly keep: Keep;
}

const rowsIn = (item: Json, at: string): readonly Json[] => {
  const rows = get(item, below(at, 'rows'));
  return Array.isArray(rows) ? rows.filter(isJson) : [];
};

const heads = { yuan: '给（元）', rate: '比例' } as const;

/** Bounds on a figure. */
const BoundRows = ({ at, keep, gives, unit }: Given & { readonly gives: 'yuan' | 'rate'; readonly unit: string | null }) => {
  const rows = rowsIn(keep.item, at);
  const cells = rows.map((row) => cellsOf(row, gives));
  const write = (i: number, next: TierCells) =>
    keep.change((item) => put(item, below(at, 'rows', i), rowOf(rows[i] ?? {}, next, gives)), `${at} ${i}`);
  const paste = (row: number, column: number) => (event: ClipboardEvent) => {
    const table = pastedCells(event.clipboardData.getData('text/plain'));
    if (table === null) return;
    event.preventDefault();
    keep.change((item) => put(item, below(at, 'rows'), withPaste(rows, { row, column }, table, gives)));
  };
  const cell = (i: number, column: (typeof columns)[number], label: string, hint: string) => {
    const tier = cells[i] as TierCells;
    return (
      <Input
        aria-label={`第 ${i + 1} 档${label}`}
        className="figure-input"
        placeholder={hint}
        value={tier[column]}
        onChange={(event) => write(i, { ...tier, [column]: event.target.value })}
        onPaste={paste(i, columns.indexOf(column))}
      />
    );
  };
  const side = (i: number, key: 'lowIn' | 'highIn', label: string) => {
    const tier = cells[i] as TierCells;
    return (
      <Select
        aria-label={`第 ${i + 1} 档${label}含不含`}
        variant="borderless"
        style={{ width: 72 }}
        value={tier[key]}
        onChange={(included: boolean) => write(i, { ...tier, [key]: included })}
        options={[
          { value: true, label: '含' },
          { value: false, label: '不含' },
        ]}
      />
    );
  };
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th>档</th>
          <th colSpan={2}>从{unit === null ? '' : `（${unit}）`}</th>
          <th colSpan={2}>到{unit === null ? '' : `（${unit}）`}</th>
          <th>{heads[gives]}</th>
          <th> </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((_, i) => {
          const seam = seamOf(cells[i - 1], cells[i] as TierCells);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a tier is named by its place
            <tr key={i}>
              <td className="figure">{i + 1}</td>
              <td>{cell(i, 'low', '下限', i === 0 ? '不限' : '接上一档')}</td>
              <td>{side(i, 'lowIn', '下限')}</td>
              <td>{cell(i, 'high', '上限', '不限')}</td>
              <td>{side(i, 'highIn', '上限')}</td>
              <td>{cell(i, 'gives', gives === 'yuan' ? '金额' : '比例', '')}</td>
              <td>
                {seam === null ? null : <Mark tone="warn">{seam}</Mark>}
                <Button size="small" type="text" onClick={() => keep.change((item) => drop(item, below(at, 'rows', i)))}>
                  删去
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

/** A value, or conditions of its own, for each row. */
const OtherRows = ({ at, keep, gives, how }: Given & { readonly gives: 'yuan' | 'rate'; readonly how: 'is' | 'when' }) => {
  const words = useWords();
  const fact = words.find(String(get(keep.item, below(at, 'by')) ?? ''));
  return (
    <table className="sheet">
      <thead>
        <tr>
          <th>档</th>
          <th>{how === 'is' ? '是其中之一（不选：其余的）' : '满足（不写：其余的）'}</th>
          <th>{heads[gives]}</th>
          <th> </th>
        </tr>
      </thead>
      <tbody>
        {rowsIn(keep.item, at).map((row, i) => {
          const here = below(at, 'rows', i);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a tier is named by its place
            <tr key={i}>
              <td className="figure">{i + 1}</td>
              <td>
                {how === 'is' && fact !== undefined ? (
                  <ManyValues
                    label={`第 ${i + 1} 档取值`}
                    type={fact.type}
                    value={row.is ?? []}
                    onChange={(next) =>
                      keep.change((item) => set(item, below(here, 'is'), (next as unknown[]).length === 0 ? undefined : next))
                    }
                  />
                ) : row.when === undefined ? (
                  <Button size="small" onClick={() => keep.change((item) => put(item, below(here, 'when'), { all: [] }))}>
                    写条件
                  </Button>
                ) : (
                  <Builder at={below(here, 'when')} keep={keep} />
                )}
              </td>
              <td>
                <Input
                  aria-label={`第 ${i + 1} 档${gives === 'yuan' ? '金额' : '比例'}`}
                  className="figure-input"
                  value={cellsOf(row, gives).gives}
                  onChange={(event) =>
                    keep.change((item) => put(item, here, rowOf(row, { ...cellsOf(row, gives), gives: event.target.value }, gives)), here)
                  }
                />
              </td>
              <td>
                <Button size="small" type="text" onClick={() => keep.change((item) => drop(item, here))}>
                  删去
                </Button>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};

export const Tiers = ({ at, keep }: Given) => {
  const words = useWords();
  const tiers = get(keep.item, at);
  const by = isJson(tiers) && typeof tiers.by === 'string' ? tiers.by : '';
  const base = isJson(tiers) && typeof tiers.base === 'string';
  const rows = rowsIn(keep.item, at);
  const fact = words.find(by);
  const how =
    by === '' || rows.some((row) => row.when !== undefined) ? 'when' : fact?.type.kind === 'number' || fact === undefined ? 'bounds' : 'is';
  const gives = base ? ('rate' as const) : ('yuan' as const);
  return (
    <div>
      <div className="leaf">
        按
        <FactInput value={by} onChange={(name) => keep.change((item) => put(item, below(at, 'by'), name))} />
        分档，
        <Segmented
          size="small"
          value={gives}
          onChange={(next) => keep.change((item) => (next === 'rate' ? put(item, below(at, 'base'), '') : drop(item, below(at, 'base'))))}
          options={[
            { value: 'yuan', label: '每档定额' },
            { value: 'rate', label: '每档按比例' },
          ]}
        />
        {base ? (
          <>
            基数
            <FactInput
              value={String((tiers as Json).base)}
              onChange={(name) => keep.change((item) => put(item, below(at, 'base'), name))}
            />
          </>
        ) : null}
        <Select
          aria-label="几档都符合时"
          style={{ width: 150 }}
          value={isJson(tiers) && tiers.select === 'highest' ? 'highest' : 'first'}
          onChange={(select: string) => keep.change((item) => set(item, below(at, 'select'), select === 'first' ? undefined : select))}
          options={[
            { value: 'first', label: '取先符合的一档' },
            { value: 'highest', label: '取最高的一档' },
          ]}
        />
      </div>
      {how === 'bounds' ? (
        <BoundRows at={at} keep={keep} gives={gives} unit={fact?.type.unit ?? null} />
      ) : (
        <OtherRows at={at} keep={keep} gives={gives} how={how} />
      )}
      <Button size="small" onClick={() => keep.change((item) => put(item, below(at, 'rows'), [...rows, { [gives]: 0 }]))}>
        加一档
      </Button>
      {how === 'bounds' ? <span className="hint">　表格可从 Excel 整块粘贴：选中左上角的格子，按 Ctrl+V</span> : null}
      <Findings at={at} />
    </div>
  );
};
