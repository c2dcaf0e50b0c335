// 运行: the addresses of runs, what they wait for, and one decision with its reasons.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

export const runRoutes = [
  createRoute({ getParentRoute: () => root, path: '/run/runs', component: lazyRouteComponent(() => import('./runs.tsx'), 'Runs') }),
  createRoute({
    getParentRoute: () => root,
    path: '/run/runs/$id',
    validateSearch: searchOf('show'),
    component: lazyRouteComponent(() => import('./run.tsx'), 'RunPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/run/readiness',
    validateSearch: searchOf('state', 'item'),
    component: lazyRouteComponent(() => import('./readiness.tsx'), 'Readiness'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/run/drift',
    validateSearch: searchOf('item'),
    component: lazyRouteComponent(() => import('./drift.tsx'), 'Drift'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/run/matches',
    validateSearch: searchOf('item', 'verdict', 'kind', 'run', 'all'),
    component: lazyRouteComponent(() => import('./matches.tsx'), 'Matches'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/run/matches/$id',
    component: lazyRouteComponent(() => import('./match.tsx'), 'MatchPage'),
  }),
] as const;
