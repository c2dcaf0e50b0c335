// The names an officer may have meant, as a hint.
import { nearest } from '../base/nearest.ts';

export const suggestion = (name: string, candidates: Iterable<string>, otherwise: string): string => {
  const found = nearest(name, candidates);
  return found.length > 0 ? `是不是 ${found.join('、')}？` : otherwise;
};
