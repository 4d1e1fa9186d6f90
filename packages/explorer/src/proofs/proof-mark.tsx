import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Icon, type IconName } from '../ui/icon.tsx';
import { formatCount } from '../words/format-units.ts';
import { askProver } from './ask-prover.ts';
import type { Claim, Trust, Verdict } from './claims.ts';

const LOOKS = {
  proved: ['bg-good-soft text-good', 'shield', 'Proved'],
  open: ['bg-sunken text-soft', 'info', 'Not proved'],
  wrong: ['bg-bad-soft text-bad', 'warning', 'Contradicted'],
} as const satisfies Record<Verdict['kind'], readonly [string, IconName, string]>;

/** Until a claim is proved against a final header, it is looked at again this often. */
const AGAIN_MS = 8000;

/**
 * Says whether what is shown was checked in the page against a header of the chain, and why not if not. Opened, it
 * says what exactly was proved.
 *
 * @param subject - what the claim is about; later claims about the same take the place of this one
 */
export function ProofMark({ claim, subject }: { readonly claim: Claim; readonly subject: string }) {
  const [isOpen, setIsOpen] = useState(false);
  const { data: verdict, isPlaceholderData } = useQuery({
    queryKey: ['proof', subject, claim],
    queryFn: () => askProver(claim),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state: { data } }) => (isSettled(data) ? false : AGAIN_MS),
    placeholderData: (before: Verdict | undefined, query) =>
      query?.queryKey[1] === subject ? before : undefined,
  });
  if (verdict === undefined) {
    return (
      <span className="inline-flex items-center gap-1 rounded-full bg-sunken px-2.5 py-1 text-soft text-xs">
        <Icon name="pending" className="size-3.5" /> Checking
      </span>
    );
  }
  const [style, icon, word] = LOOKS[verdict.kind];
  return (
    <span className="relative inline-block text-left">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={({ key }) => key === 'Escape' && setIsOpen(false)}
        className={`inline-flex cursor-pointer items-center gap-1 rounded-full px-2.5 py-1 font-medium text-xs ${style} ${isPlaceholderData ? 'opacity-60' : ''}`}
      >
        <Icon name={icon} className="size-3.5" /> {word}
      </button>
      {isOpen && (
        <span className="panel absolute right-0 z-20 mt-1 block w-72 max-w-[80vw] space-y-1 p-3 text-sm leading-5 shadow-lg">
          <VerdictText verdict={verdict} />
        </span>
      )}
    </span>
  );
}

function VerdictText({ verdict }: { readonly verdict: Verdict }) {
  if (verdict.kind === 'proved') {
    return (
      <>
        <span className="block">{verdict.what}</span>
        <span className="caption block">
          Checked in this page against the header of block {formatCount(verdict.height)}, which{' '}
          {verdict.isFinal ? 'is final' : 'may still be replaced'}. {trustWords(verdict.trust)}
        </span>
      </>
    );
  }
  return (
    <>
      <span className="block">{verdict.why}</span>
      {verdict.kind === 'wrong' && (
        <span className="caption block">
          What this node says is not what the chain says. Do not act on it. Rule <code>{verdict.rule}</code>.
        </span>
      )}
    </>
  );
}

function trustWords({ from, height }: Trust): string {
  switch (from) {
    case 'genesis':
      return 'Trust begins with the genesis block, whose id is the chain’s, at the foot of the page.';
    case 'kept':
      return `Trust begins with block ${formatCount(height)}, to which this browser had followed the chain before.`;
    case 'node':
      return `Trust begins with block ${formatCount(height)}, which this node named: validators of older blocks may have taken their stake and sign anything. Compare its id with somebody you trust.`;
  }
}

/** Whether nothing that happens to the chain can change a verdict any more. */
function isSettled(verdict: Verdict | undefined): boolean {
  return verdict?.kind === 'wrong' || (verdict?.kind === 'proved' && verdict.isFinal);
}
