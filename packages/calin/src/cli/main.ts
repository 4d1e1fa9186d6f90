#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// What was compiled once starts in half the time; nothing depends on it.
enableCompileCache();

// A node of a local network ends with the command that started it, however that ended.
const orphaned = (): void => void process.kill(process.pid, 'SIGTERM');
if (process.connected) process.once('disconnect', orphaned);

const { runCommandLine } = await import('./run-command.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
// The channel to the parent would keep a process alive that is done.
process.off('disconnect', orphaned);
if (process.connected) process.disconnect();
