// Days as spreadsheets count them (ECMA-376 part 1, 18.17.4). Whole days only; a time of day is the caller's refusal.
import { type Day, fromEpochDay, toEpochDay } from '../base/day.ts';

export type DateSystem = '1900' | '1904';

/** 1899-12-30: day 0 of the 1900 system as it counts from 1900-03-01 on, and 1904-01-01, day 0 of the other. */
const origin = { '1900': -25_569, '1904': -24_107 } as const;

/** From here on every spreadsheet program agrees; before it, the 1900 system counts a 29 February that never was. */
const firstAgreed = 61;

/** 9999-12-31. */
const lastSerial = 2_958_465;

/** null for what is no day of that system: day 60 of 1900 does not exist, and beyond 9999 nothing does. */
export const dayOfSerial = (serial: number, system: DateSystem): Day | null => {
  if (!Number.isInteger(serial) || serial < 0) return null;
  if (system === '1904') return serial > lastSerial - 1462 ? null : fromEpochDay(origin['1904'] + serial);
  if (serial === 0 || serial === 60 || serial > lastSerial) return null;
  return fromEpochDay(origin['1900'] + (serial < 60 ? serial + 1 : serial));
};

/** In the 1900 system; null before 1900-03-01, where programs disagree. */
export const serialOfDay = (day: Day): number | null => {
  const serial = toEpochDay(day) - origin['1900'];
  return serial < firstAgreed ? null : serial;
};
