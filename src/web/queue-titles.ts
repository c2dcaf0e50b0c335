// The queues that can be worked on in a table, by name and title; pure, so that a browser reads the same.
export const queueTitles = {
  reviews: '待审核',
  asks: '待补充',
  objections: '待复核异议',
  returned: '退汇待更正',
  withheld: '扣下待处理',
  held: '暂缓中',
  corrections: '校核单',
  attestations: '人工核定待复核',
  certifications: '资格认证',
  ratings: '评价待答复',
} as const;

export type QueueName = keyof typeof queueTitles;
