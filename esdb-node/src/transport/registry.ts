import type { ServerCall } from './call.js';

/** Takes the messages of one call as they arrive. */
export interface Incoming {
  /** May throw (or reject) a GrpcError: it ends the call. */
  message(bytes: Buffer): void;
  /** The caller sends no more. */
  end(): void;
}

/** A method of a service: gets the call, answers with what takes its messages. */
export type Handler = (call: ServerCall) => Incoming;

/** A real server finds a method in whatever case it is asked for. */
const keyOf = (path: string): string => path.toLowerCase();

/** The methods of every service, by path. Services of any origin are added before (or while) the node listens. */
export class Registry {
  private readonly handlers = new Map<string, Handler>();

  /** @param service full name, such as `event_store.client.streams.Streams`; @param methods handlers by method name */
  add(service: string, methods: Readonly<Record<string, Handler>>): void {
    for (const [name, handler] of Object.entries(methods)) this.handlers.set(keyOf(`/${service}/${name}`), handler);
  }

  find(path: string): Handler | undefined {
    return this.handlers.get(keyOf(path));
  }

  /** Whether there is a method, named by the last word of its service and its own, such as `Gossip/Read`. */
  has(method: string): boolean {
    const end = keyOf(`.${method}`);
    for (const known of this.handlers.keys()) if (known.endsWith(end)) return true;
    return false;
  }

  /** Whether any method of the service that the path names is there: it decides between UNIMPLEMENTED and a 404. */
  hasServiceOf(path: string): boolean {
    const prefix = keyOf(path.slice(0, path.lastIndexOf('/') + 1));
    if (prefix.length < 2) return false;
    for (const known of this.handlers.keys()) if (known.startsWith(prefix)) return true;
    return false;
  }
}
