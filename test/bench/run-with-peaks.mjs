// Runs programs and watches the memory of all their processes, for `npm run bench:*`.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parsePeakRssBytes } from '../../dist/runtime/peak-rss.js';

const readProc = (path) => {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
};

const childrenOf = (pid) => {
  const own = readProc(`${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return own.flatMap((child) => [child, ...childrenOf(child)]);
};

/**
 * Runs a program to its end; peaks of it and of each of its children in the order of their start, and how many of those
 * there were at once, by looking every few milliseconds.
 */
export function run(program, words) {
  return new Promise((resolve, reject) => {
    const start = performance.now();
    const child = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    const peaks = new Map();
    let atOnce = 0;
    const look = () => {
      const children = childrenOf(child.pid);
      atOnce = Math.max(atOnce, children.length);
      for (const pid of [child.pid, ...children]) {
        const peak = parsePeakRssBytes(readProc(`${pid}/status`));
        if (peak !== null) peaks.set(pid, peak);
      }
    };
    const timer = setInterval(look, 5);
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(timer);
      const seconds = (performance.now() - start) / 1000;
      const peakBytes = peaks.get(child.pid) ?? 0;
      peaks.delete(child.pid);
      resolve({ status: code, stderr: errors, seconds, peakBytes, childBytes: [...peaks.values()], atOnce });
    });
  });
}
