import { resolve } from 'node:path';
import { envelopeOf } from '../commands/envelope.ts';
import { prices } from '../commands/prices.ts';
import { checkWritable } from '../commands/write-atomically.ts';
import { formatsOf } from '../report/reporters.ts';
import { usualView } from '../report/view.ts';
import type { BuildCommand } from './command-context.ts';
import { readConfig } from './config-file.ts';
import { addPricesOptions } from './prices-options.ts';
import type { PricesFlags } from './prices-options.ts';
import { readPricesRequest } from './read-prices-request.ts';
import { outputChoice, showResult } from './show-result.ts';
import { parseCount } from './value-syntax.ts';
import { version } from './version.ts';

/** `infer cost prices [PART]` */
export const buildPricesCommand: BuildCommand = (command, { io, words }) => {
  addPricesOptions(command, formatsOf('prices')).action(async (part: string | undefined) => {
    const flags = command.opts<PricesFlags>();
    const configured = (await readConfig(flags.config, io.cwd)).cost?.prices ?? [];
    // Rows of the command line come last, and so win.
    const pricePaths = [...[configured].flat(), ...(flags.prices ?? [])];
    const request = readPricesRequest(part, { ...flags, prices: pricePaths });
    const top = flags.top === undefined ? Infinity : parseCount({ flag: '--top', text: flags.top });
    const output = {
      ...outputChoice(command, 'prices'),
      view: { ...usualView, top },
      fileView: { ...usualView, top: Infinity },
    };
    if (output.file !== null)
      checkWritable(
        output.file.path,
        pricePaths.map((path) => resolve(io.cwd, path)),
      );
    const result = await prices(request, {
      runtime: await io.openRuntime(),
      envelope: envelopeOf({ version: version(), argv: ['infer', ...words], now: io.now() }),
      cwd: io.cwd,
      now: io.now(),
    });
    await showResult(result, output, io);
  });
};
