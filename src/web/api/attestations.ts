// 人工核定 over the API: upload what was seen, enter, confirm, refuse, withdraw, decide; who attests how much. Reviewers act, business roles may look.
import { Hono } from 'hono';
import { describeRoute } from 'hono-openapi';
import { z } from 'zod';
import { anomalies } from '../../attest/anomaly.ts';
import { officerCounts } from '../../attest/anomaly-store.ts';
import { type Attestation, attestStates } from '../../attest/attest.ts';
import { confirmAttestation, decideDispute, refuseAttestation, withdrawAttestation } from '../../attest/decide.ts';
import { type AttestContext, enterFact, enterSubject, storeDocument } from '../../attest/enter.ts';
import { attestationById, documentType, listAttestations } from '../../attest/store.ts';
import { audit } from '../../audit/audit.ts';
import { type Day, parseDay } from '../../base/day.ts';
import { transaction } from '../../db/handle.ts';
import { openKept } from '../../vault/kept.ts';
import { access, type Env, type Staff, staffOf } from '../access.ts';
import { act, attestationRow } from '../attest.ts';
import type { WebContext } from '../context.ts';
import { businessRoles } from '../role.ts';
import { answers, answersFile, listOf, listQuery, notFound, strictQuery, valid } from './answer.ts';

const day = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为日期，写作 2026-04-15')
  .transform((text) => text as Day);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '须为 64 位十六进制哈希');
const words = z.string().max(600);
const id = z.object({ id: z.uuid() });

const row = z.object({
  id: z.string(),
  register: z.string(),
  subjectId: z.string(),
  division: z.string().nullable(),
  fact: z.string().describe('空：库外对象'),
  label: z.string(),
  value: z.object({ shown: z.boolean(), v: z.unknown().optional() }).describe('只给部门审核和审计看'),
  from: z.string().nullable(),
  to: z.string().nullable(),
  document: z.string().describe('扫描件的 sha256'),
  documentTitle: z.string(),
  reason: z.string(),
  asOf: z.string(),
  expiresOn: z.string(),
  state: z.enum(attestStates),
  stateText: z.string(),
  dispute: z.string().nullable(),
  disputeSince: z.string().nullable(),
  enteredBy: z.string(),
  enteredAt: z.string(),
  confirmedBy: z.string().nullable(),
  confirmedAt: z.string().nullable(),
  closeReason: z.string().nullable(),
});
const officer = z.object({
  officer: z.string(),
  entered: z.number(),
  confirmed: z.number(),
  refused: z.number(),
  withdrawn: z.number(),
  overruled: z.number(),
  agreed: z.number(),
  disputed: z.number(),
  deaths: z.number(),
  subjects: z.number(),
  partner: z.string().nullable(),
  partnerCount: z.number(),
  flags: z.array(z.string()),
});

const text = z.string().max(4096).nullable();
const seen = { document: sha256, documentTitle: words, reason: words, asOf: day.optional(), expiresOn: day };
const factBody = z.strictObject({
  ...seen,
  register: z.string().max(40),
  subjectId: z.uuid(),
  fact: z.string().max(60),
  value: z.union([text, z.array(z.record(z.string(), text)).max(500), z.record(z.string(), text)]),
  from: day.nullable().optional(),
  to: day.nullable().optional(),
});
const subjectBody = z.strictObject({
  ...seen,
  register: z.string().max(40),
  key: z.string().max(60),
  name: z.string().max(100),
  division: z.string().max(20),
});
const reasonBody = z.strictObject({ reason: words });
const decisionBody = z.strictObject({ decision: z.enum(['keep', 'source']), reason: words, document: sha256.optional() });

const attesterOf = (staff: Staff) => ({ id: staff.userId, roles: staff.roles, scope: staff.scope });

