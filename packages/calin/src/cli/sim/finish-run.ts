import { OK, type Result } from '@calin/core/base/result.ts';
import type { CommandIo } from '../command.ts';
import { refuseCli } from '../rules.ts';
import { writeOutputFile } from './write-output-file.ts';

/** A run that is over. */
export interface FinishedRun {
  /** What was run: a scenario, or a protocol. */
  readonly scenario: string;
  /** Where a scenario can be run with several. */
  readonly consensus?: string;
  readonly report: {
    readonly seed: number;
    readonly violations: readonly { readonly invariant: string; readonly message: string }[];
  };
  /** The report for a terminal. */
  readonly text: string;
  /** Where a page was asked for, and the page. */
  readonly html: { readonly path: string; readonly page: string } | undefined;
}

/**
 * Ends the command of a simulation: writes the page, tells the report, and refuses by `cli/invariant-broken` a run that
 * broke one, or by `cli/file`.
 */
export function finishRun(
  io: CommandIo,
  { scenario, consensus, report, text, html }: FinishedRun,
): Result<undefined> {
  const written = html === undefined ? OK : writeOutputFile(html.path, html.page);
  if (!written.ok) return written;
  io.answer({ json: report, text });
  const [first] = report.violations;
  if (first === undefined) return OK;
  const { invariant, message } = first;
  const name = consensus === undefined ? { scenario } : { scenario, consensus };
  return refuseCli('cli/invariant-broken', { ...name, seed: report.seed, invariant, message });
}
