// The second look, on the newest data, when a batch is sealed and again when it is released: may this person be paid this line today? Whoever may not is
// left out with the reason and goes on in the next batch; nobody is paid on data that is missing. Pure but for the records it is handed.
import { type Day, dayText } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Payee } from '../disbursement/disbursement.ts';
import { isUnknown } from '../feel/value.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { decidePayment } from '../policy/decide.ts';
import { speakerOf } from '../policy/speaker.ts';
import { factOf } from '../record/lookup.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { type PaidRow, recordSource } from '../record/source.ts';
import { type ExplainedNode, explainTrace, sayMissing } from '../rule/explain.ts';
import type { FactSource, Missing } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import type { ReadyRecord } from './ready-store.ts';

export interface GuardContext {
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly compiled: CompiledItem;
  /** The subject and whoever is paid, as known today; null: in no register any more. */
  readonly subject: ResolvedRecord | null;
  readonly payee: ResolvedRecord | null;
  /** Where the money would go by today's data. */
  readonly account: Payee | null;
  readonly link: (register: string, key: string) => ResolvedRecord | undefined;
  readonly paid: readonly PaidRow[];
  /** The last day of entitlement by a standing stop order; null: none. */
  readonly stoppedOn: Day | null;
  /** The record goes to the account of an heir or carer whom two people have named. */
  readonly toHeir: boolean;
}

/** over: a period after death, nothing of it is due · deceased: due, and paid to whoever is named for it. */
export interface Found {
  readonly reasons: readonly string[];
  readonly death: { readonly kind: 'over' | 'deceased'; readonly diedOn: Day } | null;
}

const only = (reason: string): Found => ({ reasons: [reason], death: null });

/** Chinese reasons why the record may not be paid today; empty: it may. */
export const guardReasons = (record: ReadyRecord, context: GuardContext): Found => {
  const { subject, payee, compiled, catalogue, today } = context;
  if (record.lineState !== 'granted' && record.lineState !== 'reduced') return only('核定结果已更新，这一笔不再发放。');
  if (context.stoppedOn !== null && context.stoppedOn < periodFrom(record))
    return only(`已决定停发，${dayText(context.stoppedOn)}以后开始的期别不再发放。`);
  if (subject === null) return only('登记库里已查不到对象。');
  const source = recordSource(subject, { catalogue, link: context.link, paid: context.paid, purpose: compiled.item });
  const death = deathOf(record, source, subject.register, context);
  if (death !== null && death.kind === 'over') return { reasons: [`已于${dayText(death.diedOn)}去世，之后的期别不再发放。`], death };
  if (death !== null && !context.toHeir)
    return { reasons: [`收款人已于${dayText(death.diedOn)}去世，这一期转由继承人或照料人办理。`], death };
  const reasons = [...statusReasons(source, subject.register, context)];
  if (payee !== null && payee.subjectId !== subject.subjectId) reasons.push(...payeeReasons(payee, context));
  const period = { ...record.period, knownAt: today };
  const decided = decidePayment(compiled, source, period);
  if (decided.truth !== true && reasons.length === 0) reasons.push(...paymentReasons(compiled, catalogue, decided));
  reasons.push(...accountReasons(record, context));
  return { reasons: [...new Set(reasons)], death: null };
};

const periodFrom = (record: ReadyRecord): string => record.period.start ?? record.period.end;

/** Deaths are compared with the line's period: a month before death is still owed, to whoever comes after. */
const deathOf = (record: ReadyRecord, source: FactSource, register: string, { catalogue, today }: GuardContext): Found['death'] => {
  if (factOf(catalogue, register, 'deathDate') === undefined) return null;
  const read = source.read('deathDate', today);
  if (isUnknown(read.value) || read.value === null) return null;
  const diedOn = String(plain(read.value)) as Day;
  return { kind: diedOn < periodFrom(record) ? 'over' : 'deceased', diedOn };
};

const statusReasons = (source: FactSource, register: string, { catalogue, today }: GuardContext): readonly string[] => {
  if (factOf(catalogue, register, 'deathDate') !== undefined) {
    const read = source.read('deathDate', today);
    if (isUnknown(read.value)) return [missingText('死亡信息', read.missing)];
  }
  if (factOf(catalogue, register, 'businessStatus') !== undefined) {
    const read = source.read('businessStatus', today);
    if (isUnknown(read.value)) return [missingText('登记状态', read.missing)];
    const status = read.value === null ? '无登记' : String(plain(read.value));
    if (status !== '在营') return [`登记状态为${status}。`];
  }
  return [];
};

const payeeReasons = (payee: ResolvedRecord, { catalogue, today, compiled }: GuardContext): readonly string[] => {
  if (factOf(catalogue, payee.register, 'deathDate') === undefined) return [];
  const read = recordSource(payee, { catalogue, purpose: compiled.item }).read('deathDate', today);
  if (isUnknown(read.value)) return [missingText('代领人的死亡信息', read.missing)];
  return read.value === null ? [] : [`代领人已于${dayText(String(plain(read.value)))}去世。`];
};

const missingText = (what: string, missing: Missing | undefined): string =>
  missing?.reason === 'stale'
    ? `${what}已过期${missing.asOf ? `（${dayText(missing.asOf)}的数据）` : ''}，不能据此付款。`
    : `缺${what}，不能付款。`;

const failing = (node: ExplainedNode): readonly string[] =>
  node.kind === 'leaf'
    ? [`付款条件未满足：${node.text}（实际为${node.actual ?? '缺数据'}）。`]
    : node.children.filter((c) => c.truth !== true).flatMap(failing);

const paymentReasons = (compiled: CompiledItem, catalogue: Catalogue, decided: ReturnType<typeof decidePayment>): readonly string[] => {
  const speaker = speakerOf(compiled, catalogue);
  if (decided.truth === null) return decided.missing.map((one) => `付款条件待核：${sayMissing(one, speaker)}。`);
  const said = decided.trace === null || compiled.payment === null ? [] : failing(explainTrace(decided.trace, compiled.payment, speaker));
  return said.length > 0 ? said : ['付款条件未满足。'];
};

/** An account a person has told stands; a delivered one is looked at again. */
const accountReasons = (record: ReadyRecord, { account }: GuardContext): readonly string[] => {
  if (record.account === null || record.payeeName === null) return ['缺收款账户或户名。'];
  if (account === null) return ['查不到收款人。'];
  return account.account === record.account ? account.gaps.map((gap) => `${gap}。`) : [];
};
