import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, freemem, loadavg, platform, release, totalmem } from 'node:os';
import { monotonicNowMs } from '../monotonic-clock.ts';
import type { HardwareSource } from './hardware-source.ts';

const programTimeoutMs = 5000;

/** This very machine, as it is now. */
export function systemSource(): HardwareSource {
  const processors = cpus();
  return {
    platform: platform(),
    arch: arch(),
    release: release(),
    cpuModel: processors[0]?.model.trim() || null,
    logicalCores: Math.max(1, processors.length),
    availableParallelism: availableParallelism(),
    totalMemoryBytes: totalmem(),
    freeMemoryBytes: freemem(),
    loadAverage: platform() === 'win32' ? null : (loadavg()[0] ?? null),
    env: process.env,
    readText,
    run,
    nowMs: monotonicNowMs,
  };
}

/** Some files exist and yet refuse to be read (pressure information that was switched off), so any failure is null. */
function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

async function run(file: string, args: readonly string[]): Promise<string | null> {
  const { execa } = await import('execa');
  const result = await execa(file, args, { timeout: programTimeoutMs, reject: false, stdin: 'ignore' });
  return result.failed ? null : result.stdout;
}
