// The small shapes the forms of an item are put together from. Pure.
import type { Field, Shape } from './shape.ts';

export const days = (max = 365): Shape => ({ kind: 'whole', min: 0, max, unit: '天' });
export const workingDays = (max = 120): Shape => ({ kind: 'whole', min: 1, max, unit: '个工作日' });
export const clause: Field = { key: 'clause', label: '依据条款', shape: { kind: 'text', hint: '文件第几条' }, fresh: '' };
export const text = (key: string, label: string, hint?: string): Field => ({
  key,
  label,
  shape: { kind: 'text', ...(hint === undefined ? {} : { hint }) },
});
export const record = (...fields: readonly Field[]): Shape => ({ kind: 'record', fields });
export const choice = (...options: readonly (readonly [string | number | boolean | null, string])[]): Shape => ({
  kind: 'choice',
  options,
});
export const constant = (value: string | null): Shape => ({ kind: 'constant', value });
