// Random cases are the same in every run, so that a change is never refused for a case it did not touch; test/long draws more of them, with seeds of its own.
import fc from 'fast-check';

fc.configureGlobal({ seed: 20_261_122 });
