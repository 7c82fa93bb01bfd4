import { ModelError } from '../../errors.ts';
import type { Names } from '../names.ts';
import type { Origin } from '../origin.ts';
import type { ValueType } from '../value-type.ts';
import type { ExternalFiles } from './external-files.ts';
import type { MessageCursor, WireContext } from './message-cursor.ts';

/** What a TypeProto says. */
export interface TypeRead {
  /** Null where the message says no type. */
  readonly type: ValueType | null;
  /** Whether `type` says everything that the message does; if not, its bytes are worth keeping. */
  readonly isPlain: boolean;
}

/** What everything that reads a part of a model shares. */
export interface ReadContext extends WireContext {
  /** Every name in the model. */
  readonly names: Names;
  /** Types met so far, by their bytes as latin1. */
  readonly types: Map<string, TypeRead>;
  /** Short strings of attributes met so far, by their bytes as latin1. */
  readonly strings: Map<string, Uint8Array>;
  /** Data files beside the model; null for a model in memory, which has no place. */
  readonly externalFiles: ExternalFiles | null;
}

/** An error about sound protobuf that makes no sound model. `where` names the node, tensor or value. */
export function invalid(context: WireContext, where: string, problem: string): ModelError {
  return new ModelError('model-invalid', { path: context.window.source.path, where, problem });
}

/** The message a cursor walks, as what was read from it remembers it. */
export function originOf({ window }: WireContext, { span }: MessageCursor): Origin {
  return { source: window.source, offset: span.offset, length: span.length };
}
