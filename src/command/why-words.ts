// A decision as the command line tells it: every condition with what is asked, what was found, where from and of which day, then the award step by step.
// The same explanation as the pages show (`web/why.ts`); names and numbers of people are masked on both.
import { formatYuan } from '../base/amount.ts';
import { maskId } from '../base/codes.ts';
import { type Day, dayText } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { ItemVersion } from '../match/match.ts';
import { compactTrace } from '../match/match.ts';
import type { WhyNow } from '../match/why.ts';
import { sayNear } from '../policy/say-near.ts';
import { speakerOf } from '../policy/speaker.ts';
import type { Subject } from '../record/view-store.ts';
import { answerOf } from '../rule/explain.ts';
import type { DecisionLine } from '../rule/facts.ts';
import type { SettledLine } from '../settlement/read-store.ts';
import { lineStates } from '../settlement/settlement.ts';
import { type Condition, explain, type MissingNote, missingText, modeNote, type Voice, voiceOf } from '../web/why.ts';
import { periodText, personName, registerNames, shown, tailText, verdictNames } from '../web/words.ts';

export interface WhyTold {
  readonly version: ItemVersion;
  readonly subject: Subject;
  readonly knownAt: Day;
  readonly catalogue: Catalogue;
  readonly answer: WhyNow;
  /** `evidence`: what the match of that period stands on; `snapshot`: the snapshot of that period's run; `now`: decided anew. */
  readonly from: 'evidence' | 'snapshot' | 'now';
  readonly matchId: string | null;
  /** False: deciding again from the evidence gives another answer than was stored. */
  readonly agrees: boolean;
  readonly settled: readonly SettledLine[];
  /** Lists by name the subject stands on, with their provenance; and how many names of the item's lists still wait. */
  readonly listings: readonly string[];
  readonly nameGaps: readonly string[];
}

type Decided = WhyNow['decisions'][number];

const groupNames = { all: '以下各项都要满足', any: '以下各项满足其一即可', not: '以下情形不能有' } as const;

const conditionsOf = ({ answer: { compiled }, catalogue }: WhyTold, { decision }: Decided): readonly Condition[] =>
  explain({ compiled, catalogue, trace: compactTrace(decision.trace), read: decision.read, missing: decision.missing });

/** The key of a line may be an identity number: a child's, an employee's. */
const lineName = (key: string | null): string | null => (key === null || key === '' ? null : `尾号 ${maskId(shown(key)).slice(-4)}`);

const notesOf = (line: DecisionLine, voice: Voice): readonly MissingNote[] => {
  const { award } = line;
  const gaps = [...line.missing, ...(award === null || award.state === 'known' ? [] : award.missing)];
  return [...new Map(gaps.map((one) => [`${one.fact} ${one.dataset}`, one])).values()].map(voice.missing);
};

const conditionLines = (node: Condition): readonly string[] => {
  const indent = '  '.repeat(node.depth + 2);
  const cite = node.clause === null ? '' : `（${node.clause}）`;
  const answer = answerOf(node.truth);
  if (node.kind !== 'leaf') return [`${indent}${groupNames[node.kind]}${cite}：${answer}`];
  const own = node.text === null || node.text === node.required ? '' : `〔${node.text}〕`;
  const made = node.inputs.length === 0 ? '' : `（由${node.inputs.map((one) => `${one.label} ${one.value}`).join('，')}算出）`;
  const found =
    node.truth === null && node.missing.length > 0 ? `缺${node.missing.map(missingText).join('；')}` : `${node.actual ?? '缺'}${made}`;
  const titles = [...new Set(node.sources.map((one) => `${one.department}《${one.title}》`))].join('、') || '—';
  const days = [...new Set(node.sources.map((one) => dayText(one.asOf)))].join('、') || '—';
  return [
    `${indent}${answer}｜要求：${node.required ?? ''}${own}${cite}`,
    `${indent}    ｜实际：${found}`,
    `${indent}    ｜来源：${titles}；数据日期：${days}`,
  ];
};

const awardLines = (line: DecisionLine, voice: Voice): readonly string[] => {
  const name = lineName(line.key);
  const { award } = line;
  const head = `    ${name === null ? '' : `${name}：`}`;
  const gaps = notesOf(line, voice).map((one) => `      缺${missingText(one)}`);
  if (line.verdict !== 'eligible' || award === null) return [`${head}${verdictNames[line.verdict]}`, ...gaps];
  if (award.state === 'known') {
    const steps = award.steps.map((step, index) => `      ${index + 1}. ${shown(step.text)}`);
    return [`${head}${formatYuan(award.amountFen)}`, ...steps];
  }
  if (award.state === 'bounded') return [`${head}在 ${formatYuan(award.fromFen)} 至 ${formatYuan(award.toFen)} 之间`, ...gaps];
  return [`${head}金额待定`, ...gaps];
};

const modeLines = ({ answer: { compiled }, catalogue }: WhyTold, { decision }: Decided): readonly string[] => {
  if (decision.mode === undefined) return [];
  const note = modeNote(compiled, catalogue, decision.mode);
  return [`  兑现方式：${note.text}`, ...note.missing.map((one) => `    缺${missingText(one)}`)];
};

