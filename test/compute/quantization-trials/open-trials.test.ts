import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyModel } from '../../../src/compute/copy-model.ts';
import { openTrials } from '../../../src/compute/quantization-trials/open-trials.ts';
import type { SiteSetting, TrialSite } from '../../../src/compute/quantization-trials/trial-site.ts';
import type { NamedTensors } from '../../../src/onnx/dense-tensor.ts';
import { encodeModel } from '../../../src/onnx/file/encode-model.ts';
import { floats, GraphBuilder } from '../../../src/onnx/graph-builder.ts';
import type { Model } from '../../../src/onnx/model.ts';
import { inferTypes } from '../../../src/onnx/shape/infer-types.ts';
import { Tensor } from '../../../src/onnx/tensor.ts';
import { valuesOf } from '../../../src/onnx/traverse.ts';
import { tensorType } from '../../../src/onnx/value-type.ts';
import { createRandom } from '../../../src/stats/seeded-random.ts';
import { randomModel } from '../../onnx/random-model.ts';
import { inProcessRunner } from '../../numerics/in-process-runner.ts';
import { runModel } from '../../numerics/run-model.ts';

const models = {
  runner: inProcessRunner(),
  name: 'the model',
  write: () => Promise.reject(new Error('small models are sent')),
};

/** Bits, for NaN must equal NaN and zero is not negative zero. */
function bitsOf(outputs: NamedTensors) {
  return Object.entries(outputs).map(([name, { type, dims, data }]) => {
    if (!ArrayBuffer.isView(data)) throw new TypeError('strings have no bits');
    return [name, type, dims, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')];
  });
}

/** The same model with the active sites written out, for all readers: QDQ pairs and replaced weights, no switches. */
function written(original: Model, sites: readonly TrialSite[], active: ReadonlyMap<string, SiteSetting>): Model {
  const model = copyModel(original);
  const { graph } = model;
  const g = new GraphBuilder(graph);
  const values = new Map([...valuesOf(graph)].map((value) => [value.name, value]));
  for (const site of sites) {
    const setting = active.get(site.key);
    const value = values.get(site.value);
    if (setting === undefined || value === undefined) continue;
    if (site.kind === 'weight') value.setTensor(site.replacement);
    else {
      const { uses } = value;
      const quantized = setting === true ? [...g.ops('DynamicQuantizeLinear', [value], { outputs: 3 })] : [];
      if (setting !== true && site.kind === 'activation') {
        const data = site.type === 'int8' ? Int8Array.of(setting.zeroPoint) : Uint8Array.of(setting.zeroPoint);
        const scale = g.constant('scale', floats([], [setting.scale]));
        const zeroPoint = g.constant('zero', { type: site.type, dims: [], data });
        quantized.push(g.op('QuantizeLinear', [value, scale, zeroPoint]), scale, zeroPoint);
      }
      const rounded = g.op('DequantizeLinear', quantized);
      for (const { node, index } of uses) node.setInput(index, rounded);
    }
  }
  return model;
}

/** x·W, and the mean of the rows of it, where W is `w`. */
function twoReaders(): Model {
  const g = new GraphBuilder();
  const x = g.input('x', 'float32', [2, 3]);
  const w = g.constant('w', floats([3, 2], [1, -0.37, 0.2, 0.9, -1.3, 0.55]));
  const product = g.op('MatMul', [x, w], { name: 'product', as: 'xw' });
  g.output(g.op('Relu', [product], { name: 'relu' }), 'y', tensorType('float32', [2, 2]));
  g.output(g.op('Neg', [product], { as: 'negative' }), undefined, tensorType('float32', [2, 2]));
  return g.model();
}

const x = { x: floats([2, 3], [0.1, 0.72, -0.33, 1.4, -0.9, 0.05]) };

describe('openTrials', () => {
  it('switches sites in any combination, each as the runtime itself rounds', async () => {
    const replacement = Tensor.fromDense(floats([3, 2], [1, -0.4, 0.2, 1, -1.4, 0.6]));
    const sites: TrialSite[] = [
      { key: 'in', kind: 'activation', value: 'x', type: 'uint8' },
      { key: 'w', kind: 'weight', value: 'w', replacement },
      { key: 'out', kind: 'activation', value: 'xw', type: 'int8' },
      { key: 'dyn', kind: 'dynamic', value: 'xw' },
    ];
    const trials = await openTrials(twoReaders(), sites, models);
    const settings: readonly (readonly [string, SiteSetting])[] = [
      ['in', { scale: 0.013, zeroPoint: 77 }],
      ['w', true],
      ['out', { scale: 0.021, zeroPoint: -5 }],
      ['dyn', true],
    ];
    for (const keys of [[], ['in'], ['w'], ['out'], ['dyn'], ['in', 'w'], ['in', 'w', 'out'], ['w', 'dyn']]) {
      const active = new Map(settings.filter(([key]) => keys.includes(key)));
      const direct = await runModel(encodeModel(written(twoReaders(), sites, active)), x);
      expect(bitsOf(await trials.run(x, active))).toEqual(bitsOf(direct));
    }
    await trials.release();
  });

  it('leaves readers alone that a site does not list, and lets the last of several at one value count', async () => {
    const sites: TrialSite[] = [
      { key: 'coarse', kind: 'activation', value: 'xw', type: 'uint8', users: ['relu'] },
      { key: 'fine', kind: 'activation', value: 'xw', type: 'uint8', users: ['relu', 'negative'] },
    ];
    const trials = await openTrials(twoReaders(), sites, models);
    const off = await trials.run(x, new Map());
    const coarse = new Map([['coarse', { scale: 0.5, zeroPoint: 100 }]]);
    const alone = await trials.run(x, coarse);
    expect(alone['negative']).toEqual(off['negative']);
    expect([...(alone['y']?.data ?? [])].every((y) => Number(y) % 0.5 === 0)).toBe(true);
    const fine = new Map([['fine', { scale: 0.25, zeroPoint: 100 }]]);
    expect(await trials.run(x, new Map([...coarse, ...fine]))).toEqual(await trials.run(x, fine));
    expect(Object.keys(await trials.run(x, fine, ['negative']))).toEqual(['negative']);
    await trials.release();
  });

  it('refuses what does not fit', async () => {
    const replacement = Tensor.fromDense(floats([1], [1]));
    const open = (...sites: TrialSite[]) => openTrials(twoReaders(), sites, models);
    await expect(open({ key: 'a', kind: 'dynamic', value: 'z' })).rejects.toThrow("no value 'z'");
    await expect(open({ key: 'a', kind: 'weight', value: 'x', replacement })).rejects.toThrow("'x' is no constant");
    await expect(open({ key: 'a', kind: 'weight', value: 'w', replacement })).rejects.toThrow('another type or shape');
    const site: TrialSite = { key: 'a', kind: 'activation', value: 'x', type: 'int8' };
    await expect(open(site, { ...site, value: 'xw' })).rejects.toThrow('one key');
    const trials = await open(site, { key: 'b', kind: 'dynamic', value: 'xw' });
    await expect(trials.run(x, new Map([['c', true]]))).rejects.toThrow("no site 'c'");
    await expect(trials.run(x, new Map([['a', true]]))).rejects.toThrow('needs a scale');
    await expect(trials.run(x, new Map([['b', { scale: 1, zeroPoint: 0 }]]))).rejects.toThrow('takes no scale');
    await trials.release();
    const old = twoReaders();
    old.setOpset('', 9);
    await expect(openTrials(old, [], models)).rejects.toThrow('operator set 11');
  });

  it('gives what the written-out model gives, whatever the model and the sites', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { model, feeds } = randomModel(seed, { steps: 15 });
        const random = createRandom(seed, 'sites');
        const sites = randomSites(model, random);
        const active = new Map<string, SiteSetting>();
        for (const site of sites) {
          if (random.integer(2) === 0) continue;
          const zeroPoint = random.integer(100);
          active.set(site.key, site.kind === 'activation' ? { scale: 0.01 + random.next() / 10, zeroPoint } : true);
        }
        const trials = await openTrials(model, sites, models);
        const original = await runModel(encodeModel(model), feeds);
        expect(bitsOf(await trials.run(feeds, new Map()))).toEqual(bitsOf(original));
        const direct = await runModel(encodeModel(written(model, sites, active)), feeds);
        expect(bitsOf(await trials.run(feeds, active))).toEqual(bitsOf(direct));
        await trials.release();
      }),
      { numRuns: 40, seed: 7 },
    );
  });
});

/** A site at about every second float of the main graph. */
function randomSites(model: Model, random: ReturnType<typeof createRandom>): readonly TrialSite[] {
  const types = inferTypes(model);
  const sites: TrialSite[] = [];
  for (const value of new Set(valuesOf(model.graph))) {
    if (types.get(value)?.elementType !== 'float32' || random.integer(2) === 0) continue;
    const site = { key: `site ${sites.length}`, value: value.name };
    if (value.constant === null) {
      const type = random.integer(2) === 0 ? 'int8' : 'uint8';
      sites.push(random.integer(3) === 0 ? { ...site, kind: 'dynamic' } : { ...site, kind: 'activation', type });
    } else {
      const { dims, elementCount } = value.constant;
      const data = Float32Array.from({ length: elementCount }, () => random.next());
      sites.push({ ...site, kind: 'weight', replacement: Tensor.fromDense({ type: 'float32', dims, data }) });
    }
  }
  return sites;
}
