import type { StudyReport } from '@calin/sim/study/study-report.ts';

/** A run of a study protocol in a few lines for a person: what was run, what it cost, and the hash. */
export function presentStudy(report: StudyReport): string {
  const { protocol, seed, nodes, durationS, faults, liars, guilty, violations } = report;
  const { decisions, perDecision, answers, answerDelays, leaderChanges } = report;
  const list = (names: readonly string[]) => (names.length === 0 ? 'none' : names.join(', '));
  const beyond = report.isBeyondBound ? ', more than the protocol bears' : '';
  return [
    ...violations.map(
      ({ invariant, message, evidence }) => `BROKEN ${invariant}: ${message} ${JSON.stringify(evidence)}`,
    ),
    `${protocol} seed ${seed}: ${nodes} nodes, ${durationS} s, ${decisions} decisions; faults: ${list(faults)}`,
    `liars: ${list(liars.map(({ node, kind }) => `n${node} (${kind})`))}${beyond}`,
    ...guilty.map(({ node, offence }) => `guilty: n${node}, ${offence}`),
    `${perDecision.messages} messages and ${perDecision.bytes} bytes for each decision, everything included`,
    `answered after ${answers.p50Ms} ms (${answerDelays} message delays), 99 % after ${answers.p99Ms} ms`,
    `changes of the leader: ${leaderChanges.count}, half of them within ${leaderChanges.p50Ms} ms`,
    report.hash,
  ].join('\n');
}
