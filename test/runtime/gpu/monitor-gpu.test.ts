import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { monotonicNowMs } from '../../../src/runtime/monotonic-clock.ts';
import { createProcessRuntime } from '../../../src/runtime/process-runtime.ts';
import { fakeSmi, lines, printing, until, watch } from './fake-smi.ts';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('monitorGpu', () => {
  it('sees the GPU at rest first, and then what it does between two times', async () => {
    const monitor = await watch(`${printing(lines.idle, 4)}; ${printing(lines.busy)}`);
    expect(monitor.idle).toMatchObject({ samples: 4, utilization: 0, powerW: expect.closeTo(52.03) as number });
    const from = monotonicNowMs();
    const seen = await until(() => {
      const window = monitor.window(from + 50, monotonicNowMs());
      return window !== null && window.samples > 5 ? window : null;
    });
    expect(seen).toMatchObject({
      utilization: expect.closeTo(0.87) as number,
      memoryUsedBytes: 5321 * 2 ** 20,
      // Between the last sample at rest and the first under load the power is interpolated.
      powerW: expect.closeTo(211.5, -1) as number,
      powerIsInstant: true,
      smClockMhz: 1410,
      throttled: [],
      isMig: false,
    });
    expect(monitor.problem()).toBeNull();
  });

  it('asks a driver by the older names, and leaves out what it cannot tell at all', async () => {
    // A driver of the 470 series: no power of the moment, reasons by their old name, no MIG on this card.
    const monitor = await watch(`
for known in power.draw.instant clocks_event_reasons.active mig.mode.current; do
  case "$*" in *"$known"*) echo "Field \\"$known\\" is not a valid field to query."; echo; exit 2;; esac
done
echo "$*" > "$(dirname "$0")/asked"
${printing('50, 20, 1000, 70.00, 1590, 1590, 50, 0x0000000000000004')}`);
    expect(monitor.idle).toMatchObject({
      utilization: 0.5,
      powerW: expect.closeTo(70) as number,
      powerIsInstant: false,
      throttled: [{ reason: 'power-cap', share: 1 }],
    });
  });

  it('names the device, and hands its figures for one GPU of several', async () => {
    const { file, folder } = fakeSmi(`echo "$*" > "$(dirname "$0")/asked"\n${printing(lines.busy)}`);
    const monitor = await watch('', { file, device: 1, env: { CUDA_VISIBLE_DEVICES: '3,2' } });
    expect(monitor.problem()).toBeNull();
    const asked = readFileSync(join(folder, 'asked'), 'utf8');
    expect(asked).toMatch(/^-i 2 --query-gpu=utilization\.gpu,.* --format=csv,noheader,nounits -lms 100$/m);
  });

  it.each([
    ['NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.', 9],
    ['Failed to initialize NVML: Driver/library version mismatch', 18],
    ['No devices were found', 6],
    ['Unable to determine the device handle for GPU0000:01:00.0: GPU is lost.', 15],
  ])('keeps what it said when it ends at once: %s', async (said, exitCode) => {
    const monitor = await watch(`echo '${said}'; exit ${exitCode}`);
    expect(monitor.problem()).toEqual({ kind: 'ended', exitCode, said });
    expect(monitor.idle).toBeNull();
    expect(monitor.window(0, monotonicNowMs())).toBeNull();
  });

  it('tells a process that dies in the middle, and keeps what was seen before', async () => {
    const from = monotonicNowMs();
    const monitor = await watch(`${printing(lines.idle, 6)}; echo 'Unknown Error' >&2; kill -9 $$`);
    expect(await until(() => monitor.problem())).toEqual({ kind: 'ended', exitCode: null, said: 'Unknown Error' });
    expect(monitor.window(from, monotonicNowMs())?.samples).toBe(6);
  });

  it('gives up one that hangs before its first line, and one that hangs after', async () => {
    const never = await watch('exec sleep 60', { startTimeoutMs: 100 });
    expect(never.problem()).toEqual({ kind: 'silent', waitedMs: 100 });
    const later = await watch(`${printing(lines.idle, 5)}; exec sleep 60`, { silenceMs: 1500 });
    expect(await until(() => later.problem())).toEqual({ kind: 'silent', waitedMs: 1500 });
    expect(later.idle?.samples).toBe(4);
  });

  it('gives up one that prints rubbish, with and without line ends', async () => {
    const words = await watch(printing('<html>502 Bad Gateway</html>'));
    expect(words.problem()).toMatchObject({
      kind: 'unreadable',
      said: expect.stringContaining('Bad Gateway') as string,
    });
    const stream = await watch('exec tr "\\000" "x" < /dev/zero');
    expect(stream.problem()).toMatchObject({ kind: 'unreadable' });
  });

  it('forgives a few lines that are no samples', async () => {
    const monitor = await watch(`echo 'WARNING: infoROM is corrupted at gpu 0000:3B:00.0'; ${printing(lines.idle)}`);
    expect(monitor.problem()).toBeNull();
    expect(monitor.idle?.samples).toBe(4);
  });

  it('knows that there is no nvidia-smi, and no such device', async () => {
    expect((await watch('', { file: '/nowhere/nvidia-smi' })).problem()).toEqual({ kind: 'absent' });
    const hidden = await watch(printing(lines.idle), { env: { CUDA_VISIBLE_DEVICES: '' } });
    expect(hidden.problem()).toEqual({ kind: 'hidden' });
  });

  it('ends its process when it is stopped, one that ignores signals too, and stops twice', async () => {
    const { file, folder } = fakeSmi(`trap '' TERM INT HUP; echo $$ > "$(dirname "$0")/pid"; ${printing(lines.idle)}`);
    const monitor = await watch('', { file });
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    expect(isAlive(pid)).toBe(true);
    await monitor.stop();
    await monitor.stop();
    expect(isAlive(pid)).toBe(false);
    // That it was ended by us is no problem of its own.
    expect(monitor.problem()).toBeNull();
  });
});

describe('the monitor of the process runtime', () => {
  it('finds nvidia-smi on PATH', async () => {
    const { folder } = fakeSmi(printing(lines.idle));
    vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH'] ?? ''}`);
    vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
    onTestFinished(() => void vi.unstubAllEnvs());
    const monitor = await createProcessRuntime().monitorGpu(0);
    onTestFinished(() => monitor.stop());
    expect(existsSync(join(folder, 'nvidia-smi'))).toBe(true);
    expect(monitor.idle).toMatchObject({ samples: 10, powerW: expect.closeTo(52.03) as number });
  });
});
