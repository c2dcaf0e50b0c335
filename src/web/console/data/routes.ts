// 数据: the addresses of the data steward.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

export const dataRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/data/datasets',
    validateSearch: searchOf('state', 'department'),
    component: lazyRouteComponent(() => import('./datasets.tsx'), 'Datasets'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/datasets/$id',
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(() => import('./dataset.tsx'), 'DatasetPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/import',
    validateSearch: searchOf('dataset', 'corrects'),
    component: lazyRouteComponent(() => import('./import.tsx'), 'ImportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/deliveries/$id',
    component: lazyRouteComponent(() => import('./delivery.tsx'), 'DeliveryPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/held',
    component: lazyRouteComponent(() => import('./held.tsx'), 'Held'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/names',
    validateSearch: searchOf('dataset'),
    component: lazyRouteComponent(() => import('./names.tsx'), 'Names'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/requests',
    validateSearch: searchOf('department'),
    component: lazyRouteComponent(() => import('./requests.tsx'), 'Requests'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/requests/$item',
    validateSearch: searchOf('fact', 'dataset'),
    component: lazyRouteComponent(() => import('./waiting.tsx'), 'Waiting'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/quality',
    validateSearch: searchOf('measure', 'dataset'),
    component: lazyRouteComponent(() => import('./quality.tsx'), 'Quality'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/data/reference',
    validateSearch: searchOf('tab', 'tree', 'parent', 'text', 'version', 'region'),
    component: lazyRouteComponent(() => import('./reference.tsx'), 'Reference'),
  }),
] as const;
