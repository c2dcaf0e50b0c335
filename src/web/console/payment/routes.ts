// 拨付: the addresses of finance.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { root } from '../root.tsx';
import { searchOf } from '../search.ts';

export const paymentRoutes = [
  createRoute({
    getParentRoute: () => root,
    path: '/payment/openings',
    component: lazyRouteComponent(() => import('./openings.tsx'), 'Openings'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/batches',
    validateSearch: searchOf('state', 'item'),
    component: lazyRouteComponent(() => import('./batches.tsx'), 'Batches'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/batches/$id',
    validateSearch: searchOf('tab'),
    component: lazyRouteComponent(() => import('./batch.tsx'), 'BatchPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/records',
    validateSearch: searchOf('item', 'state'),
    component: lazyRouteComponent(() => import('./records.tsx'), 'Records'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/records/$id',
    component: lazyRouteComponent(() => import('./record.tsx'), 'RecordPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/results',
    component: lazyRouteComponent(() => import('./results.tsx'), 'Results'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/suspense',
    validateSearch: searchOf('settled'),
    component: lazyRouteComponent(() => import('./suspense.tsx'), 'Suspense'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/returned',
    validateSearch: searchOf('item'),
    component: lazyRouteComponent(() => import('./returned.tsx'), 'Returned'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/recoveries',
    validateSearch: searchOf('state'),
    component: lazyRouteComponent(() => import('./recoveries.tsx'), 'Recoveries'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/budgets',
    validateSearch: searchOf('item', 'year'),
    component: lazyRouteComponent(() => import('./budgets.tsx'), 'Budgets'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/budgets/$item/$year',
    validateSearch: searchOf('way'),
    component: lazyRouteComponent(() => import('./budget.tsx'), 'BudgetPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/sources',
    validateSearch: searchOf('item', 'year', 'ended', 'act'),
    component: lazyRouteComponent(() => import('./sources.tsx'), 'FundingSources'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/days',
    validateSearch: searchOf('act'),
    component: lazyRouteComponent(() => import('./pay-days.tsx'), 'PayDays'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/month',
    validateSearch: searchOf('month', 'item'),
    component: lazyRouteComponent(() => import('./month.tsx'), 'MonthPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/outlook',
    component: lazyRouteComponent(() => import('./outlook.tsx'), 'Outlook'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/payment/statement',
    validateSearch: searchOf('month', 'by', 'item'),
    component: lazyRouteComponent(() => import('./statement.tsx'), 'Statement'),
  }),
] as const;
