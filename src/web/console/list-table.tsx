// A list by cursor: head that stays, figures right and tabular, 50 rows more on request, and why there is nothing where there is nothing.
import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import { Button, Table } from 'antd';
import { type Key, type ReactNode, useState } from 'react';
import { Nothing } from './page.tsx';
import { Trouble } from './trouble.tsx';
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
  /** Page by page already: nothing is kept back. */
  readonly all?: boolean;
}

/** More rows than these at once make a page slow, and nobody reads them. */
const mostAtOnce = 100;

/** Rows that are there, the first hundred of them until more are asked for. */
export const RowTable = <Row extends object>({
  label,
  columns,
  idOf,
  empty,
  picking,
  open,
  rows,
  all,
}: Shape<Row> & { readonly rows: readonly Row[] }) => {
  const [most, setMost] = useState(all === true ? Number.POSITIVE_INFINITY : mostAtOnce);
  if (rows.length === 0) return <Nothing>{empty}</Nothing>;
  return (
    <>
      <Table<Row>
        aria-label={label}
        size="small"
        pagination={false}
        dataSource={rows.slice(0, most) as Row[]}
        rowKey={idOf}
        columns={columns.map((column) => ({
          title: column.title,
          key: column.title,
          render: (_: unknown, row: Row) => column.cell(row),
          ...(column.width === undefined ? {} : { width: column.width }),
          ...(column.figure === true ? { align: 'right' as const, className: 'figure' } : {}),
          ...(column.long === true || column.figure === true ? {} : { ellipsis: { showTitle: true } }),
        }))}
        {...(picking === undefined
          ? {}
          : {
              rowSelection: {
                selectedRowKeys: picking.picked as Key[],
                onChange: (keys: Key[]) => picking.onPick(keys.map(String)),
                columnWidth: 36,
                getTitleCheckboxProps: () => ({ 'aria-label': '全选' }),
                getCheckboxProps: () => ({ 'aria-label': '选这一行' }),
              },
            })}
        {...(open === undefined ? {} : { expandable: { expandedRowRender: (row: Row) => open(row), expandRowByClick: true } })}
      />
      {rows.length > most ? (
        <div className="list-foot">
          <span className="hint">
            共 {countText(rows.length)} 条，先列 {countText(most)} 条
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

/** Rows that are asked for, a page at a time. */
export const ListTable = <Row extends object>({ queryKey, ask, foot, ...shape }: Listed<Row>) => {
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: Rows<Row>) => last.next ?? undefined,
  });
  if (error !== null) return <Trouble error={error} again={() => void refetch()} />;
  if (data === undefined) return <Nothing>正在读取…</Nothing>;
  const rows = data.pages.flatMap((page) => page.rows);
  return (
    <>
      <RowTable {...shape} rows={rows} all />
      <div className="list-foot">
        {rows.length === 0 ? null : (
          <span className="hint">{hasNextPage ? `已列出 ${countText(rows.length)} 条，还有` : `共 ${countText(rows.length)} 条`}</span>
        )}
        {foot?.(rows)}
        {hasNextPage ? (
          <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            再列 50 条
          </Button>
        ) : null}
      </div>
    </>
  );
};
