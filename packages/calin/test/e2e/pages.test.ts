import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { assertForEverybody, buildPages, noBrowser, TestBrowser } from './browser.testing.ts';
import { type RunningDev, rpc, Workplace } from './calin.testing.ts';
import { Liar, type Lie } from './liar.testing.ts';

/** What a token may be called by who makes it. */
const HOSTILE = '<img src=x onerror="document.title=1">';

interface Sent {
  readonly txid: string;
  readonly to: string;
  readonly block: { readonly height: number };
}

describe('the pages of the explorer', { skip: noBrowser }, () => {
  const place = new Workplace();
  let node: RunningDev;
  let browser: TestBrowser;
  let sent: Sent;
  let token: Sent & { readonly asset: number };

  before(async () => {
    buildPages();
    node = await place.start();
    browser = await TestBrowser.start();
    sent = (await place.json(['send', '--from', 'dev0', '--to', 'dev1', '--amount', '7.25'])) as Sent;
    const made = [
      '--from',
      'dev0',
      '--symbol',
      'GOLD',
      '--name',
      HOSTILE,
      '--supply',
      '10',
      '--decimals',
      '2',
    ];
    token = (await place.json(['token', 'create', ...made])) as typeof token;
  });
  after(async () => {
    await browser?.close();
    place.close();
  });

  const open = (path: string) => browser.open(`${node.url}${path}`);

  test('the first load stays small, and what is heavy comes later', async (t) => {
    const html = await (await fetch(node.url)).text();
    const first = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');
    let bytes = html.length;
    for (const path of first) {
      const response = await fetch(`${node.url}${path}`, { headers: { 'accept-encoding': 'gzip' } });
      assert.equal(response.headers.get('content-encoding'), 'gzip', path);
      bytes += Number(response.headers.get('content-length'));
    }
    t.diagnostic(`${first.length} files, ${bytes} bytes packed with gzip`);
    assert(first.length >= 3);
    assert(bytes <= 200 * 1024, `${bytes} bytes`);
  });

  test('home moves: what is sent is waiting or in a block without loading anew', async () => {
    const page = await open('/');
    await page.getByRole('heading', { name: 'Latest blocks' }).waitFor();
    const next = token.block.height + 1;
    const strip = page.getByRole('region', { name: 'Newest blocks' });
    assert.equal(await strip.getByRole('link', { name: new RegExp(`^${next}\\b`) }).count(), 0);
    const paid = (await place.json(['send', '--from', 'dev2', '--to', 'dev3', '--amount', '1'])) as Sent;
    assert.equal(paid.block.height, next);
    await strip.getByRole('link', { name: new RegExp(`^${next}\\b`) }).waitFor();
    await page
      .getByRole('link', { name: paid.txid.slice(0, 8) })
      .first()
      .click();
    await page.getByRole('heading', { name: /^Payment/ }).waitFor();
    await page.close();
  });

  test('a transaction shows where coins go, what it cost and who agreed', async () => {
    const page = await open(`/tx/${sent.txid}`);
    const to = page.getByRole('list', { name: 'Goes to' });
    await to.getByText('7.25 CALIN').waitFor();
    await to.getByText('Burned').waitFor();
    await page.getByText('One key signs.').waitFor();
    await page.getByRole('link', { name: String(sent.block.height), exact: true }).click();
    await page.getByRole('heading', { name: `Block ${sent.block.height}` }).waitFor();
    await page.getByText('Payment').waitFor();
    await page.getByRole('link', { name: 'The block before' }).click();
    await page.getByRole('heading', { name: `Block ${sent.block.height - 1}` }).waitFor();
    await page.close();
  });

  test('the key / leads to the search, which finds heights, hashes and addresses', async () => {
    const page = await open('/');
    await page.getByRole('textbox', { name: /^Search/ }).waitFor();
    const find = async (text: string) => {
      await page.locator('main').focus();
      await page.keyboard.press('/');
      assert.equal(await page.locator(':focus').getAttribute('name'), 'search');
      await page.keyboard.type(text);
      await page.keyboard.press('Enter');
    };
    await find(sent.txid);
    await page.getByRole('heading', { name: /^Payment/ }).waitFor();
    await find(sent.to);
    await page.getByRole('heading', { name: 'Address' }).waitFor();
    await page.getByText('10,007.25 CALIN').first().waitFor();
    await find('0');
    await page.getByRole('heading', { name: 'Block 0' }).waitFor();
    const { result } = (await rpc(node.url, 'chain_getHeader', { height: 1 })) as { result: { id: string } };
    await find(result.id);
    await page.getByRole('heading', { name: 'Block 1' }).waitFor();
    await find('gol');
    await page.getByRole('list', { name: 'Found' }).getByRole('link', { name: /GOLD/ }).click();
    await page.getByRole('heading', { name: /^GOLD/ }).waitFor();
    await find('nonsense');
    await page.getByRole('alert').waitFor();
    await page.close();
  });

  test('a development chain takes orders: coins, blocks, snapshots and time', async () => {
    const page = await open('/developer');
    const press = (name: string) => page.getByRole('button', { name }).click();
    await page.getByLabel('Address', { exact: true }).fill(sent.to);
    await page.getByLabel('Amount in CALIN').fill('3.5');
    await press('Pay');
    await page.getByText('On its way').waitFor();
    await press('Take one');
    await page.getByText('remembers the head').waitFor();
    await page.getByLabel('How many').fill('2');
    await press('Make them now');
    await page.getByText('2 blocks were made.').waitFor();
    await press('Go back');
    await page.getByText('The chain is back').waitFor();
    await press('An hour on');
    await page.getByText(/^It is .* on this chain now/).waitFor();
    await page.getByText(/ ahead$/).waitFor();
    await page.getByLabel('Amount in CALIN').fill('a few');
    await press('Pay');
    await page.getByText('The text is not an amount.').waitFor();
    await page.close();
  });

  test('a reorganisation is shown as it was: what won, and what was left behind', async () => {
    const page = await open('/forks');
    const tree = page.getByRole('region', { name: 'Tree of blocks' });
    await tree.waitFor();
    const { result: before } = (await rpc(node.url, 'node_status')) as { result: { head: { id: string } } };
    await rpc(node.url, 'dev_reorg', { depth: 2 });
    await page.getByRole('heading', { name: 'Left behind (2)' }).waitFor();
    assert.equal(await tree.getByRole('link', { name: /left behind$/ }).count(), 2);
    await page.getByRole('link', { name: before.head.id.slice(0, 8) }).click();
    await page.getByRole('heading', { name: /^Block .*Left behind$/ }).waitFor();
    await page.close();
  });

  test('the docs are there with a search, and without a script too', async () => {
    const page = await open('/');
    await page.getByRole('link', { name: 'Docs' }).first().click();
    await page.getByRole('heading', { name: 'Calin docs', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('coin-missing');
    await page
      .getByRole('list', { name: 'Found' })
      .getByRole('link', { name: 'Rules tx/coin-missing' })
      .click();
    await page.getByRole('heading', { name: 'Rules', level: 1 }).waitFor();
    assert.equal(await page.locator(':target').getAttribute('id'), 'tx/coin-missing');
    await page.getByRole('button', { name: 'Use the dark colours' }).click();
    await page.getByRole('link', { name: 'Calin, home' }).click();
    await page.getByRole('button', { name: 'Use the light colours' }).click();
    await page.close();
    const bare = await (await fetch(`${node.url}/docs/guides/wallet`)).text();
    for (const text of ['<h1 id="the-wallet">', 'href="/docs/reference/rules"', 'href="#fees-and-coins"'])
      assert.ok(bare.includes(text), text);
  });

  test('names that people chose are text, whatever they hold', async () => {
    const page = await open(`/tx/${token.txid}`);
    await page.getByText(HOSTILE).waitFor();
    assert.equal(await page.locator('img').count(), 0);
    assert.match(await page.title(), /^Transaction/);
    await page.close();
  });

  test('what is not there is said with what to do', async () => {
    const page = await open(`/tx/${'ab'.repeat(32)}`);
    await page.getByText('rpc/transaction-unknown').waitFor();
    await page.goto(`${node.url}/block/999999`);
    await page.getByText('rpc/block-unknown').waitFor();
    await page.goto(`${node.url}/address/dcal1nonsense`);
    await page.getByText('codec/address').waitFor();
    await page.close();
  });

  test('what is shown is proved in the page, and a server that lies is found out', async () => {
    const liar = await Liar.start(node.url);
    try {
      const page = await browser.open(`${liar.url}/tx/${sent.txid}`);
      const mark = (word: string) => page.getByRole('button', { name: word, exact: true });
      await mark('Proved').click();
      await page.getByText('Checked in this page against the header').waitFor();
      await page.goto(`${liar.url}/block/${sent.block.height}`);
      // The header, and all that the block holds.
      await mark('Proved').nth(1).waitFor();
      for (const path of [`/address/${sent.to}`, `/token/${token.asset}`]) {
        await page.goto(`${liar.url}${path}`);
        await mark('Proved').waitFor();
      }
      const lies: readonly [string, Lie][] = [
        [`/tx/${sent.txid}`, lieIn('tx_get', (found) => setAt(found, 'transaction.outputs.0.amount', 9e8))],
        [`/tx/${sent.txid}`, lieIn('tx_get', (found) => setAt(found, 'block.receipt.fee', 1))],
        [
          `/block/${sent.block.height}`,
          lieIn('chain_getBlock', (block) => setAt(block, 'header.gasUsed', 7)),
        ],
        [
          `/block/${sent.block.height}`,
          lieIn('chain_getBlock', (block) => setAt(block, 'receipts.1.fee', 3)),
        ],
        [`/token/${token.asset}`, lieIn('token_get', (found) => setAt(found, 'supply', 5))],
        [`/address/${sent.to}`, lieIn('account_getBalance', (b) => setAt(b, 'balances.0.confirmed', 5e15))],
        [
          `/address/${sent.to}`,
          (method, result) => {
            // A lie that agrees with itself.
            if (method === 'account_getBalance') setAt(result, 'balances.0.confirmed', 1_000_725_000_001);
            if (method === 'account_getCoins')
              setAt(result, 'coins.0.amount', (amount) => Number(amount) + 1);
          },
        ],
      ];
      for (const [path, lie] of lies) {
        liar.lie = lie;
        await page.goto(`${liar.url}${path}`);
        await mark('Contradicted').click();
        await page.getByText('light/value-mismatch').waitFor();
      }
      await page.close();
    } finally {
      liar.close();
    }
  });

  test('an index that is behind is said, and what it then knows is shown without a new block', async () => {
    const liar = await Liar.start(node.url);
    try {
      liar.lie = (method, result) => {
        if (method === 'index_status') setAt(result, 'blocksBehind', 40);
        if (method === 'account_getActivity') (result as { entries: readonly unknown[] }).entries = [];
      };
      const page = await browser.open(`${liar.url}/address/${sent.to}`);
      const notice = page.getByText('The index is 40 blocks behind.');
      await notice.waitFor();
      const row = page.getByRole('table', { name: 'History' }).getByText('Received');
      assert.equal(await row.count(), 0);
      liar.lie = () => undefined;
      await row.first().waitFor();
      await notice.waitFor({ state: 'detached' });
      await page.close();
    } finally {
      liar.close();
    }
  });

  test('every page can be used by everybody, in light, dark and narrow', async () => {
    const paths = [
      ...[
        '/',
        '/wallet',
        '/blocks',
        '/mempool',
        '/tokens',
        '/producers',
        '/charts',
        '/forks',
        '/network',
        '/simulator',
        '/developer',
      ],
      ...['/docs', '/docs/guides/explorer', '/docs/reference/metrics', '/docs/api'],
      ...[`/block/${sent.block.height}`, `/tx/${token.txid}`, `/address/${sent.to}`, `/token/${token.asset}`],
    ];
    for (const path of paths) {
      const page = await open(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await settle(page);
      await assertForEverybody(page, path);
      await page.close();
    }
  });

  test('no page has failed or tried what its policy forbids', () => {
    assert.deepEqual(browser.faults, []);
  });
});

/** A lie in what one method answers. */
function lieIn(about: string, change: (result: unknown) => void): Lie {
  return (method, result) => {
    if (method === about) change(result);
  };
}

/** Sets a field that a path such as `a.0.b` names, to a value or to what a function makes of the old one. */
function setAt(target: unknown, path: string, value: number | ((before: unknown) => number)): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  const holder = names.reduce((one, name) => (one as Record<string, unknown>)[name], target) as Record<
    string,
    unknown
  >;
  holder[last] = typeof value === 'function' ? value(holder[last]) : value;
}

/** Waits until nothing is being read any more. */
async function settle(page: Page): Promise<void> {
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
}
