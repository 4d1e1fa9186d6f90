#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

// What was compiled once starts in half the time; nothing depends on it.
enableCompileCache();

// A node of a local network ends with the command that started it, however that ended.
if (process.connected) process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));

const { runCommandLine } = await import('./run-command.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
// The channel to the parent would keep a process alive that is done.
if (process.connected) process.disconnect();
