import { Icon } from '../../../ui/icon.tsx';
import { KeyLine } from './key-line.tsx';
import { pathTitle } from './lock-words.ts';
import type { OpeningState } from './signing-state.ts';

/** Who has signed, and what is missing, for each lock that a transaction opens. */
export function SignerList({ openings }: { readonly openings: readonly OpeningState[] }) {
  return (
    <ul aria-label="Who signs" className="space-y-3 text-sm">
      {openings.map((opening) => (
        <li
          key={`${opening.keys[0]?.hex} ${opening.path}`}
          className="space-y-1.5 rounded-xl bg-sunken px-4 py-3"
        >
          <p className="font-medium">
            {pathTitle(opening.lock, opening.path)}: {missingWords(opening)}
          </p>
          <ul className="space-y-1">
            {opening.keys.map((key) => (
              <li key={key.hex} className="flex items-center gap-2">
                <Icon
                  name={key.hasSigned ? 'check' : 'pending'}
                  label={key.hasSigned ? 'signed:' : 'not signed:'}
                  className={`size-4 ${key.hasSigned ? 'text-good' : 'text-soft'}`}
                />
                <KeyLine named={key} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

function missingWords({ missing, threshold, secret }: OpeningState): string {
  const signatures =
    missing === 0
      ? 'enough have signed'
      : `${threshold - missing} of ${threshold} signatures, ${missing} missing`;
  return secret === 'missing' ? `${signatures}, and the secret is missing` : signatures;
}
