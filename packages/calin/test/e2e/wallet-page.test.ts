import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { devAccount } from '@calin/client/keys/dev-accounts.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { Locator, Page } from 'playwright-core';
import { assertForEverybody, buildPages, findBarriers, noBrowser, TestBrowser } from './browser.testing.ts';
import { type RunningDev, Workplace } from './calin.testing.ts';

const PASSWORD = 'marble-canoe-lantern-fig-quartz';

/** Gives all that a browser keeps for the page, as one text. */
const LOOK_AT_ALL = `(async () => {
  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const kept = [{ ...localStorage }, { ...sessionStorage }, document.cookie];
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name));
    for (const table of database.objectStoreNames)
      kept.push(name, table, await done(database.transaction(table).objectStore(table).getAll()));
    database.close();
  }
  return JSON.stringify(kept);
})()`;

describe('the wallet in the page', { skip: noBrowser }, () => {
  const place = new Workplace();
  /** Everything that pages have sent, as texts. */
  const sent: string[] = [];
  let node: RunningDev;
  let browser: TestBrowser;
  let page: Page;
  let phrase: string;
  let backup: string;
  let held: string;

  before(async () => {
    buildPages();
    node = await place.start();
    browser = await TestBrowser.start();
    page = await openWallet(browser);
  });
  after(async () => {
    await browser?.close();
    place.close();
  });

  async function openWallet(of: TestBrowser): Promise<Page> {
    const opened = await of.open(`${node.url}/wallet`);
    opened.context().on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
    opened.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload))));
    return opened;
  }

  const press = (name: string | RegExp, on: Page | Locator = page) =>
    on.getByRole('button', { name, exact: true }).click();
  const go = (section: string, on: Page = page) =>
    on.getByRole('navigation', { name: 'Wallet' }).getByRole('link', { name: section, exact: true }).click();
  const account = (name: string, on: Page = page) =>
    on.getByRole('list', { name: 'Accounts' }).getByRole('region', { name, exact: true });
  const unlock = async (on: Page) => {
    await on.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await press('Open', on);
    await on.getByRole('navigation', { name: 'Wallet' }).waitFor();
  };
  /** The whole of what the first accounts hold, once it is there. */
  const total = async (on: Page) => {
    const text = on.locator('p:has-text("In all accounts") + p').filter({ hasText: 'CALIN' });
    await text.waitFor();
    return (await text.textContent()) ?? '';
  };

  test('first run: words are shown, asked back and sealed, and test coins come', async () => {
    await press(/^Make a new wallet/);
    await press('12 words');
    const items = page.getByRole('list', { name: 'The words' }).getByRole('listitem');
    await items.first().waitFor();
    assert.equal(await items.count(), 12);
    phrase = (await items.allTextContents()).map((text) => text.replace(/^\d+\s*/, '')).join(' ');
    await press('I have written them down');
    await page.getByText('Three of the words').waitFor();
    const labels = await page.getByText(/^Word \d+$/).allTextContents();
    assert.equal(labels.length, 3);
    for (const label of labels) await page.getByLabel(label, { exact: true }).fill('zoo');
    await press('Go on');
    await page.getByText('It is another word').first().waitFor();
    const words = phrase.split(' ');
    for (const label of labels)
      await page.getByLabel(label, { exact: true }).fill(words[Number(label.slice(5)) - 1] ?? '');
    await press('Go on');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByText('strong.').waitFor();
    await page.getByLabel('The same again').fill(`${PASSWORD}.`);
    await press('Make the wallet');
    await page.getByText('The two passwords differ.').waitFor();
    await page.getByLabel('The same again').fill(PASSWORD);
    await press('Make the wallet');
    await press('Get 100 test coins for main');
    await account('main').getByText('100 CALIN').waitFor();
    await account('main').getByRole('button', { name: 'Proved', exact: true }).waitFor();
  });

  test('first payment: said in words with a warning, signed, and in a block', async () => {
    await go('Send');
    await page.getByLabel('To', { exact: true }).fill(`calin:${devAddress(1)}?amount=2.5&label=Tea`);
    await page.getByText('The request says: Tea').waitFor();
    assert.equal(await page.getByLabel('Amount', { exact: true }).inputValue(), '2.5');
    await page.getByLabel('Amount', { exact: true }).fill('2000');
    await press('Look at it');
    await page
      .getByText(/: 99\.\d+ CALIN can be spent after the fee, and 2,000\.?\d* CALIN are needed\.$/)
      .waitFor();
    await page.getByLabel('Amount', { exact: true }).fill('2.5');
    await press('Look at it');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`Pays 2.5 CALIN to ${devAddress(1)}`).waitFor();
    await dialog.getByText('and it is no contact').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.equal(
      await page.getByLabel('Amount', { exact: true }).inputValue(),
      '2.5',
      'the form is as it was',
    );
    assert.equal(await page.locator(':focus').textContent(), 'Look at it', 'and so is the focus');
    await press('Look at it');
    await press('Sign and send', dialog);
    await page.getByText('In a block').waitFor();
    await go('History');
    const row = page.getByRole('row').filter({ hasText: 'Sent' });
    await row.getByText('Tea').waitFor();
    await go('Contacts');
    await page.getByLabel('Name', { exact: true }).fill('bobby');
    await page.getByLabel('Address', { exact: true }).fill(devAddress(1));
    await press('Add it');
    await press('Rename bobby');
    await page.getByLabel('New name of bobby').fill('bob');
    await press('Rename');
    await page.getByRole('table', { name: 'Contacts' }).getByText('bob', { exact: true }).waitFor();
  });

  test('another account gets everything, from chosen coins, and nothing is left', async () => {
    await go('Overview');
    await page.getByLabel('Another account').fill('main');
    await press('Add it');
    await page.getByText('That cannot be: a name stands twice.').waitFor();
    await page.getByLabel('Another account').fill('savings');
    await press('Add it');
    await account('savings').getByText('Nothing yet.').waitFor();
    await go('Send');
    await page.getByLabel('To', { exact: true }).fill('savings');
    await page.getByLabel('Amount', { exact: true }).fill('everything');
    await page.getByText('fast', { exact: true }).click();
    await page.getByLabel('Expires').selectOption('100');
    await page.getByText('Choose the coins yourself').click();
    await page
      .getByRole('group', { name: /ticked/ })
      .getByRole('checkbox')
      .first()
      .check();
    await press('Look at it');
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/^Keeps 97\.49\d+ CALIN at savings/).waitFor();
    await dialog.getByText(/^Can be in no block after height/).waitFor();
    await press('Sign and send', dialog);
    await page.getByText('In a block').waitFor();
    await go('Overview');
    await account('savings')
      .getByText(/97\.49/)
      .waitFor();
    await account('main').getByText('Nothing yet.').waitFor();
    held = await total(page);
    assert.match(held, /^97\.49\d+ CALIN$/);
  });

  test('a message is signed here and checked here', async () => {
    await go('Messages');
    await page.getByLabel('Message', { exact: true }).fill('I was here.\nTwice.');
    await press('Sign');
    const signed = await page.getByLabel('Signed message', { exact: true }).inputValue();
    await page.getByLabel('Text to check').fill(signed);
    await press('Check');
    await page.getByText(/^Signed by main \(dcal1/).waitFor();
    await page.getByLabel('Text to check').fill(signed.replace('Twice', 'Thrice'));
    await press('Check');
    await page.getByText('The address did not sign this message.').waitFor();
  });

  test('two tabs that change the wallet lose nothing, and lock together when nobody is there', async () => {
    const other = await openWallet(browser);
    await other.clock.install();
    await other.reload();
    await unlock(other);
    await other.getByLabel('Name', { exact: true }).fill('cold');
    await other.getByLabel('Address to watch').fill(devAddress(5));
    await press('Watch it', other);
    await go('Overview');
    await page.getByRole('list', { name: 'Watched addresses' }).getByText('cold').waitFor();
    await press('Rename savings');
    await page.getByLabel('New name of savings').fill('chest');
    await press('Rename');
    await account('chest', other).waitFor();
    await other.clock.fastForward(11 * 60_000);
    await other.getByRole('heading', { name: 'The wallet is locked' }).waitFor();
    await page.getByRole('heading', { name: 'The wallet is locked' }).waitFor();
    await other.close();
    await page.getByLabel('Password', { exact: true }).fill('not it at all');
    await press('Open');
    await page.getByText('The password is wrong').waitFor();
    await unlock(page);
    await page.getByRole('list', { name: 'Watched addresses' }).getByText('cold').waitFor();
    await account('chest').waitFor();
  });

  test('every section can be used by everybody, in light, dark and narrow', async () => {
    const names = await page.getByRole('navigation', { name: 'Wallet' }).getByRole('link').allTextContents();
    assert(names.length >= 7);
    for (const name of names) {
      await go(name.trim());
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
      await assertForEverybody(page, name);
    }
  });

  test('the password changes, the words come for it alone, and a backup is a file', async () => {
    await go('Settings');
    await page.getByLabel('Password, to see the words').fill('not it at all');
    await press('Show the words');
    await page.getByText('The password is wrong').waitFor();
    await page.getByLabel('Password, to see the words').fill(PASSWORD);
    await press('Show the words');
    const items = page.getByRole('list', { name: 'The words' }).getByRole('listitem');
    await items.first().waitFor();
    const shown = (await items.allTextContents()).map((text) => text.replace(/^\d+\s*/, '')).join(' ');
    assert.equal(shown, phrase);
    await press('Hide the words');
    await page.getByLabel('The password so far').fill(PASSWORD);
    await page.getByLabel('New password').fill(`${PASSWORD}-2`);
    await page.getByLabel('The same again').fill(`${PASSWORD}-2`);
    await press('Change the password');
    await page.getByText('The password is changed.').waitFor();
    assert.equal(await page.getByLabel('New password').inputValue(), '', 'what was typed does not stay');
    const [file] = await Promise.all([page.waitForEvent('download'), press('Save a backup')]);
    backup = await file.path();
    const text = readFileSync(backup, 'utf8');
    assert.equal((JSON.parse(text) as { kind: string }).kind, 'calin-wallet-backup');
    assert.doesNotMatch(text, /bob|dcal1/);
    await go('History');
    const [csv] = await Promise.all([page.waitForEvent('download'), press(/^Save “main” as CSV$/)]);
    assert.match(
      readFileSync(await csv.path(), 'utf8'),
      /^time,txid,.*\r\n(?:.*\r\n)*.*,97\.49\d+,100,Tea,bob\r\n/,
    );
  });

  test('on a fresh profile words bring back what the chain knows, and the backup brings everything', async () => {
    const fresh = await TestBrowser.start();
    try {
      const tab = await openWallet(fresh);
      await press(/^Restore from words/, tab);
      await tab.getByLabel('The 12 or 24 words').fill(phrase.replace(/^\w+/, 'zooo'));
      await tab.getByLabel('New password').fill(PASSWORD);
      await tab.getByLabel('The same again').fill(PASSWORD);
      await press('Restore', tab);
      await tab.getByText('Word 1, “zooo”, is not in the list.').waitFor();
      await tab.getByLabel('The 12 or 24 words').fill(phrase);
      await press('Restore', tab);
      await account('account-1', tab)
        .getByText(/97\.49/)
        .waitFor();
      assert.equal(await total(tab), held);
      await go('Settings', tab);
      await tab.getByLabel(/^Type “forget”/).fill('forget');
      await press('Forget this wallet', tab);
      await press(/^Restore from a backup/, tab);
      await tab.getByLabel('The file').setInputFiles(backup);
      await tab.getByLabel('Its password').fill(PASSWORD);
      await press('Restore', tab);
      await tab.getByText('The password is wrong').waitFor();
      await tab.getByLabel('Its password').fill(`${PASSWORD}-2`);
      await press('Restore', tab);
      await account('chest', tab)
        .getByText(/97\.49/)
        .waitFor();
      assert.equal(await total(tab), held);
      await tab.getByRole('list', { name: 'Watched addresses' }).getByText('cold').waitFor();
      await go('Contacts', tab);
      await tab.getByRole('table', { name: 'Contacts' }).getByText('bob').waitFor();
      await go('History', tab);
      await tab.getByText('Tea').waitFor();
      await assertSealed(tab);
      assert.deepEqual(fresh.faults, []);
    } finally {
      await fresh.close();
    }
  });

  test('a browser that keeps nothing says so, and what to do', async () => {
    const tab = await openWallet(browser);
    await tab.addInitScript(
      'IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError"); }',
    );
    await tab.reload();
    await tab.getByText('This browser keeps nothing for this page.').waitFor();
    await tab.close();
  });

  test('nothing secret lies in the browser in the clear, and nothing secret was sent', async () => {
    await assertSealed(page);
    const all = sent.join('\n');
    assert(sent.length > 50 && all.includes('tx_submit'), `${sent.length} requests were recorded`);
    for (const secret of [phrase, PASSWORD, ...pairsOf(phrase)])
      assert(!all.includes(secret), 'a secret was sent');
    for (const text of sent) assert(!/^https?:/.test(text) || text.startsWith(node.url), text.slice(0, 80));
  });

  test('no page has failed or tried what its policy forbids', () => {
    assert.deepEqual(browser.faults, []);
  });

  /** Looks through all that the browser keeps for the page. */
  async function assertSealed(on: Page): Promise<void> {
    const kept = await on.evaluate<string>(LOOK_AT_ALL);
    assert.match(kept, /calin-wallet-backup/);
    for (const secret of [phrase, PASSWORD, 'bob', ...pairsOf(phrase)])
      assert(!kept.includes(secret), 'a secret is kept in the clear');
  }
});

/** Each two words of a phrase that follow each other: no text holds them by accident. */
function pairsOf(phrase: string): readonly string[] {
  const words = phrase.split(' ');
  return words.slice(1).map((word, i) => `${words[i]} ${word}`);
}

function devAddress(index: number): string {
  return formatAddress(devAccount(index).address, 'dcal');
}
