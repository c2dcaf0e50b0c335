// The top of a page: the object, where it stands, how much, what comes next; and the parts pages share.
import type { ReactNode } from 'react';
import { money, shortMoney } from './words.ts';

export type Tone = 'good' | 'warn' | 'bad' | 'plain' | 'now';

/** A state in a word, with a colour beside the word. */
export const Mark = ({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) => (
  <span className={`mark ${tone}`}>{children}</span>
);

export interface Head {
  readonly title: ReactNode;
  readonly state?: ReactNode;
  readonly amount?: ReactNode;
  readonly note?: ReactNode;
  /** Buttons; the first is what comes next. */
  readonly acts?: ReactNode;
}

export const PageHead = ({ title, state, amount, note, acts }: Head) => (
  <header className="page-head">
    <div>
      <h1>
        {title} {state}
      </h1>
      {amount === undefined ? null : <div className="amount">{amount}</div>}
      {note === undefined ? null : <div className="hint">{note}</div>}
    </div>
    {acts === undefined ? null : <div className="acts">{acts}</div>}
  </header>
);

/** 分, to take in at a glance, and where that is rounded the exact sum beside it. */
export const Amount = ({ fen, what }: { readonly fen: string; readonly what?: string }) => {
  const short = shortMoney(fen);
  const exact = money(fen);
  return (
    <>
      {what === undefined ? short : `${short} ${what}`}
      {short === exact ? null : <span className="exact">{exact}</span>}
    </>
  );
};

/** Name and value pairs of one object. */
export const Facts = ({ pairs }: { readonly pairs: readonly (readonly [string, ReactNode])[] }) => (
  <dl className="facts">
    {pairs.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value ?? '—'}</dd>
      </div>
    ))}
  </dl>
);

/** Why it is empty, and what comes next. */
export const Nothing = ({ children }: { readonly children: ReactNode }) => <p className="nothing">{children}</p>;

/** A long code, its end cut off, whole on the clipboard. */
export const Code = ({ text, length = 12 }: { readonly text: string; readonly length?: number }) => (
  <button type="button" className="code" title="点一下复制全文" onClick={() => void navigator.clipboard?.writeText(text)}>
    {text.length > length ? `${text.slice(0, length)}…` : text}
  </button>
);
