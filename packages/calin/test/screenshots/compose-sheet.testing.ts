import type { Page } from 'playwright-core';

/** A picture and how wide it stands on a sheet, in pixels. */
export interface SheetPart {
  readonly png: Buffer;
  readonly width: number;
}

/** Pixels between two pictures of a sheet. */
const GAP = 16;
/** WebP of this quality keeps small text sharp. */
const QUALITY = 0.86;

/** What runs in the browser: a script, since Node's types know no canvas. */
const COMPOSE = `async ({ pictures, gap, quality }) => {
  const loaded = await Promise.all(pictures.map(async ({ url, width }) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    return { image, width, height: (image.height * width) / image.width };
  }));
  const canvas = document.createElement('canvas');
  canvas.width = loaded.reduce((sum, { width }) => sum + width + gap, -gap);
  canvas.height = Math.round(Math.max(...loaded.map(({ height }) => height)));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  let x = 0;
  for (const { image, width, height } of loaded) {
    context.drawImage(image, x, 0, width, height);
    x += width + gap;
  }
  return canvas.toDataURL('image/webp', quality);
}`;

/**
 * Lays pictures side by side and packs them as WebP, which Chromium can do and Node cannot.
 *
 * @param page - a blank one
 */
export async function composeSheet(page: Page, parts: readonly SheetPart[]): Promise<Buffer> {
  const pictures = parts.map(({ png, width }) => ({
    url: `data:image/png;base64,${png.toString('base64')}`,
    width,
  }));
  const given = JSON.stringify({ pictures, gap: GAP, quality: QUALITY });
  const url = await page.evaluate<string>(`(${COMPOSE})(${given})`);
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}
