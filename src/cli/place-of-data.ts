import { Option } from 'commander';
import type { Command } from 'commander';

/** Flags of a command that writes a model and says where its tensors go. */
export interface DataPlaceFlags {
  readonly externalData?: boolean;
  readonly inlineData?: boolean;
}

/** Adds the flags of {@link DataPlaceFlags}. */
export function addDataPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--external-data', 'write tensors to one .data file beside the model').conflicts('inlineData'),
    )
    .option('--inline-data', 'write everything into the one file');
}

/**
 * Where the tensors go. Commander sees to it that not both flags are given; one of them wins over the other in the
 * config. `isGiven` says whether an option was on the command line itself.
 */
export function placeOfData(
  { externalData, inlineData }: DataPlaceFlags,
  isGiven: (option: string) => boolean,
): 'auto' | 'external' | 'inline' {
  if (inlineData === true && (externalData !== true || isGiven('inlineData'))) return 'inline';
  return externalData === true ? 'external' : 'auto';
}
