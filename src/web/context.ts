// What every handler may reach. Made once by server.ts; tests make their own.
import type { Logger } from 'pino';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import type { Runner } from '../job-runner.ts';
import type { Hot } from '../snapshot/hot.ts';
import type { Auth } from './auth.ts';
import type { Identity } from './identity.ts';

export interface WebContext {
  readonly auth: Auth;
  readonly db: Db;
  readonly secret: string;
  readonly now: () => Date;
  /** What the gateway for messages signs its receipts with; null: there is none. */
  readonly gatewaySecret: string | null;
  readonly log: Logger;
  /** True while the sample city is in this database. */
  readonly demo: boolean;
  /** The address people see, without a slash at its end. */
  readonly baseUrl: string;
  /** The unified identity provider; null: none is set, and people come by links only. */
  readonly identity: Identity | null;
  /** The catalogue in force; read anew after a publication. */
  readonly catalogue: () => Promise<Catalogue>;
  /** Sealed columns kept between two 试算. */
  readonly hot: Hot;
  /** True while the console's files are being built. */
  readonly consoleBuilding?: () => boolean;
  /** Runs jobs out of their time; absent: this process runs none. */
  readonly runner?: Runner;
}
