// How deliveries and freshness are worded, in one place for all pages of the room.
import type { Tone } from '../page.tsx';

export const kindTexts = { full: '全量', changes: '变更', list: '名单' } as const;
/** What each way says of whom the file does not name: the costliest thing to get wrong here. */
export const kindMeans = {
  full: '文件里没有的人，查明是“没有”',
  changes: '文件里没有的人不受影响',
  list: '文件里没有的人，查明是“没有”；可以一个人都没有',
} as const satisfies Record<keyof typeof kindTexts, string>;
export const freshTexts: Readonly<Record<'fresh' | 'stale' | 'never', { readonly text: string; readonly tone: Tone }>> = {
  fresh: { text: '作数', tone: 'good' },
  stale: { text: '已过期', tone: 'bad' },
  never: { text: '从未报送', tone: 'warn' },
};
export const deliveryTexts: Readonly<Record<string, { readonly text: string; readonly tone: Tone }>> = {
  landing: { text: '导入中', tone: 'now' },
  landed: { text: '已入库', tone: 'good' },
  refused: { text: '整份退回', tone: 'bad' },
  held: { text: '待人核对', tone: 'warn' },
  accepted: { text: '已放行', tone: 'good' },
  rejected: { text: '已否决', tone: 'bad' },
};

/** 41.3%; of nothing a dash. */
export const shareText = (part: number, whole: number): string => (whole === 0 ? '—' : `${((part * 100) / whole).toFixed(1)}%`);
