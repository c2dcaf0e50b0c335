// Lists are read page by page, newest first: the cursor is the place of the last row, opaque to whoever passes it back.
import { fail } from './problem.ts';

export interface Page<T> {
  readonly rows: readonly T[];
  /** Pass it back as `after`; null: this was the last page. */
  readonly next: string | null;
}

/** Where a row stands in a list ordered by moment and id. */
export interface Place {
  readonly at: Date;
  readonly id: string;
}

/** From `limit + 1` rows read, the page of `limit` and where the next begins. */
export const pageOf = <T>(rows: readonly T[], limit: number, place: (row: T) => Place): Page<T> => {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  if (rows.length <= limit || last === undefined) return { rows: page, next: null };
  const { at, id } = place(last);
  return { rows: page, next: btoa(`${at.toISOString()}|${id}`) };
};

/** null: from the beginning; `input.cursor` for text that is no place of ours. */
export const placeOf = (after: string | null | undefined): Place | null => {
  if (after === null || after === undefined || after === '') return null;
  let text = '';
  try {
    text = atob(after);
  } catch {
    // Falls through to the refusal: a cursor is ours or it is nothing.
  }
  const m = /^(\d{4}-\d{2}-\d{2}T[\d:.]+Z)\|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  const at = new Date(m?.[1] ?? '');
  return m === null || Number.isNaN(at.getTime())
    ? fail('input.cursor', '/after', '翻页位置无法识别。', '请从第一页重新打开。')
    : { at, id: m[2] as string };
};
