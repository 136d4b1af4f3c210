import { ChannelCredentials, Client, Metadata } from '@grpc/grpc-js';
import type { ServiceError } from '@grpc/grpc-js';

/** Who calls; nobody without. */
export interface Caller {
  readonly username: string;
  readonly password: string;
}

export const ADMIN: Caller = { username: 'admin', password: 'changeit' };

/** A message of the client's own generated code: what is sent and read is not ours. */
export interface Message {
  serializeBinary(): Uint8Array;
}
export interface MessageType<T> {
  deserializeBinary(bytes: Uint8Array): T;
}

/** Unary calls past the client, for services that it has no methods for. */
export class RawCalls {
  private readonly channel: Client;

  /** @param authority a server's certificate, PEM; undefined for plain text */
  constructor(connectionString: string, authority?: string) {
    const address = new URL(connectionString).host;
    const credentials =
      authority === undefined
        ? ChannelCredentials.createInsecure()
        : ChannelCredentials.createSsl(Buffer.from(authority));
    this.channel = new Client(address, credentials);
  }

  /** Resolves with the answer; rejects with a ServiceError. */
  unary<T>(path: string, request: Message, answer: MessageType<T>, caller?: Caller): Promise<T> {
    const metadata = new Metadata();
    if (caller) {
      const words = Buffer.from(`${caller.username}:${caller.password}`).toString('base64');
      metadata.add('authorization', `Basic ${words}`);
    }
    return new Promise((resolve, reject) => {
      this.channel.makeUnaryRequest(
        path,
        (message: Message) => Buffer.from(message.serializeBinary()),
        (bytes: Buffer) => answer.deserializeBinary(bytes),
        request,
        metadata,
        { deadline: Date.now() + 10_000 },
        (error: ServiceError | null, value?: T) => (error ? reject(error) : resolve(value as T)),
      );
    });
  }

  close(): void {
    this.channel.close();
  }
}
