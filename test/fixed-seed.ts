import fc from 'fast-check';

/**
 * Properties draw the same cases in every run, so that a failure means a change. FC_SEED=random (or a number) draws
 * others: `npm run fuzz` and a developer's own runs look further.
 */
const asked = process.env['FC_SEED'];
if (asked !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(asked ?? 1) });
