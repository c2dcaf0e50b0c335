// States of runs and verdicts as marks, in one place for the room.
import type { ReactNode } from 'react';
import { kindNames, verdictNames } from '../../words.ts';
import { Mark, type Tone } from '../page.tsx';

const states: Readonly<Record<string, { readonly text: string; readonly tone: Tone }>> = {
  done: { text: '已完成', tone: 'good' },
  running: { text: '运行中', tone: 'now' },
  opening: { text: '上线接续', tone: 'plain' },
  abandoned: { text: '由新批次接替', tone: 'plain' },
  held: { text: '等人放行', tone: 'warn' },
  stopped: { text: '已停', tone: 'bad' },
};
export const RunMark = ({ state }: { readonly state: string }): ReactNode => (
  <Mark tone={states[state]?.tone ?? 'now'}>{states[state]?.text ?? '运行中'}</Mark>
);

export type Verdict = keyof typeof verdictNames;
const tones: Readonly<Record<Verdict, Tone>> = { eligible: 'good', ineligible: 'plain', undetermined: 'warn' };
export const VerdictMark = ({ verdict }: { readonly verdict: Verdict }): ReactNode => (
  <Mark tone={tones[verdict]}>{verdictNames[verdict]}</Mark>
);

export const kindText = (kind: string): string => kindNames[kind as keyof typeof kindNames] ?? kind;
