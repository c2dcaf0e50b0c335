// The one table of built-ins, put together from its themes.

import { type BuiltinTable, tableOf } from './builtin.ts';
import { contextBuiltins } from './builtins-context.ts';
import { dayBuiltins } from './builtins-day.ts';
import { listBuiltins } from './builtins-list.ts';
import { numberBuiltins } from './builtins-number.ts';
import { rangeBuiltins } from './builtins-range.ts';
import { recordBuiltins } from './builtins-records.ts';
import { sequenceBuiltins } from './builtins-sequence.ts';
import { seriesBuiltins } from './builtins-series.ts';
import { stringBuiltins } from './builtins-string.ts';
import { surroundingBuiltins } from './builtins-surroundings.ts';
import { temporalBuiltins } from './builtins-temporal.ts';

/** `house`: ours, beyond the standard. */
export const builtinThemes = [
  { title: '年龄、月份与期间', house: true, rows: dayBuiltins },
  { title: '时间序列', house: true, rows: seriesBuiltins },
  { title: '记录清单', house: true, rows: recordBuiltins },
  { title: '代码、参数、台账与单位', house: true, rows: surroundingBuiltins },
  { title: '数值', house: false, rows: numberBuiltins },
  { title: '清单：统计与判断', house: false, rows: listBuiltins },
  { title: '清单：整理', house: false, rows: sequenceBuiltins },
  { title: '文字', house: false, rows: stringBuiltins },
  { title: '记录与转换', house: false, rows: contextBuiltins },
  { title: '日期与时间', house: false, rows: temporalBuiltins },
  { title: '区间', house: false, rows: rangeBuiltins },
] as const;

export const builtins: BuiltinTable = tableOf(builtinThemes.flatMap((t) => t.rows));
