// The frame around every screen: navigation by work on the left, the page on the right; what does not exist, and what broke.
import { createRootRoute, Link, Outlet, useLocation } from '@tanstack/react-router';
import { Alert, Button, Result } from 'antd';
import { useEffect } from 'react';
import { roles } from '../role.ts';
import { WindowKeeper } from './kept-window.tsx';
import { Shortcuts } from './keys.tsx';
import { roomsFor, type Screen } from './rooms.ts';
import { useLessRoles, useSignOut, useStaff } from './session.tsx';
import { Trouble } from './trouble.tsx';
import { dayText } from './words.ts';

const Way = ({ screen }: { readonly screen: Screen }) => (
  <Link to={screen.to as '/'} activeOptions={{ exact: screen.to === '/', includeSearch: false }} activeProps={{ className: 'here' }}>
    {screen.title}
  </Link>
);

const Navigation = () => {
  const staff = useStaff();
  const signOut = useSignOut();
  const { pathname } = useLocation();
  // Whoever comes by an address sees where in the list they are.
  useEffect(() => {
    if (pathname !== '') document.querySelector('.side a.here')?.scrollIntoView({ block: 'nearest' });
  }, [pathname]);
  return (
    <aside className="side">
      <div className="brand">直享</div>
      <nav aria-label="主导航">
        {roomsFor(staff.roles).map((room) =>
          room.screens.length === 1 && room.screens[0]?.title === room.title ? (
            <div key={room.title} className="room single">
              <Way screen={room.screens[0]} />
            </div>
          ) : (
            <section key={room.title} className="room" aria-label={room.title}>
              <h2>{room.title}</h2>
              <ul>
                {room.screens.map((screen) => (
                  <li key={screen.to}>
                    <Way screen={screen} />
                  </li>
                ))}
              </ul>
            </section>
          ),
        )}
      </nav>
      <footer>
        <div>{staff.name}</div>
        <div className="hint">{staff.roles.map((role) => roles[role]).join('、')}</div>
        <div className="hint">
          业务日期 {dayText(staff.today)}
          {staff.demo ? '（示例城市）' : ''}
        </div>
        <div className="ends">
          <Button size="small" onClick={() => void signOut()}>
            退出
          </Button>
          <Shortcuts />
        </div>
      </footer>
    </aside>
  );
};

/** Somebody was given another post while working here. */
const PostsChanged = () => {
  const now = useLessRoles();
  return now === null ? null : (
    <Alert
      type="warning"
      showIcon
      role="alert"
      title={`您的岗位刚被调整，现在是：${now.map((role) => roles[role]).join('、') || '没有岗位'}。`}
      description="这一页还照原来的岗位显示，填了一半的都在，但原来岗位的事已经办不了。要留的先抄下，再按现在的岗位重开。"
      action={
        <Button size="small" onClick={() => location.reload()}>
          按现在的岗位重开
        </Button>
      }
    />
  );
};

const Frame = () => (
  <>
    <a className="skip" href="#main">
      跳到正文
    </a>
    <div className="frame">
      <Navigation />
      <main id="main" tabIndex={-1}>
        <PostsChanged />
        <WindowKeeper>
          <Outlet />
        </WindowKeeper>
      </main>
    </div>
  </>
);

const NoPage = () => (
  <Result
    status="404"
    icon={null}
    title={<h1>没有这个页面</h1>}
    subTitle="请检查地址，或从左边的导航进入。"
    extra={
      <Link to="/" className="button">
        回到待我处理
      </Link>
    }
  />
);

export const root = createRootRoute({
  component: Frame,
  notFoundComponent: NoPage,
  errorComponent: ({ error, reset }) => <Trouble error={error} again={reset} />,
});
