// What is being written: the rule now, every state before and after it, and what of it rests with the server. Text that is no JSON yet is kept beside it.
import { useCallback, useMemo, useState } from 'react';
import type { Json } from './document.ts';

interface Held {
  readonly past: readonly Json[];
  readonly now: Json;
  readonly future: readonly Json[];
  /** The last change's name: one that goes on (typing, dragging) is undone at once. */
  readonly name: string;
}

export interface Keep {
  readonly item: Json;
  /** Changes with the same name, one after the other, count as one. */
  readonly change: (made: (item: Json) => Json, name?: string) => void;
  readonly undo: (() => void) | null;
  readonly redo: (() => void) | null;
  /** Takes what the server has; nothing to undo. */
  readonly reset: (item: Json) => void;
}

const most = 200;

export const useKeep = (first: Json): Keep => {
  const [held, setHeld] = useState<Held>({ past: [], now: first, future: [], name: '' });
  const change = useCallback<Keep['change']>((made, name = '') => {
    setHeld((before) => {
      const now = made(before.now);
      if (now === before.now) return before;
      const past = name !== '' && name === before.name ? before.past : [...before.past, before.now].slice(-most);
      return { past, now, future: [], name };
    });
  }, []);
  const reset = useCallback((item: Json) => setHeld({ past: [], now: item, future: [], name: '' }), []);
  return useMemo(() => {
    const step = (from: 'past' | 'future') => () =>
      setHeld((before) => {
        const next = from === 'past' ? before.past.at(-1) : before.future[0];
        if (next === undefined) return before;
        return from === 'past'
          ? { past: before.past.slice(0, -1), now: next, future: [before.now, ...before.future], name: '' }
          : { past: [...before.past, before.now], now: next, future: before.future.slice(1), name: '' };
      });
    return {
      item: held.now,
      change,
      reset,
      undo: held.past.length === 0 ? null : step('past'),
      redo: held.future.length === 0 ? null : step('future'),
    };
  }, [held, change, reset]);
};
