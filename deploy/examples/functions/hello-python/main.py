"""Greets whoever the payload names. cox functions run --payload '{"name": "Ada"}'"""

calls = 0


def handler(payload, context):
    global calls
    calls += 1
    context.logger.info("call %d of this process, execution %s", calls, context.execution_id)
    return {"hello": (payload or {}).get("name", "world"), "calls": calls}
