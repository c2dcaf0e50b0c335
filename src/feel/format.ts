// FEEL's `string()` and `@"…"`: every value as text, and back where the text says which kind it is.

import { toDecimalString } from '../base/rational.ts';
import { formatDayTime, formatYearMonth, parseDuration } from './duration.ts';
import { formatDate, formatDateTime, formatTime, parseTemporal } from './temporal.ts';
import { type FeelRange, isList, type Value } from './value.ts';

/** `@"2026-01-31"`, `@"P1Y"` …; null when it is nothing of the kind. */
export const parseAtLiteral = (text: string): Value => parseTemporal(text) ?? parseDuration(text);

const quote = (text: string): string => `"${text.replace(/\\/g, '\\\\').replace(/"/g, '\\"')}"`;

const formatInside = (v: Value): string => (typeof v === 'string' ? quote(v) : formatValue(v));

const formatRange = (r: FeelRange): string => {
  if (r.test !== undefined) return `${r.test} ${formatInside(r.low ?? null)}`;
  if (r.low === undefined) return `${r.highClosed ? '<=' : '<'} ${formatInside(r.high ?? null)}`;
  if (r.high === undefined) return `${r.lowClosed ? '>=' : '>'} ${formatInside(r.low)}`;
  return `${r.lowClosed ? '[' : '('}${formatInside(r.low)}..${formatInside(r.high)}${r.highClosed ? ']' : ')'}`;
};

/** Text as `string()` gives it; an unknown reads 未知（…） and never enters a computation that way. */
export const formatValue = (v: Value): string => {
  if (v === null) return 'null';
  if (typeof v === 'string') return v;
  if (typeof v === 'boolean') return String(v);
  if (isList(v)) return `[${v.map(formatInside).join(', ')}]`;
  switch (v.kind) {
    case 'number':
      return toDecimalString(v);
    case 'date':
      return formatDate(v);
    case 'time':
      return formatTime(v);
    case 'dateTime':
      return formatDateTime(v);
    case 'ymDuration':
      return formatYearMonth(v);
    case 'dtDuration':
      return formatDayTime(v);
    case 'context':
      return `{${[...v.entries].map(([k, e]) => `${/^[\p{L}_][\p{L}\p{N}_ ]*$/u.test(k) ? k : quote(k)}: ${formatInside(e)}`).join(', ')}}`;
    case 'range':
      return formatRange(v);
    case 'function':
      return `function(${v.parameters.join(', ')})`;
    case 'unknown':
      return `未知（${v.missing.join('、')}）`;
    case 'uncertainList':
      return `[${v.elements.map((e) => (e.sure ? formatInside(e.value) : `${formatInside(e.value)}?`)).join(', ')}]`;
  }
};
