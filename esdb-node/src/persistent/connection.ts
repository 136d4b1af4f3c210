import type { PersistentReadReq, ReadOptions } from '../protocol/persistent.js';
import { persistentReadReq, subscribed } from '../protocol/persistent.js';
import type { UuidMessage } from '../protocol/shared.js';
import { uuidOf } from '../protocol/uuid.js';
import type { Access } from '../services/access.js';
import { handlerFault } from '../streams/errors.js';
import { checkRead } from '../streams/permissions.js';
import type { ServerCall } from '../transport/call.js';
import { duplex } from '../transport/handlers.js';
import type { Handler, Incoming } from '../transport/registry.js';
import type { Consumer } from './consumer.js';
import type { Group } from './group.js';
import { sourceOf } from './requests.js';
import type { PersistentSubscriptions } from './subsystem.js';

/** Ids that are none name no message. */
const idsOf = (ids: readonly UuidMessage[]): string[] => ids.flatMap((id) => uuidOf(id) ?? []);

/** Read: a consumer connects, gets messages and answers them. */
export const readHandler = (
  subscriptions: PersistentSubscriptions,
  access: Access,
  userNameOf: (call: ServerCall) => string,
): Handler => duplex((call) => new Connection(subscriptions, access, call, userNameOf(call)));

class Connection implements Incoming {
  private group: Group | undefined;
  private consumer: Consumer | undefined;

  constructor(
    private readonly subscriptions: PersistentSubscriptions,
    private readonly access: Access,
    private readonly call: ServerCall,
    private readonly userName: string,
  ) {
    call.keepTime();
  }

  message(bytes: Buffer): void {
    const request = persistentReadReq.decode(bytes);
    if (!this.group) this.connect(request);
    else if (request.ack) this.group.ack(idsOf(request.ack.ids));
    else if (request.nack) this.group.nack(idsOf(request.nack.ids), request.nack.action, request.nack.reason);
  }

  end(): void {
    this.call.end();
    this.leave();
  }

  private connect({ content, options }: PersistentReadReq): void {
    if (content !== 'options' || !options) throw handlerFault();
    const source = sourceOf(options);
    checkOptions(options);
    checkRead(this.access, this.call.user, source);
    const group = this.subscriptions.find(source, options.groupName);
    const { bufferSize } = options;
    const structuredIds = options.uuidOption?.content !== 'string';
    this.consumer = group.connect(this.call, { bufferSize, structuredIds, userName: this.userName });
    this.group = group;
    this.call.signal.addEventListener('abort', () => this.leave(), { once: true });
    this.call.send(subscribed(group.id));
    group.welcome(this.consumer);
  }

  private leave(): void {
    if (this.consumer) this.group?.leave(this.consumer);
  }
}

const checkOptions = ({ groupName, bufferSize, uuidOption }: ReadOptions): void => {
  if (groupName === '' || bufferSize < 0 || !uuidOption) throw handlerFault();
};
