// Which of many delivered files may come in side by side. Files of one dataset wait for one another, because each is held against what the dataset said
// before; whoever brings new subjects comes before all who speak of them, and lists by name after all who may tell a name. So the records end the same
// whichever lane is quicker.
import type { Catalogue, Dataset } from '../catalogue/catalogue.ts';

/** Lanes of a round run side by side, their files one after the other; a round begins when the one before has ended. */
export type Round<D> = readonly (readonly D[])[];

const orderOf = (dataset: Dataset | undefined): number => (dataset?.introduces === true ? 0 : dataset?.keyedBy === 'name' ? 2 : 1);

/** Who says where somebody lives changes what a list of his division says of him: all of them are one lane, and so are those who bring new subjects. */
const laneOf = (dataset: Dataset | undefined): string =>
  dataset === undefined || dataset.introduces === true || dataset.columns.some(({ to }) => to === '$name' || to === '$division')
    ? ''
    : dataset.id;

/** Deliveries keep their order within a lane. */
export const roundsOf = <D extends { readonly dataset: string }>(
  catalogue: Pick<Catalogue, 'datasets'>,
  deliveries: readonly D[],
): readonly Round<D>[] => {
  const datasets = new Map(catalogue.datasets.map((dataset) => [dataset.id, dataset]));
  const rounds = [0, 1, 2].map((order) => deliveries.filter((d) => orderOf(datasets.get(d.dataset)) === order));
  return rounds.map((round) => [...Map.groupBy(round, (d) => laneOf(datasets.get(d.dataset))).values()]);
};

/** Works on at most `width` lanes at once. After a failure no further file is begun; it is thrown when those begun have ended. */
export const inLanes = async <D>(rounds: readonly Round<D>[], width: number, work: (one: D) => Promise<void>): Promise<void> => {
  for (const round of rounds) {
    const waiting = round.values();
    const failures: unknown[] = [];
    const worker = async (): Promise<void> => {
      for (const lane of waiting) {
        for (const one of lane) {
          if (failures.length > 0) return;
          await work(one).catch((error: unknown) => failures.push(error));
        }
      }
    };
    await Promise.all(Array.from({ length: width }, worker));
    if (failures.length > 0) throw failures[0];
  }
};
