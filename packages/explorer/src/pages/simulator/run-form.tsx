import type { Failure } from '@calin/core/base/result.ts';
import { PRESET_NAMES } from '@calin/core/spec/consensus-presets.ts';
import {
  findLiveScenario,
  formatPlan,
  LIVE_SCENARIOS,
  PLAN_LIMITS,
  parsePlan,
  type RunPlan,
} from '@calin/sim/live/run-plan.ts';
import { type FormEvent, useState } from 'react';
import { Panel } from '../../ui/panel.tsx';
import { EXAMPLES } from './examples.ts';
import { RefusedPlan } from './refused-plan.tsx';

/** Chooses another run: its numbers, or an example. */
export function RunForm({
  plan,
  open,
}: {
  readonly plan: RunPlan;
  /** Takes the text of a plan that can be run. */
  readonly open: (run: string) => void;
}) {
  const [draft, setDraft] = useState<RunPlan>({ ...plan, faults: [] });
  const [refusal, setRefusal] = useState<Failure['error']>();
  const scenario = findLiveScenario(draft.scenario);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = formatPlan(draft);
    const parsed = parsePlan(text);
    setRefusal(parsed.ok ? undefined : parsed.error);
    if (parsed.ok) open(text);
  };
  const choose = (name: string) => {
    const next = findLiveScenario(name);
    if (next === undefined) return;
    const { nodes, durationS, consensus } = next;
    const isPossible = consensus.includes(draft.consensus);
    setDraft({
      ...draft,
      scenario: name,
      consensus: isPossible ? draft.consensus : consensus[0],
      nodes: Math.min(nodes, 12),
      durationS: Math.min(durationS, 180),
    });
  };
  return (
    <Panel title="Another run">
      <form onSubmit={submit} className="grid gap-3 sm:grid-cols-3 lg:grid-cols-6">
        <label className="space-y-1 text-sm">
          <span className="caption">Scenario</span>
          <select className="field" value={draft.scenario} onChange={({ target }) => choose(target.value)}>
            {LIVE_SCENARIOS.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label className="space-y-1 text-sm">
          <span className="caption">Consensus</span>
          <select
            className="field"
            value={draft.consensus}
            onChange={({ target }) => {
              const consensus = PRESET_NAMES.find((name) => name === target.value);
              if (consensus !== undefined) setDraft({ ...draft, consensus });
            }}
          >
            {scenario?.consensus.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <NumberField
          name="Nodes"
          value={draft.nodes}
          min={PLAN_LIMITS.nodesMin}
          max={PLAN_LIMITS.nodesMax}
          set={(nodes) => setDraft({ ...draft, nodes })}
        />
        <NumberField
          name="Seed"
          value={draft.seed}
          min={0}
          max={Number.MAX_SAFE_INTEGER}
          set={(seed) => setDraft({ ...draft, seed })}
        />
        <NumberField
          name="Seconds"
          value={draft.durationS}
          min={PLAN_LIMITS.durationSMin}
          max={PLAN_LIMITS.durationSMax}
          set={(durationS) => setDraft({ ...draft, durationS })}
        />
        <div className="flex items-end">
          <button type="submit" className="button w-full">
            Set up
          </button>
        </div>
      </form>
      <p className="caption mt-2">{scenario?.summary}</p>
      {refusal !== undefined && <RefusedPlan refusal={refusal} />}
      <h3 className="mt-4 mb-2 font-medium text-sm">Runs that show something</h3>
      <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {EXAMPLES.map(({ name, what, run }) => (
          <li key={run}>
            <button type="button" className="link cursor-pointer text-left text-sm" onClick={() => open(run)}>
              {name}
            </button>
            <p className="caption">{what}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function NumberField({
  name,
  value,
  min,
  max,
  set,
}: {
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly set: (value: number) => void;
}) {
  return (
    <label className="space-y-1 text-sm">
      <span className="caption">{name}</span>
      <input
        type="number"
        required
        min={min}
        max={max}
        step={1}
        className="field"
        value={value}
        onChange={({ target }) => set(Math.trunc(Number(target.value)))}
      />
    </label>
  );
}
