import { UsageError } from '../errors.ts';

/** What Node says of a package that is not there, and sharp of a build for another platform. */
const missingCodes = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND', 'ERR_DLOPEN_FAILED']);

/**
 * Imports a package that not every installation has.
 * @param purpose goes on from "is needed": `for …`
 * @throws UsageError `package-missing`
 */
export async function importPackage<Module>(
  load: () => Promise<Module>,
  details: { readonly package: string; readonly purpose: string },
): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const isMissing = missingCodes.has(code) || (cause instanceof Error && /could not load/i.test(cause.message));
    throw isMissing ? new UsageError('package-missing', details, { cause }) : cause;
  }
}
