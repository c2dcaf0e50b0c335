// 设置: the addresses of what the house is run by: accounts, jobs, channels, freezes.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

export const settingsRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/settings/accounts',
    validateSearch: searchOf('role', 'left'),
    component: lazyRouteComponent(() => import('./accounts.tsx'), 'Accounts'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/jobs',
    validateSearch: searchOf('name', 'outcome'),
    component: lazyRouteComponent(() => import('./jobs.tsx'), 'Jobs'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/channels',
    component: lazyRouteComponent(() => import('./channels.tsx'), 'Channels'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/settings/freezes',
    component: lazyRouteComponent(() => import('./freezes.tsx'), 'Freezes'),
  }),
] as const;
