// What is wrong, at the place it concerns: read from the server's problems and the lint, by JSON pointer.
import { createContext, useContext } from 'react';
import { Mark } from '../page.tsx';
import type { Finding, Looked } from './ask.ts';

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

/** Of branches without an example the list of examples tells. */
const silent = (one: Finding): boolean => one.code === 'rule.lint-untried' || one.code === 'rule.lint-few-examples';

export const FindingLines = ({ rows }: { readonly rows: readonly Finding[] }) => {
  const shown = rows.filter((one) => !silent(one));
  if (shown.length === 0) return null;
  return (
    <ul className="findings">
      {shown.map((one) => (
        <li key={`${one.code}${one.at}${one.message}`}>
          <Mark tone={one.severity === 'warning' ? 'warn' : 'bad'}>{one.severity === 'warning' ? '提醒' : '错误'}</Mark> {one.message}
          <span className="hint">　{one.hint}</span>
        </li>
      ))}
    </ul>
  );
};

export const Findings = ({ at, except }: { readonly at: string; readonly except?: readonly string[] }) => (
  <FindingLines rows={useFindings(at, except)} />
);
