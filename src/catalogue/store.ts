// Published catalogues: rows never change, a new content is a new number. The only SQL about the catalogue.
import { desc, eq } from 'drizzle-orm';
import { ProblemError } from '../base/problem.ts';
import type { Db, Tx } from '../db/handle.ts';
import { catalogueVersion } from '../db/schema.ts';
import type { Catalogue } from './catalogue.ts';
import { parseCatalogue } from './read.ts';

export interface CatalogueVersion {
  readonly number: number;
  readonly catalogue: Catalogue;
  readonly publishedAt: Date;
  readonly publishedBy: string;
}

type Row = typeof catalogueVersion.$inferSelect;

/** A published row was right when it was published; if a newer program finds it wrong, that must be seen, not guessed around. */
const versionOf = (row: Row): CatalogueVersion => {
  const result = parseCatalogue(row.content as Record<string, unknown>);
  if (!result.ok) throw new ProblemError(result.problems);
  return {
    number: row.number,
    catalogue: { ...result.catalogue, hash: row.hash },
    publishedAt: row.publishedAt,
    publishedBy: row.publishedBy,
  };
};

/** The catalogue in force; null before the first is published. */
export const newestCatalogue = async (db: Db | Tx): Promise<CatalogueVersion | null> => {
  const [row] = await db.select().from(catalogueVersion).orderBy(desc(catalogueVersion.number)).limit(1);
  return row === undefined ? null : versionOf(row);
};

/** The catalogue that evidence names. */
export const catalogueByHash = async (db: Db | Tx, hash: string): Promise<CatalogueVersion | null> => {
  const [row] = await db.select().from(catalogueVersion).where(eq(catalogueVersion.hash, hash)).limit(1);
  return row === undefined ? null : versionOf(row);
};

/** Publishes what is missing: the same content is never published twice, not even by two processes at once (unique hash, unique number). */
export const publishCatalogue = async (
  db: Db | Tx,
  catalogue: Catalogue,
  by: string,
  at: Date,
): Promise<{ readonly number: number; readonly published: boolean }> => {
  const { hash, ...content } = catalogue;
  // Two first starts may race for a number or for the hash: whoever loses looks again; a third try would mean a third competitor each time.
  for (let attempt = 0; attempt < 5; attempt++) {
    const [before] = await db
      .select({ number: catalogueVersion.number })
      .from(catalogueVersion)
      .where(eq(catalogueVersion.hash, hash))
      .limit(1);
    if (before !== undefined) return { number: before.number, published: false };
    const [newest] = await db
      .select({ number: catalogueVersion.number })
      .from(catalogueVersion)
      .orderBy(desc(catalogueVersion.number))
      .limit(1);
    const [made] = await db
      .insert(catalogueVersion)
      .values({ number: (newest?.number ?? 0) + 1, hash, content, publishedAt: at, publishedBy: by })
      .onConflictDoNothing()
      .returning({ number: catalogueVersion.number });
    if (made !== undefined) return { number: made.number, published: true };
  }
  throw new Error('catalogue: five publishers at once');
};
