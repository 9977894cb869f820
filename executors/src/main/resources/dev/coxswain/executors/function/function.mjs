// Loads the code of a version and takes calls for it on a socket, one at a time. A message is a line of JSON.
// A file without a handler is the program itself: when it is loaded, it has run, and the process ends as it would alone.
import { connect } from 'node:net';
import { pathToFileURL } from 'node:url';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { format } from 'node:util';
import Module from 'node:module';

const entry = process.argv[2];
process.argv.splice(1, 2, entry);

// what the code replaces is its own business
const { parse, stringify } = JSON;
const out = { stream: process.stdout, write: process.stdout.write.bind(process.stdout) };
const err = { stream: process.stderr, write: process.stderr.write.bind(process.stderr) };
const exit = process.exit.bind(process);
const now = Date.now;

// a piece of a result; as long as what is read of the channel at once
const PIECE = 16 * 1024;

const root = process.cwd();
const socket = connect('.coxswain/channel');
let handler;
let current = null;

function send(message, then) {
  socket.write(stringify(message) + '\n', then);
}

function marked({ stream, write }, mark) {
  return new Promise((done) => {
    if (stream.destroyed || stream.writableEnded) {
      done(false);
    } else {
      write(`\u001e${mark}\n`, (failure) => done(!failure));
    }
  });
}

// each call has a folder of its own
function enter(call) {
  const folder = `${root}/call-${call.call}`;
  mkdirSync(folder, { mode: 0o700 });
  process.chdir(folder);
  Object.assign(process.env, call.variables, { CODERUNNER_PAYLOAD_FILE: call.payload, HOME: folder });
}

function leave(call) {
  try {
    process.chdir(root);
    rmSync(`${root}/call-${call.call}`, { recursive: true, force: true });
    return true;
  } catch {
    return false; // then no other call is made here
  }
}

async function ends(call) {
  const isEmpty = leave(call);
  const [first, second] = await Promise.all([marked(out, call.mark), marked(err, call.mark)]);
  return isEmpty && first && second;
}

function lineOf(failure) {
  try {
    const text = failure instanceof Error ? `${failure.name}: ${failure.message}` : format('%s', failure);
    return text.split('\n')[0].slice(0, 1000);
  } catch {
    return 'an error that cannot be shown';
  }
}

function show(failure) {
  try {
    const text = failure instanceof Error && typeof failure.stack === 'string' ? failure.stack : lineOf(failure);
    err.write(text.split('\n').filter((line) => !line.includes(import.meta.url)).join('\n') + '\n');
  } catch {
    err.write(lineOf(failure) + '\n');
  }
}

function context(call) {
  const said = (to, level) => (...parts) => to.write(`${level} ${format(...parts)}\n`);
  return {
    ...call.context,
    remainingMillis: () => (call.context.deadline === undefined ? Infinity : call.context.deadline - now()),
    logger: {
      debug: said(out, 'DEBUG'), info: said(out, 'INFO'), warn: said(err, 'WARN'), error: said(err, 'ERROR'),
    },
  };
}

// the first one lies in its file already, as do long ones
function payload(call) {
  if (call.text === undefined) {
    return readFileSync(call.payload, 'utf8');
  }
  writeFileSync(call.payload, call.text);
  return call.text;
}

// a program that asks whether it is the main one, and exports nothing
function asksForMain() {
  if (!/\.c?js$/.test(entry)) {
    return false;
  }
  const source = readFileSync(entry, 'utf8');
  return /require\.main\s*===?\s*module/.test(source) && !/\bexports\b|^\s*export\s/m.test(source);
}

async function load() {
  if (asksForMain()) {
    Module._load(entry, null, true);
    return null;
  }
  const module = await import(pathToFileURL(entry).href);
  const found = [module.handler, module.default, module.default?.handler, module.default?.default];
  return found.find((each) => typeof each === 'function') ?? null;
}

async function returned(call, result) {
  let text = stringify(result === undefined ? null : result) ?? 'null';
  const bytes = Buffer.from(text);
  const truncated = bytes.length > call.most;
  if (truncated) {
    text = stringify(bytes.subarray(0, call.most).toString('utf8').replace(/\ufffd+$/, ''));
  }
  const isMarked = await ends(call);
  socket.write(`{"is":"returned","call":${call.call},"truncated":${truncated},"marked":${isMarked},"result":${text}}\n`);
}

