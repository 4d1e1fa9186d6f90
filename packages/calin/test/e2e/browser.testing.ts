import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { buildOnce } from './build-once.testing.ts';

/** Where Linux distributions put Chromium. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Keeps the browser from anything but what a test asks for. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = PLACES.find((path) => existsSync(path));

/** Why tests that need a browser cannot run here, if they cannot. */
export const noBrowser: string | false =
  executablePath === undefined ? 'no Chromium is installed; .ci/run shows how' : false;

/** One browser for all tests of a file, with a profile that nobody has used. */
export class TestBrowser {
  readonly #profile: string;
  readonly #context: BrowserContext;
  /** What went wrong in pages that nobody expected: exceptions, and lines of their console. */
  readonly faults: string[] = [];

  private constructor(context: BrowserContext, profile: string) {
    this.#profile = profile;
    this.#context = context;
  }

  /** Starts it. */
  static async start(options: BrowserContextOptions = {}): Promise<TestBrowser> {
    const profile = mkdtempSync(join(tmpdir(), 'calin-browser-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: executablePath ?? '',
      args: FLAGS,
      ...options,
    });
    // The machine may be busy with other tests: what is waited for comes, or the test is wrong.
    context.setDefaultTimeout(60_000);
    return new TestBrowser(context, profile);
  }

  /** Opens a page of its own. */
  async open(url: string): Promise<Page> {
    const page = await this.#context.newPage();
    page.on('pageerror', ({ message }) => this.faults.push(`${page.url()}: ${message}`));
    page.on('console', (line) => {
      if (line.type() === 'error') this.faults.push(`${page.url()}: ${line.text()}`);
    });
    await page.goto(url);
    return page;
  }

  async close(): Promise<void> {
    await this.#context.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Builds the pages, so that what is tested is what the sources say; once for all files of tests. */
export function buildPages(): void {
  buildOnce();
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Faults that keep people out of a page: those that axe calls serious or worse.
 *
 * @param rules - names of the rules of axe to look at; all that it has when left out
 */
export async function findBarriers(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  await page.evaluate(axe);
  const options = rules === undefined ? {} : { runOnly: [...rules] };
  return page.evaluate(async (options) => {
    interface Violation {
      readonly id: string;
      readonly impact: string;
      readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
    }
    interface Axe {
      run(options: object): Promise<{ readonly violations: readonly Violation[] }>;
    }
    const { axe } = globalThis as unknown as { readonly axe: Axe };
    const { violations } = await axe.run(options);
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
      );
  }, options);
}

/**
 * Checks that a page can be used by everybody: nothing that axe calls serious, colours that can be read in light and
 * dark, and nothing wider than a narrow screen. Leaves the page as it was.
 *
 * @param name - what to call the page when it fails
 */
export async function assertForEverybody(page: Page, name: string): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  // Colours that are on their way from one to the other have no contrast to speak of.
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  assert.deepEqual(await findBarriers(page), [], name);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await findBarriers(page, ['color-contrast']), [], `${name}, dark`);
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  assert(overflow <= 0, `${name} is ${overflow} pixels wider than a narrow screen`);
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize(size);
}
