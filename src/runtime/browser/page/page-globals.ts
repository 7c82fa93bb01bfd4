/** The parts of WebGPU that are asked for here. */
export interface GpuAdapter {
  readonly features: Iterable<string>;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly info: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
    readonly isFallbackAdapter?: boolean;
  };
}

export interface GpuDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
}

export interface Gpu {
  requestAdapter(): Promise<GpuAdapter | null>;
}

interface PageGlobals {
  readonly location: { readonly href: string };
  readonly crossOriginIsolated: boolean;
  readonly navigator: { readonly gpu?: Gpu };
  /** With `--expose-gc`. */
  readonly gc?: () => void;
}

/** What a page's global object has that Node's has not: this folder runs in a browser alone. */
export const pageGlobals = globalThis as unknown as PageGlobals;
