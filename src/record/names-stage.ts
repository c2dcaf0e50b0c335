// Where an import of a list keyed by name differs from any other: the list's own validity where its rows have none, names replaced by keys, what is left over.
import type { Tx } from '../db/handle.ts';
import type { Row } from '../sheet/row.ts';
import type { Delivered } from './delivered.ts';
import type { Plan } from './import.ts';
import { filterOf } from './land.ts';
import { datedRow, landNames, type NamedList, resolveNames } from './names.ts';
import { listNoteOf } from './names-store.ts';
import type { Staged } from './stage.ts';
import type { DataRows } from './table.ts';

/** null: the dataset's rows carry keys. */
export const namesIn = async (tx: Tx, plan: Plan, deliveryId: string, { layout, data }: Delivered): Promise<NamedList | null> => {
  if (plan.dataset.keyedBy !== 'name') return null;
  const { division } = plan.request;
  const note = await listNoteOf(tx, deliveryId);
  async function* dated(): AsyncGenerator<readonly Row[]> {
    for await (const rows of data.rows()) yield rows.map((row) => ({ ...row, cells: [...datedRow(layout, note, row.cells)] }));
  }
  const filter = division === null ? null : filterOf(plan, [division]);
  return resolveNames(tx, { division, filter, sealer: plan.sealer, layout }, dated());
};

/** What is staged: all rows, or of a list by name those whose subject is known. */
export const rowsIn = (data: DataRows, list: NamedList | null): DataRows =>
  list === null
    ? data
    : {
        async *rows() {
          yield list.rows;
        },
        get skipped() {
          return data.skipped;
        },
        stated: data.stated,
      };

/** Rows that wait for a person have been read all the same. */
export const withLeftOver = (staged: Staged, list: NamedList | null): Staged =>
  list === null ? staged : { ...staged, read: staged.read + list.named.length - list.rows.length };

export const landList = async (tx: Tx, plan: Plan, deliveryId: string, list: NamedList | null): Promise<void> => {
  if (list === null) return;
  const { id: dataset, register } = plan.dataset;
  await landNames(tx, { deliveryId, dataset, register, division: plan.request.division ?? '' }, plan.delivery.asOf, list.named);
};
