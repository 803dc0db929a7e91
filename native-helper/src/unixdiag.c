#include "unixdiag.h"

#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "sockdiag.h"

#define STATE_ESTABLISHED 1U /* as for TCP; a datagram socket that has a peer is still reached by its name from there */
#define STATE_CLOSE 7U       /* a bound datagram socket */

struct question {
    struct nlmsghdr header;
    struct unix_diag_req request;
};

static const void *attribute(const struct nlmsghdr *h, unsigned type, size_t *length) {
    const char *at = (const char *)h + SOCKDIAG_ALIGNED(sizeof *h) + SOCKDIAG_ALIGNED(sizeof(struct unix_diag_msg));
    const char *end = (const char *)h + h->nlmsg_len;
    while (end - at >= (ptrdiff_t)sizeof(struct nlattr)) {
        const struct nlattr *a = (const struct nlattr *)at;
        if (a->nla_len < sizeof *a || a->nla_len > end - at)
            break;
        if (a->nla_type == type) {
            *length = a->nla_len - sizeof *a;
            return at + sizeof *a;
        }
        at += SOCKDIAG_ALIGNED(a->nla_len);
    }
    return NULL;
}

static bool matches(const struct nlmsghdr *h, const struct harden_statx *file) {
    struct unix_diag_vfs vfs;
    size_t length = 0;
    const struct unix_diag_msg *m = NLMSG_DATA(h);
    if (h->nlmsg_len < SOCKDIAG_ALIGNED(sizeof *h) + sizeof *m || (m->udiag_state != SOCKDIAG_LISTEN && m->udiag_type != SOCK_DGRAM))
        return false; /* accepted connections carry the file of the listener as well */
    const void *data = attribute(h, UNIX_DIAG_VFS, &length);
    if (data == NULL || length < sizeof vfs)
        return false;
    memcpy(&vfs, data, sizeof vfs);
    return vfs.udiag_vfs_ino == (uint32_t)file->stx_ino && vfs.udiag_vfs_dev == (file->stx_dev_major << 20 | file->stx_dev_minor);
}

struct search {
    const struct harden_statx *file;
    uint64_t *inode;
    char *bound;
    size_t size;
    bool found;
};

static bool look(const struct nlmsghdr *h, void *context) {
    struct search *s = context;
    if (!matches(h, s->file))
        return true;
    size_t length = 0;
    *s->inode = ((const struct unix_diag_msg *)NLMSG_DATA(h))->udiag_ino;
    const char *name = attribute(h, UNIX_DIAG_NAME, &length);
    if (name == NULL || length >= s->size)
        length = 0;
    if (length > 0)
        memcpy(s->bound, name, length);
    s->bound[length] = '\0';
    s->found = true;
    return false;
}

bool unix_listener(const struct harden_statx *file, uint64_t *inode, char *bound, size_t size) {
    struct question q = {.request = {.sdiag_family = AF_UNIX, .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS,
                                     .udiag_states = 1U << SOCKDIAG_LISTEN | 1U << STATE_CLOSE | 1U << STATE_ESTABLISHED}};
    struct search s = {file, inode, bound, size, false};
    (void)sockdiag_dump(&q.header, sizeof q, look, &s); /* what was found stands, whatever else is missing */
    return s.found;
}
