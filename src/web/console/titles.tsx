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

/** The title of an item by its id, with the authority where two bear the same one; `own`, else the id, while titles are on their way and for an item that is none. */
export const useTitle = (): ((id: string, own?: string) => string) => {
  const { data } = useItems();
  const titles = new Map(data?.map((one) => [one.id, one.title]));
  return (id, own = id) => titles.get(id) ?? own;
};

interface Choice {
  readonly value?: string | undefined;
  readonly onChange?: (id?: string) => void;
  readonly placeholder?: string;
  /** Given by a form: its label names the field then. */
  readonly id?: string;
}

export const ItemChoice = ({ value, onChange, placeholder = '全部事项', id }: Choice) => {
  const { data } = useItems();
  return (
    <Select
      {...(id === undefined ? { 'aria-label': '事项' } : { id })}
      placeholder={placeholder}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      style={{ width: id === undefined ? 340 : '100%' }}
      value={value}
      onChange={(next?: string) => onChange?.(next)}
      options={(data ?? []).map((one) => ({ value: one.id, label: one.title }))}
    />
  );
};
