/*
 * Process images: one execve makes one, forks share their parent's. The supervisor does not see forks and the exits
 * of grandchildren, so a process is recognised by what the kernel gave its address space at execve: the auxiliary
 * vector (with the randomised places of stack, program, loader and vDSO) is copied by fork, unique to an execve, and
 * cannot be changed by the program (prctl PR_SET_MM is refused by the filter). A child of a process that died long
 * ago, and a number that was used again, are therefore attributed rightly.
 *
 * All functions need the supervisor's lock.
 */
#ifndef HARDEN_IMAGE_H
#define HARDEN_IMAGE_H

#include <stdint.h>
#include <sys/types.h>

#include "event.h"

struct stat;

void image_start(void); /* registers the supervisor itself as image 0 */

/* The image that the thread runs. Never fails: what cannot be read is attributed to the nearest known ancestor. */
uint32_t image_of(pid_t tid);

/*
 * The file that an execve asks for, as a canonical path. False if it is not there as the thread sees it: a search along
 * PATH calls execve for each folder, and what cannot be started makes no image. Without execveat, `directory` is
 * AT_FDCWD and `flags` is 0. May wait for a file system: not under the lock.
 */
bool image_request(pid_t tid, int directory, uint64_t path, int flags, char *out, size_t size, struct stat *st);

/* A thread is about to call execve of `exe`, whose status is `st`: records the request, and the owner's rights that the
 * program will not get, and expects the change. The image to come, or 0 if none can be told. */
uint32_t image_exec(pid_t tid, const char *exe, const struct stat *st, uint64_t argv);

/* A program has just been started and has not run yet: reads its true arguments and environment. */
void image_started(pid_t tid);

/* Makes sure that the image's `process` event stands in the file, for events that use the reserve. */
void image_ensure(uint32_t id, enum event_priority priority);

/* The install script that the thread belongs to: confine.h. */
unsigned image_script(pid_t tid);

uint32_t image_count(void);

#endif
