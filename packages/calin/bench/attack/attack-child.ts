/**
 * A process of attackers: begins with an {@link AttackOrder}, says when the first of them is at work; reports and ends
 * when it is sent anything else.
 */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { ATTACK_KINDS, type AttackKind } from './attack-kinds.ts';
import type { AttackOrder, AttackReport } from './attack-process.ts';
import { Attacker } from './attacker.ts';

/** How often it is looked whether the attack has begun. */
const LOOK_MS = 20;

process.once('disconnect', () => process.exit());
const [order] = (await once(process, 'message')) as [AttackOrder];
const kindOf = (index: number): AttackKind => ATTACK_KINDS[index % ATTACK_KINDS.length] as AttackKind;
const attackers = Array.from({ length: order.attackers }, (_, i) => new Attacker(kindOf(i), order));
const done = Promise.all(attackers.map((attacker) => attacker.run()));
const stopped = once(process, 'message');
const isBegun = (): boolean => attackers.some(({ counts }) => counts.links > 0 && counts.shots > 0);
while (!isBegun()) await sleep(LOOK_MS);
process.send?.('begun');
await stopped;
for (const attacker of attackers) attacker.stop();
process.send?.(report());
await done;
process.exit();

function report(): AttackReport {
  const sums: Record<string, AttackReport[string]> = {};
  for (const [i, { counts, peer }] of attackers.entries()) {
    const { name } = kindOf(i);
    const sum = sums[name] ?? { peers: [], links: 0, ends: 0, shots: 0, bytes: 0 };
    for (const key of ['links', 'ends', 'shots', 'bytes'] as const) sum[key] += counts[key];
    sums[name] = { ...sum, peers: [...sum.peers, peer] };
  }
  return sums;
}
