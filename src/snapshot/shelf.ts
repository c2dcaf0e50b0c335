// The books of a block: its sealed records, some rows in each, of which only those are read that somebody asks for. Who looks at one person reads one book,
// and a run after little has changed a few.
import { openPages, type Pages, type Room } from './pages.ts';
import { bookStart, type Leaf } from './snapshot.ts';

/** One book on the shelf; `bytes` where it has been read already. */
type Book = Pick<Leaf, 'column' | 'hash'> & { readonly bytes?: Uint8Array | undefined };

export interface Shelf extends Pages {
  /** Makes `facts` answer for these rows. */
  ready(rows: Iterable<number>): Promise<void>;
}

/** Bytes by hash. */
type Read = (books: readonly Book[]) => Promise<ReadonlyMap<string, Uint8Array>>;

/** `all` may hold other columns as well. Up to `cachedBytes` of inflated text are kept of all books together. */
export const openShelf = (all: Iterable<Book>, cachedBytes: number, read: Read): Shelf => {
  const room: Room = { left: cachedBytes };
  const books = [...all].flatMap((book) => {
    const first = bookStart(book.column);
    return first === null ? [] : [{ first, book, pages: book.bytes === undefined ? null : openPages(book.bytes, room) }];
  });
  books.sort((a, b) => a.first - b.first);
  const at = (row: number) => books.findLast(({ first }) => first <= row);
  return {
    ready: async (rows) => {
      const wanted = new Set<(typeof books)[number]>();
      for (const row of rows) {
        const one = at(row);
        if (one !== undefined && one.pages === null) wanted.add(one);
      }
      if (wanted.size === 0) return;
      const found = await read([...wanted].map(({ book }) => book));
      for (const one of wanted) {
        const bytes = found.get(one.book.hash);
        if (bytes !== undefined) one.pages ??= openPages(bytes, room);
      }
    },
    facts: (row) => {
      const one = at(row);
      if (one === undefined || one.pages === null) throw new Error('records were not loaded');
      return one.pages.facts(row - one.first);
    },
  };
};
