// The ceiling: a bare grpc-js server that sends back what it gets. Prints its port.
import grpc from '@grpc/grpc-js';

const same = (bytes) => bytes;
const method = {
  path: '/bench.Echo/Echo',
  requestStream: false,
  responseStream: false,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
};
const server = new grpc.Server();
server.addService({ echo: method }, { echo: (call, answer) => answer(null, call.request) });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
