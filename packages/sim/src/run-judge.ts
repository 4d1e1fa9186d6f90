import { concatBytes, toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { type Hash, keyedHash, ZERO_HASH } from '@calin/core/crypto/hash.ts';
import type { Checker, Moment, Violation } from './checkers/checker.ts';
import { RunLog } from './log.ts';
import { type MachineSight, mergeParts, type RunSummary } from './part-summary.ts';
import { createReport, type SimReport } from './report.ts';
import type { RunSetup } from './run-setup.ts';
import type { Stage } from './scenarios/scenario.ts';
import type { FinalNews, TurnNews } from './sim-part.ts';

/** A run that is over. */
export interface FinishedRun {
  readonly report: SimReport;
  readonly run: RunSummary;
  /** That of the first part. */
  readonly stage: Stage;
}

/** Violations that are reported of each invariant: the first ones say what went wrong. */
const VIOLATIONS_MAX = 10;

/**
 * Puts together what the parts of a run say: one log, and the judgement of the checkers on what was seen in all of
 * them. It looks from outside and changes nothing, so it may come later than what it judges.
 */
export class RunJudge {
  readonly #setup: RunSetup;
  readonly #stage: Stage;
  readonly #log: RunLog;
  readonly #violations: Violation[] = [];

  /** @param stage - of any part: its checkers judge */
  constructor(setup: RunSetup, stage: Stage) {
    this.#setup = setup;
    this.#stage = stage;
    this.#log = new RunLog(setup.log);
  }

  /** What was found broken so far. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  /** Takes what all parts say at the end of a turn, in their order. */
  turn(atUs: number, news: readonly TurnNews[]): void {
    this.#log.add(news.map(({ lines }) => lines));
    const sights = news.flatMap((part) => (part.sights === undefined ? [] : [part.sights]));
    if (sights.length > 0) this.#judge(sights, 'watch', atUs);
  }

  /** Takes what all parts say when they are over, in their order. */
  finish(news: readonly FinalNews[]): FinishedRun {
    const { scenario, consensus, seed, nodes, durationS, durationUs } = this.#setup;
    this.#judge(
      news.map(({ sights }) => sights),
      'finish',
      durationUs,
    );
    const run = mergeParts(news.map(({ summary }) => summary));
    const report = createReport({
      size: { scenario: scenario.name, consensus, seed, nodes, durationS },
      run,
      results: this.#stage.results?.(run) ?? {},
      log: { lines: this.#log.lines, hash: toHex(this.#log.digest()) },
      violations: this.#violations,
      hash: finalHash(run.machines),
    });
    return { report, run, stage: this.#stage };
  }

  #judge(parts: readonly (readonly unknown[])[], moment: Moment, atUs: number): void {
    this.#stage.checkers.forEach((checker, i) => {
      const sights = parts.map((part) => part[i]).filter((sight) => sight !== undefined);
      if (sights.length > 0) checker.judge(sights, moment, this.#reporter(checker, atUs));
    });
  }

  #reporter({ invariant }: Checker, atUs: number) {
    return (message: string, evidence: Violation['evidence']): void => {
      if (this.#violations.filter((one) => one.invariant === invariant).length >= VIOLATIONS_MAX) return;
      this.#violations.push({ invariant, atUs, message, evidence });
      const said = { level: 'error', part: 'run', message: `BROKEN ${invariant}: ${message}` } as const;
      this.#log.say(atUs, { ...said, fields: evidence });
    };
  }
}

/** The hash of where all nodes ended: head, last final block and state of each one that is on. */
export function finalHash(machines: readonly Pick<MachineSight, 'name' | 'end'>[]): string {
  let hash: Hash = ZERO_HASH;
  for (const { name, end } of machines) {
    const parts = [utf8Bytes(name)];
    if (end !== undefined) parts.push(end.head, end.final, end.root);
    hash = keyedHash(hash, concatBytes(...parts));
  }
  return toHex(hash);
}
