#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "confine.h"
#include "target.h"
#include "util.h"

#define ARGV_BYTES 4096U  /* of all arguments of one event, as they are read */
#define ARGV_COUNT 256U
#define FRESH_US 200000U  /* numbers are hardly used up and reused within this time, */
#define DECIDE_US 20000U  /* and certainly not within this, on which a decision may rest */
#define ENVIRON_BYTES 65536U /* as much of it as is looked at in one piece */
#define SCRIPT_IMAGES 1024U /* beyond it for the first programs of install scripts */
#define IMAGES_MAX 131072U /* a build that starts more programs gets coarser attribution, not more of our memory */

struct image {
    uint64_t key;    /* hash of the auxiliary vector, 0 while unknown */
    uint64_t digest; /* hash of executable and arguments as last recorded */
    uint32_t parent;
    pid_t pid, ppid; /* ppid 0: not read yet */
    uint16_t script; /* confine.h; inherited, as everything that a program leads to comes of it */
    bool recorded;
};

/* What is known about a thread id. `pending` is the image that its last execve will make, if it succeeds. */
struct entry {
    pid_t tid;
    uint32_t image, pending;
    uint64_t key, checked_us;
};

static struct image *images;
static uint32_t count, room;
static uint32_t *by_key; /* open addressing, image id + 1 */
static size_t key_mask;
static struct entry *entries; /* open addressing by tid, 0 is free */
static size_t entry_mask, entry_count;

static char scratch[ENVIRON_BYTES];

/* A later image with the same layout (randomisation switched off) wins; what is confined stays so. */
static void file_key(uint32_t id) {
    size_t at = images[id].key & key_mask;
    while (by_key[at] != 0 && images[by_key[at] - 1].key != images[id].key)
        at = (at + 1) & key_mask;
    if (by_key[at] != 0 && images[id].script == 0)
        images[id].script = images[by_key[at] - 1].script;
    by_key[at] = id + 1;
}

static uint32_t add_image(uint64_t key, uint32_t parent, pid_t pid, uint32_t limit) {
    if (count >= limit)
        return parent;
    if (count == room) {
        uint32_t grown = room ? room * 2 : 256;
        struct image *more = realloc(images, grown * sizeof *images);
        uint32_t *table = calloc((size_t)grown * 4, sizeof *table);
        if (more == NULL || table == NULL) {
            free(table);
            if (more != NULL)
                images = more;
            return parent; /* out of memory: attribution gets coarser, nothing else changes */
        }
        images = more;
        room = grown;
        free(by_key);
        by_key = table;
        key_mask = (size_t)grown * 4 - 1;
        for (uint32_t i = 0; i < count; i++)
            if (images[i].key != 0)
                file_key(i);
    }
    images[count] = (struct image){.key = key, .parent = parent, .pid = pid, .script = count > 0 ? images[parent].script : 0};
    if (key != 0)
        file_key(count);
    return count++;
}

static bool find_key(uint64_t key, uint32_t *id) {
    for (size_t at = key & key_mask; by_key[at] != 0; at = (at + 1) & key_mask)
        if (images[by_key[at] - 1].key == key) {
            *id = by_key[at] - 1;
            return true;
        }
    return false;
}

static uint64_t layout(pid_t tid) {
    char vector[1024];
    ssize_t n = target_proc(tid, "auxv", vector, sizeof vector);
    if (n <= 0)
        return 0;
    uint64_t key = hash_bytes(vector, (size_t)n);
    return key ? key : 1;
}

static size_t slot(pid_t tid) {
    size_t at = ((uint32_t)tid * 2654435761U) & entry_mask;
    while (entries[at].tid != 0 && entries[at].tid != tid)
        at = (at + 1) & entry_mask;
    return at;
}

/* Drops what has not been asked for lately, and grows the table if that is not enough. */
static void sweep(uint64_t now) {
    struct entry *old = entries;
    size_t size = entry_mask + 1, keep = 0;
    for (size_t i = 0; i < size; i++)
        keep += old[i].tid != 0 && now - old[i].checked_us < 10000000U;
    size_t grown = keep * 2 >= size ? size * 2 : size;
    struct entry *table = calloc(grown, sizeof *table);
    if (table == NULL) {
        memset(entries, 0, size * sizeof *entries);
        entry_count = 0;
        return;
    }
    entries = table;
    entry_mask = grown - 1;
    entry_count = keep;
    for (size_t i = 0; i < size; i++)
        if (old[i].tid != 0 && now - old[i].checked_us < 10000000U)
            entries[slot(old[i].tid)] = old[i];
    free(old);
}

