// Where the project's own files stand, whatever folder a command is called from.
import { fileURLToPath } from 'node:url';

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export const shippedRules = fromRoot('rules');
export const shippedCatalogue = fromRoot('rules/catalogue');
