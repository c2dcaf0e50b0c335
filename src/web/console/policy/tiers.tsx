// Tiers as a spreadsheet: cells to type in and to paste into, a mark where two tiers leave a gap or overlap, and below a tier whatever it says beyond its cells: a
// condition of its own, a cap, another way of reckoning.
import { Button, Dropdown, Segmented, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { Mark } from '../page.tsx';
import { rowFields } from './award-shapes.ts';
import { below, drop, get, insert, isJson, type Json, put, set, shifted } from './document.ts';
import { Findings } from './findings.tsx';
import type { Keep } from './keep.ts';
import { FactInput } from './leaf.tsx';
import { useWords } from './names.tsx';
import { RemarkNotes } from './remarks.tsx';
import { FieldRows } from './shape-form.tsx';
import { Cell, cellAt, GivesCell, type How, OtherCell, type RowGiven, rowsIn, Side } from './tier-cells.tsx';
import { cellsOf, givesOf, seamOf } from './tier-rows.ts';

interface Given {
  readonly at: string;
  readonly keep: Keep;
}

const rowMenu = [
  { key: 'up', label: '上移' },
  { key: 'down', label: '下移' },
  { key: 'above', label: '在上面加一档' },
  { key: 'more', label: '写条件、封顶、原话' },
  { key: 'award', label: '这一档另用一种算法' },
  { type: 'divider' as const },
  { key: 'remove', label: '删去', danger: true },
];

const beyond = ['when', 'award', 'cap', 'text', 'covers'];

/** A tier: its own cells, what it gives, its acts; what it says beyond them in a line below. */
const Row = ({ children, span, how, ...given }: RowGiven & { readonly children: ReactNode; readonly span: number; readonly how: How }) => {
  const { at, keep, i, base } = given;
  const { rows, row, here } = cellAt(given);
  const [open, setOpen] = useState(false);
  const before = rows[i - 1];
  const seam =
    how === 'bounds' && row.when === undefined && before?.when === undefined
      ? seamOf(before === undefined ? undefined : cellsOf(before, givesOf(before, base)), cellsOf(row, givesOf(row, base)))
      : null;
  const fields = rowFields.filter(
    ({ key }) => beyond.includes(key) && !(how === 'when' && key === 'when') && (key !== 'award' || row.award !== undefined),
  );
  const run: Readonly<Record<string, () => void>> = {
    up: () => keep.change((item) => shifted(item, here, -1).whole),
    down: () => keep.change((item) => shifted(item, here, 1).whole),
    above: () => keep.change((item) => insert(item, below(at, 'rows'), i, { [base ? 'rate' : 'yuan']: 0 })),
    more: () => setOpen(!open),
    award: () =>
      keep.change((item) => {
        const { yuan, rate: _, ...rest } = row;
        return put(item, here, { ...rest, award: { fixed: { yuan: yuan ?? 0 } } });
      }),
    remove: () => keep.change((item) => drop(item, here)),
  };
  const more = open || fields.some(({ key }) => key !== 'covers' && row[key] !== undefined);
  return (
    <>
      <tr>
        <td className="figure">{i + 1}</td>
        {children}
        <td>
          <GivesCell {...given} />
        </td>
        <td className="tier-acts">
          {seam === null ? null : <Mark tone="warn">{seam}</Mark>}
          <Dropdown trigger={['click']} menu={{ items: rowMenu.map((one) => ({ ...one })), onClick: ({ key }) => run[key]?.() }}>
            <Button size="small" type="text" aria-label={`对第 ${i + 1} 档`}>
              ⋯
            </Button>
          </Dropdown>
        </td>
      </tr>
      {more ? (
        <tr>
          <td />
          <td colSpan={span} className="tier-more">
            <FieldRows fields={fields} at={here} keep={keep} />
          </td>
        </tr>
      ) : null}
    </>
  );
};

const Table = ({ at, keep, how, base, unit }: Given & { readonly how: How; readonly base: boolean; readonly unit: string | null }) => {
  const rows = rowsIn(keep.item, at);
  const units = unit === null ? '' : `（${unit}）`;
  const heads = { bounds: '', is: '是其中之一（不选：其余的）', when: '满足（不写：其余的）' };
  return (
    <div className="sheet-scroll">
      <table className={`sheet ${how}`}>
        <thead>
          <tr>
            <th>档</th>
            {how === 'bounds' ? (
              <>
                <th colSpan={2}>从{units}</th>
                <th colSpan={2}>到{units}</th>
              </>
            ) : (
              <th>{heads[how]}</th>
            )}
            <th>{base ? '给' : '给（元）'}</th>
            <th> </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((_, i) => {
            const given = { at, keep, i, base };
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a tier is named by its place
              <Row key={i} {...given} how={how} span={how === 'bounds' ? 6 : 3}>
                {how === 'bounds' ? (
                  <>
                    <td>
                      <Cell {...given} column="low" label="下限" hint={i === 0 ? '不限' : '接上一档'} />
                    </td>
                    <td>
                      <Side {...given} side="lowIn" label="下限" />
                    </td>
                    <td>
                      <Cell {...given} column="high" label="上限" hint="不限" />
                    </td>
                    <td>
                      <Side {...given} side="highIn" label="上限" />
                    </td>
                  </>
                ) : (
                  <td>
                    <OtherCell {...given} how={how} />
                  </td>
                )}
              </Row>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};

/** By what, of what, and which of several that fit. */
const Head = ({ at, keep, by, base }: Given & { readonly by: string; readonly base: boolean }) => {
  const tiers = get(keep.item, at);
  return (
    <div className="leaf">
      按
      <FactInput
        value={by}
        label="按什么分档"
        onChange={(name) => keep.change((item) => set(item, below(at, 'by'), name))}
        clear="各档写条件"
      />
      分档，
      <Segmented
        size="small"
        value={base ? 'rate' : 'yuan'}
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
            of="number"
            label="基数"
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
  );
};

export const Tiers = ({ at, keep }: Given) => {
  const words = useWords();
  const tiers = get(keep.item, at);
  const by = isJson(tiers) && typeof tiers.by === 'string' ? tiers.by : '';
  const base = isJson(tiers) && typeof tiers.base === 'string';
  const rows = rowsIn(keep.item, at);
  const fact = words.find(by);
  const how: How = by === '' ? 'when' : fact === undefined || fact.type.kind === 'number' || fact.type.kind === 'other' ? 'bounds' : 'is';
  return (
    <div>
      <Head at={at} keep={keep} by={by} base={base} />
      <Table at={at} keep={keep} how={how} base={base} unit={fact?.type.unit ?? null} />
      <Button size="small" onClick={() => keep.change((item) => put(item, below(at, 'rows'), [...rows, { [base ? 'rate' : 'yuan']: 0 }]))}>
        加一档
      </Button>
      {how === 'bounds' ? <span className="hint">　表格可从 Excel 整块粘贴：选中左上角的格子，按 Ctrl+V</span> : null}
      <Findings at={at} />
      <RemarkNotes at={below(at, 'rows')} inside />
    </div>
  );
};
