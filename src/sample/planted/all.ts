// Every table of planted subjects, in the order in which they are written.
import { bjGaoling } from './bj-gaoling.ts';
import { bjKunnanYanglao } from './bj-kunnan-yanglao.ts';
import { luquanGaoling } from './luquan-gaoling.ts';
import { shLaonian } from './sh-laonian.ts';
import type { PlantedTable } from './table.ts';

export const plantedTables: readonly PlantedTable[] = [luquanGaoling, shLaonian, bjGaoling, bjKunnanYanglao];
