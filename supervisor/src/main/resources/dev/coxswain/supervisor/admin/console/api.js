// The admin API. The token is sent in a header and kept for this tab only; it never becomes part of an address.
const STORED = 'coxswain.token';
const PATIENCE = 15_000;
let token = sessionStorage.getItem(STORED) ?? '';

/** An answer that is not good; `status` is 0 when there was none. */
export class ApiError extends Error {
  constructor(status, detail, body) {
    super(detail);
    this.status = status;
    this.body = body;
  }
}

export const hasToken = () => token !== '';

export function useToken(given) {
  token = given.trim();
  if (token) sessionStorage.setItem(STORED, token);
  else sessionStorage.removeItem(STORED);
}

/** `jobs`, `{state: 'running', page: 2}` to a path; empty values are left out. */
export function path(name, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== '' && value !== null && value !== undefined);
  return given.length ? `${name}?${new URLSearchParams(given)}` : name;
}

export async function get(what, signal) {
  const answer = await call(what, { signal: patient(signal) });
  try {
    return await answer.json();
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure;
    throw new ApiError(0, 'the answer broke off');
  }
}

/** The body as bytes, for saving. */
export async function bytes(what) {
  return (await call(what, {})).blob();
}

export async function post(what, body = {}) {
  const answer = await call(what, {
    method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' }, signal: patient(),
  });
  return answer.json();
}

/** Server-sent events, as `{event, data}`, until they end. (EventSource can't send a header.) */
export async function* stream(what, signal) {
  const answer = await call(what, { headers: { Accept: 'text/event-stream' }, signal });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = '';
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const events = (waiting + value).split('\n\n');
      waiting = events.pop();
      for (const text of events) {
        const event = parse(text);
        if (event) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parse(text) {
  let event = 'message';
  const data = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('event:')) event = line.slice(6).trim();
    else if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  return data.length ? { event, data: JSON.parse(data.join('\n')) } : null;
}

function patient(signal) {
  const late = AbortSignal.timeout(PATIENCE);
  return signal ? AbortSignal.any([signal, late]) : late;
}

async function call(what, options) {
  const headers = { Accept: 'application/json', ...options.headers };
  if (token) headers.Authorization = `Bearer ${token}`;
  let answer;
  try {
    answer = await fetch(new URL(`api/v1/${what}`, document.baseURI),
      { ...options, headers, cache: 'no-store', credentials: 'omit', redirect: 'error' });
  } catch (failure) {
    if (options.signal?.aborted && failure.name === 'AbortError') throw failure;
    throw new ApiError(0, failure.name === 'TimeoutError' ? 'no answer in time' : 'the supervisor can\'t be reached');
  }
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => null);
  throw new ApiError(answer.status, body?.detail ?? `the supervisor answered ${answer.status}`, body);
}
