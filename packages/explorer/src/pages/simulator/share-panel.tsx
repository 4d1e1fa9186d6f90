import type { RunNews } from '@calin/sim/live/run-desk.ts';
import type { RunPlan } from '@calin/sim/live/run-plan.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact } from '../../ui/fact.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { formatCount } from '../../words/format-units.ts';
import { LINK_HASH_DIGITS } from './read-search.ts';
import { formatMomentOfRun } from './run-words.ts';

/** The hash of the run where it stands, a link that leads there, and whether a link has kept its word. */
export function SharePanel({
  news: { frame, hash, report, faults },
  plan,
  expected,
  linkTo,
}: {
  readonly news: RunNews;
  readonly plan: RunPlan;
  /** What the link says by which the page was opened: true when the run came to the same hash. */
  readonly expected: boolean | undefined;
  /** A link to a moment of this run with its hash. */
  readonly linkTo: (atUs: number, hash: string) => string;
}) {
  const link = hash === undefined ? undefined : linkTo(frame.nowUs, hash.slice(0, LINK_HASH_DIGITS));
  const { scenario, consensus, seed, nodes, durationS } = plan;
  const command = `calin sim ${scenario} --consensus ${consensus} --nodes ${nodes} --seed ${seed} --duration ${durationS}`;
  return (
    <Panel title="This moment" aside={expected === undefined ? undefined : <Verdict isSame={expected} />}>
      <dl>
        <Fact name="Hash" help="of where all nodes stand: head, last final block and state">
          {hash === undefined ? (
            <span className="text-soft">Pause the run to see it.</span>
          ) : (
            <>
              <code data-hash className="break-all font-mono text-xs">
                {hash}
              </code>{' '}
              <CopyButton text={hash} what="the hash" />
            </>
          )}
        </Fact>
        <Fact name="Link">
          {link === undefined ? (
            <span className="text-soft">Pause the run to share it.</span>
          ) : (
            <span className="flex items-center gap-2">
              <input
                readOnly
                aria-label="Link to this moment"
                className="field font-mono text-xs!"
                value={link}
              />
              <CopyButton text={link} what="the link" />
            </span>
          )}
        </Fact>
        <Fact name="So far">
          {formatCount(frame.counts.messages)} messages, {formatCount(frame.counts.events)} events,{' '}
          {formatCount(frame.counts.transfers)} transfers, {formatCount(frame.counts.reorganisations)}{' '}
          reorganisations
        </Fact>
        {report !== undefined && (
          <Fact name="The whole run">
            {report.blocks.made} blocks, {report.blocks.stale} of them for nothing; half of all nodes had a
            block after {formatMomentOfRun(1000 * report.propagation.p50Ms)}.
          </Fact>
        )}
        {faults.length === 0 && (
          <Fact name="Elsewhere">
            <code className="break-all font-mono text-xs">{command}</code> ends with the same hash.
          </Fact>
        )}
      </dl>
    </Panel>
  );
}

function Verdict({ isSame }: { readonly isSame: boolean }) {
  return isSame ? (
    <Pill tone="good">The same hash as in the link</Pill>
  ) : (
    <Pill tone="bad" title="Calin changed between then and now, or the link did.">
      Another hash than in the link
    </Pill>
  );
}
