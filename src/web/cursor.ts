// Places in lists: opaque text that a page gave out and takes back. Anything else is refused, so that a mistyped link never shows a wrong page.
import { fail } from '../base/problem.ts';

const write = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const read = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
};

const refuse = (): never => fail('input.cursor', '/cursor', '翻页位置无法识别。', '请从第一页重新打开。');

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

export interface Moment {
  readonly createdAt: Date;
  readonly id: string;
}

/** null without a cursor; `input.cursor` for anything a list never gave out. */
export const readMoment = (cursor: string | undefined): Moment | null => {
  if (cursor === undefined || cursor === '') return null;
  const parsed = read(cursor);
  if (!Array.isArray(parsed) || parsed.length !== 2) return refuse();
  const [at, id] = parsed as readonly unknown[];
  if (typeof at !== 'string' || Number.isNaN(Date.parse(at)) || typeof id !== 'string' || !isUuid(id)) return refuse();
  return { createdAt: new Date(at), id };
};

/** A number's place: sequence of a run, ordinal of a subject, line of a file. */
export const numberCursor = (n: bigint | number): string => write(String(n));
export const readNumber = (cursor: string | undefined): number | null => {
  if (cursor === undefined || cursor === '') return null;
  const parsed = read(cursor);
  return typeof parsed === 'string' && /^\d{1,15}$/.test(parsed) ? Number(parsed) : refuse();
};

/** Place in a delivery's problems: line, column, code. */
export const placeCursor = (place: { readonly line: number; readonly column: string; readonly code: string }): string =>
  write([place.line, place.column, place.code]);
export const readPlace = (cursor: string | undefined): { line: number; column: string; code: string } | null => {
  if (cursor === undefined || cursor === '') return null;
  const parsed = read(cursor);
  if (!Array.isArray(parsed) || parsed.length !== 3) return refuse();
  const [line, column, code] = parsed as readonly unknown[];
  if (!Number.isSafeInteger(line) || (line as number) > 2_147_483_647 || typeof column !== 'string' || typeof code !== 'string')
    return refuse();
  return { line: line as number, column: column.replaceAll('\0', ''), code: code.replaceAll('\0', '') };
};

/** Place among undetermined people, `block.row`. */
export const readRowPlace = (cursor: string | undefined): string | undefined =>
  cursor === undefined || cursor === '' ? undefined : /^\d{1,6}\.\d{1,5}$/.test(cursor) ? cursor : refuse();
