/** Runs nvidia-smi and gives what it printed; null when it fails. */
export type AskSmi = (args: readonly string[]) => Promise<string | null>;

/**
 * nvidia-smi's name for the device that CUDA counts as the `ordinal`th; null where CUDA is shown no such device.
 *
 * CUDA counts what CUDA_VISIBLE_DEVICES lists, by index or UUID, up to the first entry that is none. Processes that
 * measure count in the order of the bus, as nvidia-smi does, unless CUDA_DEVICE_ORDER says otherwise. Source: CUDA C++
 * Programming Guide, "CUDA environment variables".
 */
export async function visibleDevice(
  ordinal: number,
  env: Readonly<Record<string, string | undefined>>,
  ask: AskSmi,
): Promise<string | null> {
  const list = env['CUDA_VISIBLE_DEVICES'];
  if (list === undefined) return String(ordinal);
  const entries = list.split(',').map((entry) => entry.trim());
  const end = entries.findIndex((entry) => !/^(?:\d+|GPU-\S+|MIG-\S+)$/.test(entry));
  const entry = (end === -1 ? entries : entries.slice(0, end))[ordinal];
  if (entry === undefined) return null;
  if (!entry.startsWith('MIG-')) return entry;
  // Before driver 470 an instance was named after its GPU: MIG-GPU-<uuid>/<instance>/<compute instance>.
  const owner = /^MIG-(GPU-[\da-f-]+)/.exec(entry)?.[1];
  return owner ?? ownerOf(entry, (await ask(['-L'])) ?? '');
}

/** `GPU 0: NVIDIA A100 (UUID: GPU-…)` and below it its instances, `  MIG 1g.5gb Device 0: (UUID: MIG-…)`. */
function ownerOf(instance: string, listing: string): string | null {
  const lines = listing.split('\n');
  const at = lines.findIndex((line) => line.includes(`UUID: ${instance}`));
  const owners = lines.slice(0, Math.max(0, at)).flatMap((line) => /^GPU \d+:.*UUID: (GPU-[\da-f-]+)/.exec(line) ?? []);
  return owners.at(-1) ?? null;
}
