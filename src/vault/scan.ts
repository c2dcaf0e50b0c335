// Scans that people hand in: what may be kept, and keeping it. By the first bytes, never by the name.
import { fail } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { keepFile } from './kept.ts';

const largest = 20_000_000;

const typeOf = (bytes: Uint8Array): string | null => {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (head.startsWith('%PDF-')) return 'application/pdf';
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (head === '\x89PNG\r\n\x1a\n') return 'image/png';
  return head.startsWith('II*\0') || head.startsWith('MM\0*') ? 'image/tiff' : null;
};

export interface Scan {
  readonly sha256: string;
  readonly mediaType: string;
  readonly size: number;
}

/** Keeps a scan, encrypted; the same bytes again are the same document. Throws `input.document`. */
export const keepScan = async (db: Db, bytes: Uint8Array, at: Date): Promise<Scan> => {
  const mediaType = typeOf(bytes);
  if (bytes.length > largest) fail('input.document', '', '扫描件太大。', '最大 20 MB；请降低分辨率后重新扫描。');
  if (mediaType === null) return fail('input.document', '', '这不是扫描件。', '请上传 PDF、JPEG、PNG 或 TIFF 文件。');
  const { sha256 } = await keepFile(
    db,
    {
      open: async function* () {
        yield bytes;
      },
    },
    at,
  );
  return { sha256, mediaType, size: bytes.length };
};
