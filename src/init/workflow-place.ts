/** Where a workflow runs, and what tells it from those of other folders of the repository. */
export interface WorkflowPlace {
  /** Folder of the config, from the repository's root, with `/`; empty for the root itself. */
  readonly folder: string;
  /** Name of the config file. */
  readonly config: string;
}

/** `infer`, or `infer-packages-vision`: of letters, digits and dashes, whatever the folder is called. */
export function workflowSlug({ folder }: WorkflowPlace): string {
  if (folder === '') return 'infer';
  const words = folder.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const isWhole = words.join('/') === folder;
  // Ending so, it would be the name of another's comment.
  const tail = isWhole && words.at(-1) !== 'comment' ? [] : [checksum(folder)];
  return ['infer', ...words, ...tail].join('-');
}

/** Names that differ by what was dropped stay apart. FNV-1a, 32 bits. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}

/** Paths of the workflows, from the repository's root. */
export function workflowPaths(place: WorkflowPlace): { readonly gate: string; readonly comment: string } {
  const slug = workflowSlug(place);
  return { gate: `.github/workflows/${slug}.yml`, comment: `.github/workflows/${slug}-comment.yml` };
}

/** Hidden first line of the comment, by which it is found again. */
export function commentMarker(place: WorkflowPlace): string {
  return `<!-- ${workflowSlug(place)}-gate -->`;
}

/** A text that GitHub does not take for an expression, wherever it stands in a workflow. */
export function withoutExpressions(text: string): string {
  return text.replaceAll('${{', "${{ '${{' }}");
}
