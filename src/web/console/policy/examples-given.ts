// The examples as the server decided them last, for editors that show what a change does to them.
import { createContext } from 'react';
import type { ExampleTold } from './ask.ts';

export const ExamplesGiven = createContext<readonly ExampleTold[]>([]);
