/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/**
 * The size of a picture, by its own words: SVG by its attributes or its view box, WebP by the head of its first chunk
 * (RFC 9649, sections 2.5 to 2.7). A page that knows it keeps the place free, and nothing moves when the picture comes.
 *
 * @returns undefined for other kinds, and for what is damaged
 */
export function imageSize(bytes: Buffer): ImageSize | undefined {
  const isWebp = bytes.length >= 30 && bytes.toString('latin1', 0, 4) === 'RIFF';
  return isWebp ? webpSize(bytes) : svgSize(bytes.toString('utf8'));
}

function webpSize(bytes: Buffer): ImageSize | undefined {
  const kind = bytes.toString('latin1', 12, 16);
  if (kind === 'VP8 ') {
    return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff };
  }
  if (kind === 'VP8L') {
    const bits = bytes.readUInt32LE(21);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (kind !== 'VP8X') return undefined;
  return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 };
}

function svgSize(text: string): ImageSize | undefined {
  const head = /<svg\b[^>]*>/.exec(text)?.[0] ?? '';
  const number = (name: string) => Number(new RegExp(`\\s${name}="([\\d.]+)(?:px)?"`).exec(head)?.[1]);
  const [, , boxWidth = Number.NaN, boxHeight = Number.NaN] = (/\sviewBox="([^"]+)"/.exec(head)?.[1] ?? '')
    .split(/[\s,]+/)
    .map(Number);
  const [width, height] = [number('width') || boxWidth, number('height') || boxHeight];
  return width > 0 && height > 0 ? { width: Math.round(width), height: Math.round(height) } : undefined;
}
