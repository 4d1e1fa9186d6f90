import type { LiveStory } from '@calin/sim/live/live-frame.ts';
import type { RunNews, RunOrder } from '@calin/sim/live/run-desk.ts';
import type { RunPlan } from '@calin/sim/live/run-plan.ts';
import { useState } from 'react';
import { Panel } from '../../ui/panel.tsx';
import { BranchPicture } from './branch-picture.tsx';
import { ChecksPanel } from './checks-panel.tsx';
import { FaultTools } from './fault-tools.tsx';
import { HeightsPicture } from './heights-picture.tsx';
import { NetworkPicture } from './network-picture.tsx';
import { NodeList } from './node-list.tsx';
import { PictureLegend } from './picture-legend.tsx';
import { RunControls } from './run-controls.tsx';
import { SharePanel } from './share-panel.tsx';

/** Lines of the log that are shown. */
const LINES_SHOWN = 60;

/** A run as it stands: the network, what can be done to it, and what came of it. */
export function RunView({
  news,
  story,
  plan,
  tookMs,
  expected,
  order,
  linkTo,
}: {
  readonly news: RunNews;
  readonly story: LiveStory;
  readonly plan: RunPlan;
  readonly tookMs: number | undefined;
  readonly expected: boolean | undefined;
  readonly order: (order: RunOrder) => void;
  readonly linkTo: (atUs: number, hash: string) => string;
}) {
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const toggle = (node: number) => {
    const others = [...selected].filter((other) => other !== node);
    setSelected(new Set(selected.has(node) ? others : [...others, node]));
  };
  const { frame, faults, state } = news;
  const isLocked = frame.isOver || state === 'seeking';
  const { scenario, consensus, nodes, seed } = plan;
  return (
    <>
      <div className="grid gap-4 sm:gap-5 lg:grid-cols-2">
        <Panel title="Network" aside={`${scenario}, ${consensus}, ${nodes} nodes, seed ${seed}`}>
          <NetworkPicture
            frame={frame}
            selected={selected}
            toggle={toggle}
            cut={
              isLocked
                ? undefined
                : (apart) => order({ kind: 'do', deed: { kind: 'partition', nodes: apart } })
            }
          />
          <div className="mt-3 space-y-3">
            <RunControls news={news} durationS={plan.durationS} tookMs={tookMs} order={order} />
            <PictureLegend />
          </div>
        </Panel>
        <div className="min-w-0 space-y-4 sm:space-y-5">
          <FaultTools
            selected={[...selected].toSorted((a, b) => a - b)}
            faults={faults}
            nowUs={frame.nowUs}
            isLocked={isLocked}
            order={order}
            forget={() => setSelected(new Set())}
          />
          <NodeList nodes={frame.nodes} selected={selected} toggle={toggle} />
        </div>
      </div>
      <BranchPicture blocks={story.blocks} />
      <div className="grid gap-4 sm:gap-5 lg:grid-cols-2">
        <SharePanel news={news} plan={plan} expected={expected} linkTo={linkTo} />
        <ChecksPanel story={story} isOver={frame.isOver} />
        <HeightsPicture heights={story.heights} durationS={plan.durationS} />
        <LogPanel lines={story.lines} />
      </div>
    </>
  );
}

function LogPanel({ lines }: { readonly lines: readonly string[] }) {
  return (
    <Panel title="Log" aside="the newest line on top">
      <textarea
        readOnly
        aria-label="Log of the run"
        className="h-48 w-full resize-y overflow-auto whitespace-pre rounded-lg bg-sunken p-3 font-mono text-xs leading-5"
        value={lines.slice(-LINES_SHOWN).toReversed().join('\n')}
      />
    </Panel>
  );
}
