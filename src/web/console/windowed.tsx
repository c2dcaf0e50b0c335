// Long tables: only the rows near what is looked at stand in the page; the others are two empty rows of their height, above and below. Rows are counted in
// blocks, and a block is measured once it has been seen, so that rows may break into lines and open. The table stays a table: rows say their number.
import {
  createContext,
  type ReactNode,
  type RefObject,
  useCallback,
  useContext,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

/** A screen shows about twenty-four rows. */
const blockRows = 20;
/** Drawn beyond the edges of the screen, pixels. */
const margin = 300;
/** How near its end a list asks for more, pixels. */
const nearEnd = 500;
const usualRow = 37;

interface Edges {
  readonly above: number;
  readonly below: number;
  readonly columns: number;
}
const Window = createContext<Edges>({ above: 0, below: 0, columns: 1 });

const Space = ({ height }: { readonly height: number }) => {
  const { columns } = useContext(Window);
  return height <= 0 ? null : (
    <tr aria-hidden className="space">
      <td colSpan={columns} style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
};

/** The table's body with the empty rows around what is drawn. */
const Body = ({ children, ...rest }: { readonly children?: ReactNode }) => {
  const { above, below } = useContext(Window);
  return (
    <tbody {...rest}>
      <Space height={above} />
      {children}
      <Space height={below} />
    </tbody>
  );
};
/** For the table: its body as above. */
export const windowedBody = { body: { wrapper: Body } };

export const Windowed = ({ edges, children }: { readonly edges: Edges; readonly children: ReactNode }) => (
  <Window.Provider value={edges}>{children}</Window.Provider>
);

interface Stretch {
  readonly first: number;
  /** Behind the last. */
  readonly end: number;
}

/** Of a block nobody has looked at yet. */
const usualOf = (known: ReadonlyMap<number, number>): number => {
  let sum = 0;
  for (const one of known.values()) sum += one;
  return known.size === 0 ? blockRows * usualRow : sum / known.size;
};

/** `usual` is worked out once for many questions: there may be thousands of blocks. */
const height = (known: ReadonlyMap<number, number>, usual: number, from: number, to: number): number => {
  let sum = 0;
  for (let block = from; block < to; block++) sum += known.get(block) ?? usual;
  return sum;
};

export interface Windowing {
  readonly box: RefObject<HTMLDivElement | null>;
  /** Which rows are drawn. */
  readonly rows: Stretch;
  readonly above: number;
  readonly below: number;
}

/** Follows the page's own scrolling. `more`: called, again and again, while the end of the list is near. */
export const useWindowed = (count: number, on: boolean, more?: () => void): Windowing => {
  const box = useRef<HTMLDivElement>(null);
  const known = useRef(new Map<number, number>());
  const ask = useRef(more);
  ask.current = more;
  const blocks = Math.ceil(count / blockRows);
  const [shown, setShown] = useState<Stretch>({ first: 0, end: 3 });
  const look = useCallback(() => {
    const body = box.current?.querySelector('tbody')?.getBoundingClientRect();
    if (body === undefined) return;
    if (body.bottom < innerHeight + nearEnd) ask.current?.();
    if (!on) return;
    const [top, bottom] = [-body.top - margin, -body.top + innerHeight + margin];
    const usual = usualOf(known.current);
    const of = (block: number): number => known.current.get(block) ?? usual;
    let first = 0;
    let y = 0;
    for (let next = of(0); y + next < top && first < blocks - 1; next = of(first)) {
      y += next;
      first++;
    }
    let end = first;
    while (y < bottom && end < blocks) y += of(end++);
    end = Math.max(end, first + 1);
    setShown((before) => (before.first === first && before.end === end ? before : { first, end }));
  }, [on, blocks]);
  useEffect(() => {
    let asked = 0;
    const soon = () => {
      if (asked === 0)
        asked = requestAnimationFrame(() => {
          asked = 0;
          look();
        });
    };
    look();
    // Also of a part of the page that scrolls by itself.
    addEventListener('scroll', soon, { passive: true, capture: true });
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener('scroll', soon, { capture: true });
      removeEventListener('resize', soon);
    };
  }, [look]);
  // Blocks that are wholly drawn are as high as they stand there.
  useLayoutEffect(() => {
    const body = on ? box.current?.querySelector('tbody') : null;
    if (body == null) return;
    const tops = [...body.querySelectorAll<HTMLElement>('tr[data-index]')]
      .filter((row) => Number(row.dataset.index) % blockRows === 0)
      .map((row) => ({ block: Number(row.dataset.index) / blockRows, top: row.getBoundingClientRect().top }));
    for (const [i, one] of tops.entries()) {
      const next = tops[i + 1];
      if (next !== undefined && next.block === one.block + 1) known.current.set(one.block, next.top - one.top);
    }
  });
  const rows = on ? { first: shown.first * blockRows, end: Math.min(count, shown.end * blockRows) } : { first: 0, end: count };
  const usual = on ? usualOf(known.current) : 0;
  return {
    box,
    rows,
    above: on ? height(known.current, usual, 0, shown.first) : 0,
    below: on && shown.end < blocks ? height(known.current, usual, shown.end, blocks) : 0,
  };
};
