import type { Activity } from './activity.ts';
import { ChangeHeader, HashHeader, RepairHeader } from './block/block-activities.tsx';
import { RootOfBlock } from './block/root-of-block.tsx';
import { BreakChain, GrowChain, OfferBranch, RedoWork } from './chain/chain-activities.tsx';
import { GatherCoins, InventCoins, SpendCoins, SpendTwice } from './coin/coin-activities.tsx';
import { RaceForBlocks } from './consensus/race-desk.tsx';
import { TakeTurns } from './consensus/take-turns.tsx';
import { CastVotes, CountLiars } from './consensus/vote-desk.tsx';
import { DoubleSpend, GoApart, JoinAgain, PaymentReturns } from './fork/fork-activities.tsx';
import { FindWork } from './hash/find-work.tsx';
import { FlipBits, OtherDomain, TypeText } from './hash/hash-activities.tsx';
import type { StepName } from './lessons.ts';
import { FlipSignature, MakeKey, SignText } from './signature/signature-activities.tsx';
import { TryToSteal } from './signature/try-to-steal.tsx';

/** What there is to do in each step. */
export const ACTIVITIES: Readonly<Record<StepName, Activity>> = {
  'hash/type': TypeText,
  'hash/flip': FlipBits,
  'hash/domain': OtherDomain,
  'hash/work': FindWork,
  'block/id': HashHeader,
  'block/change': ChangeHeader,
  'block/content': RootOfBlock,
  'block/repair': RepairHeader,
  'chain/grow': GrowChain,
  'chain/break': BreakChain,
  'chain/redo': RedoWork,
  'chain/offer': OfferBranch,
  'signature/key': MakeKey,
  'signature/sign': SignText,
  'signature/flip': FlipSignature,
  'signature/steal': TryToSteal,
  'coin/spend': SpendCoins,
  'coin/double': SpendTwice,
  'coin/invent': InventCoins,
  'coin/gather': GatherCoins,
  'consensus/turns': TakeTurns,
  'consensus/race': RaceForBlocks,
  'consensus/votes': CastVotes,
  'consensus/liars': CountLiars,
  'fork/apart': GoApart,
  'fork/join': JoinAgain,
  'fork/return': PaymentReturns,
  'fork/double': DoubleSpend,
};
