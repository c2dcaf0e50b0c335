// Who sits here: asked of the server at the start, and again while somebody works; nobody signed in sees the form and nothing else. Whoever leaves the
// desk is signed out after the server's idle time, and what stood on the screen goes with the session.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Result, Spin } from 'antd';
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react';
import type { Role } from '../role.ts';
import { api, onSignedOut, Refusal, read } from './client.ts';
import { SignIn } from './sign-in.tsx';
import { Trouble } from './trouble.tsx';

const askSession = () => read(api.session.$get());
export type Staff = Awaited<ReturnType<typeof askSession>>;

const Signed = createContext<Staff | null>(null);

/** The signed-in member of staff. */
export const useStaff = (): Staff => {
  const staff = useContext(Signed);
  if (staff === null) throw new Error('nobody is signed in');
  return staff;
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

export const Gate = ({ children }: { readonly children: ReactNode }) => {
  const client = useQueryClient();
  const [left, setLeft] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['session'], queryFn: askSession, enabled: left === null, retry: false });
  const forget = (why: string) => {
    setLeft(why);
    client.clear();
  };
  useEffect(() => onSignedOut(() => setLeft((why) => why ?? '')), []);
  if (left !== null || (error instanceof Refusal && error.code === 'auth.sign-in'))
    return (
      <SignIn
        why={left ?? ''}
        done={() => {
          client.clear();
          setLeft(null);
        }}
      />
    );
  if (error instanceof Refusal && error.code === 'auth.two-factor')
    return (
      <Result
        status="warning"
        title="请先绑定动态口令"
        subTitle="登录除了密码，还要手机验证器上的六位数字。绑定一次，以后都用它。"
        extra={
          <Button type="primary" href="/staff/two-factor">
            去绑定
          </Button>
        }
      />
    );
  if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
  if (data === undefined) return <Spin className="waiting" description="正在打开" />;
  return (
    <Signed.Provider value={data}>
      <Watch
        minutes={data.idleMinutes}
        leave={() => {
          void api.session['sign-out'].$post().catch(() => undefined);
          forget(`${data.idleMinutes} 分钟没有操作，已自动退出。登录后回到刚才的页面。`);
        }}
      />
      {children}
    </Signed.Provider>
  );
};

/** Ends the session; the form follows. */
export const useSignOut = () => {
  const client = useQueryClient();
  const { message } = App.useApp();
  return async () => {
    try {
      await read(api.session['sign-out'].$post());
    } catch (error) {
      // Somebody who is out already is out.
      if (!(error instanceof Refusal && error.code === 'auth.sign-in'))
        return void message.error('没有退出成：连不上服务器。请关闭浏览器，或稍后再试。');
    }
    client.clear();
    location.assign('/console');
  };
};
