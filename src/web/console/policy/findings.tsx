// What is wrong, at the place it concerns: read from the server's problems and the lint, by JSON pointer.
import { createContext, useContext } from 'react';
import { Mark } from '../page.tsx';
import type { Finding, Looked } from './ask.ts';
import { RemarkNotes } from './remarks.tsx';

const Given = createContext<readonly Finding[]>([]);
export const FindingsProvider = Given.Provider;

/** Problems first, then errors, then warnings. */
export const findingsOf = (looked: Looked | undefined): readonly Finding[] =>
  looked === undefined
    ? []
    : [
        ...looked.problems,
        ...looked.findings.filter((one) => one.severity === 'error'),
        ...looked.findings.filter((one) => one.severity === 'warning'),
      ];

/** Those of the place and what is in it; `except`: parts that say their own. */
export const useFindings = (at: string, except: readonly string[] = []): readonly Finding[] => {
  const inside = (place: string, whole: string) => place === whole || place.startsWith(`${whole}/`);
  return useContext(Given).filter((one) => inside(one.at, at) && !except.some((part) => inside(one.at, part)));
};

const places: readonly (readonly [string, string])[] = [
  ...[
    ['/basis/document', '政策文件'],
    ['/basis', '依据'],
    ['/title', '名称'],
    ['/authority', '主管部门'],
    ['/region', '适用地区'],
    ['/effective', '施行日期'],
    ['/flow', '流程'],
    ['/publicity', '公示'],
    ['/limits', '限制'],
    ['/budget', '预算'],
    ['/lookback', '回看'],
    ['/statement', '银行附言'],
    ['/period', '多久一次'],
    ['/mode', '兑现方式'],
    ['/facts', '自己的指标'],
    ['/examples', '例子'],
    ['/award', '标准'],
    ['/conditions', '条件'],
  ].map(([at = '', text = '']) => [at, text] as const),
];

/** Where it is, as the tabs name it; told only away from the place itself. */
const placeText = (at: string): string => {
  const [start = '', text = ''] = places.find(([one]) => at === one || at.startsWith(`${one}/`)) ?? [];
  const [, n] = /^\/(\d+)/.exec(at.slice(start.length)) ?? [];
  return text === '' ? '' : `${text}${n === undefined ? '' : `第 ${Number(n) + 1} 个`}：`;
};

/** Of branches without an example the list of examples tells. */
const silent = (one: Finding): boolean => one.code === 'rule.lint-untried' || one.code === 'rule.lint-few-examples';

export const FindingLines = ({ rows, placed = false }: { readonly rows: readonly Finding[]; readonly placed?: boolean }) => {
  const shown = rows.filter((one) => !silent(one));
  if (shown.length === 0) return null;
  return (
    <ul className="findings">
      {shown.map((one) => (
        <li key={`${one.code}${one.at}${one.message}`}>
          <Mark tone={one.severity === 'warning' ? 'warn' : 'bad'}>{one.severity === 'warning' ? '提醒' : '错误'}</Mark>{' '}
          {placed ? placeText(one.at) : ''}
          {one.message}
          <span className="hint">　{one.hint}</span>
        </li>
      ))}
    </ul>
  );
};

export const Findings = ({ at, except }: { readonly at: string; readonly except?: readonly string[] }) => (
  <>
    <FindingLines rows={useFindings(at, except)} />
    <RemarkNotes at={at} />
  </>
);
