import { DEV_MNEMONIC } from '@calin/client/keys/dev-accounts.ts';
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

const PASSWORD = 'marble-canoe-lantern-fig-quartz';
const SECTIONS = [
  'overview',
  'send',
  'receive',
  'history',
  'tokens',
  'locks',
  'contacts',
  'messages',
  'settings',
];
const LESSONS = ['hash', 'block', 'chain', 'signature', 'coin', 'consensus', 'fork'];
const TOOLS = ['hash', 'merkle', 'signature', 'address'];

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
    { name: 'wallet-first-run', path: '/wallet' },
    { name: 'wallet-restore', path: '/wallet', act: restoreWallet },
    { name: 'wallet-unlock', path: '/wallet' },
    ...SECTIONS.map((section) => ({
      name: `wallet-${section}`,
      path: `/wallet/${section}`,
      act: openWallet,
    })),
    { name: 'learn', path: '/learn' },
    ...LESSONS.map((lesson) => ({ name: `lesson-${lesson}`, path: `/learn/${lesson}` })),
    { name: 'playground', path: '/playground' },
    ...TOOLS.map((tool) => ({ name: `playground-${tool}`, path: `/playground/${tool}` })),
    { name: 'lab', path: `/lab/${height}?try=amount` },
    {
      name: 'simulator',
      path: '/simulator?run=1_calm_poa_12_1_150_p20000.0.1.6.9-h50000',
      act: runForAWhile,
    },
    { name: 'docs', path: '/docs' },
    { name: 'docs-guide', path: '/docs/guides/wallet' },
    { name: 'docs-api', path: '/docs/api' },
    { name: 'not-found', path: `/tx/${'ab'.repeat(32)}` },
  ];
}

/** Lets a run with a partition go on until both sides have blocks of their own. */
async function runForAWhile(page: Page): Promise<void> {
  for (let blocks = 0; blocks < 7; blocks++) {
    await page.getByRole('button', { name: 'Next block' }).click();
    await page.waitForTimeout(500);
  }
}

/** Makes the wallet of the development accounts, whose words everybody knows. */
async function restoreWallet(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Restore from words/ }).click();
  await page.getByLabel('The 12 or 24 words').fill(DEV_MNEMONIC);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('The same again').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.getByRole('navigation', { name: 'Wallet' }).waitFor();
}

async function openWallet(page: Page): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.getByRole('navigation', { name: 'Wallet' }).waitFor();
}
