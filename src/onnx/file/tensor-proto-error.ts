/** Why the bytes of a TensorProto cannot be used; whoever knows the file's path turns it into an error with it. */
export class TensorProtoError extends Error {
  /** `unsupported`: well-formed, but of a kind not read here. */
  readonly reason: 'malformed' | 'unsupported';
  /** Start of the protobuf field that cannot be read, in bytes; null when the message is sound but its content is not. */
  readonly offset: number | null;

  constructor(reason: TensorProtoError['reason'], problem: string, offset: number | null = null) {
    super(problem);
    this.name = 'TensorProtoError';
    this.reason = reason;
    this.offset = offset;
  }
}
