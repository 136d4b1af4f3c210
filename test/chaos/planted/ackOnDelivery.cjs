// Loaded before Comanda into a process of the consumers: whatever is delivered counts as done before it is done, as with a
// consumer that acknowledges first and works afterwards.
const { dirname, join } = require('node:path');
// not among what the package exports
const { Channel } = require(join(dirname(require.resolve('amqplib')), 'lib/channel_model.js'));

const { consume } = Channel.prototype;
Channel.prototype.consume = function (queue, callback, options) {
  return consume.call(this, queue, callback, { ...options, noAck: true });
};
Channel.prototype.ack = () => undefined;
Channel.prototype.nack = () => undefined;
