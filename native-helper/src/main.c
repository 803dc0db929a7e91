/* The command line. See README.md. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "front.h"
#include "output.h"
#include "policy.h"
#include "probe.h"
#include "refusal.h"
#include "secret.h"
#include "sha256.h"
#include "supervisor.h"
#include "uapi.h"
#include "util.h"

static const char usage_text[] =
    "usage: harden-helper run --policy FILE --events FILE [--tag K=V]... [--redact-env NAME,...]\n"
    "           [--output-grace SECONDS] [--refusal-log FILE] [--refusal-status FILE] -- COMMAND [ARG...]\n"
    "       harden-helper probe --json [--policy FILE]\n"
    "       harden-helper --version\n";

static void __attribute__((noreturn)) usage(const char *problem) {
    complain("%s", problem);
    fputs(usage_text, stderr);
    exit(EXIT_CANNOT_ARM);
}

/* Reads and parses; prints the reason and exits on any defect. The digest is of the bytes that were parsed. */
static void load_policy(const char *file, struct policy *policy, char digest[65]) {
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        complain("policy %s: %s", file, strerror(errno));
        exit(EXIT_CANNOT_ARM);
    }
    struct stat about;
    bool sized = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size < (off_t)POLICY_MAX_BYTES;
    size_t room = sized ? (size_t)about.st_size : POLICY_MAX_BYTES;
    char *text = must_alloc(room + POLICY_PAD, 1);
    if (sized && room > 0)
        prefault(text, room);
    ssize_t length = read_all(fd, text, room);
    close(fd);
    if (length < 0) {
        complain("policy %s: %s", file, length == -EFBIG ? "longer than 64 MiB, or growing" : strerror((int)-length));
        exit(EXIT_CANNOT_ARM);
    }
    struct sha256 s;
    unsigned char hash[SHA256_SIZE];
    sha256_init(&s);
    sha256_update(&s, text, (size_t)length);
    sha256_final(&s, hash);
    sha256_hex(hash, digest);
    struct policy_error error;
    if (policy_parse_own(text, (size_t)length, policy, &error) != 0) {
        complain("policy %s:%u: %s", file, error.line, error.message);
        exit(EXIT_CANNOT_ARM);
    }
}

static void redact(char *names) {
    for (char *save = NULL, *name = strtok_r(names, ",", &save); name != NULL; name = strtok_r(NULL, ",", &save)) {
        const char *value = getenv(name);
        if (value != NULL)
            secret_add(value);
    }
}

static void redact_as(const struct policy *p) {
    for (size_t i = 0; i < p->redact_env.count; i++)
        secret_add_environment(p->redact_env.items[i]);
    for (size_t i = 0; i < p->redact.count; i++)
        secret_pattern_add(p->redact.items[i]);
    for (size_t i = 0; i < p->redact_after.count; i++)
        secret_option_add(p->redact_after.items[i]);
}

static char *absolute(const char *path) {
    if (path[0] == '/')
        return strdup(path);
    char cwd[4096], *out = NULL;
    if (getcwd(cwd, sizeof cwd) == NULL || asprintf(&out, "%s/%s", cwd, path) < 0) {
        complain("event file %s: %s", path, strerror(errno));
        exit(EXIT_CANNOT_ARM);
    }
    return out;
}

/* Read before the others, so that a mistake in one of those is said there as well. */
static void read_refusal(int argc, char **argv) {
    const char *log = NULL, *status = NULL;
    for (int i = 2; i + 1 < argc && strcmp(argv[i], "--") != 0; i += 2) {
        if (strcmp(argv[i], "--refusal-log") == 0)
            log = argv[i + 1];
        else if (strcmp(argv[i], "--refusal-status") == 0)
            status = argv[i + 1];
    }
    refusal_files(log, status);
}

static unsigned seconds(const char *text) {
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || value > 3600)
        usage("--output-grace needs seconds, at most 3600");
    return (unsigned)value;
}

