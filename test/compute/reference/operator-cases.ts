import { convolutionCases } from './cases/convolution-cases.ts';
import { elementwiseCases } from './cases/elementwise-cases.ts';
import { indexingCases } from './cases/indexing-cases.ts';
import { movementCases } from './cases/movement-cases.ts';
import { normalizationCases } from './cases/normalization-cases.ts';
import { poolingCases } from './cases/pooling-cases.ts';
import { productCases } from './cases/product-cases.ts';
import { reductionCases } from './cases/reduction-cases.ts';
import type { OperatorCases } from './operator-case.ts';

/** Every operator of the reference that a gradient goes back through, in random forms. */
export const operatorCases: readonly OperatorCases[] = [
  ...elementwiseCases,
  ...productCases,
  ...convolutionCases,
  ...poolingCases,
  ...normalizationCases,
  ...reductionCases,
  ...movementCases,
  ...indexingCases,
];
