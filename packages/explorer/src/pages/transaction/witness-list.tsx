import type { WitnessJson } from '../../node/shapes.ts';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { explainLock } from '../../words/explain-lock.ts';

/** Who agreed to a transaction, and by which lock. */
export function WitnessList({ witnesses }: { readonly witnesses: readonly WitnessJson[] }) {
  return (
    <Panel title="Who agreed" aside="each address whose coins are spent">
      <ul className="divide-y divide-line text-sm">
        {witnesses.map(({ address, lock, signatures, preimage }) => (
          <li key={address} className="space-y-1 py-2.5 first:pt-0">
            <NameLink kind="address" name={address} isWhole />
            <p>
              {explainLock(lock)}{' '}
              <span className="text-soft">
                {signatures.length === 1 ? 'One signature' : `${signatures.length} signatures`}
                {preimage === null ? '' : ', and the secret'}.
              </span>
            </p>
            <details>
              <summary className="cursor-pointer text-soft">Signatures</summary>
              {signatures.map((signature) => (
                <p key={signature} className="break-all font-mono text-xs">
                  {signature}
                </p>
              ))}
            </details>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
