/** An IP address: 4 bytes for version 4, 16 for version 6. */
export type Ip = Uint8Array;

/** The bytes of an address in dotted or colon form (RFC 4291, section 2.2), or undefined. */
export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Ip | undefined {
  const parts = text.split('.', 5);
  if (parts.length !== 4) return undefined;
  const bytes = new Uint8Array(4);
  for (const [i, part] of parts.entries()) {
    // A leading zero means octal to some readers, so two machines could disagree on the address.
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes[i] = Number(part);
  }
  return bytes;
}

function parseIpv6(text: string): Ip | undefined {
  if (text.length > 45) return undefined;
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, i) => wordsOfHalf(half, i === halves.length - 1));
  if (head === undefined || (halves.length === 2 && tail === undefined)) return undefined;
  const written = head.length + (tail?.length ?? 0);
  if (halves.length === 1 ? written !== 8 : written > 7) return undefined;
  const words = [...head, ...new Array<number>(8 - written).fill(0), ...(tail ?? [])];
  const bytes = new Uint8Array(16);
  for (const [i, word] of words.entries()) {
    bytes[2 * i] = word >>> 8;
    bytes[2 * i + 1] = word & 0xff;
  }
  return bytes;
}

/** The 16-bit words on one side of `::`; the very last may be an IPv4 address. */
function wordsOfHalf(half: string, isLast: boolean): number[] | undefined {
  if (half === '') return [];
  const parts = half.split(':', 9);
  const words: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      words.push(Number.parseInt(part, 16));
      continue;
    }
    const embedded = isLast && i === parts.length - 1 ? parseIpv4(part) : undefined;
    if (embedded === undefined) return undefined;
    const [a = 0, b = 0, c = 0, d = 0] = embedded;
    words.push(256 * a + b, 256 * c + d);
  }
  return words;
}

/** The address as text: dotted, or in the shortest colon form (RFC 5952, section 4). */
export function formatIp(ip: Ip): string {
  if (ip.length === 4) return ip.join('.');
  const words = Array.from({ length: 8 }, (_, i) => 256 * (ip[2 * i] ?? 0) + (ip[2 * i + 1] ?? 0));
  const { start, length } = longestZeros(words);
  const text = (part: readonly number[]) => part.map((word) => word.toString(16)).join(':');
  return length < 2 ? text(words) : `${text(words.slice(0, start))}::${text(words.slice(start + length))}`;
}

/** The first of the longest runs of zero words. */
function longestZeros(words: readonly number[]): { readonly start: number; readonly length: number } {
  let best = { start: 0, length: 0 };
  let run = 0;
  for (const [i, word] of words.entries()) {
    run = word === 0 ? run + 1 : 0;
    if (run > best.length) best = { start: i + 1 - run, length: run };
  }
  return best;
}

/** The address with all but its first `bits` bits zero. */
export function ipPrefix(ip: Ip, bits: number): Ip {
  return ip.map((byte, i) => byte & (0xff << Math.min(8, Math.max(0, 8 * (i + 1) - bits))));
}

/** Blocks of IPv4 that are not on the internet: IANA's special-purpose registry (RFC 6890) and multicast. */
const SPECIAL_IPV4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
].map(decodeBlock);

/** Global unicast IPv6 is 2000::/3; of it the documentation and benchmark blocks are not on the internet. */
const GLOBAL_IPV6 = decodeBlock('2000::/3');
const SPECIAL_IPV6 = ['2001:2::/48', '2001:10::/28', '2001:20::/28', '2001:db8::/32', '3fff::/20'].map(
  decodeBlock,
);

interface Block {
  readonly prefix: Ip;
  readonly bits: number;
}

function decodeBlock(text: string): Block {
  const [ip = '', bits = ''] = text.split('/');
  return { prefix: parseIp(ip) ?? new Uint8Array(0), bits: Number(bits) };
}

/** True when the address lies in a block. */
function isIn(ip: Ip, { prefix, bits }: Block): boolean {
  return ip.length === prefix.length && ipPrefix(ip, bits).every((byte, i) => byte === prefix[i]);
}

/** True for an address that the whole internet can reach, as far as the number says. */
export function isPublicIp(ip: Ip): boolean {
  if (ip.length === 4) return !SPECIAL_IPV4.some((block) => isIn(ip, block));
  return isIn(ip, GLOBAL_IPV6) && !SPECIAL_IPV6.some((block) => isIn(ip, block));
}

/** Ways to write an IPv4 address as IPv6, and where in it the four bytes stand. */
const CARRIERS = [
  /** IPv4-mapped, RFC 4291. */
  { ...decodeBlock('::ffff:0:0/96'), at: 12 },
  /** NAT64, RFC 6052. */
  { ...decodeBlock('64:ff9b::/96'), at: 12 },
  /** 6to4, RFC 3056. */
  { ...decodeBlock('2002::/16'), at: 2 },
];

/** The IPv4 address that an IPv6 address only carries, else the address itself: both have the same owner. */
export function carriedIp(ip: Ip): Ip {
  const carrier = CARRIERS.find((block) => isIn(ip, block));
  return carrier === undefined ? ip : ip.slice(carrier.at, carrier.at + 4);
}