static struct entry *entry_of(pid_t tid, uint64_t now) {
    size_t at = slot(tid);
    if (entries[at].tid == tid)
        return &entries[at];
    if ((entry_count + 1) * 4 > (entry_mask + 1) * 3) {
        sweep(now);
        at = slot(tid);
    }
    entry_count++;
    entries[at] = (struct entry){.tid = tid};
    return &entries[at];
}

void image_start(void) {
    entry_mask = 255;
    entries = must_alloc(entry_mask + 1, sizeof *entries);
    add_image(layout(getpid()), 0, getpid(), 1);
    images[0].recorded = true; /* id 0 is the helper; it has no event */
}

uint32_t image_count(void) { return count - 1; }

static uint32_t identify(pid_t tid, int depth, uint64_t fresh) {
    uint64_t now = monotonic_us();
    struct entry *e = entry_of(tid, now);
    if (e->checked_us != 0 && e->pending == 0 && now - e->checked_us < fresh)
        return e->image;
    uint64_t key = layout(tid);
    uint32_t id;
    if (e->pending != 0) {
        uint32_t pending = e->pending;
        e->pending = 0;
        e->checked_us = now;
        if (key == 0 || key != e->key) { /* otherwise the execve failed and nothing has changed */
            e->image = pending;
            e->key = key;
            if (key != 0) {
                images[pending].key = key;
                file_key(pending);
            }
        }
        return e->image;
    }
    bool known = key != 0 && find_key(key, &id);
    if (!known) {
        /* A fork of an image whose layout was never read, because it has not called since its execve: ask the
         * ancestors, which resolves their pending images, and look again. */
        pid_t parent = depth < 64 ? target_parent(tid) : -1;
        uint32_t before = e->image, above = parent > 1 && parent != getpid() ? identify(parent, depth + 1, fresh) : 0;
        /* Whatever its parent is by now: the thread was that image before. */
        if (before != 0 && images[above].script == 0)
            above = before;
        if (key == 0) {
            id = above;
        } else if (!find_key(key, &id)) {
            id = add_image(key, above, tid, IMAGES_MAX); /* its execve was not seen by this helper */
            if (above == 0 && id != 0 && confine_begun())
                images[id].script = CONFINE_UNKNOWN; /* it may come from a script that has covered its tracks */
        }
        e = entry_of(tid, now);              /* the recursion may have moved the table */
    }
    e->image = id;
    e->key = key;
    e->checked_us = now;
    return id;
}

uint32_t image_of(pid_t tid) { return identify(tid, 0, FRESH_US); }

unsigned image_script(pid_t tid) {
    uint32_t id = identify(tid, 0, DECIDE_US);
    return id != 0 ? images[id].script : CONFINE_UNKNOWN; /* nobody knows where it comes from */
}

/* ---- events ---- */

struct arguments {
    char text[ARGV_BYTES];
    struct {
        const char *at;
        size_t length;
    } item[ARGV_COUNT];
    size_t count, used;
    bool cut;
};
static struct arguments arguments;

/* Reads the argument vector of an execve. The program may change it afterwards: see the event's `source`. */
static void read_arguments(pid_t tid, uint64_t argv) {
    struct arguments *a = &arguments;
    uint64_t pointers[ARGV_COUNT];
    a->count = a->used = 0;
    a->cut = false;
    if (argv == 0)
        return;
    ssize_t n = target_read_some(tid, argv, pointers, sizeof pointers);
    size_t have = n > 0 ? (size_t)n / sizeof pointers[0] : 0, total = 0;
    while (total < have && pointers[total] != 0)
        total++;
    a->cut = total == have;
    for (size_t i = 0; i < total; i++) {
        size_t left = ARGV_BYTES - a->used;
        if (left < 8) {
            a->cut = true;
            break;
        }
        char *at = a->text + a->used;
        ssize_t length = target_string(tid, pointers[i], at, left);
        if (length == -ENAMETOOLONG) {
            length = (ssize_t)left;
            a->cut = true;
        } else if (length < 0) {
            length = 0;
            a->cut = true;
        }
        a->item[a->count].at = at;
        a->item[a->count++].length = (size_t)length;
        a->used += (size_t)length;
    }
}

static void split_arguments(const char *text, size_t length, bool cut) {
    struct arguments *a = &arguments;
    a->count = a->used = 0;
    a->cut = cut;
    for (const char *at = text; at < text + length;) {
        if (a->count == ARGV_COUNT) {
            a->cut = true;
            break;
        }
        size_t n = strnlen(at, (size_t)(text + length - at));
        a->item[a->count].at = at;
        a->item[a->count++].length = n;
        at += n + 1;
    }
}

