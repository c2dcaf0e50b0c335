// A state as whoever reads it understands it: plain words, a mark and a colour, and whether only they can move it on. Staff have words of their own.
import { html } from 'hono/html';
import type { State } from '../../disbursement/states.ts';
import type { Html } from '../view.ts';

/** yours: only you can move it on; going: others are at it; stopped: nothing moves for now; over: it ended without money. */
type Kind = 'yours' | 'going' | 'done' | 'stopped' | 'over';

const seen: Readonly<Record<State, readonly [kind: Kind, text: string]>> = {
  prefilled: ['going', '正在核对'],
  applying: ['yours', '等您提交申请'],
  asking: ['yours', '等您补充'],
  named: ['yours', '等您补充，名单正在公示'],
  reviewing: ['going', '部门审核中'],
  notified: ['going', '正在告知'],
  confirming: ['yours', '等您确认'],
  publicity: ['going', '公示中'],
  objected: ['going', '异议复核中'],
  ready: ['going', '等待拨付'],
  paused: ['stopped', '暂停发放'],
  deceased: ['stopped', '由家属领取'],
  held: ['stopped', '暂缓发放'],
  waived: ['over', '已放弃'],
  closed: ['over', '已结束'],
  sealed: ['going', '已安排拨付'],
  sent: ['going', '银行处理中'],
  paid: ['done', '已到账'],
  returned: ['yours', '银行退回，等您更正账户'],
  unknown: ['going', '正在和银行核对'],
};

const marks: Readonly<Record<Kind, string>> = { yours: '!', going: '→', done: '✓', stopped: '‖', over: '–' };

export const stateKind = (state: State): Kind => seen[state][0];
export const stateText = (state: State): string => seen[state][1];

/** Mark and word: never colour alone. */
export const stateBadge = (state: State): Html => {
  const [kind, text] = seen[state];
  return html`<span class="badge ${kind}"><span class="mark" aria-hidden="true">${marks[kind]}</span>${text}</span>`;
};
