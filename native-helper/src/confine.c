#include "confine.h"

#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "glob.h"
#include "image.h"
#include "util.h"

#define SCRIPTS_MAX 4096U
#define ALIASES_MAX 65536U
#define MODULES "/node_modules/"

/* The folder of a script, canonical; empty: it owns nothing. */
static struct script {
    char *own;
} scripts[SCRIPTS_MAX];
static unsigned script_count = CONFINE_UNKNOWN + 1;
static atomic_bool begun;

static struct rule_glob {
    struct glob *package, *path;
} *writes;
static size_t write_count;
static bool exists;

/* Files of others to which a script has given a name: open addressing, inode 0 is free. */
static struct alias {
    uint64_t inode;
    uint32_t major, minor;
} *aliases;
static size_t alias_count, alias_mask;

void confine_start(const struct policy *policy) {
    exists = policy->script_tree.count > 0;
    if (!exists)
        return;
    scripts[CONFINE_UNKNOWN].own = "";
    write_count = policy->script_write.count;
    writes = must_alloc(write_count + 1, sizeof *writes);
    for (size_t i = 0; i < write_count; i++) {
        const char *error; /* they have been parsed before; without memory for one it opens nothing */
        writes[i] = (struct rule_glob){glob_parse(policy->script_package.items[i], &error), glob_parse(policy->script_write.items[i], &error)};
    }
}

bool confine_exists(void) { return exists; }

bool confine_begun(void) { return atomic_load_explicit(&begun, memory_order_acquire); }

/* The part behind the folder, beginning with its slash; NULL if the path is not in it. */
static const char *within(const char *path, const char *folder) {
    size_t n = strlen(folder);
    return n > 0 && strncmp(path, folder, n) == 0 && (path[n] == '/' || path[n] == '\0') ? path + n : NULL;
}

