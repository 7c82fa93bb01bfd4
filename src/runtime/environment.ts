/** The machine and software a result was measured with. What is unknown is null, never invented. */
export interface Environment {
  readonly os: {
    readonly platform: string;
    readonly release: string;
    readonly arch: string;
    readonly distribution: string | null;
  };
  readonly cpu: {
    readonly model: string;
    readonly logicalCores: number;
    readonly physicalCores: number | null;
    /** Cores this process may really use: affinity and container quota applied. */
    readonly usableCores: number;
    readonly affinityCores: number | null;
    /** Container quota in cores (cgroup v1 or v2). */
    readonly quotaCores: number | null;
    readonly instructionSets: readonly string[];
    readonly frequencyMhz: number | null;
    readonly governor: string | null;
  };
  readonly memory: {
    readonly totalBytes: number;
    readonly availableBytes: number | null;
    readonly limitBytes: number | null;
  };
  readonly container: string | null;
  readonly node: string;
  readonly onnxruntime: string;
  readonly providers: readonly string[];
  readonly gpus: readonly GpuInfo[];
  /** Hash over what makes timings comparable: two results with the same one may be compared. */
  readonly fingerprint: string;
}

export interface GpuInfo {
  readonly name: string;
  readonly driver: string | null;
  readonly memoryBytes: number | null;
  readonly api: string;
  /** What code a GPU of CUDA runs, such as 8.6. */
  readonly computeCapability?: string | null | undefined;
  /** The newest CUDA that its driver can run. */
  readonly driverCuda?: string | null | undefined;
  readonly powerLimitW?: number | null | undefined;
  /** Divided into instances. */
  readonly isMig?: boolean | undefined;
}
