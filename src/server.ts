// The web on Node: one app on one port, closed within seconds. Only this file and worker.ts know their runtime.
import { serve as listen, type ServerType } from '@hono/node-server';
import { pino } from 'pino';
import { fail } from './base/problem.ts';
import { keptCatalogue } from './catalogue/load.ts';
import { authSecret, type Config } from './config.ts';
import type { Database } from './db/handle.ts';
import type { Runner } from './job-runner.ts';
import { openHot } from './snapshot/hot.ts';
import { makeApp } from './web/app.ts';
import { type Auth, openAuth } from './web/auth.ts';
import { openIdentity } from './web/identity.ts';

export interface Web {
  /** The address people see. */
  readonly address: string;
  readonly auth: Auth;
  /** The paths of everything that can be read, as the route table has them (`/items/:id`). */
  readonly paths: readonly string[];
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly config: Config;
  readonly database: Database;
  readonly demo: boolean;
  readonly consoleBuilding?: () => boolean;
  /** Runs jobs that are asked for at a page; absent: this process runs none. */
  readonly runner?: Runner;
  /** Default: this machine's clock. */
  readonly now?: () => Date;
}

/** The accounts' door, needed before the web is up to make the first accounts. */
export const authOf = (config: Config, database: Database): Auth =>
  openAuth(database.db, { secret: authSecret(config), baseUrl: config.baseUrl ?? `http://${config.host}:${config.port}` });

/** Listens; a busy port is a problem with a way out, not a stack trace. */
export const serve = async ({
  config,
  database,
  demo,
  consoleBuilding = () => false,
  runner,
  now = () => new Date(),
}: ServeOptions): Promise<Web> => {
  const auth = authOf(config, database);
  const log = pino({ level: config.logLevel });
  const baseUrl = config.baseUrl ?? `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${config.port}`;
  const app = makeApp({
    auth,
    db: database.db,
    secret: authSecret(config),
    now,
    baseUrl,
    identity: config.identity === null ? null : openIdentity(database.db, config.identity, now),
    gatewaySecret: config.notice.gateway?.secret ?? null,
    log,
    demo,
    catalogue: keptCatalogue(database.db),
    hot: openHot(config.hotBytes),
    consoleBuilding,
    ...(runner === undefined ? {} : { runner }),
  });
  const server = await new Promise<ServerType>((resolve, reject) => {
    const one = listen({ fetch: app.fetch, hostname: config.host, port: config.port }, () => resolve(one));
    one.once('error', reject);
  }).catch((error: NodeJS.ErrnoException) => busyPort(error, config));
  const port = (server.address() as { port: number }).port;
  return {
    address: config.baseUrl ?? `http://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`,
    auth,
    paths: [...new Set(app.routes.filter((one) => one.method === 'GET').map((one) => one.path))],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // Kept-alive connections would hold the port for minutes.
        if ('closeAllConnections' in server) setTimeout(() => server.closeAllConnections(), 1000).unref();
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }),
  };
};

/** EADDRINUSE and EACCES as one sentence and a way out; anything else is thrown on. */
export const busyPort = (error: NodeJS.ErrnoException, config: Config): never => {
  if (error.code === 'EADDRINUSE')
    return fail(
      'config.port-busy',
      'PORT',
      `端口 ${config.port} 已经被别的程序占用。`,
      `换一个端口再启动，例如 PORT=${config.port + 1} npm start。`,
    );
  if (error.code === 'EACCES')
    return fail('config.port', 'PORT', `没有权限使用端口 ${config.port}。`, '换一个 1024 以上的端口，例如 PORT=3000 npm start。');
  throw error;
};
