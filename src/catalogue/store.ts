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

export const numberOf = async (tx: Tx, hash: string): Promise<number | null> => {
  const [row] = await tx.select({ number: catalogueVersion.number }).from(catalogueVersion).where(eq(catalogueVersion.hash, hash)).limit(1);
  return row?.number ?? null;
};

/** 0 before the first. */
export const newestNumber = async (db: Db | Tx): Promise<number> => {
  const [row] = await db.select({ number: catalogueVersion.number }).from(catalogueVersion).orderBy(desc(catalogueVersion.number)).limit(1);
  return row?.number ?? 0;
};

export interface NewCatalogue {
  readonly number: number;
  readonly catalogue: Catalogue;
  readonly maker: string;
  readonly checker: string;
  readonly at: Date;
}

/** False when another publisher took the number or the hash first. */
export const insertCatalogue = async (tx: Tx, row: NewCatalogue): Promise<boolean> => {
  const { hash, ...content } = row.catalogue;
  const made = await tx
    .insert(catalogueVersion)
    .values({ number: row.number, hash, content, publishedAt: row.at, preparedBy: row.maker, publishedBy: row.checker })
    .onConflictDoNothing()
    .returning({ number: catalogueVersion.number });
  return made.length > 0;
};

/** The catalogues published so far, newest first; without their content. */
export const catalogueVersions = async (db: Db): Promise<readonly Omit<CatalogueVersion, 'catalogue'>[]> =>
  db
    .select({
      number: catalogueVersion.number,
      publishedAt: catalogueVersion.publishedAt,
      publishedBy: catalogueVersion.publishedBy,
    })
    .from(catalogueVersion)
    .orderBy(desc(catalogueVersion.number));

/** null: there is no such number. */
export const catalogueNumbered = async (db: Db, number: number): Promise<CatalogueVersion | null> => {
  const [row] = await db.select().from(catalogueVersion).where(eq(catalogueVersion.number, number)).limit(1);
  return row === undefined ? null : versionOf(row);
};