/* Its working directory, as file decisions would name it. */
static bool folder_of(pid_t pid, char out[PATHS_MAX]) {
    char link[32], name[PATHS_MAX];
    struct harden_statx st;
    snprintf(link, sizeof link, "/proc/%d/cwd", pid);
    int fd = open(link, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return false;
    /* From what the kernel knows: this must not wait for whoever serves a file system. */
    bool known = file_facts(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, &st) == 0 && st.stx_nlink > 0 && mounts_known(st.stx_mnt_id);
    ssize_t n = known ? readlink(file_link(fd, link), name, sizeof name - 1) : -1;
    close(fd);
    if (n <= 0 || name[0] != '/')
        return false;
    name[n] = '\0';
    if (!mounts_canonical(st.stx_mnt_id, name, out, PATHS_MAX))
        memcpy(out, name, (size_t)n + 1);
    return true;
}

/* The events of which npm, yarn and pnpm run a dependency's script when they install it. */
static bool of_installation(const char *event) {
    static const char *const names[] = {"preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"};
    for (size_t i = 0; event != NULL && i < ARRAY_LENGTH(names); i++)
        if (strcmp(event, names[i]) == 0)
            return true;
    return false;
}

static unsigned add(const char *own) {
    for (unsigned i = CONFINE_UNKNOWN + 1; i < script_count; i++)
        if (strcmp(scripts[i].own, own) == 0)
            return i;
    char *copy = script_count < SCRIPTS_MAX ? strdup(own) : NULL;
    if (copy == NULL)
        return CONFINE_UNKNOWN; /* nobody installs so many: closed */
    scripts[script_count].own = copy;
    return script_count++;
}

unsigned confine_enter(unsigned outer, pid_t pid, const char *event) {
    char folder[PATHS_MAX];
    if (!exists || !of_installation(event))
        return outer;
    bool known = folder_of(pid, folder);
    if (outer != 0) {
        const char *rest = known ? within(folder, scripts[outer].own) : NULL;
        return rest != NULL && strstr(rest, MODULES) != NULL ? add(folder) : outer;
    }
    const char *tree = known ? paths_script_tree(folder) : NULL, *rest = tree != NULL ? within(folder, tree) : NULL;
    if (known && tree != NULL && (rest == NULL || strstr(rest, MODULES) == NULL))
        return 0; /* the project's own */
    atomic_store_explicit(&begun, true, memory_order_release);
    return known ? add(folder) : CONFINE_UNKNOWN;
}

/* The name by which the project knows the package: that of its folder. What its package.json says it chooses itself. */
static const char *package_of(const char *own, char out[NAME_MAX + 1]) {
    const char *at = own, *next;
    while ((next = strstr(at, MODULES)) != NULL)
        at = next + sizeof MODULES - 1;
    size_t n = strcspn(at, "/");
    if (*at == '@' && at[n] == '/')
        n += 1 + strcspn(at + n + 1, "/");
    snprintf(out, NAME_MAX + 1, "%.*s", at == own ? 0 : (int)n, at);
    return out;
}

static bool given(const struct script *script, const char *path) {
    char package[NAME_MAX + 1], folder[PATHS_MAX + 1];
    package_of(script->own, package);
    snprintf(folder, sizeof folder, "%s/", path); /* who is given everything below a folder may make it */
    for (size_t i = 0; i < write_count; i++)
        if (writes[i].package != NULL && writes[i].path != NULL && glob_matches(writes[i].package, package) &&
            (glob_matches(writes[i].path, path) || glob_matches(writes[i].path, folder)))
            return true;
    return false;
}

static bool owns(const struct script *script, const struct subject *s, unsigned access) {
    const char *path = s->canonical[0] != '\0' ? s->canonical : s->text, *rest = within(path, script->own);
    /* The folder's own name belongs to the folder above, where others could be put in its place. */
    return (rest != NULL && (*rest != '\0' || !(access & ACCESS_NAME))) || given(script, path);
}

bool confine_refuses(pid_t tid, const struct subject *s, unsigned access) {
    if (!(s->class & (PATH_SCRIPTED | PATH_SCRIPT_ALIAS)) && s->process == 0)
        return false;
    unsigned script = image_script(tid);
    if (script == 0)
        return false;
    if (s->process != 0) /* the memory of another process, /proc/PID/mem, is a door to what that may do */
        return !confine_controls(tid, s->process);
    if (s->class & PATH_SCRIPT_ALIAS)
        return true;
    return (s->class & PATH_SCRIPT_FOREIGN) || !owns(&scripts[script], s, access);
}

bool confine_controls(pid_t tid, pid_t other) {
    unsigned script = image_script(tid);
    return script == 0 || image_script(other) == script;
}

static size_t slot(const struct harden_statx *st) {
    size_t at = (size_t)(st->stx_ino * 0x9e3779b97f4a7c15ULL >> 20) & alias_mask;
    while (aliases[at].inode != 0 && (aliases[at].inode != st->stx_ino || aliases[at].major != st->stx_dev_major ||
                                      aliases[at].minor != st->stx_dev_minor))
        at = (at + 1) & alias_mask;
    return at;
}

bool confine_alias(pid_t tid, const struct subject *s, const struct harden_statx *st) {
    unsigned script = image_script(tid);
    if (script == 0 || !(s->class & (PATH_SCRIPTED | PATH_SCRIPT_FOREIGN)) ||
        (!(s->class & PATH_SCRIPT_FOREIGN) && owns(&scripts[script], s, ACCESS_NAME)))
        return true;
    if (2 * alias_count >= alias_mask) {
        struct alias *old = aliases;
        size_t size = aliases == NULL ? 0 : alias_mask + 1, grown = size == 0 ? 64 : 2 * size;
        if (grown > 2 * ALIASES_MAX || (aliases = calloc(grown, sizeof *aliases)) == NULL) {
            aliases = old;
            return false;
        }
        alias_mask = grown - 1;
        for (size_t i = 0; i < size; i++)
            if (old[i].inode != 0)
                aliases[slot(&(struct harden_statx){.stx_ino = old[i].inode, .stx_dev_major = old[i].major, .stx_dev_minor = old[i].minor})] = old[i];
        free(old);
    }
    size_t at = slot(st);
    alias_count += aliases[at].inode == 0;
    aliases[at] = (struct alias){st->stx_ino, st->stx_dev_major, st->stx_dev_minor};
    return true;
}

bool confine_aliased(const struct harden_statx *st) {
    return alias_count > 0 && st->stx_nlink > 1 && aliases[slot(st)].inode != 0;
}
