import type { Page } from 'playwright-core';
import { buildPages, TestBrowser } from '../e2e/browser.testing.ts';
import { Workplace } from '../e2e/calin.testing.ts';
import { composeSheet, type SheetPart } from './compose-sheet.testing.ts';
import { startDemoChain } from './demo-chain.testing.ts';
import { scenesOf } from './scenes.testing.ts';

/** What pictures are for. */
export interface ScreenshotOptions {
  readonly wanted: (name: string) => boolean;
  readonly save: (name: string, webp: Buffer) => void;
  readonly progress: (done: number, all: number, name: string) => void;
}

/** How a page is looked at: pixels of the window, and how wide the picture stands on the sheet. */
const VIEWS = [
  { colorScheme: 'light', width: 1180, height: 860, shown: 708 },
  { colorScheme: 'dark', width: 1180, height: 860, shown: 708 },
  { colorScheme: 'light', width: 390, height: 860, shown: 234 },
] as const;
/** Proofs are checked and charts drawn in this time; a picture is no test. */
const SETTLE_MS = 2500;
const TURN_MS = 400;

/** Takes a picture of each page: light, dark and narrow on one sheet. Gives what went wrong in the pages. */
export async function takeScreenshots({
  wanted,
  save,
  progress,
}: ScreenshotOptions): Promise<readonly string[]> {
  buildPages();
  const place = new Workplace();
  const browser = await TestBrowser.start({ reducedMotion: 'reduce' });
  try {
    const chain = await startDemoChain(place);
    const scenes = scenesOf(chain);
    const darkroom = await browser.open('about:blank');
    for (const [i, { name, path, act }] of scenes.entries()) {
      progress(i, scenes.length, name);
      const page = await browser.open(`${chain.node.url}${path}`);
      await act?.(page);
      await page.waitForTimeout(SETTLE_MS);
      if (wanted(name)) save(name, await composeSheet(darkroom, await lookAt(page)));
      await page.close();
    }
    return browser.faults;
  } finally {
    await browser.close();
    place.close();
  }
}

async function lookAt(page: Page): Promise<readonly SheetPart[]> {
  const parts: SheetPart[] = [];
  for (const { colorScheme, width, height, shown } of VIEWS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    await page.waitForTimeout(TURN_MS);
    parts.push({ png: await page.screenshot(), width: shown });
  }
  return parts;
}
