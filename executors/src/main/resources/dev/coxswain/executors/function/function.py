# Loads the code of a version and takes calls for it on a socket, one at a time. A message is a line of JSON.
# A file without a handler is run as the program that it is, and the process ends with it.
import ast
import base64
import inspect
import json
import logging
import os
import runpy
import socket
import sys
import time
import traceback
from importlib import util

NAMES = ("handler", "main")
# a piece of a result
PIECE = 16 * 1024
OURS = __file__


class Context:
    def __init__(self, call):
        told = call["context"]
        self.execution_id = told.get("executionId")
        self.deployment_id = told.get("deploymentId")
        self.definition_id = told.get("definitionId")
        self.version_id = told.get("versionId")
        self.tenant_id = told.get("tenantId")
        self.deadline = told.get("deadline")
        self.logger = logging.getLogger("function")

    def remaining_millis(self):
        return None if self.deadline is None else self.deadline - int(time.time() * 1000)


def bound(statements):
    """The names that a file's own statements bind, those in its conditions included."""
    for each in statements:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield each.name
        elif isinstance(each, (ast.Assign, ast.AnnAssign)):
            targets = each.targets if isinstance(each, ast.Assign) else [each.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))
        elif isinstance(each, ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in each.names)
        elif isinstance(each, (ast.If, ast.Try, ast.With)):
            for part in ("body", "orelse", "finalbody"):
                yield from bound(getattr(each, part, []))
            yield from bound(s for handler in getattr(each, "handlers", []) for s in handler.body)


def program(entry):
    runpy.run_path(entry, run_name="__main__")


def load(entry):
    """The function to call; None when the file is a program, which has run then."""
    with open(entry, "rb") as file:
        source = file.read()
    if not set(bound(ast.parse(source, entry).body)) & {*NAMES, "*"}:
        return program(entry)
    name = os.path.splitext(os.path.basename(entry))[0]
    if name == "__main__":
        name = "function_main"
    spec = util.spec_from_file_location(name, entry)
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    for each in NAMES:
        found = getattr(module, each, None)
        if callable(found):
            return found
    return None


