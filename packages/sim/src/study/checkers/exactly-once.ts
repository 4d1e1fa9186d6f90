import type { Report } from '../../checkers/checker.ts';
import { entryName } from '../study-node.ts';
import type { AgreedLog } from './agreed-log.ts';
import type { Decision, StudyChecker } from './study-checker.ts';

/** A request is executed where it stands in the log for the first time, by every machine, and nowhere else. */
export class ExactlyOnce implements StudyChecker {
  readonly invariant = 'exactly once';
  readonly #log: AgreedLog;

  constructor(log: AgreedLog) {
    this.#log = log;
  }

  decided({ machine, index, request, executed }: Decision, report: Report): void {
    if (request === undefined || this.#log.isBroken) return;
    const name = entryName(request);
    const isFirst = this.#log.firstIndex(name) === index;
    if (isFirst === executed) return;
    const message = executed
      ? 'A request was executed again.'
      : 'A request was not executed where it stands first.';
    report(message, { machine, index, request: name });
  }
}
