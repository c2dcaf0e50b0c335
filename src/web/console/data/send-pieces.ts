// A delivery goes up in pieces, each read from the disk as it is sent: a file larger than the page's memory, too. What is too large is not even begun.
import { uploadLimits } from '../../../record/upload-limits.ts';
import { api, fitFile, read } from '../client.ts';
import { sha256Of } from './sha256.ts';
import type { kindTexts } from './words.ts';

export type Kind = keyof typeof kindTexts;
export interface Wanted {
  readonly dataset: string;
  readonly kind: Kind;
  readonly asOf: string;
  readonly division: string;
  readonly corrects?: string | undefined;
}
export interface Up {
  readonly id: string;
  readonly sha256: string;
}

const goOn = (signal: AbortSignal): void => {
  if (signal.aborted) throw new DOMException('given up', 'AbortError');
};

/** As much as is read at once. */
const pieceBytes = 4_000_000;

const hashOf = async (file: File, signal: AbortSignal): Promise<string> => {
  const hash = sha256Of();
  for (let at = 0; at < file.size; at += pieceBytes) {
    goOn(signal);
    hash.add(new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer()));
  }
  return hash.end();
};

/** Sends the file from where the server says it has got to; `signal` gives it up between two pieces. */
export const sendPieces = async (
  file: File,
  { dataset, kind, asOf, division, corrects }: Wanted,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<Up> => {
  fitFile(file, uploadLimits.fileBytes, '请分区划或分批导入。');
  const sha256 = await hashOf(file, signal);
  const place = division.trim() === '' ? null : division.trim();
  const json = {
    dataset,
    kind,
    asOf,
    division: place,
    fileName: file.name.slice(0, 200),
    bytes: file.size,
    ...(corrects === undefined ? {} : { corrects }),
  };
  const mark = sha256Of();
  mark.add(new TextEncoder().encode(JSON.stringify([json, sha256])));
  const headers = { headers: { 'idempotency-key': `console-${mark.end().slice(0, 40)}` } };
  let state = await read(api.uploads.$post({ json: json as never }, headers));
  while (state.received < state.bytes) {
    goOn(signal);
    state = (await read(
      fetch(`/api/uploads/${state.id}/${state.received}`, {
        method: 'PUT',
        body: file.slice(state.received, state.received + state.chunkBytes),
        headers: { 'content-type': 'application/octet-stream', accept: 'application/json' },
        signal,
      }),
    )) as typeof state;
    told(state.received / Math.max(1, state.bytes));
  }
  told(1);
  return { id: state.id, sha256 };
};
