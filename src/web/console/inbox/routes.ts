// The first page.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';

export const inboxRoutes = [
  createRoute({ getParentRoute: () => root, path: '/', component: lazyRouteComponent(() => import('./inbox.tsx'), 'Inbox') }),
] as const;