// a result that is made piece by piece: a generator, a stream of Node's or of the web's
function streamOf(value) {
  const isOne = value !== null && typeof value === 'object' && (typeof value[Symbol.asyncIterator] === 'function'
    || (typeof value[Symbol.iterator] === 'function' && typeof value.next === 'function'));
  return isOne ? value : null;
}

function isBytes(chunk) {
  return ArrayBuffer.isView(chunk) || chunk instanceof ArrayBuffer;
}

function bytesOf(chunk) {
  if (typeof chunk === 'string') {
    return Buffer.from(chunk);
  }
  if (ArrayBuffer.isView(chunk)) {
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
  return chunk instanceof ArrayBuffer ? Buffer.from(chunk) : Buffer.from(`${stringify(chunk) ?? 'null'}\n`);
}

function typeOf(chunk) {
  if (isBytes(chunk)) {
    return 'application/octet-stream';
  }
  return typeof chunk === 'string' || chunk === undefined ? 'text/plain; charset=utf-8' : 'application/x-ndjson';
}

// at the pace of whoever reads it
async function written(message) {
  const line = stringify(message) + '\n';
  await new Promise((done) => (socket.write(line) ? done() : socket.once('drain', done)));
}

async function streamed(call, head, chunks) {
  let isBegun = false;
  const begin = async (chunk) => {
    isBegun = true;
    await written({ is: 'streams', call: call.call, head: { ...head, type: typeOf(chunk) } });
  };
  for await (const chunk of chunks) {
    if (!isBegun) {
      await begin(chunk);
    }
    const bytes = bytesOf(chunk);
    // what waits for its reader keeps the process alive
    socket.ref();
    for (let at = 0; at < bytes.length; at += PIECE) {
      await written({ is: 'part', call: call.call, bytes: bytes.subarray(at, at + PIECE).toString('base64') });
    }
    socket.unref();
  }
  if (!isBegun) {
    await begin();
  }
}

// where nobody reads along: texts in one, values in a list
async function collected(call, chunks) {
  const values = [];
  let size = 0;
  for await (const chunk of chunks) {
    const bytes = bytesOf(chunk);
    size += bytes.length;
    values.push(isBytes(chunk) ? bytes.toString() : chunk);
    if (size > call.most) {
      break; // more than a result may have: it is cut where it is told
    }
  }
  return values.every((value) => typeof value === 'string') ? values.join('') : values;
}

async function answered(call, result) {
  const own = streamOf(result);
  const body = own === null && result?.statusCode !== undefined ? streamOf(result.body) : null;
  const chunks = own ?? body;
  if (chunks === null) {
    await returned(call, result);
  } else if (!call.streams) {
    const all = await collected(call, chunks);
    await returned(call, own === null ? { ...result, body: all } : all);
  } else {
    await streamed(call, own === null ? { statusCode: result.statusCode, headers: result.headers } : {}, chunks);
    await returned(call, null);
  }
}

async function threw(call, failure) {
  show(failure);
  send({ is: 'threw', call: call.call, reason: 'HandlerError', line: lineOf(failure), marked: await ends(call) });
}

function dies(failure) {
  show(failure);
  if (current === null) {
    exit(1);
  }
  socket.ref();
  send({ is: 'threw', call: current.call, reason: 'HandlerError', line: lineOf(failure), last: true }, () => exit(1));
}

async function take(call) {
  current = call;
  send({ is: 'taken', call: call.call });
  enter(call);
  // with nothing left to wait for a program ends, and a handler can never return
  socket.unref();
  if (handler === undefined) {
    try {
      handler = await load();
    } catch (failure) {
      dies(failure);
      return;
    }
    send({ is: 'loaded', handler: handler !== null });
    if (handler === null) {
      return;
    }
  }
  try {
    await answered(call, await handler(parse(payload(call)), context(call)));
  } catch (failure) {
    await threw(call, failure);
  }
  over();
}

function over() {
  current = null;
  socket.ref();
}

process.on('beforeExit', () => {
  if (current !== null && typeof handler === 'function') {
    const call = current;
    over();
    threw(call, new Error('the handler waits for what can never happen'));
  }
});
process.on('uncaughtException', (failure) => {
  if (process.listenerCount('uncaughtException') === 1) {
    dies(failure);
  }
});

let rest = '';
socket.setEncoding('utf8');
socket.on('data', (text) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop();
  lines.forEach((line) => take(parse(line)));
});
socket.on('error', () => exit(1));
socket.on('end', () => exit(1));
