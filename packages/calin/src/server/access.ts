import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { OK, type Result } from '@calin/core/base/result.ts';
import { refuseServer } from './rules.ts';

/** Who may use a server from a browser. */
export interface AccessRules {
  /** The server listens on loopback only, so that every other host name is somebody's trick. */
  readonly loopback: boolean;
  /** Origins of web pages that may use the server beside its own, such as `https://wallet.example`; `*` means all. */
  readonly allowedOrigins: readonly string[];
  /** The server speaks TLS, so that its own pages have https in their origin. */
  readonly secure?: boolean | undefined;
}

/**
 * Keeps web pages out that nobody has let in. A page from elsewhere is known by its Origin, which browsers always send
 * with POST and WebSocket. A page that made its own name point to this machine (DNS rebinding) sends an Origin that
 * equals the Host; it is known by a Host that is a name, while a name cannot be turned to an IP address.
 */
export function checkAccess(headers: IncomingHttpHeaders, rules: AccessRules): Result<undefined> {
  const host = readHost(headers.host, rules.secure === true ? 'https' : 'http');
  if (rules.loopback && (host === undefined || !isLoopbackName(host.hostname))) {
    return refuseServer('server/foreign-host', { got: (headers.host ?? '').slice(0, 80) });
  }
  const { origin } = headers;
  if (origin === undefined || isOwnOrigin(origin, host)) return OK;
  const allowed = rules.allowedOrigins.some((entry) => entry === '*' || entry === origin);
  return allowed ? OK : refuseServer('server/foreign-origin', { got: origin.slice(0, 80) });
}

/** Headers by which a proxy says that it speaks for somebody else. */
const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-real-ip'] as const;

/**
 * Whether a call comes from this very machine, so that its owner may be meant. What a proxy passes on is not counted:
 * behind one, everybody seems to be near.
 */
export function isLocalCall({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false;
  const address = socket.remoteAddress?.replace(/^::ffff:/i, '') ?? '';
  return isLoopbackName(address);
}

/** Whether only this machine can reach an address to listen on. */
export function isLoopbackName(hostname: string): boolean {
  if (hostname === '[::1]' || hostname === '::1' || hostname === 'localhost') return true;
  return hostname.endsWith('.localhost') || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}

function isOwnOrigin(origin: string, host: URL | undefined): boolean {
  if (host === undefined || origin.toLowerCase() !== host.origin) return false;
  return isLoopbackName(host.hostname) || isIP(host.hostname.replace(/^\[|\]$/g, '')) !== 0;
}

function readHost(text: string | undefined, scheme: string): URL | undefined {
  if (text === undefined || !/^[\w.:[\]-]+$/.test(text)) return undefined;
  return URL.parse(`${scheme}://${text}`) ?? undefined;
}
