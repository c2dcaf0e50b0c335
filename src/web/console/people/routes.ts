// 查一人: the search, and the page of one person or firm. What was typed to find somebody stands in no address.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

export const peopleRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/people',
    validateSearch: searchOf('act'),
    component: lazyRouteComponent(() => import('./search.tsx'), 'FindPerson'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/people/$id',
    validateSearch: searchOf('reason', 'order', 'tab', 'item', 'period', 'act'),
    component: lazyRouteComponent(() => import('./person.tsx'), 'PersonPage'),
  }),
] as const;
