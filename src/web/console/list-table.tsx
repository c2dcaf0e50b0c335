// A list: head that stays, figures right and tabular, why there is nothing where there is nothing. A row opens by Enter, arrows go from row to row. Long lists
// stand in the page only where they are looked at; those by cursor ask for more as their end comes near.
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { type Key, type KeyboardEvent, type ReactNode, useMemo, useState } from 'react';
import { Nothing } from './page.tsx';
import { Trouble } from './trouble.tsx';
import { useWindowed, Windowed, windowedBody } from './windowed.tsx';
import { countText } from './words.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Right-aligned tabular figures. */
  readonly figure?: boolean;
  /** Pixels. */
  readonly width?: number;
  /** May break into lines; others keep to one and are cut off, figures never. */
  readonly long?: boolean;
}

export interface Rows<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

interface Picking {
  readonly picked: readonly string[];
  readonly onPick: (ids: readonly string[]) => void;
}

interface Shape<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly idOf: (row: Row) => string;
  readonly empty: ReactNode;
  readonly picking?: Picking | undefined;
  readonly open?: ((row: Row) => ReactNode) | undefined;
}

/** Rows to be picked stand there whole, so many at first: 全选 means what is there. */
const mostAtOnce = 100;
/** From how many rows on only what is looked at is drawn; fewer stand there whole, to be searched by the browser. */
const windowedFrom = 150;

/** On a row that has the focus: Enter opens what it leads to, arrows go on. */
const onRowKey = (event: KeyboardEvent<HTMLElement>): void => {
  const row = event.currentTarget;
  if (event.target !== row) return;
  if (event.key === 'Enter') {
    event.preventDefault();
    const way = row.querySelector<HTMLElement>('td a[href], td button:not([disabled]):not(.ant-table-row-expand-icon):not(.code)');
    (way ?? row).click();
  }
  const down = event.key === 'ArrowDown';
  if (!down && event.key !== 'ArrowUp') return;
  event.preventDefault();
  let next = down ? row.nextElementSibling : row.previousElementSibling;
  while (next !== null && !(next instanceof HTMLElement && next.dataset.index !== undefined))
    next = down ? next.nextElementSibling : next.previousElementSibling;
  next?.focus();
};

const pickingOf = (picking: Picking, all: string) => ({
  rowSelection: {
    selectedRowKeys: picking.picked as Key[],
    onChange: (keys: Key[]) => picking.onPick(keys.map(String)),
    columnWidth: 36,
    getTitleCheckboxProps: () => ({ 'aria-label': all }),
    getCheckboxProps: () => ({ 'aria-label': '选这一行' }),
  },
});

interface PickedOf {
  readonly there: readonly string[];
  readonly picked: readonly string[];
  /** How many more there are; null: nobody knows yet. */
  readonly beyond: number | null;
}

/** Whoever ticked all of what is listed has not ticked all there is. */
const AllPicked = ({ there, picked, beyond }: PickedOf) => {
  const held = useMemo(() => new Set(picked), [picked]);
  if (beyond === 0 || there.length === 0 || !there.every((id) => held.has(id))) return null;
  return (
    <p className="hint" role="status">
      选中的是列出的 {countText(there.length)} 条；{beyond === null ? '后面还没有列出来的' : `另外 ${countText(beyond)} 条还没有列出来`}
      ，没有选上。先办这些，或者再列一些接着选。
    </p>
  );
};

const columnOf = <Row extends object>(column: Column<Row>) => ({
  title: column.title,
  key: column.title,
  render: (_: unknown, row: Row) => column.cell(row),
  ...(column.width === undefined ? {} : { width: column.width }),
  ...(column.figure === true ? { align: 'right' as const, className: 'figure' } : {}),
  ...(column.long === true || column.figure === true ? {} : { ellipsis: { showTitle: true } }),
});

