// Datasets by their titles, asked once.
import { useQuery } from '@tanstack/react-query';
import { api, read } from '../client.ts';

/** The title of a dataset by its id; the id while titles are on their way. */
export const useDatasetTitle = (): ((id: string) => string) => {
  const { data } = useQuery({ queryKey: ['datasets'], queryFn: () => read(api.datasets.$get({ query: {} })), staleTime: 60_000 });
  const titles = new Map(data?.rows.map((one) => [one.id, one.title]));
  return (id) => titles.get(id) ?? id;
};
