// 拨付.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

export const paymentRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/payment/batches',
    validateSearch: searchOf('state', 'item'),
    component: lazyRouteComponent(() => import('./batches.tsx'), 'Batches'),
  }),
] as const;
