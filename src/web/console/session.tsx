// Who sits here: asked of the server at the start, and again while somebody works; nobody signed in sees the form and nothing else. Whoever leaves the
// desk is signed out after the server's idle time. The form then covers the screen: whoever sat there goes on where they were, with all they had typed; anybody else
// starts anew and sees none of it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Spin } from 'antd';
import { createContext, lazy, type ReactNode, Suspense, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { Role } from '../role.ts';
import { api, onSignedOut, Refusal, readNow } from './client.ts';
import { SignIn } from './sign-in.tsx';
import { Trouble } from './trouble.tsx';

const Bind = lazy(async () => ({ default: (await import('./bind.tsx')).Bind }));

const askSession = () => readNow(api.session.$get());
export type Staff = Awaited<ReturnType<typeof askSession>>;

const Signed = createContext<Staff | null>(null);

/** The signed-in member of staff. */
export const useStaff = (): Staff => {
  const staff = useContext(Signed);
  if (staff === null) throw new Error('nobody is signed in');
  return staff;
};

interface Moved {
  readonly lost: readonly Role[];
  readonly scope: boolean;
}
const Changed = createContext<Moved>({ lost: [], scope: false });
/** What somebody may do by now, where it is less than when the page was opened, and whether it is for others than then; null: nothing was taken away. */
export const useMoved = (): { readonly roles: readonly Role[] | null; readonly scope: boolean } => {
  const { roles } = useStaff();
  const { lost, scope } = useContext(Changed);
  return { roles: lost.length === 0 ? null : roles.filter((role) => !lost.includes(role)), scope };
};

const alike = (a: Staff['scope'], b: Staff['scope']): boolean =>
  (['authorities', 'divisions', 'items'] as const).every(
    (kind) => JSON.stringify(a[kind]?.toSorted()) === JSON.stringify(b[kind]?.toSorted()),
  );

/** A post taken away while somebody works takes nothing off the screen: what is half written would go with it. The server decides, and the frame says so. */
const useHeld = (staff: Staff | undefined): { readonly staff: Staff | undefined; readonly moved: Moved } => {
  const [held, setHeld] = useState<readonly Role[]>([]);
  const roles = staff?.roles;
  const more = roles?.filter((role) => !held.includes(role)) ?? [];
  if (more.length > 0) setHeld([...held, ...more]);
  const lost = useMemo(() => (roles === undefined ? [] : held.filter((role) => !roles.includes(role))), [held, roles]);
  const shown = useMemo(
    () => (staff === undefined || lost.length === 0 ? staff : { ...staff, roles: [...staff.roles, ...lost] }),
    [staff, lost],
  );
  const [first, setFirst] = useState(staff?.scope);
  if (first === undefined && staff !== undefined) setFirst(staff.scope);
  const scope = first !== undefined && staff !== undefined && !alike(first, staff.scope);
  return { staff: shown, moved: useMemo(() => ({ lost, scope }), [lost, scope]) };
};

/** Whether one of these roles is held. Only what is offered depends on it; the server decides. */
export const useHolds = (...roles: readonly Role[]): boolean => useStaff().roles.some((role) => roles.includes(role));

const minute = 60_000;
/** Somebody who types without sending anything keeps the session, too. */
const pingMs = 4 * minute;

/** Signs out after so many minutes without key, click or scroll; says so two minutes before. */
const useIdle = (minutes: number, ping: () => void, leave: () => void): void => {
  const { modal } = App.useApp();
  const seen = useRef(performance.now());
  const pinged = useRef(performance.now());
  const acts = useRef({ ping, leave });
  acts.current = { ping, leave };
  useEffect(() => {
    let warned: { destroy(): void } | null = null;
    const note = () => {
      seen.current = performance.now();
      warned?.destroy();
      warned = null;
    };
    const look = () => {
      const now = performance.now();
      const idle = now - seen.current;
      if (idle >= minutes * minute) return acts.current.leave();
      if (idle >= (minutes - 2) * minute && warned === null)
        warned = modal.warning({ title: '两分钟后自动退出', content: '有人在办理的话，按任意键或点一下就继续。', okText: '继续办理' });
      if (idle < pingMs && now - pinged.current >= pingMs) {
        pinged.current = now;
        acts.current.ping();
      }
    };
    const events = ['pointerdown', 'keydown', 'wheel'] as const;
    for (const event of events) addEventListener(event, note, { passive: true });
    const timer = setInterval(look, 10_000);
    return () => {
      clearInterval(timer);
      warned?.destroy();
      for (const event of events) removeEventListener(event, note);
    };
  }, [minutes, modal]);
};

const Watch = ({ minutes, leave }: { readonly minutes: number; readonly leave: () => void }) => {
  const client = useQueryClient();
  useIdle(minutes, () => void client.refetchQueries({ queryKey: ['session'] }), leave);
  return null;
};

/** Over everything, windows too: what lies below is neither seen nor reached. */
const Covering = ({ children }: { readonly children: ReactNode }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const show = useCallback(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  // Escape leads nowhere: a browser lets a page refuse the first one only, so the key itself is taken. What is closed all the same comes back.
  useEffect(() => {
    show();
    const take = (event: KeyboardEvent) => {
      if (event.key === 'Escape') event.preventDefault();
    };
    addEventListener('keydown', take, true);
    return () => removeEventListener('keydown', take, true);
  }, [show]);
  return (
    <dialog ref={dialog} className="signed-out" aria-label="请重新登录" onCancel={(event) => event.preventDefault()} onClose={show}>
      {children}
    </dialog>
  );
};

const isOut = (error: unknown): boolean => error instanceof Refusal && error.code === 'auth.sign-in';
const ended = '登录已经失效，请再登录一次。';

/** Those who wait for somebody to be back, from the end of a session to the next sign-in. */
const useBack = (begin: () => void) => {
  const waiting = useRef<{ readonly back: Promise<void>; readonly settle: () => void } | null>(null);
  const started = useRef(begin);
  started.current = begin;
  useEffect(
    () =>
      onSignedOut(() => {
        if (waiting.current === null) {
          const { promise: back, resolve: settle } = Promise.withResolvers<void>();
          waiting.current = { back, settle };
          started.current();
        }
        return waiting.current.back;
      }),
    [],
  );
  return () => {
    waiting.current?.settle();
    waiting.current = null;
  };
};

export const Gate = ({ children }: { readonly children: ReactNode }) => {
  const client = useQueryClient();
  const [left, setLeft] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['session'], queryFn: askSession, enabled: left === null, retry: false });
  const { staff, moved } = useHeld(data);
  const settle = useBack(() => setLeft((why) => why ?? ended));
  // Whoever is binding stays until the recovery codes were seen, though the session is good before that.
  const [binding, setBinding] = useState(false);
  const unbound = error instanceof Refusal && error.code === 'auth.two-factor';
  if (unbound && !binding) setBinding(true);
  const out = left !== null || isOut(error);
  const back = async () => {
    const now = await askSession().catch(() => null);
    // Anybody else gets a page that remembers nothing.
    if (data !== undefined && now?.username !== data.username) return location.reload();
    client.setQueryData(['session'], now ?? undefined);
    setLeft(null);
    settle();
    await client.invalidateQueries();
  };
  if (out && data === undefined) return <SignIn why={left ?? ''} done={() => void back()} />;
  if (binding)
    return (
      <Suspense fallback={<Spin className="waiting" description="正在打开" />}>
        <Bind
          done={async () => {
            await refetch();
            setBinding(false);
          }}
        />
      </Suspense>
    );
  if (staff === undefined)
    return error === null ? <Spin className="waiting" description="正在打开" /> : <Trouble error={error} again={() => void refetch()} />;
  return (
    <Signed.Provider value={staff}>
      {out ? (
        <Covering>
          <SignIn
            why={`${left ?? ended}由 ${staff.name} 登录的，回到刚才的地方，填了一半的还在；换一个人登录，就不保留。`}
            done={() => void back()}
          />
        </Covering>
      ) : (
        <Watch
          minutes={staff.idleMinutes}
          leave={() => {
            void api.session['sign-out'].$post().catch(() => undefined);
            setLeft(`${staff.idleMinutes} 分钟没有操作，已自动退出。`);
          }}
        />
      )}
      <Changed.Provider value={moved}>{children}</Changed.Provider>
    </Signed.Provider>
  );
};

/** Ends the session; the form follows. */
export const useSignOut = () => {
  const client = useQueryClient();
  const { message } = App.useApp();
  return async () => {
    try {
      await readNow(api.session['sign-out'].$post());
    } catch (error) {
      // Somebody who is out already is out.
      if (!(error instanceof Refusal && error.code === 'auth.sign-in'))
        return void message.error('没有退出成：连不上服务器。请关闭浏览器，或稍后再试。');
    }
    client.clear();
    location.assign('/console');
  };
};
