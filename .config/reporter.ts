// The last line of `npm test`: `N passed, N failed`, for people in a hurry and for scripts. A failed file or an error outside any test counts as failed.
import type { Reporter, TestModule } from 'vitest/node';

export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        if (state === 'failed') failedHere++;
      }
      failed += failedHere === 0 && module.state() === 'failed' ? 1 : failedHere;
    }
    // After the default reporter's own summary, which is printed when the run has closed.
    process.on('exit', () => console.log(`${passed} passed, ${failed} failed`));
  }
}
