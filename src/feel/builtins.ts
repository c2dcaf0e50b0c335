// The one table of built-ins, put together from its themes.

import { type BuiltinTable, tableOf } from './builtin.ts';
import { contextBuiltins } from './builtins-context.ts';
import { listBuiltins } from './builtins-list.ts';
import { numberBuiltins } from './builtins-number.ts';
import { rangeBuiltins } from './builtins-range.ts';
import { sequenceBuiltins } from './builtins-sequence.ts';
import { stringBuiltins } from './builtins-string.ts';
import { temporalBuiltins } from './builtins-temporal.ts';

export const builtinThemes = [
  { title: '数值', rows: numberBuiltins },
  { title: '清单：统计与判断', rows: listBuiltins },
  { title: '清单：整理', rows: sequenceBuiltins },
  { title: '文字', rows: stringBuiltins },
  { title: '记录与转换', rows: contextBuiltins },
  { title: '日期与时间', rows: temporalBuiltins },
  { title: '区间', rows: rangeBuiltins },
] as const;

export const builtins: BuiltinTable = tableOf(builtinThemes.flatMap((t) => t.rows));