const decisionLines = (told: WhyTold, decided: Decided, voice: Voice): readonly string[] => {
  const { period, decision } = decided;
  const span = period.start === null ? `到 ${dayText(period.end)}` : `${dayText(period.start)} 至 ${dayText(period.end)}`;
  const { mode, award } = told.version.item;
  const push =
    award.reduces !== undefined ? `（减免${award.reduces}，不发钱）` : mode === 'push' ? '（估算，本事项只告知，不直接兑现）' : '';
  const amount =
    decision.verdict !== 'eligible' ? '' : decision.amountFen === null ? '，金额待定' : `，${formatYuan(decision.amountFen)}${push}`;
  const missing = decision.missing.map((one) => `    ${missingText(voice.missing(one))}`);
  const speaker = speakerOf(told.answer.compiled, told.catalogue);
  const near = decided.near.map((one) => {
    const then = one.amountFen === null ? '' : `，届时 ${formatYuan(one.amountFen)}`;
    return `    ${shown(sayNear(one, told.answer.compiled, speaker))}${then}`;
  });
  return [
    '',
    `${periodText(period.key)}（${span}）：${verdictNames[decision.verdict]}${amount}`,
    '  条件',
    ...conditionsOf(told, decided).flatMap(conditionLines),
    ...modeLines(told, decided),
    ...(decision.lines.length === 0 ? [] : ['  金额', ...decision.lines.flatMap((line) => awardLines(line, voice))]),
    ...(missing.length === 0 ? [] : ['  还缺的数据', ...missing]),
    ...(near.length === 0 ? [] : ['  差在哪里（任一项做到即符合）', ...near]),
  ];
};

/** What was settled of it, each line with the rule that made it less. */
const settledLines = ({ settled }: WhyTold): readonly string[] =>
  settled.length === 0
    ? []
    : [
        '',
        '结算',
        ...settled.flatMap((line) => {
          const name = lineName(line.key);
          const wanted = line.state === 'waiting' ? `，待 ${formatYuan(line.wantedFen)}` : '';
          return [
            `  ${periodText(line.periodKey)}${name === null ? '' : `，${name}`}：${lineStates[line.state].text}，应发 ${formatYuan(line.grossFen)}，核定 ${formatYuan(line.grantedFen)}${wanted}`,
            ...line.reasons.map((reason) => `    ${shown(reason.text)}`),
          ];
        }),
      ];

const fromNames = {
  evidence: '按当时留存的判定依据',
  snapshot: '按当时那一批的数据快照',
  now: '按最新的数据快照重新判断',
} as const;

export const whyLines = (told: WhyTold): readonly string[] => {
  const { version, subject, knownAt, catalogue, answer } = told;
  const voice = voiceOf(answer.compiled, catalogue);
  const nothing = answer.compiled.event === null ? '现在没有该判定的期别。' : '没有发生过要办的事。';
  return [
    `${version.item.title}（${version.item.id}，第 ${version.version} 版）`,
    `${registerNames[subject.register] ?? subject.register} ${personName(subject.register, subject.name)}，${tailText(subject.key)}；数据到 ${dayText(knownAt)}（${fromNames[told.from]}）`,
    ...(told.agrees ? [] : ['注意：按留存的依据重判，结果与当时记下的不同，请运行 replay 查看。']),
    ...(answer.decisions.length === 0 ? ['', nothing] : answer.decisions.flatMap((one) => decisionLines(told, one, voice))),
    ...(answer.missing.length === 0
      ? []
      : ['', '是否还有别的事件，缺：', ...answer.missing.map((one) => `  ${missingText(voice.missing(one))}`)]),
    ...(told.listings.length === 0 ? [] : ['', '名单依据', ...told.listings.map((one) => `  ${one}`)]),
    ...(told.nameGaps.length === 0 ? [] : ['', '名单还没有对全', ...told.nameGaps.map((one) => `  ${one}`)]),
    ...settledLines(told),
  ];
};

const awardDocument = ({ award }: DecisionLine) => {
  if (award === null) return null;
  if (award.state === 'known') return { state: award.state, amountFen: String(award.amountFen), steps: award.steps };
  if (award.state === 'bounded') return { state: award.state, fromFen: String(award.fromFen), toFen: String(award.toFen) };
  return { state: award.state };
};

export const whyDocument = (told: WhyTold) => {
  const { version, subject, knownAt, catalogue, answer } = told;
  const voice = voiceOf(answer.compiled, catalogue);
  const speaker = speakerOf(answer.compiled, catalogue);
  return {
    item: { id: version.item.id, title: version.item.title, version: version.version, hash: version.hash },
    subject: {
      id: subject.subjectId,
      register: subject.register,
      name: personName(subject.register, subject.name),
      keyTail: maskId(subject.key).slice(-4),
    },
    snapshot: answer.snapshotId,
    knownAt,
    from: told.from,
    match: told.matchId,
    agrees: told.agrees,
    decisions: answer.decisions.map((one) => ({
      period: { ...one.period, key: shown(one.period.key) },
      verdict: one.decision.verdict,
      amountFen: one.decision.verdict === 'eligible' && one.decision.amountFen !== null ? String(one.decision.amountFen) : null,
      conditions: conditionsOf(told, one).map((node) => ({ ...node, answer: answerOf(node.truth) })),
      lines: one.decision.lines.map((line) => ({
        key: lineName(line.key),
        verdict: line.verdict,
        award: awardDocument(line),
        missing: notesOf(line, voice),
      })),
      mode: one.decision.mode === undefined ? null : modeNote(answer.compiled, catalogue, one.decision.mode),
      missing: one.decision.missing.map(voice.missing),
      near: one.near.map((near) => ({
        text: shown(sayNear(near, answer.compiled, speaker)),
        amountFen: near.amountFen === null ? null : String(near.amountFen),
        changes: near.changes.length,
      })),
    })),
    settled: told.settled.map((line) => ({
      period: shown(line.periodKey),
      key: lineName(line.key),
      state: line.state,
      grossFen: String(line.grossFen),
      grantedFen: String(line.grantedFen),
      wantedFen: String(line.wantedFen),
      reasons: line.reasons,
    })),
    missing: answer.missing.map(voice.missing),
    listings: told.listings,
    nameGaps: told.nameGaps,
  };
};
