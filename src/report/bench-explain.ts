import type { BenchResult } from '../bench/bench-result.ts';
import { writesText } from './bench-language-columns.ts';
import type { Fact } from './fact.ts';

/** What the figures of written text mean, in the words of the field; empty for results without them. */
export function explainText({ points }: BenchResult): readonly Fact[] {
  return writesText(points) ? definitions : [];
}

/**
 * As vLLM measures them (benchmarks/benchmark_serving.py: ttft, tpot, itl) and MLPerf Inference calls them (TTFT, TPOT of
 * the Llama 2 70B benchmark).
 */
const definitions: readonly Fact[] = [
  {
    label: 'Request',
    text: 'a batch of prompts of one length that is answered together; its times are those of each of its sequences',
  },
  {
    label: 'TTFT',
    text: 'time to first token: from the start of a request until its first token is chosen; reading the prompt is in it. Median over requests',
  },
  {
    label: 'TPOT',
    text: 'time per output token: (time of the request − TTFT) / (tokens − 1), so that the first token is not counted twice. Median over requests',
  },
  {
    label: 'ITL',
    text: 'inter-token latency: each time from one token to the next, of all requests together; p50 and p99. Its mean over a request is TPOT; some tools call TPOT by this name',
  },
  {
    label: 'Request time',
    text: 'TTFT + TPOT · (tokens − 1): "p50" of the table is its median. Turning text into tokens and back is not in it',
  },
  { label: 'Prefill', text: 'tokens of prompts / TTFT, of the whole batch and all instances together' },
  {
    label: 'Decode',
    text: 'tokens after the first / time after the first, of the whole batch and all instances together; "a user" is one sequence: 1 / TPOT',
  },
  {
    label: 'Output',
    text: 'all tokens written / all time, with the time of reading prompts: what vLLM calls output token throughput (outputTokensPerSecond in JSON)',
  },
  {
    label: 'Tokens',
    text: 'the likeliest is taken (greedy), and as many as asked for unless --stop-ids ends a text: what ends a sequence counts, what the batch computes for it after that does not',
  },
  {
    label: 'Cache',
    text: 'keys and values of a request at its end: bytes a token · (prompt + tokens − 1) · batch, since the last token is not read any more',
  },
  {
    label: 'Outside',
    text: 'share of the request outside the calls of the runtime: choosing tokens and making inputs. The cache goes back in as it came out; that onnxruntime-node copies outputs into JavaScript is inside the calls, and told apart by how long copying as much takes at least',
  },
  {
    label: '±',
    text: 'half of the 95 % interval: Student’s t on the logarithms of one figure a block, each block being fresh processes',
  },
];
