import type { Report } from '../../checkers/checker.ts';
import type { Decision, StudyChecker, StudyEnd } from './study-checker.ts';

/** What a cluster that is whole again must do. */
export interface StudyLivenessOptions {
  readonly nowUs: () => number;
  /** From here on nothing is wrong any more but liars. */
  readonly healedUs: number;
  /** Requests that must be executed between then and the end. */
  readonly executedMin: number;
}

/** After healing requests are executed again, and none waits in the end. */
export class StudyLiveness implements StudyChecker {
  readonly invariant = 'liveness';
  readonly #options: StudyLivenessOptions;
  #highest = 0;
  #executed = 0;

  constructor(options: StudyLivenessOptions) {
    this.#options = options;
  }

  decided({ index, executed }: Decision): void {
    if (index <= this.#highest) return;
    this.#highest = index;
    if (executed && this.#options.nowUs() >= this.#options.healedUs) this.#executed += 1;
  }

  finish({ open }: StudyEnd, report: Report): void {
    const { executedMin } = this.#options;
    if (this.#executed < executedMin)
      report('The log stands still.', { executed: this.#executed, expected: executedMin });
    const [first] = open;
    if (first !== undefined) report('A request is not answered.', { request: first, of: open.length });
  }
}
