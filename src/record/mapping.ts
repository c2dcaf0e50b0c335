// Column mappings: proposing one for a file, and saving what a person has settled as the dataset's next version.
import { audit } from '../audit/audit.ts';
import { fail, ProblemError, problem } from '../base/problem.ts';
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import type { Format } from '../sheet/book.ts';
import type { Content } from '../sheet/content.ts';
import { type How, likeliest, type Mapping, mappingFrom, mappingKey } from './binding.ts';
import { lookInto } from './delivered.ts';
import { insertMapping, newestMapping } from './mapping-store.ts';

export interface Proposal {
  readonly format: Format;
  readonly headerLine: number;
  /** In the dataset's order; `label` null: no column of the file could be it. */
  readonly columns: readonly { readonly to: string; readonly label: string | null; readonly how: How | null; readonly scale: number }[];
  /** Labels of the file that no column takes. */
  readonly unused: readonly string[];
  /** What stands in the way of using it, in one sentence each. */
  readonly open: readonly string[];
  /** The version in force, and what the next one would be; null: the labels say it all, there is nothing to save. */
  readonly version: number | null;
  readonly labels: Mapping | null;
}

export interface Asked {
  readonly content: Content;
  readonly dataset: Dataset;
  readonly sheet: string | null;
  /** What a person says of single columns: the file's label → the dataset's header. */
  readonly given: readonly { readonly label: string; readonly to: string }[];
}

const withGiven = (before: Mapping, { given, dataset }: Asked): Mapping => {
  const headers = dataset.columns.map((c) => c.header);
  const wrong = given.filter((g) => !headers.includes(g.to));
  if (wrong.length > 0) {
    throw new ProblemError(
      wrong.map((g) => problem('import.mapping', g.to.slice(0, 60), '数据集里没有这一列。', `数据集的列是：${headers.join('、')}。`)),
    );
  }
  return { ...before, ...Object.fromEntries(given.map((g) => [mappingKey(g.label), { to: g.to, scale: 0 }])) };
};

/** What the file's columns could be. Nothing is written. Throws a ProblemError for a file that cannot be read at all. */
export const proposeMapping = async (db: Db, catalogue: Catalogue, asked: Asked): Promise<Proposal> => {
  const { dataset } = asked;
  const saved = await newestMapping(db, dataset.id);
  const labels = withGiven(saved?.labels ?? {}, asked);
  const { found, binding } = await lookInto(asked.content, dataset, catalogue, { version: saved?.version ?? 0, labels }, asked.sheet);
  const taken = new Set([...binding.columns.values()].map((c) => c.index));
  const near = new Map(likeliest(binding, found.header.labels));
  const open = [
    ...binding.missing.map((h) => {
      const like = near.get(h);
      return like === undefined ? `文件里没有“${h}”。` : `文件里没有“${h}”；最像的是“${like}”。`;
    }),
    ...binding.doubled.map((h) => `不止一列可能是“${h}”。`),
    ...binding.units.map((u) => `“${u.label}”的单位与“${u.header}”的对不上。`),
  ];
  const next = { ...labels, ...mappingFrom(binding) };
  const changed = JSON.stringify(sorted(next)) !== JSON.stringify(sorted(saved?.labels ?? {}));
  return {
    format: found.table.format,
    headerLine: found.header.line,
    columns: dataset.columns.map(({ header: to }) => {
      const c = binding.columns.get(to);
      return { to, label: c?.label ?? null, how: c?.how ?? null, scale: c?.scale ?? 0 };
    }),
    unused: found.header.labels.filter((label, i) => label !== '' && !taken.has(i)),
    open,
    version: saved?.version ?? null,
    labels: changed ? next : null,
  };
};

const sorted = (mapping: Mapping): readonly unknown[] => Object.entries(mapping).toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Saves the proposal as the dataset's next version, with who settled it. Returns the version. Throws `import.mapping` (something is open), `conflict.mapping`. */
export const saveMapping = async (
  db: Db,
  dataset: Dataset,
  proposal: Proposal,
  by: { readonly actor: string; readonly role: string; readonly at: Date },
): Promise<number | null> => {
  if (proposal.open.length > 0)
    fail(
      'import.mapping',
      dataset.id,
      `列的对应关系还没有定：${proposal.open.join('')}`,
      '用 --map “文件里的列名=数据集的列名” 指明，再保存。',
    );
  const { labels } = proposal;
  if (labels === null) return proposal.version;
  const version = (proposal.version ?? 0) + 1;
  return transaction(db, async (tx) => {
    if (!(await insertMapping(tx, { dataset: dataset.id, version, labels, madeAt: by.at, madeBy: by.actor })))
      fail('conflict.mapping', dataset.id, '另一个人刚刚保存了新的对应关系。', '请重新核对后再保存。');
    await audit(tx, {
      actor: by.actor,
      role: by.role,
      scope: { register: dataset.register, division: null },
      action: 'mapping.save',
      objectKind: 'dataset',
      objectId: dataset.id,
      after: { version, labels },
      at: by.at,
    });
    return version;
  });
};
