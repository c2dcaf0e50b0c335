// What of a record rests encrypted: facts of the catalogue's class `sensitive`, whatever a dataset delivers as an account, phone or mail address, and the
// identity numbers of others: links to people, and lists that name them.
// They lie together in one sealed value per subject and dataset, `cells.$`: one decryption per row and not one per cell. Sealing is stable, so a repeated
// delivery is still seen to be the same by comparing what is stored. Delivered rows that were refused rest sealed as a whole.
import { sortedJson } from '../base/canonical.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { padded } from '../vault/text.ts';
import type { Vault } from '../vault/vault.ts';
import type { OwnCells } from './record.ts';

/** `cells` as the database has them. `f` names the facts inside, so that counting who was told what needs no key; a list of one, as every fact's
 * cells are a list. */
export type StoredCells = {
  readonly [fact: string]: unknown;
  readonly $?: readonly [{ readonly f: readonly string[]; readonly x: string }];
};

/** Shown masked where a cell is refused. */
const maskedFormats: ReadonlySet<string | undefined> = new Set(['account', 'phone', 'email', 'citizen-id']);

const known = new WeakMap<object, Map<string, ReadonlySet<string>>>();

/** Facts of a register that rest encrypted. */
export const secretFacts = (catalogue: Pick<Catalogue, 'registers' | 'facts' | 'datasets'>, register: string): ReadonlySet<string> => {
  const own = known.get(catalogue.facts) ?? new Map<string, ReadonlySet<string>>();
  known.set(catalogue.facts, own);
  let secret = own.get(register);
  if (secret === undefined) {
    const sensitive = catalogue.facts.filter((f) => f.register === register && f.sensitivity === 'sensitive').map((f) => f.key);
    const people = new Set(catalogue.registers.filter((r) => r.key === 'citizen-id').map((r) => r.id));
    const links = catalogue.facts.filter((f) => f.register === register && f.type === 'link' && people.has(f.to ?? '')).map((f) => f.key);
    const masked = catalogue.datasets
      .filter((d) => d.register === register)
      .flatMap((d) =>
        d.columns
          .filter((c) => maskedFormats.has(c.format) && !c.to.startsWith('$'))
          .map((c) => (d.shape === 'list' ? (d.fact ?? c.to) : c.to)),
      );
    secret = new Set([...sensitive, ...links, ...masked]);
    own.set(register, secret);
  }
  return secret;
};

const fromUtf8 = new TextDecoder();

export const partPlace = (register: string, dataset: string, key: string) => ['record_part', 'cells', register, dataset, key];

export const sealCells = (
  vault: Vault,
  at: { readonly register: string; readonly dataset: string; readonly key: string },
  secret: ReadonlySet<string>,
  cells: OwnCells,
): StoredCells => {
  const names = Object.keys(cells).filter((name) => secret.has(name));
  if (names.length === 0) return cells;
  const inside = Object.fromEntries(names.map((name) => [name, cells[name]]));
  const open = Object.fromEntries(Object.entries(cells).filter(([name]) => !secret.has(name)));
  const sealed = vault.sealStable(
    padded(sortedJson(inside as unknown as Parameters<typeof sortedJson>[0])),
    partPlace(at.register, at.dataset, at.key),
  );
  return { ...open, $: [{ f: names.sort(), x: Buffer.from(sealed).toString('base64') }] };
};

const isSeries = (v: unknown): v is Readonly<Record<string, unknown>> => typeof v === 'object' && v !== null && !Array.isArray(v);

/** Refused periods of a sealed series are noted beside it, in clear and without a figure: what is inside counts before them. */
export const joined = (outside: OwnCells[string] | undefined, inside: OwnCells[string]): OwnCells[string] => {
  const [blank, told] = [outside?.[0]?.v, inside[0]?.v];
  return isSeries(blank) && isSeries(told) ? [{ v: { ...blank, ...told } }] : inside;
};

/** Cells as they were delivered, whoever wrote them and with whichever key. `vault` is asked for only where something is sealed. */
export const openCells = (
  vault: () => Vault,
  at: { readonly register: string; readonly dataset: string; readonly key: string },
  stored: StoredCells,
): OwnCells => {
  if (stored.$ === undefined) return stored as OwnCells;
  const { $: sealed, ...open } = stored;
  const plain = vault().open(Buffer.from(sealed[0].x, 'base64'), partPlace(at.register, at.dataset, at.key));
  const inside = JSON.parse(fromUtf8.decode(plain)) as OwnCells;
  const cells: Record<string, OwnCells[string]> = { ...(open as OwnCells) };
  for (const name in inside) cells[name] = joined(cells[name], inside[name] as OwnCells[string]);
  return cells;
};

/** Seals what one import writes. */
export interface Sealer {
  /** True when the dataset delivers any secret fact. */
  readonly seals: boolean;
  /** Columns whose cells are not even shown masked. */
  readonly hidden: ReadonlySet<string>;
  cells(key: string, cells: OwnCells): StoredCells;
  open(key: string, stored: StoredCells): OwnCells;
  /** A delivered row kept for correction; null stays null (a warning, whose row came in). */
  row(line: number, row: readonly string[] | null): string | null;
}

export const rowPlace = (dataset: string, line: number) => ['delivery_problem', 'row', dataset, String(line)];

export const sealerOf = (vault: Vault, catalogue: Pick<Catalogue, 'registers' | 'facts' | 'datasets'>, delivered: Dataset): Sealer => {
  const { register, id: dataset, fact } = delivered;
  const secret = secretFacts(catalogue, register);
  const isHidden = ({ to, format }: Dataset['columns'][number]): boolean =>
    !to.startsWith('$') && !maskedFormats.has(format) && secret.has(delivered.shape === 'list' ? (fact ?? to) : to);
  return {
    seals: delivered.columns.some(({ to }) => secret.has(delivered.shape === 'list' ? (fact ?? to) : to)),
    hidden: new Set(delivered.columns.filter(isHidden).map((column) => column.header)),
    cells: (key, cells) => sealCells(vault, { register, dataset, key }, secret, cells),
    open: (key, stored) => openCells(() => vault, { register, dataset, key }, stored),
    row: (line, row) => (row === null ? null : sealRow(vault, dataset, line, row)),
  };
};

export const sealRow = (vault: Vault, dataset: string, line: number, row: readonly string[]): string =>
  Buffer.from(vault.sealStable(padded(JSON.stringify(row)), rowPlace(dataset, line))).toString('base64');

export const openRow = (vault: Vault, dataset: string, line: number, stored: string): readonly string[] =>
  JSON.parse(fromUtf8.decode(vault.open(Buffer.from(stored, 'base64'), rowPlace(dataset, line)))) as readonly string[];
