// Whether the name on an account is the payee's: the commonest reason for a returned payment is a name written in another way. Pure.
import { coreOf, normalName } from '../record/name.ts';

/**
 * Characters that old code tables kept in the private use area (GBK rows FE50 to FEA0, U+E815 to U+E864 in order) and what they are in Unicode; 䶮 is
 * the one of them met most in names. `-` where Unicode has the same under both.
 */
const privateUse = [
  ...'⺁𠂇𠂉𠃌⺄㑳㑇⺈⺋龴㖞㘚㘎⺌⺗㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠⺧𡗗龸⺪䁖䅟⺮䌷⺳⺶⺷𢦏䎱䎬⺻䏝䓖䙡䙌龹䜣䜩䝼䞍⻊䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻',
];

/** Other shapes of one character, as banks and registers mix them. Simplified and traditional characters that are names of their own are not here. */
const shapes: Readonly<Record<string, string>> = {
  戶: '户',
  戸: '户',
  呂: '吕',
  吳: '吴',
  呉: '吴',
  黃: '黄',
  溫: '温',
  內: '内',
  啟: '启',
  啓: '启',
  強: '强',
  髙: '高',
  﨑: '崎',
  靑: '青',
  眞: '真',
  兌: '兑',
  說: '说',
  錄: '录',
  綠: '绿',
  硏: '研',
  淸: '清',
  亙: '亘',
  峯: '峰',
  羣: '群',
};

const inPrivateUse = /[\ue815-\ue864]/g;

const plain = (name: string): string =>
  normalName(name.replace(inPrivateUse, (c) => privateUse[c.charCodeAt(0) - 0xe815] ?? c)).replace(/·/g, '');

const shaped = (name: string): string => [...plain(name)].map((c) => shapes[c] ?? c).join('');

/** `variant`: equal only when other shapes of a character count as one; paid, and shown to whoever checks. */
export type HolderMatch = 'same' | 'variant' | 'different';

export const compareHolder = (payee: string, holder: string): HolderMatch => {
  if (coreOf(payee) === '' || coreOf(holder) === '') return 'different';
  if (plain(payee) === plain(holder)) return 'same';
  return shaped(payee) === shaped(holder) ? 'variant' : 'different';
};