static int run(int argc, char **argv) {
    struct options options = {0};
    int output_grace = -1;
    read_refusal(argc, argv);
    int i = 2;
    for (; i < argc && strcmp(argv[i], "--") != 0; i++) {
        const char *name = argv[i];
        if (i + 1 >= argc)
            usage("an option needs a value, and -- COMMAND must follow");
        char *value = argv[++i];
        if (strcmp(name, "--policy") == 0) {
            options.policy_file = value;
        } else if (strcmp(name, "--events") == 0) {
            options.events_file = absolute(value);
        } else if (strcmp(name, "--tag") == 0) {
            if (strchr(value, '=') == NULL || value[0] == '=')
                usage("--tag needs K=V");
            if (options.tag_count == OPTIONS_MAX_TAGS)
                usage("too many tags (at most 64)");
            options.tags[options.tag_count++] = value;
        } else if (strcmp(name, "--redact-env") == 0) {
            redact(value);
        } else if (strcmp(name, "--output-grace") == 0) {
            output_grace = (int)seconds(value);
        } else if (strcmp(name, "--refusal-log") != 0 && strcmp(name, "--refusal-status") != 0) {
            usage("unknown option");
        }
    }
    if (options.policy_file == NULL || options.events_file == NULL)
        usage("--policy and --events are needed");
    if (i + 1 >= argc)
        usage("a command is needed after --");
    options.command = argv + i + 1;

    int front[2];
    sigset_t mask;
    if (pipe2(front, O_CLOEXEC) != 0) {
        complain("pipe: %s", strerror(errno));
        return EXIT_CANNOT_ARM;
    }
    front_block_signals(&mask);
    if (output_grace >= 0)
        output_interpose();
    pid_t supervisor = fork();
    if (supervisor < 0) {
        complain("fork: %s", strerror(errno));
        return EXIT_CANNOT_ARM;
    }
    if (supervisor == 0) {
        struct policy policy;
        char digest[65];
        close(front[0]);
        output_supervisor();
        load_policy(options.policy_file, &policy, digest);
        redact_as(&policy);
        if (policy.files != MODE_BLOCK) /* there the command's own paths are read on its way to Landlock */
            keep_from_children(policy.memory, policy.length);
        supervisor_run(&options, &policy, digest, &mask, front[1]);
    }
    close(front[1]);
    output_front();
    return front_wait(front[0], supervisor, output_grace > 0 ? (unsigned)output_grace * 1000U : 0);
}

static int probe(int argc, char **argv) {
    struct policy policy;
    char digest[65];
    static const char audit[] = "harden-policy 1\negress audit\nunsupported warn\nend\n";
    bool json = false;
    const char *file = NULL;
    for (int i = 2; i < argc; i++) {
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (strcmp(argv[i], "--policy") == 0 && i + 1 < argc)
            file = argv[++i];
        else
            usage("unknown option");
    }
    if (!json)
        usage("probe needs --json");
    struct policy_error error;
    if (file != NULL)
        load_policy(file, &policy, digest);
    else if (policy_parse(audit, sizeof audit - 1, &policy, &error) != 0)
        return 1;
    return probe_print(&policy);
}

int main(int argc, char **argv) {
    /* Descriptors that the caller leaked would be doors past the policy: a connected socket, the agent's files. */
    if (syscall(SYS_close_range, 3U, ~0U, 0U) != 0)
        for (int fd = 3; fd < 65536; fd++)
            close(fd);
    if (argc >= 2 && strcmp(argv[1], "run") == 0)
        return run(argc, argv);
    if (argc >= 2 && strcmp(argv[1], "probe") == 0)
        return probe(argc, argv);
    if (argc == 2 && strcmp(argv[1], "drain") == 0)
        return output_drain();
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        puts("harden-helper " HARDEN_VERSION);
        return 0;
    }
    usage("what to do? run, probe or --version");
}
