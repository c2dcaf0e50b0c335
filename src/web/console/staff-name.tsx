// A colleague by name where only the user name is kept: who wrote a rule, who looked at it.
import { useQuery } from '@tanstack/react-query';
import { api, read } from './client.ts';

/** The user name itself while names are on their way, and of whoever has no account (a rule published from the command line). */
export const StaffName = ({ username }: { readonly username: string | null }) => {
  const { data } = useQuery({
    queryKey: ['staff-names'],
    queryFn: () => read(api['staff-names'].$get()),
    staleTime: 10 * 60_000,
    select: ({ rows }) => new Map(rows.map((one) => [one.username, one.name])),
  });
  return username === null ? null : (data?.get(username) ?? username);
};
