import type { RunProgram } from '../hardware/hardware-source.ts';

/**
 * All libraries that a provider of onnxruntime needs and this system has not. The error names the first one only, and
 * whoever installs that would be told of the next. `problem` is onnxruntime's text, which tells the provider's file.
 */
export async function missingLibraries(problem: string, run: RunProgram): Promise<readonly string[]> {
  const file = /Failed to load library (\S+libonnxruntime_providers_(?:cuda|tensorrt)\.so) with error/.exec(
    problem,
  )?.[1];
  if (file === undefined) return [];
  const listing = (await run('ldd', [file])) ?? '';
  return [...new Set([...listing.matchAll(/^\s*(\S+) => not found$/gm)].flatMap(([, name]) => name ?? []))];
}
