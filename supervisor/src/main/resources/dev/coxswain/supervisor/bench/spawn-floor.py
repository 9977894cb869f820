# The same as spawn-floor.c for hosts without a C compiler; Python's own work is counted, so it is a higher floor.
import os, resource, select, sys, time
left, lanes, start = int(sys.argv[1]), int(sys.argv[2]), time.monotonic()
running = {}
while left or running:
    while left and len(running) < lanes:
        read, write = os.pipe()
        pid = os.posix_spawn("/bin/echo", ["echo", "hi"], os.environ,
                             file_actions=[(os.POSIX_SPAWN_DUP2, write, 1)])
        os.close(write)
        running[read] = pid
        left -= 1
    for end in select.select(list(running), [], [])[0]:
        if not os.read(end, 4096):
            os.close(end)
            if os.waitpid(running.pop(end), 0)[1]:
                sys.exit(1)
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(time.monotonic() - start, sum(u.ru_utime + u.ru_stime for u in used))
