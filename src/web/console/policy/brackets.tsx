// Progressive brackets as a spreadsheet: cells to type in and to paste into, marks where two brackets overlap or nothing is said of a stretch.
import { Alert, Button, Input } from 'antd';
import { type ClipboardEvent, useState } from 'react';
import { Mark } from '../page.tsx';
import { bracketCells, bracketColumns, bracketOf, bracketSeam, type Pasted, withBrackets } from './bracket-rows.ts';
import { below, drop, get, insert, put } from './document.ts';
import { Findings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { percent } from './tier-cells.tsx';
import { pastedCells } from './tier-rows.ts';

interface Given {
  readonly at: string;
  readonly keep: Keep;
}

const labels = { upTo: '上限', rate: '比例' } as const;

const Cell = ({
  at,
  keep,
  i,
  column,
  pasted,
}: Given & { readonly i: number; readonly column: (typeof bracketColumns)[number]; readonly pasted: (made: Pasted) => void }) => {
  const rows = get(keep.item, at) as readonly unknown[];
  const cells = bracketCells(rows[i]);
  const paste = (event: ClipboardEvent) => {
    const table = pastedCells(event.clipboardData.getData('text/plain'));
    if (table === null) return;
    event.preventDefault();
    pasted(withBrackets(rows, { row: i, column: bracketColumns.indexOf(column) }, table));
  };
  return (
    <Input
      aria-label={`第 ${i + 1} 段${labels[column]}`}
      className="figure-input"
      placeholder={column === 'upTo' ? '不限' : ''}
      value={cells[column]}
      onChange={(event) =>
        keep.change(
          (item) => put(item, below(at, i), bracketOf(rows[i], { ...cells, [column]: event.target.value })),
          `${below(at, i)} ${column}`,
        )
      }
      onPaste={paste}
    />
  );
};

export const Brackets = ({ at, keep }: Given) => {
  const value = get(keep.item, at);
  const rows: readonly unknown[] = Array.isArray(value) ? value : [];
  const [told, setTold] = useState<Pasted | null>(null);
  const pasted = (made: Pasted) => {
    setTold(made);
    keep.change((item) => put(item, at, made.rows));
  };
  return (
    <div>
      <div className="sheet-scroll">
        <table className="sheet brackets">
          <thead>
            <tr>
              <th>段</th>
              <th>从（元）</th>
              <th>到（元，含）</th>
              <th>这一段乘以</th>
              <th> </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, i) => {
              const seam = bracketSeam(rows, i);
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a bracket is named by its place
                <tr key={i}>
                  <td className="figure">{i + 1}</td>
                  <td className="figure">{i === 0 ? '0' : bracketCells(rows[i - 1]).upTo}</td>
                  <td>
                    <Cell at={at} keep={keep} i={i} column="upTo" pasted={pasted} />
                  </td>
                  <td>
                    <span className="value">
                      <Cell at={at} keep={keep} i={i} column="rate" pasted={pasted} />
                      <span className="hint">{percent(bracketCells(row).rate)}</span>
                    </span>
                  </td>
                  <td className="tier-acts">
                    {seam === null ? null : <Mark tone="warn">{seam}</Mark>}
                    <Button
                      size="small"
                      type="text"
                      aria-label={`删去第 ${i + 1} 段`}
                      onClick={() => keep.change((item) => drop(item, below(at, i)))}
                    >
                      删去
                    </Button>
                    <Findings at={below(at, i)} />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {told === null || told.rows !== value || told.seams.length === 0 ? null : (
        <Alert type="warning" title="粘贴的起点与前一段的终点接不上，每一段都从前一段的终点算起：" description={told.seams.join('；')} />
      )}
      <Button size="small" onClick={() => keep.change((item) => insert(item, at, rows.length, { rate: 0.1 }))}>
        加一段
      </Button>
      <span className="hint">　表格可从 Excel 整块粘贴（到、比例，或从、到、比例）：选中上限的格子，按 Ctrl+V</span>
    </div>
  );
};
