const owners: readonly (readonly [RegExp, string])[] = [
  [/^libcuda\./, 'the NVIDIA driver'],
  [/^libcudnn/, 'cuDNN'],
  [/^libnv(?:infer|onnxparser)/, 'TensorRT'],
  // curand and cufft count their own versions, which are not CUDA's.
  [/^lib(?:curand|cufft)/, 'CUDA (any)'],
  [/^lib(?:cu|nvrtc|nvJitLink)/, 'CUDA'],
];

/** Oldest driver of Linux for each major version of CUDA. Source: CUDA Toolkit release notes, table "minor version compatibility". */
const leastDrivers: Readonly<Record<string, string>> = { 11: '450.80.02', 12: '525.60.13', 13: '580' };

/** How to get libraries that the loader did not find: a clause. The number in a name is the major version asked for. */
export function librariesCure(libraries: readonly string[]): string {
  const packages = packagesOf(libraries);
  const installed = packages.filter((name) => name !== 'the NVIDIA driver');
  const needsDriver = installed.length < packages.length;
  const driver = 'install the NVIDIA driver, or start the container with `--gpus all`';
  if (installed.length === 0) return driver;
  const these = installed.length === 1 && libraries.length === 1 ? 'its folder' : 'the folders of these libraries';
  const rest = `install ${listed(installed)} and put ${these} on LD_LIBRARY_PATH`;
  return needsDriver ? `${rest}, and ${driver}` : rest;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/** The packages that hold the libraries, each with its major version, in the order in which they are first needed. */
function packagesOf(libraries: readonly string[]): readonly string[] {
  const named = libraries.map(packageOf);
  const hasCuda = named.some((name) => /^CUDA \d/.test(name));
  // The same toolkit brings them.
  const distinct = named.map((name) => (name === 'CUDA (any)' ? 'CUDA' : name));
  return [...new Set(hasCuda ? distinct.filter((name) => name !== 'CUDA') : distinct)];
}

function packageOf(library: string): string {
  const owner = owners.find(([pattern]) => pattern.test(library))?.[1];
  if (owner === undefined) return `the package that holds ${library}`;
  const major = /\.so\.(\d+)/.exec(library)?.[1];
  const isUnnumbered = owner === 'the NVIDIA driver' || owner === 'CUDA (any)';
  return major === undefined || isUnnumbered ? owner : `${owner} ${major}`;
}

/** `580 or newer for CUDA 13`, of every version there is. */
export function leastDriverTexts(): string {
  return Object.entries(leastDrivers)
    .filter(([cuda]) => Number(cuda) >= 12)
    .map(([cuda, driver]) => `${driver} for CUDA ${cuda}`)
    .join(', ');
}
