/**
 * Every page by the pattern of its path, where `$name` stands for one part that is not empty. The server answers these
 * paths, and no others, with the document that draws the pages.
 */
export const ROUTES = {
  home: '/',
  blocks: '/blocks',
  block: '/block/$block',
  lab: '/lab',
  labBlock: '/lab/$block',
  transaction: '/tx/$txid',
  address: '/address/$address',
  mempool: '/mempool',
  tokens: '/tokens',
  token: '/token/$asset',
  producers: '/producers',
  charts: '/charts',
  forks: '/forks',
  simulator: '/simulator',
  network: '/network',
  developer: '/developer',
  wallet: '/wallet',
  walletSection: '/wallet/$section',
  walletItem: '/wallet/$section/$item',
  learn: '/learn',
  lesson: '/learn/$lesson',
  playground: '/playground',
  playgroundTool: '/playground/$tool',
} as const;
