// When a window's reminders are due. Pure.
import { addDays, type Day, daysBetween } from '../base/day.ts';
import type { TemplateName } from './template-table.ts';

const reminders = {
  confirming: ['reminder-1', 'reminder-2', 'reminder-3'],
  asking: ['ask-reminder-1', 'ask-reminder-2', 'ask-reminder-3'],
  applying: ['apply-reminder-1', 'apply-reminder-2', 'apply-reminder-3'],
} as const;

/** Of three reminders (a third, two thirds, the last day) the latest that is due; one that was missed is not sent after the next. */
export const reminderDue = (
  row: {
    readonly state: 'confirming' | 'asking' | 'applying';
    readonly windowFrom: Day;
    readonly dueOn: Day | null;
    readonly told: readonly string[];
  },
  today: Day,
): TemplateName | null => {
  if (row.dueOn === null) return null;
  const days = daysBetween(row.windowFrom, row.dueOn);
  const names = reminders[row.state];
  const on = [Math.floor(days / 3), Math.floor((days * 2) / 3), days];
  for (const [i, name] of [...names.entries()].reverse()) {
    const day = on[i] ?? 0;
    if (day <= 0 || addDays(row.windowFrom, day) > today) continue;
    return names.slice(i).some((later) => row.told.includes(later)) ? null : name;
  }
  return null;
};
