// Named places where a test may kill the process. A step that writes takes `at` among its options and calls it before and after each write boundary;
// in production nobody passes one and `nowhere` does nothing: there is no environment variable, no flag and nothing to switch on by accident.
// Names read `<step>.<place>` (`import.after-chunk`); test/failpoint.ts collects, kills and proves that each was reached.

/** What happens at a named place. It may throw or end the process; a step must never depend on what it does. */
export type Failpoint = (name: string) => void | Promise<void>;

export const nowhere: Failpoint = () => undefined;
