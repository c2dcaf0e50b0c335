// The texts the product ships, as data: one row per template, with places `{…}` that `field.ts` fills and passages `[…]` that are left out where one of their
// places is empty. An authority publishes texts of its own over them (`wording.ts`). A new template is a row here, and a name in `outbox` where an act owes it.
import type { OwedTemplate } from '../outbox/store.ts';
import { backTemplates } from './template-back.ts';

export interface Wording {
  /** One line: the subject of a mail, the heading of a letter. */
  readonly subject: string;
  /** What the person reads; address, basis, office, check code and day stand around it by themselves. */
  readonly body: string;
  /** The same in one short message; office, phone and check code follow by themselves. */
  readonly short: string;
  /** Instead of `body` where the person has died and a relative or the village is told; absent: `body`, which then says 某某（已故） for 您. */
  readonly bereaved?: string;
  /** The same in one short message; absent: `short`. */
  readonly bereavedShort?: string;
}

/** Silence about what was due to somebody who has died loses nothing: it waits until it is clear who receives it. */
const inheritors = {
  bereaved:
    '{姓名}去世前应得的{期别}{事项}[ {金额}]还没有发，钱一直留着。请家人商量好由谁领取，告诉{主管部门}。不急在一时，不会因为没有办就作废。',
  bereavedShort: '{姓名}去世前应得的{事项}[ {金额}]还没有发，钱留着，请家人告诉{主管部门}由谁领取。',
} as const;

/**
 * required: law or the item's terms want it told, so it goes on to a letter and nobody can switch it off · courtesy: told where it costs no paper ·
 * push: an invitation, which a person may switch off.
 */
export type Duty = 'required' | 'courtesy' | 'push';

export interface Template extends Wording {
  /** What it is called in lists and on the page that checks a notice. */
  readonly name: string;
  readonly duty: Duty;
}

const confirm = (name: string, lead: string): Template => ({
  name,
  duty: 'required',
  subject: `${lead}请在{截止日}前确认：{事项}[ {金额}]`,
  body: `${lead}{称呼}{期别}可领取{事项}[ {金额}][（{笔数}）][，{变动}]。请在{截止日}前向{主管部门}确认领取；确认后，{发放}。到期没有确认，视同放弃；之后 {恢复天数} 天内反悔，还能恢复。`,
  short: `${lead}{称呼}可领取{事项}[ {金额}]，请在{截止日}前确认，到期没有确认视同放弃。`,
  ...inheritors,
});

const ask = (name: string, lead: string): Template => ({
  name,
  duty: 'required',
  subject: `${lead}{事项}[ {金额}]还差一项信息`,
  body: `${lead}{称呼}的{期别}{事项}[ {金额}][（{笔数}）]已核定，但{缺项}，暂时发不出去。请[在{截止日}前]向{主管部门}补充，补齐后继续办理，不用重新申请。[{逾期后果}]`,
  short: `${lead}{称呼}的{事项}[ {金额}]已核定，但{缺项}，请[在{截止日}前]补充。`,
  ...inheritors,
});

const apply = (name: string, lead: string): Template => ({
  name,
  duty: 'required',
  subject: `${lead}请提交申请：{事项}[ {金额}]`,
  body: `${lead}按现有数据，{称呼}{期别}可领取{事项}[ {金额}][（{笔数}）]，表单已经填好。请[在{截止日}前]核对表单，附上材料提交{主管部门}。[{逾期后果}]`,
  short: `${lead}{称呼}可领取{事项}[ {金额}]，请[在{截止日}前]核对表单并提交。`,
  ...inheritors,
});

const certify = (name: string, lead: string): Template => ({
  name,
  duty: 'required',
  subject: `${lead}请[在{截止日}前]办理资格认证：{事项}`,
  body: `${lead}{称呼}领取的{事项}要定期确认本人情况（{依据条款}），请[在{截止日}前]办理资格认证。办法：{认证办法}。{逾期未认证}部门数据里已能看到本人近况的，会自动认证，不会来打扰。`,
  short: `${lead}{称呼}领取的{事项}请[在{截止日}前]办理资格认证：{认证办法}。`,
});

const choose = (name: string, lead: string): Template => ({
  name,
  duty: 'required',
  subject: `${lead}请[在{截止日}前]选择一项：{可选事项}`,
  body: `${lead}{称呼}符合下列同类政策，只能享受一项：{可选各项}。请[在{截止日}前]告诉{主管部门}选哪一项。到期没有选的，按金额最高的{最高一项}发放。选定以后，在安排付款以前还可以改。`,
  short: `${lead}{称呼}符合几项同类政策，只能享受一项：{可选各项}。请[在{截止日}前]选择，到期按金额最高的{最高一项}发放。`,
});

