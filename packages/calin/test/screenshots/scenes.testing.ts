import type { Page } from 'playwright-core';
import type { DemoChain } from './demo-chain.testing.ts';

/** A page as it is photographed. */
export interface Scene {
  /** Name of the picture. */
  readonly name: string;
  readonly path: string;
  /** What a person does first. */
  readonly act?: (page: Page) => Promise<void>;
}

/** Every page, in the order in which a newcomer may open them. */
export function scenesOf({ txid, address, height, asset }: DemoChain): readonly Scene[] {
  return [
    { name: 'home', path: '/' },
    { name: 'blocks', path: '/blocks' },
    { name: 'block', path: `/block/${height}` },
    { name: 'transaction', path: `/tx/${txid}` },
    { name: 'address', path: `/address/${address}` },
    { name: 'mempool', path: '/mempool' },
    { name: 'tokens', path: '/tokens' },
    { name: 'token', path: `/token/${asset}` },
    { name: 'producers', path: '/producers' },
    { name: 'charts', path: '/charts' },
    { name: 'forks', path: '/forks' },
    { name: 'network', path: '/network' },
    { name: 'developer', path: '/developer' },
  ];
}
