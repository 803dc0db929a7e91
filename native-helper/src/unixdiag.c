#include "unixdiag.h"

#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ALIGNED(n) (((size_t)(n) + 3) & ~(size_t)3) /* as NLMSG_ALIGN and NLA_ALIGN, without their signed masks */
#define STATE_ESTABLISHED 1U /* as for TCP; a datagram socket that has a peer is still reached by its name from there */
#define STATE_CLOSE 7U       /* a bound datagram socket */
#define STATE_LISTEN 10U

struct question {
    struct nlmsghdr header;
    struct unix_diag_req request;
};

static const void *attribute(const struct nlmsghdr *h, unsigned type, size_t *length) {
    const char *at = (const char *)h + ALIGNED(sizeof *h) + ALIGNED(sizeof(struct unix_diag_msg));
    const char *end = (const char *)h + h->nlmsg_len;
    while (end - at >= (ptrdiff_t)sizeof(struct nlattr)) {
        const struct nlattr *a = (const struct nlattr *)at;
        if (a->nla_len < sizeof *a || a->nla_len > end - at)
            break;
        if (a->nla_type == type) {
            *length = a->nla_len - sizeof *a;
            return at + sizeof *a;
        }
        at += ALIGNED(a->nla_len);
    }
    return NULL;
}

static bool matches(const struct nlmsghdr *h, const struct harden_statx *file) {
    struct unix_diag_vfs vfs;
    size_t length = 0;
    const struct unix_diag_msg *m = NLMSG_DATA(h);
    if (h->nlmsg_len < ALIGNED(sizeof *h) + sizeof *m || (m->udiag_state != STATE_LISTEN && m->udiag_type != SOCK_DGRAM))
        return false; /* accepted connections carry the file of the listener as well */
    const void *data = attribute(h, UNIX_DIAG_VFS, &length);
    if (data == NULL || length < sizeof vfs)
        return false;
    memcpy(&vfs, data, sizeof vfs);
    return vfs.udiag_vfs_ino == (uint32_t)file->stx_ino && vfs.udiag_vfs_dev == (file->stx_dev_major << 20 | file->stx_dev_minor);
}

bool unix_listener(const struct harden_statx *file, uint64_t *inode, char *bound, size_t size) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (fd < 0)
        return false;
    struct question q = {
        .header = {.nlmsg_len = sizeof q, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .request = {.sdiag_family = AF_UNIX, .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_VFS,
                    .udiag_states = 1U << STATE_LISTEN | 1U << STATE_CLOSE | 1U << STATE_ESTABLISHED}};
    bool found = false, more = send(fd, &q, sizeof q, 0) == (ssize_t)sizeof q;
    while (more) {
        _Alignas(struct nlmsghdr) char answer[32768]; /* the kernel fills no more than this into one */
        ssize_t n = recv(fd, answer, sizeof answer, 0);
        if (n <= 0)
            break;
        size_t left = (size_t)n;
        for (const struct nlmsghdr *h = (const struct nlmsghdr *)answer; more && left >= sizeof *h && h->nlmsg_len >= sizeof *h &&
                                                                         h->nlmsg_len <= left;) {
            size_t length = 0;
            const char *name;
            if (h->nlmsg_type != SOCK_DIAG_BY_FAMILY) {
                more = false; /* the end, or an error */
            } else if (matches(h, file)) {
                *inode = ((const struct unix_diag_msg *)NLMSG_DATA(h))->udiag_ino;
                name = attribute(h, UNIX_DIAG_NAME, &length);
                if (name == NULL || length >= size)
                    length = 0;
                if (length > 0)
                    memcpy(bound, name, length);
                bound[length] = '\0';
                found = true;
                more = false;
            }
            size_t step = ALIGNED(h->nlmsg_len);
            left = step < left ? left - step : 0;
            h = (const struct nlmsghdr *)((const char *)h + step);
        }
    }
    close(fd);
    return found;
}
