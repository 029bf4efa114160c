/*
 * Counts fsync and fdatasync of a process, and makes each as slow as a real disk. Loaded with LD_PRELOAD.
 *
 * The real call comes first, then one is added to the counter, then FSYNC_DELAY_US microseconds pass (environment
 * variable, read once; absent: none). fsync_count() returns the calls so far. Built by tests/fsync_shim.py.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

typedef int sync_call(int);

static atomic_long calls = 0;
static atomic_long delay_us = -1; /* -1: not read yet */

static void after(void) {
    if (delay_us < 0) {
        const char *text = getenv("FSYNC_DELAY_US");
        delay_us = text ? atol(text) : 0;
    }
    calls++;
    if (delay_us > 0) {
        struct timespec pause = {delay_us / 1000000, (delay_us % 1000000) * 1000};
        nanosleep(&pause, NULL);
    }
}

static int forwarded(const char *name, int file) {
    sync_call *real = (sync_call *)dlsym(RTLD_NEXT, name);
    int result = real(file);
    after();
    return result;
}

int fsync(int file) { return forwarded("fsync", file); }

int fdatasync(int file) { return forwarded("fdatasync", file); }

long fsync_count(void) { return calls; }
