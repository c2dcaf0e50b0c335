// Entering an attestation: a value for one fact of one subject, or a person no register has, from a document that was seen and stored. The department whose
// datum is wrong or missing is asked to check it in the same transaction.
import { randomUUID } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { isCitizenId, isUscc, plainCode } from '../base/codes.ts';
import { addDays, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { coversDivision } from '../base/scope.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { attestedClaim, attestedDataset, claimOf, stretchOf } from '../record/attested.ts';
import { factOf, treeOf } from '../record/lookup.ts';
import type { SubjectRecord } from '../record/record.ts';
import { type ResolvedFact, resolver } from '../record/resolve.ts';
import { secretFacts } from '../record/sealed.ts';
import { coverages, recordById } from '../record/store.ts';
import { openTicket } from '../ticket/ticket.ts';
import { keepScan } from '../vault/scan.ts';
import { type Attestation, type Attester, attestRole, longestDays, ownWords, requireReviewer } from './attest.ts';
import * as store from './store.ts';
import { requireUntied } from './tie.ts';
import { readTyped, type TypedValue } from './value.ts';

export interface AttestContext {
  readonly tx: Tx;
  readonly catalogue: Catalogue;
  readonly actor: Attester;
  /** The civil day the product lives in, and the moment written into rows. */
  readonly today: Day;
  readonly at: Date;
}

// ── documents ────────────────────────────────────────────────────────────────────────────────────────────
/** Keeps a scan, encrypted, and returns its sha256; the same bytes again are the same document. Throws `input.document`. */
export const storeDocument = async (db: Db, actor: Attester, bytes: Uint8Array, at: Date): Promise<string> => {
  requireReviewer(actor);
  const { sha256, mediaType } = await keepScan(db, bytes, at);
  await transaction(db, async (tx) => {
    if (!(await store.insertDocument(tx, { sha256, mediaType }, actor.id, at))) return;
    await audit(tx, {
      actor: actor.id,
      role: attestRole,
      action: 'attest.document',
      objectKind: 'attested_document',
      objectId: sha256,
      after: { mediaType, size: bytes.length },
      at,
    });
  });
  return sha256;
};

// ── entering ─────────────────────────────────────────────────────────────────────────────────────────────
interface Entry {
  /** sha256 of the stored scan. */
  readonly document: string;
  readonly documentTitle: string;
  readonly reason: string;
  /** Default: today. */
  readonly asOf?: Day | undefined;
  readonly expiresOn: Day;
}

export interface FactEntry extends Entry {
  readonly register: string;
  readonly subjectId: string;
  readonly fact: string;
  readonly value: TypedValue;
  /** Dated facts only: `[from, to)`. */
  readonly from?: Day | null | undefined;
  readonly to?: Day | null | undefined;
}

export interface SubjectEntry extends Entry {
  readonly register: string;
  readonly key: string;
  readonly name: string;
  readonly division: string;
}

const checkEntry = async ({ tx, today }: AttestContext, entry: Entry): Promise<Day> => {
  ownWords(entry.reason, '/reason', '核定的理由');
  ownWords(entry.documentTitle, '/documentTitle', '所见材料的名称');
  if ((await store.documentType(tx, entry.document)) === null)
    fail('input.document', '/document', '没有这份扫描件。', '先上传扫描件，再填它的哈希。');
  const asOf = entry.asOf ?? today;
  if (asOf > today) fail('input.value', '/asOf', '所见日期在今天之后。', `最晚填 ${today}。`);
  if (entry.expiresOn < today || entry.expiresOn > addDays(today, longestDays))
    fail('input.value', '/expiresOn', '有效期不对。', `从 ${today} 起最长 ${longestDays} 天；到期前应由来源部门更正数据。`);
  return asOf;
};

/** The subject within the actor's scope; `missing.subject` else. */
export const subjectWithin = async ({ tx, actor }: AttestContext, register: string, subjectId: string): Promise<SubjectRecord> => {
  const record = await recordById(tx, register, subjectId);
  if (record === null || !coversDivision(actor.scope, record.division))
    return fail('missing.subject', subjectId, '没有这个对象，或者不在您的范围内。', '请核对编号，或请系统管理员调整范围。');
  return record;
};

/** What the delivered sources say of one fact, with everything attested left out. */
export const saidBySources = async (
  tx: Tx,
  catalogue: Catalogue,
  record: SubjectRecord,
  today: Day,
): Promise<(fact: string) => ResolvedFact | undefined> => {
  const { [attestedDataset]: _, ...provenance } = record.provenance;
  const resolved = resolver(await coverages(tx), catalogue, today)({ ...record, provenance });
  return (fact) => resolved.facts[fact];
};

/** The day the newest source spoke of it. */
export const heardOn = (said: ResolvedFact | undefined): Day | null =>
  (said?.cells ?? []).reduce<Day | null>((a, c) => (a === null || c.asOf > a ? c.asOf : a), said?.missing?.asOf ?? null);

const askedOf = (catalogue: Catalogue, dataset: string) => {
  const found = catalogue.datasets.find((d) => d.id === dataset);
  return { dataset, department: found?.department ?? dataset, title: found?.title ?? dataset };
};

const written = async (context: AttestContext, wanted: store.NewAttestation, question: string, dataset: string): Promise<Attestation> => {
  const { tx, catalogue, actor, at } = context;
  const made = await store.insertAttestation(tx, wanted, secretFacts(catalogue, wanted.register).has(wanted.fact), actor.id, at);
  if (made === null)
    return fail('conflict.attestation', '/fact', '这个对象的这项指标已有一条在办或有效的核定。', '请先复核、撤回或等它到期。');
  const { register, subjectId, division, fact } = made;
  await audit(tx, {
    actor: actor.id,
    role: attestRole,
    action: 'attest.enter',
    objectKind: 'attestation',
    objectId: made.id,
    after: { register, subjectId, fact, document: made.documentHash, asOf: made.asOf, expiresOn: made.expiresOn },
    reason: made.reason,
    at,
  });
  const { department } = askedOf(catalogue, dataset);
  const ticket = { department, dataset, register, subjectId, division, fact, attestationId: made.id, question };
  await openTicket(tx, ticket, { id: actor.id, role: attestRole }, at);
  return made;
};

const checkStretch = (fact: Fact, entry: FactEntry): void => {
  const dated = (entry.from ?? null) !== null || (entry.to ?? null) !== null;
  if (dated && fact.timed !== true) fail('input.value', '/from', `“${fact.label}”没有起止日期。`, '去掉起止日期。');
  if ((entry.from ?? '') >= (entry.to ?? '~')) fail('input.value', '/to', '止期不晚于起期。', '止期是不再如此的第一天。');
};

/** One value for one fact; `entered` until somebody else confirms it. Throws typed problems. */
export const enterFact = async (context: AttestContext, entry: FactEntry): Promise<Attestation> => {
  const { tx, catalogue, actor, today } = context;
  requireReviewer(actor);
  const record = await subjectWithin(context, entry.register, entry.subjectId);
  const fact = factOf(catalogue, entry.register, entry.fact);
  if (fact === undefined) return fail('missing.fact', '/fact', '指标目录里没有这个指标。', '请核对指标名。');
  checkStretch(fact, entry);
  const asOf = await checkEntry(context, entry);
  await requireUntied(tx, catalogue, actor, record);
  const value = readTyped(catalogue, fact, entry.value);
  const cell = { v: value, from: entry.from ?? null, to: entry.to ?? null };
  const said = (await saidBySources(tx, catalogue, record, today))(fact.key);
  if (claimOf(fact, said, stretchOf(fact, cell)) === attestedClaim(fact, cell))
    fail('state.same', '/value', '来源部门的数据现在就是这个值，不用核定。', '请核对是不是另一项指标或另一段时间。');
  const source = said?.cells?.[0]?.dataset ?? said?.missing?.dataset ?? fact.datasets[0] ?? '';
  const { title } = askedOf(catalogue, source);
  const wrong = (said?.cells ?? null) !== null;
  return written(
    context,
    {
      register: record.register,
      subjectId: record.subjectId,
      division: record.division,
      fact: fact.key,
      value,
      validFrom: cell.from,
      validTo: cell.to,
      documentHash: entry.document,
      documentTitle: entry.documentTitle.trim(),
      reason: entry.reason.trim(),
      asOf,
      expiresOn: entry.expiresOn,
    },
    `《${title}》里该对象的“${fact.label}”${wrong ? '与所见材料不符' : '缺失或过期，而材料上有'}，请核实更正。`,
    source,
  );
};

/** A person or firm no register has; there is a record of it once somebody else confirms. What it is worth is attested fact by fact. */
export const enterSubject = async (context: AttestContext, entry: SubjectEntry): Promise<Attestation> => {
  const { tx, catalogue, actor } = context;
  requireReviewer(actor);
  const register = catalogue.registers.find((r) => r.id === entry.register);
  if (register === undefined)
    return fail('missing.register', '/register', '没有这个登记库。', '可用：citizen（居民）、enterprise（企业）。');
  const key = plainCode(entry.key);
  if ((register.key === 'citizen-id' && !isCitizenId(key)) || (register.key === 'uscc' && !isUscc(key)) || key === '')
    fail('input.value', '/key', '号码的位数或校验位不对。', '请照证件核对后重填。');
  if (!treeOf(catalogue, 'division').has(entry.division)) fail('input.value', '/division', '行政区划里没有这个代码。', '请核对代码。');
  if (!coversDivision(actor.scope, entry.division)) fail('scope.division', '/division', '这个区划不在您的范围内。', '请由当地同事办理。');
  const name = entry.name.trim();
  if (name.length < 1 || name.length > 100 || /[\p{Cc}\p{Cs}]/u.test(name))
    fail('input.value', '/name', '姓名或名称不对。', '请照证件填写。');
  const asOf = await checkEntry(context, entry);
  if (await store.hasKey(tx, register.id, key))
    fail('conflict.subject', '/key', '库里已有这个号码，或者已在核定中。', '请直接核定它的指标。');
  const subjectId = randomUUID();
  await requireUntied(tx, catalogue, actor, { register: register.id, subjectId, key, division: entry.division });
  const base = catalogue.datasets.find((d) => d.register === register.id && d.introduces === true);
  return written(
    context,
    {
      register: register.id,
      subjectId,
      division: entry.division,
      fact: '',
      value: { key, name, division: entry.division },
      validFrom: null,
      validTo: null,
      documentHash: entry.document,
      documentTitle: entry.documentTitle.trim(),
      reason: entry.reason.trim(),
      asOf,
      expiresOn: entry.expiresOn,
    },
    `《${base?.title ?? register.label}》里没有材料上的这个${register.label}，请核实补录。`,
    base?.id ?? '',
  );
};