const objected = '公示期内有人';

export const templates = {
  matched: {
    name: '已核定',
    duty: 'required',
    subject: '{事项}[ {金额}]已核定',
    body: '{称呼}的{期别}{事项}[ {金额}][（{笔数}）]已核定[，{变动}]，{发放}。不用{称呼}办任何手续。',
    short: '{称呼}的{期别}{事项}[ {金额}]已核定，{发放}，不用办手续。',
    bereaved: '{姓名}去世前应得的{期别}{事项}[ {金额}][（{笔数}）]已核定[，{变动}]，{发放}。账户已经停用的，请告诉{主管部门}改发给谁。',
  },
  confirm: confirm('请确认', ''),
  'reminder-1': confirm('第一次提醒确认', '提醒：'),
  'reminder-2': confirm('第二次提醒确认', '再次提醒：'),
  'reminder-3': confirm('最后提醒确认', '最后提醒：'),
  push: {
    name: '可申报',
    duty: 'push',
    subject: '{称呼}可以申报：{事项}',
    body: '按现有数据，{称呼}符合{事项}的条件。[预计可得 {金额}，以申报审核的结果为准。]需要申报后才能办理，请向{主管部门}申报。',
    short: '{称呼}符合{事项}的条件[，预计可得 {金额}]，需要申报后办理。',
  },
  reduced: {
    name: '减免',
    duty: 'required',
    subject: '{事项}：{减免费用}减免[ {金额}]',
    body: '按现有数据，{称呼}符合{事项}的条件。[{期别}{减免费用}减免 {金额}，缴费时扣减，不另发钱。][{金额待定}]不用{称呼}办任何手续。',
    short: '{称呼}符合{事项}的条件，{减免费用}减免[ {金额}]，缴费时扣减，不用办手续。',
  },
  apply: apply('请提交申请', ''),
  'apply-reminder-1': apply('第一次提醒申请', '提醒：'),
  'apply-reminder-2': apply('第二次提醒申请', '再次提醒：'),
  'apply-reminder-3': apply('最后提醒申请', '最后提醒：'),
  asking: ask('请补信息', ''),
  'ask-reminder-1': ask('第一次催补', '提醒：'),
  'ask-reminder-2': ask('第二次催补', '再次提醒：'),
  'ask-reminder-3': ask('最后催补', '最后提醒：'),
  'sent-back': {
    name: '审核退回',
    duty: 'required',
    subject: '{事项}[ {金额}]有一处要改或要补',
    body: '{称呼}的{期别}{事项}[ {金额}]审核时发现有一处要改或要补：{理由}。请[在{截止日}前]告诉{主管部门}，改好以后继续办理，不用重新申请。[{逾期后果}]',
    short: '{称呼}的{事项}[ {金额}]有一处要改或要补：{理由}。请[在{截止日}前]办。',
    ...inheritors,
  },
  named: {
    name: '催告公示',
    duty: 'required',
    subject: '{事项}[ {金额}]还没有补齐，请[在{截止日}前]补齐',
    body: '{称呼}的{期别}{事项}[ {金额}]还没有补齐：{缺项}。按规定，现在把名单公示出来催办[，到{截止日}]。在这以前向{主管部门}补齐的，照常发放；到期仍没有补齐，视同放弃；之后 {恢复天数} 天内反悔，还能恢复。',
    short: '{称呼}的{事项}[ {金额}]还没有补齐：{缺项}，名单正在公示催办。请[在{截止日}前]补齐，到期视同放弃。',
    ...inheritors,
  },
  waived: {
    name: '到期没有办',
    duty: 'required',
    subject: '{事项}[ {金额}]到期没有办，[{截止日}前]还可以领',
    body: '{称呼}的{期别}{事项}[ {金额}]到期没有办，按规定视同放弃。钱还留着：[{截止日}前]告诉{主管部门}“我要领”，马上恢复，不用说明原因。过了这一天，这一笔就收回了。',
    short: '{称呼}的{事项}[ {金额}]到期没有办，视同放弃。还想领的，请[在{截止日}前]告诉{主管部门}，马上恢复。',
    ...inheritors,
  },
  publicity: {
    name: '公示',
    duty: 'courtesy',
    subject: '{事项}[ {金额}]正在公示',
    body: '{称呼}的{期别}{事项}[ {金额}]从{公示从}起公示[，到{截止日}结束]。期满没有异议就发到{账户}，不用{称呼}办任何手续。',
    short: '{称呼}的{事项}[ {金额}]正在公示[，到{截止日}结束]，没有异议就发放。',
    bereaved:
      '{姓名}去世前应得的{期别}{事项}[ {金额}]从{公示从}起公示[，到{截止日}结束]。期满没有异议就发放。发给谁，请家人告诉{主管部门}。',
  },
  paid: {
    name: '已到账',
    duty: 'courtesy',
    subject: '{事项}[ {金额}]已到账',
    body: '{称呼}的{期别}{事项}[ {金额}][已于{到账日}]发到{账户}。没有收到的，请先向开户银行查询，再联系{主管部门}。',
    short: '{称呼}的{期别}{事项}[ {金额}]已发到{账户}。',
    bereaved: '{姓名}去世前应得的{期别}{事项}[ {金额}][已于{到账日}]发到{账户}。没有收到的，请先向开户银行查询，再联系{主管部门}。',
  },
  returned: {
    name: '退汇',
    duty: 'required',
    subject: '{事项}[ {金额}]没有发成',
    body: '{称呼}的{期别}{事项}[ {金额}]被银行退回[，原因：{理由}]。这笔钱仍为{称呼}保留。请[在{截止日}前]向{主管部门}核对收款账户，改好后重新发放，不用重新申请。',
    bereaved:
      '{姓名}去世前应得的{期别}{事项}[ {金额}]被银行退回[，原因：{理由}]。钱还留着。请家人告诉{主管部门}由谁领取、发到哪个账户，不用重新申请。',
    bereavedShort: inheritors.bereavedShort,
    short: '{称呼}的{事项}[ {金额}]被银行退回[，原因：{理由}]，钱仍保留，请核对收款账户。',
  },
  suspended: {
    name: '暂停',
    duty: 'required',
    subject: '{事项}暂停发放',
    body: '{称呼}的{事项}[从{期别}起]暂停发放，因为{未核实}暂时无法核实。核实后恢复，暂停期间应发的会补发。',
    short: '{称呼}的{事项}[从{期别}起]暂停发放，因为{未核实}暂时无法核实，核实后补发。',
  },
  ended: {
    name: '停发',
    duty: 'required',
    subject: '{事项}停止发放',
    body: '{称呼}的{事项}[从{期别}起]停止发放：按现有数据，已不符合发放条件，工作人员核对过。哪一条不符合，打下面的电话问，或自己打开直享首页登录看。与实际不符的，请提出，我们重新核对；核对属实的，恢复发放并补发。',
    short: '{称呼}的{事项}[从{期别}起]停止发放。与实际不符的请提出。',
    bereaved:
      '按现有数据，{姓名}已去世，{事项}[从{期别}起]不再发放。如与实际不符，请提出，我们重新核对，应发的会补发。请家人节哀，这件事不用办任何手续。',
  },
  refused: {
    name: '不予发放',
    duty: 'required',
    subject: '{事项}[ {金额}]不予发放',
    body: '{称呼}的{期别}{事项}[ {金额}]经人工审核，不予发放。理由：{理由}。不同意的，请[在{截止日}前]向{主管部门}提出异议，异议成立的补发。',
    short: '{称呼}的{事项}[ {金额}]经人工审核不予发放：{理由}。不同意可提出异议。',
  },
  objected: {
    name: '有异议待复核',
    duty: 'required',
    subject: `{事项}[ {金额}]${objected}提出异议`,
    body: `{称呼}的{期别}{事项}[ {金额}]${objected}实名提出异议，{主管部门}[在{截止日}前]复核，复核期间先不发。复核认为异议不成立的，照常发放。`,
    short: `{称呼}的{事项}[ {金额}]${objected}实名提出异议，[{截止日}前]复核，期间先不发。`,
  },
  'objection-upheld': {
    name: '异议成立',
    duty: 'required',
    subject: '{事项}[ {金额}]异议成立，不予发放',
    body: `${objected}对{称呼}的{期别}{事项}[ {金额}]提出异议，经人工复核，异议成立，不予发放。理由：{理由}。不同意的，请向{主管部门}提出异议，成立的补发。`,
    short: '{称呼}的{事项}[ {金额}]经人工复核异议成立，不予发放：{理由}。',
  },
  'objection-rejected': {
    name: '异议不成立',
    duty: 'required',
    subject: '{事项}[ {金额}]异议不成立，继续办理',
    body: `${objected}对{称呼}的{期别}{事项}[ {金额}]提出异议，经人工复核，异议不成立，继续办理。理由：{理由}。`,
    short: '{称呼}的{事项}[ {金额}]经人工复核异议不成立，继续办理。',
  },
  'objection-answer': {
    name: '异议答复',
    duty: 'required',
    subject: '{事项}：您提出的异议已复核',
    body: '您就{期别}{事项}提出的异议已经人工复核，{结论}。理由：{理由}。',
    short: '您就{事项}提出的异议已经人工复核，{结论}。',
  },
  'human-answer': {
    name: '人工决定答复',
    duty: 'required',
    subject: '{事项}：工作人员已重新看过',
    body: '{称呼}请工作人员重新看的{期别}{事项}，已经人工看过，{人工结论}。理由：{理由}。',
    short: '{称呼}请工作人员重新看的{事项}已有答复，{人工结论}。',
  },
  'ticket-answer': {
    name: '校核答复',
    duty: 'required',
    subject: '{事项}：您反映的数据已校核',
    body: '{称呼}反映{事项}所用的数据不对，数据来源部门已经校核，{校核结论}。[部门答复：{理由}。]',
    short: '{称呼}反映{事项}所用的数据不对，已经校核，{校核结论}。',
  },
  'rating-answer': {
    name: '评价答复',
    duty: 'courtesy',
    subject: '{事项}：对{称呼}评价的答复',
    body: '{称呼}对{期别}{事项}的评价，{主管部门}答复如下：{理由}。',
    short: '{称呼}对{事项}的评价已有答复：{理由}。',
  },
  ...backTemplates,
  'heir-named': {
    name: '转由继承人领取',
    duty: 'required',
    subject: '{姓名}的{事项}[ {金额}]由您领取',
    body: '{姓名}去世前应得的{事项}[ {金额}]，由您领取，发到{账户}。不是您本人或账户不对的，请马上告诉{主管部门}。',
    short: '{姓名}去世前应得的{事项}[ {金额}]由您领取，发到{账户}。',
  },
  yearly: {
    name: '年度汇总',
    duty: 'courtesy',
    subject: '{期别}一共到账[ {金额}]',
    body: '{期别}，{主管部门}一共发给{称呼}[ {金额}][（{笔数}）]：{各项合计}。请和存折或手机银行对一对，对得上就不用办什么；对不上的，请联系{主管部门}。',
    short: '{期别}一共发给{称呼}[ {金额}]：{各项合计}。请和存折对一对。',
    bereaved: '{期别}，{主管部门}一共发给{姓名}[ {金额}][（{笔数}）]：{各项合计}。对不上的，请联系{主管部门}。',
  },
  certify: certify('请办资格认证', ''),
  'certify-reminder': certify('提醒资格认证', '提醒：'),
  'certify-suspended': {
    name: '逾期未认证暂停',
    duty: 'required',
    subject: '{事项}暂停发放，请办理资格认证',
    body: '{称呼}的{事项}还没有办资格认证，从现在起暂停发放，不是取消（{依据条款}）。办法：{认证办法}。认证后马上恢复，暂停的各期一并补发。本人不方便的，请联系{主管部门}，工作人员上门办。',
    short: '{称呼}的{事项}还没有办资格认证，现已暂停发放，不是取消。办法：{认证办法}。认证后恢复并补发。',
  },
  'certify-resumed': {
    name: '认证后恢复',
    duty: 'required',
    subject: '{事项}已恢复发放',
    body: '{称呼}的{事项}资格认证已办好，恢复发放[，暂停期间应发的 {金额}随下一批补发][（{笔数}）]。',
    short: '{称呼}的{事项}资格认证已办好，恢复发放[，暂停期间的 {金额}随下一批补发]。',
  },
  link: {
    name: '新的查看入口',
    duty: 'courtesy',
    subject: '您要的查看入口：{事项}',
    body: '有人凭一封旧邮件要求再发一次查看的入口。{称呼}的新入口在下面，打开时仍要填证件号码的后四位。不是您要的，不用理会，也不要转给别人。',
    short: '{称呼}要的查看入口已发到登记的邮箱。',
  },
  choose: choose('请选择一项', ''),
  'choose-reminder': choose('提醒选择', '提醒：'),
} as const satisfies Readonly<Record<OwedTemplate, Template>> & Readonly<Record<string, Template>>;

export type TemplateName = keyof typeof templates;