static void put_arguments(struct json *j) {
    json_raw(j, ",\"argv\":[");
    size_t start = j->length;
    for (size_t i = 0; i < arguments.count; i++) {
        if (i > 0)
            json_raw(j, ",");
        if (j->length - start > ARGV_BYTES) {
            json_raw(j, "\"\xe2\x80\xa6\"");
            j->cut = true;
            break;
        }
        size_t before = i < 2 ? 0 : i - 1; /* the name of the program is no option, whatever it says */
        json_argument(j, i < 2 ? NULL : arguments.item[before].at, arguments.item[before].length, arguments.item[i].at,
                      arguments.item[i].length, ARGV_BYTES - (j->length - start) + 64,
                      arguments.cut && i + 1 == arguments.count);
    }
    json_raw(j, "]");
    if (arguments.cut)
        j->cut = true;
}

static struct json *begin_process(uint32_t id, pid_t pid) {
    struct json *j = event_begin("process");
    if (images[id].ppid == 0) {
        pid_t parent = target_parent(pid);
        images[id].ppid = parent > 0 ? parent : 0;
    }
    json_number(j, "id", id);
    json_number(j, "parent", images[id].parent);
    json_number(j, "pid", pid);
    json_number(j, "ppid", images[id].ppid);
    return j;
}

struct package {
    char name[512], script[128], version[128];
    bool found;
};

/*
 * The package of an npm lifecycle script, from the environment that npm gives it. All of it is read, however long it is:
 * what a package.json says under `config` becomes variables too, and must not push these out of sight.
 */
static bool read_package(pid_t pid, struct package *out) {
    static const struct {
        const char *name;
        size_t at, size;
    } wanted[] = {{"npm_package_name=", offsetof(struct package, name), sizeof out->name},
                  {"npm_lifecycle_event=", offsetof(struct package, script), sizeof out->script},
                  {"npm_package_version=", offsetof(struct package, version), sizeof out->version}};
    char path[32];
    size_t have = 0;
    bool skipping = false; /* the rest of a variable that was longer than the buffer */
    *out = (struct package){.found = false};
    snprintf(path, sizeof path, "/proc/%d/environ", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    for (ssize_t n; fd >= 0 && ((n = read(fd, scratch + have, sizeof scratch - 1 - have)) > 0 || (n < 0 && errno == EINTR));) {
        have += n > 0 ? (size_t)n : 0;
        scratch[have] = '\0';
        const char *at = scratch;
        for (const char *end; (end = memchr(at, '\0', (size_t)(scratch + have - at))) != NULL || (at == scratch && have == sizeof scratch - 1);) {
            for (size_t i = 0; !skipping && i < ARRAY_LENGTH(wanted); i++) {
                size_t length = strlen(wanted[i].name);
                char *value = (char *)out + wanted[i].at;
                if (*at == *wanted[i].name && *value == '\0' && strncmp(at, wanted[i].name, length) == 0)
                    snprintf(value, wanted[i].size, "%s", at + length);
            }
            skipping = end == NULL;
            at = end != NULL ? end + 1 : scratch + have;
        }
        have = (size_t)(scratch + have - at);
        memmove(scratch, at, have);
    }
    if (fd >= 0)
        close(fd);
    return out->found = out->name[0] != '\0' || out->script[0] != '\0';
}

static void put_package(struct json *j, const struct package *p) {
    json_raw(j, ",\"package\":{\"name\":");
    json_element(j, p->name, strlen(p->name), sizeof p->name);
    if (p->version[0] != '\0')
        json_text(j, "version", p->version);
    if (p->script[0] != '\0')
        json_text(j, "script", p->script);
    json_raw(j, "}");
}

static uint64_t digest(const char *exe) {
    uint64_t h = hash_bytes(exe, strlen(exe));
    for (size_t i = 0; i < arguments.count; i++)
        h = h * 31 + hash_bytes(arguments.item[i].at, arguments.item[i].length);
    return h;
}

/* Records what really runs. Unless `always`, only if that says more than the request did. */
static void record_running(uint32_t id, pid_t pid, enum event_priority priority, bool always, const struct package *package) {
    char exe[4096] = "", cwd[4096] = "";
    static char line[ARGV_BYTES + 1];
    (void)target_link(pid, "exe", exe, sizeof exe);
    ssize_t n = target_proc(pid, "cmdline", line, sizeof line);
    split_arguments(line, n > 0 ? (size_t)n : 0, n == (ssize_t)ARGV_BYTES);
    uint64_t found = digest(exe);
    if (!always && !package->found && images[id].recorded && found == images[id].digest)
        return;
    struct json *j = begin_process(id, pid);
    json_string(j, "exe", exe, strlen(exe), 2048);
    put_arguments(j);
    (void)target_link(pid, "cwd", cwd, sizeof cwd);
    json_string(j, "cwd", cwd, strlen(cwd), 2048);
    json_raw(j, ",\"source\":\"proc\"");
    if (package->found)
        put_package(j, package);
    images[id].digest = found;
    if (event_commit(j, priority) == 0)
        images[id].recorded = true;
}

void image_ensure(uint32_t id, enum event_priority priority) {
    for (int depth = 0; depth < 64 && id != 0 && !images[id].recorded; depth++) {
        struct package package;
        (void)read_package(images[id].pid, &package);
        record_running(id, images[id].pid, priority, true, &package);
        id = images[id].parent;
    }
}

bool image_request(pid_t tid, int directory, uint64_t path, int flags, char *out, size_t size, struct stat *st) {
    char name[4096], through[4200], link[64];
    ssize_t n = target_string(tid, path, name, sizeof name);
    if (n < 0)
        return false;
    if (n > 0 && name[0] == '/')
        snprintf(through, sizeof through, "/proc/%d/root%s", tid, name);
    else if (directory == AT_FDCWD)
        snprintf(through, sizeof through, "/proc/%d/cwd/%s", tid, name);
    else if (n == 0 && (flags & AT_EMPTY_PATH))
        snprintf(through, sizeof through, "/proc/%d/fd/%d", tid, directory);
    else
        snprintf(through, sizeof through, "/proc/%d/fd/%d/%s", tid, directory, name);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, through, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return false;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, out, size - 1);
    int known = fstat(fd, st);
    close(fd);
    if (length < 0 || known != 0)
        return false;
    out[length] = '\0';
    return true;
}

