// 政策: the items, writing one, its review, its versions.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

const at = { getParentRoute: () => root } as const;

export const policyRoutes = [
  createRoute({
    ...at,
    path: '/policy',
    validateSearch: searchOf('state', 'find'),
    component: lazyRouteComponent(() => import('./policies.tsx'), 'PoliciesPage'),
  }),
  createRoute({
    ...at,
    path: '/policy/new',
    validateSearch: searchOf('copy'),
    component: lazyRouteComponent(() => import('./start.tsx'), 'StartPage'),
  }),
  createRoute({
    ...at,
    path: '/policy/drafts/$id',
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(() => import('./editor.tsx'), 'EditorPage'),
  }),
  createRoute({
    ...at,
    path: '/policy/reviews/$id',
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(() => import('./review.tsx'), 'ReviewPage'),
  }),
  createRoute({
    ...at,
    path: '/policy/items/$id',
    validateSearch: searchOf('version', 'tab'),
    component: lazyRouteComponent(() => import('./version.tsx'), 'VersionPage'),
  }),
] as const;
