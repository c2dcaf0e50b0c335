// Five fields of cron in Chinese time: whether a minute is one of theirs, which comes next, and how people say it. Pure.

/** Asia/Shanghai has had no daylight saving time since 1991: eight hours ahead of UTC. */
const ahead = 8 * 3_600_000;
const minuteMs = 60_000;
const dayMs = 86_400_000;

const fieldsOf = (cron: string) => {
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cron.trim().split(/\s+/);
  return { minute, hour, day, month, weekday };
};

const fieldMatches = (field: string, value: number): boolean =>
  field.split(',').some((part) => {
    const [range = '*', step] = part.split('/');
    const [low, high] = range === '*' ? [0, 59] : range.split('-').map(Number);
    if (low === undefined || value < low || value > (high ?? (step ? 59 : low))) return false;
    return step === undefined || (value - low) % Number(step) === 0;
  });

const dayIsDue = (cron: string, local: Date): boolean => {
  const { day, month, weekday } = fieldsOf(cron);
  const dayMatches = fieldMatches(day, local.getUTCDate());
  const weekdayMatches = fieldMatches(weekday, local.getUTCDay()) || (local.getUTCDay() === 0 && fieldMatches(weekday, 7));
  // Cron's own rule: when both day fields are restricted, either is enough.
  const days = day !== '*' && weekday !== '*' ? dayMatches || weekdayMatches : dayMatches && weekdayMatches;
  return days && fieldMatches(month, local.getUTCMonth() + 1);
};

export const isDue = (cron: string, at: Date): boolean => {
  const local = new Date(at.getTime() + ahead);
  const { minute, hour } = fieldsOf(cron);
  return fieldMatches(minute, local.getUTCMinutes()) && fieldMatches(hour, local.getUTCHours()) && dayIsDue(cron, local);
};

/** The first minute after `at` that is due, within two years; null: none is. */
export const nextDue = (cron: string, at: Date): Date | null => {
  const first = Math.floor(at.getTime() / minuteMs) * minuteMs + minuteMs;
  const midnight = Math.floor((first + ahead) / dayMs) * dayMs - ahead;
  for (let day = midnight; day < midnight + 731 * dayMs; day += dayMs) {
    if (!dayIsDue(cron, new Date(day + ahead))) continue;
    for (let minute = Math.max(day, first); minute < day + dayMs; minute += minuteMs)
      if (isDue(cron, new Date(minute))) return new Date(minute);
  }
  return null;
};

const two = (text: string): string => text.padStart(2, '0');
const span = (field: string): string => field.replaceAll('-', '至').replaceAll(',', '、');
const weekdays = '日一二三四五六日';

/** 每 10 分钟; 每天 01:30; 每年1月2至31日 09:20. What it cannot say it gives as it stands. */
export const cronText = (cron: string): string => {
  const { minute, hour, day, month, weekday } = fieldsOf(cron);
  const daily = day === '*' && month === '*' && weekday === '*';
  const [, every] = /^\*\/(\d+)$/.exec(minute) ?? [];
  if (daily && hour === '*' && minute === '*') return '每分钟';
  if (daily && hour === '*' && every !== undefined) return `每 ${every} 分钟`;
  if (!/^\d+$/.test(minute)) return cron;
  if (daily && hour === '*') return `每小时第 ${minute} 分`;
  if (!/^\d+$/.test(hour)) return cron;
  const time = `${two(hour)}:${two(minute)}`;
  if (daily) return `每天 ${time}`;
  if (day === '*' && month === '*')
    return `每周${weekday.replaceAll(/\d/g, (n) => weekdays.charAt(Number(n))).replaceAll('-', '至')} ${time}`;
  if (weekday !== '*') return cron;
  return `${month === '*' ? '每月' : `每年${span(month)}月`}${day === '*' ? '每天' : `${span(day)}日`} ${time}`;
};
