// The manifest 清单 that goes with every payment file: what the bytes are worth, from which sources, who stands for them and where the audit trail stood,
// signed by this installation; and the check without which no file leaves. Whoever holds the public key verifies it without us.
import { createPrivateKey, createPublicKey, sign as signBytes, verify as verifyBytes } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { auditHead } from '../audit/chain.ts';
import { canonicalJson } from '../base/canonical.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { mustKeepPromises } from '../db/invariant-store.ts';
import { mustBeReconciled, mustNotBeSentAlready } from '../db/restored.ts';
import { vaultOf } from '../vault/hold.ts';
import { openKept } from '../vault/kept.ts';
import { batchById, releasedFileOf, signatures } from './batch-store.ts';
import { formats } from './format.ts';
import type { Batch, PaymentLine } from './payment.ts';

/** Amounts and positions are text: it is JSON, and hashed as such. */
export interface ManifestContent {
  readonly batch: string;
  readonly item: string;
  readonly payOn: string;
  readonly format: string;
  /** What maker, checkers and issuer signed. */
  readonly content: string;
  /** Of the file's bytes. */
  readonly sha256: string;
  readonly lines: number;
  readonly totalFen: string;
  readonly sources: readonly { readonly id: string; readonly amountFen: string }[];
  readonly signatures: readonly { readonly person: string; readonly role: string; readonly at: string }[];
  /** The newest link of the audit chain when it was signed; null: nothing was chained yet. */
  readonly auditHead: { readonly position: string; readonly hash: string } | null;
  readonly at: string;
}

export interface Manifest extends ManifestContent {
  /** Ed25519 over the canonical JSON of everything above, base64. */
  readonly signature: string;
  /** SubjectPublicKeyInfo, base64. */
  readonly publicKey: string;
}

/** A private key of 32 given bytes: the fixed head of PKCS #8 for Ed25519 (RFC 8410) and the bytes. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

const keysOf = (reader: Db | Tx) => {
  const seed = vaultOf(reader).derive('payment manifest');
  const own = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: 'der', type: 'pkcs8' });
  return { own, shown: createPublicKey(own) };
};

const bytesOf = (content: ManifestContent): Buffer => Buffer.from(canonicalJson(content));

export const manifestOf = async (
  tx: Tx,
  batch: Batch,
  file: { readonly sha256: string; readonly lines: readonly PaymentLine[]; readonly at: Date },
): Promise<Manifest> => {
  const { own, shown } = keysOf(tx);
  const sources = new Map<string, bigint>();
  for (const { funding } of file.lines)
    for (const part of funding) sources.set(part.sourceId, (sources.get(part.sourceId) ?? 0n) + part.amountFen);
  const content: ManifestContent = {
    batch: batch.number,
    item: batch.itemId,
    payOn: batch.payOn,
    format: batch.format,
    content: batch.hash,
    sha256: file.sha256,
    lines: file.lines.length,
    totalFen: String(file.lines.reduce((sum, line) => sum + line.amountFen, 0n)),
    sources: [...sources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, fen]) => ({ id, amountFen: String(fen) })),
    signatures: (await signatures(tx, batch.id)).map(({ person, role, at }) => ({ person, role, at: at.toISOString() })),
    auditHead: await auditHead(tx),
    at: file.at.toISOString(),
  };
  return {
    ...content,
    signature: signBytes(null, bytesOf(content), own).toString('base64'),
    publicKey: shown.export({ format: 'der', type: 'spki' }).toString('base64'),
  };
};

/** Signed by this installation, and over exactly this. */
export const isOurs = (reader: Db | Tx, { signature, publicKey: _shown, ...content }: Manifest): boolean =>
  verifyBytes(null, bytesOf(content), keysOf(reader).shown, Buffer.from(signature, 'base64'));

const broken = (batchId: string): never =>
  fail('state.tampered', batchId, '报盘文件、清单和批次的签名对不上，文件没有外发。', '请立即通知审计和系统管理员，核对数据库留痕。');

/**
 * The released file's bytes, for whoever hands it to the bank: signed manifest, issuer's name under these bytes, and the bytes themselves read once more
 * by the independent reader and held against the manifest. Only then, and noted in the audit trail. `state.batch` before release: nothing leaves unsigned.
 */
export const releasedFile = async (
  db: Db,
  ask: { readonly batchId: string; readonly person: { readonly id: string; readonly role: string }; readonly now: Date },
): Promise<{
  readonly name: string;
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly open: () => AsyncGenerator<Uint8Array>;
}> => {
  const { batchId, person, now } = ask;
  const batch = (await batchById(db, batchId)) ?? fail('missing.batch', batchId, '没有这个批次。', '从列表进入。');
  await mustBeReconciled(db);
  await mustKeepPromises(db);
  await mustNotBeSentAlready(db, batchId);
  const { fileSha256 } = batch;
  const file = await releasedFileOf(db, batchId);
  if (fileSha256 === null || file === null) return fail('state.batch', batchId, '这个批次还没有签发。', '签发之后才能下载报盘文件。');
  const { manifest, name } = file;
  const signed = file.issuedSha256 === fileSha256 && file.sha256 === fileSha256 && manifest.sha256 === fileSha256;
  if (!signed || manifest.content !== batch.hash || manifest.batch !== batch.number || !isOurs(db, manifest)) return broken(batchId);
  let lines = 0;
  let totalFen = 0n;
  const told = await formats.get(batch.format)?.read(openKept(db, fileSha256), (order) => {
    lines += 1;
    totalFen += order.amountFen;
  });
  const same = lines === manifest.lines && String(totalFen) === manifest.totalFen;
  if (told === undefined || !same || told.lines !== lines || told.totalFen !== totalFen) return broken(batchId);
  await transaction(db, (tx) =>
    audit(tx, {
      actor: person.id,
      role: person.role,
      action: 'batch.file',
      objectKind: 'batch',
      objectId: batchId,
      after: { sha256: fileSha256, lines },
      at: now,
    }),
  );
  return { name, sha256: fileSha256, manifest, open: () => openKept(db, fileSha256) };
};
