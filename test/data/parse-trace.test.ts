import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/errors.ts';
import { parseTrace } from '../../src/data/parse-trace.ts';
import { describeError } from '../../src/report/messages/message.ts';

const times = (text: string): number[] => [...parseTrace(text, 'trace.csv')];

/** The sentence that a user reads. */
function problemOf(text: string): string {
  try {
    parseTrace(text, 'trace.csv');
  } catch (error) {
    if (error instanceof DataError) return describeError(error);
    throw error;
  }
  throw new Error('the trace was taken');
}

describe('parseTrace', () => {
  it.each([
    [
      'a code assistant, in seconds',
      't_s,context_tokens,generated_tokens\n0.000,4808,10\n0.052,3180,8\n0.098,110,27\n',
      [0, 52, 98],
    ],
    ['a conversation, in milliseconds', 't_ms,in,out\n0,6758,500\n0,7322,490\n3000,2290,316\n', [0, 0, 3000]],
    ['no header: seconds in the first column', '1.5\n2\n4\n', [0, 500, 2500]],
    ['the column by its name, and not the first', 'id;response_time;Arrival Time (ms)\n1;a;10\n2;b;12\n', [0, 2]],
    [
      'tabs, quotes, spaces, Windows lines and a mark of byte order',
      '\uFEFF"time"\t"text"\r\n" 1 "\t"a, ""b"""\r\n2\tc\r\n',
      [0, 1000],
    ],
    ['microseconds', 'timestamp_us\n1000\n3500', [0, 2.5]],
    ['seconds since 1970', 'timestamp\n1700000000.5\n1700000001', [0, 500]],
    ['milliseconds since 1970, which nobody takes for seconds', 'timestamp\n1700000000500\n1700000001000', [0, 500]],
    [
      'dates with seven digits, over an hour that some zones skip',
      'TIMESTAMP,ContextTokens\n2023-03-26 01:59:59.9799600,1\n2023-03-26 02:00:00.0800100,2\n2023-03-26T03:00:00Z,3\n',
      [0, 100.05, 3_600_020.04],
    ],
    ['dates without a header', '2023-11-16T18:17:03+01:00,a\n2023-11-16T18:17:04.25+0100,b', [0, 1250]],
  ])('reads %s', (_, text, expected) => {
    expect(times(text)).toEqual(expected.map((time) => expect.closeTo(time, 3)));
  });

  it.each([
    ['a gap', 't_s\n0\n1\n\n2\n', /^trace\.csv, line 4: .*time of arrival is missing; correct or remove that row$/],
    ['an empty cell', 't_s,in\n0,5\n,6\n', /, line 3: .*missing/],
    ['a row that is too short', 'in,t_s\n5,0\n6\n', /, line 3: .*missing/],
    ['no order', 't_s\n0\n2\n1.5\n', /, line 4: .*before the one above it; sort the rows by time$/],
    ['a negative time', 't_s\n-1\n2\n', /, line 2: .*the time -1 is negative; correct or remove that row$/],
    ['words', 't_s\n0\nsoon\n', /, line 3: .*'soon' is neither a number nor a date/],
    ['infinity', 't_s\n0\nInfinity\n', /, line 3: .*'Infinity'/],
    ['a date that there is not', 'time\n2023-11-16 18:17:03\n2023-13-16 18:17:03\n', /, line 3: .*2023-13-16/],
    [
      'no known column',
      'foo,bar\n1,2\n',
      /, line 1: .*no column is known to hold times \(found foo, bar\); name it t_s or t_ms$/,
    ],
    ['nothing', '\n \n', /^trace\.csv: .*no times in it; write one request a row$/],
    ['a header alone', 't_s\n', /^trace\.csv: .*no times in it; write one request a row$/],
    ['one request', 't_s\n5\n', /^trace\.csv: .*one request tells no rate; give a longer one$/],
    ['one moment', 't_s\n5\n5\n', /^trace\.csv: .*same moment, which tells no rate; give a longer one$/],
  ])('turns down %s', (_, text, sentence) => {
    expect(problemOf(text)).toMatch(sentence);
  });

  it('does not slow down over long lines and files', () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => `${i},"${'"",'.repeat(20)}"`);
    expect(times(`t_ms,text\n${rows.join('\n')}`)).toHaveLength(50_000);
    expect(problemOf(`t_s\n${'"'.repeat(200_000)}\n1`)).toMatch(/line 2/);
  });
});
