import { OWN_FAULTS_MAX, type OwnDeed, type OwnFault } from '@calin/sim/live/own-faults.ts';
import type { RunOrder } from '@calin/sim/live/run-desk.ts';
import { Panel } from '../../ui/panel.tsx';
import { explainFault, formatMomentOfRun, nameNodes } from './run-words.ts';

/** What slow nodes, and bad links, are like. */
const EXTRA_MS = 1_000;
const BAD_LINKS = { lostPermille: 100, latePermille: 100 } as const;

/** What can be done to a network, and what was done to it. */
export function FaultTools({
  selected,
  faults,
  nowUs,
  isLocked,
  order,
  forget,
}: {
  /** The nodes that are chosen, in order. */
  readonly selected: readonly number[];
  readonly faults: readonly OwnFault[];
  readonly nowUs: number;
  /** True while nothing can be done: the run is over, or on its way to another moment. */
  readonly isLocked: boolean;
  readonly order: (order: RunOrder) => void;
  /** Ends the choice of nodes. */
  readonly forget: () => void;
}) {
  const act = (deed: OwnDeed) => {
    order({ kind: 'do', deed });
    if ('nodes' in deed) forget();
  };
  const nodes = selected;
  const listed = faults.map((fault, place) => ({ fault, place }));
  const deeds: readonly (readonly [string, OwnDeed])[] = [
    ['Cut off', { kind: 'partition', nodes }],
    ['Cut the power', { kind: 'crash', nodes }],
    ['Switch on', { kind: 'restart', nodes }],
    ['Make slow', { kind: 'slow', nodes, extraMs: EXTRA_MS }],
  ];
  return (
    <Panel title="Faults" aside={nodes.length === 0 ? 'no node chosen' : `chosen: ${nameNodes(nodes)}`}>
      <fieldset disabled={isLocked || faults.length >= OWN_FAULTS_MAX} className="space-y-2">
        <legend className="sr-only">Do something to the network now</legend>
        <div className="flex flex-wrap gap-2">
          {deeds.map(([name, deed]) => (
            <button
              key={name}
              type="button"
              className="button"
              disabled={nodes.length === 0}
              onClick={() => act(deed)}
            >
              {name}
            </button>
          ))}
        </div>
        <div className="flex flex-wrap gap-2">
          <button type="button" className="button" onClick={() => act({ kind: 'links', ...BAD_LINKS })}>
            Bad links
          </button>
          <button type="button" className="button" onClick={() => act({ kind: 'heal' })}>
            Heal the network
          </button>
        </div>
      </fieldset>
      <p className="caption mt-2">
        Draw a line across the picture to cut the network in two, or choose nodes there or in the list.
        Healing ends partitions, bad links and slowness; machines stay off until they are switched on. A run
        has {OWN_FAULTS_MAX} faults at most.
      </p>
      <ol aria-label="Faults of this run" className="mt-3 divide-y divide-line text-sm">
        {listed.map(({ fault, place }) => (
          <li key={place} className="flex items-center gap-3 py-1.5">
            <span className="w-20 shrink-0 text-right text-soft">{formatMomentOfRun(1000 * fault.atMs)}</span>
            <span className={`min-w-0 flex-1 ${1000 * fault.atMs > nowUs ? 'text-soft' : ''}`}>
              {explainFault(fault)}
            </span>
            <button
              type="button"
              className="link cursor-pointer whitespace-nowrap"
              aria-label={`Take back: ${explainFault(fault)}`}
              onClick={() => order({ kind: 'undo', fault: place })}
            >
              Take back
            </button>
          </li>
        ))}
      </ol>
      {faults.length === 0 && <p className="text-sm text-soft">Nothing has been done to this network.</p>}
    </Panel>
  );
}
