// What the scheduled jobs are called, and who may ask for one out of its time: whoever answers for what it does. A test holds this against the list in jobs.ts.
import type { Role } from './web/role.ts';

interface Named {
  readonly title: string;
  readonly roles: readonly Role[];
}

const data: readonly Role[] = ['steward', 'admin'];
const flow: readonly Role[] = ['steward', 'officer', 'admin'];
const report: readonly Role[] = ['steward', 'officer', 'auditor', 'admin'];
const house: readonly Role[] = ['admin'];
const watch: readonly Role[] = ['auditor', 'admin'];

export const jobTitles: Readonly<Record<string, Named>> = {
  'delivery.land': { title: '导入放行的交付', roles: data },
  'upload.sweep': { title: '收尾上传', roles: data },
  'inbox.take': { title: '收报送文件夹', roles: data },
  'view.pull': { title: '读部门视图', roles: data },
  'snapshot.seal': { title: '封存数据', roles: data },
  'match.run': { title: '匹配', roles: flow },
  'match.event': { title: '即时匹配', roles: flow },
  'settlement.settle': { title: '结算', roles: flow },
  'settlement.choices': { title: '告知多项选择', roles: flow },
  'disbursement.prefill': { title: '预填兑付记录', roles: flow },
  'disbursement.advance': { title: '推进兑付记录', roles: flow },
  'recovery.propose': { title: '找多发的', roles: flow },
  'certification.look': { title: '资格认证', roles: flow },
  'notice.tell': { title: '写告知', roles: flow },
  'notice.yearly': { title: '年度汇总', roles: flow },
  'notice.send': { title: '发送告知', roles: flow },
  'notice.bounces': { title: '读退信', roles: flow },
  'quality.report': { title: '数据体检', roles: report },
  'match.replay': { title: '重判全部结果', roles: watch },
  'readiness.remind': { title: '催报', roles: data },
  'readiness.send-reminders': { title: '发催报邮件', roles: data },
  'retention.remove': { title: '清除过期的', roles: house },
  'invariants.look': { title: '核对承诺', roles: watch },
  'audit.chain': { title: '审计留痕接链', roles: watch },
  'audit.mail-head': { title: '寄审计链头', roles: watch },
};

export const jobTitle = (name: string): string => jobTitles[name]?.title ?? name;
