// What both servers of the bench call.
export function handler(payload) {
  return { hello: payload?.name ?? 'world' };
}
