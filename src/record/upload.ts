// A file over HTTP, in chunks: opened under a key of the sender's, sent from the offset it has got to, ended with the hash of the whole, then imported like
// any other delivery. Each chunk is one transaction; killed anywhere, the sender asks where to go on, and a file that is complete is imported by whoever
// comes next. Chunks rest sealed and go when the file is in.
import { createHash } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { canonicalJson } from '../base/canonical.ts';
import type { Day } from '../base/day.ts';
import { fail, ProblemError } from '../base/problem.ts';
import type { Catalogue, Dataset, DeliveryKind } from '../catalogue/catalogue.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { vaultOf } from '../vault/hold.ts';
import { receive } from './decide.ts';
import { type ImportOptions, type ImportReport, reportOf } from './import.ts';
import { type Asked, type Proposal, proposeMapping } from './mapping.ts';
import { spooled } from './spool.ts';
import { uploadLimits } from './upload-limits.ts';
import * as store from './upload-store.ts';

export interface UploadRequest {
  readonly dataset: string;
  readonly kind: DeliveryKind;
  readonly division: string | null;
  readonly asOf: Day;
  readonly fileName: string;
  readonly role: string;
  readonly corrects?: string;
}

export interface Sender {
  /** Account id, or `token:<id>`. */
  readonly owner: string;
  readonly now: Date;
}

/** The same key opens the same file again, wherever it has got to. */
export const openUpload = (db: Db, sender: Sender, key: string, request: UploadRequest, bytes: number): Promise<store.Upload> =>
  transaction(db, async (tx) => {
    if (bytes < 1 || bytes > uploadLimits.fileBytes)
      fail('input.too-large', '/bytes', `文件要在 1 字节到 ${uploadLimits.fileBytes / 1_000_000} MB 之间。`, '请分区划或分批交付。');
    const { upload, fresh } = await store.openUpload(tx, { owner: sender.owner, key, request, bytes, at: sender.now });
    if (!fresh && (canonicalJson(upload.request) !== canonicalJson(request) || upload.bytes !== bytes))
      fail('conflict.idempotency', '', '这个幂等键已经用于另一份交付。', '另一份文件请换一个键。');
    if (fresh && (await store.countOpenUploads(tx, sender.owner)) > uploadLimits.open)
      fail('limit.uploads', '', '还没有传完的文件太多。', `先传完再开新的；${uploadLimits.idleHours} 小时没有动静的会被清掉。`);
    return upload;
  });

/** Somebody else's upload is not there. */
const own = async (reader: Db | Tx, sender: Sender, id: string, lock: boolean): Promise<store.Upload> => {
  const upload = await store.uploadById(reader, id, lock);
  return upload !== null && upload.owner === sender.owner
    ? upload
    : fail('missing.upload', '', '没有这个上传，或者不是您开的。', '请重新开始一个上传。');
};

export const uploadState = (db: Db, sender: Sender, id: string): Promise<store.Upload> => own(db, sender, id, false);

export const chunkPlace = (id: string, position: number): readonly string[] => ['upload_chunk', id, String(position)];

/** Takes the next chunk; one that is here already (its answer was lost) is taken as sent. Refuses any other offset with `state.upload-offset`. */
export const takeChunk = (db: Db, sender: Sender, id: string, offset: number, bytes: Uint8Array): Promise<store.Upload> =>
  transaction(db, async (tx) => {
    const upload = await own(tx, sender, id, true);
    if (upload.state !== 'open') return fail('state.upload', '', '这个上传已经结束。', '请看它的结果，或重新开始一个上传。');
    const end = offset + bytes.length;
    if (bytes.length === 0 || bytes.length > uploadLimits.chunkBytes || end > upload.bytes)
      return fail(
        'input.chunk',
        '',
        '这一段是空的、太大，或者超出了文件。',
        `每段最多 ${uploadLimits.chunkBytes} 字节，总长不超过开头说的。`,
      );
    if (offset !== upload.received) {
      const again = end <= upload.received && (await store.hasChunk(tx, id, offset));
      return again ? upload : fail('state.upload-offset', '', `请从 ${upload.received} 字节处接着传。`, '先查询这个上传的 received。');
    }
    await store.insertChunk(tx, id, offset, vaultOf(db).seal(bytes, chunkPlace(id, offset)));
    await store.setUpload(tx, id, { state: 'open', received: end, at: sender.now });
    return { ...upload, received: end };
  });

async function* contentOf(db: Db, upload: store.Upload): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < upload.bytes; ) {
    const sealed = await store.chunkAt(db, upload.id, at);
    // Another process has brought it in and cleared up: it is known by its hash already.
    if (sealed === null) return fail('state.upload', '', '这个上传已经由另一个进程处理完。', '请再查询一次结果。');
    const bytes = vaultOf(db).open(sealed, chunkPlace(upload.id, at));
    yield bytes;
    at += bytes.length;
  }
}

