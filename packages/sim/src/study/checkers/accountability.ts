import type { Report } from '../../checkers/checker.ts';
import type { StudyChecker, StudyEnd } from './study-checker.ts';

/** What accusations are measured by. */
export interface AccountabilityOptions {
  /** Numbers of the nodes that break the rules. */
  readonly liars: ReadonlySet<number>;
  /** Guilty ones that a break of agreement must name at least; 0 where a protocol cannot tell. */
  readonly guiltyMin: number;
}

/** Nobody honest is ever accused, and a break of agreement names those who made it. */
export class Accountability implements StudyChecker {
  readonly invariant = 'accountability';
  readonly #options: AccountabilityOptions;

  constructor(options: AccountabilityOptions) {
    this.#options = options;
  }

  finish({ log, guilty }: StudyEnd, report: Report): void {
    const { liars, guiltyMin } = this.#options;
    for (const [node, offence] of guilty) {
      if (!liars.has(node)) report('An honest node is accused.', { node, offence });
    }
    if (log.isBroken && guilty.size < guiltyMin)
      report('Agreement is broken, and too few are named.', { named: guilty.size, expected: guiltyMin });
  }
}
