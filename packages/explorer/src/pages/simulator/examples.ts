/** Runs that show something, each as the text of its plan. */
export const EXAMPLES: readonly { readonly name: string; readonly what: string; readonly run: string }[] = [
  {
    name: 'A partition that heals',
    what: 'A third of the nodes is cut off at 20 s. Both sides go on; when they meet again at 50 s the lighter branch is given up.',
    run: '1_calm_poa_12_1_150_p20000.0.1.6.9-h50000',
  },
  {
    name: 'A partition that lasts too long',
    what: 'Without votes, blocks are final by depth. After a minute and a half two branches are final, and the checker of agreement names them.',
    run: '1_calm_poa_8_1_180_p10000.0.1.4.5-h110000',
  },
  {
    name: 'Votes that wait',
    what: 'The same halves under votes: neither has two thirds, so the chain stands still rather than disagree, and goes on when it is whole.',
    run: '1_calm_bft_8_1_120_p20000.0.1.4.5-h60000',
  },
  {
    name: 'Miners far apart',
    what: 'Proof of work with links that take two seconds longer for a third of the nodes: many blocks are made for nothing.',
    run: '1_calm_pow_12_3_180_s15000.2000.0.3.7.10-h110000',
  },
  {
    name: 'Everything goes wrong',
    what: 'Power cuts, partitions, bad links, wrong clocks and makers that cheat, all by themselves.',
    run: '1_faults_poa_12_4_150',
  },
];
