// Quiet hours of a channel: a span of the civil day in which nothing is sent that would ring somebody's telephone. Pure.

/** Minutes of the day in Asia/Shanghai, `from` inclusive, `to` exclusive; the span may run over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** `20:00-08:00`; null for anything else. */
export const readQuietHours = (text: string): QuietHours | null => {
  const found = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text);
  if (found === null) return null;
  const [h1, m1, h2, m2] = found.slice(1).map(Number) as [number, number, number, number];
  if (h1 > 23 || h2 > 23 || m1 > 59 || m2 > 59) return null;
  const [from, to] = [h1 * 60 + m1, h2 * 60 + m2];
  return from === to ? null : { from, to };
};

/** Eight hours ahead of UTC, as `civilDay`. */
const minuteOf = (at: Date): number => ((at.getUTCHours() + 8) % 24) * 60 + at.getUTCMinutes();

export const isQuiet = ({ from, to }: QuietHours, at: Date): boolean => {
  const minute = minuteOf(at);
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
};
