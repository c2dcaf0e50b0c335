// Where files stand: the project's own, whatever folder a command is called from, and those a caller names, seen from where the caller stands.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const shippedRules = fromRoot('rules');
export const shippedCatalogue = fromRoot('rules/catalogue');

/** npm runs scripts in the project's folder and leaves the caller's in INIT_CWD; a relative path means the caller's. */
export const fromCaller = (path: string, env: Readonly<Record<string, string | undefined>>): string =>
  resolve(env.npm_lifecycle_event === 'zhixiang' && env.INIT_CWD !== undefined ? env.INIT_CWD : process.cwd(), path);
