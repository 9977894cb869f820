/* The floor of spawning: posix_spawn, read the output, wait. spawn-floor COMMANDS PARALLEL prints wall and CPU seconds. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
extern char **environ;
static pid_t pids[64];
static struct pollfd ends[64];
static void begin(int lane) {
  int p[2];
  posix_spawn_file_actions_t actions;
  char *argv[] = {"/bin/echo", "hi", NULL};
  if (pipe2(p, O_CLOEXEC) || posix_spawn_file_actions_init(&actions)
      || posix_spawn_file_actions_adddup2(&actions, p[1], 1)
      || posix_spawn(&pids[lane], argv[0], &actions, NULL, argv, environ)) exit(1);
  posix_spawn_file_actions_destroy(&actions);
  close(p[1]);
  ends[lane].fd = p[0];
  ends[lane].events = POLLIN;
}
static double cpu(int who) {
  struct rusage u;
  getrusage(who, &u);
  return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}
int main(int argc, char **argv) {
  if (argc != 3) return 2;
  long left = atol(argv[1]), open = 0;
  int lanes = atoi(argv[2]);
  if (lanes < 1 || lanes > 64) return 2;
  double from = now();
  char buffer[4096];
  for (int i = 0; i < lanes; i++) {
    ends[i].fd = -1;
    if (left > 0) { begin(i); left--; open++; }
  }
  while (open > 0) {
    if (poll(ends, lanes, -1) < 0) return 1;
    for (int i = 0; i < lanes; i++) {
      if (ends[i].fd < 0 || !ends[i].revents || read(ends[i].fd, buffer, sizeof buffer) > 0) continue;
      int status;
      close(ends[i].fd);
      ends[i].fd = -1;
      if (waitpid(pids[i], &status, 0) < 0 || status) return 1;
      open--;
      if (left > 0) { begin(i); left--; open++; }
    }
  }
  printf("%f %f\n", now() - from, cpu(RUSAGE_SELF) + cpu(RUSAGE_CHILDREN));
  return 0;
}
