import type { PresetName } from '@calin/core/spec/consensus-presets.ts';

/** What people say of an engine, beside what was measured: lines of Markdown. */
export interface EngineText {
  readonly title: string;
  readonly works: readonly string[];
  readonly assumes: readonly string[];
  readonly survives: readonly string[];
  readonly sources: readonly string[];
}

const NAKAMOTO = 'S. Nakamoto, "Bitcoin: A Peer-to-Peer Electronic Cash System" (2008), section 11.';
const CASPER = 'V. Buterin, V. Griffith, "Casper the Friendly Finality Gadget" (2017).';

/** The text of each engine; numbers stand where they are measured. */
export const ENGINE_TEXTS: Readonly<Record<PresetName, EngineText>> = {
  poa: {
    title: 'Proof of authority',
    works: [
      'Time is cut into slots, and the authorities of a list own them in turn. Who owns a slot signs a block in it. The longest branch wins, and of two that are equally long the one with the smaller id.',
      'A block is final once 60 blocks follow it.',
    ],
    assumes: [
      'Everybody knows who the authorities are. More than half of them are honest and reach each other.',
      'Clocks are right to well within a slot.',
      'No break of the network is longer than the depth says.',
    ],
    survives: [
      'Authorities that are away: their slots stay empty, and the chain goes on with any number of the others.',
      'Authorities that sign two blocks for a slot: forks, which the next honest block ends.',
      'Not a break in which both sides go on for longer than the depth: both make blocks final.',
    ],
    sources: [
      'P. Szilágyi, [EIP-225](https://eips.ethereum.org/EIPS/eip-225): Clique proof-of-authority (2017).',
      '[consensus.md](../consensus.md#proof-of-authority-poa): every rule.',
    ],
  },
  pow: {
    title: 'Proof of work',
    works: [
      'Anybody may make a block who finds a nonce for which its hash is small enough. The branch with the most work wins. The difficulty follows the schedule of one block every so many seconds (ASERT).',
      'A block is final once 60 blocks follow it.',
    ],
    assumes: [
      'More than half of the hash rate is honest.',
      'A block reaches nearly all miners long before the next one is found.',
    ],
    survives: [
      'Miners that come and go, without anybody knowing who they are.',
      'A minority that works in secret: its branch stays behind.',
      'Not a majority: it overtakes any depth, and whoever was away in the meantime takes its branch for the chain.',
    ],
    sources: [
      NAKAMOTO,
      'I. Eyal, E. G. Sirer, "Majority is not enough: Bitcoin mining is vulnerable" (2014).',
      '[consensus.md](../consensus.md#proof-of-work-pow): every rule.',
    ],
  },
  pos: {
    title: 'Proof of stake',
    works: [
      'In each slot every validator draws a lot that only its own key can draw and everybody can check (a verifiable random function); the chance grows with its stake. A slot may have no winner, or several, whose blocks compete. The longest branch wins.',
      'Every eight blocks the validators vote on a checkpoint. Two thirds of the stake justify it, and a justified one is final when the very next one is justified from it.',
    ],
    assumes: [
      'More than two thirds of the stake follows the rules of the votes, and most of it is there.',
      'Clocks are right to well within a slot.',
      'Who was away for longer than stake rests starts from a recent block that it trusts.',
    ],
    survives: [
      'Attacks on whoever is next: nobody knows who that is.',
      'Silence of a third of the stake or more: blocks go on, and become final when enough are back.',
      'Any break of the network: at most one side has two thirds.',
      'Less than a third that votes twice: it loses stake and place. Not more than a third: then two blocks of one height may become final, and the votes name the guilty.',
    ],
    sources: [
      'B. David, P. Gaži, A. Kiayias, A. Russell, "Ouroboros Praos" (2018): the lottery in each slot.',
      'RFC 9381: the verifiable random function.',
      CASPER,
      '[consensus.md](../consensus.md#proof-of-stake-pos), [votes.md](../votes.md) and [stake.md](../stake.md): every rule.',
    ],
  },
  dpos: {
    title: 'Delegated proof of stake',
    works: [
      'The 21 validators with the most stake have turns of equal number, in an order that is shuffled for each round. The longest branch wins. Who misses more than half of its turns in an epoch loses its place.',
      'A block is final once 63 blocks, three rounds, follow it.',
    ],
    assumes: [
      'Those who stake choose well: more than half of the delegates are honest and reach each other.',
      'Clocks are right to well within a slot. No break of the network is longer than the depth says.',
    ],
    survives: [
      'Delegates that are away: their turns are skipped and counted.',
      'Delegates that make two blocks in a turn: they are convicted by the two headers.',
      'Not a break in which both sides go on for longer than the depth.',
    ],
    sources: [
      'D. Larimer, "Delegated Proof-of-Stake" (BitShares, 2014).',
      '[consensus.md](../consensus.md#delegated-proof-of-stake-dpos) and [stake.md](../stake.md): every rule.',
    ],
  },
  hybrid: {
    title: 'Work and stake',
    works: [
      'Miners make the blocks, as in [pow](pow.md). Validators chosen by stake vote on every eighth, as in [pos](pos.md), and the head always descends from the highest checkpoint that two thirds have justified.',
    ],
    assumes: [
      'More than two thirds of the stake follows the rules of the votes. The miners need not be honest for what is final, and a part of the work must be for blocks to go on.',
    ],
    survives: [
      'A majority of the hash rate: it can leave out transactions and undo blocks that are not final yet, and nothing that is.',
      'Silence of the validators: blocks go on by work alone.',
      'Not more than a third of the stake that votes twice.',
    ],
    sources: [
      CASPER,
      NAKAMOTO,
      '[consensus.md](../consensus.md#proof-of-work-pow) and [votes.md](../votes.md): every rule.',
    ],
  },
  bft: {
    title: 'Votes on each block',
    works: [
      'For each height a leader proposes a block; the validators vote for it, and vote again once they have seen two thirds do so. After the second two thirds it is final. When a leader is gone or the votes differ, the next round has another leader and longer time-outs.',
    ],
    assumes: [
      'More than two thirds of the weight follows the rules.',
      'Messages arrive at some time; how soon only decides how fast it goes.',
    ],
    survives: [
      'Fewer than a third that are silent, late, or say different things to different peers.',
      'Any break of the network: the side with more than two thirds goes on, if there is one; otherwise the chain stands still and forks never.',
      'Not a third or more that are away: no blocks. Not more than a third that vote twice: two final blocks, and the votes name the guilty.',
    ],
    sources: [
      'E. Buchman, J. Kwon, Z. Milosevic, "The latest gossip on BFT consensus" (2018), Algorithm 1.',
      'M. Castro, B. Liskov, "Practical Byzantine Fault Tolerance" (1999).',
      'S. Bano and others, "Twins: BFT systems made robust" (2020): the attack of the trials.',
      '[votes-each.md](../votes-each.md): every rule.',
    ],
  },
};