def places(function):
    """How many arguments it takes by position, two at most."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return 2
    if any(each.kind == each.VAR_POSITIONAL for each in parameters):
        return 2
    return min(2, sum(each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD) for each in parameters))


def is_stream(value):
    """Whether a result is made piece by piece: a generator, or another iterator that is no list of its values."""
    return hasattr(value, "__next__") or hasattr(value, "__anext__")


def bytes_of(chunk):
    if isinstance(chunk, str):
        return chunk.encode("utf-8", "replace")
    if isinstance(chunk, (bytes, bytearray, memoryview)):
        return bytes(chunk)
    return json.dumps(chunk, allow_nan=False, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def type_of(chunk):
    if isinstance(chunk, (bytes, bytearray, memoryview)):
        return "application/octet-stream"
    return "text/plain; charset=utf-8" if isinstance(chunk, str) else "application/x-ndjson"


class Process:
    def __init__(self, entry):
        self.entry = entry
        self.handler = None
        self.loop = None
        # ours, whatever the code does with its own
        self.outputs = (os.dup(1), os.dup(2))
        self.root = os.getcwd()
        self.channel = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.channel.connect(".coxswain/channel")

    def send(self, what, **message):
        self.channel.sendall(json.dumps({"is": what, **message}).encode() + b"\n")

    def flush(self):
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                pass  # the code closed or replaced it

    def enter(self, call):
        """Each call has a folder of its own."""
        folder = "%s/call-%d" % (self.root, call["call"])
        os.mkdir(folder, 0o700)
        os.chdir(folder)
        os.environ.update(call["variables"], CODERUNNER_PAYLOAD_FILE=call["payload"], HOME=folder)

    def leave(self, call):
        folder = "%s/call-%d" % (self.root, call["call"])
        os.chdir(self.root)
        try:
            os.rmdir(folder)
        except OSError:
            import shutil
            shutil.rmtree(folder, ignore_errors=True)
        return not os.path.exists(folder)

    def ends(self, call):
        """Whether another call can be made here."""
        empty = self.leave(call)
        self.flush()
        mark = b"\x1e" + call["mark"].encode() + b"\n"
        for output in self.outputs:
            left = mark
            while left:
                left = left[os.write(output, left):]
        return empty

    def show(self, failure):
        frames = traceback.TracebackException.from_exception(failure)
        frames.stack = traceback.StackSummary.from_list([each for each in frames.stack if each.filename != OURS])
        try:
            print("".join(frames.format()), end="", file=sys.stderr, flush=True)
        except (AttributeError, OSError, ValueError):
            pass  # the code closed or replaced it

    def told(self, call, failure, **more):
        text = str(failure)
        line = (type(failure).__name__ + (": " + text if text else "")).splitlines()[0][:1000]
        reason = "OutOfMemory" if isinstance(failure, MemoryError) else "HandlerError"
        self.send("threw", call=call["call"], reason=reason, line=line, **more)

    def run(self, call):
        text = call.get("text")
        # the first one lies in its file already, as do long ones
        with open(call["payload"], "r" if text is None else "w", encoding="utf-8") as file:
            if text is None:
                text = file.read()
            else:
                file.write(text)
        payload = json.loads(text)
        result = self.handler(*(payload, Context(call))[:places(self.handler)])
        if inspect.isawaitable(result):
            result = self.waited(result)
        result = self.answered(call, result)
        text = json.dumps(result, allow_nan=False, ensure_ascii=False).encode("utf-8", "replace")
        truncated = len(text) > call["most"]
        if truncated:
            text = json.dumps(text[:call["most"]].decode("utf-8", "ignore"), ensure_ascii=False).encode()
        return text, truncated

    def waited(self, awaitable):
        import asyncio
        if self.loop is None:
            self.loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self.loop)

        async def wait():
            return await awaitable
        return self.loop.run_until_complete(wait())

    def answered(self, call, result):
        """The result; one that is made piece by piece is told so where somebody reads along."""
        own = is_stream(result)
        if not own and not (isinstance(result, dict) and "statusCode" in result and is_stream(result.get("body"))):
            return result
        chunks = self.chunks(result if own else result["body"])
        if not call.get("streams"):
            collected = self.collected(call, chunks)
            return collected if own else {**result, "body": collected}
        head = {} if own else {name: result[name] for name in ("statusCode", "headers") if name in result}
        begun = False
        for chunk in chunks:
            if not begun:
                begun = True
                self.send("streams", call=call["call"], head={**head, "type": type_of(chunk)})
            data = bytes_of(chunk)
            for at in range(0, len(data), PIECE):
                self.send("part", call=call["call"], bytes=base64.b64encode(data[at:at + PIECE]).decode())
        if not begun:
            self.send("streams", call=call["call"], head={**head, "type": type_of("")})
        return None

    def chunks(self, stream):
        if not hasattr(stream, "__anext__"):
            yield from stream
            return
        while True:
            try:
                yield self.waited(stream.__anext__())
            except StopAsyncIteration:
                return

    def collected(self, call, chunks):
        """Where nobody reads along: texts in one, values in a list."""
        values, size = [], 0
        for chunk in chunks:
            data = bytes_of(chunk)
            size += len(data)
            values.append(data.decode("utf-8", "replace") if isinstance(chunk, (bytes, bytearray)) else chunk)
            if size > call["most"]:
                break  # more than a result may have: it is cut where it is told
        return "".join(values) if all(isinstance(value, str) for value in values) else values

    def take(self, call):
        self.send("taken", call=call["call"])
        self.enter(call)
        if self.handler is None:
            try:
                self.handler = load(self.entry)
                if self.handler is None:
                    sys.exit(0)
                self.send("loaded", handler=True)
            except Exception as failure:
                self.show(failure)
                self.told(call, failure, last=True)
                sys.exit(1)
        try:
            text, truncated = self.run(call)
        except Exception as failure:
            self.show(failure)
            self.told(call, failure, marked=self.ends(call))
            return
        self.channel.sendall(b'{"is":"returned","call":%d,"truncated":%s,"marked":%s,"result":%s}\n'
                             % (call["call"], json.dumps(truncated).encode(), json.dumps(self.ends(call)).encode(), text))


def main():
    entry = sys.argv[1]
    sys.argv[:] = [entry]
    sys.path[0] = os.path.dirname(entry)
    logger = logging.getLogger("function")
    output = logging.StreamHandler()
    output.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    logger.addHandler(output)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    process = Process(entry)
    for line in process.channel.makefile("rb"):
        process.take(json.loads(line))


main()
