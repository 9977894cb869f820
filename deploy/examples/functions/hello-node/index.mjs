// Greets whoever the payload names. cox functions run --payload '{"name": "Ada"}'
let calls = 0;

export async function handler(payload, context) {
  calls += 1;
  context.logger.info('call', calls, 'of this process, execution', context.executionId);
  return { hello: payload?.name ?? 'world', calls };
}
