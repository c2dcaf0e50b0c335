// ISO 20022 messages as records: everything below one repeated element, as paths and texts, streamed, with bounded depth and no document types. What
// stands outside those elements is handed out last, as the message's head.
import { readXml } from '../sheet/xml.ts';

export type Fields = ReadonlyMap<string, string>;

/** A message has few fields outside its records; more is no message. */
const maxHead = 2_000;

/**
 * Calls `visit` per element called `tag` (the outermost where they nest) with its fields by path; `around` are the texts of the elements it stands in
 * that came before it. Returns the head. Throws ProblemError for what is no XML.
 */
export const xmlRecords = async (
  bytes: AsyncIterable<Uint8Array>,
  tag: string,
  visit: (fields: Fields, around: Fields) => void,
): Promise<Fields> => {
  const path: string[] = [];
  const head = new Map<string, string>();
  let record: { readonly depth: number; readonly fields: Map<string, string> } | null = null;
  let text = '';
  const handler = {
    open: (name: string, attributes: Readonly<Record<string, string>>): void => {
      path.push(name);
      text = '';
      if (record === null && name === tag) record = { depth: path.length, fields: new Map() };
      else if (record !== null && attributes.Ccy !== undefined)
        record.fields.set(`${path.slice(record.depth).join('/')}@Ccy`, attributes.Ccy);
    },
    text: (piece: string): void => {
      text += piece;
    },
    close: (name: string): void => {
      if (record !== null && path.length === record.depth) {
        visit(record.fields, head);
        record = null;
      } else if (text.trim() !== '') {
        const into = record?.fields ?? head;
        const at = path.slice(record?.depth ?? 2).join('/');
        if (into !== head || head.size < maxHead) into.set(at, text.trim());
      } else if (record === null && name !== tag) forget(head, path.slice(2).join('/'));
      path.pop();
      text = '';
    },
  };
  for await (const _piece of readXml(bytes, handler)) void _piece;
  return head;
};

/** What stood in an element that is closed says nothing of the next: an entry's amount is not its neighbour's. */
const forget = (head: Map<string, string>, at: string): void => {
  if (!/(?:^|\/)(?:Ntry|OrgnlPmtInfAndSts|TxDtls)$/.test(at)) return;
  for (const key of [...head.keys()]) if (key.startsWith(`${at}/`)) head.delete(key);
};
