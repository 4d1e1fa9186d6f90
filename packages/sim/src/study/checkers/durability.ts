import type { Report } from '../../checkers/checker.ts';
import { entryName, type StudyRequest } from '../study-node.ts';
import type { StudyChecker, StudyEnd } from './study-checker.ts';

/**
 * Nothing that was committed is lost: in the end machines that crashed have decided again all that anybody had, but for
 * what a protocol lets them be behind; and what a client has as done is in the log.
 */
export class Durability implements StudyChecker {
  readonly invariant = 'durability';
  readonly #lagMax: number;
  readonly #answered: string[] = [];

  /** @param lagMax - entries that a machine may be behind in the end */
  constructor(lagMax: number) {
    this.#lagMax = lagMax;
  }

  answered(request: StudyRequest): void {
    this.#answered.push(entryName(request));
  }

  finish({ log, machines }: StudyEnd, report: Report): void {
    const missing = this.#answered.filter((name) => log.firstIndex(name) === undefined);
    const [first] = missing;
    if (first !== undefined)
      report('A client has a request as done that is in no log.', { request: first, of: missing.length });
    for (const { name, isUp, position } of machines) {
      if (!isUp) report('A machine is still off.', { machine: name });
      else if (log.length - position > this.#lagMax)
        report('A machine lacks entries that others have decided.', {
          machine: name,
          position,
          of: log.length,
        });
    }
  }
}
