/** Whether nodes that a provider does not know go to the CPU's: onnxruntime-web's `wasm` is the CPU's provider itself. */
export function mayFallBack(ep: string): boolean {
  return ep !== 'cpu' && ep !== 'browser-wasm';
}

/** Providers that run in the page of a browser. */
export function onBrowser(ep: string): boolean {
  return ep.startsWith('browser-');
}
