// The console. How a screen is added, in three steps, without touching anything else:
//
// 1. The page: a file in the folder of its room (`payment/`, `review/`, …), one exported component, drawn from the house's parts: `PageHead` (object, state,
//    amount, next act) from page.tsx, `ListTable` from list-table.tsx, `Trouble` from trouble.tsx. 300 lines at most, a head comment.
// 2. What it asks: `useQuery({ queryKey: ['batches', search], queryFn: () => read(api.batches.$get({ query: search })) })`: `api` and `read` from client.ts
//    are typed from the server's routes. What it does: `useAct(…)` from act.tsx, which asks for the code of the second factor where the server wants
//    it, shows refusals and reads anew whatever is on the screen. A route that lacks is added in src/web/api with `access(…)`, zod and OpenAPI.
// 3. Its address: a `createRoute` in the `routes.ts` of its room, the component by `lazyRouteComponent`, filters by `validateSearch: searchOf('state', …)`; and a
//    line in rooms.ts, which is the navigation, with the roles that see it. Whether somebody may is decided by the server alone.
//
// From the server's code come types, and values of pure files only (test/tidy.test.ts follows them to the ground). No clock: the civil day is the
// session's `today`. Text in Chinese; amounts as text in 分 through words.ts.
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App, ConfigProvider, theme } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Prover } from './prove.tsx';
import { queryClient, router } from './router.ts';
import { Gate } from './session.tsx';
import './style.css';

const look = {
  algorithm: theme.compactAlgorithm,
  token: {
    colorPrimary: '#0958d9',
    colorLink: '#0958d9',
    colorSuccess: '#1a7f37',
    colorWarning: '#9a6700',
    // What is derived from colours as dark as these is mud.
    colorSuccessBg: '#eaf6ec',
    colorSuccessBorder: '#a9d8b2',
    colorErrorBg: '#fdeeec',
    colorErrorBorder: '#f0b8b1',
    colorWarningBg: '#fff6df',
    colorWarningBorder: '#e6cf8f',
    colorError: '#b42318',
    colorTextDescription: '#595959',
    colorTextPlaceholder: '#6b6b6b',
    colorTextTertiary: '#595959',
    // The compact look takes the next smaller size: 14 px.
    fontSize: 16,
    fontFamily: '"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif',
    borderRadius: 4,
    motion: false,
    // What is pointed at grows darker: a paler blue on white can hardly be read.
    colorPrimaryHover: '#0746a6',
    colorLinkHover: '#0746a6',
  },
  components: { Button: { defaultHoverColor: '#0746a6', defaultHoverBorderColor: '#0746a6', defaultHoverBg: '#eef4ff' } },
};

/** A click beside a window is a slip: it must not take what was typed. */
const windows = { mask: { closable: false } };

const Console = () => (
  <StrictMode>
    <ConfigProvider locale={zhCN} theme={look} button={{ autoInsertSpace: false }} wave={{ disabled: true }} modal={windows}>
      <App message={{ maxCount: 1 }}>
        <QueryClientProvider client={queryClient}>
          <Gate>
            <Prover>
              <RouterProvider router={router} />
            </Prover>
          </Gate>
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  </StrictMode>
);

createRoot(document.getElementById('root') as HTMLElement).render(<Console />);
