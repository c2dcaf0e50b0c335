// The first look at a rule file from outside: size, depth and names, without recursion and without trusting anything.
// Whatever passes is small enough that every later check ends quickly.
import { type Problem, problem } from '../base/problem.ts';

/** About ten times the largest item ever written, so that a refusal within 0.1 s and real work are far apart. */
const most = { nodes: 20_000, depth: 60, text: 4_000, allText: 200_000, list: 500, formulas: 12_000 } as const;
const formulaKeys = new Set(['feel', 'formula', 'deduct', 'where', 'object', 'orderBy', 'yearsSince']);
const unsafe = new Set(['__proto__', 'constructor', 'prototype']);
/** Marks that turn the reading direction: a rule must read as it runs. */
const bidi = /[\u202A-\u202E\u2066-\u2069\u200E\u200F]/;

/** Problems that forbid looking further; empty when the input may be read. */
export const guard = (json: unknown): readonly Problem[] => {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return [problem('rule.shape', '', '事项文件须是一个 JSON 对象', '参照已有的事项文件')];
  const found: Problem[] = [];
  const refuse = (
    code: 'rule.too-large' | 'rule.too-deep' | 'rule.name' | 'rule.text',
    at: string,
    message: string,
    hint: string,
  ): void => {
    found.push(problem(code, at.length > 200 ? `${at.slice(0, 200)}…` : at, message, hint));
  };
  let text = 0;
  let formulas = 0;
  const stack: { readonly value: unknown; readonly at: string; readonly depth: number }[] = [{ value: json, at: '', depth: 0 }];
  let nodes = 0;
  for (let top = stack.pop(); top !== undefined && found.length < 20; top = stack.pop()) {
    const { value, at, depth } = top;
    if (++nodes > most.nodes) {
      refuse('rule.too-large', '', `事项文件过大，超过 ${most.nodes} 项`, '拆成几个事项');
      break;
    }
    if (typeof value === 'string') {
      text += value.length;
      if (formulaKeys.has(at.slice(at.lastIndexOf('/') + 1))) formulas += value.length;
      if (text > most.allText || formulas > most.formulas) {
        refuse('rule.too-large', '', text > most.allText ? '文字过多' : `公式合计超过 ${most.formulas} 字`, '拆成几个事项，或把公式写短');
        break;
      }
      if (value.length > most.text) refuse('rule.too-large', at, `文字超过 ${most.text} 字`, '缩短');
      else if (bidi.test(value)) refuse('rule.text', at, '文字里有改变书写方向的隐藏字符', '删去后重新输入');
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= most.depth) {
      refuse('rule.too-deep', at, `嵌套超过 ${most.depth} 层`, '把规则写平');
      continue;
    }
    const keys = Object.keys(value);
    if (Array.isArray(value) && keys.length > most.list) {
      refuse('rule.too-large', at, `列表超过 ${most.list} 项`, '名单不写在规则里；分档请合并');
      continue;
    }
    if (nodes + stack.length + keys.length > most.nodes) {
      refuse('rule.too-large', at, `事项文件过大，超过 ${most.nodes} 项`, '拆成几个事项');
      break;
    }
    for (const key of keys) {
      const here = `${at}/${key.slice(0, 60).replaceAll('~', '~0').replaceAll('/', '~1')}`;
      if (unsafe.has(key)) refuse('rule.name', here, `不能使用名字 ${key}`, '换一个名字');
      else if (key.length > 200 || bidi.test(key)) refuse('rule.name', here, '名字过长或含有隐藏字符', '换一个名字');
      else stack.push({ value: (value as Record<string, unknown>)[key], at: here, depth: depth + 1 });
    }
  }
  return found;
};
