// Why a delivery waits, in Chinese: the same sentences on the screen, in the terminal and beside a delivered file.
import type { Held, HoldReason } from './hold.ts';

const figure = (n: number): string => n.toLocaleString('en-US');

/** One decimal, never rounded onto the limit it is above. */
const share = (part: number, whole: number): string =>
  whole === 0 ? '原来一个也没有' : `占原有 ${figure(whole)} 个的 ${(Math.floor((part * 1000) / whole) / 10).toFixed(1)}%`;

const linesOf = (reason: Extract<HoldReason, { kind: 'nameless' }>): string => {
  const shown = reason.rows.slice(0, 10).map((row) => row.line);
  return `第 ${shown.join('、')} 行${reason.count > shown.length ? '等' : ''}`;
};

const reasonWords = (reason: HoldReason): readonly string[] => {
  switch (reason.kind) {
    case 'nameless': {
      const alike = reason.rows
        .filter((row) => (row.sameName ?? 0) > 0)
        .map((row) => `第 ${row.line} 行的姓名与其中 ${row.sameName} 个相同`);
      return [
        `有 ${figure(reason.count)} 行认不出是谁（${linesOf(reason)}）。没有列入的 ${figure(reason.unlisted)} 个对象里可能就有他，不能当作“没有”${alike.length === 0 ? '' : `；${alike.join('，')}`}。`,
      ];
    }
    case 'dropped':
      return [`有 ${figure(reason.count)} 个对象不再列入，${share(reason.count, reason.of)}，超过 ${reason.limitPercent}%。`];
    case 'changed':
      return [`有 ${figure(reason.count)} 个对象的内容要改动，${share(reason.count, reason.of)}，超过 ${reason.limitPercent}%。`];
  }
};

/** What waits, then why, then what can be done. */
export const heldWords = (held: Held): readonly string[] => [
  held.rowsLanded
    ? '认得出的行已经入库；“没有列入的就是没有”还不作数，等人核对。此前的名单继续有效，直到过期。'
    : '整份交付先放着，库里的数据没有动，等人核对。此前的数据继续有效，直到过期。',
  ...held.reasons.flatMap(reasonWords),
  held.reasons.some((reason) => reason.kind === 'nameless')
    ? '改正退回的行再导入即可自动放行；确认那几行不是本地的人，可由另一人放行；文件错了就否决，或报送新的一份。'
    : '核对差异属实，可由报送人以外的人放行；文件错了就否决，或报送新的一份。',
];
