import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { monitorGpu } from '../../../src/runtime/gpu/monitor-gpu.ts';
import type { MonitorOptions } from '../../../src/runtime/gpu/monitor-gpu.ts';
import { monotonicNowMs } from '../../../src/runtime/monotonic-clock.ts';

/** Answers to the full query, as drivers of several generations write them. */
export const lines = {
  busy: '87, 41, 5321, 211.50, 205.13, 1410, 1410, 61, 0x0000000000000000, Disabled',
  idle: '0, 0, 4, 52.03, 52.10, 210, 1410, 34, 0x0000000000000001, Disabled',
  // A graphics card without the power of the moment, its reasons with a bit that came later.
  gaming: '100, 63, 8912, [N/A], 320.4, 1695, 2100, 83, 0x0000000000000224, [N/A]',
  mig: '[N/A], [N/A], 12034, 140.77, 141.02, 1095, 1410, 45, 0x0000000000000000, Enabled',
  // The memory is the processor's, and there is no limit of the power.
  integrated: '23, [N/A], [N/A], 11.2, [N/A], 1300, 2600, 48, [Not Supported], [N/A]',
  withUnits: '12 %, 3 %, 1024 MiB, 75.00 W, 75.00 W, 1590 MHz, 1590 MHz, 40, 0x0000000000000004, [Not Supported]',
  lost: '[Unknown Error], [Unknown Error], [GPU is lost], ERR!, ERR!, [Unknown Error], 1410, N/A, [Unknown Error], [Unknown Error]',
} as const;

/** A program named nvidia-smi in a folder of its own, with this body of a shell script. */
export function fakeSmi(body: string): { readonly folder: string; readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'infer-smi-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'nvidia-smi');
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
  return { folder, file };
}

/** Prints a line so many times, or for ever, with pauses. */
export function printing(line: string, times: number | 'for ever' = 'for ever'): string {
  const loop = times === 'for ever' ? 'while :' : `for i in $(seq ${times})`;
  return `${loop}; do echo '${line}'; sleep 0.01; done`;
}

/** Watches a fake; stopped when the test is over. */
export async function watch(body: string, options: Partial<MonitorOptions> = {}) {
  const monitor = await monitorGpu({
    file: fakeSmi(body).file,
    device: 0,
    intervalMs: 100,
    idleSamples: 4,
    startTimeoutMs: 20_000,
    silenceMs: 20_000,
    env: {},
    ask: () => Promise.resolve(null),
    nowMs: monotonicNowMs,
    ...options,
  });
  onTestFinished(() => monitor.stop());
  return monitor;
}

/** Waits for what a process does in its own time. */
export async function until<T>(read: () => T | null): Promise<T> {
  for (;;) {
    const value = read();
    if (value !== null) return value;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
