import { describe, expect, it } from 'vitest';
import { parsePreprocess } from '../../src/data/parse-preprocess.ts';
import { findingOf } from './finding-of.ts';

describe('parsePreprocess', () => {
  it('reads what torchvision users write', () => {
    expect(parsePreprocess('resize=256,crop=224,mean=0.485:0.456:0.406,std=0.229:0.224:0.225')).toEqual({
      resize: 256,
      crop: 224,
      mean: [0.485, 0.456, 0.406],
      std: [0.229, 0.224, 0.225],
    });
  });

  it('reads every other key, fractions and sizes of two sides', () => {
    const text = ' resize=224x320, resize-mode=pad ,fill=114,layout=NHWC,color=bgr,scale=1/127.5,mean=1';
    expect(parsePreprocess(text)).toEqual({
      resize: [224, 320],
      resizeMode: 'pad',
      fill: 114,
      layout: 'nhwc',
      color: 'bgr',
      scale: 1 / 127.5,
      mean: [1],
    });
  });

  it.for([
    ['', '--preprocess'],
    ['resize', '--preprocess'],
    ['resize=', '--preprocess'],
    ['resize=0', '--preprocess resize'],
    ['resize=1.5', '--preprocess resize'],
    ['resize=1x2x3', '--preprocess resize'],
    ['crop=100000', '--preprocess crop'],
    ['crop=8,crop=9', '--preprocess crop'],
    ['fill=256', '--preprocess fill'],
    ['scale=0', '--preprocess scale'],
    ['scale=1/0', '--preprocess scale'],
    ['scale=1/2/3', '--preprocess scale'],
    ['mean=1:2', '--preprocess mean'],
    ['mean=a', '--preprocess mean'],
    ['std=0', '--preprocess std'],
    ['std=-1:1:1', '--preprocess std'],
  ])('refuses %s', ([text = '', flag]) => {
    expect(findingOf(() => parsePreprocess(text))).toMatchObject({ code: 'bad-value', details: { flag } });
  });

  it('knows the names of its keys and of their values', () => {
    expect(findingOf(() => parsePreprocess('resiz=3'))).toMatchObject({
      code: 'unknown-name',
      details: { value: 'resiz' },
    });
    expect(findingOf(() => parsePreprocess('layout=hwc'))).toMatchObject({
      code: 'unknown-name',
      details: { what: '--preprocess layout', known: ['nchw', 'nhwc'] },
    });
  });
});
