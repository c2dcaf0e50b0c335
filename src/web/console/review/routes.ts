// 审核: the queues, one page for all of them.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';

export const reviewRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/review/$queue',
    component: lazyRouteComponent(() => import('./queue.tsx'), 'QueuePage'),
  }),
] as const;
