/** A file's text; null when it is absent or unreadable. */
export type ReadText = (path: string) => string | null;

/** Runs a program and gives its standard output; null when it is absent, fails or takes too long. Never rejects. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | null>;

/** All that the hardware readers see of the machine, so that any machine can be played from text. */
export interface HardwareSource {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Kernel release. */
  readonly release: string;
  /** Processor name by Node, for systems without `/proc`; null when it has none. */
  readonly cpuModel: string | null;
  readonly logicalCores: number;
  /** Node's `os.availableParallelism()`: aware of affinity, of quotas only in newer versions. */
  readonly availableParallelism: number;
  readonly totalMemoryBytes: number;
  /** Node's `os.freemem()`: memory that is available on Windows, merely unused elsewhere. */
  readonly freeMemoryBytes: number;
  /** Mean runnable tasks over 1 minute; null where the system keeps none (Windows). */
  readonly loadAverage: number | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readText: ReadText;
  readonly run: RunProgram;
  /** Monotonic clock, ms. */
  nowMs(): number;
}
