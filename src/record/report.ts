// The rows an import refused, as a file that can be corrected and brought again (`ImportRequest.corrects`): the delivered cells with the reasons in front.
import { stringify } from 'csv-stringify/sync';
import type { Db, Tx } from '../db/handle.ts';
import { deliveryById, refusedRows } from './delivery-store.ts';

/** Extra columns are passed over on import, so the reasons may stay in the file. */
export const reasonHeader = '问题';

/** A spreadsheet must not run what a department typed; the apostrophe is taken off again on import. */
const harmless = (cell: string): string => (/^(?:[=@+\t\r]|-(?!\d))/.test(cell) ? `'${cell}` : cell);

/** CSV text with BOM, in pieces; only the header when nothing was refused. It holds whole identity numbers: for the deliverer's eyes. */
export async function* refusedAsCsv(reader: Db | Tx, deliveryId: string): AsyncGenerator<string> {
  const delivery = await deliveryById(reader, deliveryId);
  const header = delivery?.totals?.header ?? [];
  yield `\ufeff${stringify([[reasonHeader, ...header]])}`;
  for await (const { row, reasons } of refusedRows(reader, deliveryId)) yield stringify([[reasons.join(' '), ...row].map(harmless)]);
}
