// The reference of `cox bench functions`: the same handler behind nothing but Node.js's own HTTP server.
import { createServer } from 'node:http';
import { handler } from './hello-function.mjs';

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const { payload } = JSON.parse(Buffer.concat(parts).toString());
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ success: true, data: { result: handler(payload) } }));
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
