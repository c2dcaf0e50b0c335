// A code tree checked by itself: codes once, every parent there, no loops, validity in order.
import { type Problem, problem } from '../base/problem.ts';
import type { Parts } from './shape.ts';

type Node = Parts['trees'][number]['nodes'][number];

/** Codes from which the root is never reached. */
const looping = (nodes: readonly Node[], parents: ReadonlyMap<string, string | null>): ReadonlySet<string> => {
  const safe = new Set<string>();
  const bad = new Set<string>();
  for (const node of nodes) {
    const path: string[] = [];
    const onPath = new Set<string>();
    let at: string | null | undefined = node.code;
    while (at !== null && at !== undefined && !safe.has(at) && !bad.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      at = parents.get(at);
    }
    const loops = typeof at === 'string' && (bad.has(at) || onPath.has(at));
    for (const code of path) (loops ? bad : safe).add(code);
  }
  return bad;
};

export const checkTrees = (trees: Parts['trees']): readonly Problem[] =>
  trees.flatMap((tree, t) => {
    const parents = new Map<string, string | null>();
    const out: Problem[] = [];
    const place = (i: number, key: string): string => `/trees/${t}/nodes/${i}/${key}`;
    for (const [i, node] of tree.nodes.entries()) {
      if (parents.has(node.code))
        out.push(problem('catalogue.duplicate', place(i, 'code'), `代码「${node.code}」重复`, '每个代码只列一次'));
      parents.set(node.code, node.parent);
      if (node.from != null && node.to != null && node.to <= node.from) {
        out.push(problem('catalogue.dates', place(i, 'to'), '止期不晚于起期', '止期是失效的第一天，须晚于起期'));
      }
    }
    const bad = looping(tree.nodes, parents);
    for (const [i, node] of tree.nodes.entries()) {
      if (node.parent !== null && !parents.has(node.parent)) {
        out.push(problem('catalogue.unknown-name', place(i, 'parent'), `上级代码「${node.parent}」不存在`, '先列出上级，或改正代码'));
      } else if (bad.has(node.code))
        out.push(problem('catalogue.loop', place(i, 'parent'), `「${node.name}」的上级绕回了自己`, '改正上级代码'));
    }
    return out;
  });
