import type { DenseTensor } from '../../onnx/dense-tensor.ts';
import { ChannelSums } from './channel-taps.ts';
import { readExtremes } from './extremes-taps.ts';
import { addCounts } from './histogram-taps.ts';
import type { Histogram, NotFinite, ValueStatistics } from './statistics.ts';
import { binCount } from './statistics.ts';

/** What the newest run counts in a moving average (onnxruntime's calibrate.py, averaging_constant). */
const averagingConstant = 0.01;

/** What is known of one value while the runs go on: extremes first, then counts. */
export class ValueRecord {
  readonly name: string;
  readonly #channels: ChannelSums | null;
  readonly #badRuns = new Set<number>();
  readonly #counts = new Float64Array(binCount);
  #elements = 0;
  #runs = 0;
  #min = Infinity;
  #max = -Infinity;
  #averageMin = 0;
  #averageMax = 0;

  constructor(name: string, channelAxis: number | null) {
    this.name = name;
    this.#channels = channelAxis === null ? null : new ChannelSums(channelAxis);
  }

  /** Whether a run gave it finite elements. */
  get isSeen(): boolean {
    return this.#runs > 0;
  }

  /** What histograms are counted over. */
  get range(): Pick<Histogram, 'low' | 'high'> {
    return { low: Math.min(this.#min, 0), high: Math.max(this.#max, 0) };
  }

  get notFinite(): NotFinite | null {
    const [run] = this.#badRuns;
    return run === undefined ? null : { name: this.name, run, runs: this.#badRuns.size };
  }

  /** @param channels what the tap on its channels made, if there is one */
  addExtremes(run: number, measured: DenseTensor, channels: DenseTensor | undefined): void {
    const { min, max, isFinite, elements } = readExtremes(measured);
    if (elements === 0) return;
    if (!isFinite) {
      this.#badRuns.add(run);
      return;
    }
    const weight = this.#runs === 0 ? 1 : averagingConstant;
    this.#averageMin += weight * (min - this.#averageMin);
    this.#averageMax += weight * (max - this.#averageMax);
    this.#min = Math.min(this.#min, min);
    this.#max = Math.max(this.#max, max);
    this.#runs++;
    if (channels !== undefined) this.#channels?.add(channels, elements);
  }

  addCounts(run: number, measured: DenseTensor): void {
    if (!this.#badRuns.has(run)) this.#elements += addCounts(measured, this.#counts);
  }

  finish(): ValueStatistics {
    return {
      elements: this.#elements,
      runs: this.#runs,
      min: this.#min,
      max: this.#max,
      averageMin: this.#averageMin,
      averageMax: this.#averageMax,
      histogram: { ...this.range, counts: this.#counts },
      channels: this.#channels?.finish() ?? null,
    };
  }
}
