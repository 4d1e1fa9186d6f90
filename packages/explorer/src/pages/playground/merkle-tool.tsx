import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { type Hash, hash } from '@calin/core/crypto/hash.ts';
import { type MerkleProof, merkleProof, merkleRoot, verifyMerkleProof } from '@calin/core/crypto/merkle.ts';
import { useState } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { shorten } from '../../words/shorten.ts';
import { flipBit } from '../learn/bits.ts';
import { HexText } from '../learn/hex-text.tsx';
import { Choice } from './choice.tsx';
import { layoutMerkle } from './layout-merkle.ts';
import { MerklePicture } from './merkle-picture.tsx';
import { merkleLevels, walkProof } from './merkle-walk.ts';

const LEAVES_MAX = 16;
const FIRST = ['apple', 'pear', 'plum', 'quince', 'cherry'];

/** What is wrong with the proof that is checked. */
const FAULTS = ['nothing', 'another leaf', 'another sibling', 'another place', 'a sibling too few'] as const;
type Fault = (typeof FAULTS)[number];

/** A tree of leaves that one writes, and proofs of them. */
export function MerkleTool() {
  const [text, setText] = useState(FIRST.join('\n'));
  const [chosen, setChosen] = useState(2);
  const [fault, setFault] = useState<Fault>('nothing');
  const lines = text.split('\n').slice(0, LEAVES_MAX);
  const leaves = lines.map((line) => hash('tx-leaf', utf8Bytes(line)));
  const index = Math.min(chosen, leaves.length - 1);
  const root = merkleRoot(leaves);
  const tried = spoil({ leaf: leaves[index] as Hash, proof: merkleProof(leaves, index) }, fault);
  return (
    <>
      <TextArea
        label={`Leaves, one in a line, at most ${LEAVES_MAX}`}
        value={text}
        rows={6}
        maxLength={2000}
        onChange={({ target }) => setText(target.value)}
        className="max-w-xl font-mono"
      />
      <HexText label="Root" text={toHex(root)} />
      <MerklePicture boxes={layoutMerkle(merkleLevels(leaves), index)} choose={setChosen} />
      <div className="flex flex-wrap gap-4">
        <Choice
          label="Leaf to prove"
          value={String(index + 1)}
          options={lines.map((_, i) => String(i + 1))}
          choose={(number) => setChosen(Number(number) - 1)}
        />
        <Choice label="Spoil the proof with" value={fault} options={FAULTS} choose={setFault} />
      </div>
      <Proof root={root} {...tried} />
    </>
  );
}

interface Tried {
  readonly leaf: Hash;
  readonly proof: MerkleProof;
}

/** A proof with one thing wrong in it. */
function spoil({ leaf, proof }: Tried, fault: Fault): Tried {
  const { index, size, siblings } = proof;
  switch (fault) {
    case 'nothing':
      return { leaf, proof };
    case 'another leaf':
      return { leaf: flipBit(leaf, 0), proof };
    case 'another sibling':
      return {
        leaf,
        proof: { ...proof, siblings: siblings.map((one, i) => (i === 0 ? flipBit(one, 0) : one)) },
      };
    case 'another place':
      return { leaf, proof: { ...proof, index: (index + 1) % size } };
    case 'a sibling too few':
      return { leaf, proof: { ...proof, siblings: siblings.slice(1) } };
  }
}

/** The steps of a proof, and what the verifier says. */
function Proof({ root, leaf, proof }: Tried & { readonly root: Hash }) {
  const steps = walkProof(leaf, proof);
  const isGood = verifyMerkleProof(root, leaf, proof);
  const end = steps.at(-1)?.above ?? leaf;
  return (
    <div className="space-y-2">
      <ol aria-label="Steps of the proof" className="space-y-1 text-sm">
        {steps.map(({ node, sibling, side, above }) => (
          <li key={toHex(above)} className="flex flex-wrap items-center gap-x-2 font-mono text-[0.92em]">
            <span className={side === 'left' ? 'text-good' : ''}>
              {shorten(toHex(side === 'left' ? sibling : node))}
            </span>
            <span className="text-soft">+</span>
            <span className={side === 'left' ? '' : 'text-good'}>
              {shorten(toHex(side === 'left' ? node : sibling))}
            </span>
            <span className="text-soft">→</span>
            <span className={equalBytes(above, root) ? 'text-accent' : ''}>{shorten(toHex(above))}</span>
          </li>
        ))}
      </ol>
      <p role="status" className={`flex items-center gap-2 text-sm ${isGood ? 'text-good' : 'text-bad'}`}>
        <Icon name={isGood ? 'check' : 'cross'} />
        {isGood
          ? `Proved: ${steps.length === 1 ? 'one step ends' : `${steps.length} steps end`} at the root.`
          : equalBytes(end, root)
            ? 'Refused: the proof does not have the shape that the tree asks for.'
            : 'Refused: the steps do not end at the root.'}
      </p>
      <p className="caption">
        The siblings, in green, are all that a proof carries: {32 * proof.siblings.length} bytes here, and 640
        for a million leaves. A light client refuses what does not hold by{' '}
        <code className="font-mono">light/inclusion</code>.
      </p>
    </div>
  );
}
