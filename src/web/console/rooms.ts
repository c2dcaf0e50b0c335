// The navigation: work by room, each screen with the roles that are offered it. Whether somebody may is decided by the server alone.
import { businessRoles, type Role } from '../role.ts';

export interface Screen {
  readonly title: string;
  /** Below /console. */
  readonly to: string;
  /** Left out: everybody. */
  readonly roles?: readonly Role[];
}
export interface Room {
  readonly title: string;
  readonly screens: readonly Screen[];
}

const finance: readonly Role[] = ['finance-maker', 'finance-checker', 'finance-head', 'finance-issuer', 'auditor'];
const desk: readonly Role[] = ['reviewer', 'officer', 'steward', 'auditor'];

export const rooms: readonly Room[] = [
  { title: '待我处理', screens: [{ title: '待我处理', to: '/' }] },
  { title: '查一人', screens: [{ title: '查一人', to: '/people', roles: businessRoles }] },
  {
    title: '拨付',
    screens: [
      { title: '可以封批', to: '/payment/openings', roles: finance },
      { title: '批次', to: '/payment/batches', roles: finance },
      { title: '兑付记录', to: '/payment/records', roles: [...desk, ...finance] },
      { title: '导入回盘', to: '/payment/results', roles: ['finance-maker'] },
      { title: '挂账', to: '/payment/suspense', roles: finance },
      { title: '退汇', to: '/payment/returned', roles: finance },
      { title: '追回', to: '/payment/recoveries', roles: [...finance, 'reviewer'] },
      { title: '对账', to: '/payment/statement', roles: finance },
      { title: '月报', to: '/payment/month', roles: finance },
      { title: '资金来源', to: '/payment/sources', roles: finance },
      { title: '发放日', to: '/payment/days', roles: finance },
      { title: '额度进度', to: '/payment/budgets', roles: [...finance, 'officer', 'reviewer'] },
      { title: '预警', to: '/payment/outlook', roles: [...finance, 'officer', 'reviewer'] },
    ],
  },
  {
    title: '审核',
    screens: [
      { title: '待审核', to: '/review/reviews', roles: ['reviewer', 'auditor'] },
      { title: '待补充', to: '/review/asks', roles: ['reviewer', 'auditor'] },
      { title: '异议', to: '/review/objections', roles: ['reviewer', 'auditor'] },
      { title: '校核单', to: '/review/corrections', roles: ['reviewer', 'steward', 'auditor'] },
      { title: '人工核定', to: '/review/attestations', roles: ['reviewer', 'auditor'] },
      { title: '评价', to: '/review/ratings', roles: ['reviewer', 'auditor'] },
      { title: '扣下待处理', to: '/review/withheld', roles: ['reviewer', ...finance] },
      { title: '暂缓中', to: '/review/held', roles: ['reviewer', ...finance] },
      { title: '资格认证', to: '/review/certifications', roles: ['reviewer', 'auditor'] },
      { title: '停发和继承人', to: '/review/stops', roles: desk },
    ],
  },
  {
    title: '政策',
    screens: [{ title: '政策事项', to: '/policy', roles: [...desk, ...finance] }],
  },
  {
    title: '数据',
    screens: [
      { title: '数据集', to: '/data/datasets', roles: desk },
      { title: '导入数据', to: '/data/import', roles: ['steward'] },
      { title: '待核对的交付', to: '/data/held', roles: ['steward', 'auditor'] },
      { title: '名单核对', to: '/data/names', roles: desk },
      { title: '待核', to: '/data/requests', roles: desk },
      { title: '数据体检', to: '/data/quality', roles: desk },
      { title: '参数和代码', to: '/data/reference', roles: desk },
    ],
  },
  {
    title: '运行',
    screens: [
      { title: '匹配批次', to: '/run/runs', roles: [...desk, ...finance] },
      { title: '能不能办', to: '/run/readiness', roles: desk },
      { title: '历次变化', to: '/run/drift', roles: desk },
      { title: '匹配结果', to: '/run/matches', roles: [...desk, ...finance] },
    ],
  },
  {
    title: '监督',
    screens: [
      { title: '早发现', to: '/oversight/warnings', roles: [...desk, 'finance-head'] },
      { title: '成效', to: '/oversight/effects', roles: [...desk, ...finance] },
      { title: '审计底稿', to: '/oversight/papers', roles: ['auditor', ...finance] },
      { title: '审计留痕', to: '/oversight/trail', roles: ['auditor'] },
      { title: '告知', to: '/oversight/notices', roles: [...desk, ...finance] },
    ],
  },
  {
    title: '设置',
    screens: [
      { title: '账号', to: '/settings/accounts', roles: ['admin'] },
      { title: '定时任务', to: '/settings/jobs', roles: ['admin', 'steward', 'officer', 'auditor'] },
      { title: '渠道', to: '/settings/channels', roles: ['admin', ...desk] },
      { title: '冻结期', to: '/settings/freezes', roles: ['officer', 'steward', 'reviewer', ...finance] },
    ],
  },
];

/** What somebody with these roles is offered. */
export const roomsFor = (held: readonly Role[]): readonly Room[] =>
  rooms
    .map((room) => ({
      ...room,
      screens: room.screens.filter(({ roles }) => roles === undefined || held.some((role) => roles.includes(role))),
    }))
    .filter((room) => room.screens.length > 0);
