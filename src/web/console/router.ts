// The addresses of the console, gathered from its rooms, and the cache of what was asked.
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { Refusal } from './client.ts';
import { dataRoutes } from './data/routes.ts';
import { inboxRoutes } from './inbox/routes.ts';
import { oversightRoutes } from './oversight/routes.ts';
import { paymentRoutes } from './payment/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { policyRoutes } from './policy/routes.ts';
import { reviewRoutes } from './review/routes.ts';
import { root } from './root.tsx';
import { runRoutes } from './run/routes.ts';
import { settingsRoutes } from './settings/routes.ts';

const isSignedOut = (error: Error): boolean => error instanceof Refusal && error.code === 'auth.sign-in';

/** What a lost post would have hidden stays as it was read, with all that is half written on it. Whatever is refused or gone by now, who sits here is asked anew, and the
 * frame says what has changed. */
const keepRead: NonNullable<QueryCache['config']['onError']> = (error, query) => {
  if (!(error instanceof Refusal && (error.status === 403 || error.status === 404)) || query.state.data === undefined) return;
  if (error.code === 'scope.role') query.setState({ status: 'success', error: null });
  void queryClient.invalidateQueries({ queryKey: ['session'] });
};

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: keepRead }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the server has decided is not asked again; a broken line is, once, and what was asked as the session ended: by now somebody is back.
      retry: (failures, error) => failures < 1 && !(error instanceof Refusal && error.status !== 0 && !isSignedOut(error)),
      retryDelay: (_, error) => (isSignedOut(error) ? 0 : 1_000),
    },
  },
});

export const router = createRouter({
  routeTree: root.addChildren([
    ...inboxRoutes,
    ...paymentRoutes,
    ...peopleRoutes,
    ...policyRoutes,
    ...reviewRoutes,
    ...dataRoutes,
    ...runRoutes,
    ...oversightRoutes,
    ...settingsRoutes,
  ]),
  basepath: '/console',
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