/** Which column of a whole file that is not imported yet would be which column of its dataset. Nothing is written. */
export const proposeForUpload = async (
  db: Db,
  catalogue: Catalogue,
  sender: Sender,
  id: string,
  given: Asked['given'],
): Promise<{ readonly upload: store.Upload; readonly proposal: Proposal; readonly dataset: Dataset }> => {
  const upload = await own(db, sender, id, false);
  if (upload.state !== 'open' || upload.received !== upload.bytes)
    return fail('state.upload', '', '这个文件没有传完，或者已经导入。', '传完之后、导入之前才能核对列的对应。');
  const dataset = catalogue.datasets.find((one) => one.id === upload.request.dataset);
  if (dataset === undefined) return fail('import.dataset', '', '数据目录里没有这个数据集了。', '请重新选择数据集。');
  const proposal = await spooled(contentOf(db, upload), (content) =>
    proposeMapping(db, catalogue, { content, dataset, sheet: null, given }),
  );
  return { upload, proposal, dataset };
};

/** Ends the file and imports it. Asked again it answers with what became of it. A wrong hash starts the file anew. */
export const finishUpload = async (
  db: Db,
  catalogue: Catalogue,
  sender: Sender,
  id: string,
  sha256: string,
  options: ImportOptions,
): Promise<ImportReport> => {
  const upload = await own(db, sender, id, false);
  if (upload.deliveryId !== null) return reportOf(db, upload.deliveryId);
  if (upload.state === 'abandoned') return fail('state.upload', '', '这个上传太久没有动静，已经清掉。', '请重新开始一个上传。');
  if (upload.received !== upload.bytes) return fail('state.upload-offset', '', `还没有传完，到 ${upload.received} 字节。`, '请接着传。');
  if (upload.state === 'open') {
    const hash = createHash('sha256');
    for await (const piece of contentOf(db, upload)) hash.update(piece);
    const same = hash.digest('hex') === sha256.toLowerCase();
    await transaction(db, async (tx) => {
      if ((await own(tx, sender, id, true)).state !== 'open') return;
      if (!same) await store.deleteChunks(tx, id);
      await store.setUpload(tx, id, { state: same ? 'complete' : 'open', received: same ? upload.bytes : 0, at: sender.now });
      if (same) await auditUpload(tx, upload, 'upload.complete', sender.now);
    });
    if (!same) fail('input.upload-hash', '/sha256', '收到的内容与所报的 sha256 不一致，已清空。', '请从头再传一次。');
    await options.at?.('upload.complete');
  }
  return landUpload(db, catalogue, upload, options);
};

const auditUpload = (tx: Tx, upload: store.Upload, action: string, at: Date): Promise<void> =>
  audit(tx, {
    actor: upload.owner,
    role: upload.request.role,
    action,
    objectKind: 'upload',
    objectId: upload.id,
    after: { dataset: upload.request.dataset, bytes: upload.bytes },
    at,
  });

const landUpload = async (db: Db, catalogue: Catalogue, upload: store.Upload, options: ImportOptions): Promise<ImportReport> => {
  const request = { ...upload.request, receivedBy: upload.owner };
  const report = await spooled(contentOf(db, upload), (content) => receive(db, catalogue, { ...request, content }, options));
  await options.at?.('upload.landed');
  await transaction(db, async (tx) => {
    await store.setUpload(tx, upload.id, { state: 'done', received: upload.bytes, deliveryId: report.deliveryId, at: options.now });
    await store.deleteChunks(tx, upload.id);
  });
  return report;
};

/** Imports what is complete and was left, gives up what nobody has touched for a day. Returns how many of each. */
export const sweepUploads = async (
  db: Db,
  catalogue: Catalogue,
  options: ImportOptions,
): Promise<{ readonly landed: number; readonly abandoned: number }> => {
  // A minute old: whoever completed it is most likely at it.
  const left = await store.uploadsIn(db, 'complete', new Date(options.now.getTime() - 60_000));
  let landed = 0;
  for (const upload of left) {
    try {
      await landUpload(db, catalogue, upload, options);
      landed++;
    } catch (error) {
      // A dataset that is gone from the catalogue meanwhile must not keep the others waiting.
      if (!(error instanceof ProblemError)) throw error;
    }
  }
  const idle = await store.uploadsIn(db, 'open', new Date(options.now.getTime() - uploadLimits.idleHours * 3_600_000));
  for (const upload of idle) {
    await transaction(db, async (tx) => {
      if ((await store.uploadById(tx, upload.id, true))?.state !== 'open') return;
      await store.deleteChunks(tx, upload.id);
      await store.setUpload(tx, upload.id, { state: 'abandoned', received: upload.received, at: options.now });
      await auditUpload(tx, upload, 'upload.abandon', options.now);
    });
  }
  return { landed, abandoned: idle.length };
};
