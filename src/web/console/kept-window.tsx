// A window that somebody has opened stays until they close it or go to another page, whatever becomes of the button that opened it: others act meanwhile, the
// button goes with the next look at what stands, and what was typed, or why it was refused, must not go with it.
import { useLocation } from '@tanstack/react-router';
import { createContext, Fragment, type ReactNode, useContext, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';

interface Keeper {
  readonly put: (id: string, window: ReactNode) => void;
  readonly drop: (id: string) => void;
}
const Keeping = createContext<Keeper | null>(null);

/** Around the pages; the windows stand beside them. */
export const WindowKeeper = ({ children }: { readonly children: ReactNode }) => {
  const [windows, setWindows] = useState<ReadonlyMap<string, ReactNode>>(new Map());
  const { pathname } = useLocation();
  const keeper = useMemo(
    (): Keeper => ({
      put: (id, window) => setWindows((before) => new Map(before).set(id, window)),
      drop: (id) => setWindows((before) => new Map([...before].filter(([own]) => own !== id))),
    }),
    [],
  );
  const was = useRef(pathname);
  useEffect(() => {
    if (was.current !== pathname) setWindows(new Map());
    was.current = pathname;
  }, [pathname]);
  return (
    <Keeping.Provider value={keeper}>
      {children}
      {[...windows].map(([id, window]) => (
        <Fragment key={id}>{window}</Fragment>
      ))}
    </Keeping.Provider>
  );
};

interface Kept {
  readonly open: boolean;
  readonly close: () => void;
  /** What is filled in must live in here. `close` counts also where the button is gone. */
  readonly children: (close: () => void) => ReactNode;
}

/** In place of the window itself, beside its button. */
export const KeptWindow = ({ open, close, children }: Kept) => {
  const id = useId();
  const keeper = useContext(Keeping);
  const used = useRef({ ever: open, open, gone: false });
  used.current.open = open;
  used.current.ever ||= open;
  useLayoutEffect(() => {
    if (keeper === null || !used.current.ever) return;
    const leave = () => {
      close();
      if (used.current.gone) keeper.drop(id);
    };
    keeper.put(id, children(leave));
  });
  useEffect(() => {
    used.current.gone = false;
    return () => {
      used.current.gone = true;
      if (!used.current.open) keeper?.drop(id);
    };
  }, [keeper, id]);
  return keeper === null ? children(close) : null;
};
