import type { Fact } from './fact.ts';
import type { MadeBy } from './made-metadata.ts';
import { listTextOf, textOf } from './made-metadata.ts';

/** What `infer quantize` leaves in what it writes. */
export const madeByQuantize: MadeBy = {
  key: 'infer.quantize',
  title: 'Quantized by infer',
  ownFacts,
};

function ownFacts(options: unknown): readonly Fact[] {
  const scheme = textOf(options, 'scheme');
  if (scheme === '') return [];
  return [
    { label: 'Scheme', text: scheme },
    { label: 'Method', text: scheme === 'int8' ? textOf(options, 'method') : '' },
    { label: 'Target', text: textOf(options, 'target') },
    { label: 'Calibration', text: scheme === 'int8' ? textOf(options, 'calibration') : '' },
    { label: 'Excluded', text: listTextOf(options, 'exclude') },
  ];
}
