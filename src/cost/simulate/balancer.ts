import { createRandom } from '../../stats/seeded-random.ts';
import type { Balancing } from '../vocabulary.ts';
import { OutstandingOrder } from './outstanding-order.ts';

/** Chooses a replica for each request in turn; is told of what comes to replicas and leaves them. */
export interface Balancer {
  choose(): number;
  added(replica: number): void;
  removed(replica: number, requests: number): void;
}

const ignore = (): void => {};

/** Round robin and random choices, which look at no queue. */
export function blindChoice(balancing: 'round-robin' | 'random', replicas: number, seed: number): () => number {
  if (balancing === 'random') {
    const random = createRandom(seed, 'routing');
    return () => random.integer(replicas);
  }
  let next = -1;
  return () => {
    next = next + 1 === replicas ? 0 : next + 1;
    return next;
  };
}

/**
 * @param seed of the routing's own stream, so that another way of balancing meets the same requests
 */
export function createBalancer(balancing: Balancing, replicas: number, seed: number): Balancer {
  if (balancing === 'round-robin' || balancing === 'random') {
    return { choose: blindChoice(balancing, replicas, seed), added: ignore, removed: ignore };
  }
  return balancing === 'two-choices' && replicas > 1 ? twoChoices(replicas, seed) : leastOutstanding(replicas, seed);
}

/** The fewest outstanding requests; among equals any. */
function leastOutstanding(replicas: number, seed: number): Balancer {
  const random = createRandom(seed, 'routing');
  const order = new OutstandingOrder(replicas);
  return {
    choose: () => order.at(random.integer(order.leastLoaded)),
    added: (replica) => order.add(replica),
    removed: (replica, requests) => order.remove(replica, requests),
  };
}

/** Of two different replicas the one with fewer outstanding requests (Mitzenmacher, 2001). */
function twoChoices(replicas: number, seed: number): Balancer {
  const random = createRandom(seed, 'routing');
  const counts = new Int32Array(replicas);
  return {
    choose: () => {
      const first = random.integer(replicas);
      const other = random.integer(replicas - 1);
      const second = other >= first ? other + 1 : other;
      return (counts[second] ?? 0) < (counts[first] ?? 0) ? second : first;
    },
    added: (replica) => {
      counts[replica] = (counts[replica] ?? 0) + 1;
    },
    removed: (replica, requests) => {
      counts[replica] = (counts[replica] ?? 0) - requests;
    },
  };
}
