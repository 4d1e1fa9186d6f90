import type { LabBlock } from '../../lab/lab-session.ts';
import { TRIES, type Try } from '../../lab/tries.ts';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Lab } from './use-lab.ts';

/** Changes that meet a rule each. */
export function TryList({ lab, facts }: { readonly lab: Lab; readonly facts: LabBlock }) {
  return (
    <Panel title="Try this" aside={`${lab.met.size} of ${TRIES.length} tried`}>
      {!facts.hasPayment && (
        <p className="caption pb-2">
          This block has no payment of a development account, so some of these are out of reach. The faucet on
          the developer page makes one.
        </p>
      )}
      {facts.isWork && (
        <p className="caption pb-2">
          Where it says “sealed again”, the work is missing at first: do it, or take it as done.
        </p>
      )}
      <ol className="-mx-2 max-h-96 overflow-y-auto text-sm lg:max-h-none">
        {TRIES.map(({ name, title, what, needs }) => (
          <li key={name}>
            <button
              type="button"
              disabled={lab.busy !== undefined || !canTry(needs, facts)}
              onClick={() => void lab.change(name, title)}
              className="w-full cursor-pointer rounded-lg px-2 py-1.5 text-left hover:bg-sunken disabled:cursor-not-allowed disabled:opacity-50"
            >
              <span className="flex items-center justify-between gap-2 font-medium">
                {title}
                {lab.met.has(name) && <Icon name="check" label="Tried" className="size-4 text-good" />}
              </span>
              <span className="caption block">{what}</span>
              {lab.met.has(name) && (
                <span className="block break-all font-mono text-bad text-xs">{lab.met.get(name)}</span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function canTry(needs: Try['needs'], facts: LabBlock): boolean {
  if (needs === 'payment') return facts.hasPayment;
  return needs === 'nothing' || !facts.isWork;
}
