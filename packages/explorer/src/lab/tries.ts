/** Something to try on a real block, and the rule that it meets. */
export interface Try {
  /** Its name in links: `/lab?try=amount`. */
  readonly name: string;
  readonly title: string;
  /** What is changed, and what is made to fit after it, in words. */
  readonly what: string;
  /** The rules that may refuse it: which one is a matter of how the chain makes blocks. */
  readonly rules: readonly string[];
  /** What the block must have for it. */
  readonly needs: 'nothing' | 'payment' | 'turns';
}

/**
 * What the lab proposes to try, in the order in which a node checks: the bytes, the place in the chain, the header, the
 * transactions, what they lead to. `payment` is a block with a payment of a development account, `turns` a chain on
 * which producers sign in turn.
 */
export const TRIES = [
  {
    name: 'cut-off',
    title: 'Cut off the last byte',
    what: 'The block ends one byte early.',
    rules: ['codec/truncated'],
    needs: 'nothing',
  },
  {
    name: 'extra-byte',
    title: 'Add a byte',
    what: 'One zero byte stands behind the last transaction.',
    rules: ['codec/trailing-bytes'],
    needs: 'nothing',
  },
  {
    name: 'version',
    title: 'Name another version',
    what: 'The header says version 2, which nobody knows.',
    rules: ['codec/unknown-tag'],
    needs: 'nothing',
  },
  {
    name: 'huge-number',
    title: 'Write a huge number',
    what: 'The gas in the header is 2^56 more than it was: more than a number here can be.',
    rules: ['codec/number-too-large'],
    needs: 'nothing',
  },
  {
    name: 'wrong-parent',
    title: 'Name another parent',
    what: 'One bit of the id of the block before is flipped, and nobody has a block with that id.',
    rules: ['chain/parent-unknown'],
    needs: 'nothing',
  },
  {
    name: 'wrong-height',
    title: 'Skip a height',
    what: 'The block says that it is one higher than it is.',
    rules: ['chain/height-not-next'],
    needs: 'nothing',
  },
  {
    name: 'far-future',
    title: 'Date it a day ahead',
    what: 'The time of the block is tomorrow.',
    rules: ['chain/time-too-far'],
    needs: 'nothing',
  },
  {
    name: 'past',
    title: 'Date it back',
    what: 'The time of the block is that of the block before it.',
    rules: ['consensus/time-not-later'],
    needs: 'nothing',
  },
  {
    name: 'other-producer',
    title: 'Make it out of turn',
    what: 'Somebody else stands as the producer. Only one key may sign at this time.',
    rules: ['consensus/wrong-producer', 'consensus/not-a-validator'],
    needs: 'turns',
  },
  {
    name: 'header',
    title: 'Change the header, keep the seal',
    what: 'One bit of the state root is flipped. The seal was made over the header as it was.',
    rules: ['consensus/seal-invalid', 'consensus/work-missing'],
    needs: 'nothing',
  },
  {
    name: 'base-fee',
    title: 'Burn another fee',
    what: 'The base fee is one hug higher, and the block is sealed again.',
    rules: ['block/base-fee'],
    needs: 'nothing',
  },
  {
    name: 'no-reward',
    title: 'Leave everything out',
    what: 'The block has no transaction at all, not even the reward.',
    rules: ['block/reward-missing'],
    needs: 'nothing',
  },
  {
    name: 'amount',
    title: 'Pay more than was signed',
    what: 'A payment pays one CALIN more. The header still commits to the transactions as they were.',
    rules: ['block/tx-root-mismatch'],
    needs: 'payment',
  },
  {
    name: 'order',
    title: 'Put the reward last',
    what: 'The order of the transactions is turned round, the root follows, and the block is sealed again.',
    rules: ['block/reward-shape'],
    needs: 'payment',
  },
  {
    name: 'zero-output',
    title: 'Pay nothing',
    what: 'A payment pays 0, its owner signs it again, the root follows, and the block is sealed again.',
    rules: ['tx/output-zero'],
    needs: 'payment',
  },
  {
    name: 'same-input',
    title: 'Spend a coin twice in one payment',
    what: 'A payment names its first coin two times, its owner signs, the root follows, and the block is sealed again.',
    rules: ['tx/input-repeated'],
    needs: 'payment',
  },
  {
    name: 'expired',
    title: 'Use it after its end',
    what: 'A payment says that it may stand in the block before at the latest; signed, rooted and sealed again.',
    rules: ['tx/expired'],
    needs: 'payment',
  },
  {
    name: 'no-coin',
    title: 'Spend a coin that is not there',
    what: 'A payment names a coin that never was; signed, rooted and sealed again.',
    rules: ['tx/coin-missing'],
    needs: 'payment',
  },
  {
    name: 'twice',
    title: 'Spend a coin in two payments',
    what: 'The same payment stands in the block two times; rooted and sealed again.',
    rules: ['tx/coin-spent'],
    needs: 'payment',
  },
  {
    name: 'stolen',
    title: 'Sign with another key',
    what: 'Somebody else signs the payment with a key of their own; rooted and sealed again.',
    rules: ['tx/witness-missing'],
    needs: 'payment',
  },
  {
    name: 'overspend',
    title: 'Pay more than there is',
    what: 'The owner signs a payment of more than the coins hold; rooted and sealed again.',
    rules: ['tx/native-overspent'],
    needs: 'payment',
  },
  {
    name: 'no-fee',
    title: 'Pay no fee',
    what: 'The payee gets the fee too, the owner signs that; rooted and sealed again.',
    rules: ['tx/fee-too-low'],
    needs: 'payment',
  },
  {
    name: 'redirect',
    title: 'Turn a payment to another address',
    what: 'The payee of a payment is changed behind the back of its owner; rooted and sealed again.',
    rules: ['tx/signature-invalid'],
    needs: 'payment',
  },
  {
    name: 'gas',
    title: 'Count the gas wrong',
    what: 'The header says one gas more than the transactions use, and is sealed again.',
    rules: ['block/gas-used-mismatch'],
    needs: 'nothing',
  },
  {
    name: 'reward',
    title: 'Take a larger reward',
    what: 'The producer pays itself one CALIN more; rooted and sealed again.',
    rules: ['block/reward-amount'],
    needs: 'nothing',
  },
  {
    name: 'receipts',
    title: 'Claim other receipts',
    what: 'One bit of the receipt root is flipped, and the block is sealed again.',
    rules: ['block/receipt-root-mismatch'],
    needs: 'nothing',
  },
  {
    name: 'state-root',
    title: 'Claim another state',
    what: 'One bit of the state root is flipped, and the block is sealed again. Every node works the state out by itself.',
    rules: ['block/state-root-mismatch'],
    needs: 'nothing',
  },
] as const satisfies readonly Try[];

/** The name of one of {@link TRIES}. */
export type TryName = (typeof TRIES)[number]['name'];

/** The try of a name, as it stands in a link; undefined for other texts. */
export function findTry(name: unknown): (Try & { readonly name: TryName }) | undefined {
  return TRIES.find((one) => one.name === name);
}
