/* Operations gathered for one line: sets, names, times, room, and what must stay a line of its own. */
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "check.h"
#include "secret.h"

static struct batch batch;
static struct json line;

static bool add(const char *op, const char *path, uint32_t image, bool create, uint64_t m) {
    struct batch_operation o = {image, 100, op, path, strlen(path), create, false};
    return batch_takes(path, o.length) && batch_add(&batch, &o, m);
}

static void shows(const char *expected) {
    line.length = 0;
    line.cut = line.overflow = false;
    batch_fields(&batch, &line);
    CHECK(!line.overflow && line.length == strlen(expected) && memcmp(line.text, expected, line.length) == 0,
          "%.*s instead of %s", (int)line.length, line.text, expected);
}

/* However much is added, what was taken fits into a line beside its beginning. */
static void fills(const char *byte, size_t name, bool directories) {
    char path[BATCH_PATH + 1];
    unsigned n = 0;
    batch_clear(&batch);
    for (bool more = true; more && n < 100000; n += more) {
        size_t at = 0;
        path[at++] = '/';
        if (directories) {
            memset(path + at, *byte, BATCH_PATH - name - 12);
            at += BATCH_PATH - name - 12;
            at += (size_t)snprintf(path + at, 12, "%u/", n);
        }
        memset(path + at, *byte, name);
        path[at + name] = '\0';
        more = add("write", path, n & 1, true, UINT64_MAX / 2 * (n > 0));
    }
    line.length = 0;
    line.cut = line.overflow = false;
    batch_fields(&batch, &line);
    CHECK(n == batch.count && n > 0 && !line.overflow, "%u operations, %u in the batch", n, batch.count);
    CHECK(line.length <= batch_size(&batch) && batch_size(&batch) <= JSON_CAPACITY, "%zu of %zu bytes", line.length, batch_size(&batch));
}

void test_batch(void) {
    char path[BATCH_PATH + 2];
    batch_clear(&batch);
    CHECK(add("write", "/ws/a", 1, true, 50), "refused");
    shows(",\"n\":1,\"verdict\":\"allowed\",\"rule\":\"default\",\"sets\":[{\"p\":1,\"pid\":100,\"op\":\"write\",\"dir\":\"/ws/\","
          "\"create\":true}],\"us\":[0],\"names\":[\"a\"]");
    CHECK(add("write", "/ws/\"\x01", 1, true, 60) && add("unlink", "/ws/a", 1, false, 60) && add("write", "/b", 1, true, 75) &&
              add("write", "/ws/a", 2, true, 75) && add("write", "/ws/c", 1, true, 76), "refused");
    shows(",\"n\":6,\"verdict\":\"allowed\",\"rule\":\"default\",\"sets\":[{\"p\":1,\"pid\":100,\"op\":\"write\",\"dir\":\"/ws/\","
          "\"create\":true},{\"p\":1,\"pid\":100,\"op\":\"unlink\",\"dir\":\"/ws/\"},{\"p\":1,\"pid\":100,\"op\":\"write\",\"dir\":\"/\","
          "\"create\":true},{\"p\":2,\"pid\":100,\"op\":\"write\",\"dir\":\"/ws/\",\"create\":true}],\"of\":[0,0,1,2,3,0],"
          "\"us\":[0,10,0,15,0,1],\"names\":[\"a\",\"\\\"\\u0001\",\"a\",\"b\",\"a\",\"c\"]");
    fills("\x01", 255, false);
    fills("\x01", 1, false);
    fills("x", 1, false);
    fills("\x01", 255, true);
    fills("x", 1, true);
    memset(path, 'x', sizeof path);
    path[0] = '/';
    path[BATCH_PATH] = '\0';
    CHECK(batch_takes(path, BATCH_PATH), "the longest path");
    CHECK(!batch_takes(path, BATCH_PATH + 1), "a longer path");
    CHECK(!batch_takes("/", 1) && !batch_takes("", 0) && !batch_takes("pipe:[1]", 8), "no name in a directory");
    secret_add("night/watch");
    CHECK(!batch_takes("/ws/night/watch", 15), "a secret over directory and name");
    CHECK(!batch_takes("/ws/night/watchman", 18) && !batch_takes("/a/night/watch/b", 16), "a secret within");
    CHECK(batch_takes("/ws/night/wat", 13) && batch_takes("/night/a/watch", 14), "no secret");
}
