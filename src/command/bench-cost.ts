// What a measure of `bench` costs: time, processor time and the peak of memory of this process with its threads, and apart from them the database's.
import { performance } from 'node:perf_hooks';
import { forgetPeak, peakBytes, watchServer } from '../bench/memory.ts';
import { type ProcessorTime, watchProcessor } from '../bench/processor.ts';
import { type Db, rawSql } from '../db/handle.ts';

export type Cost = ProcessorTime & { readonly ms: number; readonly rssBytes: number; readonly databaseRssBytes: number };

export const measured = async <T>(db: Db, work: () => Promise<T>): Promise<Cost & { readonly out: T }> => {
  const [backend] = await rawSql(db)<{ pid: number }[]>`select pg_backend_pid() as pid`;
  forgetPeak();
  const server = watchServer(backend?.pid ?? 0);
  const processor = watchProcessor(backend?.pid ?? 0);
  const began = performance.now();
  const out = await work();
  const ms = performance.now() - began;
  return { out, ms, ...processor.stop(), rssBytes: peakBytes(), databaseRssBytes: server.stop() };
};