/*
 * Under no_new_privs the kernel starts a set-user-ID or set-group-ID program without its owner's rights, and the program
 * fails with a message of its own or none: the record says why. Nothing is decided here, so a file that is exchanged
 * after this look changes the record only.
 */
static void record_lost_rights(uint32_t id, pid_t pid, const char *exe, const struct stat *st) {
    bool user = (st->st_mode & S_ISUID) && st->st_uid != geteuid();
    bool group = (st->st_mode & S_ISGID) && (st->st_mode & S_IXGRP) && st->st_gid != getegid();
    if (!S_ISREG(st->st_mode) || (!user && !group))
        return;
    char detail[2100];
    snprintf(detail, sizeof detail, "set-%s-ID rights of %.2000s", user ? "user" : "group", exe);
    struct json *j = event_begin("refused");
    json_number(j, "p", id);
    json_number(j, "pid", pid);
    json_text(j, "what", "privilege");
    json_text(j, "detail", detail);
    json_text(j, "errno", "EPERM");
    event_commit(j, EVENT_REFUSED);
}

uint32_t image_exec(pid_t tid, const char *exe, const struct stat *st, uint64_t argv) {
    uint32_t current = image_of(tid);
    pid_t pid = tid;
    if (syscall(SYS_tgkill, tid, tid, 0) != 0 && errno == ESRCH) {
        pid = target_group(tid); /* not the leader calls: it will take over the leader's number */
        if (pid <= 0)
            return 0;
    }
    uint32_t id = add_image(0, current, pid, IMAGES_MAX);
    if (id == current)
        return 0;
    struct json *j = begin_process(id, pid);
    json_text(j, "exe", exe);
    read_arguments(tid, argv);
    put_arguments(j);
    images[id].digest = digest(exe);
    char cwd[4096] = "";
    (void)target_link(tid, "cwd", cwd, sizeof cwd);
    json_text(j, "cwd", cwd);
    json_raw(j, ",\"source\":\"request\"");
    if (event_commit(j, EVENT_NORMAL) == 0)
        images[id].recorded = true;
    record_lost_rights(id, pid, exe, st);
    uint64_t now = monotonic_us();
    uint64_t key = entry_of(tid, now)->key; /* as image_of has just found it */
    struct entry *e = entry_of(pid, now);
    if (e->checked_us == 0)
        e->image = current;
    e->pending = id;
    e->key = key;
    e->checked_us = monotonic_us();
    return id;
}

/* The image is this program's alone: where no more of them are kept, it has been that of the program before. */
static uint32_t own_image(uint32_t id, pid_t tid) {
    struct entry *e = entry_of(tid, monotonic_us());
    if (e->key == 0 || images[id].key == e->key)
        return id;
    return e->image = add_image(e->key, id, tid, IMAGES_MAX + SCRIPT_IMAGES);
}

void image_started(pid_t tid) {
    struct package package;
    uint32_t id = image_of(tid);
    if (id == 0 || (event_full() && !confine_exists()))
        return;
    if (read_package(tid, &package) && confine_exists()) {
        unsigned script = confine_enter(images[id].script, tid, package.script);
        if (script != images[id].script) {
            id = own_image(id, tid);
            images[id].script = (uint16_t)script;
        }
    }
    if (!event_full())
        record_running(id, tid, EVENT_NORMAL, false, &package);
}
