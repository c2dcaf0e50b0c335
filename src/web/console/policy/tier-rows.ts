// Tiers over one number as a table of text: what stands in the cells, what is pasted from a spreadsheet, and where there is a gap or an overlap between two
// tiers. Pure.
import type { Json } from './document.ts';

export interface TierCells {
  /** '' : no lower bound of its own, so it goes on where the tier above ends. */
  readonly low: string;
  readonly lowIn: boolean;
  /** '' : no end. */
  readonly high: string;
  readonly highIn: boolean;
  readonly gives: string;
}

export type Gives = 'yuan' | 'rate';

/** A tier of a rate table may give yuan all the same. */
export const givesOf = (row: Json, base: boolean): Gives => (row.yuan === undefined && (base || row.rate !== undefined) ? 'rate' : 'yuan');

export const cellsOf = (row: Json, gives: Gives): TierCells => {
  const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
  return {
    low: text(row.from ?? row.above),
    lowIn: row.above === undefined,
    high: text(row.below ?? row.upTo),
    highIn: row.upTo !== undefined,
    gives: text(row[gives]),
  };
};

/** The figure as JSON holds it, its text where a number would round; what is no figure stays to be told of. */
export const figureOf = (text: string): number | string => {
  const plain = text.replaceAll(/[,，\s]/g, '');
  const share = /^(\d+(?:\.\d+)?)%$/.exec(plain)?.[1];
  if (share !== undefined) return Number((Number(share) / 100).toFixed(8));
  return plain !== '' && String(Number(plain)) === plain ? Number(plain) : plain;
};

export const rowOf = (before: Json, cells: TierCells, gives: Gives): Json => {
  const { from: _f, above: _a, below: _b, upTo: _u, [gives]: _g, ...rest } = before;
  return {
    ...(cells.low.trim() === '' ? {} : { [cells.lowIn ? 'from' : 'above']: figureOf(cells.low) }),
    ...(cells.high.trim() === '' ? {} : { [cells.highIn ? 'upTo' : 'below']: figureOf(cells.high) }),
    ...(cells.gives.trim() === '' ? {} : { [gives]: figureOf(cells.gives) }),
    ...rest,
  };
};

/** Rows and cells as a spreadsheet puts them on the clipboard; null: a single value, to be pasted as such. */
export const pastedCells = (text: string): readonly (readonly string[])[] | null => {
  const rows = text
    .replaceAll('\r', '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('\t').map((cell) => cell.trim()));
  return rows.length > 1 || (rows[0]?.length ?? 0) > 1 ? rows : null;
};

export const columns = ['low', 'high', 'gives'] as const;

/** Pasted from this cell on: rows that are missing are made, cells beyond the last column left out. */
export const withPaste = (
  rows: readonly Json[],
  from: { readonly row: number; readonly column: number },
  pasted: readonly (readonly string[])[],
  gives: Gives,
): readonly Json[] => {
  const out = [...rows];
  for (const [i, cells] of pasted.entries()) {
    const at = from.row + i;
    const before = out[at] ?? {};
    const own = givesOf(before, gives === 'rate');
    let made = cellsOf(before, own);
    for (const [j, text] of cells.entries()) {
      const column = columns[from.column + j];
      if (column !== undefined) made = { ...made, [column]: text };
    }
    out[at] = rowOf(before, made, own);
  }
  return out;
};

/** What is wrong between this tier and the one before it; null: nothing. `first`: the first tier that fits is taken. */
export const seamOf = (before: TierCells | undefined, tier: TierCells): string | null => {
  const [low, high] = [tier.low.trim(), tier.high.trim()].map((text) => (text === '' ? null : Number(figureOf(text))));
  if (low != null && high != null && (low > high || (low === high && !(tier.lowIn && tier.highIn))))
    return '下限高于上限，这一档永远用不到';
  if (before === undefined) return null;
  const end = before.high.trim() === '' ? null : Number(figureOf(before.high));
  if (end === null)
    return before.low.trim() === '' && low == null
      ? '上一档已收下其余所有的，这一档永远用不到'
      : low == null
        ? null
        : '上一档没有上限，与这一档重叠';
  if (low == null) return high != null && high <= end ? '上限不高于上一档，这一档永远用不到' : null;
  if (low > end) return `与上一档之间空着 ${end} 到 ${low}`;
  if (low < end) return `与上一档重叠 ${low} 到 ${end}`;
  if (before.highIn && tier.lowIn) return `${end} 两档都有`;
  return before.highIn || tier.lowIn ? null : `${end} 两档都没有`;
};
