// Filters live in the address: texts by name, nothing else, so that a link shows the same to whoever opens it.
import { useLocation, useNavigate } from '@tanstack/react-router';

export type Search<Name extends string> = { readonly [N in Name]?: string };

/** What a route reads from its address: these names as text; others are left out. */
export const searchOf =
  <Name extends string>(...names: readonly Name[]) =>
  (given: Readonly<Record<string, unknown>>): Search<Name> =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = given[name];
        return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
      }),
    ) as Search<Name>;

/** The filters of this page and the way to change them: undefined and '' take one away. */
export const useFilters = <Name extends string>(): readonly [
  Search<Name>,
  (change: { readonly [N in Name]?: string | undefined }) => void,
] => {
  const search = useLocation().search as Search<Name>;
  const navigate = useNavigate();
  return [
    search,
    (change) => {
      const next = Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== ''));
      void navigate({ to: '.', search: next as never, replace: true });
    },
  ];
};
