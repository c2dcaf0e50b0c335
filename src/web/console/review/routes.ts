// 审核: the queues, one page for all of them; attestations and ratings have acts of their own.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

export const reviewRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/review/attestations',
    validateSearch: searchOf('state', 'whose', 'item', 'late'),
    component: lazyRouteComponent(() => import('./attestations.tsx'), 'Attestations'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/review/ratings',
    validateSearch: searchOf('all', 'whose', 'item', 'late'),
    component: lazyRouteComponent(() => import('./ratings.tsx'), 'Ratings'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/review/certifications',
    validateSearch: searchOf('state', 'village', 'whose', 'item', 'late'),
    component: lazyRouteComponent(() => import('./certifications.tsx'), 'Certifications'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/review/stops',
    validateSearch: searchOf('show', 'state'),
    component: lazyRouteComponent(() => import('./stops.tsx'), 'Stops'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/review/$queue',
    validateSearch: searchOf('whose', 'item', 'late'),
    component: lazyRouteComponent(() => import('./queue.tsx'), 'QueuePage'),
  }),
] as const;
