// ISO 20022 messages as records: everything below one repeated element, as paths and texts, streamed, with bounded depth and no document types. What
// stands outside those elements is handed out last, as the message's head.
import { readXml } from '../sheet/xml.ts';

export type Fields = ReadonlyMap<string, string>;

/** A message has few fields outside its records; more is no message. */
const maxHead = 2_000;

/**
 * Calls `visit` per element called `tag` (the outermost where they nest) with its fields by path; `around` are the texts of the elements it stands in
 * that came before it. `hollow` is told of every element of its tag that held no record. Returns the head. Throws ProblemError for what is no XML.
 */
export const xmlRecords = async (
  bytes: AsyncIterable<Uint8Array>,
  tag: string,
  visit: (fields: Fields, around: Fields) => void,
  hollow?: { readonly tag: string; readonly visit: (around: Fields) => void },
): Promise<Fields> => {
  const path: string[] = [];
  const head = new Map<string, string>();
  let record: { readonly depth: number; readonly fields: Map<string, string> } | null = null;
  let text = '';
  let inside = 0;
  const handler = {
    open: (name: string, attributes: Readonly<Record<string, string>>): void => {
      path.push(name);
      text = '';
      if (record === null && name === hollow?.tag) inside = 0;
      if (record === null && name === tag) {
        record = { depth: path.length, fields: new Map() };
        inside += 1;
      } else if (attributes.Ccy !== undefined && (record !== null || head.size < maxHead))
        (record?.fields ?? head).set(`${path.slice(record?.depth ?? 2).join('/')}@Ccy`, attributes.Ccy);
    },
    text: (piece: string): void => {
      text += piece;
    },
    close: (name: string): void => {
      if (record !== null && path.length === record.depth) {
        visit(record.fields, head);
        record = null;
      } else {
        const into = record?.fields ?? head;
        const at = path.slice(record?.depth ?? 2).join('/');
        if (text.trim() !== '' && (into !== head || head.size < maxHead)) into.set(at, text.trim());
        if (record === null && name === hollow?.tag && inside === 0) hollow.visit(head);
        if (record === null) forget(head, at);
      }
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