/** Rows that are there. */
export const RowTable = <Row extends object>({
  label,
  columns,
  idOf,
  empty,
  picking,
  open,
  rows,
  more,
  further = false,
}: Shape<Row> & {
  readonly rows: readonly Row[];
  readonly more?: (() => void) | undefined;
  /** There are rows that were not asked for yet. */
  readonly further?: boolean;
}) => {
  const [most, setMost] = useState(mostAtOnce);
  const there = picking === undefined || more !== undefined ? rows : rows.slice(0, most);
  const windowed = picking === undefined && there.length >= windowedFrom;
  const { box, rows: drawn, above, below } = useWindowed(there.length, windowed, more);
  if (rows.length === 0) return <Nothing>{empty}</Nothing>;
  const beyond = further ? null : rows.length - there.length;
  return (
    <>
      {picking === undefined ? null : <AllPicked there={there.map(idOf)} picked={picking.picked} beyond={beyond} />}
      <div ref={box}>
        <Windowed edges={{ above, below, columns: columns.length + (open === undefined ? 0 : 1) }}>
          <Table<Row>
            aria-label={label}
            {...(windowed ? { 'aria-rowcount': rows.length + 1 } : {})}
            size="small"
            pagination={false}
            {...(windowed ? { components: windowedBody, tableLayout: 'fixed' as const } : {})}
            dataSource={there.slice(drawn.first, drawn.end) as Row[]}
            rowKey={idOf}
            columns={columns.map(columnOf)}
            onRow={(_, at = 0) =>
              ({
                tabIndex: at === 0 ? 0 : -1,
                'data-index': drawn.first + at,
                onKeyDown: onRowKey,
                ...(windowed ? { 'aria-rowindex': drawn.first + at + 2 } : {}),
              }) as object
            }
            {...(picking === undefined ? {} : pickingOf(picking, beyond === 0 ? '全选' : `全选列出的 ${countText(there.length)} 条`))}
            {...(open === undefined ? {} : { expandable: { expandedRowRender: (row: Row) => open(row), expandRowByClick: true } })}
          />
        </Windowed>
      </div>
      {rows.length > there.length ? (
        <div className="list-foot">
          <span className="hint">
            共 {countText(rows.length)} 条，先列 {countText(there.length)} 条
          </span>
          <Button size="small" onClick={() => setMost(most + mostAtOnce)}>
            再列 {mostAtOnce} 条
          </Button>
        </div>
      ) : null}
    </>
  );
};

interface Listed<Row> extends Shape<Row> {
  readonly queryKey: QueryKey;
  readonly ask: (cursor: string | undefined) => Promise<Rows<Row>>;
  /** Below the table: sums and the like, of the rows shown. */
  readonly foot?: (rows: readonly Row[]) => ReactNode;
}

/** Rows that are asked for, a page at a time: the next one as the end comes near, or by its button. */
export const ListTable = <Row extends object>({ queryKey, ask, foot, ...shape }: Listed<Row>) => {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Rows<Row>) => last.next ?? undefined,
  });
  if (error !== null && data === undefined) return <Trouble error={error} again={() => void refetch()} />;
  if (data === undefined) return <Nothing>正在读取…</Nothing>;
  const rows = data.pages.flatMap((page) => page.rows);
  const more = () => {
    if (hasNextPage && !isFetching && error === null) void fetchNextPage();
  };
  return (
    <>
      <RowTable {...shape} rows={rows} more={more} further={hasNextPage} />
      {error === null ? null : <Trouble error={error} again={() => void fetchNextPage()} />}
      <div className="list-foot">
        {rows.length === 0 ? null : (
          <span className="hint">{hasNextPage ? `已列出 ${countText(rows.length)} 条，还有` : `共 ${countText(rows.length)} 条`}</span>
        )}
        {foot?.(rows)}
        {hasNextPage ? (
          <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            再列一些
          </Button>
        ) : null}
      </div>
    </>
  );
};
