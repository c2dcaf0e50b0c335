// Items by their titles, asked once: for lists, and to choose one by.
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { api, read } from './client.ts';

const useItems = () =>
  useQuery({
    queryKey: ['item-titles'],
    queryFn: () => read(api['item-titles'].$get()),
    staleTime: 10 * 60_000,
    select: ({ rows }) => rows,
  });

/** The title of an item by its id; the id while titles are on their way, and for an item that is none. */
export const useTitle = (): ((id: string) => string) => {
  const { data } = useItems();
  const titles = new Map(data?.map((one) => [one.id, one.title]));
  return (id) => titles.get(id) ?? id;
};

export const ItemChoice = ({ value, onChange }: { readonly value: string | undefined; readonly onChange: (id?: string) => void }) => {
  const { data } = useItems();
  return (
    <Select
      aria-label="事项"
      placeholder="全部事项"
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      style={{ width: 340 }}
      value={value}
      onChange={(id?: string) => onChange(id)}
      options={(data ?? []).map((one) => ({ value: one.id, label: one.title }))}
    />
  );
};
