// 监督: the addresses of whoever oversees: the trail, what came of it all, what to see coming.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

export const oversightRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/oversight/trail',
    validateSearch: searchOf('actor', 'action', 'object', 'from', 'to'),
    component: lazyRouteComponent(() => import('./trail.tsx'), 'Trail'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/oversight/effects',
    validateSearch: searchOf('by', 'item'),
    component: lazyRouteComponent(() => import('./effects.tsx'), 'Effects'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/oversight/warnings',
    component: lazyRouteComponent(() => import('./warnings.tsx'), 'Warnings'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/oversight/notices',
    validateSearch: searchOf('item', 'state', 'channel', 'notice'),
    component: lazyRouteComponent(() => import('./notices.tsx'), 'Notices'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/oversight/papers',
    validateSearch: searchOf('item'),
    component: lazyRouteComponent(() => import('./papers.tsx'), 'Papers'),
  }),
] as const;
