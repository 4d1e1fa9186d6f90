/**
 * The first process of a network of its own: lays its cables, starts its nodes, and prints each claim as one line of
 * JSON. Started by `runDrill` with the name of the drill and its folder.
 */
import { DRILLS } from './drills.testing.ts';

const [name, folder = ''] = process.argv.slice(2);
const drill = DRILLS.find((one) => one.name === name);
try {
  if (drill === undefined) throw new Error(`there is no drill ${name}`);
  await drill.run({
    folder,
    claim: (claim, seen) => void process.stdout.write(`${JSON.stringify({ claim, seen })}\n`),
  });
  // Whatever still runs here ends with this process.
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`, () => process.exit(1));
}
