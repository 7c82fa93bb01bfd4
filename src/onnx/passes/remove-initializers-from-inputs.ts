import type { PurePass } from '../pass.ts';

/** The first IR version in which an initializer need not be a graph input. */
const irVersionOfConstants = 4;

/**
 * Takes initializers off the main graph's list of inputs, so that they become constants: exporters before IR version 4
 * had to list every weight there, and a weight that a caller may override can be neither folded nor fused. Raises the
 * IR version to 4 where it is older, also where no initializer is listed: other passes then may add constants.
 *
 * Changes what callers see, and is the only clean-up that does. Left alone: inputs without a default and the inputs of
 * subgraphs, which a Loop feeds by position.
 */
export const removeInitializersFromInputs: PurePass = {
  name: 'remove-initializers-from-inputs',
  apply(model) {
    const listed = model.graph.inputs.filter((value) => value.isInitializer);
    const isOld = model.irVersion < irVersionOfConstants;
    if (listed.length === 0 && !isOld) return false;
    // Last first: that is where they are, and where taking one off a list is cheapest.
    for (const value of listed.toReversed()) {
      model.graph.removeInput(value);
      // The tensor's own type is the exact one; the declared one may be wider.
      value.setType(null);
    }
    if (isOld) model.setIrVersion(irVersionOfConstants);
    return true;
  },
};
