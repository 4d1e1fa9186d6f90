import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { assertForEverybody, buildPages, noBrowser, TestBrowser } from './browser.testing.ts';
import { type RunningDev, rpc, Workplace } from './calin.testing.ts';

/** Phrases of the BIP-39 vectors: everybody knows them, and nobody has coins there. */
const PHRASES = {
  alice: 'legal winner thank year wave sausage worth useful legal winner thank yellow',
  bob: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
};

/** A browser profile with a wallet of its own, which is opened once. */
class Person {
  readonly browser: TestBrowser;
  readonly page: Page;

  private constructor(browser: TestBrowser, page: Page) {
    this.browser = browser;
    this.page = page;
  }

  /** Restores a wallet from words. */
  static async arrive(url: string, phrase: string): Promise<Person> {
    const browser = await TestBrowser.start({ acceptDownloads: true });
    const page = await browser.open(`${url}/wallet`);
    await page.getByRole('button', { name: 'Restore from words' }).click();
    await page.getByLabel('The 12 or 24 words').fill(phrase);
    await page.getByLabel('New password').fill('four words are enough');
    await page.getByLabel('The same again').fill('four words are enough');
    await page.getByRole('button', { name: 'Restore', exact: true }).click();
    await page.getByRole('navigation', { name: 'Wallet' }).waitFor();
    return new Person(browser, page);
  }

  async go(section: 'Locks' | 'Receive' | 'Tokens'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Wallet' }).getByRole('link', { name: section }).click();
  }

  press(name: string | RegExp): Promise<void> {
    return this.page.getByRole('button', { name }).click();
  }

  follow(name: string): Promise<void> {
    return this.page.getByRole('link', { name, exact: true }).click();
  }

  fill(label: string, text: string): Promise<void> {
    return this.page.getByLabel(label, { exact: true }).fill(text);
  }

