import { attributeOf } from '../../onnx/attribute.ts';
import { numberOfDataType } from '../../onnx/file/data-type-number.ts';
import type { Value } from '../../onnx/value.ts';
import type { ClampLog } from './clamp-log.ts';
import { heldTensor } from './constant-precision.ts';
import { constantBeside } from './convert-values.ts';
import type { PlannedModel } from './planned-model.ts';
import type { Precision } from './precision-plan.ts';

/** Values in the precision they are not made in: constants once more, the others by Casts, one for all readers. */
export class OtherPrecision {
  readonly #planned: PlannedModel;
  readonly #log: ClampLog;
  readonly #others = new Map<Value, Value>();
  #casts = 0;

  constructor(planned: PlannedModel, log: ClampLog) {
    this.#planned = planned;
    this.#log = log;
  }

  /** Casts made so far. */
  get casts(): number {
    return this.#casts;
  }

  /** The value for a node: also what a Cast was made of, where that is float16 itself. */
  read(value: Value): Value {
    const source = value.producer?.is('Cast') === true ? value.producer.input(0) : null;
    const isMadeOfFloat16 = this.#planned.made.get(value) === 'float32' && source !== null;
    if (isMadeOfFloat16 && this.#planned.typeOf(source) === 'float16') return source;
    return this.of(value);
  }

  /** A value of its own. */
  of(value: Value): Value {
    const known = this.#others.get(value);
    if (known !== undefined) return known;
    const to = this.#planned.made.get(value) === 'float16' ? 'float32' : 'float16';
    const other = (to === 'float16' ? this.#constant(value) : null) ?? this.#cast(value, to);
    this.#others.set(value, other);
    return other;
  }

  #constant(value: Value): Value | null {
    const name = `${value.name}_float16`;
    if (this.#planned.constants.has(value) && value.tensor?.kind === 'dense') {
      return value.graph.addInitializer(name, this.#log.convert(value.name, value.tensor));
    }
    const held = value.producer?.is('Constant') === true ? heldTensor(value.producer) : null;
    if (value.producer === null || held === null) return null;
    return constantBeside(value.producer, this.#log.convert(value.name, held), name);
  }

  #cast(value: Value, to: Precision): Value {
    this.#casts++;
    const { graph, producer, name } = value;
    const cast = graph.insertBefore(producer === null ? graph.firstNode : producer.links.next, {
      op: 'Cast',
      name: graph.names.uniqueNode(`${name}_to_${to}`),
      inputs: [value],
      outputs: [`${name}_${to}`],
      attributes: [attributeOf.int('to', numberOfDataType(to))],
    });
    const [made] = cast.outputs;
    if (!made) throw new RangeError('a Cast has an output');
    return made;
  }
}
