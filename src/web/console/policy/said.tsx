// The rule in plain Chinese, as everybody it is about reads it; told by the server from the structure alone.
import { useMemo } from 'react';
import { Mark, Nothing } from '../page.tsx';
import type { Looked } from './ask.ts';
import { FindingLines, findingsOf } from './findings.tsx';
import { placesOf, RemarkStops, RemarksAt, RemarksElsewhere } from './remarks.tsx';

/** The client's types end where a shape holds itself. */
export interface Said {
  readonly text: string;
  readonly children: readonly Said[];
  readonly at?: string | undefined;
}
export const saidOf = (looked: Looked | undefined): Said | null => (looked?.said ?? null) as Said | null;

type Shown = { readonly shown: ReadonlySet<string> };

const Remarked = ({ row, shown }: { readonly row: Said } & Shown) =>
  row.at === undefined ? null : <RemarksAt at={row.at} text={row.text} shown={shown} />;

const Lines = ({ rows, shown }: { readonly rows: readonly Said[] } & Shown) => (
  <ul>
    {rows.map((row, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no name but their place
      <li key={i}>
        {row.text}
        <Remarked row={row} shown={shown} />
        {row.children.length === 0 ? null : <Lines rows={row.children} shown={shown} />}
      </li>
    ))}
  </ul>
);

export const SaidRule = ({ said }: { readonly said: Said }) => {
  const shown = useMemo(() => placesOf(said), [said]);
  return (
    <RemarkStops said={said}>
      <strong>{said.text}</strong>
      <RemarksElsewhere shown={shown} />
      {said.children.map((part) => (
        <div key={part.text} className="part">
          {part.children.length === 0 ? <p>{part.text}</p> : <h3>{part.text}</h3>}
          <Remarked row={part} shown={shown} />
          {part.children.length === 0 ? null : <Lines rows={part.children} shown={shown} />}
        </div>
      ))}
    </RemarkStops>
  );
};

/** `last`: what could be read before the last change. */
export const SaidPane = ({ looked, last }: { readonly looked: Looked | undefined; readonly last: Said | null }) => {
  const said = saidOf(looked) ?? last;
  const problems = looked?.problems ?? [];
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard
      tabIndex={0}
      className="pane"
      aria-label="中文表述"
    >
      <h2>
        中文表述{' '}
        {problems.length > 0 ? (
          <Mark tone="bad">{problems.length} 处要改</Mark>
        ) : looked === undefined ? null : (
          <Mark tone="good">读得通</Mark>
        )}
      </h2>
      {problems.length === 0 ? null : <FindingLines placed rows={findingsOf(looked).slice(0, 6)} />}
      {said === null ? (
        looked === undefined ? (
          <p className="hint">正在读…</p>
        ) : (
          <Nothing>改好上面的错误后，这里是群众看到的说法。</Nothing>
        )
      ) : (
        <div className={saidOf(looked) === null ? 'stale' : ''}>
          {saidOf(looked) === null ? <p className="hint">下面是改错之前的说法：</p> : null}
          <SaidRule said={said} />
        </div>
      )}
    </section>
  );
};
