import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Claim, Drill } from './drill.testing.ts';

const CHILD = fileURLToPath(new URL('./drill-child.testing.ts', import.meta.url));

/**
 * A user, a network, mounts and processes of their own: who is nobody outside may lay cables inside, and everything is
 * gone with the first process.
 *
 * @see namespaces(7), unshare(1)
 */
const UNSHARE = [
  ...['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--kill-child=SIGKILL'],
] as const;

/** Why a drill cannot be held on this machine, or undefined. */
export function whyNot({ programs, isInNamespaces }: Drill): string | undefined {
  const missing = programs.filter((program) => !isInstalled(program));
  if (missing.length > 0) return `needs ${missing.join(', ')} (iproute2, nftables, util-linux)`;
  if (!isInNamespaces) return undefined;
  const tried = spawnSync('unshare', [
    ...UNSHARE,
    'sh',
    '-c',
    'mount -t tmpfs tmpfs /run && ip link set lo up',
  ]);
  if (tried.status === 0) return undefined;
  return `this machine allows no network namespaces: ${String(tried.stderr ?? tried.error).trim()}`;
}

/** Holds a drill; `told` hears each claim as it is shown. Throws what did not hold. */
export async function runDrill(drill: Drill, folder: string, told: (claim: Claim) => void): Promise<void> {
  const startMs = performance.now();
  const tell = (claim: string, seen: string) =>
    told({ claim, seen, seconds: Math.round((performance.now() - startMs) / 1000) });
  if (!drill.isInNamespaces) return drill.run({ folder, claim: tell });
  const child = spawn('unshare', [...UNSHARE, process.execPath, CHILD, drill.name, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = `${words}${text}`.slice(-4000);
  });
  createInterface(child.stdout).on('line', (line) => {
    const { claim, seen } = JSON.parse(line) as Claim;
    tell(claim, seen);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(words.trim() || `ended with ${code}`);
}

function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}
