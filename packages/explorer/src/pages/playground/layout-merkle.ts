import { toHex } from '@calin/core/base/bytes.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { markPath } from './merkle-walk.ts';

/** A hash of the picture: its middle from 0 to the number of leaves, and its level from the leaves upwards. */
export interface TreeBox {
  readonly name: string;
  readonly text: string;
  readonly level: number;
  /** Among those of its level, from 0 on. */
  readonly place: number;
  readonly middle: number;
  /** On the way of the leaf that is proved, named by its proof, or neither. */
  readonly role: 'own' | 'sibling' | 'other';
  /** The name of the one above; none of the root. */
  readonly above: string | undefined;
}

/** Lays out a tree: each hash stands above the middle of the leaves that it covers. */
export function layoutMerkle(levels: readonly (readonly Hash[])[], index: number): readonly TreeBox[] {
  const size = levels[0]?.length ?? 0;
  const path = markPath(size, index);
  return levels.flatMap((hashes, level) =>
    hashes.map((hashed, place): TreeBox => {
      const first = place * 2 ** level;
      const end = Math.min(size, first + 2 ** level);
      const { own, sibling } = path[level] ?? { own: -1, sibling: -1 };
      const isTop = level === levels.length - 1;
      return {
        name: `${level}-${place}`,
        text: toHex(hashed).slice(0, 8),
        level,
        place,
        middle: (first + end) / 2,
        role: place === own ? 'own' : place === sibling ? 'sibling' : 'other',
        above: isTop ? undefined : `${level + 1}-${Math.floor(place / 2)}`,
      };
    }),
  );
}
