/** What a page said of the WebGPU adapter that it got. Texts are empty where the browser does not tell. */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** In software, or otherwise much slower than the machine could be. */
  readonly isFallback: boolean;
  /** Optional features by their WebGPU names, such as `shader-f16`. */
  readonly features: readonly string[];
  /** Limits that decide which models run, by their WebGPU names; bytes and counts. */
  readonly limits: Readonly<Record<string, number>>;
}

/** Where a model ran that ran in a browser. */
export interface BrowserFacts {
  /** The program's name and version, such as `chromium 156.0.8078.108`. */
  readonly browser: string;
  /** Version of onnxruntime-web. */
  readonly onnxruntimeWeb: string;
  /** Cross-origin isolated: a clock of 5 µs instead of 100 µs, and threads for WebAssembly. */
  readonly isIsolated: boolean;
  /** Null on providers without one, and where there is none. */
  readonly adapter: AdapterFacts | null;
}