  /** Agrees in the dialog that explains what is signed, which is given back. */
  async agree(button: string): Promise<string> {
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('list', { name: 'What it does' }).waitFor();
    const words = (await dialog.textContent()) ?? '';
    await dialog.getByRole('button', { name: button, exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    return words;
  }

  /** Saves a file of the page under a path. */
  async save(button: string, path: string): Promise<void> {
    const download = this.page.waitForEvent('download');
    await this.press(button);
    await (await download).saveAs(path);
  }

  async inBlock(): Promise<void> {
    await this.page.getByText('In a block', { exact: true }).waitFor();
  }
}

describe('locks and tokens in the page of the wallet', { skip: noBrowser }, () => {
  const place = new Workplace();
  let node: RunningDev;
  let alice: Person;
  let bob: Person;
  const file = (name: string) => join(place.folder, name);
  const balanceOf = async (address: string): Promise<number> => {
    const { result } = (await rpc(node.url, 'account_getBalance', { address })) as {
      result: { balances: { confirmed: number }[] };
    };
    return result.balances[0]?.confirmed ?? 0;
  };
  const textOf = async (found: Locator): Promise<string> => ((await found.textContent()) ?? '').trim();
  const addressOn = ({ page }: Person): Promise<string> =>
    textOf(page.getByText(/^dcal1[a-z0-9]{50,}$/).first());
  const pay = (address: string, amount: string) =>
    place.json(['send', '--from', 'dev0', '--to', address, '--amount', amount]);

  before(async () => {
    buildPages();
    node = await place.start();
    [alice, bob] = await Promise.all([
      Person.arrive(node.url, PHRASES.alice),
      Person.arrive(node.url, PHRASES.bob),
    ]);
  });
  after(async () => {
    await Promise.all([alice?.browser.close(), bob?.browser.close()]);
    place.close();
  });

  test('two people make one lock and spend from it by a file that is handed over', async () => {
    await bob.go('Locks');
    const bobKey = await textOf(bob.page.getByText(/^[0-9a-f]{64}$/));
    await alice.go('Locks');
    await alice.follow('Make a lock');
    await alice.fill('Name', 'fund');
    await alice.fill('Keys', `main\n${bobKey.slice(1)}`);
    await alice.press('Make the lock');
    await alice.page.getByText('neither an account of this wallet nor a public key').waitFor();
    await alice.fill('Keys', `main\n${bobKey}`);
    await alice.press('Make the lock');
    await alice.page.getByRole('heading', { name: /^fund/ }).waitFor();
    const fund = await addressOn(alice);
    await alice.save('Save the file', file('fund.lock.json'));
    await bob.page.getByLabel(/^File of the lock/).setInputFiles(file('fund.lock.json'));
    await bob.fill('Name for it here', 'shared');
    await bob.press('Take it in');
    await bob.page.getByRole('heading', { name: /^shared/ }).waitFor();
    assert.equal(await addressOn(bob), fund);

    await pay(fund, '50');
    await alice.page.getByText('1 coin can be spent this way now.').waitFor();
    const { address } = (await place.json(['account', 'show', 'dev9'])) as { address: string };
    const before = await balanceOf(address);
    await alice.fill('Pay to', address);
    await alice.fill('Amount', '51');
    await alice.press('Make the transaction');
    await alice.page.getByText('can be spent after the fee').waitFor();
    await alice.fill('Pay to', `calin:${address}?amount=5`);
    await alice.press('Make the transaction');
    await alice.page.getByText('The payment request asks for something else.').waitFor();
    await alice.fill('Amount', '5');
    await alice.press('Make the transaction');
    await alice.press('Sign as main');
    const words = await alice.agree('Sign');
    assert.match(words, /Pays 5 CALIN to dcal1/);
    assert.match(words, /No payment of yours to dcal1/);
    await alice.page.getByText('1 of 2 signatures, 1 missing').waitFor();
    await alice.save('Save the file', file('pay.cpst'));

    await bob.follow('All locks');
    await bob.follow('Sign a file');
    await bob.page.getByLabel(/^File/).setInputFiles(file('fund.lock.json'));
    await bob.page.getByText('This is no transaction that somebody has begun to sign.').waitFor();
    await bob.page.getByLabel(/^File/).setInputFiles(file('pay.cpst'));
    await bob.page.getByText('1 of 2 signatures, 1 missing').waitFor();
    await bob.press('Sign as main');
    await bob.agree('Sign');
    await bob.page.getByText('enough have signed').waitFor();
    await bob.press('Send it');
    await bob.inBlock();
    assert.equal((await balanceOf(address)) - before, 500_000_000);
    await bob.press('Close');
    await bob.page.getByRole('form', { name: 'Open a transaction' }).waitFor();
  });

  test('a secret that was made in the page claims what lies behind its hash', async () => {
    const { page } = alice;
    await alice.go('Locks');
    const own = await textOf(page.getByText(/^[0-9a-f]{64}$/));
    await alice.follow('Make a lock');
    await page.getByRole('radio', { name: /^A secret/ }).check();
    await alice.fill('Name', 'swap');
    await alice.fill('Who is paid when the secret is shown', own);
    await alice.fill('First block in which they can be taken back', '4000000');
    await alice.press('Make a secret');
    const secret = await textOf(page.getByRole('status', { name: 'The secret' }));
    await page.getByLabel('I have kept the secret').check();
    await alice.press('Make the lock');
    await page.getByRole('heading', { name: /^swap/ }).waitFor();
    await pay(await addressOn(alice), '2');
    await page.getByText('1 coin can be spent this way now.').waitFor();
    await alice.fill('Pay to', 'main');
    await page.getByLabel(/^Everything/).check();
    await alice.fill(
      'The secret',
      secret.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    await alice.press('Make the transaction');
    await page.getByText('does not have the SHA-256').waitFor();
    await alice.fill('The secret', '');
    await alice.press('Make the transaction');
    await page.getByText(/and the secret is missing/).waitFor();
    await alice.fill('The secret that is missing', secret);
    await alice.press('Add it');
    await alice.press('Sign as main');
    assert.match(await alice.agree('Sign'), /Keeps 1\.99\d+ CALIN at main/);
    await alice.press('Send it');
    await alice.inBlock();
  });

  test('guardians see how long the coins still have to rest', async () => {
    const { page } = bob;
    await bob.go('Locks');
    await bob.follow('Make a lock');
    await page.getByRole('radio', { name: /^Guardians/ }).check();
    await bob.fill('Name', 'safe');
    await bob.fill('Whose it is', 'ab'.repeat(32));
    await bob.fill('Guardians', 'main');
    await bob.fill('How many guardians must sign', '1');
    await bob.fill('Blocks that a coin must rest before guardians can spend it', '3');
    await bob.press('Make the lock');
    await page.getByRole('heading', { name: /^safe/ }).waitFor();
    await pay(await addressOn(bob), '7');
    await page.getByText(/^Not yet: it opens in 2 blocks/).waitFor();
    await page.getByRole('radio', { name: 'Rescue by guardians' }).check();
    await bob.fill('Pay to', 'main');
    await bob.fill('Amount', '6');
    await bob.press('Make the transaction');
    await page.getByText(/It is too early: this way opens from block/).waitFor();
    await place.json(['mine', '--blocks', '2']);
    await page.getByText('1 coin can be spent this way now.').nth(1).waitFor();
    await bob.press('Make the transaction');
    await bob.press('Sign as main');
    await bob.agree('Sign');
    await bob.press('Send it');
    await bob.inBlock();
  });

  test('a token is made, minted, burned and sent, and one that is called the same is told', async () => {
    const { page } = alice;
    await place.json(['token', 'create', '--from', 'dev0', '--symbol', 'GOLD', '--supply', '5']);
    const { address } = (await place.json(['account', 'show', 'dev8'])) as { address: string };
    await alice.go('Tokens');
    await alice.follow('Make a token');
    await alice.fill('Symbol', 'gold');
    await page.getByText('1 other token has the same symbol').waitFor();
    await alice.fill('Name', 'Gold of the house');
    await alice.fill('Amount that is made at once', '10.5');
    await alice.fill('Most that may ever be', '10');
    await alice.fill('Digits behind the point', '2');
    await page.getByLabel('This account may make more of it later').check();
    await alice.press('Look at it and sign');
    await page.getByText('at least what is made at once').waitFor();
    await alice.fill('Most that may ever be', '100');
    await alice.press('Look at it and sign');
    assert.match(await alice.agree('Sign and send'), /Makes the token GOLD/);
    await alice.inBlock();
    await alice.follow('Open it');
    await page.getByText('It can be taken for another one.').waitFor();
    const held = page.getByRole('table', { name: 'Held' });
    await held.getByRole('cell', { name: '10.5 GOLD' }).waitFor();
    const minting = page.getByRole('form', { name: 'Mint more' });
    await minting.getByLabel('Amount in GOLD').fill('4.5');
    await minting.getByRole('button', { name: 'Mint' }).click();
    assert.match(await alice.agree('Sign and send'), /Makes 4\.5 GOLD/);
    await held.getByRole('cell', { name: '15 GOLD' }).waitFor();
    const burning = page.getByRole('form', { name: 'Burn some' });
    await burning.getByLabel('Amount in GOLD').fill('3');
    await burning.getByRole('button', { name: 'Burn' }).click();
    assert.match(await alice.agree('Sign and send'), /Destroys 3 GOLD .* for ever/);
    await held.getByRole('cell', { name: '12 GOLD' }).waitFor();
    await alice.follow('Send some');
    await alice.fill('To', address);
    await alice.fill('Amount', '2');
    await alice.press('Look at it');
    assert.match(await alice.agree('Sign and send'), /Pays 2 GOLD \(asset \d+\) to dcal1/);
    await page.getByText('In a block').waitFor();
    await alice.go('Receive');
    const gold = await page.getByRole('option', { name: /^GOLD/ }).getAttribute('value');
    await page.getByLabel('Asset').selectOption(gold);
    await alice.fill('Amount', '1.234');
    await page.getByText('more decimals than its asset').waitFor();
    await alice.fill('Amount', '1.23');
    await page.getByText(`?amount=1.23&asset=${gold}`).waitFor();
    await alice.go('Tokens');
    await alice.follow('GOLD');
    await held.getByRole('cell', { name: '10 GOLD' }).waitFor();
  });

  test('every page can be used by everybody, in light, dark and narrow', async () => {
    const { page } = alice;
    const judge = (name: string) => assertForEverybody(page, name);
    await judge('token');
    await alice.follow('All tokens');
    await page.getByRole('table', { name: 'Tokens of this wallet' }).waitFor();
    await judge('tokens');
    await alice.go('Locks');
    await page.getByRole('list', { name: 'Locks' }).waitFor();
    await judge('locks');
    await alice.follow('fund');
    await page.getByRole('heading', { name: /^fund/ }).waitFor();
    await judge('lock');
    await alice.follow('All locks');
    await alice.follow('Make a lock');
    for (const kind of [/^A time/, /^A secret/, /^Guardians/, /^Several keys/])
      await page.getByRole('radio', { name: kind }).check();
    await judge('new-lock');
    await alice.follow('All locks');
    await alice.follow('Sign a file');
    await page.getByLabel(/^File/).setInputFiles(file('pay.cpst'));
    await page.getByRole('list', { name: 'Who signs' }).waitFor();
    await page.getByRole('list', { name: 'What it does' }).waitFor();
    await judge('sign');
    await alice.press('Close it');
  });

  test('no page has failed or tried what its policy forbids', () => {
    assert.deepEqual([...alice.browser.faults, ...bob.browser.faults], []);
  });
});
