// The frame around every screen: navigation by work on the left, the page on the right; what does not exist, and what broke.
import { createRootRoute, Link, Outlet, useLocation } from '@tanstack/react-router';
import { Alert, Button, Result } from 'antd';
import { useEffect } from 'react';
import { type Role, roles } from '../role.ts';
import { WindowKeeper } from './kept-window.tsx';
import { Shortcuts } from './keys.tsx';
import { roomsFor, type Screen } from './rooms.ts';
import { useMoved, useSignOut, useStaff } from './session.tsx';
import { useTitle } from './titles.tsx';
import { Trouble } from './trouble.tsx';
import { countText, dayText } from './words.ts';

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

const few = 4;
const listed = (what: string, names: readonly string[] | null): string =>
  names === null ? `全部${what}` : names.length > few ? `${countText(names.length)} 个${what}` : `${what} ${names.join('、') || '无'}`;

/** For whom somebody works by now. */
const useScopeText = (): string => {
  const { scope, places } = useStaff();
  const title = useTitle();
  const items = scope.items?.map((id) => title(id)) ?? null;
  return [listed('部门', scope.authorities), listed('区划', places), listed('事项', items)].join('，');
};

const ScopeMoved = () => (
  <Alert
    type="warning"
    showIcon
    role="alert"
    title={`您的范围刚被调整，现在是：${useScopeText()}。`}
    description="范围以外的，这一页读不到了，列表里也没有了，不是数据丢了；填了一半的都在，但范围以外的已经办不了。要留的先抄下，再按现在的范围重开。"
    action={
      <Button size="small" onClick={() => location.reload()}>
        按现在的范围重开
      </Button>
    }
  />
);

const LessPosts = ({ now }: { readonly now: readonly Role[] }) => (
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

/** Somebody was given another post, or others to work for, while working here. */
const PostsChanged = () => {
  const { roles: now, scope } = useMoved();
  return (
    <>
      {now === null ? null : <LessPosts now={now} />}
      {scope ? <ScopeMoved /> : null}
    </>
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