/** What there is: rows, the document of one, who attests how much. */
export const attestationApi = (web: WebContext) =>
  new Hono<Env>()
    .get(
      '/attestations',
      access(...businessRoles),
      describeRoute(answers('人工核定', listOf(row))),
      valid(
        'query',
        listQuery.extend({ state: z.enum(attestStates).optional(), subject: z.uuid().optional(), disputed: z.literal('1').optional() }),
      ),
      async (c) => {
        const { cursor, limit = 50, state, subject, disputed } = c.req.valid('query');
        const { scope, roles } = staffOf(c);
        const ask = { scope, state, subjectId: subject, disputed: disputed === '1', after: z.uuid().safeParse(cursor).data ?? null };
        const found = await listAttestations(web.db, { ...ask, limit: limit + 1 });
        const shown = found.slice(0, limit);
        const catalogue = await web.catalogue();
        const next = found.length > limit ? (shown.at(-1)?.id ?? null) : null;
        return c.json({ rows: shown.map((one) => attestationRow(one, catalogue, roles)), next });
      },
    )
    .get(
      '/attestations/:id',
      access(...businessRoles),
      describeRoute(answers('一条人工核定', row, { one: true })),
      valid('param', id),
      async (c) => {
        const found = await attestationById(web.db, c.req.valid('param').id, staffOf(c).scope);
        return found === null ? notFound('核定') : c.json(attestationRow(found, await web.catalogue(), staffOf(c).roles));
      },
    )
    .get(
      '/attestations/:id/document',
      access('reviewer', 'auditor'),
      describeRoute(answersFile('核定所凭的扫描件', ['application/pdf', 'image/jpeg', 'image/png'], { one: true })),
      valid('param', id),
      async (c) => {
        const staff = staffOf(c);
        const found = await attestationById(web.db, c.req.valid('param').id, staff.scope);
        const type = found === null ? null : await documentType(web.db, found.documentHash);
        if (found === null || type === null) return notFound('核定');
        await transaction(web.db, (tx) =>
          audit(tx, {
            actor: staff.userId,
            role: staff.roles.join(','),
            action: 'attest.view-document',
            objectKind: 'attestation',
            objectId: found.id,
            after: { document: found.documentHash },
            at: c.get('now'),
          }),
        );
        const pieces: Uint8Array[] = [];
        for await (const piece of openKept(web.db, found.documentHash)) pieces.push(piece);
        return c.body(new Uint8Array(Buffer.concat(pieces)), 200, { 'content-type': type, 'content-disposition': 'attachment' });
      },
    )
    .get(
      '/attest-officers',
      access('auditor', 'reviewer'),
      describeRoute(answers('核定异常报告', listOf(officer))),
      valid('query', strictQuery({ from: day, to: day })),
      async (c) => {
        const { from, to } = c.req.valid('query');
        const counts = await officerCounts(web.db, { from, to, scope: staffOf(c).scope });
        return c.json({ rows: anomalies(counts).map((one) => ({ ...one, flags: [...one.flags] })), next: null });
      },
    );

/** What reviewers do. */
export const attestingApi = (web: WebContext) => {
  const acting = async (staff: Staff, at: Date, work: (context: AttestContext) => Promise<Attestation>) => {
    const catalogue = await web.catalogue();
    const done = await act({ db: web.db, catalogue, actor: attesterOf(staff), at }, work);
    return attestationRow(done, catalogue, staff.roles);
  };
  return new Hono<Env>()
    .post('/attested-documents', access('reviewer'), describeRoute(answers('保存扫描件', z.object({ sha256: z.string() }))), async (c) => {
      const bytes = new Uint8Array(await c.req.arrayBuffer());
      return c.json({ sha256: await storeDocument(web.db, attesterOf(staffOf(c)), bytes, c.get('now')) });
    })
    .post('/attestations', access('reviewer'), describeRoute(answers('录入核定', row)), valid('json', factBody), async (c) =>
      c.json(await acting(staffOf(c), c.get('now'), (context) => enterFact(context, c.req.valid('json')))),
    )
    .post('/attested-subjects', access('reviewer'), describeRoute(answers('录入库外对象', row)), valid('json', subjectBody), async (c) =>
      c.json(await acting(staffOf(c), c.get('now'), (context) => enterSubject(context, c.req.valid('json')))),
    )
    .post(
      '/attestations/:id/confirm',
      access('reviewer'),
      describeRoute(answers('复核', row, { one: true })),
      valid('param', id),
      async (c) => c.json(await acting(staffOf(c), c.get('now'), (context) => confirmAttestation(context, c.req.valid('param').id))),
    )
    .post(
      '/attestations/:id/refuse',
      access('reviewer'),
      describeRoute(answers('复核退回', row, { one: true })),
      valid('param', id),
      valid('json', reasonBody),
      async (c) => {
        const { reason } = c.req.valid('json');
        return c.json(await acting(staffOf(c), c.get('now'), (context) => refuseAttestation(context, c.req.valid('param').id, reason)));
      },
    )
    .post(
      '/attestations/:id/withdraw',
      access('reviewer'),
      describeRoute(answers('撤回', row, { one: true })),
      valid('param', id),
      valid('json', reasonBody),
      async (c) => {
        const { reason } = c.req.valid('json');
        return c.json(await acting(staffOf(c), c.get('now'), (context) => withdrawAttestation(context, c.req.valid('param').id, reason)));
      },
    )
    .post(
      '/attestations/:id/decide',
      access('reviewer'),
      describeRoute(answers('来源不一致的裁定', row, { one: true })),
      valid('param', id),
      valid('json', decisionBody),
      async (c) => {
        const ask = { id: c.req.valid('param').id, ...c.req.valid('json') };
        return c.json(await acting(staffOf(c), c.get('now'), (context) => decideDispute(context, ask)));
      },
    );
};
