import type { Refusal } from '@calin/core/base/result.ts';
import type { Verdict } from '../../lab/lab-chain.ts';
import type { LabBlock } from '../../lab/lab-session.ts';
import { nameRepair, repairFor } from '../../lab/repairs.ts';
import { RULE_PLACES } from '../../lab/rule-places.ts';
import { Fact } from '../../ui/fact.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Pill } from '../../ui/pill.tsx';
import { shorten } from '../../words/shorten.ts';
import { ProgressLine } from './progress-line.tsx';
import type { Lab } from './use-lab.ts';

/** What a node says of the block as it lies on the table. */
export function VerdictPanel({
  verdict,
  facts,
  lab,
}: {
  readonly verdict: Verdict;
  readonly facts: LabBlock;
  readonly lab: Lab;
}) {
  const { busy, refusal, steps } = lab;
  return (
    <Panel
      title="What a node says"
      aside={
        <span className="flex flex-wrap gap-2">
          <button type="button" className="button" disabled={steps.length < 2 || !!busy} onClick={lab.undo}>
            <Icon name="back" /> Undo
          </button>
          <button type="button" className="button" disabled={steps.length < 2 || !!busy} onClick={lab.reset}>
            Begin again
          </button>
        </span>
      }
    >
      <div className="space-y-3 text-sm" aria-busy={busy !== undefined}>
        <div aria-live="polite" className="space-y-3">
          {verdict.kind === 'refused' ? (
            <RefusedText refusal={verdict.refusal} />
          ) : (
            <TakenText verdict={verdict} facts={facts} />
          )}
        </div>
        {verdict.kind === 'refused' && <RepairButtons refusal={verdict.refusal} facts={facts} lab={lab} />}
        {facts.isWork && (
          <label className="flex items-start gap-2">
            <input
              type="checkbox"
              className="mt-0.5 size-4 accent-accent"
              checked={lab.isWorkTaken}
              disabled={!!busy}
              onChange={({ target }) => void lab.takeWork(target.checked)}
            />
            <span>
              Take the work as done
              <span className="block text-soft">
                A page hashes slowly. See what would be refused next if somebody did the work.
              </span>
            </span>
          </label>
        )}
        {busy?.progress !== undefined && (
          <div className="flex flex-wrap items-center gap-3">
            <ProgressLine progress={busy.progress} />
            <button type="button" className="button" onClick={lab.stop}>
              Stop
            </button>
          </div>
        )}
        {refusal !== undefined && (
          <Notice title={refusal.message} tone="warn">
            {refusal.help} <code className="font-mono text-xs">{refusal.rule}</code>
          </Notice>
        )}
      </div>
    </Panel>
  );
}

function TakenText({ verdict, facts }: { readonly verdict: Verdict; readonly facts: LabBlock }) {
  if (verdict.kind === 'refused') return null;
  const isOwn = verdict.id === facts.id;
  if (verdict.kind === 'open') {
    return (
      <p>
        <Pill tone="plain">Nothing found</Pill> Nothing of what can be checked here speaks against it.
      </p>
    );
  }
  return isOwn ? (
    <p>
      <Pill tone="good">Valid</Pill> This is the block as the node has it: every rule holds. Try a change, or
      write another value into a field.
    </p>
  ) : (
    <p>
      <Pill tone="warn">Valid, and another block</Pill> Nothing refuses it. It is a second block at this
      height, with the id <span className="font-mono">{shorten(verdict.id)}</span>. A node that does not have
      this height final yet would keep it beside its own, as a fork, and the consensus would say which of them
      counts. Whoever can seal can do that; what they cannot do is break a rule.
    </p>
  );
}

function RefusedText({ refusal }: { readonly refusal: Refusal }) {
  const { rule, message, help, evidence } = refusal;
  const places = RULE_PLACES[rule] ?? [];
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <Pill tone="bad">Refused</Pill>
        <code className="font-mono font-semibold text-bad" data-rule={rule}>
          {rule}
        </code>
      </p>
      <p>
        {message} <span className="text-soft">{help}</span>
      </p>
      <dl>
        {Object.entries(evidence).map(([name, value]) => (
          <Fact key={name} name={name}>
            <span className="break-all font-mono text-[0.92em]">{String(value)}</span>
          </Fact>
        ))}
        <Fact name="In the code" help="The files in which the rule refuses">
          {places.map((place) => (
            <code key={place} className="block break-all font-mono text-xs leading-5">
              packages/core/src/{place}
            </code>
          ))}
        </Fact>
        <Fact name="In the docs">
          <a href={`/docs/reference/rules#${rule}`} className="link">
            what it says, and what to do
          </a>
        </Fact>
      </dl>
    </>
  );
}

function RepairButtons({
  refusal,
  facts,
  lab,
}: {
  readonly refusal: Refusal;
  readonly facts: LabBlock;
  readonly lab: Lab;
}) {
  const repair = repairFor(refusal);
  if (repair === undefined) {
    return <p className="text-soft">No repair is obvious here: undo the change, or write what you mean.</p>;
  }
  const name = nameRepair(repair, facts.isWork);
  return (
    <div className="flex flex-wrap gap-2">
      <button
        type="button"
        className="button"
        disabled={!!lab.busy}
        onClick={() => void lab.repair(repair, name)}
      >
        <Icon name="tools" /> {name}
      </button>
      <button type="button" className="button" disabled={!!lab.busy} onClick={() => void lab.repairAll()}>
        Repair all that follows
      </button>
    </div>
  );
}
