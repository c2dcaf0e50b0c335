// The demo's people: a few of the sample city with something to see, so that a visitor of the demo need not look for one.
import type { WebContext } from '../context.ts';
import { stateText } from './state.ts';
import { demoSubjects } from './store.ts';

export interface DemoPerson {
  readonly register: string;
  readonly subjectId: string;
  readonly name: string | null;
  readonly about: string;
}

/** At most twelve: for each state of a record the first person and the first firm, then whoever is left without any. The same each time. */
export const demoPeople = async (web: WebContext): Promise<readonly DemoPerson[]> =>
  (await demoSubjects(web.db, 12)).map(({ title, state, ...one }) => ({
    ...one,
    about: state === null ? '目前没有可享的事项' : `${title}：${stateText(state)}`,
  }));
