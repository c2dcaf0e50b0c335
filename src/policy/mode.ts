// 兑现方式 of an item, also where it depends on conditions: rows asked in order, the last takes the rest. Read, chosen for one subject, named in Chinese.
// `second-mode.ts` chooses for itself.
import { decideCondition, settling } from '../rule/decide.ts';
import type { ModeChosen, Trace } from '../rule/facts.ts';
import { isObject } from '../rule/literal.ts';
import type { Ready } from '../rule/ready.ts';
import type { Session } from '../rule/session.ts';
import { type Checker, conditionAt, onlyKeys } from './checker.ts';
import type { Item, Mode, ModeRow } from './item.ts';

export interface ReadyMode {
  /** JSON pointer of the row. */
  readonly at: string;
  /** null: the last row, which takes the rest. */
  readonly when: Ready | null;
  readonly mode: ModeRow['mode'];
  readonly text: string | null;
}

export const modeNames: Readonly<Record<Mode, string>> = { auto: '免申即享', confirm: '即申即享', apply: '限时兑现', push: '精准推送' };

/** From what asks least of the person to what asks most: where nobody can tell, the later one is the cautious one. */
const byCaution = ['auto', 'confirm', 'apply'] as const;
const moreCautious = (a: ModeRow['mode'], b: ModeRow['mode']): ModeRow['mode'] => (byCaution.indexOf(a) < byCaution.indexOf(b) ? b : a);

/** Every mode the item may come to, each once. */
export const modesOf = (item: Pick<Item, 'mode'>): readonly Mode[] =>
  typeof item.mode === 'string' ? [item.mode] : [...new Set(item.mode.map((row) => row.mode))];

/** 免申即享, or 免申即享或即申即享（依条件）. */
export const modeText = (item: Pick<Item, 'mode'>): string => {
  const names = modesOf(item).map((mode) => modeNames[mode]);
  return typeof item.mode === 'string' ? names.join('') : `${names.join('或')}（依条件）`;
};

/** The mode one subject comes to; where nothing was chosen (an accepted list, another version's answer), the most cautious. */
export const modeFor = (item: Pick<Item, 'mode'>, chosen: string | null): Mode => {
  if (typeof item.mode === 'string') return item.mode;
  const modes = item.mode.map((row) => row.mode);
  return modes.find((mode) => mode === chosen) ?? modes.reduce(moreCautious);
};

// ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const isPath = (raw: unknown): raw is ModeRow['mode'] => (byCaution as readonly unknown[]).includes(raw);
const mostRows = 20;

/** Empty for an item of one mode; null when something was reported. */
export const modesAt = (raw: unknown, at: string, c: Checker): readonly ReadyMode[] | null => {
  if (isPath(raw) || raw === 'push') return [];
  if (!Array.isArray(raw)) {
    c.report(
      'rule.shape',
      at,
      raw === undefined ? '缺少 mode' : '只能是 auto、confirm、apply、push，或按条件分的列表',
      '如 "auto"；依条件而定的写 [{"when": {…}, "mode": "auto"}, {"mode": "confirm"}]',
    );
    return null;
  }
  if (raw.length < 2 || raw.length > mostRows) {
    c.report('rule.mode', at, `按条件分的方式须写 2 至 ${mostRows} 行`, '只有一种方式的，直接写 "auto"、"confirm"、"apply" 或 "push"');
    return null;
  }
  const rows = raw.map((row: unknown, i) => rowAt(row, `${at}/${i}`, i === raw.length - 1, c));
  return rows.every((row): row is ReadyMode => row !== null) ? rows : null;
};

const rowAt = (raw: unknown, at: string, last: boolean, c: Checker): ReadyMode | null => {
  if (!isObject(raw)) {
    c.report('rule.shape', at, '每一行须是一个对象', '如 {"when": {…}, "mode": "auto"}；最后一行 {"mode": "confirm"}');
    return null;
  }
  const keysFine = onlyKeys(raw, ['when', 'mode', 'text', 'covers'], at, c.report);
  const modeFine = isPath(raw.mode);
  if (raw.mode === 'push')
    c.report('rule.mode', `${at}/mode`, '只推送、不兑付的人不能和兑付的人同在一个事项', '另立一个 mode 为 push 的事项，条件取反');
  else if (!modeFine) c.report('rule.shape', `${at}/mode`, '只能是 auto、confirm、apply', '从中选一个');
  if (last !== (raw.when === undefined))
    c.report(
      'rule.mode',
      at,
      last ? '最后一行写了 when，其余的人没有方式' : '没有 when 的一行包括其余所有情形，后面的永远用不到',
      '最后一行、也只有最后一行不写 when',
    );
  if (raw.text !== undefined && typeof raw.text !== 'string') c.report('rule.shape', `${at}/text`, 'text 须是文字', '改成文字或删去');
  const when = raw.when === undefined ? null : conditionAt(raw.when, `${at}/when`, c);
  const broken = last !== (raw.when === undefined) || (raw.when !== undefined && when === null);
  if (!keysFine || !isPath(raw.mode) || broken || (raw.text !== undefined && typeof raw.text !== 'string')) return null;
  return { at, when, mode: raw.mode, text: raw.text ?? null };
};

// ── choosing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Choosing extends ModeChosen {
  /** Of the rows that were asked, in order. */
  readonly traces: readonly Trace[];
}

/**
 * The first row that surely holds; where rows before it may hold as well, the most cautious of all that are possible, with what nobody could tell (none
 * when they all come to the same). undefined: the item has one mode.
 */
export const chooseMode = (rows: readonly ReadyMode[], session: Session): Choosing | undefined => {
  const traces: Trace[] = [];
  const open: ReadyMode[] = [];
  for (const row of rows) {
    const trace = row.when === null ? null : decideCondition(row.when, session);
    if (trace !== null) traces.push(trace);
    if (trace?.truth === false) continue;
    if (trace?.truth === null) {
      open.push(row);
      continue;
    }
    const mode = open.reduce((most, one) => moreCautious(most, one.mode), row.mode);
    const doubtful = open.some((one) => one.mode !== row.mode);
    const missing = doubtful ? traces.filter((t) => t.truth === null).flatMap(settling) : [];
    const by = open.find((one) => one.mode === mode) ?? row;
    return {
      mode,
      at: row.mode === mode ? row.at : by.at,
      missing: [...new Map(missing.map((m) => [m.fact, m])).values()],
      traces,
    };
  }
  return undefined;
};
