import type { SessionOptions } from '../runtime.ts';
import type { BrowserProviderName } from '../provider.ts';
import type { PageModel } from './page-protocol.ts';

/** Files with a model's large tensors, by the names that the model has for them. Throws nothing: unread, it has none. */
export type ExternalFilesOf = (
  modelPath: string,
) => Promise<readonly { readonly location: string; readonly path: string }[]>;

export interface OfferedModel extends Pick<SessionOptions, 'threads' | 'optimization' | 'strictProvider'> {
  readonly path: string;
  readonly provider: BrowserProviderName;
  readonly externalFilesOf: ExternalFilesOf;
  readonly config?: Readonly<Record<string, string>>;
}

/** Puts a model and its data files where a page can read them. */
export async function pageModel(page: { offer(path: string): string }, model: OfferedModel): Promise<PageModel> {
  const { path, provider, threads, optimization, strictProvider, config = {} } = model;
  const files = await model.externalFilesOf(path);
  return {
    url: page.offer(path),
    external: files.map((file) => ({ location: file.location, url: page.offer(file.path) })),
    provider,
    threads,
    optimization,
    strictProvider,
    config,
  };
}
