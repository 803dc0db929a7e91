/* Socket structures as a 64-bit caller lays them out; the C libraries' own differ in the types of their members. */
#ifndef HARDEN_WIRE_H
#define HARDEN_WIRE_H

#include <stdint.h>

#define WIRE_IOV_MAXIMUM 1024U

struct wire_iovec {
    uint64_t base, length;
};
struct wire_message { /* struct msghdr */
    uint64_t name;
    uint32_t name_length, pad1;
    uint64_t iov, iov_count;
    uint64_t control, control_length;
    uint32_t flags, pad2;
};
struct wire_mmessage { /* struct mmsghdr */
    struct wire_message header;
    uint32_t length, pad;
};

#endif
